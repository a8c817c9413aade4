#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: whether the YANG model is valid, and laid out as yanglint prints it.
# (How it quotes differs between its versions, and is not compared.)
#
# Also that it imports and augments nothing: it is loaded into a running
# daemon, where that would make libyang compile FRR's own models anew.
# Skipped (status 77) where there is no yanglint.

set -u
model=${srcdir:-.}/yang/frr-vrfleak.yang
yanglint=${YANGLINT:-yanglint}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if grep -En '^[[:space:]]*(import|augment|deviation|include)[[:space:]]|type[[:space:]]+leafref' "$model"; then
	echo "$model: depends on another module; see its description"
	exit 1
fi

[ "$yanglint" != : ] && command -v "$yanglint" >/dev/null || exit 77

if ! "$yanglint" -f yang "$model" >"$scratch/printed" 2>"$scratch/said" ||
	[ -s "$scratch/said" ]; then
	cat "$scratch/said"
	exit 1
fi

# The licence above the module and empty lines are ours.
plain()
{
	sed -n '/^module/,$p' "$1" | grep -v '^[[:space:]]*$' |
		sed -e 's/enum "\(.*\)"/enum \1/' -e 's/pattern .*/pattern/'
}
plain "$model" >"$scratch/ours"
plain "$scratch/printed" >"$scratch/theirs"
diff -u --label 'the model' --label 'as yanglint prints it' \
	"$scratch/ours" "$scratch/theirs"
