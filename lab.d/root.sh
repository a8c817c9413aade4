# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The root: a directory tree with Debian, its FRR, FRR's configured source and all tools, per FRR release.
#
# There are two kinds. The small root is enough for "demo", "shell" and "run": FRR, and what builds the module. The full
# root also has what tests and benchmarks need; it is made from the small one, and then used for everything.
#
# Invariants:
# - $ROOT is complete or not there: it grows as root.tmp, gets its stamp last and is then renamed.
# - The stamp is a hash of the recipe (packages and the functions below): another recipe, another root.
# - $ROOT is never changed afterwards; guests run on copies (hard links) that have the module in them. A full root is a new
#   tree that takes the small one's place.
# Refuses: to begin with less than 3 GB of free disk.

ROOT_STAMP=.vrfleak-root

# root_recipe small|full: prints the hash of everything that shapes such a root.
root_recipe()
{
	{
		echo "$SUITE"
		printf '%s\n' "${PACKAGES[@]}" "$FRR_HEADERS" "$FRR_GENERATE"
		release_apt_options "$SUITE"
		declare -f root_bootstrap root_source root_configure root_trim
		[ "$1" = small ] || printf '%s\n' "${TEST_PACKAGES[@]}"
		[ "$1" = small ] || declare -f root_add_packages root_grpc root_extend
	} | short_hash
}

# root_good small|full [DIR]: a cheap look at whether DIR ($ROOT) is whole, and by this recipe. A full one is good as a small one.
root_good()
{
	local file root=${2:-$ROOT} stamp files=(usr/lib/frr/zebra usr/bin/vtysh usr/bin/gcc usr/bin/autoreconf)
	stamp=$(cat "$root/$ROOT_STAMP" 2>/dev/null) || return 1
	if [ "$stamp" = "$(root_recipe full)" ]; then
		files+=(usr/bin/pytest-3 opt/frr-grpc/grpc.so)
		[ -d "$root/$(frr_source "$root")/tests/topotests" ] || return 1
	elif [ "$1" = full ] || [ "$stamp" != "$(root_recipe small)" ]; then
		return 1
	fi
	for file in "${files[@]}"; do
		[ -x "$root/$file" ] || return 1
	done
	[ "$FRR_HEADERS" != source ] || [ -s "$root/$(frr_source "$root")/lib/route_types.h" ]
}

# frr_source [DIR]: prints where in the root DIR ($ROOT) FRR's source is.
frr_source()
{
	local dir root=${1:-$ROOT}
	for dir in "$root/opt/frr-src"/frr-*/; do
		[ -s "$dir/configure.ac" ] || continue
		dir=${dir%/}
		echo "${dir#"$root"}"
		return 0
	done
	return 1
}

root_bootstrap()
{
	local include sources option dir options=()
	include=$(IFS=,; echo "${PACKAGES[*]}")
	while IFS= read -r option; do
		options+=(--aptopt="$option")
	done < <(release_apt_options "$SUITE"; host_proxy_option)
	mapfile -t sources < <(host_sources "$SUITE")
	for dir in man locale doc info; do
		options+=(--dpkgopt="path-exclude=/usr/share/$dir/*")
	done
	mmdebstrap --variant=minbase --include="$include" --dpkgopt=force-unsafe-io "${options[@]}" \
		"$SUITE" "$1" "${sources[@]}"
	sed 's/^deb /deb-src /' "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/source.list"
}

# FRR's own source, for its headers and its topotest library.
root_source()
{
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	in_root "$1" bash -euc '
		mkdir -p /opt/frr-src
		cd /opt/frr-src
		apt-get -q update -o Dir::Etc::SourceList=/etc/apt/sources.list.d/source.list -o Dir::Etc::SourceParts=-
		options=
		[ "$1" = source ] || options=--tar-only
		apt-get -q $options source "frr=$(dpkg-query -W -f "\${source:Version}" frr)"
		[ "$1" = source ] || tar -xf frr_*.orig.tar.*' root_source "$FRR_HEADERS"
}

