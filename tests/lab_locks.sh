#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: the locks that all labs of a machine share are where only root can
# write, so that no other user can make the lab open or create another file.
#
# As root, as the lab; `./lab test lab` runs it in a guest.

set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "must run as root"; exit 77; }
TOP=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$TOP/lab.d/common.sh"
. "$TOP/lab.d/guest.sh"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
MACHINE_LOCKS=$here/locks
failed=0

wrong()
{
	echo "wrong: $*"
	failed=1
}

# Whether the lab takes the directory; it says why where it does not.
accepted()
{
	(machine_locks) >"$here/said" 2>&1 || { grep -q "$MACHINE_LOCKS" "$here/said" || wrong "no word of the directory"; return 1; }
}

accepted || wrong "a directory that is not there yet"
[ "$(stat -c %F:%u:%a "$MACHINE_LOCKS")" = directory:0:700 ] || wrong "it is not root's alone"
accepted || wrong "the one that it has made"

# Two guests get two CPUs, where there are two.
(
	guest_cpu
	taken=$CPU
	[ -f "$MACHINE_LOCKS/cpu$CPU" ]
	(
		guest_cpu
		[ "$CPU" != "$taken" ] || [ "$(nproc)" = 1 ]
	)
) || wrong "two guests on one CPU"

rm -rf "$MACHINE_LOCKS"
mkdir -m 1777 "$MACHINE_LOCKS"
! accepted || wrong "a directory in which anybody can write"

rm -rf "$MACHINE_LOCKS"
mkdir -m 700 "$MACHINE_LOCKS"
chown 65534 "$MACHINE_LOCKS"
! accepted || wrong "another user's directory"

rm -rf "$MACHINE_LOCKS"
mkdir -m 700 "$here/elsewhere"
ln -s "$here/elsewhere" "$MACHINE_LOCKS"
! accepted || wrong "a symbolic link"

rm -f "$MACHINE_LOCKS"
: >"$MACHINE_LOCKS"
! accepted || wrong "a file"

# Nothing else of the lab's opens files in directories that are everybody's; a guest's own are nobody else's.
! grep -nE '(/run|/var)/lock|/dev/shm|[ "=]/tmp/' "$TOP/lab" "$TOP"/lab.d/*.sh || wrong "see above"

exit "$failed"
