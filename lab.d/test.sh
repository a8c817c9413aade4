# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# "lab test": the unit tests (make check, in the root) and the topotests (a guest per story, several at once), of
# one FRR release or of all. What has -sanitized behind its name runs with the sanitized module (sanitize.sh).
#
# Invariants:
# - Every story gets a guest of its own, so none can spoil the next. A guest that died, or a story without a
#   report, counts as a failure; so does a story whose exit status and report contradict each other.
# - The last line on stdout is "N passed, N failed, N skipped"; the exit status is 0 only if none failed.
# - All output is kept under $CACHE/results/test-DATE (the last ten of them); "latest" points to the newest.
# Refuses: a pattern that no test has in its name.

STORY_LIMIT=3600	# seconds; a loaded machine may be ten times slower than an idle one

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

# unit_list PATTERN: prints the tests of "make check" that have the pattern in their names.
unit_list()
{
	in_root "$ROOT" make -s --no-print-directory -C /vrfleak-build --eval='lab-list:;@echo $(TESTS)' lab-list |
		tr ' ' '\n' | grep -F -- "$1" || true
}

# unit_count TEST: adds up one test of "make check" from its log; a Check program counts for its cases.
unit_count()
{
	local base=$BUILD_DIR/build/${1%.sh} line result numbers passed=0 failed=0 skipped=0
	result=$(sed -n 's/^:test-result: *//p' "$base.trs" 2>/dev/null || true)
	line=$(grep -aE '^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+' "$base.log" 2>/dev/null |
		tail -n 1 || true)
	case $result in
	PASS* | XFAIL*) passed=1 ;;
	SKIP*) skipped=1 ;;
	*) failed=1 ;;
	esac
	if [ -n "$line" ]; then
		read -r _ _ passed _ numbers _ failed <<<"${line//,/ }"
		failed=$((numbers + failed))
		passed=$((passed - failed))
		case $result in PASS*) ;; *) ((failed > 0)) || failed=1 ;; esac
	fi
	cp "$base.log" "$UNIT_DIR/" 2>/dev/null || true
	tally "$(basename "$1")$UNIT_SUFFIX" "$passed" "$failed" "$skipped" -
	[ "$failed" = 0 ] || details_of "$1" "$UNIT_DIR/$(basename "${1%.sh}").log"
	[ "$skipped" = 0 ] || echo "SKIPPED $1: $(tail -n 1 "$base.log")" >>"$UNIT_DIR/details"
}

# details_of NAME LOG: what to show of a failure in the end.
details_of()
{
	{
		echo "FAILED $1; the whole log: $2"
		{ grep -aE ':[0-9]+:[FE]:|[Ee]rror|\*\*\*' "$2" || tail -n 15 "$2"; } 2>/dev/null |
			head -n 15 | sed 's/^/    /' || true
	} >>"$UNIT_DIR/details"
}

# unit_run PATTERN SUFFIX: builds and runs the unit tests of the release and variant at hand; SUFFIX is put behind their names.
unit_run()
{
	local UNIT_SUFFIX=$2 UNIT_DIR=$TEST_DIR/${RELEASE_DIR##*/}/unit$2
	local files tests test log=$UNIT_DIR/make-check.log start=$SECONDS
	mkdir -p "$UNIT_DIR"
	files=$(module_files)
	lock_begin "module-${RELEASE_DIR##*/}-$VARIANT"
	step "building the unit tests' sources" "$UNIT_DIR/make.log" \
		"the module does not build; correct that and run this again" module_build "$files"
	tests=$(unit_list "$1")
	if [ -n "$tests" ]; then
		for test in $tests; do
			rm -f "$BUILD_DIR/build/${test%.sh}".{log,trs}
		done
		say "unit tests$2: make check"
		build_make -k check TESTS="${tests//$'\n'/ }" >"$log" 2>&1 </dev/null || true
		if grep -q '^# TOTAL:' "$log"; then
			for test in $tests; do
				unit_count "$test"
			done
		else
			tally "make-check$2" 0 1 0 -
			details_of make-check "$log"
		fi
		say "unit tests$2: done in $((SECONDS - start)) s"
	fi
	lock_end
}

# plain_names: all stories; one with -upstream behind its name is that story in FRR's own harness, unchanged.
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
	echo doc
	echo lab
}

