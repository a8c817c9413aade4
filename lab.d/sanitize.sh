# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# Guests in which Debian's own zebra and mgmtd load a module that was built with gcc's address and undefined-behaviour
# sanitizers.
#
# In such a guest the two daemons are in /usr/lib/frr/unwrapped, and a script replaces each of them. It preloads the
# sanitizer's library, which must come before all others, and sets where reports go. vtysh and the tests run without it.
# lab.d/sanitizer-report checks the reports after each test scenario.
#
# Invariants:
# - The daemons are Debian's, unmodified. What is checked is each memory access of the module, and what libfrr, libyang and
#   the C library do with allocated memory where the sanitizer intercepts it (memcpy, strlen, free ...).
# - Every report fails the test scenario, except for memory leaks in which no function of a module of this project takes part.
# Refuses: a kernel whose processes have too small an address space (user-mode-linux before Linux 6.13).

SANITIZE_LOGS=/var/lib/vrfleak-sanitizer

# The sanitized test scenarios that "lab test" always runs, on the default release: configuration and bad input, and VRFs,
# interfaces and daemons that are added and removed.
SANITIZE_ALWAYS=(planted-faults vrfleak_input)

# sanitize_wrapper NAME: prints the script that starts a daemon. Its /proc/PID/cmdline must be that of the daemon, because
# the tests use it to start a daemon again.
sanitize_wrapper()
{
	cat <<-END
		#!/bin/bash
		export ASAN_OPTIONS=log_path=$SANITIZE_LOGS/$1:handle_segv=2:handle_sigill=2:handle_sigfpe=2
		ASAN_OPTIONS+=:quarantine_size_mb=16:malloc_context_size=12
		export LD_PRELOAD=libasan.so.8
		exec -a "\$0" /usr/lib/frr/unwrapped/$1 "\$@"
	END
}

# sanitize_install TREE: installs those scripts, and the module with planted faults.
sanitize_install()
{
	local name dir=$1/usr/lib/frr
	in_root "$1" make -C /vrfleak-build tests/zebra_planted.la
	cp "$BUILD_DIR/build/tests/.libs/zebra_planted.so" "$1/usr/lib/x86_64-linux-gnu/frr/modules/"
	mkdir -p "$dir/unwrapped"
	# The daemons write reports as the user frr.
	mkdir -m 1777 "$1$SANITIZE_LOGS"
	for name in zebra mgmtd; do
		[ -e "$dir/$name" ] || continue
		mv "$dir/$name" "$dir/unwrapped/"
		sanitize_wrapper "$name" >"$dir/$name"
		chmod 755 "$dir/$name"
	done
}

# sanitize_impossible: prints why no sanitized guest runs here; fails where one does.
sanitize_impossible()
{
	[ "$(guest_vehicle)" = uml ] && [ -z "${KERNEL_DIR:-}" ] || return 1
	echo "the address sanitizer needs more address space than processes have on this machine's user-mode-linux"
}
