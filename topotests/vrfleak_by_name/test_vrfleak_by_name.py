#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"Imports of a VRF by its name, which need no tag: alone, beside tags, of the default VRF, of VRFs that do not exist."

import json

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, DEFAULT, GREEN, OFFERED, RED, SHARED

pytestmark = [pytest.mark.staticd]

PREFIX = "203.0.113.128/26"
SHARED_NET, SHARED_BEHIND = SHARED.net4, SHARED.behind4
SHARED4 = {SHARED_NET: 10, SHARED_BEHIND: 10}
GREEN4 = {GREEN.net4: 40, GREEN.behind4: 40}
BLUE4 = {BLUE.net4: 30, BLUE.behind4: 30}


def setup_module(mod):
    topology.start(mod, topology.NETS + [DEFAULT])


def teardown_module():
    topology.stop()


def verdict(r1, source, target, prefix):
    shown = r1.json("show ip route-leak explain vrf {} {} json".format(target, prefix))
    return shown["sources"][source]["verdict"]


def test_leak(r1):
    "Green has no tag. It and blue import each other by name, and their hosts reach each other; red's host reaches neither."
    r1.configure("green", "ip route-import vrf blue", "ipv6 route-import vrf blue")
    r1.configure("blue", "ip route-import vrf green", "ipv6 route-import vrf green")
    r1.expect_leaked("blue's routes", "green", BLUE4)
    r1.expect_leaked("green's and shared's routes", "blue", {**SHARED4, **GREEN4})
    r1.expect_leaked("blue's", "green", {BLUE.net6: 30, BLUE.behind6: 30}, 6)
    r1.expect_ping(
        (GREEN, BLUE.inner4), (BLUE, GREEN.inner4), (GREEN, BLUE.router4),
        (GREEN, BLUE.inner6), (BLUE, GREEN.inner6),
    )
    r1.settle()
    r1.expect_no_ping((RED, GREEN.inner4), (GREEN, RED.inner4), (RED, BLUE.inner4))
    assert verdict(r1, "blue", "green", BLUE.behind4) == "leaked"
    assert verdict(r1, "red", "green", RED.behind4) == "no-common-tag"
    text = json.dumps(r1.json("show ip route-leak explain vrf green {} json".format(RED.behind4)))
    assert "VRF red exports 2:2, VRF green imports vrf blue" in text

    r1.change("green", "no ip route-import vrf blue")
    r1.expect_leaked("withdrawn", "green", {})
    r1.expect_leaked("the other family stays", "green", {BLUE.net6: 30, BLUE.behind6: 30}, 6)
    r1.change("green", "ip route-import vrf blue")


def test_shown(r1):
    "show ip route-leak, topology, what-if and running-config show an import by name. Its source is listed, too."
    r1.configure("blue", "ip route-import vrf green maximum-prefix 50 threshold 60 warning-only")
    r1.expect_leaked("both", "blue", {**SHARED4, **GREEN4})
    summary = r1.summary("blue")
    assert summary["imports"] == ["1:1", "vrf green"]
    options = {"maximumPrefix": 50, "threshold": 60, "warningOnly": True, "routes": OFFERED}
    assert summary["importOptions"] == {"vrf green": options}
    for source in summary["sources"].values():
        source.pop("totals")
    assert summary["sources"]["green"] == {"tags": [], "byName": True, "routes": OFFERED}
    assert summary["sources"]["shared"] == {"tags": ["1:1"], "byName": False, "routes": OFFERED}
    assert r1.summary("green")["targets"] == ["blue"] and r1.summary("green")["exports"] == []
    text = r1.show("show ip route-leak vrf blue")
    assert "  Imports: 1:1, vrf green ({0} of at most 50 routes, warning only)\n".format(OFFERED) in text, text
    assert "  From VRF green: {} routes, by vrf green\n".format(OFFERED) in text, text
    assert "Hint: blue can reach green; green has no route back" in text, text
    assert [line for line in r1.tags("blue") if line.startswith("ip route-import")] == ["ip route-import 1:1", "ip route-import vrf green maximum-prefix 50 threshold 60 warning-only"]
    pairs = {(pair["source"], pair["target"]): pair for pair in r1.json("show route-leak topology json")["ipv4"]}
    assert pairs["green", "blue"]["routes"] == OFFERED and pairs["green", "blue"]["oneWay"]


