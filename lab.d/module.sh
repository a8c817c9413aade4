# shellcheck shell=bash disable=SC2016,SC2034
# The module in the root: built from a copy of the checkout's sources, installed into a tree for guests.
#
# $BUILD_DIR/src is the copy, build/ the build directory, guest-HASH/ a copy of the root (hard links, so
# it costs little) with the module, its YANG model and the wrapped vtysh of the sources with that hash.
#
# There are variants of a build, each with a directory of its own: "plain"; "sanitized", in which the module checks its memory
# accesses and undefined behaviour at run time (sanitize.sh); "fuzz", the fuzz targets alone (fuzz.sh); and "package", Debian's
# packages (package.sh).
#
# Invariants:
# - The checkout is only read. In the copy a file is touched only if its content differs, so make rebuilds
#   what changed, and nothing when nothing did.
# - A guest tree never changes once it has its name; it stays while a lab uses it (a shared lock on its stamp).
# Refuses: to start a guest with sources that do not build.

GUEST_STAMP=.vrfleak-guest
BUILD_FILES='^(configure\.ac|Makefile\.am|m4/.*)$'

# module_variant VARIANT: the build that the functions below are about, of the release at hand.
module_variant()
{
	VARIANT=$1
	BUILD_DIR=$RELEASE_DIR
	BUILD_ROOT=$ROOT
	BUILD_OPTIONS=(--enable-werror)
	BUILD_TARGET=all
	[ "$1" = plain ] || BUILD_DIR=$RELEASE_DIR/$1
	case $1 in
	sanitized) BUILD_OPTIONS=(--enable-sanitizers) ;;
	fuzz)
		BUILD_ROOT=$BUILD_DIR/root
		BUILD_OPTIONS=(CC=clang --enable-sanitizers --enable-fuzzer)
		BUILD_TARGET=fuzz-targets
		;;
	package) BUILD_ROOT=$BUILD_DIR/root ;;
	esac
}

# in_root DIR COMMAND ...: runs a command inside a root, with the sources and the build directory there.
in_root()
{
	unshare --mount -- bash -euc '
		root=$1 dirs=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		for dir in src build; do
			mkdir -p "$dirs/$dir" "$root/vrfleak-$dir"
			mount --bind "$dirs/$dir" "$root/vrfleak-$dir"
		done
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			${http_proxy:+"http_proxy=$http_proxy"} chroot "$root" "$@"' in_root "$1" "$BUILD_DIR" "${@:2}"
}

# module_files: prints the checkout's files that the build is made of, sorted.
module_files()
{
	{
		git -C "$TOP" -c safe.directory='*' ls-files -co --exclude-standard 2>/dev/null ||
			(cd "$TOP" && find . -type f -not -path './.cache/*' -not -path './.git/*' -printf '%P\n')
	} | grep -Ev '^(lab$|lab\.d/|dist/|debian/|tests/install/|\.ci/|\.git|topotests/|bench/|doc/refresh$)' | LC_ALL=C sort |
		while IFS= read -r file; do [ ! -f "$TOP/$file" ] || printf '%s\n' "$file"; done
}

# module_hash FILES: of names and contents, and of the root they are built in.
module_hash()
{
	{
		cat "$ROOT/$ROOT_STAMP"
		declare -f module_variant module_build module_install sanitize_install
		(cd "$TOP" && tr '\n' '\0' | xargs -0 -r sha256sum)
	} | short_hash
}

# module_sync FILES: makes src equal to the checkout, touching only what differs.
module_sync()
{
	local file src=$BUILD_DIR/src
	mkdir -p "$src"
	while IFS= read -r file; do
		cmp -s "$TOP/$file" "$src/$file" && continue
		mkdir -p "$src/$(dirname "$file")"
		cp -p "$TOP/$file" "$src/$file"
		touch "$src/$file"
	done <<<"$1"
	if [ -e "$src/.files" ]; then
		LC_ALL=C comm -23 "$src/.files" <(printf '%s\n' "$1") | while IFS= read -r file; do
			rm -f "$src/$file"
		done
	fi
	printf '%s\n' "$1" >"$src/.files"
}