# sanitized_names: the sanitized stories: with SANITIZE=yes all that run FRR, except for benchmarks; otherwise a few.
sanitized_names()
{
	if [ "$SANITIZE" ]; then
		{ plain_names | grep -Ev '^(bench-|fuzz-|chaos$|lab$)'; echo planted-faults; } | sed 's/$/-sanitized/'
	else
		printf '%s-sanitized\n' "${SANITIZE_ALWAYS[@]}"
	fi
}

story_names()
{
	[ "$SANITIZE" ] || plain_names
	sanitized_names
}

# story_command NAME: prints what runs a story in its guest, and leaves a report. The benchmarks are run at a small size, to
# see that they work; what they measure is no matter here.
story_command()
{
	local harness=
	case $1 in
	*-sanitized)
		printf '%s\n' "($(story_command "${1%-sanitized}")); status=\$?" \
			"/vrfleak/lab.d/sanitizer-report $SANITIZE_LOGS >\"\$VRFLEAK_RESULTS/sanitizer\" || status=1" \
			"exit \$status"
		;;
	bench-*) bench_small "${1#bench-}" ;;
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
		story_passed lab locks
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
		echo "$run --prefixes 500 --rounds 1"
		echo "$run --prefixes 500 --rounds 1 --mode switch --family 6"
		;;
	steady) echo "$run --prefixes 500 --rounds 1 --samples 3" ;;
	fanout)
		echo "for shape in fan hub load mesh contest; do $run --shape \$shape --vrfs 2,4 --rounds 1; done"
		;;
	rest) echo "$run --prefixes 500 --seconds 3" ;;
	instructions) echo "$run --prefixes 300" ;;
	*) echo "$run --prefixes 1000 --rounds 1" ;;
	esac
	echo "/vrfleak/bench/page --check"
	story_passed bench "$1"
}

# story_passed CLASS NAME: prints what leaves the report of one test that passed.
story_passed()
{
	echo "echo '<testsuite><testcase classname=\"$1\" name=\"$2\"/></testsuite>' >\"\$VRFLEAK_RESULTS/junit.xml\""
}

# story_elsewhere RELEASE NAME: whether a story is for releases other than the default one, too: all are but the lab's own, the
# benchmarks, of which one is enough to see that they work with each release, the fuzz targets, and what is sanitized without
# being asked for.
story_elsewhere()
{
	[[ $1 = "$FRR_DEFAULT" || $2 = bench-leak || -n $SANITIZE || $2 != @(lab|bench-*|fuzz-*|*-sanitized) ]]
}

# story_list PATTERN RELEASE ...: prints RELEASE:STORY, those that took longest last time first.
story_list()
{
	local pattern=$1 name release
	shift
	for name in $(story_names); do
		[[ $name == *"$pattern"* ]] || continue
		for release; do
			story_elsewhere "$release" "$name" || continue
			echo "$(sed -n "s/^$release:$name //p" "$CACHE/story-times" 2>/dev/null || true) $release:$name"
		done
	done | sort -rn | awk '{print $NF}'
}

# story_variant NAME: prints which build of the module a story runs with.
story_variant()
{
	case $1 in
	*-sanitized) echo sanitized ;;
	fuzz-*) echo fuzz ;;
	*) echo plain ;;
	esac
}

# story_run RELEASE NAME: boots a guest for one story and adds up what it reports.
story_run()
{
	local rc=0 start=$SECONDS release=$1 passed failed skipped
	release_set "$1"
	module_variant "$(story_variant "$2")"
	GUEST_ROOT=${GUEST_ROOTS[$1:$VARIANT]:-}
	RUN_DIR=$TEST_DIR/$1/$2
	shift
	run_layout
	cat >"$RUN_DIR/job/story" <<-END
		#!/bin/bash
		export PYTEST_ADDOPTS=$(printf %q "${PYTEST_ADDOPTS:-}")
		$(story_command "$1")
	END
	chmod 755 "$RUN_DIR/job/story"
	echo story >"$RUN_DIR/job/name"
	: >"$RUN_DIR/job/one-stream"
	if [ "$VARIANT" = fuzz ]; then
		fuzz_scenario "${1#fuzz-}" "$RUN_DIR" || rc=$?
	else
		guest_boot "$GUEST_ROOT" </dev/null
		guest_wait "$STORY_LIMIT" 2>"$RUN_DIR/verdict" || rc=$?
	fi
	echo "there is no report" >"$RUN_DIR/report-error"
	chroot "$ROOT" python3 -c "$(cat "$TOP/lab.d/junit.py")" <"$RUN_DIR/results/junit.xml" \
		>"$RUN_DIR/report" 2>"$RUN_DIR/report-error" || echo "0 0 0" >"$RUN_DIR/report"
	story_judge "$release:$1" "$rc" >"$RUN_DIR/details"
	read -r passed failed skipped <"$RUN_DIR/report"
	tally "$1" "$passed" "$failed" "$skipped" $((SECONDS - start))
	say "FRR $release: $1: $passed passed, $failed failed, $skipped skipped in $((SECONDS - start)) s"
}

