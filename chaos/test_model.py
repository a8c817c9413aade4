# SPDX-License-Identifier: GPL-2.0-or-later
"The model, on routers of a few lines made by hand: it must find each fault, and nothing where there is none."

import pytest

import model
from model import State
from policy import Policy, Way, our_lines

VRFS = {
    "default": {"table": 254, "up": True},
    "red": {"table": 10, "up": True},
    "blue": {"table": 20, "up": True},
    "green": {"table": 30, "up": True},
}
INSTANCES = {("red", 10), ("blue", 20), ("green", 30)}
CONFIG = """
ip prefix-list PA seq 5 deny 10.1.0.0/16 le 32
ip prefix-list PA seq 10 permit 10.0.0.0/8 le 24
route-map RA permit 10
 match ip address prefix-list PA
exit
vrf red
 ip route-export 1:1
exit-vrf
vrf green
 ip route-export 1:1
exit-vrf
vrf blue
 ip route-import 1:1
exit-vrf
"""


# The same, but blue imports no connected routes.
NO_CONNECTED = CONFIG.replace("import 1:1", "import 1:1 route-map RC") + (
    "route-map RC deny 5\n match source-protocol connected\nexit\nroute-map RC permit 10\nexit\n"
)


def hop(ip="10.9.0.1", interface="d0", **more):
    return {"ip": ip, "interfaceName": interface, "active": True, **more}


def route(vrf, prefix, protocol="static", hops=None, **more):
    return {
        "vrfName": vrf,
        "prefix": prefix,
        "protocol": protocol,
        "distance": 1,
        "metric": 0,
        "selected": True,
        "installed": True,
        "internalFlags": 8,
        "uptimeSeconds": 100,
        "nexthops": hops or [hop()],
        **more,
    }


def leak(target, prefix, source, instance, hops=None, **more):
    hops = hops or [hop(vrf=source)]
    return route(target, prefix, "table", hops, distance=254, instance=instance, **more)


def state(*routes, conflicts=None, release=(10, 3), vrfs=None, interfaces=None, refused=()):
    rib = {}
    for one in routes:
        rib.setdefault((one["vrfName"], one["prefix"]), []).append(one)
    return State(release, vrfs or VRFS, rib, INSTANCES, conflicts or {}, interfaces, refused)


def kinds(now, config=CONFIG):
    return [violation.kind for violation in model.check(now, Policy(config))]


P = "10.2.0.0/24"
RED, GREEN = route("red", P), route("green", P)


def test_an_exact_leak():
    assert not kinds(state(RED, leak("blue", P, "red", 10)))


def test_a_missing_leak():
    assert kinds(state(RED)) == ["leak-missing"]


def test_a_leak_whose_source_has_gone():
    assert kinds(state(leak("blue", P, "red", 10))) == ["leak-without-source"]


@pytest.mark.parametrize(
    "gone",
    [
        {"selected": False},
        {"distance": 255},
        {"internalFlags": 10, "protocol": "kernel"},
        {"nexthops": [hop(active=False)], "protocol": "kernel"},
    ],
)
def test_what_is_not_leaked(gone):
    assert not kinds(state({**RED, **gone}))
    assert kinds(state({**RED, **gone}, leak("blue", P, "red", 10))) == ["leak-without-source"]


@pytest.mark.parametrize(
    "change, unclear",
    [({}, False), ({"status": "down"}, True), ({"vrfName": "green"}, True), ({"addresses": ["10.2.0.2/24"]}, True)],
)
def test_an_interface_route_left_over(change, unclear):
    local = route("red", "10.2.0.1/32", "local", [hop(None, "d0")])
    interface = {"vrfName": "red", "status": "up", "addresses": ["10.2.0.1/24"], **change}
    assert kinds(state(local, interfaces={"d0": interface})) == ([] if unclear else ["leak-missing"])


def test_a_deleted_interface_is_in_no_vrf():
    gone, blue = hop(interface="unknown"), leak("blue", P, "red", 10, [hop(interface="unknown", vrf="default")])
    assert not kinds(state(route("red", P, hops=[gone]), blue))
    assert kinds(state(route("red", P, hops=[hop()]), blue)) == ["wrong-next-hops"]
    both = route("red", P, hops=[hop(), hop("10.9.0.2", "unknown")])
    left = route("red", "10.9.0.0/24", "connected", [hop(None, "unknown")])
    assert not kinds(state(both, left, leak("blue", P, "red", 10)), NO_CONNECTED)


