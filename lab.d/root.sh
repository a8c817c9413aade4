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
		declare -f root_bootstrap root_frr_source root_grpc root_trim
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
	[ -s "$ROOT/opt/frr-grpc/grpc.so" ] || return 1
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

# FRR's own gRPC module, which Debian does not package, and the Python stubs for a client: in /opt/frr-grpc, for the story
# that has it beside ours. Against a configured source tree, or the headers that frr.pc names, with the defines that
# decide their layouts; those are Debian's, which has taken an argument from yang_new_path2() that FRR's own source gives.
root_grpc()
{
	in_root "$1" bash -euc '
		source=$(echo /opt/frr-src/frr-*)
		mkdir -p /opt/frr-grpc/cpp/grpc /opt/frr-grpc/python
		cd /opt/frr-grpc
		plugins() { echo "--grpc_out=$2" "--plugin=protoc-gen-grpc=$(command -v "grpc_$1_plugin")"; }
		protoc -I"$source/grpc" --cpp_out=cpp/grpc $(plugins cpp cpp/grpc) frr-northbound.proto
		protoc -I"$source/grpc" --python_out=python $(plugins python python) frr-northbound.proto
		cp "$source/lib/northbound_grpc.cpp" cpp/
		if [ -f "$source/config.h" ]; then
			flags="-DHAVE_CONFIG_H -include $source/config.h -I$source -I$source/lib"
		else
			flags="$(pkg-config --cflags frr) -I$(pkg-config --variable=includedir frr)/frr/lib"
			for define in NETLINK NETNS PROC_NET_DEV PROC_NET_IF_INET6 SCRIPTING BFDD; do
				flags="$flags -DHAVE_$define"
			done
			flags="$flags -DGNU_LINUX"
			sed -i "s/(LYD_ANYDATA_VALUETYPE)0, //" cpp/northbound_grpc.cpp
		fi
		set -x
		g++ -O1 -fPIC -shared -w -std=gnu++17 -D_GNU_SOURCE -Icpp -Icpp/grpc $flags $(pkg-config --cflags libyang) \
			-o grpc.so cpp/northbound_grpc.cpp cpp/grpc/*.cc $(pkg-config --libs grpc++ protobuf)' root_grpc
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
		step "building FRR's gRPC module" "$log-grpc.log" \
			"FRR's gRPC module does not build; correct root_grpc in lab.d/root.sh" root_grpc "$new"
		root_trim "$new"
		root_recipe >"$new/$ROOT_STAMP"
		root_prune "$ROOT"
		mv "$new" "$ROOT"
	fi
	lock_end
	root_good || die "the root in $ROOT is not usable; see $log-*.log, remove it and run this again"
}
