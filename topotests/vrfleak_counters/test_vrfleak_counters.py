#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"Running totals, by target, address family and source: in show commands and in the state of the YANG model."

import json

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

PREFIX = {4: "203.0.113.0/24", 6: "2001:db8:f::/64"}
VIA = {
    (4, "shared"): "192.0.2.2",
    (4, "red"): "192.0.2.66",
}
KEYS = ("leaked", "replaced", "withdrawn")


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def totals(r1, target="red", source="shared", family=4):
    return r1.summary(target, family)["sources"][source]["totals"]


def since(before, now):
    "What has been counted since then: {key or reason: number}, without zeros."
    counted = {key: now[key] - before[key] for key in KEYS}
    counted.update({reason: now["refused"][reason] - count for reason, count in before["refused"].items()})
    return {key: number for key, number in counted.items() if number}


def route(vrf, gateway=None):
    return "ip route {} {}".format(PREFIX[4], gateway or VIA[4, vrf])


def test_steps(r1):
    "Each step of a route's life is counted once, in all places alike."
    before = totals(r1)
    r1.configure("shared", route("shared"))
    expect.until_equal("leaked", lambda: since(before, totals(r1)), {"leaked": 1})
    r1.configure("red", route("red"))
    expect.until_equal(
        "refused", lambda: since(before, totals(r1)), {"leaked": 1, "withdrawn": 1, "native-route": 1}
    )
    r1.configure("red", "no " + route("red"))
    expect.until_equal(
        "leaked again", lambda: since(before, totals(r1)), {"leaked": 2, "withdrawn": 1, "native-route": 1}
    )
    r1.configure("shared", route("shared", "192.0.2.3"))
    expect.until_equal("replaced", lambda: since(before, totals(r1)).get("replaced"), 1)
    r1.expect_done()
    now = totals(r1)
    assert now["lastChangeSecondsAgo"] >= 0

    statistics = r1.json("show route-leak statistics json")["vrfs"]["red"]["ipv4"]
    for shown in (statistics, statistics["sources"]["shared"]):
        assert {key: shown[key] for key in KEYS} == {key: now[key] for key in KEYS}
        assert shown["refused"] == now["refused"]
    line = "  VRF red, ipv4: {leaked} leaked, {replaced} replaced, {withdrawn} withdrawn, 1 refused, last ".format(**now)
    assert line in r1.show("show route-leak statistics")

    status, out = r1.vtysh("show yang operational-data /frr-vrfleak:vrfleak zebra")
    assert status == 0, out
    (state,) = [
        source["totals"]
        for vrf in json.loads(out)["frr-vrfleak:vrfleak"]["vrf"]
        for family in vrf["address-family"]
        for source in family["state"].get("source", [])
        if (vrf["name"], family["family"], source["name"]) == ("red", "ipv4", "shared")
    ]
    assert state["last-change"] >= now["lastChangeSecondsAgo"]
    assert {key: int(state[key]) for key in KEYS} == {key: now[key] for key in KEYS}
    assert {reason: int(state["refused-" + reason]) for reason in now["refused"]} == now["refused"]


def test_nothing_changes(r1):
    "What changes nothing is not counted."
    r1.settle()
    r1.expect_done()
    before = {(vrf, family): r1.summary(vrf, family) for vrf in ("red", "shared") for family in (4, 6)}
    assert r1.vtysh("clear ip route-leak", "clear ipv6 route-leak")[0] == 0
    r1.expect_done()
    for (vrf, family), shown in before.items():
        for source, state in shown["sources"].items():
            assert since(state["totals"], totals(r1, vrf, source, family)) == {}, (vrf, family, source)


@pytest.mark.parametrize("family", [4, 6])
def test_always_numbers(r1, family):
    "Each VRF with statements has numbers for both families, also where nothing has been leaked."
    r1.configure("green", "{} route-import 77:77".format(IP[family]))
    expect.until_equal(
        "green is there", lambda: "green" in r1.json("show route-leak statistics json")["vrfs"], True
    )
    shown = r1.json("show route-leak statistics json")["vrfs"]["green"]
    for word in ("ipv4", "ipv6"):
        assert [shown[word][key] for key in KEYS] == [0, 0, 0]
        assert set(shown[word]["refused"].values()) == {0}
        assert shown[word]["sources"] == {} and "lastChangeSecondsAgo" not in shown[word]
    summary = r1.summary("green", family)
    assert (summary["leakedRoutes"], summary["counting"]) == (0, False)