def test_what_if(r1):
    "what-if counts what an import by name would leak, of a VRF without any line, too."
    command = "show ip route-leak what-if vrf {} import vrf {} json"
    shown = r1.json(command.format("red", "green"))
    expected = {"pairs": 1, "matchingVrfs": ["green"], "leaked": OFFERED, "refused": 0, "filtered": 0, "alreadyLeaked": 0, "complete": True}
    assert {key: shown[key] for key in expected} == expected
    shown = r1.json(command.format("red", "shared"))
    assert (shown["leaked"], shown["alreadyLeaked"]) == (0, OFFERED)
    assert r1.json(command.format("green", "default"))["leaked"] >= OFFERED
    for vrf, words in (("nowhere", "VRF nowhere does not exist"), ("red", "VRF red never leaks to itself"), ("v" * 100, "does not exist")):
        _, out = r1.vtysh(command.format("red", vrf))
        assert words in json.loads(out)["error"], out
    text = r1.show("show ip route-leak what-if vrf red import vrf green")
    assert text == "From VRF green: {} routes would be leaked\n".format(OFFERED)


def test_default(r1):
    "The default VRF as source, and as target."
    r1.configure("green", "ip route-import vrf default")
    r1.configure("default", "ip route-import vrf green")
    r1.expect_leaked("the default VRF's", "green", {DEFAULT.net4: 254, DEFAULT.behind4: 254})
    r1.expect_leaked("green's", "default", GREEN4)
    r1.expect_ping((GREEN, DEFAULT.inner4), (DEFAULT, GREEN.inner4))
    assert r1.tags("default") == ["ip route-import vrf green"]
    assert r1.summary("green")["sources"]["default"]["byName"]


def test_itself(r1):
    "A VRF imports itself: accepted, leaks nothing, and a hint says so."
    before = r1.leaked("red")
    r1.configure("red", "ip route-import vrf red")
    assert "VRF red is imported by its name here; a VRF never leaks to itself" in r1.summary("red")["hints"]
    r1.settle()
    assert r1.leaked("red") == before and r1.conflicts("red") == []
    assert "red" not in r1.summary("red")["sources"]


def test_unknown_vrf(r1):
    "A VRF that does not exist: accepted, with a hint. When it is created, its routes leak; when it is deleted, they go."
    hint = "VRF purple is imported by its name, but does not exist"
    r1.configure("green", "ip route-import vrf purple")
    assert hint in r1.summary("green")["hints"]
    assert not r1.json("show ip route-leak vrf purple json")["vrfs"]["purple"]["active"]
    assert "VRF purple, does not exist" in r1.show("show ip route-leak vrf purple")
    r1.make_vrf("purple", 50)
    r1.ip_batch("link add d-purple type dummy", "link set d-purple master purple up", "address add 203.0.113.193/26 dev d-purple")
    try:
        r1.expect_leaked("purple's", "green", {"203.0.113.192/26": 50})
        assert hint not in r1.summary("green")["hints"]
    finally:
        r1.ip("link", "del", "d-purple")
        r1.delete_vrf("purple")
    r1.expect_leaked("gone", "green", {})
    assert hint in r1.summary("green")["hints"]


