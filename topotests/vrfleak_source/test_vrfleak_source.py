#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Which routes are leaked and which are not, with which next hops, and that a leaked route is withdrawn with its source
route.
"""

import os
import signal

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, HAVE_LOCAL_ROUTES, RED, SHARED

pytestmark = [pytest.mark.staticd]

PREFIX = "203.0.113.0/24"
PREFIX6 = "2001:db8:f::/64"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def expect_there(r1, why, there, prefix=PREFIX, vrf="red", family=4):
    "Waits until the prefix is leaked from shared to a VRF, in zebra and in the kernel; or until it is in neither."
    table = {"red": 20, "blue": 30}[vrf]
    expect.until_equal(
        "{} from shared in {}: {}".format(prefix, vrf, why),
        lambda: (
            r1.leaked(vrf, family).get(prefix),
            prefix in kernel.zebra_routes(r1, table, family),
        ),
        (10, True) if there else (None, False),
    )


def hops(r1, prefix=PREFIX, family=4):
    "The next hops of a leaked route of red that are in use: [(gateway, interface, vrf)]."
    route = r1.leaked_route("red", prefix, family) or {"nexthops": []}
    return sorted(
        (hop.get("ip"), hop.get("interfaceName"), hop.get("vrf"))
        for hop in route["nexthops"]
        if hop.get("fib")
    )


def expect_unreachable(r1):
    "Waits until the kernel has the route as unreachable, in the table of shared and in that of red."
    expect.until_equal(
        "both are unreachable in the kernel",
        lambda: [
            route.get("type")
            for number in (10, 20)
            for route in kernel.table(r1, number)
            if route["dst"] == PREFIX
        ],
        ["unreachable", "unreachable"],
    )


def protocol(r1, prefix=PREFIX):
    routes = r1.json("show ip route-leak routes vrf red json")["vrfs"]["red"]["routes"]
    return routes[prefix]["sourceProtocol"]


def test_static_withdrawn(r1):
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2")
    expect_there(r1, "static", True)
    assert protocol(r1) == "static"
    r1.configure("shared", "no ip route 203.0.113.0/24 192.0.2.2")
    expect_there(r1, "withdrawn", False)
    expect_there(r1, "withdrawn", False, vrf="blue")


def test_connected_withdrawn(r1):
    r1.ip("address", "add", "203.0.113.1/24", "dev", "e-shared")
    try:
        expect_there(r1, "connected", True)
        assert protocol(r1) == "connected"
        # Through the VRF device if it must also deliver to the router's own address.
        device = "e-shared" if HAVE_LOCAL_ROUTES else "shared"
        assert hops(r1) == [(None, device, "shared")]
    finally:
        r1.ip("address", "del", "203.0.113.1/24", "dev", "e-shared")
    expect_there(r1, "withdrawn", False)


def test_kernel_withdrawn(r1):
    args = "203.0.113.0/24 via 192.0.2.2 dev e-shared table 10".split()
    r1.ip("route", "add", *args)
    try:
        expect_there(r1, "kernel", True)
        assert protocol(r1) == "kernel"
    finally:
        r1.ip("route", "del", *args)
    expect_there(r1, "withdrawn", False)


def test_kernel_withdrawn_ipv6(r1):
    args = "2001:db8:f::/64 via 2001:db8:1::2 dev e-shared table 10".split()
    r1.ip("-6", "route", "add", *args)
    try:
        expect_there(r1, "kernel", True, PREFIX6, family=6)
    finally:
        r1.ip("-6", "route", "del", *args)
    expect_there(r1, "withdrawn", False, PREFIX6, family=6)


def test_ecmp(r1):
    "All active next hops of the source are leaked, in zebra and in the kernel, and are updated."
    two = [("192.0.2.2", "e-shared", "shared"), ("192.0.2.3", "e-shared", "shared")]
    for hop, _, _ in two:
        r1.configure("shared", "ip route 203.0.113.0/24 " + hop)
    expect.until_equal("both next hops", lambda: hops(r1), two)
    expect.until_equal(
        "both next hops in the kernel",
        lambda: sorted(
            hop["gateway"]
            for hop in kernel.zebra_routes(r1, 20)[PREFIX].get("nexthops", [])
        ),
        ["192.0.2.2", "192.0.2.3"],
    )
    r1.configure("shared", "no ip route 203.0.113.0/24 192.0.2.2")
    expect.until_equal("the other one stays", lambda: hops(r1), two[1:])


def test_ecmp_ipv6(r1):
    two = [
        ("2001:db8:1::2", "e-shared", "shared"),
        ("2001:db8:1::3", "e-shared", "shared"),
    ]
    for hop, _, _ in two:
        r1.configure("shared", "ipv6 route 2001:db8:f::/64 " + hop)
    expect.until_equal("both next hops", lambda: hops(r1, PREFIX6, 6), two)


def test_recursive(r1):
    "A recursive next hop is leaked as the next hops that it resolves to."
    r1.configure("shared", "ip route 203.0.113.0/24 198.51.100.1")
    expect.until_equal(
        "the leaf", lambda: hops(r1), [("192.0.2.2", "e-shared", "shared")]
    )
    expect_there(r1, "recursive", True)


def test_recursive_to_another_vrf(r1):
    """
    The resolving route's next hop is in blue. Zebra says that what the source's next hop resolves to is in shared, where it is not
    found; the leaked route's is in blue, where its interface is.
    """
    r1.configure(
        "shared",
        "ip route 203.0.113.0/24 100.64.0.1",
        "ip route 100.64.0.0/24 {} nexthop-vrf blue".format(BLUE.host4),
    )
    expect.until_equal(
        "the leaf", lambda: hops(r1), [(BLUE.host4, BLUE.interface, "blue")]
    )
    expect_there(r1, "recursive", True)


def test_blackhole(r1):
    "A blackhole route is leaked as a blackhole route."
    r1.configure("shared", "ip route 203.0.113.0/24 blackhole")
    expect_there(r1, "blackhole", True)
    assert kernel.zebra_routes(r1, 20)[PREFIX]["type"] == "blackhole"


def test_unreachable_beside_a_next_hop(r1):
    """
    The kernel accepts no route with both a gateway and an unreachable next hop. The leaked route is of the kind that
    the source's route has in the kernel.
    """
    lines = [
        "ip route 203.0.113.0/24 {}".format(gateway)
        for gateway in ("100.64.0.9", "192.0.2.2")
    ]
    words = "unreachable 100.64.0.0/24 table 10 metric 5".split()
    r1.ip("route", "add", *words)
    try:
        r1.configure("shared", *lines)
        expect_there(r1, "of one kind", True)
        expect_unreachable(r1)
    finally:
        r1.ip("route", "del", *words)
    # Only the other next hop is left.
    r1.configure("shared", "no " + lines[0])
    expect.until_equal(
        "the next hop", lambda: hops(r1), [("192.0.2.2", "e-shared", "shared")]
    )


def test_two_kinds_of_unreachable(r1):
    "The kernel has one kind, the first next hop's: the leaked route is of the same, though it would be the last when sorted."
    kinds = {"100.64.0": "unreachable", "100.64.1": "blackhole"}
    for net, kind in kinds.items():
        r1.ip("route", "add", kind, net + ".0/24", "table", "10", "metric", "5")
    try:
        r1.configure(
            "shared", *["ip route 203.0.113.0/24 {}.9".format(net) for net in kinds]
        )
        expect_unreachable(r1)
    finally:
        for net, kind in kinds.items():
            r1.ip("route", "del", kind, net + ".0/24", "table", "10", "metric", "5")


def test_attributes(r1):
    "The source's tag is kept, and the distance is always 254. Of two routes of the source, the better one is leaked."
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2 tag 77")
    expect_there(r1, "static", True)
    route = r1.leaked_route("red", PREFIX)
    assert (route.get("tag"), route["distance"]) == (77, 254)
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.3 200")
    r1.settle()
    assert [hop[0] for hop in hops(r1)] == ["192.0.2.2"], "only the selected route"
    r1.configure("shared", "no ip route 203.0.113.0/24 192.0.2.2 tag 77")
    expect.until_equal(
        "the floating one takes over",
        lambda: [hop[0] for hop in hops(r1)],
        ["192.0.2.3"],
    )
    assert r1.leaked_route("red", PREFIX)["distance"] == 254


def test_inactive(r1):
    "A route without a usable next hop is inactive, and is leaked only once it is active."
    r1.resolve_strictly("shared")
    r1.configure("shared", "ip route 203.0.113.0/24 203.0.112.1")
    r1.settle()
    expect_there(r1, "inactive", False)
    r1.configure("shared", "ip route 203.0.112.0/24 192.0.2.2")
    expect_there(r1, "active", True)


@pytest.mark.skipif(
    not HAVE_LOCAL_ROUTES,
    reason="zebra 8.4 marks no next hop as inactive before it processes the route",
)
def test_unusable_and_not_withdrawn(r1):
    """
    An interface goes down, and the daemon that has routes through it does not answer. Zebra marks their next hops and
    those of the leaked routes as inactive, without calling a hook. A route that zebra no longer uses is not leaked.
    """
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2")
    expect_there(r1, "static", True)
    listed = lambda: sorted(
        r1.json("show ip route-leak routes vrf red json")["vrfs"]["red"]["routes"]
    )
    assert PREFIX in listed()
    staticd = int(r1.pid("staticd"))
    os.kill(staticd, signal.SIGSTOP)
    try:
        r1.ip("link", "set", "e-shared", "down")
        expect.until_equal("the routes of red", listed, [])
        r1.expect_leaked("nothing of shared's is usable", "red", {})
        expect.equal("counted", r1.summary("red")["leakedRoutes"], 0)
    finally:
        r1.ip("link", "set", "e-shared", "up")
        os.kill(staticd, signal.SIGCONT)
    expect_there(r1, "the interface is back", True)


def test_never_leaked_on(r1):
    "shared leaks to red, and red to blue: blue gets red's native routes, and no route that red has from shared."
    r1.configure("blue", "no ip route-import 1:1", "ip route-import 2:2")
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2")
    expect_there(r1, "shared to red", True)
    r1.expect_leaked(
        "only red's own", "blue", {"192.0.2.64/26": 20, "198.51.100.64/26": 20}
    )
    r1.settle()
    assert sorted(r1.leaked("blue")) == ["192.0.2.64/26", "198.51.100.64/26"]
    assert r1.conflicts("blue") == [], "it is not refused either; it is no candidate"


def test_no_loop(r1):
    "shared and red leak to each other: neither gets its own routes back."
    assert sorted(r1.leaked("red")) == ["192.0.2.0/26", "198.51.100.0/26"]
    assert r1.conflicts("shared") == [] and r1.conflicts("red") == []


def test_link_local(r1):
    "IPv6 link-local networks and routes are never leaked."
    assert "fe80::/64" in r1.rib("shared", 6), "shared has link-local networks"
    if HAVE_LOCAL_ROUTES:
        # Since FRR 10 zebra accepts no such route from the kernel: only the link-local networks could be leaked.
        r1.settle()
        assert sorted(r1.leaked("red", 6)) == ["2001:db8:101::/64", "2001:db8:1::/64"]
        return
    args = "fe80:0:0:1::/64 via 2001:db8:1::2 dev e-shared table 10".split()
    r1.ip("-6", "route", "add", *args)
    try:
        expect.until_equal(
            "zebra has the route",
            lambda: "fe80:0:0:1::/64" in r1.rib("shared", 6),
            True,
        )
        r1.settle()
        assert sorted(r1.leaked("red", 6)) == ["2001:db8:101::/64", "2001:db8:1::/64"]
        assert r1.conflicts("red", 6) == []
    finally:
        r1.ip("-6", "route", "del", *args)


def test_multicast(r1):
    "Multicast prefixes are never leaked."
    r1.configure("shared", "ip route 233.252.0.0/24 192.0.2.2")
    r1.configure("shared", "ipv6 route ff3e:30:2001:db8::/64 2001:db8:1::2")
    for family, prefix in ((4, "233.252.0.0/24"), (6, "ff3e:30:2001:db8::/64")):
        expect.until_equal(
            "zebra has {}, in use".format(prefix),
            lambda: [r.get("selected") for r in r1.rib("shared", family)[prefix]],
            [True],
        )
    r1.settle()
    assert len(r1.leaked("red", 4)) == 2 and len(r1.leaked("red", 6)) == 2


def test_source_specific(r1):
    "Source-specific routes are never leaked."
    r1.configure("shared", "ipv6 route 2001:db8:f::/64 from 2001:db8:e::/64 blackhole")
    expect.until_equal(
        "zebra has it, in use",
        lambda: "S>* 2001:db8:f::/64 from 2001:db8:e::/64"
        in r1.show("show ipv6 route vrf shared"),
        True,
    )
    r1.settle()
    assert len(r1.leaked("red", 6)) == 2
    assert "2001:db8:e::/64" not in r1.show("show ipv6 route vrf red")


def device_route():
    "A route of shared that is leaked through its VRF device."
    return SHARED.router4 + "/32" if HAVE_LOCAL_ROUTES else SHARED.net4


def kernel_has(r1, prefix, table=20):
    return prefix.replace("/32", "") in [
        route["dst"] for route in kernel.table(r1, table)
    ]


def test_device_down(r1):
    """
    A VRF whose device is down leaks nothing, through any next hop. explain and a hint say so. Routes leaked to it stay.
    """
    text = "the device of VRF shared is down"
    r1.ip("link", "set", "shared", "down")
    try:
        r1.expect_leaked("the source's device is down", "red", {})
        expect.until_equal(
            "nor in the kernel",
            lambda: kernel.zebra_routes(r1, 20).keys() & {SHARED.net4, SHARED.behind4},
            set(),
        )
        for prefix in (SHARED.net4, SHARED.behind4):
            said = r1.json("show ip route-leak explain vrf red {} json".format(prefix))[
                "sources"
            ]["shared"]
            assert said == {"verdict": "device-down", "text": text}
        expect.until_equal(
            "the hint",
            lambda: [
                hint for hint in r1.summary("shared")["hints"] if "device" in hint
            ],
            [text + ": it leaks nothing"],
        )
        assert {RED.net4, RED.behind4} <= set(r1.leaked("shared"))
    finally:
        r1.ip("link", "set", "shared", "up")
    r1.expect_leaked("up again", "red", {SHARED.net4: 10, SHARED.behind4: 10})
    expect.until_equal(
        "through the device", lambda: kernel_has(r1, device_route()), True
    )


def test_device_never_up(r1):
    "A VRF leaks nothing before its device is up for the first time."
    r1.configure("purple", "ip route-export 9:9")
    r1.configure("red", "ip route-import 9:9")
    r1.ip_batch(
        "link add purple type vrf table 50",
        "link add d-purple type dummy",
        "link set d-purple master purple up",
        "address add 203.0.113.1/24 dev d-purple",
    )
    try:
        expect.until_equal("zebra has it", lambda: PREFIX in r1.rib("purple"), True)
        r1.settle()
        assert PREFIX not in r1.leaked("red")
        r1.ip("link", "set", "purple", "up")
        expect.until_equal("the device is up", lambda: r1.leaked("red").get(PREFIX), 50)
    finally:
        r1.ip("link", "del", "d-purple")
        r1.delete_vrf("purple")


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_device_flaps(r1, times):
    "The VRF device goes down and up in a burst: the kernel drops the routes through it, and they are installed again."
    r1.ip_batch(*["link set shared down", "link set shared up"] * times)
    expect.until_equal(
        "the kernel has it again", lambda: kernel_has(r1, device_route()), True
    )
    r1.settle()
    assert kernel_has(r1, device_route())
    r1.expect_leaked("in zebra, too", "red", {SHARED.net4: 10, SHARED.behind4: 10})


def test_link_flaps(r1):
    "An interface goes down and up at once: the kernel drops the leaked routes through it, and they are installed again."
    r1.ip_batch("link set e-shared down", "link set e-shared up")
    r1.expect_leaked("in zebra", "red", {SHARED.net4: 10, SHARED.behind4: 10})
    expect.until_equal(
        "and in the kernel",
        lambda: sorted(
            kernel.zebra_routes(r1, 20).keys() & {SHARED.net4, SHARED.behind4}
        ),
        sorted([SHARED.net4, SHARED.behind4]),
    )


def test_other_link_down(r1):
    "Another interface has just gone down: a leaked route that does not change is not installed again."
    r1.configure("shared", "ip route {} 192.0.2.2".format(PREFIX))
    expect_there(r1, "static", True)
    r1.ip_batch("link add d-other type dummy", "link set d-other up")
    with kernel.Recording(r1) as recording:
        r1.ip_batch("link set d-other down", "link del d-other")
        r1.configure("shared", "ip route {} 192.0.2.3 200".format(PREFIX))
        r1.settle()
        touched = recording.events(20, PREFIX)
    assert touched == []


def test_address_of_several_goes(r1):
    "An interface loses one of several addresses: the kernel keeps the routes through it, and nothing is touched."
    expect_there(r1, "static", True, "198.51.100.0/26")
    r1.ip("address", "add", "203.0.113.65/32", "dev", "e-shared")
    expect.until_equal(
        "zebra has the address",
        lambda: "203.0.113.65/32" in r1.show("show interface e-shared"),
        True,
    )
    with kernel.Recording(r1) as recording:
        r1.ip("address", "del", "203.0.113.65/32", "dev", "e-shared")
        r1.settle()
        r1.expect_done()
        touched = recording.events(20, "198.51.100.0/26")
    assert touched == []


@pytest.mark.skipif(not HAVE_LOCAL_ROUTES, reason="zebra has no local routes here")
def test_local_route_left_over(r1):
    """
    An interface has two addresses in one network. Zebra keeps the local route of the first one when that address is
    deleted, or the interface goes down: it is not leaked any more, until the address is there again.
    """

    def expect_local(why, there, address, family):
        prefix = "{}/{}".format(address, {4: 32, 6: 128}[family])
        expect.until_equal(
            "{}: {}".format(prefix, why),
            lambda: (
                r1.leaked_route("red", prefix, family) is not None,
                address in (route["dst"] for route in kernel.table(r1, 20, family)),
            ),
            (there, there),
        )

    local4, local6 = "203.0.113.129", "2001:db8:f::1"
    r1.ip_batch(
        "link add d-two type dummy",
        "link set d-two master shared",
        "link set d-two up",
        "address add 203.0.113.129/26 dev d-two",
        "address add 203.0.113.130/26 dev d-two",
        "address add 2001:db8:f::1/64 dev d-two nodad",
        "address add 2001:db8:f::2/64 dev d-two nodad",
    )
    try:
        expect_local("the address is there", True, local4, 4)
        expect_local("the address is there", True, local6, 6)
        r1.ip("address", "del", "2001:db8:f::1/64", "dev", "d-two")
        expect_local("the address is deleted", False, local6, 6)
        expect_there(r1, "the network is still there", True, PREFIX6, family=6)
        r1.ip("link", "set", "d-two", "down")
        expect_local("the interface is down", False, local4, 4)
        r1.ip("link", "set", "d-two", "up")
        expect_local("the interface is up", True, local4, 4)
    finally:
        r1.ip("link", "del", "d-two")
    expect_local("the interface is deleted", False, local4, 4)
