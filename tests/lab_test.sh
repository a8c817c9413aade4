#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: "lab test": which releases and tests it takes, in which order, what it says meanwhile and in the end; which
# root is good for what; and what "lab shell" and "lab demo" print. Nothing is built and no guest is booted: what would do
# so is replaced by functions of this script.
#
# As root, as the lab; `./lab test lab` runs it in a guest.

set -euo pipefail
TOP=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
export VRFLEAK_CACHE
VRFLEAK_CACHE=$(mktemp -d)
trap 'rm -rf "$VRFLEAK_CACHE"' EXIT
for part in common releases host root kernel module sanitize fuzz package guest install run unit scenario test; do
	# shellcheck source=/dev/null
	. "$TOP/lab.d/$part.sh"
done
SANITIZE='' failed=0 VRFLEAK_JOBS=2

wrong()
{
	echo "wrong: $*"
	failed=1
}

# expect WHAT SEEN EXPECTED
expect()
{
	[ "$2" = "$3" ] || wrong "$1: '$2' is not '$3'"
}

# The command line.
refused()
{
	! "$TOP/lab" "$@" >"$CACHE/said" 2>&1 || wrong "'lab $*' is accepted"
	[ "$(wc -l <"$CACHE/said")" = 1 ] || wrong "'lab $*' says more than one line"
}
refused --frr 8.4 test --all
refused test --al
refused test one two
refused package --nothing

# What a plan has, and its order.
plan()
{
	local TASKS=() SECONDS_ALL=0 ONCE_ON
	declare -A SECONDS_OF=()
	test_plan "$@"
	printf '%s\n' "${TASKS[@]}"
}

expect "one release" "$(plan '' 10.3 | cut -d: -f1 | sort -u)" 10.3
expect "all releases" "$(plan '' 8.4 10.3 10.7 | cut -d: -f1 | sort -Vu | xargs)" "8.4 10.3 10.7"
expect "the default release is prepared first, what others wait for before the rest" \
	"$(plan '' 8.4 10.3 10.7 | grep prepare- | xargs)" \
	"10.3:prepare-plain 8.4:prepare-plain 10.7:prepare-plain 10.3:prepare-sanitized 10.3:prepare-fuzz 10.3:prepare-package"
expect "a name that is for the default release only" "$(plan lab 8.4 10.3 10.7 | grep -v prepare)" 10.3:lab
expect "of the installation only the first part, unasked" "$(plan '' 8.4 10.3 | grep :install- | xargs)" 10.3:install-packages
expect "the installation, asked for" "$(plan install 8.4 | grep -c :install-)" 4
printf '%s\n' "10.3:vrfleak_fan 300" "8.4:vrfleak_mesh 200" >"$CACHE/scenario-seconds"
expect "the longest come first" "$(plan '' 8.4 10.3 | grep -v prepare | head -n 2 | xargs)" "10.3:vrfleak_fan 8.4:vrfleak_mesh"
[ "$(plan '' 10.7 | grep -c vrfleak_)" -gt 20 ] || wrong "test scenarios are missing"
scenario_read_seconds
expect "seconds of a scenario that never ran" "$(scenario_seconds 10.7:nothing-known)" 30
expect "seconds on another release" "$(scenario_seconds 10.7:vrfleak_fan) $(scenario_seconds 10.3:vrfleak_fan)" "30 300"

# What knows nothing of FRR runs once.
in_root()
{
	echo tests/check_tag tests/lint_architecture.sh tests/yang_model.sh
}
units()
{
	local ONCE_ON=10.3
	release_set "$1"
	unit_list "$2" | xargs
}
expect "unit tests" "$(units 10.3 '')" "tests/check_tag tests/lint_architecture.sh tests/yang_model.sh"
expect "unit tests of another release" "$(units 8.4 '')" "tests/check_tag tests/yang_model.sh"
expect "unit tests by name" "$(units 8.4 yang)" tests/yang_model.sh

# A run: what it says meanwhile, and its last line. 8.4 cannot be prepared.
test_prepare()
{
	[ "$1" != 8.4 ] || exit 1
	mkdir -p "$TEST_DIR/$1"
	echo 'GUEST_ROOT=/nowhere' >"$TEST_DIR/$1/prepared-$2"
}
scenario_run()
{
	release_set "$1"
	case $2 in
	vrfleak_mesh) exit 1 ;;
	vrfleak_fan) tally "$2" 3 0 1 7 ;;
	*) tally "$2" 2 0 0 5 ;;
	esac
}
run()
{
	local rc=0
	(command_test "$@") >"$CACHE/out" 2>"$CACHE/said" || rc=$?
	echo "$rc $(tail -n 1 "$CACHE/out")"
}
expect "a run" "$(run vrfleak_fan 10.3)" "0 3 passed, 0 failed, 1 skipped"
expect "what it says" "$(tail -n 1 "$CACHE/said")" "lab: [1 of 1] FRR 10.3: vrfleak_fan: 3 passed, 0 failed, 1 skipped in 7 s"
expect "it remembers the seconds" "$(grep fan "$CACHE/scenario-seconds")" "10.3:vrfleak_fan 7"
expect "a scenario that leaves nothing" "$(run vrfleak_m 10.3)" "1 2 passed, 1 failed, 0 skipped"
expect "a release that cannot be prepared" "$(run vrfleak_fan 8.4 10.3)" "1 3 passed, 1 failed, 1 skipped"
grep -q '^8.4:prepare-plain .* 1 ' "$CACHE/out" || wrong "the failure has no row"
run '' 10.3 >/dev/null
grep -Eq '^lab: \[1 of [0-9]+, [0-9]+ (s|min) left\] ' "$CACHE/said" || wrong "no time left is said"
expect "an unknown name" "$(run nonsense 10.3)" "1 "
expect "minutes" "$(minutes 99) $(minutes 100) $(minutes 3590)" "99 s 2 min 60 min"

