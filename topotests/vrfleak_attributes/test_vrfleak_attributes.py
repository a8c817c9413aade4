#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
`set metric` and `set tag` in the route-maps of exports and imports hold for the leaked route, and for nothing else.

The kernel has all of zebra's routes with metric 20, whatever their metric in zebra is.
"""

import json
import os

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import maps, r1  # noqa: F401
from vrfleak.topology import SHARED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

STATIC = SHARED.behind4
OTHER = "203.0.113.0/26"
TAGGED = "203.0.113.64/26"
MOST = 4294967295


def setup_module(mod):
    topology.start(mod, tags=False)


def teardown_module():
    topology.stop()


@pytest.fixture
def leaks(r1, maps):
    "shared leaks to red by the route-maps OUT and IN, which permit everything; it has two more static routes."
    maps.make("OUT", "permit 10")
    maps.make("IN", "permit 10")
    r1.configure(
        "shared",
        "ip route {} 192.0.2.2".format(OTHER),
        "ip route {} 192.0.2.2 tag 77".format(TAGGED),
        "ip route-export 1:1 route-map OUT",
        "ipv6 route-export 1:1 route-map OUT",
    )
    r1.configure("red", "ip route-import 1:1 route-map IN", "ipv6 route-import 1:1 route-map IN")
    yield
    r1.restore()


def attributes(r1, prefix, family=4):
    "(metric, tag) of the route leaked to red, as zebra has it, or None."
    route = r1.leaked_route("red", prefix, family)
    return route and (route["metric"], route.get("tag", 0))


def expect_attributes(r1, why, **expected):
    prefixes = {"static": STATIC, "other": OTHER, "tagged": TAGGED, "connected": SHARED.net4}
    expect.until_equal(
        why,
        lambda: {name: attributes(r1, prefixes[name]) for name in expected},
        expected,
    )


def test_set(r1, leaks, maps):
    "The leaked routes have what the route-map sets; all else is as without it."
    maps.make("IN", "permit 10: match source-protocol static, set metric 50, set tag 500", "permit 20")
    expect_attributes(
        r1, "static routes alone", static=(50, 500), other=(50, 500), tagged=(50, 500), connected=(0, 0)
    )
    native = {prefix: r1.rib("shared")[prefix][0] for prefix in (STATIC, TAGGED)}
    assert [(route["metric"], route.get("tag", 0)) for route in native.values()] == [(0, 0), (0, 77)]
    shown = r1.json("show ip route-leak routes vrf red json")["vrfs"]["red"]["routes"][STATIC]
    assert (shown["metric"], shown["tag"]) == (50, 500)
    in_kernel = kernel.zebra_routes(r1, 20)
    assert {in_kernel[prefix]["metric"] for prefix in (STATIC, SHARED.net4)} == {20}
    text = r1.show("show ip route-leak explain vrf red " + STATIC)
    assert ", metric 50 (set by a route-map; 0 in VRF shared), tag 500 (set by a route-map; 0 in VRF shared)" in text
    text = r1.show("show ip route-leak explain vrf red " + SHARED.net4)
    assert "set by a route-map" not in text
    maps.make("IN", "permit 10")
    expect_attributes(
        r1, "without the clauses", static=(0, 0), other=(0, 0), tagged=(0, 77), connected=(0, 0)
    )


def test_metric_forms(r1, leaks, maps):
    "N replaces, +N adds and -N subtracts, within the range of a metric. Other forms have no effect."
    maps.make("OUT", "permit 10: set metric 100")
    for clause, metric in (
        ("7", 7),
        ("+20", 120),
        ("-30", 70),
        ("-101", 0),
        ("+{}".format(MOST), MOST),
        (str(MOST), MOST),
        ("rtt", 100),
        ("+rtt", 100),
        ("8", 8),
        ("0", 0),
    ):
        maps.drop("IN")  # FRR 8.4 can lose the clause if one commit changes -N to +N
        maps.make("IN", "permit 10: set metric " + clause)
        expect_attributes(r1, "set metric " + clause, static=(metric, 0), other=(metric, 0))


def test_no_set(r1, leaks, maps):
    "One clause is removed, or replaced by a form that has no effect, and the other one stays."
    maps.make("IN", "permit 10: set metric 50, set tag 500")
    expect_attributes(r1, "both", static=(50, 500))
    r1.commit("route-map IN permit 10\n no set metric\nexit\n")
    expect_attributes(r1, "the tag", static=(0, 500))
    r1.commit("route-map IN permit 10\n set metric 60\nexit\n")
    expect_attributes(r1, "the metric again", static=(60, 500))
    r1.commit("route-map IN permit 10\n set metric rtt\nexit\n")
    expect_attributes(r1, "a form without effect", static=(0, 500))
    r1.commit("route-map IN permit 10\n no set metric\n no set tag\nexit\n")
    expect_attributes(r1, "none", static=(0, 0), tagged=(0, 77))
    assert "is ignored" not in str(r1.summary("red")["hints"])


def test_export_then_import(r1, leaks, maps):
    "The import's route-map is applied to what the export's has set: it matches that tag, and what it sets prevails."
    maps.make("OUT", "permit 10: match ip address prefix-len 26, set tag 500, set metric 10")
    maps.make("IN", "permit 10: match tag 500, set metric +5")
    expect_attributes(r1, "added to the export's metric", static=(15, 500), tagged=(15, 500))
    maps.drop("IN")
    maps.make("IN", "permit 10: match tag 500, set metric 3, set tag 600")
    expect_attributes(r1, "the import's", static=(3, 600), tagged=(3, 600))
    maps.make("IN", "permit 10: match tag 77")
    expect_attributes(r1, "the source's tag is gone", static=None, tagged=None)
    text = r1.show("show ip route-leak explain vrf red " + TAGGED)
    assert "not leaked: denied by route-map IN, where no entry permits it" in text
    maps.make("IN", "permit 5: match tag 77", "deny 10: match tag 500")
    expect.until_equal(
        "explain sees the export's tag",
        lambda: "denied by route-map IN, sequence 10" in r1.show("show ip route-leak explain vrf red " + TAGGED),
        True,
    )


def test_match_in_the_same_map(r1, leaks, maps):
    "Match clauses see the route as it was before the route-map."
    maps.make(
        "IN",
        "permit 10: set tag 500, on-match next",
        "permit 20: match tag 500, set metric 1",
        "permit 30: match tag 77, set metric 2",
    )
    expect_attributes(r1, "the tag is not seen", tagged=(2, 500))


def test_first_next_hop(r1, leaks, maps):
    "If the route-map sets something else for each next hop, the first next hop that it permits counts."
    prefix = "203.0.113.128/26"
    r1.commit("access-list A permit 192.0.2.2/32\naccess-list B permit 192.0.2.3/32\n")
    r1.configure("shared", "ip route {} 192.0.2.2".format(prefix), "ip route {} 192.0.2.3".format(prefix))
    try:
        maps.make(
            "IN",
            "permit 10: match ip next-hop A, set metric 1",
            "permit 20: match ip next-hop B, set metric 2",
        )
        expect.until_equal("the first", lambda: attributes(r1, prefix), (1, 0))
        maps.make("IN", "deny 10: match ip next-hop A", "permit 20: match ip next-hop B, set metric 2")
        expect.until_equal("the permitted one", lambda: attributes(r1, prefix), (2, 0))
    finally:
        maps.make("IN", "permit 10")
        r1.commit("no access-list A permit 192.0.2.2/32\nno access-list B permit 192.0.2.3/32\n")


def test_change_touches_no_other(r1, leaks, maps):
    "A changed value replaces exactly its routes, without a gap; what stays the same is not installed again."
    maps.make("IN", "permit 10: match tag 77, set metric 50", "permit 20")
    expect_attributes(r1, "before", tagged=(50, 77), other=(0, 0))
    r1.expect_done()
    with kernel.Recording(r1) as recording:
        assert r1.vtysh("clear ip route-leak")[0] == 0
        r1.expect_done()
        assert recording.events(20, TAGGED) == [], "nothing has changed"
        maps.make("IN", "permit 10: match tag 77, set metric 60", "permit 20")
        expect_attributes(r1, "after", tagged=(60, 77), other=(0, 0))
        r1.expect_done()
        assert recording.events(20, OTHER) == [], "it has the same metric"
        assert recording.gaps(20, TAGGED, ["proto zebra metric 20"]) == []


def test_shared_group(r1, leaks, maps):
    "Routes that differ only in metric and tag use one next-hop group."
    maps.make("IN", "permit 10: match tag 77, set metric 50, set tag 500", "permit 20")
    expect_attributes(r1, "two routes", tagged=(50, 500), other=(0, 0))
    groups = {prefix: r1.leaked_route("red", prefix)["nexthopGroupId"] for prefix in (OTHER, TAGGED)}
    assert groups[OTHER] == groups[TAGGED]


def test_ip_protocol(r1, leaks, maps):
    "The same route-map at `ip protocol` changes nothing in zebra."
    maps.make("IN", "permit 10: set metric 50, set tag 500")
    expect_attributes(r1, "leaked", static=(50, 500))
    r1.configure("shared", "ip protocol static route-map IN")
    r1.configure("shared", "ip route 203.0.113.192/26 192.0.2.2 tag 78")
    expect.until_equal(
        "a route that came after it", lambda: attributes(r1, "203.0.113.192/26"), (50, 500)
    )
    rib = r1.rib("shared")
    assert {
        prefix: (rib[prefix][0]["metric"], rib[prefix][0].get("tag", 0))
        for prefix in (STATIC, TAGGED, "203.0.113.192/26")
    } == {STATIC: (0, 0), TAGGED: (0, 77), "203.0.113.192/26": (0, 78)}


@pytest.mark.parametrize("family", [4, 6])
def test_what_if(r1, maps, family):
    "what-if counts the routes whose metric or tag a route-map would set."
    maps.make("SET", "permit 10: match source-protocol static, set metric 50", "permit 20")
    r1.configure("shared", "{} route-export 1:1".format(IP[family]))
    command = "show {} route-leak what-if vrf red import 1:1 route-map SET".format(IP[family])
    shown = r1.json(command + " json")
    assert shown["metricOrTagSet"] == 1 and shown["leaked"] > 1, shown
    assert " (1 with a metric or tag set by a route-map)" in r1.show(command)
    shown = r1.json("show {} route-leak what-if vrf red import 1:1 json".format(IP[family]))
    assert shown["metricOrTagSet"] == 0


def test_ipv6(r1, leaks, maps):
    maps.make("IN", "permit 10: set metric 50, set tag 500")
    expect.until_equal("both", lambda: attributes(r1, SHARED.behind6, 6), (50, 500))


def test_state(r1, leaks, maps):
    "The state of the YANG model has both."
    maps.make("IN", "permit 10: set metric 50, set tag 500")
    expect_attributes(r1, "leaked", static=(50, 500))
    status, out = r1.vtysh("show yang operational-data /frr-vrfleak:vrfleak zebra")
    assert status == 0, out
    routes = {
        route["prefix"]: route
        for vrf in json.loads(out)["frr-vrfleak:vrfleak"]["vrf"]
        for family in vrf["address-family"]
        if vrf["name"] == "red"
        for route in family["state"].get("leaked-route", [])
    }
    assert (routes[STATIC]["metric"], routes[STATIC]["tag"]) == (50, 500)


def test_restart(r1, leaks, maps):
    "A restarted zebra leaks with the same values."
    maps.make("IN", "permit 10: match tag 77, set metric 50", "permit 20: set tag 9")
    expect_attributes(r1, "before", tagged=(50, 77), other=(0, 9))
    path = os.path.join(r1.gear.logdir, "r1", "running.conf")
    with open(path, "w", encoding="utf-8") as config:
        config.write("\n".join(r1.running(harness=True)) + "\n")
    r1.end_zebra()
    r1.begin_zebra(path)
    expect_attributes(r1, "after", tagged=(50, 77), other=(0, 9))