# story_judge NAME STATUS: prints the details of what failed or was skipped; where the guest or the story failed
# and the report does not say so, or there is no report, puts one failure more into the report.
story_judge()
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

# story_excluded RELEASE NAME: prints why a story is not for a release; fails where it is. A story says so in a line
# "# Not on FRR RELEASE ...: REASON".
story_excluded()
{
	local name=${2%-sanitized} file
	if [ "$name" != "$2" ]; then
		sanitize_impossible && return
		story_excluded "$1" "$name"
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

# story_skip RELEASE NAME: counts such a story as skipped, with its reason, and returns whether it is one.
story_skip()
{
	local reason
	reason=$(story_excluded "$1" "$2") || return 1
	say "FRR $1: $2: skipped: $reason"
	echo "$1:$2 0 0 1 -" >>"$TEST_DIR/tally"
	mkdir -p "$TEST_DIR/$1/$2"
	echo "SKIPPED $1:$2: $reason" >"$TEST_DIR/$1/$2/details"
}

# stories_run PATTERN RELEASE ...: all stories, as many at a time as there are CPUs.
stories_run()
{
	local story stories running=0 jobs=${VRFLEAK_JOBS:-$(nproc)}
	stories=$(story_list "$@")
	[ -n "$stories" ] || return 0
	say "topotests: $(wc -w <<<"$stories") stories, $jobs at a time"
	for story in $stories; do
		! story_skip "${story%%:*}" "${story#*:}" || continue
		if ((running >= jobs)); then
			wait -n || true
			running=$((running - 1))
		fi
		story_run "${story%%:*}" "${story#*:}" &
		running=$((running + 1))
	done
	wait
	for story in $stories; do
		grep -q "^$story " "$TEST_DIR/tally" || echo "$story 0 1 0 -" >>"$TEST_DIR/tally"
	done
	touch "$CACHE/story-times"
	awk '$5 != "-" {print $1, $5}' "$TEST_DIR/tally" | cat - "$CACHE/story-times" | sort -s -u -k1,1 \
		>"$CACHE/story-times.tmp"
	mv "$CACHE/story-times.tmp" "$CACHE/story-times"
}

# test_report: the table, the details, the last line.
test_report()
{
	echo
	awk 'BEGIN { printf "%-38s %7s %7s %8s %8s\n", "test", "passed", "failed", "skipped", "seconds" }
		{ printf "%-38s %7d %7d %8d %8s\n", $1, $2, $3, $4, $5 }' "$TEST_DIR/tally"
	echo
	cat "$TEST_DIR"/*/*/details 2>/dev/null || true
	echo "All output is in $TEST_DIR"
	awk '{ p += $2; f += $3; s += $4 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' \
		"$TEST_DIR/tally"
}

# test_prepare PATTERN RELEASE VARIANT: what the tests of a release need that run with that build of the module; runs its unit
# tests.
test_prepare()
{
	release_set "$2"
	module_variant "$3"
	prepare full
	GUEST_ROOTS[$2:$3]=$GUEST_ROOT
	if [ "$3" = plain ]; then
		unit_run "$1" ''
	elif [[ make-check-sanitized == *"$1"* ]]; then
		unit_run tests/check_ -sanitized
	fi
}

# command_test PATTERN RELEASE ...
command_test()
{
	local pattern=$1 release
	shift
	declare -A GUEST_ROOTS
	test_new_dir
	for release; do
		[ "$SANITIZE" ] || test_prepare "$pattern" "$release" plain
		if story_list "$pattern" "$release" | grep -q -e '-sanitized$' || {
			[[ make-check-sanitized == *"$pattern"* ]] && story_elsewhere "$release" make-check-sanitized
		}; then
			test_prepare "$pattern" "$release" sanitized
		fi
		if story_list "$pattern" "$release" | grep -q ':fuzz-'; then
			release_set "$release"
			fuzz_prepare
		fi
	done
	stories_run "$pattern" "$@"
	[ -s "$TEST_DIR/tally" ] ||
		die "no test has '$pattern' in its name; the stories are: $(story_list '' "$1" | sed 's/.*://' | xargs)"
	test_report
}
