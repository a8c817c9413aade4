# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# What every part of the lab shares: messages, progress, locks, and where things lie.
#
# Invariants:
# - Progress and errors go to stderr; stdout belongs to what runs in the guest and to results.
# - Everything the lab makes lies under $CACHE, and each thing there is either complete or not there under
#   its final name (made as NAME.tmp and renamed).
# - Locks are flock(2) on files in $CACHE, or in $MACHINE_LOCKS for what all labs of a machine share, so they end with the
#   process, however it ends. Only root can write in $MACHINE_LOCKS, so that the lab, which runs as root,
#   follows no links of other users.
# Refuses: nothing by itself; die() is how the other parts refuse, in one line that says what to do next.

CACHE=${VRFLEAK_CACHE:-$TOP/.cache}
MACHINE_LOCKS=/run/vrfleak
GUEST_TOP=/run/vrfleak-lab	# a private tmpfs of each guest's mount namespace

say()
{
	printf 'lab: %s\n' "$*" >&2
}

die()
{
	printf 'lab: error: %s\n' "$*" >&2
	exit 1
}

# step TEXT LOG ADVICE COMMAND [ARGS]: says TEXT, runs the command with its output in LOG, says how long it
# took. Where the command (or any command in it, if it is a function) fails: the log's end, ADVICE, the end.
# Not to be called where the result is looked at (if, &&, ||): bash then runs on after a failure inside.
step()
{
	local text=$1 log=$2 advice=$3 start=$SECONDS rc=0
	shift 3
	printf 'lab: %s ... ' "$text" >&2
	(
		"$@"
	) >"$log" 2>&1 </dev/null &
	wait $! || rc=$?
	if [ "$rc" = 0 ]; then
		printf '%d s\n' $((SECONDS - start)) >&2
		return
	fi
	printf 'failed after %d s; the end of %s:\n' $((SECONDS - start)) "$log" >&2
	tail -n 25 "$log" | sed 's/^/    /' >&2
	die "$advice"
}

# lock_begin NAME: waits for the exclusive lock NAME, saying so if it has to wait; sets LOCK_FD.
lock_begin()
{
	mkdir -p "$CACHE"
	exec {LOCK_FD}>>"$CACHE/$1.lock"
	flock --nonblock "$LOCK_FD" && return 0
	say "another lab holds '$1'; waiting for it to finish"
	flock "$LOCK_FD"
}

lock_end()
{
	exec {LOCK_FD}>&-
}

# machine_locks: makes the directory $MACHINE_LOCKS if it is not there; refuses one that is not root's alone.
machine_locks()
{
	mkdir -m 700 "$MACHINE_LOCKS" 2>/dev/null || true
	[ "$(stat -c %F:%u:%a "$MACHINE_LOCKS" 2>/dev/null)" = directory:0:700 ] ||
		die "$MACHINE_LOCKS, for the lab's locks, must be a directory of root's with mode 700; remove it"
}

# The hash of what comes on stdin, short enough for a file name.
short_hash()
{
	sha256sum | cut -c1-16
}

# results_new KIND KEEP: makes $CACHE/results/KIND-DATE-..., sets RESULTS_DIR; of the older ones only the
# KEEP that were written to last stay, and those that a lab still writes to (it holds a lock on the directory as long as it runs).
results_new()
{
	local old fd
	mkdir -p "$CACHE/results"
	RESULTS_DIR=$(mktemp -d "$CACHE/results/$1-$(date +%Y%m%d-%H%M%S)-XXXX")
	chmod 755 "$RESULTS_DIR"
	exec {fd}<"$RESULTS_DIR"
	flock --shared "$fd"
	for old in $(find "$CACHE/results" -maxdepth 1 -name "$1-*" -printf '%T@ %f\n' | sort -rn | sed 's/^[^ ]* //' |
		tail -n +"$(($2 + 1))"); do
		flock --exclusive --nonblock "$CACHE/results/$old" rm -rf "$CACHE/results/$old" 2>/dev/null || true
	done
}
