# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The commands that run one program in one guest: run, demo, bench, chaos, shell; and root, which only prepares.
#
# Invariants: the program is copied into the run directory first, so editing it meanwhile changes nothing;
# the exit status of the lab is the program's. A run that went well leaves nothing behind, unless the
# program left results; a failed one leaves its output and console.
# Refuses: a file that is not there or not executable, a shell without a terminal.

# run_check FILE ...: refuses before anything slow happens.
run_check()
{
	[ $# -ge 1 ] || die "'run' wants a file; see: ./lab help"
	[ -e "$1" ] || die "there is no file '$1' to run"
	[ -f "$1" ] || die "'$1' is not a plain file"
	[ -x "$1" ] || die "'$1' is not executable; try: chmod +x $1"
}

# prepare small|full: makes sure of everything a guest needs, with such a root (root.sh); sets GUEST_ROOT.
prepare()
{
	root_make "$1"
	[ "$(guest_vehicle)" != uml ] || kernel_make
	module_make
}

# run_prepare FILE [ARGS]: makes the run directory with the job in it.
run_prepare()
{
	guest_new_run
	basename "$1" >"$RUN_DIR/job/name"
	cp "$1" "$RUN_DIR/job/"
	chmod 755 "$RUN_DIR/job/$(basename "$1")"
	shift
	[ $# -eq 0 ] || printf '%s\0' "$@" >"$RUN_DIR/job/args"
}

# run_follow: shows the guest's output as it comes; sets FOLLOWERS. They end with the guest.
run_follow()
{
	tail -n +1 -f -s 0.1 --pid="$GUEST_PID" "$RUN_DIR/out" &
	FOLLOWERS=$!
	tail -n +1 -f -s 0.1 --pid="$GUEST_PID" "$RUN_DIR/err" >&2 &
	FOLLOWERS="$FOLLOWERS $!"
}

# run_program LIMIT FILE [ARGS]: the whole of it; returns the program's exit status.
run_program()
{
	local limit=$1
	shift
	run_prepare "$@"
	run_guest "$limit"
}

# run_guest LIMIT: runs what run_prepare made ready.
run_guest()
{
	local limit=$1 rc=0
	[ "$(readlink /proc/self/fd/1)" != "$(readlink /proc/self/fd/2)" ] || : >"$RUN_DIR/job/one-stream"
	guest_boot "$GUEST_ROOT" </dev/null
	run_follow
	guest_wait "$limit" 2>"$RUN_DIR/verdict" || rc=$?
	# shellcheck disable=SC2086
	wait $FOLLOWERS || true
	cat "$RUN_DIR/verdict" >&2
	if rmdir "$RUN_DIR/results" 2>/dev/null; then
		[ "$rc" != 0 ] || rm -rf "$RUN_DIR"
	else
		say "the program's results are in $RUN_DIR/results"
	fi
	return "$rc"
}

command_run()
{
	prepare small
	run_program 1800 "$@"
}

# bench_names: prints the benchmarks, a line each.
bench_names()
{
	local file
	for file in "$TOP"/bench/*; do
		[[ ! -f $file || ! -x $file || $file == */page ]] || basename "$file"
	done
}

# bench_check [NAME] ...: refuses a benchmark that is not there.
bench_check()
{
	[[ ${1:--} != -* ]] || return 0
	bench_names | grep -qxF -- "$1" ||
		die "there is no benchmark '$1'; there are: $(bench_names | xargs)"
}

# No limit: a million routes take what they take.
command_bench()
{
	local name=leak
	if [[ ${1:--} != -* ]]; then
		name=$1
		shift
	fi
	prepare full
	bench_maps
	run_program 0 "$TOP/bench/$name" "$@"
}

# bench_maps: lets a process of a guest have more than some 250 MB: user-mode-linux maps each page for itself.
bench_maps()
{
	local file=/proc/sys/vm/max_map_count wanted=1048576
	[ "$(guest_vehicle)" = uml ] && (($(<$file) < wanted)) || return 0
	say "raising vm.max_map_count of this machine from $(<$file) to $wanted, until it restarts"
	echo $wanted >$file
}

# chaos_file ARGS: prints the file that --replay names.
chaos_file()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--replay=*) echo "${1#*=}" ;;
		--replay) echo "${2:-}" ;;
		esac
		shift
	done
}

# chaos_check ARGS: refuses a sequence that is not there.
chaos_check()
{
	local file
	file=$(chaos_file "$@")
	[ -z "$file" ] || [ -r "$file" ] || die "there is no sequence '$file' to replay"
}

# The sequence to replay is copied into the guest. No time limit: a sequence may be very long.
command_chaos()
{
	local file args=("$@")
	[ -z "${VRFLEAK_SEED:-}" ] || args=(--seed "$VRFLEAK_SEED" "$@")
	prepare small
	run_prepare "$TOP/chaos/chaos"
	file=$(chaos_file "$@")
	if [ -n "$file" ]; then
		cp "$file" "$RUN_DIR/job/replay"
		args+=(--replay /vrfleak-run/job/replay)
	fi
	[ "${#args[@]}" = 0 ] || printf '%s\0' "${args[@]}" >"$RUN_DIR/job/args"
	run_guest 0
}

command_demo()
{
	prepare small
	say "booting a machine whose kernel has VRFs"
	run_program 1800 "$TOP/lab.d/demo"
}

# shell_size: tells the guest the terminal's size, and again whenever it changes, until the guest ends.
shell_size()
{
	local size='' now
	while kill -0 "$GUEST_PID" 2>/dev/null; do
		now=$(stty size 2>/dev/null || true)
		if [ "$now" != "$size" ]; then
			size=$now
			echo "$size" >"$RUN_DIR/size.tmp"
			mv "$RUN_DIR/size.tmp" "$RUN_DIR/job/size"
		fi
		sleep 0.5
	done
}

command_shell()
{
	local name=/dev/tty1 rc=0
	[[ -t 0 && -t 1 ]] || die "'shell' needs a terminal; for a script use: ./lab run FILE"
	prepare small
	[ "$(guest_vehicle)" = uml ] || name=-
	run_prepare "$TOP/lab.d/shell"
	echo "$name ${TERM:-dumb}" >"$RUN_DIR/job/terminal"
	say "booting a machine whose kernel has VRFs; 'exit' ends it"
	guest_boot "$GUEST_ROOT"
	shell_size <&0 &
	guest_wait 0 || rc=$?
	[ "$rc" != 0 ] || rm -rf "$RUN_DIR"
	return "$rc"
}

command_root()
{
	prepare small
	echo "$GUEST_ROOT"
}
