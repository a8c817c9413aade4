# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The kernel of user-mode-linux guests: Debian testing's, which runs guests two to three times as fast as that of
# Debian 12; where it cannot be had or does not boot here, the machine's own package user-mode-linux.
#
# $CACHE/kernel/ has testing's user-mode-linux and the libc it was built for, unpacked and not installed: it is
# started with that directory as its root, so the machine's libc does not matter.
#
# Invariants:
# - $CACHE/kernel is complete and has booted here once, or is not there; it never changes afterwards.
# - All releases' guests run on the same kernel; what they see of it is the same whichever it is, but for speed.
# Refuses: nothing; what is wrong with the newer kernel is said in one line, and the other one is used.

KERNEL_STAMP=.vrfleak-kernel

kernel_recipe()
{
	{
		declare -f kernel_fetch kernel_boots kernel_mounts kernel_command
		release_apt_options testing
	} | short_hash
}

# kernel_use: sets KERNEL_DIR to the newer kernel's directory; fails where it is not there.
kernel_use()
{
	[ "$(cat "$CACHE/kernel/$KERNEL_STAMP" 2>/dev/null)" = "$(kernel_recipe)" ] || return 1
	KERNEL_DIR=$CACHE/kernel
}

# kernel_mounts DIR: in the guest's own mount namespace; makes DIR a root to start the kernel in, in which $GUEST_TOP has
# the same path as on the machine.
kernel_mounts()
{
	[ -n "$1" ] || return 0
	mount --rbind /dev "$1/dev"
	mount --rbind /proc "$1/proc"
	mount --rbind "$GUEST_TOP" "$1$GUEST_TOP"
}

# kernel_command DIR: prints, a word a line, how the kernel in DIR is started after kernel_mounts; that of the machine
# where DIR is empty.
kernel_command()
{
	if [ -n "$1" ]; then
		printf '%s\n' chroot "$1" /usr/bin/linux.uml seccomp=auto
	else
		echo linux.uml
	fi
}

# kernel_modules DIR: prints where its modules are.
kernel_modules()
{
	echo "$1/usr/lib/uml/modules"
}

kernel_fetch()
{
	local sources option options=()
	while IFS= read -r option; do
		options+=(--aptopt="$option")
	done < <(release_apt_options testing; host_proxy_option)
	mapfile -t sources < <(host_sources testing)
	mmdebstrap --variant=extract --include=user-mode-linux,libc6 "${options[@]}" testing "$1" "${sources[@]}" &&
		rm -rf "$1"/var "$1"/usr/share && mkdir -p "$1"/{dev,proc} "$1$GUEST_TOP" && ln -s usr/lib64 "$1/lib64" &&
		[ -x "$1/usr/bin/linux.uml" ] && [ -d "$(kernel_modules "$1")" ]
}

# kernel_boots DIR: boots it with /bin/true as process 1, whose end is the kernel's; prints its console.
kernel_boots()
{
	timeout 60 unshare --mount -- "$BASH" -euc '
		TOP=$1 root=$2 dir=$3
		. "$TOP/lab.d/common.sh"
		. "$TOP/lab.d/kernel.sh"
		mkdir -p "$GUEST_TOP"
		mount -t tmpfs vrfleak-lab "$GUEST_TOP"
		mkdir "$GUEST_TOP/root"
		mount --bind "$root" "$GUEST_TOP/root"
		kernel_mounts "$dir"
		mapfile -t command < <(kernel_command "$dir")
		export TMPDIR=$GUEST_TOP
		"${command[@]}" mem=128M "uml_dir=$GUEST_TOP/" root=/dev/root rootfstype=hostfs \
			"rootflags=$GUEST_TOP/root" ro init=/bin/true panic=-1 con=null con0=null,fd:1
		' kernel "$TOP" "$ROOT" "$1" </dev/null 2>&1 | tee "$1/console" || true
	grep -q 'Attempted to kill init! exitcode=0x00000000' "$1/console"
}

# kernel_try DIR: fetches and tries it; its stamp is there only if all went well.
kernel_try()
{
	kernel_fetch "$1" && kernel_boots "$1" && kernel_recipe >"$1/$KERNEL_STAMP"
}

# kernel_make: makes sure of a kernel; sets KERNEL_DIR, empty for the machine's own package. Wants a root.
kernel_make()
{
	local new=$CACHE/kernel.tmp log=$CACHE/kernel.log
	KERNEL_DIR=
	if [ "${VRFLEAK_KERNEL:-auto}" = auto ]; then
		kernel_use && return 0
		lock_begin kernel
		if ! kernel_use; then
			host_need mmdebstrap mmdebstrap
			root_prune "$new"
			step_begin "unpacking a faster user-mode-linux kernel"
			if kernel_try "$new" >"$log" 2>&1 </dev/null; then
				step_end "$((SECONDS - STEP_START)) s"
				root_prune "$CACHE/kernel"
				mv "$new" "$CACHE/kernel"
				kernel_use
			else
				step_end "not to be had ($log says why); using the slower one of this machine"
				root_prune "$new"
			fi
		fi
		lock_end
	fi
	[ -n "$KERNEL_DIR" ] || host_need linux.uml user-mode-linux
}
