#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: which file may include what, and how large it may grow.
#
#	lint_architecture.sh [SRCDIR]
#
# The rules are the calls at the end, one line each. A broken rule is a line
# "FILE:LINE: what; why" on stdout, and the status is 1. What is judged is
# SRCDIR/zebra_vrfleak (as `make check` sets srcdir, if there is no argument).
#
# There are no exceptions by file: where a rule is wrong, change the rule.
# Refuses a folder without sources, so that it cannot pass by seeing nothing.

set -u
cd "${1:-${srcdir:-.}}/zebra_vrfleak" || exit 1
broken=0

complain()
{
	echo "zebra_vrfleak/$1"
	broken=$((broken + 1))
}

# includes FILE: "LINE HEADER" of each #include.
includes()
{
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<"][^>"]*[>"]\).*/\1/;T;=;p' "$1" |
		paste -d ' ' - -
}

# matches WORD REGEX: whether the extended regex matches all of it.
matches()
{
	printf '%s\n' "$1" | grep -Eqx -- "$2"
}

# only HEADERS FILES REASON: nobody but FILES includes HEADERS (regexes).
only()
{
	for file in *.[ch]; do
		! matches "$file" "$2" || continue
		includes "$file" | while read -r line header; do
			! matches "$header" "$1" || echo "$line $header"
		done >"$scratch"
		while read -r line header; do
			complain "$file:$line: includes $header; $3"
		done <"$scratch"
	done
}

# nothing_but HEADERS FILES REASON: FILES include nothing but HEADERS.
nothing_but()
{
	for file in *.[ch]; do
		matches "$file" "$2" || continue
		includes "$file" | while read -r line header; do
			matches "$header" "$1" || echo "$line $header"
		done >"$scratch"
		while read -r line header; do
			complain "$file:$line: includes $header; $3"
		done <"$scratch"
	done
}

# nowhere_but TEXT FILES REASON: no line outside of FILES matches TEXT.
nowhere_but()
{
	for file in *.[ch]; do
		! matches "$file" "$2" || continue
		grep -En -- "$1" "$file" >"$scratch"
		while IFS=: read -r line text; do
			complain "$file:$line: \"$(echo $text)\"; $3"
		done <"$scratch"
	done
}

# at_most LINES FILES
at_most()
{
	for file in *.[ch]; do
		matches "$file" "$2" || continue
		lines=$(wc -l <"$file")
		[ "$lines" -le "$1" ] ||
			complain "$file:$lines: more than $1 lines; a file is one concept"
	done
}

# Each file says what it is for, and each .c begins with zebra.h.
openings()
{
	for file in *.[ch]; do
		[ "$(sed -n 1p "$file")" = '// SPDX-License-Identifier: GPL-2.0-or-later' ] ||
			complain "$file:1: no licence; the first line is the SPDX line"
		matches "$(sed -n 2,3p "$file" | paste -s -d ' ' -)" '/\* [ ]?\* vrfleak: .*' ||
			complain "$file:2: no opening; say \"vrfleak: what it is for\""
		case $file in
		*.c)
			[ "$(includes "$file" | sed -n '1s/.* //p')" = '<zebra.h>' ] ||
				complain "$file:1: zebra.h is not the first include; FRR's config.h has to come first"
			;;
		esac
	done
}

set -- *.[ch]
if ! [ -e "$1" ]; then
	echo "zebra_vrfleak: no sources here" >&2
	exit 1
fi
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

pure='vrfleak_(af|tag|policy(_diff)?|contest|decide|index|limit|netlink|own|worklist|memory)\.[ch]'

nothing_but '<[a-z/]*\.h>|"(lib/)?(prefix|typesafe|memory|jhash|table)\.h"|"zebra_vrfleak/vrfleak_(af|tag|policy(_diff)?|contest|decide|index|limit|netlink|own|worklist|memory)\.h"' \
	"$pure" 'a pure file links without a daemon'
only '"zebra/debug\.h"' 'vrfleak_debug\.c' \
	'only the debug commands join those of zebra'
only '"zebra/(rib|zebra_.*|redistribute|rt|router.*|connected|interface|z.*)\.h"' \
	'vrfleak_(compat(_.*)?\.[ch]|rib\.c|binding\.c|stale\.c|kernel\.c|link\.c|monitor\.c)' \
	'zebra is reached by vrfleak_rib, vrfleak_binding, vrfleak_stale, vrfleak_kernel, vrfleak_link and vrfleak_monitor'
only '"(lib/)?(northbound.*|yang.*)\.h"' \
	'vrfleak_(nb.*|schema|cli|clear|report|compat)\.[ch]' \
	'the northbound ends at vrfleak_nb'
only '"(lib/)?(thread|event|frrevent)\.h"' 'vrfleak_compat\.h' \
	'its name depends on the version'
nowhere_but '^[[:space:]]*#[[:space:]]*(if|elif)[a-z]*[[:space:]].*VERSION' \
	'vrfleak_compat(_.*)?\.[ch]' 'conditions on a version are for vrfleak_compat'
nowhere_but '^[[:space:]]*#[[:space:]]*(if|elif)[a-z]*[[:space:]].*FRR_VER' \
	'vrfleak_compat(_.*)?\.[ch]' 'conditions on a version are for vrfleak_compat'
nowhere_but '(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|gets)[[:space:]]*\(' '-' \
	'use strlcpy, strlcat or snprintf'
at_most 400 '.*\.c'
at_most 150 '.*\.h'
openings

[ "$broken" = 0 ] || echo "$broken broken rules" >&2
[ "$broken" = 0 ]
