# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# "lab fuzz": the fuzz targets (tests/fuzz_*.c), built with clang, libFuzzer and its sanitizers, on the machine itself: they need
# no VRFs.
#
# $RELEASE_DIR/fuzz/root is a copy of the root (hard links) with Debian's clang. $RELEASE_DIR/fuzz/build/corpus has the inputs that
# reached new code, for the next run.
#
# Invariants:
# - An input that makes a target fail is in the run's results, with the target's output; the lab's status is then 1.
# - The root itself is not changed.
# Refuses: a target that is not there, a time that is not a number of seconds.

FUZZ_SECONDS=60

# fuzz_names: prints the targets, a line each.
fuzz_names()
{
	basename -s .c -a "$TOP"/tests/fuzz_*.c | sed -n '/^fuzz_main$/d; s/^fuzz_//p'
}

# fuzz_options [TARGET] [--seconds N]: reads the command line; sets FUZZ_TARGETS and FUZZ_SECONDS.
fuzz_options()
{
	mapfile -t FUZZ_TARGETS < <(fuzz_names)
	while [ $# -gt 0 ]; do
		case $1 in
		--seconds) [ $# -ge 2 ] || die "--seconds wants a number"; FUZZ_SECONDS=$2; shift ;;
		--seconds=*) FUZZ_SECONDS=${1#--seconds=} ;;
		-*) die "'fuzz' has no option $1; see: ./lab help" ;;
		*)
			fuzz_names | grep -qxF -- "$1" || die "there is no fuzz target '$1'; there are: $(fuzz_names | xargs)"
			FUZZ_TARGETS=("$1")
			;;
		esac
		shift
	done
	[[ $FUZZ_SECONDS =~ ^[1-9][0-9]*$ ]] || die "--seconds is '$FUZZ_SECONDS'; use a number of seconds"
}

# fuzz_prepare: builds the targets of the release at hand.
fuzz_prepare()
{
	root_make full
	module_variant fuzz
	mkdir -p "$BUILD_DIR"
	lock_begin "module-${RELEASE_DIR##*/}-fuzz"
	root_copy clang libclang-rt-dev
	step "building the fuzz targets" "$BUILD_DIR/build.log" \
		"the fuzz targets do not build; correct that and run this again" module_build "$(module_files)"
	lock_end
}

# fuzz_run TARGET DIR: runs a target for FUZZ_SECONDS; its output is in DIR/out, an input that made it fail in DIR/results.
fuzz_run()
{
	local rc=0 work=$BUILD_DIR/build/fuzz-$1
	rm -rf "$work"
	mkdir -p "$work" "$BUILD_DIR/build/corpus/$1" "$2/results"
	in_root "$BUILD_ROOT" bash -euc '
		cd /vrfleak-build
		dict=/vrfleak-src/tests/fuzz_$1.dict
		export ASAN_SYMBOLIZER_PATH=/usr/bin/addr2line
		exec tests/fuzz_$1 -max_total_time=$2 -timeout=20 -max_len=4096 -print_final_stats=1 \
			$([ ! -e "$dict" ] || echo "-dict=$dict") -artifact_prefix=fuzz-$1/ corpus/$1 /vrfleak-src/tests/corpus/$1' fuzz "$1" "$FUZZ_SECONDS" \
		>"$2/out" 2>&1 </dev/null || rc=$?
	find "$work" -type f -exec cp -t "$2/results" {} +
	return "$rc"
}

# fuzz_verdict TARGET DIR STATUS: prints one line of a target that ran, and the details of a failure.
fuzz_verdict()
{
	local runs
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$2/out")
	if [ "$3" = 0 ] && ((${runs:-0} > 0)); then
		echo "fuzz target $1: $runs inputs in $FUZZ_SECONDS s, no failure"
		return
	fi
	echo "FAILED fuzz target $1: status $3; the input: $(find "$2/results" -type f | head -n 1); the whole log: $2/out"
	{ grep -aE -A 12 'does not hold|ERROR: |runtime error' "$2/out" || tail -n 15 "$2/out"; } | head -n 25 | sed 's/^/    /'
	return 1
}

command_fuzz()
{
	local target rc failed=0
	fuzz_prepare
	results_new fuzz 10
	for target in "${FUZZ_TARGETS[@]}"; do
		rc=0
		say "fuzz target $target, for $FUZZ_SECONDS s"
		fuzz_run "$target" "$RESULTS_DIR/$target" || rc=$?
		fuzz_verdict "$target" "$RESULTS_DIR/$target" "$rc" || failed=1
	done
	return "$failed"
}

# fuzz_scenario TARGET DIR: the same as a test, which leaves a report. Returns the target's status.
fuzz_scenario()
{
	local rc=0
	fuzz_run "$1" "$2" || rc=$?
	fuzz_verdict "$1" "$2" "$rc" >"$2/verdict" || return 1
	echo "<testsuite><testcase classname=\"fuzz\" name=\"$1\"/></testsuite>" >"$2/results/junit.xml"
}
