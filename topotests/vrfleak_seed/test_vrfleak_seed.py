#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The scenario that the feature comes from, for IPv4 and IPv6. The services in VRF shared are available to VRFs red and
blue, and not to green. red and blue do not reach each other.

All routes are static; vrfleak_ospf has the same with a routing protocol.
"""

import re

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, FRR, GREEN, HAVE_LOCAL_ROUTES, NETS, OFFERED, RED, SHARED

pytestmark = [pytest.mark.staticd]

TAGS = {
    "shared": ["route-export 1:1", "route-import 2:2", "route-import 3:3"],
    "red": ["route-export 2:2", "route-import 1:1"],
    "blue": ["route-export 3:3", "route-import 1:1"],
}
# Which VRF leaks to which, by those tags.
SOURCES = {
    "shared": [RED, BLUE],
    "red": [SHARED],
    "blue": [SHARED],
    "green": [],
}
REACHABLE = [(RED, SHARED), (BLUE, SHARED)]
UNREACHABLE = [(RED, BLUE), (GREEN, SHARED), (GREEN, RED), (GREEN, BLUE)]


def setup_module(mod):
    topology.start(mod, tags=False)


def teardown_module():
    topology.stop()


def prefixes(net, family):
    "The prefixes of a VRF: its connected network and the one behind its host."
    return [net.net4, net.behind4] if family == 4 else [net.net6, net.behind6]


def addresses(net, family):
    "The addresses of a VRF: the router's, the host's, and one behind the host."
    if family == 4:
        return [net.router4, net.host4, net.inner4]
    return [net.router6, net.host6, net.inner6]


def expected_leaks(vrf, family):
    return {
        prefix: net.table for net in SOURCES[vrf] for prefix in prefixes(net, family)
    }


def test_nothing_without_tags(r1):
    "Without tags a host reaches its own VRF and no other."
    for family in (4, 6):
        r1.expect_ping(
            *[(net, address) for net in NETS for address in addresses(net, family)]
        )
        for net in NETS:
            assert r1.leaked(net.vrf, family) == {}
        r1.expect_no_ping(
            *[(one, addresses(other, family)[1]) for one, other in REACHABLE]
        )


@pytest.mark.parametrize("family", [4, 6])
def test_tags(r1, family):
    """
    With the tags, each VRF has exactly the routes of the VRFs whose tags it imports. The following tests use these
    tags.
    """
    word = "ip" if family == 4 else "ipv6"
    for vrf, lines in TAGS.items():
        r1.change(vrf, *["{} {}".format(word, line) for line in lines])
    for net in NETS:
        r1.expect_leaked(
            "leaks exactly what the tags allow",
            net.vrf,
            expected_leaks(net.vrf, family),
            family,
        )


def both_ways(pairs, family):
    "Each host of a pair with all addresses of the other VRF."
    return [
        (source, address)
        for one, other in pairs
        for source, target in ((one, other), (other, one))
        for address in addresses(target, family)
    ]


@pytest.mark.parametrize("family", [4, 6])
def test_reachable(r1, family):
    """
    shared and red, and shared and blue, reach each other: hosts, networks behind them, and the router's own addresses.
    """
    r1.expect_ping(*both_ways(REACHABLE, family))


@pytest.mark.parametrize("family", [4, 6])
def test_not_reachable(r1, family):
    "red and blue do not reach each other, and green reaches no other VRF, in both directions, when no work is left."
    r1.settle()
    r1.expect_no_ping(*both_ways(UNREACHABLE, family))


@pytest.mark.parametrize("family", [4, 6])
def test_looks(r1, family):
    "A leaked route has type table, the source's table as instance, distance 254, and next hops in the source VRF."
    connected = r1.leaked_route("red", prefixes(SHARED, family)[0], family)
    expect.equal(
        "the connected network",
        {key: connected[key] for key in ("instance", "distance", "metric")},
        {"instance": 10, "distance": 254, "metric": 0},
    )
    hops = [
        (hop.get("ip"), hop["interfaceName"], hop.get("vrf"))
        for hop in connected["nexthops"]
    ]
    # If the router's own address has no route, the VRF device delivers to it, too.
    device = "e-shared" if HAVE_LOCAL_ROUTES else "shared"
    expect.equal("connected network", hops, [(None, device, "shared")])

    own = "{}/{}".format(addresses(SHARED, family)[0], 32 if family == 4 else 128)
    local = r1.leaked_route("red", own, family)
    assert (local is not None) == HAVE_LOCAL_ROUTES, local
    if local:
        hops = [(hop["interfaceName"], hop["vrf"]) for hop in local["nexthops"]]
        expect.equal("the router's own address", hops, [("shared", "shared")])

    behind = r1.leaked_route("red", prefixes(SHARED, family)[1], family)
    hops = [
        (hop.get("ip"), hop["interfaceName"], hop.get("vrf"))
        for hop in behind["nexthops"]
    ]
    expect.equal(
        "the network behind the host keeps the source's gateway and interface",
        hops,
        [(addresses(SHARED, family)[1], "e-shared", "shared")],
    )


def test_show_ip_route(r1):
    "show ip route shows leaked routes with their instance and source VRF. 'table' selects only these."
    out = r1.show("show ip route vrf red")
    assert re.search(
        r"^T\[10\]>\* 198\.51\.100\.0/26 \[254/0\] via 192\.0\.2\.2, e-shared \(vrf shared\)",
        out,
        re.MULTILINE,
    ), out
    if FRR >= (10, 5):
        # In this version the keyword requires a table number.
        return
    only = r1.show("show ip route vrf red table")
    assert "198.51.100.0/26" in only and "198.51.100.64/26" not in only, only


def test_kernel(r1):
    "The kernel has exactly the leaked routes as routes of zebra's own protocol number, in each VRF's table."
    for net in NETS:
        for family in (4, 6):
            expect.equal(
                "kernel table {} IPv{}".format(net.table, family),
                sorted(kernel.zebra_routes(r1, net.table, family)),
                sorted(expected_leaks(net.vrf, family)),
            )


@pytest.mark.parametrize("family", [4, 6])
def test_show_route_leak(r1, family):
    "show ip route-leak shows the policy and the counters of each VRF with tags."
    word = "ip" if family == 4 else "ipv6"
    shown = r1.json("show {} route-leak json".format(word))
    assert shown["addressFamily"] == "ipv{}".format(family)
    assert sorted(shown["vrfs"]) == ["blue", "red", "shared"], "green has no tags"
    shared = shown["vrfs"]["shared"]
    assert isinstance(shared.pop("vrfId"), int)
    assert shared.pop("counting") is False
    for source in shared["sources"].values():
        assert source.pop("totals")["leaked"] >= OFFERED
        source.pop("byName")
    expect.equal(
        "VRF shared",
        {key: shared[key] for key in shared if key != "instance"},
        {
            "tableId": 10,
            "active": True,
            "exports": ["1:1"],
            "imports": ["2:2", "3:3"],
            "exportOptions": {},
            "importOptions": {},
            "preempt": False,
            "leakedRoutes": 2 * OFFERED,
            "conflicts": 0,
            "sources": {
                "red": {"tags": ["2:2"], "routes": OFFERED},
                "blue": {"tags": ["3:3"], "routes": OFFERED},
            },
            "targets": ["blue", "red"],
            "hints": [],
        },
    )
    red = r1.summary("red", family)
    assert (red["leakedRoutes"], red["targets"]) == (OFFERED, ["shared"])
    assert {key: red["sources"]["shared"][key] for key in ("tags", "routes")} == {"tags": ["1:1"], "routes": OFFERED}
    text = r1.show("show {} route-leak".format(word))
    for word in ("shared", "red", "blue", "1:1", "2:2", "3:3"):
        assert word in text, text


@pytest.mark.parametrize("family", [4, 6])
def test_show_route_leak_routes(r1, family):
    "show ip route-leak routes shows each leaked route and its source."
    word = "ip" if family == 4 else "ipv6"
    shown = r1.json("show {} route-leak routes vrf red json".format(word))
    assert list(shown["vrfs"]) == ["red"]
    routes = shown["vrfs"]["red"]["routes"]
    own = {SHARED.router4 + "/32", SHARED.router6 + "/128"}
    assert sorted(set(routes) - own) == sorted(prefixes(SHARED, family))
    assert len(routes) == OFFERED
    behind = routes[prefixes(SHARED, family)[1]]
    assert behind.pop("uptimeSeconds") >= 0
    hops = behind.pop("nexthops")
    expect.equal(
        "the network behind the host",
        behind,
        {
            "source": "shared",
            "instance": 10,
            "sourceProtocol": "static",
            "distance": 254,
            "metric": 0,
            "tag": 0,
        },
    )
    assert len(hops) == 1
    assert hops[0]["ip"] == addresses(SHARED, family)[1]
    assert hops[0]["afi"] == "ipv{}".format(family)
    assert (hops[0]["interfaceName"], hops[0]["vrf"]) == ("e-shared", "shared")
    assert routes[prefixes(SHARED, family)[0]]["sourceProtocol"] == "connected"

    everything = r1.json("show {} route-leak routes json".format(word))["vrfs"]
    assert sorted(everything) == ["blue", "red", "shared"]
    assert len(everything["shared"]["routes"]) == 2 * OFFERED
    text = r1.show("show {} route-leak routes vrf red".format(word))
    for prefix in prefixes(SHARED, family):
        assert prefix in text, text


@pytest.mark.parametrize("family", [4, 6])
def test_no_conflicts(r1, family):
    "No two VRFs offer the same prefix: there is no conflict, and each VRF with tags is listed."
    word = "ip" if family == 4 else "ipv6"
    shown = r1.json("show {} route-leak conflicts json".format(word))
    assert shown["addressFamily"] == "ipv{}".format(family)
    assert shown["vrfs"] == {
        vrf: {"conflicts": []} for vrf in ("blue", "red", "shared")
    }


def test_families_apart(r1):
    """
    The address families are independent: without its IPv6 import, red keeps the leaked IPv4 routes and loses the IPv6
    routes.
    """
    r1.configure("red", "no ipv6 route-import 1:1")
    r1.expect_leaked("does not import any more", "red", {}, 6)
    r1.settle()
    assert r1.leaked("red", 4) == expected_leaks("red", 4)
    assert r1.leaked("blue", 6) == expected_leaks("blue", 6)
    r1.expect_no_ping((RED, SHARED.host6))
    r1.expect_ping((RED, SHARED.host4))


def test_export_removed(r1):
    "Without shared's export both targets lose its routes. shared keeps the routes that it imports."
    r1.configure("shared", "no ip route-export 1:1")
    r1.expect_leaked("shared does not export", "red", {})
    r1.expect_leaked("shared does not export", "blue", {})
    assert r1.leaked("shared") == expected_leaks("shared", 4)
    assert kernel.zebra_routes(r1, 20) == {}


def test_import_removed(r1):
    "Without red's import red loses the routes. blue keeps its leaked routes."
    r1.configure("red", "no ip route-import 1:1")
    r1.expect_leaked("red does not import", "red", {})
    r1.settle(target="blue")
    assert r1.leaked("blue") == expected_leaks("blue", 4)
    r1.expect_no_ping((RED, SHARED.host4))
    assert kernel.zebra_routes(r1, 20) == {}


def test_all_back(r1):
    "At the end the state is the same as at the start."
    for net in NETS:
        for family in (4, 6):
            r1.expect_leaked(
                "as after the first commit",
                net.vrf,
                expected_leaks(net.vrf, family),
                family,
            )
