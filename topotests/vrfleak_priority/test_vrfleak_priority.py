#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
What the kernel sees of each change: a native route takes over without a moment without a route, and routes that stay
are not touched.

zebra runs with --v6-rr-semantics. Without it zebra replaces each IPv6 route by a removal and an addition, also if it is
not leaked.
"""

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import GREEN, HAVE_LOCAL_ROUTES, HOSTS, OFFERED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

PREFIX = {4: "203.0.113.0/24", 6: "2001:db8:f::/64"}


def setup_module(mod):
    topology.start(mod, options="-M vrfleak --v6-rr-semantics")


def teardown_module():
    topology.stop()


def route(vrf, family=4):
    return "{} route {} {}".format(IP[family], PREFIX[family], HOSTS[family, vrf])


def expect_protocol(r1, why, table, family, protocol):
    "Waits until the kernel's table has exactly one route to the prefix, of this protocol."
    expect.until_equal(
        "{} in table {}: {}".format(PREFIX[family], table, why),
        lambda: [
            entry["protocol"]
            for entry in kernel.table(r1, table, family)
            if entry["dst"] == PREFIX[family]
        ],
        [protocol],
    )


@pytest.mark.parametrize("family", [4, 6])
def test_native_takes_over(r1, family):
    "A native static route replaces the leaked one in the kernel, without a moment without a route."
    r1.configure("shared", route("shared", family))
    expect_protocol(r1, "leaked", 20, family, "zebra")
    with kernel.Recording(r1) as recording:
        r1.configure("red", route("red", family))
        expect_protocol(r1, "the native route", 20, family, "static")
        expect.until_equal(
            "the leaked route is deleted",
            lambda: r1.leaked_route("red", PREFIX[family], family),
            None,
        )
        events = recording.events(20, PREFIX[family])
        assert events, "the native route was recorded"
        assert "proto static" in events[-1][2] and not events[-1][0], events
        gaps = recording.gaps(20, PREFIX[family], ["proto zebra metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())


@pytest.mark.parametrize("family", [4, 6])
def test_connected_takes_over(r1, family):
    "The same if the native route is connected, so that the kernel itself installs it."
    r1.configure("shared", route("shared", family))
    expect_protocol(r1, "leaked", 20, family, "zebra")
    address = "203.0.113.1/24" if family == 4 else "2001:db8:f::1/64"
    nodad = ["nodad"] if family == 6 else []
    with kernel.Recording(r1) as recording:
        r1.ip("address", "add", address, "dev", "e-red", *nodad)
        try:
            expect_protocol(r1, "the connected network", 20, family, "kernel")
            gaps = recording.gaps(20, PREFIX[family], ["proto zebra metric 20"])
            assert gaps == [], "no moment without a route: {}".format(recording.lines())
        finally:
            r1.ip("address", "del", address, "dev", "e-red")
    expect_protocol(r1, "the connected network is gone", 20, family, "zebra")


@pytest.mark.parametrize("family", [4, 6])
def test_other_source_takes_over(r1, family):
    "The next candidate's route replaces the owner's route without a gap, after clear and after the owner's withdrawal."
    for vrf in ("red", "blue"):
        r1.configure(vrf, route(vrf, family))
    expect.until_equal(
        "one is installed, one is a candidate", lambda: len(r1.conflicts("shared", family)), 1
    )
    owner = r1.leaked("shared", family)[PREFIX[family]]
    other = 50 - owner
    with kernel.Recording(r1) as recording:
        r1.vtysh(
            "clear {} route-leak vrf shared {}".format(IP[family], PREFIX[family])
        )
        expect.until_equal(
            "the other takes over",
            lambda: r1.leaked("shared", family).get(PREFIX[family]),
            other,
        )
        vrf = {20: "red", 30: "blue"}[other]
        r1.configure(vrf, "no " + route(vrf, family))
        expect.until_equal(
            "the first one is back",
            lambda: r1.leaked("shared", family).get(PREFIX[family]),
            owner,
        )
        gaps = recording.gaps(10, PREFIX[family], ["proto zebra metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())


def test_second_tag_of_the_same_pair(r1):
    "Two common tags of two VRFs leak a route once. If one of them is removed, nothing changes in the kernel."
    expected = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
    with kernel.Recording(r1) as recording:
        r1.configure("shared", "ip route-export 5:5")
        r1.configure("red", "ip route-import 5:5")
        expect.until_equal(
            "both tags are named",
            lambda: {
                source: (shown["tags"], shown["routes"]) for source, shown in r1.summary("red")["sources"].items()
            },
            {"shared": (["1:1", "5:5"], OFFERED)},
        )
        assert r1.leaked("red") == expected
        for prefix in expected:
            assert len(r1.rib("red")[prefix]) == 1, "leaked once"
        assert r1.conflicts("red") == [], "a VRF does not compete with itself"

        r1.configure("red", "no ip route-import 1:1")
        r1.settle()
        assert r1.leaked("red") == expected
        r1.configure("red", "ip route-import 1:1")
        r1.configure("shared", "no ip route-export 5:5")
        r1.settle()
        assert r1.leaked("red") == expected
        for prefix in expected:
            assert recording.events(20, prefix) == [], "routes that stay are not touched"

        r1.configure("red", "no ip route-import 1:1")
        r1.expect_leaked("no tag in common", "red", {})
        for prefix in expected:
            events = recording.events(20, prefix)
            assert [event[0] for event in events] == [True], events


def test_several_tags(r1):
    "Several exports and imports: exactly the pairs with a common tag leak."
    r1.configure("green", "ip route-export 4:4", "ip route-export 192.0.2.1:4")
    r1.configure("green", "ip route-import 2:2")
    r1.configure("red", "ip route-import 192.0.2.1:4")
    r1.configure("blue", "ip route-import 4:4")
    green = {"192.0.2.192/26": 40, "198.51.100.192/26": 40}
    shared = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
    red = {"192.0.2.64/26": 20, "198.51.100.64/26": 20}
    r1.expect_leaked("1:1 and 192.0.2.1:4", "red", {**shared, **green})
    r1.expect_leaked("1:1 and 4:4", "blue", {**shared, **green})
    r1.expect_leaked("2:2", "green", red)
    assert r1.summary("green")["targets"] == ["blue", "red"]
    assert sorted(r1.summary("red")["sources"]) == ["green", "shared"]
    r1.configure("green", "no ip route-export 4:4")
    r1.expect_leaked("4:4 is gone", "blue", shared)
    r1.expect_leaked("192.0.2.1:4 is not", "red", {**shared, **green})


def test_others_are_not_touched(r1):
    "A change between two VRFs does not touch the routes of others."
    with kernel.Recording(r1) as recording:
        r1.configure("green", "ip route-export 4:4")
        r1.configure("blue", "ip route-import 4:4")
        expect.until_equal(
            "blue gets green's", lambda: r1.leaked("blue").get("192.0.2.192/26"), 40
        )
        r1.configure("blue", "no ip route-import 4:4")
        expect.until_equal(
            "blue loses green's", lambda: "192.0.2.192/26" in r1.leaked("blue"), False
        )
        assert recording.events(20) == [], "red has no part in it"
        blue = {prefix for _, prefix, _ in recording.events(30)}
        offered = {GREEN.net4, GREEN.behind4}
        if HAVE_LOCAL_ROUTES:
            offered.add(GREEN.router4)
        assert blue == offered, "only what changed"


def test_same_line_again(r1):
    "Entering an existing statement again, or with another spelling of the tag, changes nothing."
    before = r1.running()
    with kernel.Recording(r1) as recording:
        r1.change("red", "ip route-import 1:1", "ip route-export 2:2")
        r1.change("red", "ip route-import 01:1")
        r1.settle()
        mark = "203.0.113.254"
        events = [e for e in recording.events(20) if not e[1].startswith(mark)]
        assert events == []
    expect.equal("the configuration is the same", r1.running(), before)


def test_next_hop_changes(r1):
    "The source's next hop changes: the leaked route is replaced."
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2")
    expect_protocol(r1, "leaked", 20, 4, "zebra")
    with kernel.Recording(r1) as recording:
        r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.3")
        r1.configure("shared", "no ip route 203.0.113.0/24 192.0.2.2")
        expect.until_equal(
            "the next hop follows",
            lambda: kernel.zebra_routes(r1, 20)["203.0.113.0/24"].get("gateway"),
            "192.0.2.3",
        )
        gaps = recording.gaps(20, "203.0.113.0/24", ["proto zebra metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())