@pytest.mark.parametrize(
    "lines, owner",
    [
        (("vrf red", "3:3"), 20),
        (("3:3", "vrf red"), 30),
        (("2:2", "vrf blue"), 20),
        (("vrf blue", "2:2"), 30),
        (("vrf red", "vrf blue"), 20),
    ],
)
def test_order(r1, lines, owner):
    "Red and blue offer a prefix at the same moment: the first import line decides, by tag or by name."
    for vrf, via in (("red", RED.host4), ("blue", BLUE.host4)):
        r1.configure(vrf, "ip route {} {}".format(PREFIX, via))
    expect.until_equal("shared has one of them", lambda: PREFIX in r1.leaked("shared"), True)
    # A file is one commit.
    r1.commit("vrf green\n" + "".join(" ip route-import {}\n".format(line) for line in lines) + "exit-vrf\n")
    try:
        assert r1.tags("green") == ["ip route-import " + line for line in lines]
        expect.until_equal("the owner", lambda: r1.leaked("green").get(PREFIX), owner)
        expect.until_equal(
            "the other one waits",
            lambda: [(c["prefix"], c["reason"]) for c in r1.conflicts("green")],
            [(PREFIX, "other-source")],
        )
        assert r1.summary("green")["imports"] == list(lines)
    finally:
        r1.change("green", *["no ip route-import " + line for line in lines])
    r1.expect_leaked("no import", "green", {})


def test_by_tag_and_by_name(r1):
    "A source by a tag and by its name is one source. The first line whose route-maps permit a route holds, with its options."
    r1.configure("default", "ip prefix-list NET seq 5 permit {}".format(SHARED_NET))
    r1.configure("default", "route-map NET permit 10")
    r1.vtysh("configure terminal", "route-map NET permit 10", "match ip address prefix-list NET")
    r1.configure("green", "ip route-import 1:1 route-map NET", "ip route-import vrf shared maximum-prefix 1")
    expect.until_equal("one by the tag, one by the name", lambda: len(r1.leaked("green")) >= 1 and r1.summary("green")["leakedRoutes"], 2)
    summary = r1.summary("green")
    summary["sources"]["shared"].pop("totals")
    assert summary["sources"] == {"shared": {"tags": ["1:1"], "byName": True, "routes": 2}}
    assert summary["importOptions"]["vrf shared"]["routes"] == 1
    assert SHARED_NET in r1.leaked("green"), "the tag has no limit"
    assert {c["reason"] for c in r1.conflicts("green")} <= {"maximum-prefix"}
    assert len(r1.conflicts("green")) == OFFERED - 2

    # Without a route-map the first line permits all routes.
    r1.change("green", "ip route-import 1:1")
    r1.expect_leaked("all by the tag", "green", SHARED4)
    expect.until_equal("none by the name", lambda: r1.summary("green")["importOptions"]["vrf shared"]["routes"], 0)
    r1.expect_conflicts("none", "green", [])



def test_export_route_map(r1):
    "The route-map of the source's export line does not apply to an import by name."
    r1.configure("green", "ip route-export 4:4 route-map MISSING")
    r1.configure("red", "ip route-import 4:4")
    r1.settle()
    assert verdict(r1, "green", "red", GREEN.net4) == "denied"
    r1.configure("red", "ip route-import vrf green")
    r1.expect_leaked("green's, too", "red", {**SHARED4, **GREEN4})
    # The import's own does.
    r1.change("red", "ip route-import vrf green route-map MISSING")
    r1.expect_leaked("denied", "red", SHARED4)
    assert verdict(r1, "green", "red", GREEN.net4) == "denied"
    r1.change("red", "ip route-import vrf green")


def test_limit(r1):
    "maximum-prefix of an import by name: the log and the hint name the VRF; a native route still wins."
    r1.configure("green", "ip route-import vrf shared maximum-prefix 1")
    expect.until_equal("full", lambda: {c["reason"] for c in r1.conflicts("green")}, {"maximum-prefix"})
    assert "the import of vrf shared has reached its maximum of 1 routes" in r1.summary("green")["hints"]
    r1.expect_log("VRF green has 1 of at most 1 routes by its import of vrf shared (ipv4)")
    r1.change("green", "ip route-import vrf shared")
    r1.expect_leaked("no limit", "green", SHARED4)
    r1.configure("green", "ip route {} {}".format(SHARED_BEHIND, GREEN.host4))
    expect.until_equal(
        "the native route wins",
        lambda: [(c["prefix"], c["reason"]) for c in r1.conflicts("green")],
        [(SHARED_BEHIND, "native-route")],
    )
