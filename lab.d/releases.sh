# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The table of FRR releases that the lab knows, one row each, and what follows from a row.
#
# Invariant: everything that differs between releases in the lab is in this table; no other part asks for the
# release's number.
# Refuses: a release that is not in the table.

FRR_DEFAULT=10.3
FRR_RELEASES=(8.4 10.3 10.7)

# release_apt_options SUITE: prints the apt options that a Debian suite needs, a line each.
release_apt_options()
{
	case $1 in
	# Its Release file may be past its date.
	testing) echo 'Acquire::Check-Valid-Until "false"' ;;
	esac
}

# release_set VERSION: sets SUITE (Debian's), PACKAGES (what the demonstration needs), TEST_PACKAGES (what tests and benchmarks
# need besides), where FRR's headers come from (FRR_HEADERS: source, a configured
# source tree, for which FRR_GENERATE is made; or package, a package with frr.pc), why FRR's own topotest harness cannot run as
# it is (NO_HARNESS; empty where it can), how packages for it are named (PACKAGE_SUFFIX, of the version; PACKAGE_DIR, in dist/),
# what a guest on a bare root needs besides FRR (BARE_PACKAGES), and the directories.
release_set()
{
	PACKAGES=(
		# the router and what a person looks at it with
		frr frr-pythontools iproute2 iputils-ping tcpdump kmod procps less
		# FRR's configure, and the module's build
		ca-certificates gcc make libc6-dev dpkg-dev autoconf automake libtool pkg-config
		libjson-c-dev libcap-dev libelf-dev libprotobuf-c-dev
		protobuf-c-compiler libreadline-dev libpam0g-dev bison flex python3-dev libc-ares-dev
	)
	TEST_PACKAGES=(
		# the unit tests and the topotests
		check python3-pytest python3-pexpect gdb
		# the exporter
		python3-prometheus-client
		# FRR's gRPC module, and a client in Python
		g++ libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc python3-grpcio
		python3-protobuf
		# the benchmarks, and whom they are beside
		bird2 python3-pyroute2 valgrind
	)
	FRR_HEADERS=source
	FRR_GENERATE=lib/route_types.h
	NO_HARNESS=
	BARE_PACKAGES=(frr kmod iputils-ping)
	case $1 in
	8.4)
		SUITE=bookworm
		PACKAGE_DIR=debian12 PACKAGE_SUFFIX='~deb12u1'
		PACKAGES+=(libyang2-dev)
		TEST_PACKAGES+=(libyang2-tools)
		NO_HARNESS="FRR's own harness is tried with 10.3 and newer; that of 8.4 demands a daemon that Debian does not build"
		;;
	10.3)
		SUITE=trixie
		PACKAGE_DIR=debian13 PACKAGE_SUFFIX='~deb13u1'
		PACKAGES+=(libyang-dev lua5.3 liblua5.3-dev)
		TEST_PACKAGES+=(libyang3-tools ethtool)
		FRR_GENERATE='lib/route_types.h lib/mgmt.pb-c.h'
		;;
	10.7)
		SUITE=testing
		PACKAGE_DIR=testing PACKAGE_SUFFIX='~deb14u1'
		BARE_PACKAGES+=(util-linux-extra)
		# util-linux-extra: pivot_root
		PACKAGES+=(libyang-dev frr-dev util-linux-extra)
		TEST_PACKAGES+=(libyang-tools ethtool)
		FRR_HEADERS=package
		FRR_GENERATE=
		;;
	*)
		die "FRR $1 is not known to this lab; what it knows: ${FRR_RELEASES[*]}"
		;;
	esac
	RELEASE_DIR=$CACHE/$1
	ROOT=$RELEASE_DIR/root
	module_variant plain
}