def test_split_horizon():
    returns = route("red", P, hops=[hop(vrf="blue")])
    assert not kinds(state(returns))
    assert kinds(state(returns, leak("blue", P, "red", 10, [hop()]))) == ["leak-without-source"]
    assert kinds(state(route("red", P, hops=[hop(vrf="green")]))) == ["leak-missing"]


def test_a_leaked_route_is_not_leaked_on():
    config = CONFIG + "vrf blue\n ip route-export 2:2\nexit-vrf\nip route-import 2:2\n"
    assert not kinds(state(RED, leak("blue", P, "red", 10)), config)


@pytest.mark.parametrize(
    "more, kind",
    [
        ({"metric": 5}, "wrong-metric"),
        ({"tag": 7}, "wrong-tag"),
        ({"selected": False}, "leak-not-installed"),
        ({"installed": False}, "leak-not-installed"),
    ],
)
def test_a_leaked_route_that_differs(more, kind):
    assert kinds(state(RED, leak("blue", P, "red", 10, **more))) == [kind]


def test_native_wins():
    native = route("blue", P)
    waits = {("blue", P): {"red": ("native-route", "blue")}}
    assert not kinds(state(RED, native, conflicts=waits))
    assert kinds(state(RED, native)) == ["conflict-missing"]
    assert kinds(state(RED, native, leak("blue", P, "red", 10), conflicts=waits)) == ["leak-beside-native"]


def test_an_unreachable_default_is_no_native_route():
    guard = route("blue", "0.0.0.0/0", "kernel", [{"unreachable": True, "reject": True, "active": True}], distance=255)
    default = route("red", "0.0.0.0/0")
    assert not kinds(state(guard, default, leak("blue", "0.0.0.0/0", "red", 10)))


def test_a_route_of_another_table_is_no_native_route():
    assert not kinds(state(RED, route("blue", P, "kernel", table=99), leak("blue", P, "red", 10)))
    assert not kinds(state({**RED, "table": 99}))


def test_a_stale_static_route_is_not_judged():
    assert not kinds(state({**RED, "internalFlags": 10}, GREEN))
    assert kinds(state({**RED, "internalFlags": 10, "protocol": "kernel"}, GREEN)) == ["leak-missing"]


def test_a_selected_route_without_a_next_hop_is_not_judged():
    assert not kinds(state({**RED, "nexthops": [hop(active=False)]}, leak("blue", P, "red", 10)))


def test_one_of_two_sources():
    waits = {("blue", P): {"green": ("other-source", "red")}}
    taken = (RED, GREEN, leak("blue", P, "red", 10))
    assert not kinds(state(*taken, conflicts=waits))
    assert kinds(state(*taken)) == ["conflict-missing"]
    assert kinds(state(*taken, conflicts={("blue", P): {"green": ("native-route", "red")}})) == ["conflict-reason"]
    assert kinds(state(*taken, conflicts={("blue", P): {"green": ("other-source", "blue")}})) == ["conflict-winner"]
    assert kinds(state(*taken[:1], taken[2], conflicts=waits)) == ["conflict-extra"]
    assert kinds(state(*taken, leak("blue", P, "green", 30), conflicts=waits)) == ["leaked-twice"]


def test_a_conflict_of_a_vrf_that_is_not_there():
    assert kinds(state(conflicts={("gone", P): {"red": ("native-route", "gone")}})) == ["conflict-extra"]


