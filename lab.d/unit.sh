# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The unit tests of "lab test": make check, in the root, of one release and variant.
#
# Invariants:
# - A Check program counts for its tests, as its own report has them; a script counts as one.
# - A program that ends badly without a failure in its report counts as one failure; so does one without a report.
# Refuses: nothing; what does not build ends the lab's preparation of that release.

# The tests that know nothing of FRR run once, whatever the number of releases.
UNIT_ONCE='@(lint_*|doc_*|chaos_model*)'

# unit_list PATTERN: prints the tests of "make check" that have the pattern in their names and are for the release at hand.
unit_list()
{
	local test
	for test in $(in_root "$ROOT" make -s --no-print-directory -C /vrfleak-build --eval='lab-list:;@echo $(TESTS)' lab-list); do
		[[ $test == *"$1"* ]] || continue
		[[ ${RELEASE_DIR##*/} != "$ONCE_ON" && ${test##*/} == $UNIT_ONCE ]] || echo "$test"
	done
}

# unit_log LOG: prints what to show of a log.
unit_log()
{
	{ grep -aE '[Ee]rror|\*\*\*' "$1" || tail -n 15 "$1"; } 2>/dev/null | head -n 15 | sed 's/^/    /' || true
}

# unit_count TEST: adds up one test of "make check" from what it left.
unit_count()
{
	local base=$BUILD_DIR/build/${1%.sh} name result passed=0 failed=0 skipped=0 said=$UNIT_DIR/said
	name=$(basename "$1")
	result=$(sed -n 's/^:test-result: *\([A-Z]*\).*/\1/p' "$base.trs" 2>/dev/null || true)
	cp "$base.log" "$UNIT_DIR/$name.log" 2>/dev/null || true
	if [ -e "$base.xml" ]; then
		if report_add_up <"$base.xml" >"$said" 2>&1; then
			read -r passed failed skipped <"$said"
			sed -i 1d "$said"
		else
			failed=1
		fi
		[ "$result" = PASS ] || ((failed > 0)) || failed=1
	else
		unit_log "$base.log" >"$said"
		case $result in
		PASS) passed=1 ;;
		SKIP) skipped=1 ;;
		*) failed=1 ;;
		esac
	fi
	tally "$name$UNIT_SUFFIX" "$passed" "$failed" "$skipped" -
	if ((failed > 0)); then
		echo "FAILED $1; the whole log: $UNIT_DIR/$name.log"
		cat "$said"
	elif ((skipped > 0)); then
		echo "SKIPPED $1:$(tail -n 1 "$said")"
	fi >>"$UNIT_DIR/details"
}

# unit_run PATTERN SUFFIX: builds and runs the unit tests of the release and variant at hand; SUFFIX is put behind their names.
unit_run()
{
	local UNIT_SUFFIX=$2 UNIT_DIR=$TEST_DIR/${RELEASE_DIR##*/}/unit$2
	local files tests test log=$UNIT_DIR/make-check.log
	mkdir -p "$UNIT_DIR"
	files=$(module_files)
	lock_begin "module-${RELEASE_DIR##*/}-$VARIANT"
	step "building what the unit tests${2:+ (${2#-})} need" "$UNIT_DIR/make.log" \
		"the module does not build; correct that and run this again" module_build "$files"
	tests=$(unit_list "$1")
	if [ -n "$tests" ]; then
		for test in $tests; do
			rm -f "$BUILD_DIR/build/${test%.sh}".{log,trs,xml}
		done
		step_begin "unit tests${2:+ (${2#-})}: make check"
		build_make -k check TESTS="${tests//$'\n'/ }" >"$log" 2>&1 </dev/null || true
		if grep -q '^# TOTAL:' "$log"; then
			for test in $tests; do
				unit_count "$test"
			done
		else
			tally "make-check$2" 0 1 0 -
			{ echo "FAILED make-check; the whole log: $log"; unit_log "$log"; } >>"$UNIT_DIR/details"
		fi
		step_end "done in $((SECONDS - STEP_START)) s"
	fi
	lock_end
}
