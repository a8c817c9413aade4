# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The root: a directory tree with Debian, its FRR, FRR's configured source and all tools, per FRR release.
#
# Invariants:
# - $ROOT is complete or not there: it grows as root.tmp, gets its stamp last and is then renamed.
# - The stamp is a hash of the recipe (packages and the functions below): another recipe, another root.
# - $ROOT is never changed afterwards; guests run on copies (hard links) that have the module in them.
# Refuses: to begin with less than 3 GB of free disk.

ROOT_STAMP=.vrfleak-root

# root_recipe: prints the hash of everything that shapes a root.
root_recipe()
{
	{
		echo "$SUITE"
		printf '%s\n' "${PACKAGES[@]}" "$FRR_HEADERS" "$FRR_GENERATE"
		release_apt_options "$SUITE"
		declare -f root_bootstrap root_frr_source root_trim
	} | short_hash
}

# root_good: a cheap look at whether the root is there, whole, and made by this recipe.
root_good()
{
	local file
	[ "$(cat "$ROOT/$ROOT_STAMP" 2>/dev/null)" = "$(root_recipe)" ] || return 1
	for file in usr/lib/frr/zebra usr/bin/vtysh usr/bin/python3 usr/bin/gcc usr/bin/autoreconf; do
		[ -x "$ROOT/$file" ] || return 1
	done
	[ -d "$ROOT/$(frr_source)/tests/topotests" ] || return 1
	[ "$FRR_HEADERS" != source ] || [ -s "$ROOT/$(frr_source)/lib/route_types.h" ]
}

# frr_source: prints where in the root FRR's source is.
frr_source()
{
	local dir
	for dir in "$ROOT/opt/frr-src"/frr-*/; do
		[ -s "$dir/configure.ac" ] || continue
		dir=${dir%/}
		echo "${dir#"$ROOT"}"
		return 0
	done
	return 1
}

root_bootstrap()
{
	local include sources option options=()
	include=$(IFS=,; echo "${PACKAGES[*]}")
	while IFS= read -r option; do
		options+=(--aptopt="$option")
	done < <(release_apt_options "$SUITE"; host_proxy_option)
	mapfile -t sources < <(host_sources "$SUITE")
	mmdebstrap --variant=minbase --include="$include" "${options[@]}" \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		"$SUITE" "$1" "${sources[@]}"
	sed 's/^deb /deb-src /' "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/source.list"
}

# FRR's own source: for its topotest library, and configured as the package was where it has the headers.
root_frr_source()
{
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	in_root "$1" bash -euc '
		mkdir -p /opt/frr-src
		cd /opt/frr-src
		apt-get -q update
		headers=$1 generate=$2 options=
		[ "$headers" = source ] || options=--tar-only
		apt-get -q $options source "frr=$(dpkg-query -W -f "\${source:Version}" frr)"
		[ "$headers" = source ] || { tar -xf frr_*.orig.tar.*; exit 0; }
		cd frr-*/
		[ -e configure ] || autoreconf -i
		eval "set -- $(/usr/lib/frr/zebra --version | sed "1,/^configured with/d")"
		for arg; do
			shift
			case $arg in
			--enable-doc* | --enable-snmp | --enable-rpki) ;;
			*) set -- "$@" "$arg" ;;
			esac
		done
		./configure "$@" PYTHON=python3
		make $generate' frr_source "$FRR_HEADERS" "$FRR_GENERATE"
}

root_trim()
{
	rm -rf "$1"/opt/frr-src/*.tar.* "$1"/opt/frr-src/*.dsc "$1"/opt/frr-src/frr-*/autom4te.cache
	rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*
	mkdir -p "$1/var/cache/apt/archives/partial" "$1/var/log/frr"
	mkdir -p "$1"/vrfleak "$1"/vrfleak-run "$1/usr/lib/modules"
	chroot "$1" chown frr:frr /var/log/frr
}

# root_prune DIR ...: removes trees, without ever following a mount into somewhere else.
root_prune()
{
	rm -rf --one-file-system "$@" || die "cannot remove $*; look what is mounted or running there (findmnt)"
}

root_space()
{
	local free
	free=$(df --output=avail -k "$RELEASE_DIR" | tail -n 1)
	((free > 3000000)) ||
		die "only $((free / 1000)) MB free in $RELEASE_DIR, 3000 are needed; make room or set VRFLEAK_CACHE"
}

# root_make: makes sure that a good root is there.
root_make()
{
	local new=$ROOT.tmp log=$RELEASE_DIR/root
	mkdir -p "$RELEASE_DIR"
	root_good && return 0
	lock_begin "root-${RELEASE_DIR##*/}"
	if ! root_good; then
		say "making the root for FRR ${RELEASE_DIR##*/} (Debian $SUITE); this happens once and takes some minutes"
		root_space
		root_prune "$new"
		host_need mmdebstrap mmdebstrap
		host_update
		step "unpacking Debian $SUITE with FRR and the tools" "$log-debian.log" \
			"mmdebstrap failed; check the network and the disk, then run this again" root_bootstrap "$new"
		step "configuring FRR's source" "$log-frr.log" \
			"FRR's source could not be prepared; check the network, then run this again" root_frr_source "$new"
		root_trim "$new"
		root_recipe >"$new/$ROOT_STAMP"
		root_prune "$ROOT"
		mv "$new" "$ROOT"
	fi
	lock_end
	root_good || die "the root in $ROOT is not usable; see $log-*.log, remove it and run this again"
}