def test_what_zebra_did_not_keep_waits():
    waits = {("blue", P): {"red": ("not-accepted", None)}}
    assert not kinds(state(RED, conflicts=waits))
    connected = route("red", "10.9.0.0/24", "connected", [hop(None)])
    assert kinds(state(RED, connected, conflicts=waits), NO_CONNECTED) == ["acceptable"]
    assert not kinds(state(RED, connected, conflicts=waits, refused={(20, P)}), NO_CONNECTED)
    same = {**RED, "prefix": "10.9.0.0/24"}, route("green", "10.9.0.0/24", "connected", [hop(None)])
    same[0]["nexthops"] = [hop(vrf="green")]
    waits_too = {("blue", "10.9.0.0/24"): {"red": ("not-accepted", None)}}
    assert not kinds(state(*same, conflicts=waits_too), NO_CONNECTED)
    assert kinds(state(*same, conflicts=waits_too, release=(10, 7)), NO_CONNECTED) == ["acceptable"]
    down = {"d0": {"vrfName": "red", "status": "up", "addresses": ["10.9.0.5/24"], "running": False}}
    assert not kinds(state(RED, connected, conflicts=waits, interfaces=down), NO_CONNECTED)


def test_limits():
    config = CONFIG.replace("import 1:1", "import 1:1 maximum-prefix 1")
    other = "10.3.0.0/24"
    routes = (RED, route("red", other), leak("blue", P, "red", 10))
    waits = {("blue", other): {"red": ("maximum-prefix", None)}}
    assert not kinds(state(*routes, conflicts=waits), config)
    assert kinds(state(*routes, conflicts=waits)) == ["room-unused"]
    assert (
        kinds(state(*routes[:2], conflicts={("blue", P): waits["blue", other], **waits}), config) == ["room-unused"] * 2
    )
    both = state(*routes, leak("blue", other, "red", 10))
    assert not kinds(both, config)
    policy = Policy(config)
    assert [v.kind for v in model.check_limits(both, policy, {})] == ["limit-exceeded"]
    assert not model.check_limits(
        both, policy, model.limit_counts(both, Policy(CONFIG.replace("import 1:1", "import 1:1 maximum-prefix 2")))
    )


def test_next_hops_are_flattened():
    resolved = [hop("46.0.0.1", None, recursive=True), hop(resolver=True), hop("10.9.0.2", resolver=True)]
    exact = leak("blue", P, "red", 10, [hop(vrf="red"), hop("10.9.0.2", vrf="red")])
    assert not kinds(state(route("red", P, hops=resolved), exact))
    lacks = leak("blue", P, "red", 10)
    connected = route("red", "10.9.0.0/24", "connected", [hop(None)])
    assert kinds(state(route("red", P, hops=resolved), connected, lacks), NO_CONNECTED) == ["wrong-next-hops"]
    # By another interface: zebra does not use it, unless it is on-link.
    elsewhere = route("red", "10.9.0.0/24", "connected", [hop(None, "d1")])
    assert not kinds(state(route("red", P, hops=resolved), elsewhere, lacks), NO_CONNECTED)
    resolved[-1]["onLink"] = True
    assert kinds(state(route("red", P, hops=resolved), elsewhere, lacks), NO_CONNECTED) == ["wrong-next-hops"]


def test_next_hops_are_in_the_vrf_of_their_interface():
    source = route("red", P, hops=[hop("46.0.0.1", None, recursive=True), hop(resolver=True, vrf="red")])
    interfaces = {"d0": {"vrfName": "green"}}
    assert not kinds(state(source, leak("blue", P, "red", 10, [hop(vrf="green")]), interfaces=interfaces))
    assert kinds(state(source, leak("blue", P, "red", 10), interfaces=interfaces)) == ["wrong-next-hops"]


def test_a_route_is_in_the_vrf_of_its_table():
    early, own = route("default", P, "kernel", table=20), route("blue", P, table=20)
    found = model.by_table(
        {("default", P): [early], ("blue", P): [own]}, {"blue": {"table": 20}, "default": {"table": 254}}
    )
    assert found == {("blue", P): [early, own]}


def test_unreachable_of_frr_8_4():
    assert model.hop_key({"unreachable": True, "admin-prohibited": True}, "red") == ("adminProhibited",)


def test_what_zebra_leaves_in_the_kernel():
    extra = {(20, P): {"zebra": {("10.9.0.1", "d0")}}}
    assert [v.kind for v in model.check_kernel(state(), extra)] == ["kernel-extra"]
    assert not model.check_kernel(state(route("blue", P, failed=True)), extra, refused={(20, P)})
    assert not model.check_kernel(state(), extra, not_queued={(20, P)})
    drop = {(20, P): {"zebra": {("blackhole",)}}}
    assert [v.kind for v in model.check_kernel(state(route("blue", P, "kernel")), drop)] == ["kernel-extra"]


