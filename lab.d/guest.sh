# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# Boots a guest: a kernel with VRFs on a root, which runs one program and hands back its exit status.
#
# Two vehicles, one contract: "uml" boots Debian's user-mode-linux (kernel.sh says which); "netns" uses the host's own kernel in
# new namespaces, where that kernel has VRF devices. Both run lab.d/guest-main as process 1 of the guest.
# The netns vehicle could so far be tried only on kernels without VRF devices, by programs that need none.
#
# Invariants:
# - A guest cannot write into its root: the root is bound read-only, the guest writes into its own memory.
# - Several guests run at once from one root; each sits in its own process and mount namespace, on one CPU.
# - Nothing of a guest outlives guest_run, however that ends.
# - The guest's exit status is what the guest wrote into its run directory. Nothing written is a failure.
# Refuses: a limit or memory size that is not a number.

# guest_vehicle: prints uml or netns.
guest_vehicle()
{
	case ${VRFLEAK_GUEST:-auto} in
	uml | netns) echo "$VRFLEAK_GUEST" ;;
	auto)
		if unshare --net -- chroot "$ROOT" ip link add vrfleak-probe type vrf table 10 2>/dev/null; then
			echo netns
		else
			echo uml
		fi
		;;
	esac
}

# guest_check_options: refuses nonsense before anything slow happens.
guest_check_options()
{
	[[ ${VRFLEAK_MEM:-1G} =~ ^[0-9]+[MG]$ ]] || die "VRFLEAK_MEM is '$VRFLEAK_MEM'; use for example 1G or 512M"
	[[ ${VRFLEAK_TIMEOUT:-0} =~ ^[0-9]+$ ]] || die "VRFLEAK_TIMEOUT is '$VRFLEAK_TIMEOUT'; use seconds"
	[[ ${VRFLEAK_GUEST:-auto} =~ ^(uml|netns|auto)$ ]] ||
		die "VRFLEAK_GUEST is '$VRFLEAK_GUEST'; use uml, netns or auto"
	[[ ${VRFLEAK_JOBS:-1} =~ ^[1-9][0-9]*$ ]] || die "VRFLEAK_JOBS is '$VRFLEAK_JOBS'; use a number"
	[[ ${VRFLEAK_KERNEL:-auto} =~ ^(auto|machine)$ ]] ||
		die "VRFLEAK_KERNEL is '$VRFLEAK_KERNEL'; use auto or machine"
	[[ ${VRFLEAK_MODULE:-none} = none ]] || die "VRFLEAK_MODULE is '$VRFLEAK_MODULE'; use none, or leave it out"
}

# guest_new_run: makes a run directory (sets RUN_DIR) and forgets old ones.
guest_new_run()
{
	results_new run 20
	RUN_DIR=$RESULTS_DIR
	run_layout
}

# run_layout: what a guest expects in $RUN_DIR.
run_layout()
{
	mkdir -p "$RUN_DIR/job" "$RUN_DIR/results"
	chmod 755 "$RUN_DIR"
	: >"$RUN_DIR/job/args"
	: >"$RUN_DIR/out"
	: >"$RUN_DIR/err"
	: >"$RUN_DIR/console"
}

# guest_cpu: takes a free CPU for as long as this process lives; prints nothing, sets CPU.
guest_cpu()
{
	local fd list
	machine_locks
	list=$(taskset -cp $BASHPID | sed 's/.*: //')
	for CPU in $(expand_list "$list"); do
		exec {fd}>>"$MACHINE_LOCKS/cpu$CPU"
		flock --nonblock "$fd" && return 0
		exec {fd}>&-
	done
	for CPU in $(expand_list "$list" | shuf); do
		break
	done
}