# Configures FRR's source as the package was.
root_configure()
{
	in_root "$1" bash -euc '
		generate=$1
		cd /opt/frr-src/frr-*/
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
		make $generate' root_configure "$FRR_GENERATE"
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

# root_add_packages DIR PACKAGE ...
root_add_packages()
{
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	in_root "$1" apt-get -q update
	in_root "$1" apt-get -q install -y --no-install-recommends "${@:2}"
}

# root_extend DIR: makes a small root a full one.
root_extend()
{
	root_add_packages "$1" "${TEST_PACKAGES[@]}"
	[ "$FRR_HEADERS" = source ] || root_source "$1"
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

# root_new_small DIR: makes a small root there.
root_new_small()
{
	local kernel log=$RELEASE_DIR/root
	say "preparing Debian $SUITE with FRR ${RELEASE_DIR##*/} in $CACHE; this happens once and takes a few minutes"
	root_space
	host_need mmdebstrap mmdebstrap
	host_update
	step "unpacking Debian $SUITE with FRR" "$log-debian.log" \
		"mmdebstrap failed; check the network and the disk, then run this again" root_bootstrap "$1"
	root_kernel "$1" >/dev/null 2>&1 </dev/null &
	kernel=$!
	if [ "$FRR_HEADERS" = source ]; then
		step "fetching FRR's source" "$log-source.log" \
			"FRR's source cannot be had; check the network, then run this again" root_source "$1"
		step "configuring FRR's source" "$log-configure.log" \
			"FRR's source cannot be configured; correct root_configure in lab.d/root.sh" root_configure "$1"
	fi
	wait "$kernel" || true
	root_finish "$1" small
}

# root_kernel DIR: makes the guests' kernel on another CPU meanwhile, if they need one; prepare() says what went wrong.
root_kernel()
{
	ROOT=$1
	[ "$(guest_vehicle)" != uml ] || kernel_make
}

# root_link DIR: makes a copy (hard links) of the root, to add packages to. Locks are held on a file, whatever its name: the
# copy gets lock files of its own, so that two copies can be filled at the same time.
root_link()
{
	cp -al "$ROOT" "$1"
	rm -f "$1"/var/lib/dpkg/lock* "$1"/var/lib/apt/lists/lock "$1"/var/cache/apt/archives/lock "$1"/var/cache/debconf/*.lock
}

# root_new_full DIR: makes a full root there, from the small one.
root_new_full()
{
	local log=$RELEASE_DIR/root
	root_space
	root_link "$1"
	step "installing what tests need, for FRR ${RELEASE_DIR##*/}" "$log-extend.log" \
		"packages could not be installed; check the network and the disk, then run this again" root_extend "$1"
	step "building FRR's gRPC module" "$log-grpc.log" \
		"FRR's gRPC module does not build; correct root_grpc in lab.d/root.sh" root_grpc "$1"
	root_finish "$1" full
}

# root_finish DIR small|full: the last of each.
root_finish()
{
	root_trim "$1"
	rm -f "$1/$ROOT_STAMP"
	root_recipe "$2" >"$1/$ROOT_STAMP"
	root_prune "$ROOT"
	mv "$1" "$ROOT"
}

root_copy_make()
{
	root_prune "$BUILD_ROOT"
	root_link "$BUILD_ROOT"
	root_add_packages "$BUILD_ROOT" "$@"
}

# root_copy PACKAGE ...: makes sure of $BUILD_ROOT, a copy of the root (hard links) with more packages.
root_copy()
{
	local stamp=$BUILD_DIR/root-stamp recipe
	recipe=$( (cat "$ROOT/$ROOT_STAMP"; echo "$@"; declare -f root_link root_copy_make root_add_packages) | short_hash)
	[ "$(cat "$stamp" 2>/dev/null)" != "$recipe" ] || return 0
	rm -f "$stamp"
	step "installing $* in a copy of the root" "$BUILD_DIR/root.log" \
		"packages could not be installed; check the network, then run this again" root_copy_make "$@"
	echo "$recipe" >"$stamp"
}

# root_adopt small|full DIR: takes the root of another worktree of this checkout, by hard links.
root_adopt()
{
	local tree other
	git -C "$TOP" -c safe.directory='*' worktree list --porcelain 2>/dev/null | sed -n 's/^worktree //p' |
		while IFS= read -r tree; do
			other=$tree/.cache
			[[ $other != "$CACHE" ]] && root_good "$1" "$other/${ROOT#"$CACHE/"}" || continue
			# Under its lock, so that nobody replaces it meanwhile.
			flock --nonblock "$other/root-${RELEASE_DIR##*/}.lock" cp -al "$other/${ROOT#"$CACHE/"}" "$2" 2>/dev/null &&
				root_good "$1" "$2" && echo "$tree" && break
			root_prune "$2"
		done || true
}

# root_make small|full: makes sure that such a root, or a better one, is there.
root_make()
{
	local new=$ROOT.tmp from
	mkdir -p "$RELEASE_DIR"
	root_good "$1" && return 0
	lock_begin "root-${RELEASE_DIR##*/}"
	if ! root_good "$1"; then
		root_prune "$new"
		from=$(root_adopt "$1" "$new")
		if [ -n "$from" ]; then
			say "taking the root for FRR ${RELEASE_DIR##*/} from the worktree $from"
			root_prune "$ROOT"
			mv "$new" "$ROOT"
		else
			root_good small || root_new_small "$new"
			[ "$1" = small ] || root_new_full "$new"
		fi
	fi
	lock_end
	root_good "$1" || die "the root in $ROOT is not usable; see $RELEASE_DIR/root-*.log, remove it and run this again"
}
