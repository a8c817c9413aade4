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
LOCK_FDS=()
STEP_OF=
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

# step_begin TEXT, step_end RESULT: says what is being done, and how it went, in one line. With STEP_OF (a release) set, other
# steps are done at the same time: the line is printed in the end, with STEP_OF before it.
step_begin()
{
	STEP_START=$SECONDS
	STEP_TEXT=$1
	[ -n "$STEP_OF" ] || printf 'lab: %s ... ' "$1" >&2
}

step_end()
{
	if [ -n "$STEP_OF" ]; then
		say "$STEP_OF: $STEP_TEXT: $1"
	else
		printf '%s\n' "$1" >&2
	fi
}

# step TEXT LOG ADVICE COMMAND [ARGS]: says TEXT, runs the command with its output in LOG, says how long it
# took. Where the command (or any command in it, if it is a function) fails: the log's end, ADVICE, the end.
# Not to be called where the result is looked at (if, &&, ||): bash then runs on after a failure inside.
step()
{
	local log=$2 advice=$3 rc=0
	step_begin "$1"
	shift 3
	(
		"$@"
	) >"$log" 2>&1 </dev/null &
	wait $! || rc=$?
	if [ "$rc" = 0 ]; then
		step_end "$((SECONDS - STEP_START)) s"
		return
	fi
	step_end "failed after $((SECONDS - STEP_START)) s; the end of $log:"
	tail -n 25 "$log" | sed 's/^/    /' >&2
	die "$advice"
}

# lock_begin NAME: waits for the exclusive lock NAME, saying so if it has to wait.
lock_begin()
{
	local fd
	mkdir -p "$CACHE"
	exec {fd}>>"$CACHE/$1.lock"
	LOCK_FDS+=("$fd")
	flock --nonblock "$fd" && return 0
	say "waiting for '$1', which another lab, or another release's preparation, is at"
	flock "$fd"
}

# lock_end: releases the lock that was taken last.
lock_end()
{
	local fd=${LOCK_FDS[-1]}
	unset 'LOCK_FDS[-1]'
	exec {fd}>&-
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