# expand_list 0-2,5: prints 0 1 2 5, a line each.
expand_list()
{
	local part
	for part in ${1//,/ }; do
		seq "${part%-*}" "${part#*-}"
	done
}

# guest_mounts GUEST_ROOT: runs in the guest's own mount namespace; lays out what the guest will see.
guest_mounts()
{
	local root=$GUEST_TOP/root
	mkdir -p "$GUEST_TOP"
	mount -t tmpfs -o size=100% vrfleak-lab "$GUEST_TOP"
	mkdir -p "$root" "$GUEST_TOP/mem" "$GUEST_TOP/uml"
	mount --bind "$1" "$root"
	mount -o remount,ro,bind "$root"
	mount --bind "$TOP" "$root/vrfleak"
	mount -o remount,ro,bind "$root/vrfleak"
	mount --bind "$RUN_DIR" "$root/vrfleak-run"
	if [ -d "$(kernel_modules "$KERNEL_DIR")" ]; then
		mount --bind "$(kernel_modules "$KERNEL_DIR")" "$root/usr/lib/modules"
		mount -o remount,ro,bind "$root/usr/lib/modules"
	fi
}

# guest_exec_uml and guest_exec_netns: become the guest. stdin, stdout and stderr are the person's
# terminal for a shell; else they are not used.
guest_exec_uml()
{
	local kernel
	guest_mounts "$1"
	kernel_mounts "$KERNEL_DIR"
	guest_cpu
	mapfile -t kernel < <(kernel_command "$KERNEL_DIR")
	export TMPDIR=$GUEST_TOP/mem TMP=$GUEST_TOP/mem TEMP=$GUEST_TOP/mem
	exec 5<&0 6>&1 </dev/null >>"$RUN_DIR/console" 2>&1
	# Not as process 1 of its namespace: that one cannot abort(), which is how a kernel that panics ends.
	taskset -c "$CPU" "${kernel[@]}" "mem=${VRFLEAK_MEM:-1G}" "uml_dir=$GUEST_TOP/uml/" \
		root=/dev/root rootfstype=hostfs "rootflags=$GUEST_TOP/root" ro quiet panic=-1 \
		init=/vrfleak/lab.d/guest-init con=null con0=null,fd:1 con1=fd:5,fd:6
}

guest_exec_netns()
{
	local root=$GUEST_TOP/root
	guest_mounts "$1"
	guest_cpu
	# The lab's own background processes ignore Ctrl-C; those of the guest must not.
	exec env --default-signal=INT,QUIT taskset -c "$CPU" bash "$root/vrfleak/lab.d/guest-init" "$root"
}

# guest_boot GUEST_ROOT: boots in the background; sets GUEST_PID. The run directory holds the job.
guest_boot()
{
	local vehicle flags=(--mount --pid --fork --kill-child)
	vehicle=$(guest_vehicle)
	[ "$vehicle" = uml ] || flags+=(--net --uts --ipc)
	setpriv --pdeathsig KILL unshare "${flags[@]}" -- "$BASH" -c '
		set -euo pipefail
		TOP=$1 RUN_DIR=$2 KERNEL_DIR=$3
		. "$TOP/lab.d/common.sh"
		. "$TOP/lab.d/kernel.sh"
		. "$TOP/lab.d/guest.sh"
		"guest_exec_$4" "$5"' guest "$TOP" "$RUN_DIR" "${KERNEL_DIR:-}" "$vehicle" "$1" <&0 &
	GUEST_PID=$!
}

# guest_wait: waits for the guest within the time limit; returns its exit status, 125 where it has none.
guest_wait()
{
	local limit=${VRFLEAK_TIMEOUT:-$1} start=$SECONDS status
	if [ "$limit" != 0 ]; then
		while kill -0 "$GUEST_PID" 2>/dev/null; do
			if ((SECONDS - start > limit)); then
				kill -KILL "$GUEST_PID" 2>/dev/null || true
				wait "$GUEST_PID" 2>/dev/null || true
				guest_died "the guest was stopped after $limit s (VRFLEAK_TIMEOUT sets this limit)"
				return 125
			fi
			sleep 0.1
		done
	fi
	wait "$GUEST_PID" 2>/dev/null || true
	status=$(cat "$RUN_DIR/status" 2>/dev/null || true)
	if [[ ! $status =~ ^[0-9]+$ ]]; then
		guest_died "the guest died without leaving an exit status"
		return 125
	fi
	return "$status"
}

guest_died()
{
	say "error: $1; from its console:"
	{
		grep -aE 'panic|Out of memory|BUG|cannot|Permission' "$RUN_DIR/console" | head -n 5 || true
		tail -n 8 "$RUN_DIR/console"
	} | tr -d '\r' | sed 's/^/    /' >&2
	say "everything it left is in $RUN_DIR; run it again, with more memory (VRFLEAK_MEM=2G) if it ran out"
}