# module_build FILES: as a user would, in the root; from nothing where the build's own files have changed.
module_build()
{
	local build=$BUILD_DIR/build hash options=("${BUILD_OPTIONS[@]}")
	[ "$FRR_HEADERS" != source ] || options+=(--with-frr-source="$(frr_source)")
	hash=$(grep -E "$BUILD_FILES" <<<"$1" | module_hash)
	if [ "$(cat "$build/.configured" 2>/dev/null)" != "$hash" ] || [ -e "$build/.running" ]; then
		rm -rf "$build" "$BUILD_DIR/src"
		module_sync "$1"
		in_root "$BUILD_ROOT" bash -euc '
			cd /vrfleak-src && autoreconf -i
			cd /vrfleak-build && /vrfleak-src/configure "$@"' configure "${options[@]}"
		echo "$hash" >"$build/.configured"
	fi
	module_sync "$1"
	build_make "$BUILD_TARGET"
}

# build_make TARGET ...: make in the build directory. The mark .running stays where make was killed: what it left
# half-written looks finished to the next make, which therefore begins anew.
build_make()
{
	local rc=0 mark=$BUILD_DIR/build/.running
	: >"$mark"
	in_root "$BUILD_ROOT" make -j"$(nproc)" -C /vrfleak-build "$@" || rc=$?
	rm -f "$mark"
	return "$rc"
}

# module_install TREE: a copy of the root with the module.
module_install()
{
	root_prune "$1"
	cp -al "$ROOT" "$1"
	mkdir -p "$1"/{vrfleak,vrfleak-run} "$1/usr/lib/modules"
	in_root "$1" make -C /vrfleak-build install
	in_root "$1" make -C /vrfleak-build install-vtysh-wrapper
	[ "$VARIANT" != sanitized ] || sanitize_install "$1"
	[ -s "$1/usr/lib/x86_64-linux-gnu/frr/modules/zebra_vrfleak.so" ]
}

# module_use TREE: takes the tree for as long as this lab runs; fails if it is not there (any more).
module_use()
{
	local fd
	[ -e "$1/$GUEST_STAMP" ] || return 1
	exec {fd}<"$1/$GUEST_STAMP"
	flock --shared "$fd"
	[ -e "$1/$GUEST_STAMP" ] && GUEST_ROOT=$1
}

# module_forget: removes the trees of older sources that no lab uses, and what an interrupted lab left.
module_forget()
{
	local tree
	root_prune "$BUILD_DIR"/guest-*.old
	for tree in "$BUILD_DIR"/guest-*; do
		[[ -d $tree && $tree != "$1" ]] || continue
		if [ -e "$tree/$GUEST_STAMP" ]; then
			flock --exclusive --nonblock "$tree/$GUEST_STAMP" mv "$tree" "$tree.old" || continue
			tree=$tree.old
		fi
		root_prune "$tree"
	done
}

# module_make: builds and installs where needed; sets GUEST_ROOT.
module_make()
{
	local files tree log=$BUILD_DIR/module
	[ -e "$TOP/configure.ac" ] || die "there is no configure.ac in $TOP; the lab needs the whole checkout"
	if [ "${VRFLEAK_MODULE:-yes}" = none ]; then
		GUEST_ROOT=$ROOT
		return
	fi
	mkdir -p "$BUILD_DIR"
	files=$(module_files)
	tree=$BUILD_DIR/guest-$(module_hash <<<"$files")
	module_use "$tree" && return 0
	lock_begin "module-${RELEASE_DIR##*/}-$VARIANT"
	if ! module_use "$tree"; then
		step "building the module" "$log-build.log" \
			"the module does not build; correct that and run this again" module_build "$files"
		step "installing the module" "$log-install.log" \
			"the module could not be installed; correct that and run this again" module_install "$tree.tmp"
		: >"$tree.tmp/$GUEST_STAMP"
		mv "$tree.tmp" "$tree"
		module_use "$tree"
		module_forget "$tree"
	fi
	lock_end
}
