# shellcheck shell=bash
# The four VRFs of the demonstration and the user guide, inside a guest. The guest itself is the router; a host is a
# network namespace.
#
# All names and addresses come from topotests/vrfleak/four-vrfs, which has a picture. The router learns the network behind
# shared's host by OSPF, the others by static routes. shared and red both have 203.0.113.0/24, which is the conflict of the
# demonstration. No VRF has a tag; they are in topotests/vrfleak/tags.conf.
#
# Invariants: FRR is started as a user would, by frrinit.sh; topo_start returns when the routes are there.
# Refuses: to wait for anything for longer than $PATIENCE seconds.

PATIENCE=${PATIENCE:-300}
TAGS=/vrfleak/topotests/vrfleak/tags.conf
VRFS=()
declare -A NET

# topo_read FILE: reads the table of names and addresses; sets VRFS, and NET[VRF.ROW].
topo_read()
{
	local row cells i
	while read -r row cells; do
		# shellcheck disable=SC2206
		cells=($cells)
		case $row in
		'' | '#'*) continue ;;
		vrf) VRFS=("${cells[@]}") ;;
		esac
		for i in "${!VRFS[@]}"; do
			NET[${VRFS[i]}.$row]=${cells[i]}
		done
	done <"$1"
}

topo_read /vrfleak/topotests/vrfleak/four-vrfs

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
	local v=$1 ns=${NET[$1.host]} link=${NET[$1.interface]}
	ip link add "$v" up type vrf table "${NET[$v.table]}"
	ip netns add "$ns"
	ip link add "$link" type veth peer name eth0 netns "$ns"
	ip link set "$link" master "$v" up
	ip address add "${NET[$v.router4]}/26" dev "$link"
	ip address add "${NET[$v.router6]}/64" dev "$link" nodad
	ip netns exec "$ns" bash -euc '
		echo 0 >/proc/sys/net/ipv4/ip_forward
		echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
		ip -batch -' <<-END
			link set lo up
			link add behind up type dummy
			link set eth0 up
			address add ${NET[$v.host4]}/26 dev eth0
			address add ${NET[$v.host6]}/64 dev eth0 nodad
			address add ${NET[$v.inner4]}/26 dev behind
			address add ${NET[$v.inner6]}/64 dev behind nodad
			route add default via ${NET[$v.router4]}
			route add default via ${NET[$v.router6]}
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
		interface ${NET[shared.interface]}
		 ip ospf network point-to-point
		 ip ospf hello-interval 1
		 ip ospf dead-interval 4
		router ospf vrf shared
		 ospf router-id ${NET[shared.router4]}
		 network ${NET[shared.net4]} area 0
		$(topo_ospf_timers)
	END
	for v in "${VRFS[@]}"; do
		echo "vrf $v"
		[ "$v" = shared ] || echo " ip route ${NET[$v.behind4]} ${NET[$v.host4]}"
		[ "$v" != shared ] && [ "$v" != red ] || echo " ip route 203.0.113.0/24 ${NET[$v.host4]}"
		echo " ipv6 route ${NET[$v.behind6]} ${NET[$v.host6]}"
		echo "exit-vrf"
	done
}

# The router behind shared, which tells ours by OSPF what it has.
topo_shared_config()
{
	cat <<-END
		hostname ${NET[shared.host]}
		interface eth0
		 ip ospf network point-to-point
		 ip ospf hello-interval 1
		 ip ospf dead-interval 4
		router ospf
		 ospf router-id ${NET[shared.inner4]}
		 network ${NET[shared.net4]} area 0
		 network ${NET[shared.behind4]} area 0
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
	vtysh -c 'show ip route vrf shared' | grep -q "^O>.* ${NET[shared.behind4]}" || return 1
	for v in red blue green; do
		vtysh -c "show ip route vrf $v" | grep -q "^S>.* ${NET[$v.behind4]}" || return 1
		vtysh -c "show ipv6 route vrf $v" | grep -q "^S>.* ${NET[$v.behind6]}" || return 1
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
	ip netns exec "${NET[shared.host]}" ip address add 203.0.113.1/24 dev behind
	topo_frr /etc/frr "$(topo_router_config)" "${1:-}"
	topo_frr "/etc/frr/${NET[shared.host]}" "$(topo_shared_config)" ""
	/usr/lib/frr/frrinit.sh start >/run/frr-start.log 2>&1 || return 1
	ip netns exec "${NET[shared.host]}" /usr/lib/frr/frrinit.sh start "${NET[shared.host]}" >>/run/frr-start.log 2>&1 || return 1
	wait_for topo_has_routes
}

# topo_complain: what a person needs when topo_start has failed.
topo_complain()
{
	echo "FRR did not come up with its routes within $PATIENCE seconds. What it said:"
	cat /run/frr-start.log /var/log/frr/*.log 2>/dev/null | tail -n 40
	echo "Running: $(pgrep -a -f /usr/lib/frr/ | cut -d' ' -f2- | tr '\n' ';')"
}
