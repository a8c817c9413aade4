# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The test scenarios of "lab test": the topotests, and small runs of the benchmarks, the chaos test, the fuzz targets and the
# user guide. What has -sanitized behind its name runs with the sanitized module (sanitize.sh).
#
# Invariants:
# - Every scenario gets a guest of its own, so none can spoil the next. A guest that died, or a scenario without a
#   report, counts as a failure; so does a scenario whose exit status and report contradict each other.
# - A scenario leaves one row of the table, whatever becomes of it.
# Refuses: nothing; a scenario that is not for a release says why, and counts as skipped.

SCENARIO_LIMIT=3600	# seconds; a loaded machine may be ten times slower than an idle one

# plain_names: all scenarios; one with -upstream behind its name is that scenario in FRR's own harness, unchanged.
plain_names()
{
	local dir
	for dir in "$TOP"/topotests/*/; do
		[ ! -e "$dir/test_$(basename "$dir").py" ] || basename "$dir"
	done
	echo vrfleak_seed-upstream
	bench_names | sed 's/^/bench-/'
	echo chaos
	fuzz_names | sed 's/^/fuzz-/'
	install_names
	echo doc
	echo lab
}

# sanitized_names: the sanitized scenarios: with SANITIZE=yes all that run FRR, except for benchmarks; otherwise a few.
sanitized_names()
{
	if [ "$SANITIZE" ]; then
		{ plain_names | grep -Ev '^(bench-|fuzz-|install-|chaos$|lab$)'; echo planted-faults; } | sed 's/$/-sanitized/'
	else
		printf '%s-sanitized\n' "${SANITIZE_ALWAYS[@]}"
	fi
}

scenario_names()
{
	[ "$SANITIZE" ] || plain_names
	sanitized_names
}

# scenario_command NAME: prints what runs a scenario in its guest, and leaves a report. The benchmarks are run at a small size, to
# see that they work; what they measure is no matter here.
scenario_command()
{
	local harness=
	case $1 in
	*-sanitized)
		printf '%s\n' "($(scenario_command "${1%-sanitized}")); status=\$?" \
			"/vrfleak/lab.d/sanitizer-report $SANITIZE_LOGS >\"\$VRFLEAK_RESULTS/sanitizer\" || status=1" \
			"exit \$status"
		;;
	bench-*) bench_small "${1#bench-}" ;;
	install-*) install_command "$1" ;;
	planted-faults) echo "exec /vrfleak/lab.d/planted-faults \"\$VRFLEAK_RESULTS/junit.xml\"" ;;
	chaos)
		echo "exec /vrfleak/chaos/chaos --seed $(printf %q "${VRFLEAK_SEED:-1}") --seeds 4 --ops 120 --seconds 90 --shrink 60" \
			"--junit \"\$VRFLEAK_RESULTS/junit.xml\""
		;;
	doc)
		echo "set -e"
		echo "/vrfleak/doc/draw-topology --check"
		echo "/vrfleak/doc/draw-architecture --check"
		echo "exec /vrfleak/doc/refresh --check"
		;;
	lab)
		echo "set -e"
		echo "/vrfleak/tests/lab_locks.sh"
		echo "/vrfleak/tests/lab_test.sh"
		scenario_passed lab all
		;;
	*)
		[[ $1 != *-upstream ]] || harness=--upstream
		echo "exec /vrfleak/topotests/run $harness /vrfleak/topotests/${1%-upstream} \"\$VRFLEAK_RESULTS/junit.xml\""
		;;
	esac
}

# bench_small NAME: prints what runs a benchmark at a small size.
bench_small()
{
	local run=/vrfleak/bench/$1
	echo "set -e"
	case $1 in
	leak)
		echo "$run --prefixes 500 --rounds 1 --setting 'zebra work-queue 0'"
		echo "$run --prefixes 500 --rounds 1 --mode switch --family 6"
		;;
	steady) echo "$run --prefixes 500 --rounds 1 --samples 3" ;;
	fanout)
		echo "for shape in fan hub load mesh conflict; do $run --shape \$shape --vrfs 2,4 --rounds 1; done"
		;;
	burst) echo "$run --prefixes 500 --lines 100 --boot 100 --vrfs 5 --rounds 1" ;;
	idle) echo "$run --prefixes 500 --seconds 3" ;;
	instructions) echo "$run --prefixes 300" ;;
	filter) echo "$run --prefixes 300 --rounds 1 --counted 60" ;;
	*) echo "$run --prefixes 1000 --rounds 1" ;;
	esac
	echo "/vrfleak/bench/page --check"
	scenario_passed bench "$1"
}

# scenario_passed CLASS NAME: prints what leaves the report of one test that passed.
scenario_passed()
{
	echo "echo '<testsuite><testcase classname=\"$1\" name=\"$2\"/></testsuite>' >\"\$VRFLEAK_RESULTS/junit.xml\""
}

# scenario_elsewhere RELEASE NAME: whether a scenario is for that release. All are for the default one. For the others all are
# but the lab's own, the benchmarks, of which one is enough to see that they work with each release, the fuzz targets, the
# installation, and what is sanitized without being asked for.
scenario_elsewhere()
{
	[[ $1 = "$FRR_DEFAULT" || $2 = bench-leak || -n $SANITIZE || $2 != @(lab|bench-*|fuzz-*|install-*|*-sanitized) ]]
}

# scenario_read_seconds: sets KNOWN_SECONDS[NAME] to what a scenario took on the machine that lab.d/scenario-seconds is of, and
# KNOWN_SECONDS[RELEASE:NAME] to what it took here last time.
scenario_read_seconds()
{
	local name seconds
	declare -gA KNOWN_SECONDS=()
	while read -r name seconds; do
		[[ $name == '#'* ]] || KNOWN_SECONDS[$name]=$seconds
	done < <(cat "$TOP/lab.d/scenario-seconds" "$CACHE/scenario-seconds" 2>/dev/null)
}

# scenario_seconds RELEASE:NAME: prints how long a scenario will take.
scenario_seconds()
{
	echo "${KNOWN_SECONDS[$1]:-${KNOWN_SECONDS[${1#*:}]:-30}}"
}

# scenario_wanted PATTERN RELEASE NAME: whether a scenario that matches is to run. Of the installation only the first part does
# without being asked for.
scenario_wanted()
{
	[[ $3 != install-* ]] || [[ $1 != install* ]] || return 0
	[[ $3 != install-* || $3 = install-packages ]] && scenario_elsewhere "$2" "$3"
}

# scenario_list PATTERN RELEASE ...: prints RELEASE:SCENARIO, the longest first.
scenario_list()
{
	local pattern=$1 name release
	shift
	for name in $(scenario_names); do
		[[ $name == *"$pattern"* ]] || continue
		for release; do
			! scenario_wanted "$pattern" "$release" "$name" || echo "$(scenario_seconds "$release:$name") $release:$name"
		done
	done | sort -rn | sed 's/.* //'
}

# scenario_variant NAME: prints which build of the module a scenario runs with.
scenario_variant()
{
	case $1 in
	*-sanitized) echo sanitized ;;
	fuzz-*) echo fuzz ;;
	install-*) echo package ;;
	*) echo plain ;;
	esac
}

# report_add_up: reads a report from stdin; prints what lab.d/report.py says of it.
report_add_up()
{
	chroot "$ROOT" python3 -c "$(<"$TOP/lab.d/report.py")"
}

# scenario_job NAME: writes what the guest runs into its run directory.
scenario_job()
{
	run_layout
	cat >"$RUN_DIR/job/scenario" <<-END
		#!/bin/bash
		export PYTEST_ADDOPTS=$(printf %q "${PYTEST_ADDOPTS:-}")
		$(scenario_command "$1")
	END
	chmod 755 "$RUN_DIR/job/scenario"
	echo scenario >"$RUN_DIR/job/name"
	: >"$RUN_DIR/job/one-stream"
	[[ $1 != install-* ]] || install_job "$1"
}

# scenario_run RELEASE NAME: boots a guest for one scenario and adds up what it reports.
scenario_run()
{
	local rc=0 start=$SECONDS passed failed skipped
	release_set "$1"
	module_variant "$(scenario_variant "$2")"
	# shellcheck source=/dev/null
	. "$TEST_DIR/$1/prepared-$VARIANT"
	RUN_DIR=$TEST_DIR/$1/$2
	! scenario_skip "$1" "$2" || return 0
	scenario_job "$2"
	if [ "$VARIANT" = fuzz ]; then
		fuzz_scenario "${2#fuzz-}" "$RUN_DIR" || rc=$?
	else
		[ "$2" != install-source ] || install_source_root
		guest_boot "$GUEST_ROOT" </dev/null
		guest_wait "$SCENARIO_LIMIT" 2>"$RUN_DIR/verdict" || rc=$?
	fi
	echo "there is no report" >"$RUN_DIR/report-error"
	report_add_up <"$RUN_DIR/results/junit.xml" >"$RUN_DIR/report" 2>"$RUN_DIR/report-error" || echo "0 0 0" >"$RUN_DIR/report"
	scenario_judge "$1:$2" "$rc" >"$RUN_DIR/details"
	read -r passed failed skipped <"$RUN_DIR/report"
	tally "$2" "$passed" "$failed" "$skipped" $((SECONDS - start))
}

# scenario_judge NAME STATUS: prints the details of what failed or was skipped; where the guest or the scenario failed
# and the report does not say so, or there is no report, puts one failure more into the report.
scenario_judge()
{
	local passed failed skipped
	read -r passed failed skipped <"$RUN_DIR/report"
	if [ -s "$RUN_DIR/results/sanitizer" ]; then
		echo "FAILED $1: the sanitizers reported (all of it: $RUN_DIR/results/sanitizer); the whole log: $RUN_DIR/out"
		head -n 40 "$RUN_DIR/results/sanitizer" | sed 's/^/    /'
		sed -i "1s/.*/$passed $((failed + 1)) $skipped/" "$RUN_DIR/report"
	elif [ "$failed" != 0 ]; then
		echo "FAILED $1; the whole log: $RUN_DIR/out"
	elif [ "$2" != 0 ] || [ -s "$RUN_DIR/report-error" ]; then
		echo "FAILED $1: exit status $2, and no failure in its report; the whole log: $RUN_DIR/out"
		cat "$RUN_DIR/verdict" "$RUN_DIR/report-error"
		tail -n 15 "$RUN_DIR/out" | sed 's/^/    /'
		sed -i "1s/.*/$passed 1 $skipped/" "$RUN_DIR/report"
	fi
	tail -n +2 "$RUN_DIR/report"
}

# scenario_excluded RELEASE NAME: prints why a scenario is not for a release; fails where it is. A scenario says so in a line
# "# Not on FRR RELEASE ...: REASON".
scenario_excluded()
{
	local name=${2%-sanitized} file
	if [ "$name" != "$2" ]; then
		sanitize_impossible && return
		scenario_excluded "$1" "$name"
		return
	fi
	name=${2%-upstream}
	if [ "$name" != "$2" ]; then
		(release_set "$1" && grep . <<<"$NO_HARNESS") && return
	fi
	file=$TOP/topotests/$name/test_$name.py
	[ -e "$file" ] || return 1
	sed -n "s/^# Not on FRR .*\<$1\>[^:]*: //p" "$file" | grep .
}

# scenario_skip RELEASE NAME: counts such a scenario as skipped, with its reason, and returns whether it is one.
scenario_skip()
{
	local reason
	reason=$(scenario_excluded "$1" "$2") || return 1
	mkdir -p "$RUN_DIR"
	tally "$2" 0 0 1 -
	echo "SKIPPED $1:$2: $reason" >"$RUN_DIR/details"
}
