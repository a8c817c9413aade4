#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: whether the lint can fail.
#
# Breaks each rule of lint_architecture.sh in a copy of the sources, one at a
# time, and wants that rule's complaint; a lint that is always content is
# worse than none.

set -u
srcdir=${srcdir:-.}
lint=$srcdir/tests/lint_architecture.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/zebra_vrfleak"
failed=0

fresh()
{
	rm -f "$copy"/zebra_vrfleak/*
	for name in tag.c tag.h rib.c nb.c show.c compat.h; do
		{
			echo '// SPDX-License-Identifier: GPL-2.0-or-later'
			echo '/*'
			echo ' * vrfleak: a file.'
			echo ' */'
			case $name in *.c) echo '#include <zebra.h>' ;; esac
		} >"$copy/zebra_vrfleak/vrfleak_$name"
	done
}

# wants COMPLAINT FILE LINE: LINE at the end of FILE leads to COMPLAINT.
wants()
{
	fresh
	printf '%s\n' "$3" >>"$copy/zebra_vrfleak/vrfleak_$2"
	judge "$1" "$2 with '$3'"
}

judge()
{
	said=$(sh "$lint" "$copy" 2>&1) && status=0 || status=$?
	case $status:$said in
	1:*"$1"*) return ;;
	esac
	echo "$2: wanted '$1', got status $status and: $said"
	failed=1
}

# fine FILE LINE: LINE at the end of FILE is no reason to complain.
fine()
{
	fresh
	printf '%s\n' "$2" >>"$copy/zebra_vrfleak/vrfleak_$1"
	said=$(sh "$lint" "$copy" 2>&1) && return
	echo "$1 with '$2': wanted nothing, got: $said"
	failed=1
}

fine tag.c '#include "zebra_vrfleak/vrfleak_tag.h"'
fine tag.c '#include "lib/typesafe.h"'
fine rib.c '#include "zebra/rib.h"'
fine nb.c '#include "lib/northbound.h"'
fine compat.h '#if FRR_VERNUM > 90000'
fine show.c '/* #include "zebra/rib.h" */'

wants 'a pure file links' tag.c '#include "zebra/rib.h"'
wants 'a pure file links' tag.c '  #  include "lib/vty.h"'
wants 'a pure file links' tag.h '#include "zebra_vrfleak/vrfleak_rib.h"'
wants 'zebra is reached by' show.c '#include "zebra/rib.h"'
wants 'zebra is reached by' nb.c '#include "zebra/zebra_vrf.h"'
wants 'only the debug commands' rib.c '#include "zebra/debug.h"'
wants 'the northbound ends' rib.c '#include "northbound.h"'
wants 'the northbound ends' show.c '#include "lib/yang_wrappers.h"'
wants 'depends on the version' rib.c '#include "lib/thread.h"'
wants 'conditions on a version' rib.c '#if FRR_VERNUM > 90000'
wants 'conditions on a version' rib.c '#ifdef LIBYANG_VERSION_3'
wants 'use strlcpy' show.c '	strcpy(to, from);'
wants '2 broken rules' tag.c '#include "lib/thread.h"'

fresh
sed -i 1d "$copy/zebra_vrfleak/vrfleak_tag.h"
judge 'no licence' 'a file without its first line'
fresh
sed -i 3d "$copy/zebra_vrfleak/vrfleak_tag.h"
judge 'no opening' 'a file without an opening'
fresh
sed -i 's/<zebra.h>/<string.h>/' "$copy/zebra_vrfleak/vrfleak_tag.c"
judge 'zebra.h is not the first' 'a file that begins with string.h'
fresh
yes '' | head -n 400 >>"$copy/zebra_vrfleak/vrfleak_rib.c"
judge 'more than 400 lines' 'a long file'
rm -f "$copy"/zebra_vrfleak/*
judge 'no sources' 'an empty folder'

exit $failed