def test_two_gateways_with_one_leaf():
    config = CONFIG.replace("export 1:1\nexit-vrf\nvrf green", "export 1:1 route-map RB\nexit-vrf\nvrf green")
    config = "route-map RB permit 10\n match interface d1\nexit\n" + config
    hops = [
        hop("46.0.0.1", None, recursive=True),
        hop(resolver=True),
        hop("46.0.0.2", "d1", recursive=True),
        hop(resolver=True, duplicate=True),
    ]
    assert not kinds(state(route("red", P, hops=hops), leak("blue", P, "red", 10)), config)


def test_an_unreachable_beside_other_next_hops():
    reject = {"unreachable": True, "reject": True, "active": True}
    assert not kinds(state(route("red", P, hops=[hop(), reject]), leak("blue", P, "red", 10)))
    assert not kinds(state(route("red", P, hops=[reject, hop()]), leak("blue", P, "red", 10, [reject])))
    blackhole = {"unreachable": True, "blackhole": True, "active": True}
    assert not kinds(state(route("red", P, hops=[reject, blackhole]), leak("blue", P, "red", 10, [reject])))


def test_inactive_next_hops_are_left_out():
    source = route("red", P, hops=[hop(), hop("10.9.0.2", active=False)])
    assert not kinds(state(source, leak("blue", P, "red", 10)))


def test_own_addresses_go_through_the_vrf_device():
    direct = {"directlyConnected": True, "interfaceName": "d0", "active": True}
    device = dict(direct, interfaceName="red", vrf="red")
    own = route("red", "10.2.0.1/32", "local", [direct])
    assert not kinds(state(own, leak("blue", "10.2.0.1/32", "red", 10, [device])))
    connected = route("red", P, "connected", [direct])
    assert kinds(state(connected, leak("blue", P, "red", 10, [device]))) == ["wrong-next-hops"]
    assert not kinds(state(connected, leak("blue", P, "red", 10, [device]), release=(8, 4)))
    down = {**VRFS, "red": {"table": 10, "up": False}}
    assert not kinds(state(own, vrfs=down))
    assert not kinds(state(connected, vrfs=down))
    assert kinds(state(connected, leak("blue", P, "red", 10, [direct]), vrfs=down))


@pytest.mark.parametrize(
    "prefix, passes", [("10.2.0.0/24", True), ("10.1.2.0/24", False), ("10.2.0.1/32", False), ("46.0.0.0/8", False)]
)
def test_route_maps(prefix, passes):
    config = CONFIG.replace("import 1:1", "import 1:1 route-map RA")
    assert kinds(state(route("red", prefix)), config) == ["leak-missing"] * passes
    assert not kinds(state(route("red", prefix)), CONFIG.replace("import 1:1", "import 1:1 route-map NOSUCH"))


def test_route_map_clauses():
    policy = Policy(
        "route-map R deny 5\n match tag 7\nexit\nroute-map R permit 10\n match source-protocol static\n match interface d0\nexit\n"
    )
    assert policy.apply(["R"], route("red", P), hop()) == (0, 0)
    assert not policy.apply(["R"], route("red", P, tag=7), hop())
    assert not policy.apply(["R"], route("red", P, "kernel"), hop())
    assert not policy.apply(["R"], route("red", P), hop(interface="d1"))


def test_set_clauses():
    config = """route-map A permit 10
 set metric +7
 set tag 77
exit
route-map B deny 5
 match tag 78
exit
route-map B permit 10
 match tag 77
 set metric -4294967290
exit
"""
    policy = Policy(config)
    assert policy.apply(["A"], route("red", P, metric=20), hop()) == (27, 77)
    assert policy.apply(["A"], route("red", P, metric=4294967295), hop()) == (4294967295, 77)
    assert policy.apply(["A", "B"], route("red", P, tag=78), hop()) == (0, 77)
    assert not policy.apply(["B"], route("red", P, tag=78), hop())
    config = CONFIG.replace("import 1:1", "import 1:1 route-map A") + config
    assert not kinds(state(RED, leak("blue", P, "red", 10, metric=7, tag=77)), config)
    assert kinds(state(RED, leak("blue", P, "red", 10)), config) == ["wrong-metric", "wrong-tag"]
    with pytest.raises(ValueError, match="set clause"):
        Policy("route-map R permit 10\n set metric rtt\nexit\n")


