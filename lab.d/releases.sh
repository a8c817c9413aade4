# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# The table of FRR releases that the lab knows, one row each, and what follows from a row.
#
# Invariant: everything that differs between releases in the lab is in this table; no other part asks for the
# release's number.
# Refuses: a release that is not in the table.

FRR_DEFAULT=8.4

# release_set VERSION: sets SUITE (Debian's), PACKAGES, and the directories.
release_set()
{
	case $1 in
	8.4)
		SUITE=bookworm
		PACKAGES=(
			# the router and what a person looks at it with
			frr frr-pythontools iproute2 iputils-ping tcpdump kmod procps less
			# the topotests
			python3 python3-pytest python3-pexpect
			# FRR's configure
			ca-certificates build-essential dpkg-dev autoconf automake libtool pkg-config
			libyang2-dev libyang2-tools libjson-c-dev libcap-dev libelf-dev libprotobuf-c-dev
			protobuf-c-compiler libreadline-dev libpam0g-dev bison flex python3-dev libc-ares-dev
			# the module's unit tests and a look inside
			check gdb valgrind
		)
		;;
	*)
		die "FRR $1 is not known to this lab; what it knows: --frr $FRR_DEFAULT"
		;;
	esac
	RELEASE_DIR=$CACHE/$1
	ROOT=$RELEASE_DIR/root
}
