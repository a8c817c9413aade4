# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: finding FRR, and where things go.
#
# FRR promises no ABI: structures differ between versions and between builds
# of one version. So the headers must be those of the FRR that will load the
# module, and come from one of two places:
#
#   --with-frr-source=DIR   DIR is FRR's source, of the installed version, on
#                           which FRR's own ./configure has been run with the
#                           arguments that `zebra --version` prints, and then
#                           `make lib/route_types.h`
#   frr.pc                  what a package such as Debian's frr-dev installs
#                           (from FRR 10.7 on)
#
# The version is recorded as VRFLEAK_FRR_VERSION, exactly as the daemons say
# it, and the module refuses to load into any other.

# VRFLEAK_FRR
# -----------
# Sets and substitutes VRFLEAK_FRR_CPPFLAGS, VRFLEAK_FRR_VERSION and
# VRFLEAK_FRR_LIBS (libfrr, for the unit tests).
AC_DEFUN([VRFLEAK_FRR], [
AC_ARG_WITH([frr-source],
	[AS_HELP_STRING([--with-frr-source=DIR],
		[configured FRR source tree of the installed version
		 @<:@default: what pkg-config says of frr@:>@])],
	[], [with_frr_source=])
PKG_CHECK_MODULES([LIBYANG], [libyang >= 2.0], [],
	[AC_MSG_ERROR([FRR's headers need libyang's (Debian: libyang2-dev or libyang-dev)])])

AS_CASE([$with_frr_source],
	[yes], [AC_MSG_ERROR([--with-frr-source needs a directory: --with-frr-source=DIR])],
	[""|no], [_VRFLEAK_FRR_PC],
	[_VRFLEAK_FRR_SOURCE])
_VRFLEAK_FRR_CHECK

AC_SUBST([VRFLEAK_FRR_CPPFLAGS])
AC_SUBST([VRFLEAK_FRR_VERSION])
AC_SUBST([VRFLEAK_FRR_LIBS])
# For distcheck, which configures once more.
AC_SUBST([VRFLEAK_FRR_CONFIGURE])
])

