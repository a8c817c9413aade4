# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# "lab test": prepares the releases, runs their unit tests (unit.sh) and then the test scenarios (scenario.sh), as many at a
# time as there are CPUs, and says how far it is.
#
# The work is cut into tasks, RELEASE:prepare-VARIANT and RELEASE:SCENARIO. A scenario waits for the preparation of its release
# and variant, and starts after it, the longest one first.
#
# Invariants:
# - The last line on stdout is "N passed, N failed, N skipped"; the exit status is 0 only if none failed.
# - A release that cannot be prepared is a failure, and none of its scenarios runs.
# - All output is kept under $CACHE/results/test-DATE (the last ten of them); "latest" points to the newest.
# Refuses: a pattern that no test has in its name.

# tally NAME PASSED FAILED SKIPPED SECONDS: one row of the table, of the release at hand.
tally()
{
	printf '%s:%s %s %s %s %s\n' "${RELEASE_DIR##*/}" "$@" >>"$TEST_DIR/tally"
}

test_new_dir()
{
	results_new test 10
	TEST_DIR=$RESULTS_DIR
	ln -sfn "$(basename "$TEST_DIR")" "$CACHE/results/latest"
	: >"$TEST_DIR/tally"
}

# test_plan PATTERN RELEASE ...: sets TASKS, in the order in which they should begin, and SECONDS_OF the scenarios.
test_plan()
{
	local pattern=$1 release task names scenarios
	shift
	scenario_read_seconds
	scenarios=$(scenario_list "$pattern" "$@")
	ONCE_ON=$1
	[[ " $* " != *" $FRR_DEFAULT "* ]] || ONCE_ON=$FRR_DEFAULT
	for release in "$ONCE_ON" "${@/#$ONCE_ON/}"; do
		[ "$release" ] || continue
		[ "$SANITIZE" ] || TASKS+=("$release:prepare-plain")
	done
	for release; do
		names=$(grep "^$release:" <<<"$scenarios" || true)
		if [[ $names == *-sanitized* ]] || { [[ make-check-sanitized == *"$pattern"* ]] &&
			scenario_elsewhere "$release" make-check-sanitized; }; then
			TASKS+=("$release:prepare-sanitized")
		fi
		[[ $names != *:fuzz-* ]] || TASKS+=("$release:prepare-fuzz")
		[[ $names != *:install-* ]] || TASKS+=("$release:prepare-package")
	done
	for task in $scenarios; do
		TASKS+=("$task")
		SECONDS_OF[$task]=$(($(scenario_seconds "$task") + 1))
		SECONDS_ALL=$((SECONDS_ALL + SECONDS_OF[$task]))
	done
}

# test_ready TASK: whether what the task builds on is there.
test_ready()
{
	local release=${1%%:*} name=${1#*:} variant=plain
	case $name in
	prepare-plain) return 0 ;;
	prepare-*) [ "$SANITIZE" ] && return 0 ;;
	*) variant=$(scenario_variant "$name") ;;
	esac
	[ -e "$TEST_DIR/$release/prepared-$variant" ]
}

# test_next: takes the next task that is ready out of TASKS, and sets TASK; fails where there is none.
test_next()
{
	local i
	for i in "${!TASKS[@]}"; do
		if test_ready "${TASKS[i]}"; then
			TASK=${TASKS[i]}
			unset "TASKS[i]"
			return 0
		fi
	done
	return 1
}

# test_prepare RELEASE VARIANT PATTERN: what the tests of a release need that run with that build of the module; runs its unit
# tests.
test_prepare()
{
	local KERNEL_DIR='' GUEST_ROOT='' PACKAGES_MADE=''
	# Nothing else runs while the only release is prepared.
	[[ $2 = plain && -z $MANY ]] || STEP_OF="FRR $1"
	release_set "$1"
	module_variant "$2"
	case $2 in
	fuzz) fuzz_prepare ;;
	package) install_prepare ;;
	*) prepare full ;;
	esac
	case $2 in
	plain) unit_run "$3" '' ;;
	sanitized) [[ make-check-sanitized != *"$3"* ]] || unit_run tests/check_ -sanitized ;;
	esac
	mkdir -p "$TEST_DIR/$1"
	declare -p KERNEL_DIR GUEST_ROOT PACKAGES_MADE >"$TEST_DIR/$1/prepared-$2.tmp"
	mv "$TEST_DIR/$1/prepared-$2.tmp" "$TEST_DIR/$1/prepared-$2"
}

# test_task TASK PATTERN: the work of one task.
test_task()
{
	local release=${1%%:*} name=${1#*:}
	case $name in
	prepare-*) test_prepare "$release" "${name#prepare-}" "$2" ;;
	*) scenario_run "$release" "$name" ;;
	esac
}