def test_distance():
    config = CONFIG.replace("import 1:1", "import 1:1 distance 20")
    leaked = {**leak("blue", P, "red", 10), "distance": 20}
    assert not kinds(state(RED, leaked), config)
    assert kinds(state(RED, leak("blue", P, "red", 10)), config) == ["wrong-distance"]
    near = route("blue", P, distance=20)
    waits = {("blue", P): {"red": ("native-route", "blue")}}
    assert not kinds(state(RED, near, conflicts=waits), config)
    assert kinds(state(RED, {**near, "selected": False}, leaked, conflicts=waits), config)[:1] == ["leak-beside-native"]
    far = {**near, "distance": 21, "selected": False}
    backup = {("blue", P): {"blue": ("higher-distance", "red")}}
    assert not kinds(state(RED, far, leaked, conflicts=backup), config)
    assert kinds(state(RED, far, leaked), config) == ["conflict-missing"]
    assert kinds(state(RED, far, leaked, conflicts=waits), config) == ["conflict-extra", "conflict-missing"]
    assert "leak-missing" in kinds(state(RED, {**far, "selected": True}), config)
    connected = route("blue", P, "connected", [hop(None)])
    assert not kinds(state(RED, connected, conflicts=waits), config)


def test_preempt():
    config = CONFIG.replace(
        " ip route-import 1:1", " ip route-import vrf red\n ip route-import 1:1\n ip route-leak preempt"
    )
    waits = {("blue", P): {"green": ("other-source", "red")}}
    assert not kinds(state(RED, GREEN, leak("blue", P, "red", 10), conflicts=waits), config)
    waits = {("blue", P): {"red": ("other-source", "green")}}
    owned = (RED, GREEN, leak("blue", P, "green", 30))
    assert kinds(state(*owned, conflicts=waits), config) == ["not-preempted"]
    assert not kinds(state(*owned, conflicts={("blue", P): {"red": ("not-accepted", "green")}}), config)
    assert not kinds(state(*owned, conflicts=waits), config.replace(" ip route-leak preempt\n", ""))
    full = config.replace("vrf red\n ip route-import", "vrf red maximum-prefix 1\n ip route-import", 1)
    other = "10.3.0.0/24"
    assert not kinds(state(*owned, route("red", other), leak("blue", other, "red", 10), conflicts=waits), full)


@pytest.mark.parametrize("seconds, wrong", [(None, True), (5, True), (300, False)])
def test_held_down(seconds, wrong):
    line = " ip route-import 1:1" + ("\n ip route-leak hold-down {}".format(seconds) if seconds else "")
    config = CONFIG.replace(" ip route-import 1:1", line)
    held = {("blue", P): {"red": ("held-down", None)}}
    assert kinds(state(RED, conflicts=held), config) == (["conflict-reason"] if wrong else [])


def test_the_kernel_has_one_route_of_zebras():
    there = {(20, P): {"zebra": {("10.9.0.1", "d0")}, "zstatic": {("10.9.0.1", "d0")}}}
    assert [v.kind for v in model.check_kernel(state(RED, leak("blue", P, "red", 10)), there)] == ["backup-in-kernel"]


def test_isolation_lines():
    config = "ipv6 vrf-isolation\nvrf red\n ip route-leak hold-down 5\n ip route-leak preempt\nexit-vrf\n"
    policy = Policy(config)
    assert policy.isolated == {6}
    assert policy.preempts == {("red", 4)} and policy.hold_downs == {("red", 4): 5}
    assert our_lines(config) == [
        ("default", "ipv6 vrf-isolation"),
        ("red", "ip route-leak hold-down 5"),
        ("red", "ip route-leak preempt"),
    ]