# _VRFLEAK_FRR_SOURCE
# -------------------
# FRR's directories are system directories to the compiler: what it would
# warn of in there is not ours to mend.
AC_DEFUN([_VRFLEAK_FRR_SOURCE], [
vrfleak_frr=`cd "$with_frr_source" 2>/dev/null && pwd`
AS_IF([test ! -f "$vrfleak_frr/lib/zebra.h"],
	[AC_MSG_ERROR([$with_frr_source is not a source tree of FRR: it has no lib/zebra.h])])
AS_IF([test ! -f "$vrfleak_frr/config.h" || test ! -f "$vrfleak_frr/lib/version.h"],
	[AC_MSG_ERROR([$vrfleak_frr is not configured: run FRR's ./configure there, with the arguments that 'zebra --version' prints])])
AS_IF([test ! -f "$vrfleak_frr/lib/route_types.h"],
	[AC_MSG_ERROR([$vrfleak_frr lacks a generated header: run 'make lib/route_types.h' there])])

vrfleak_frr_from=$vrfleak_frr
VRFLEAK_FRR_CONFIGURE="--with-frr-source=$vrfleak_frr"
VRFLEAK_FRR_CPPFLAGS="-DHAVE_CONFIG_H"
for vrfleak_dir in lib/assert . include lib; do
	AS_IF([test -d "$vrfleak_frr/$vrfleak_dir"],
		[VRFLEAK_FRR_CPPFLAGS="$VRFLEAK_FRR_CPPFLAGS -isystem $vrfleak_frr/$vrfleak_dir"])
done

vrfleak_makevar() {
	$SED -n "s|^$[1] = \(/.*\)|\1|p" "$vrfleak_frr/Makefile" 2>/dev/null
}
vrfleak_frr_libdir=`vrfleak_makevar libdir`
vrfleak_frr_sbindir=`vrfleak_makevar sbindir`

dnl What libfrr is compiled with. FRR 10 has these in a header of their own.
vrfleak_path() {
	cat "$vrfleak_frr/lib/config_paths.h" "$vrfleak_frr/config.h" 2>/dev/null |
		$SED -n "s|^.define $[1][[ 	]]*\"\(/.*\)\"|\1|p" | $SED 1q
}
vrfleak_frr_moduledir=`vrfleak_path MODULE_PATH`
vrfleak_frr_yangdir=`vrfleak_path YANG_MODELS_PATH`
vrfleak_frr_vtysh=`vrfleak_path VTYSH_BIN_PATH`

# FRR_VERSION is several literals in a row; the preprocessor knows which.
VRFLEAK_FRR_VERSION=`printf '#include "lib/version.h"\nvrfleak FRR_VERSION\n' |
	$CC -E -P $CPPFLAGS -I"$vrfleak_frr" - 2>/dev/null |
	$SED -n 's/^vrfleak//p' | tr -d '" '`
])

# _VRFLEAK_FRR_PC
# ---------------
# A package of headers has no config.h: what changes the layout of structures
# on Linux is said here instead.
AC_DEFUN([_VRFLEAK_FRR_PC], [
PKG_CHECK_EXISTS([frr], [],
	[AC_MSG_ERROR([FRR's headers were not found. Give --with-frr-source=DIR, where DIR is the source of the installed FRR (Debian: apt-get source frr), configured with the arguments that 'zebra --version' prints; or install a package that has frr.pc (frr-dev, from FRR 10.7 on)])])
vrfleak_frr_from="frr.pc"
VRFLEAK_FRR_CPPFLAGS="-UHAVE_CONFIG_H `$PKG_CONFIG --cflags frr | $SED 's/-I */-isystem /g'`"
for vrfleak_define in HAVE_NETLINK HAVE_NETNS HAVE_SCRIPTING HAVE_BFDD \
	GNU_LINUX _GNU_SOURCE; do
	VRFLEAK_FRR_CPPFLAGS="$VRFLEAK_FRR_CPPFLAGS -D$vrfleak_define=1"
done
VRFLEAK_FRR_VERSION=`$PKG_CONFIG --modversion frr`
vrfleak_frr_libdir=`$PKG_CONFIG --variable=libdir frr`
vrfleak_frr_sbindir=`$PKG_CONFIG --variable=sbindir frr`
vrfleak_frr_moduledir=`$PKG_CONFIG --variable=moduledir frr`
vrfleak_frr_yangdir=`$PKG_CONFIG --variable=yangmodelsdir frr`
vrfleak_frr_vtysh=
])

# _VRFLEAK_FRR_CHECK
# ------------------
# The headers compile, the version is known; the daemon, if it is installed,
# says the same.
AC_DEFUN([_VRFLEAK_FRR_CHECK], [
AC_MSG_CHECKING([for the version of FRR])
AS_IF([test -z "$VRFLEAK_FRR_VERSION"],
	[AC_MSG_RESULT([unknown])
	 AC_MSG_ERROR([$vrfleak_frr_from does not say which version it is])])
AC_MSG_RESULT([$VRFLEAK_FRR_VERSION])

AC_MSG_CHECKING([whether FRR's headers compile])
_VRFLEAK_WITH_FRR_FLAGS([
AC_COMPILE_IFELSE([AC_LANG_PROGRAM(_VRFLEAK_FRR_HEADERS, [[return 0;]])],
	[AC_MSG_RESULT([yes])],
	[AC_MSG_RESULT([no])
	 AC_MSG_ERROR([FRR's headers do not compile; config.log says why. Most often a library's headers are missing (Debian: apt-get build-dep frr)])])
])

AC_MSG_CHECKING([for the installed zebra's version])
AS_IF([test -z "$vrfleak_frr_sbindir"], [vrfleak_frr_sbindir=/usr/lib/frr])
vrfleak_installed=`"$vrfleak_frr_sbindir/zebra" --version 2>/dev/null |
	$SED -n '1s/^zebra version //p'`
AS_IF([test -z "$vrfleak_installed"], [AC_MSG_RESULT([not installed])],
	[AC_MSG_RESULT([$vrfleak_installed])
	 AS_IF([test "$vrfleak_installed" != "$VRFLEAK_FRR_VERSION"],
		[AC_MSG_WARN([the installed zebra is $vrfleak_installed, the headers are of $VRFLEAK_FRR_VERSION: the module will refuse to load there])])])

dnl By -l: and not by its path, which libtool would put before the archives.
AC_MSG_CHECKING([for libfrr])
VRFLEAK_FRR_LIBS=
for vrfleak_dir in "$vrfleak_frr_libdir" "$vrfleak_frr_libdir/frr" \
	"$vrfleak_frr_moduledir/.." /usr/lib/frr /usr/lib; do
	AS_IF([test -z "$VRFLEAK_FRR_LIBS" && test -f "$vrfleak_dir/libfrr.so.0"],
		[VRFLEAK_FRR_LIBS="-L$vrfleak_dir -Wl,-rpath,$vrfleak_dir -l:libfrr.so.0"])
done
AS_IF([test -n "$VRFLEAK_FRR_LIBS"], [AC_MSG_RESULT([$VRFLEAK_FRR_LIBS])],
	[AC_MSG_RESULT([no])
	 AC_MSG_WARN([no libfrr.so.0 in $vrfleak_frr_libdir: the unit tests will not link; set VRFLEAK_FRR_LIBS on make's line to link them])])
])

# VRFLEAK_FRR_DIRS
# ----------------
# Zebra looks for modules and models in the two places it was built with. They
# are the default, unless the user's own --prefix says otherwise.
AC_DEFUN([VRFLEAK_FRR_DIRS], [
AC_ARG_WITH([moduledir],
	[AS_HELP_STRING([--with-moduledir=DIR],
		[where zebra looks for modules @<:@FRR's own directory@:>@])],
	[moduledir=$withval], [moduledir=])
AC_ARG_WITH([yangdir],
	[AS_HELP_STRING([--with-yangdir=DIR],
		[where FRR looks for YANG models @<:@FRR's own directory@:>@])],
	[yangdir=$withval], [yangdir=])
AC_ARG_WITH([vtysh],
	[AS_HELP_STRING([--with-vtysh=FILE],
		[the vtysh that the wrapper stands in for @<:@FRR's own@:>@])],
	[VTYSH=$withval], [VTYSH=$vrfleak_frr_vtysh])
AS_IF([test -z "$VTYSH"], [VTYSH=/usr/bin/vtysh])
AS_IF([test -z "$moduledir$vrfleak_frr_moduledir"],
	[AC_MSG_ERROR([$vrfleak_frr_from does not say where zebra looks for modules: give --with-moduledir=DIR])])
AS_IF([test -z "$vrfleak_frr_yangdir"], [vrfleak_frr_yangdir=/usr/share/yang])

vrfleak_dirs_note=
vrfleak_own_prefix=no
AS_IF([test "$prefix" = NONE],
	[prefix=$ac_default_prefix
	 vrfleak_dirs_note="no --prefix was given: the prefix is /usr, and modules and models go where FRR $VRFLEAK_FRR_VERSION looks for them"],
	[test "$prefix" != /usr],
	[vrfleak_own_prefix=yes
	 vrfleak_dirs_note="--prefix=$prefix was given: zebra itself looks in $vrfleak_frr_moduledir; tell it with 'zebra --moduledir $prefix/lib/frr/modules', or give --with-moduledir=$vrfleak_frr_moduledir here"])
AS_IF([test -z "$moduledir"],
	[AS_IF([test "$vrfleak_own_prefix" = yes],
		[moduledir='${libdir}/frr/modules'],
		[moduledir=$vrfleak_frr_moduledir])],
	[vrfleak_dirs_note=])
AS_IF([test -z "$yangdir"],
	[AS_IF([test "$vrfleak_own_prefix" = yes], [yangdir='${datadir}/yang'],
		[yangdir=$vrfleak_frr_yangdir])])
AC_SUBST([moduledir])
AC_SUBST([yangdir])
AC_SUBST([VTYSH])
])

# VRFLEAK_FLAGS
# -------------
# How the code is compiled: FRR's warnings and then some; sanitizers and
# coverage and an engine for the fuzz targets on request.
AC_DEFUN([VRFLEAK_FLAGS], [
AC_ARG_ENABLE([werror],
	[AS_HELP_STRING([--enable-werror], [treat warnings as errors])],
	[], [enable_werror=no])
AC_ARG_ENABLE([sanitizers],
	[AS_HELP_STRING([--enable-sanitizers],
		[check addresses and undefined behaviour at run time, in the
		 unit tests and in the module (zebra then has to be started
		 with LD_PRELOAD=libasan.so)])],
	[], [enable_sanitizers=no])
AC_ARG_ENABLE([coverage],
	[AS_HELP_STRING([--enable-coverage],
		[count which lines the unit tests reach; 'make coverage'])],
	[], [enable_coverage=no])
AC_ARG_ENABLE([fuzzer],
	[AS_HELP_STRING([--enable-fuzzer@<:@=ENGINE@:>@],
		[build the fuzz targets (tests/fuzz_*) for a fuzzer: ENGINE is
		 what they are linked with, -fsanitize=fuzzer if not given;
		 give CC=clang, too])],
	[], [enable_fuzzer=no])

VRFLEAK_CFLAGS="-std=gnu11 -fms-extensions -fno-omit-frame-pointer"
VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Wall -Wextra -Wno-unused-parameter"
VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Wno-missing-field-initializers"
VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Wstrict-prototypes -Wmissing-prototypes"
VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Wmissing-declarations -Wpointer-arith"
VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Wbad-function-cast -Wwrite-strings -Wundef"
AS_IF([test "$enable_werror" != no],
	[VRFLEAK_CFLAGS="$VRFLEAK_CFLAGS -Werror"])

# In a module, undefined behaviour raises a signal, which the address sanitizer
# reports: of two sanitizer libraries, only one can set where reports go. The
# last two flags keep the checks separate, so that a report has the right line.
VRFLEAK_SAN_FLAGS=
VRFLEAK_SAN_MODULE_FLAGS=
AS_IF([test "$enable_sanitizers" != no],
	[VRFLEAK_SAN_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
	 VRFLEAK_SAN_MODULE_FLAGS="-fsanitize=address,undefined -fsanitize-undefined-trap-on-error"
	 VRFLEAK_SAN_MODULE_FLAGS="$VRFLEAK_SAN_MODULE_FLAGS -fno-crossjumping -fno-tree-tail-merge"])
VRFLEAK_COV_FLAGS=
AS_IF([test "$enable_coverage" != no],
	[VRFLEAK_COV_FLAGS="--coverage -O0"])
VRFLEAK_FUZZ_FLAGS=
VRFLEAK_FUZZ_ENGINE=
AS_IF([test "$enable_fuzzer" != no],
	[VRFLEAK_FUZZ_FLAGS="-fsanitize=fuzzer-no-link"
	 VRFLEAK_FUZZ_ENGINE=$enable_fuzzer
	 AS_IF([test "$enable_fuzzer" = yes], [VRFLEAK_FUZZ_ENGINE="-fsanitize=fuzzer"])
	 AC_MSG_CHECKING([whether $CC builds for a fuzzer])
	 vrfleak_save_CFLAGS=$CFLAGS
	 CFLAGS="$CFLAGS $VRFLEAK_FUZZ_FLAGS"
	 AC_COMPILE_IFELSE([AC_LANG_PROGRAM()], [AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		 AC_MSG_ERROR([$CC does not know $VRFLEAK_FUZZ_FLAGS: give CC=clang to --enable-fuzzer])])
	 CFLAGS=$vrfleak_save_CFLAGS])
AM_CONDITIONAL([FUZZER], [test "$enable_fuzzer" != no])
AM_CONDITIONAL([COVERAGE], [test "$enable_coverage" != no])
AC_SUBST([VRFLEAK_CFLAGS])
AC_SUBST([VRFLEAK_SAN_FLAGS])
AC_SUBST([VRFLEAK_SAN_MODULE_FLAGS])
AC_SUBST([VRFLEAK_COV_FLAGS])
AC_SUBST([VRFLEAK_FUZZ_FLAGS])
AC_SUBST([VRFLEAK_FUZZ_ENGINE])
])
