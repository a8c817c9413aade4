# shellcheck shell=bash
# The README's example, inside a guest: a router with four VRFs and a host behind each.
#
#   host h-NAME (a network namespace)        router (the guest itself)
#   behind: B.1/26 C::1/64   eth0: A.2 ----- e-NAME: A.1/26, in VRF device NAME (a kernel table of its own)
#
#	NAME    table  A              link, IPv6       B                behind, IPv6
#	shared  10     192.0.2.0      2001:db8:1::/64  198.51.100.0     2001:db8:101::/64
#	red     20     192.0.2.64     2001:db8:2::/64  198.51.100.64    2001:db8:102::/64
#	blue    30     192.0.2.128    2001:db8:3::/64  198.51.100.128   2001:db8:103::/64
#	green   40     192.0.2.192    2001:db8:4::/64  198.51.100.192   2001:db8:104::/64
#
# The router learns what is behind shared's host by OSPF, the rest by static routes; shared and red both have
# 203.0.113.0/24, which is the conflict of the demonstration. No VRF has a tag.
#
# Invariants: FRR is started as a user would, by frrinit.sh; topo_start returns when the routes are there.
# Refuses: to wait for anything for longer than $PATIENCE seconds.

PATIENCE=${PATIENCE:-300}
VRFS=(shared red blue green)

vrf_number()
{
	case $1 in shared) echo 1 ;; red) echo 2 ;; blue) echo 3 ;; green) echo 4 ;; esac
}

# vrf_address NAME PART: an address of the table above; PART: router, host, behind, router6, host6, behind6,
# or net, behindnet, behindnet6: the prefix.
vrf_address()
{
	local n base
	n=$(vrf_number "$1")
	base=$((64 * (n - 1)))
	case $2 in
	router) echo 192.0.2.$((base + 1)) ;;
	host) echo 192.0.2.$((base + 2)) ;;
	behind) echo 198.51.100.$((base + 1)) ;;
	net) echo 192.0.2.$base/26 ;;
	behindnet) echo 198.51.100.$base/26 ;;
	behindnet6) echo "2001:db8:10$n::/64" ;;
	router6) echo "2001:db8:$n::1" ;;
	host6) echo "2001:db8:$n::2" ;;
	behind6) echo "2001:db8:10$n::1" ;;
	esac
}

# wait_for COMMAND ...: tries until it succeeds.
wait_for()
{
	local end=$((SECONDS + PATIENCE))
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}

topo_vrf()
{
	local v=$1 ns=h-$1
	ip link add "$v" up type vrf table "$(vrf_number "$v")0"
	ip netns add "$ns"
	ip link add "e-$v" type veth peer name eth0 netns "$ns"
	ip link set "e-$v" master "$v" up
	ip address add "$(vrf_address "$v" router)/26" dev "e-$v"
	ip address add "$(vrf_address "$v" router6)/64" dev "e-$v" nodad
	ip netns exec "$ns" bash -euc '
		echo 0 >/proc/sys/net/ipv4/ip_forward
		echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
		ip -batch -' <<-END
			link set lo up
			link add behind up type dummy
			link set eth0 up
			address add $(vrf_address "$v" host)/26 dev eth0
			address add $(vrf_address "$v" host6)/64 dev eth0 nodad
			address add $(vrf_address "$v" behind)/26 dev behind
			address add $(vrf_address "$v" behind6)/64 dev behind nodad
			route add default via $(vrf_address "$v" router)
			route add default via $(vrf_address "$v" router6)
		END
}

# OSPF's timers, so that a person need not wait for it.
topo_ospf_timers()
{
	echo " timers throttle spf 0 50 50"
	echo " timers throttle lsa all 0"
	echo " timers lsa min-arrival 0"
}

topo_router_config()
{
	local v
	cat <<-END
		hostname router
		log file /var/log/frr/frr.log
		service integrated-vtysh-config
		interface e-shared
		 ip ospf network point-to-point
		 ip ospf hello-interval 1
		 ip ospf dead-interval 4
		router ospf vrf shared
		 ospf router-id $(vrf_address shared router)
		 network $(vrf_address shared net) area 0
		$(topo_ospf_timers)
	END
	for v in "${VRFS[@]}"; do
		echo "vrf $v"
		[ "$v" = shared ] || echo " ip route $(vrf_address "$v" behindnet) $(vrf_address "$v" host)"
		[ "$v" != shared ] && [ "$v" != red ] || echo " ip route 203.0.113.0/24 $(vrf_address "$v" host)"
		echo " ipv6 route $(vrf_address "$v" behindnet6) $(vrf_address "$v" host6)"
		echo "exit-vrf"
	done
}

# The router behind shared, which tells ours by OSPF what it has.
topo_shared_config()
{
	cat <<-END
		hostname h-shared
		interface eth0
		 ip ospf network point-to-point
		 ip ospf hello-interval 1
		 ip ospf dead-interval 4
		router ospf
		 ospf router-id $(vrf_address shared behind)
		 network $(vrf_address shared net) area 0
		 network $(vrf_address shared behindnet) area 0
		$(topo_ospf_timers)
	END
}

# topo_frr DIR CONFIGURATION OPTIONS: what frrinit.sh reads; the options are for zebra and, where there is one, mgmtd.
topo_frr()
{
	mkdir -p "$1"
	[ -e "$1/daemons" ] || cp /etc/frr/daemons "$1/"
	sed -i -e 's/^ospfd=no/ospfd=yes/' -e "s/^\(zebra\|mgmtd\)_options=\"/&$3/" "$1/daemons"
	echo "service integrated-vtysh-config" >"$1/vtysh.conf"
	echo "$2" >"$1/frr.conf"
	chown -R frr:frr "$1"
}

topo_has_routes()
{
	local v
	vtysh -c 'show ip route vrf shared' | grep -q "^O>.* $(vrf_address shared behindnet)" || return 1
	for v in red blue green; do
		vtysh -c "show ip route vrf $v" | grep -q "^S>.* $(vrf_address "$v" behindnet)" || return 1
		vtysh -c "show ipv6 route vrf $v" | grep -q "^S>.* $(vrf_address "$v" behindnet6)" || return 1
	done
}

# topo_start [OPTIONS]: the whole of it; fails where FRR does not come up or the routes do not come.
topo_start()
{
	local v
	hostname router
	for v in "${VRFS[@]}"; do
		topo_vrf "$v" || return 1
	done
	ip netns exec h-shared ip address add 203.0.113.1/24 dev behind
	topo_frr /etc/frr "$(topo_router_config)" "${1:-}"
	topo_frr /etc/frr/h-shared "$(topo_shared_config)" ""
	/usr/lib/frr/frrinit.sh start >/run/frr-start.log 2>&1 || return 1
	ip netns exec h-shared /usr/lib/frr/frrinit.sh start h-shared >>/run/frr-start.log 2>&1 || return 1
	wait_for topo_has_routes
}

# topo_complain: what a person needs when topo_start has failed.
topo_complain()
{
	echo "FRR did not come up with its routes within $PATIENCE seconds. What it said:"
	cat /run/frr-start.log /var/log/frr/*.log 2>/dev/null | tail -n 40
	echo "Running: $(pgrep -a -f /usr/lib/frr/ | cut -d' ' -f2- | tr '\n' ';')"
}
