# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# "lab package": Debian packages for the FRR of a release, made in a copy of that release's root.
#
# $RELEASE_DIR/package/root is the copy (hard links), with debhelper and lintian; made-HASH/ has the packages of the sources with
# that hash, and what lintian says of them. Packages go from there to dist/ in the checkout, in a directory a release.
#
# Invariants:
# - The checkout is only read, except for dist/.
# - Two builds of the same sources give the same bytes; --twice builds twice and compares.
# - lintian says nothing of packages that are made.
# Refuses: sources that do not build, packages of which lintian complains, packages that differ between two builds.

PACKAGE_TWICE=

# package_options [--frr VERSION] [--twice]: reads the command line; sets PACKAGE_RELEASES and PACKAGE_TWICE.
package_options()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--frr) [ $# -ge 2 ] || die "--frr wants a version, for example --frr $FRR_DEFAULT"; PACKAGE_RELEASES=("$2"); shift ;;
		--frr=*) PACKAGE_RELEASES=("${1#--frr=}") ;;
		--twice) PACKAGE_TWICE=yes ;;
		*) die "'package' has no option $1; see: ./lab help" ;;
		esac
		shift
	done
}

# package_files: prints the checkout's files that packages are made of, sorted.
package_files()
{
	{
		module_files
		cd "$TOP" && find debian -type f ! -path debian/control ! -name '*~'
	} | LC_ALL=C sort
}

# package_build: builds them in $BUILD_DIR/build, from nothing.
package_build()
{
	local source=
	[ "$FRR_HEADERS" != source ] || source=$(frr_source)
	rm -rf "$BUILD_DIR/build"
	in_root "$BUILD_ROOT" bash -euc '
		suffix=$1 suite=$2
		[ -z "$3" ] || export VRFLEAK_FRR_SOURCE=$3
		cp -r /vrfleak-src /vrfleak-build/vrfleak
		cd /vrfleak-build/vrfleak
		rm .files
		sed -i "1s/^\(.*\)) unstable;/\1$suffix) $suite;/" debian/changelog
		debian/rules debian/control
		DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage --build=binary --no-sign' \
		package_build "$PACKAGE_SUFFIX" "${SUITE/testing/unstable}" "$source"
}

# package_lint: prints what lintian says of the packages; fails where it complains.
package_lint()
{
	in_root "$BUILD_ROOT" bash -c 'lintian --allow-root --tag-display-limit 0 --info --fail-on error,warning /vrfleak-build/*.changes'
}

# package_sums: prints names and hashes of the packages that were built.
package_sums()
{
	(cd "$BUILD_DIR/build" && sha256sum ./*.deb)
}

# package_compare SUMS: builds once more, and fails where a package differs from those of the first time.
package_compare()
{
	package_build
	diff -u <(echo "$1") <(package_sums)
}

# package_make: makes sure of the packages of the release at hand; sets PACKAGES_MADE, where they are.
package_make()
{
	local files sums log
	root_make small
	module_variant package
	mkdir -p "$BUILD_DIR"
	log=$BUILD_DIR/package
	lock_begin "module-${RELEASE_DIR##*/}-package"
	root_copy build-essential debhelper lintian po-debconf check
	files=$(package_files)
	PACKAGES_MADE=$BUILD_DIR/made-$( (declare -f package_build; echo "$PACKAGE_SUFFIX") | cat - <(module_hash <<<"$files") | short_hash)
	if [ ! -d "$PACKAGES_MADE" ] || [ "$PACKAGE_TWICE" ]; then
		module_sync "$files"
		step "building packages for FRR ${RELEASE_DIR##*/} (Debian $SUITE)" "$log-build.log" \
			"the packages do not build; correct that and run this again" package_build
		sums=$(package_sums)
		step "checking them with lintian" "$log-lintian.log" "lintian complains; correct that and run this again" package_lint
		[ -z "$PACKAGE_TWICE" ] || step "building them once more" "$log-twice.log" \
			"the packages are not reproducible; compare them with diffoscope" package_compare "$sums"
		root_prune "$BUILD_DIR"/made-*
		mkdir "$PACKAGES_MADE.tmp"
		cp "$BUILD_DIR"/build/*.deb "$PACKAGES_MADE.tmp/"
		mv "$PACKAGES_MADE.tmp" "$PACKAGES_MADE"
	fi
	lock_end
}

command_package()
{
	local release to deb
	for release in "${PACKAGE_RELEASES[@]}"; do
		release_set "$release"
		package_make
		to=$TOP/dist/$PACKAGE_DIR
		rm -rf "$to"
		mkdir -p "$to/debug"
		cp "$PACKAGES_MADE"/*.deb "$to/"
		mv "$to"/*-dbgsym_* "$to/debug/"
		for deb in "$to"/*.deb; do
			echo "${deb#"$TOP"/}"
		done
	done
}