# Reports.
ROOT=/
expect "JUnit" "$(report_add_up <<-'END' | sed -n 1p
	<testsuite><testcase classname="c" name="a"/><testcase classname="c" name="b"><skipped message="why"/></testcase>
	<testcase classname="c" name="a"><error message="at the end"/></testcase></testsuite>
	END
)" "0 1 1"
expect "Check" "$(report_add_up <<-'END' | xargs
	<testsuites xmlns="http://check.sourceforge.net/ns"><suite><title>t</title>
	<test result="success"><fn>f.c:1</fn><id>a</id><iteration>0</iteration><message>Passed</message></test>
	<test result="success"><fn>f.c:1</fn><id>a</id><iteration>1</iteration><message>Passed</message></test>
	<test result="error"><fn>f.c:2</fn><id>b</id><iteration>0</iteration><message>signal 11</message></test>
	</suite></testsuites>
	END
)" "2 1 0 FAILED b[0]: f.c:2: signal 11"
! report_add_up <<<'<testsuite>' 2>/dev/null || wrong "half a report is accepted"
! report_add_up <<<'<testsuite/>' 2>/dev/null || wrong "an empty report is accepted"

# Roots. make_root KIND DIR: what root_good looks at.
make_root()
{
	local file
	for file in usr/lib/frr/zebra usr/bin/vtysh usr/bin/gcc usr/bin/autoreconf usr/bin/pytest-3 opt/frr-grpc/grpc.so; do
		mkdir -p "$2/$(dirname "$file")"
		echo '#!/bin/true' >"$2/$file"
		chmod 755 "$2/$file"
	done
	mkdir -p "$2/opt/frr-src/frr-1/tests/topotests" "$2/opt/frr-src/frr-1/lib"
	echo x | tee "$2/opt/frr-src/frr-1/configure.ac" >"$2/opt/frr-src/frr-1/lib/route_types.h"
	root_recipe "$1" >"$2/$ROOT_STAMP"
}
good()
{
	root_good "$1" "${2:-$ROOT}" && echo yes || echo no
}
release_set 10.3
expect "no root" "$(good small)" no
make_root small "$ROOT"
expect "a small root" "$(good small) $(good full)" "yes no"
rm "$ROOT/usr/bin/gcc"
expect "a broken root" "$(good small)" no
make_root full "$ROOT"
expect "a full root" "$(good small) $(good full)" "yes yes"
echo old >"$ROOT/$ROOT_STAMP"
expect "a root by another recipe" "$(good small)" no

# The root of another worktree.
elsewhere=$CACHE/other
git()
{
	printf 'worktree %s\nHEAD 0\n\n' "$CACHE/nothing" "$elsewhere"
}
make_root full "$elsewhere/.cache/10.3/root"
expect "another worktree's root" "$(root_adopt full "$CACHE/new")" "$elsewhere"
expect "it is whole" "$(good full "$CACHE/new")" yes
rm -rf "$CACHE/new" "$elsewhere/.cache/10.3/root/usr/bin/gcc"
expect "another worktree's broken root" "$(root_adopt full "$CACHE/new")" ''
[ ! -e "$CACHE/new" ] || wrong "a broken root is taken"

# The shell's banner has the log, and the commands of the README's table; the demonstration prints no output without its
# command.
commands=$(sed -n '/^## Five commands/,/^## /s/^| `\([^`]*\)`.*/\1/p' "$TOP/README.md" |
	sed -e 's/ \[vrf NAME\]//' -e 's/ vrf NAME.*//')
expect "the README's commands" "$(wc -l <<<"$commands")" 5
while IFS= read -r command; do
	grep -qE "^  $command( |$)" "$TOP/lab.d/shell" || wrong "the shell's banner lacks: $command"
done <<<"$commands"
grep -qF /var/log/frr/frr.log "$TOP/lab.d/shell" || wrong "the shell's banner does not name the log"
expect "output without its command" "$(grep -E '^[[:space:]]+vtysh -c' "$TOP/lab.d/demo" | grep -v '|')" ''

exit "$failed"
