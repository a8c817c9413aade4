# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The test scenarios of the installation: on a bare root, which has Debian's smallest system and FRR, and what a guest needs to
# boot (BARE_PACKAGES of releases.sh).
#
#	install-packages   the packages, as README.md says: installed, used, removed (tests/install/packages)
#	install-autopkgtest  debian/tests/leak
#	install-upgrades   FRR and the packages come, change and go in every order (tests/install/upgrades)
#	install-source     built on the bare root, as doc/install.md says (tests/install/source)
#
# All of it runs by `./lab test install`; `./lab test --all` has install-packages on one release.
#
# $RELEASE_DIR/bare is the root; bare-frr.deb is FRR's package, and bare-exporter has what the exporter depends on.
#
# Invariants: the bare root is complete or not there, and never changed: guests write into their own memory.
# Refuses: nothing by itself.

# install_names: prints the scenarios.
install_names()
{
	printf '%s\n' install-packages install-autopkgtest install-upgrades install-source
}

bare_bootstrap()
{
	local PACKAGES=("${BARE_PACKAGES[@]}")
	root_prune "$1"
	root_bootstrap "$1"
	rm "$1/etc/apt/sources.list.d/source.list"
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	in_root "$1" bash -euc 'cd /root; mkdir -p exporter/partial; apt-get -q update; apt-get -q download frr
		apt-get -q -y --no-install-recommends --download-only -o Dir::Cache::archives=/root/exporter install python3-prometheus-client'
	mv "$1"/root/frr_*.deb "$RELEASE_DIR/bare-frr.deb"
	rm -rf "$RELEASE_DIR/bare-exporter"
	mkdir "$RELEASE_DIR/bare-exporter"
	mv "$1"/root/exporter/*.deb "$RELEASE_DIR/bare-exporter/"
	rm -r "$1/root/exporter"
	rm -rf "$1"/var/lib/apt/lists/* "$1"/vrfleak-*
	mkdir -p "$1"/vrfleak "$1"/vrfleak-run "$1/usr/lib/modules"
}

# bare_make: makes sure of the bare root of the release at hand; sets BARE_ROOT.
bare_make()
{
	local recipe
	BARE_ROOT=$RELEASE_DIR/bare
	recipe=$( (echo "$SUITE" "${BARE_PACKAGES[@]}"; declare -f root_bootstrap bare_bootstrap) | short_hash)
	[ "$(cat "$BARE_ROOT/$ROOT_STAMP" 2>/dev/null)" != "$recipe" ] || return 0
	lock_begin "bare-${RELEASE_DIR##*/}"
	host_need mmdebstrap mmdebstrap
	host_update
	root_prune "$BARE_ROOT"
	step "unpacking a bare Debian $SUITE with FRR" "$RELEASE_DIR/bare.log" \
		"mmdebstrap failed; check the network and the disk, then run this again" bare_bootstrap "$BARE_ROOT.tmp"
	echo "$recipe" >"$BARE_ROOT.tmp/$ROOT_STAMP"
	mv "$BARE_ROOT.tmp" "$BARE_ROOT"
	lock_end
}

# install_prepare: makes sure of the packages, the bare root and the kernel; sets GUEST_ROOT.
install_prepare()
{
	package_make
	bare_make
	[ "$(guest_vehicle)" != uml ] || kernel_make
	GUEST_ROOT=$BARE_ROOT
}

# install_job NAME: adds to the run directory what such a scenario has besides: packages where README.md says.
install_job()
{
	local to=$RUN_DIR/job/dist/$PACKAGE_DIR
	mkdir -p "$to"
	cp "$PACKAGES_MADE"/{vrfleak,prometheus}*_*.deb "$to/"
	cp -r "$RELEASE_DIR/bare-exporter" "$RUN_DIR/job/exporter"
	rm -f "$to"/*-dbgsym_*
	cp "$RELEASE_DIR/bare-frr.deb" "$RUN_DIR/job/frr.deb"
}

# install_command NAME: prints what runs the scenario in its guest.
install_command()
{
	echo "exec /vrfleak/tests/install/${1#install-} $PACKAGE_DIR"
}

# install_source TREE: makes a copy of the bare root, and builds there as doc/install.md says; the machine's network is there.
install_source()
{
	local heading
	heading=$(sed -n "s/^### \(Debian .*(FRR ${RELEASE_DIR##*/}[.0-9]*)\)$/\1/p" "$TOP/doc/install.md")
	[ -n "$heading" ]
	root_prune "$1"
	cp -a "$BARE_ROOT" "$1"
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	echo 'APT::Get::Assume-Yes "true";' >"$1/etc/apt/apt.conf.d/assume-yes"
	mkdir -p "$1/root/vrfleak"
	(cd "$TOP" && module_files | tar -cf - -T -) | tar -C "$1/root/vrfleak" -xf -
	cp "$TOP/tests/install/lib.sh" "$1/root/"
	in_root "$1" bash -c '
		. /root/lib.sh
		WHERE=/root as_written /root/vrfleak/doc/install.md "$1"' install_source "${heading//[()]/.}"
}

# install_source_root: makes that copy for a scenario; sets GUEST_ROOT.
install_source_root()
{
	GUEST_ROOT=$BUILD_DIR/source-root
	BARE_ROOT=$RELEASE_DIR/bare
	step "building from source on a bare root" "$RUN_DIR/build.log" "that failed" install_source "$GUEST_ROOT"
}