def test_the_order_of_ways():
    config = """vrf red
 ip route-export 1:1
 ip route-export 2:2 route-map RA
exit-vrf
vrf blue
 ip route-import 02:2
 ip route-import 1:1 maximum-prefix 3 warning-only
exit-vrf
"""
    assert Policy(config).ways("blue", 4) == {
        "red": [
            Way("red", "2:2", ["RA"], None, False, 254, (0, "red")),
            Way("red", "1:1", [], 3, True, 254, (1, "red")),
        ]
    }
    assert our_lines(config)[-1] == ("blue", "ip route-import 1:1 maximum-prefix 3 warning-only")


def test_ways_by_name():
    config = """vrf red
 ip route-export 1:1 route-map RA
exit-vrf
vrf blue
 ip route-import 1:1
 ip route-import vrf red route-map RB maximum-prefix 3
 ip route-import vrf blue
 ip route-import vrf green
exit-vrf
"""
    policy = Policy(config)
    assert policy.ways("blue", 4) == {
        "red": [
            Way("red", "1:1", ["RA"], None, False, 254, (0, "red")),
            Way("red", "vrf red", ["RB"], 3, False, 254, (1, "red")),
        ],
        "green": [Way("green", "vrf green", [], None, False, 254, (3, "green"))],
    }
    assert list(policy.ways("blue", 4)) == ["red", "green"]
    assert policy.ways("blue", 6) == {}
    assert policy.vrfs() == {"red", "blue", "green"}


def test_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="match clause"):
        Policy("route-map R permit 10\n match metric 5\nexit\n")
    with pytest.raises(ValueError, match="option"):
        Policy("ip route-import 1:1 sometimes\n")


def test_first_come_stays_and_is_not_touched():
    policy = Policy(CONFIG)
    before = state(RED, GREEN, leak("blue", P, "red", 10))
    later = {"uptimeSeconds": 105}
    routes = {**RED, **later}, {**GREEN, **later}

    def stays(now, touched=False):
        found = model.check_stays(before, state(*routes, now), policy, policy, lambda prefix: touched)
        return [violation.kind for violation in found]

    assert not stays(leak("blue", P, "red", 10, **later))
    assert stays(leak("blue", P, "green", 30, **later)) == ["owner-changed"]
    assert stays(leak("blue", P, "red", 10, uptimeSeconds=1)) == ["reinstalled"]
    assert not stays(leak("blue", P, "red", 10, uptimeSeconds=1), touched=True)
    routes = {**RED, "uptimeSeconds": 1}, {**GREEN, **later}
    assert not stays(leak("blue", P, "green", 30, **later))


def test_the_kernel():
    now = state(RED, leak("blue", P, "red", 10))
    hops, source = {("10.9.0.1", "d0")}, {(10, P): {"static": {("10.9.0.1", "d0")}}}

    def found(kernel, gone=()):
        return [violation.kind for violation in model.check_kernel(now, {**source, **kernel}, gone)]

    assert not found({(20, P): {"zebra": hops}})
    assert found({}) == ["kernel-lacks"]
    assert found({(20, P): {"zebra": {("10.9.0.2", "d0")}}}) == ["kernel-differs"]
    assert found({(20, P): {"zebra": hops}, (30, P): {"zebra": hops}}) == ["kernel-extra"]
    source = {}
    assert not found({}), "the kernel lacks the source's route, too"
    left = {(20, P): {"zebra": hops}, (30, P): {"zebra": {("blackhole",)}}}
    assert found(left) == ["kernel-extra"] and not found(left, {30})


def test_what_zebra_has_wrong_itself():
    hops, other = {"zstatic": {("10.9.0.1", "d0")}}, {"zstatic": {("10.9.0.2", "d0")}}

    def found(kernel, *routes):
        return [violation.kind for violation in model.check_zebra(state(*routes), kernel)]

    assert not found({(10, P): hops}, RED)
    assert found({}, RED) == ["static-not-in-kernel"]
    assert found({(10, P): other}, RED) == ["static-differs"]
    assert found({(10, P): hops}) == ["static-left-over"]
    assert found({(10, P): hops}, {**RED, "nexthops": [hop(active=False)]}) == ["static-unusable"]
    assert not found({}, {**RED, "failed": True}), "the kernel has refused it"
    assert not found({}, {**RED, "selected": False})
    reject = {"unreachable": True, "reject": True, "active": True}
    assert not found({(10, P): {"zstatic": {("blackhole",)}}}, {**RED, "nexthops": [reject]})