# test_done TASK: what follows when a task has ended.
test_done()
{
	local release=${1%%:*} name=${1#*:} i row
	case $name in
	prepare-*)
		if [ -e "$TEST_DIR/$release/prepared-${name#prepare-}" ]; then
			# The process that prepared it held the tree; from now on this one does.
			# shellcheck source=/dev/null
			module_use "$(. "$TEST_DIR/$release/prepared-${name#prepare-}" && echo "$GUEST_ROOT")" || true
			return
		fi
		echo "$1 0 1 0 -" >>"$TEST_DIR/tally"
		for i in "${!TASKS[@]}"; do
			case ${TASKS[i]} in
			"$release":prepare-*) [ "$name" != prepare-plain ] || unset "TASKS[i]" ;;
			"$release":*) [ "$(scenario_variant "${TASKS[i]#*:}")" != "${name#prepare-}" ] || unset "TASKS[i]" ;;
			esac
		done
		;;
	*)
		grep -q "^$1 " "$TEST_DIR/tally" || echo "$1 0 1 0 -" >>"$TEST_DIR/tally"
		row=$(grep "^$1 " "$TEST_DIR/tally")
		DONE=$((DONE + 1))
		SECONDS_DONE=$((SECONDS_DONE + SECONDS_OF[$1]))
		# shellcheck disable=SC2086
		test_progress $row
		;;
	esac
}

# minutes SECONDS: prints them as a person says them.
minutes()
{
	if (($1 < 100)); then
		echo "$1 s"
	else
		echo "$((($1 + 30) / 60)) min"
	fi
}

# test_progress TASK PASSED FAILED SKIPPED SECONDS: says how a scenario went, how many are done, and how long the rest will
# take if it goes on as it did so far.
test_progress()
{
	local left='' took=''
	((SECONDS_DONE == SECONDS_ALL)) ||
		left=", $(minutes $(((SECONDS - BEGUN) * (SECONDS_ALL - SECONDS_DONE) / SECONDS_DONE))) left"
	[ "$5" = - ] || took=" in $5 s"
	say "[$DONE of ${#SECONDS_OF[@]}$left] FRR ${1%%:*}: ${1#*:}: $2 passed, $3 failed, $4 skipped$took"
}

# test_run PATTERN: does all TASKS.
test_run()
{
	local TASK pid task longest jobs=${VRFLEAK_JOBS:-$(nproc)} BEGUN='' DONE=0 SECONDS_DONE=0
	declare -A running=()
	while :; do
		while ((${#running[@]} < jobs)) && test_next; do
			if [[ $TASK != *:prepare-* && -z $BEGUN ]]; then
				BEGUN=$SECONDS
				longest=$((SECONDS_ALL / jobs))
				((longest > SECONDS_OF[$TASK])) || longest=${SECONDS_OF[$TASK]}
				say "${#SECONDS_OF[@]} test scenarios, $jobs at a time; about $(minutes "$longest")"
			fi
			test_task "$TASK" "$1" &
			running[$!]=$TASK
		done
		((${#running[@]} > 0)) || break
		for pid in "${!running[@]}"; do
			! kill -0 "$pid" 2>/dev/null || continue
			task=${running[$pid]}
			unset "running[$pid]"
			test_done "$task"
			continue 2
		done
		wait -n || true
	done
}

# test_remember: keeps how long each scenario took.
test_remember()
{
	touch "$CACHE/scenario-seconds"
	awk '$5 != "-" {print $1, $5}' "$TEST_DIR/tally" | cat - "$CACHE/scenario-seconds" | sort -s -u -k1,1 \
		>"$CACHE/scenario-seconds.tmp"
	mv "$CACHE/scenario-seconds.tmp" "$CACHE/scenario-seconds"
}

# test_report: the table, the details, the last line.
test_report()
{
	echo
	sort -V "$TEST_DIR/tally" | awk 'BEGIN { printf "%-38s %7s %7s %8s %8s\n", "test", "passed", "failed", "skipped", "seconds" }
		{ printf "%-38s %7d %7d %8d %8s\n", $1, $2, $3, $4, $5 }'
	echo
	cat "$TEST_DIR"/*/*/details 2>/dev/null || true
	echo "All output is in $TEST_DIR"
	awk '{ p += $2; f += $3; s += $4 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' \
		"$TEST_DIR/tally"
}

# command_test PATTERN RELEASE ...
command_test()
{
	local TASKS=() SECONDS_ALL=0 ONCE_ON MANY=''
	declare -A SECONDS_OF=()
	test_new_dir
	test_plan "$@"
	[ $# = 2 ] || MANY=yes
	test_run "$1"
	[ -s "$TEST_DIR/tally" ] ||
		die "no test has '$1' in its name; the scenarios are: $(scenario_list '' "$2" | sed 's/.*://' | sort | xargs)"
	test_remember
	test_report
}
