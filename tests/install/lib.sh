# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: what the tests of the installation share, in a guest on a bare root: two VRFs, shared and red, with a host behind each;
# checks; and other versions of packages.
#
# Invariants: a wait is for a state, with a limit. What a check printed is in the report if it failed.
# There is no systemd in the guest: a script stands in for systemctl.

JOB=/vrfleak-run/job
PATIENCE=${PATIENCE:-300}
MODULES=$(echo /usr/lib/*/frr/modules)
export DEBIAN_FRONTEND=noninteractive PATH=/run/bin:$PATH
CASES=''
FAILED=0

# xml: escapes stdin.
xml()
{
	tr -cd '\11\12\15\40-\176' | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'
}

# check WHAT COMMAND ...: one test.
check()
{
	local what=$1
	shift
	if "$@" >/run/check.log 2>&1; then
		echo "ok      $what"
		CASES+="<testcase classname=\"install\" name=\"$(xml <<<"$what")\"/>"
	else
		echo "FAILED  $what: $*"
		tail -n 40 /run/check.log | sed 's/^/    /'
		CASES+="<testcase classname=\"install\" name=\"$(xml <<<"$what")\"><failure>$(tail -n 40 /run/check.log | xml)</failure></testcase>"
		FAILED=1
	fi
}

# checks_end: writes the report, ends the script.
checks_end()
{
	echo "<testsuite>$CASES</testsuite>" >"$VRFLEAK_RESULTS/junit.xml"
	exit "$FAILED"
}

not()
{
	! "$@"
}

# wait_for COMMAND ...: tries until it succeeds.
wait_for()
{
	local end=$((SECONDS + PATIENCE))
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.3
	done
}

# In place of systemd's: "systemctl restart frr" and its like.
stand_in_for_systemctl()
{
	mkdir -p /run/bin
	printf '%s\n' '#!/bin/sh' 'exec /usr/lib/frr/frrinit.sh "$1"' >/run/bin/systemctl
	chmod 755 /run/bin/systemctl
	echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/test
}

# vrf NAME TABLE NET: a VRF with a host, NET.1 and NET.2.
vrf()
{
	ip link add "$1" up type vrf table "$2"
	ip netns add "h-$1"
	ip link add "e-$1" type veth peer name eth0 netns "h-$1"
	ip link set "e-$1" master "$1" up
	ip address add "$3.1/24" dev "e-$1"
	ip netns exec "h-$1" ip link set lo up
	ip netns exec "h-$1" ip link set eth0 up
	ip netns exec "h-$1" ip address add "$3.2/24" dev eth0
	ip netns exec "h-$1" ip route add default via "$3.1"
}

# router: the VRFs, and a configuration of FRR with a route of red's own.
router()
{
	stand_in_for_systemctl
	vrf shared 10 192.0.2
	vrf red 20 198.51.100
	cat >/etc/frr/frr.conf <<-'END'
		hostname router
		log file /var/log/frr/frr.log
		vrf red
		 ip route 203.0.113.0/24 198.51.100.2
		exit-vrf
	END
	chown frr:frr /etc/frr/frr.conf
	chmod 640 /etc/frr/frr.conf
}

# markdown_block FILE HEADING [N]: prints the N-th (1) block of "```sh" below a heading.
markdown_block()
{
	awk -v heading="$2" -v wanted="${3:-1}" '
		/^```/ && inside { inside = 0; if (found == wanted) exit; next }
		inside { if (found == wanted) print; next }
		/^#/ { below = $0 ~ "^#+ " heading "$" }
		/^```sh/ { inside = 1; found += below }
		/^```/ && !/^```sh/ { inside = 1 }' "$1" | grep .
}

# as_written FILE HEADING [N]: runs such a block as it is, where its paths lead somewhere; $DIST, if set, is this release's
# directory, for what is written for Debian 13.
as_written()
{
	markdown_block "$@" | sed "s/debian13/${DIST:-debian13}/g" >/run/block
	[ -s /run/block ] || return 1
	cat /run/block
	(cd "${WHERE:-$JOB}" && bash -eux /run/block)
}

frr_restart()
{
	/usr/lib/frr/frrinit.sh restart
	wait_for pidof zebra && wait_for vtysh -c 'show version'
}

# own_route: zebra runs and has installed red's own route.
own_route()
{
	wait_for pidof zebra && wait_for sh -c 'ip route show table 20 | grep -q "^203.0.113.0/24"'
}

module_loaded()
{
	vtysh -c 'show modules' | grep -w vrfleak | grep -v INERT
}

module_inert()
{
	vtysh -c 'show ip route-leak' 2>&1 | grep INERT
}

leaked()
{
	ip route show table 20 | grep '^192.0.2.0/24'
}

# leaks: hosts reach each other across the VRFs.
leaks()
{
	wait_for leaked
	wait_for ip netns exec h-red ping -n -c 1 -W 1 192.0.2.2
	wait_for ip netns exec h-shared ping -n -c 1 -W 1 198.51.100.2
}

# leaks_not: red has its own route only.
leaks_not()
{
	own_route && not leaked && not ip netns exec h-red ping -n -c 2 -i 0.3 -W 1 192.0.2.2
}

vtysh_is_frrs()
{
	[ "$(dpkg-divert --truename /usr/bin/vtysh)" = /usr/bin/vtysh ] && [ ! -e /usr/bin/vtysh.distrib ] &&
		[ "$(head -c 4 /usr/bin/vtysh | tail -c 3)" = ELF ] && vtysh -c 'show version'
}

vtysh_is_wrapper()
{
	[ "$(dpkg-divert --listpackage /usr/bin/vtysh)" = vrfleak ] && grep -q '^# vrfleak: vtysh' /usr/bin/vtysh &&
		[ "$(head -c 4 /usr/bin/vtysh.distrib | tail -c 3)" = ELF ]
}

# system_state: prints all that packages leave on a system, but for what dpkg and apt keep of any package.
system_state()
{
	find /etc /opt /root /srv /usr /var ! -path '/var/lib/dpkg/*' ! -path '/var/cache/*' ! -path '/var/log/*' ! -path '/var/lib/frr*' ! -path '/var/tmp/*' \
		! -path '/var/lib/apt/*' ! -path '/etc/frr/*.sav' ! -type d -printf '%p %m %u %l\n' | grep -v '^/var/lib/dpkg/\|^/etc/ld.so.cache' | sort
	cat /etc/frr/daemons
	dpkg-divert --list '*vtysh*'
	grep -s vrfleak /var/cache/debconf/config.dat /var/cache/debconf/templates.dat
	dpkg-query --list 'vrfleak*' 2>/dev/null | grep '^[a-z]' | grep -v '^un'
	:
}
