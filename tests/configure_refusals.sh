#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: whether configure refuses to guess where zebra looks for modules, whichever way it learned of FRR.
#
# The headers of this build are offered again, without the module directory: as a package (frr.pc) and, where they are
# a source tree, as that. A guess would install a module that zebra does not find.

set -eu
top=$(cd "${srcdir:-.}" && pwd)
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

if [ ! -x "$top/configure" ]; then
	echo "there is no configure in $top; autoreconf -i makes it"
	exit 77
fi
if [ -e "$top/config.status" ]; then
	echo "the build is in the source tree, where configure runs only once"
	exit 77
fi

# What the build's configure found out of the compiler is not asked again.
sed -n -e '/^ac_cv_env_/d' -e '/^a[cm]_cv_/p' config.log >"$new/cache" 2>/dev/null || true

# refuses TEXT ARGUMENT ...: configure with the arguments ends with this one error.
refuses()
{
	text=$1
	shift
	mkdir -p "$new/build"
	if (cd "$new/build" && "$top/configure" --quiet --cache-file="$new/cache" "$@") >"$new/said" 2>&1; then
		echo "configure $*: expected to be refused: $text"
		exit 1
	fi
	if ! grep -qx "configure: error: $text" "$new/said"; then
		echo "configure $*: expected: $text; got:"
		cat "$new/said"
		exit 1
	fi
}

cat >"$new/frr.pc" <<END
Name: frr
Description: FRR without its module directory
Version: 1.0
Cflags: $FRR_CPPFLAGS
END
PKG_CONFIG_PATH=$new${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
refuses 'frr.pc does not say where zebra looks for modules: give --with-moduledir=DIR'

case $FRR_CONFIGURE in
--with-frr-source=*) source=${FRR_CONFIGURE#--with-frr-source=} ;;
*) exit 0 ;;
esac
mkdir -p "$new/frr/lib"
ln -s "$source"/* "$new/frr/" 2>/dev/null || true
ln -s "$source"/lib/* "$new/frr/lib/"
rm -f "$new/frr/config.h" "$new/frr/lib/config_paths.h"
grep -v 'define MODULE_PATH' "$source/config.h" >"$new/frr/config.h"
refuses "$new/frr does not say where zebra looks for modules: give --with-moduledir=DIR" --with-frr-source="$new/frr"
