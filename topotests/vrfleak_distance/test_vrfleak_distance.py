#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Import statements with a distance: a leaked default route of VRF shared with a floating static route of VRF red behind
it. Hosts keep their connections through each change, in both directions.

                          +-- leaked from shared --> h-shared, 203.0.113.7
    h-red --- VRF red ----+
                          +-- static, the backup --> h-far,    203.0.113.7

zebra runs with --v6-rr-semantics, see the scenario vrfleak_priority.
"""

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import HOSTS, RED, SHARED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

DEFAULT = {4: "0.0.0.0/0", 6: "::/0"}
PREFIX = {4: "203.0.113.0/24", 6: "2001:db8:f::/64"}
ANYCAST = {4: "203.0.113.7", 6: "2001:db8:f::7"}
FAR = {4: "198.51.100.254", 6: "2001:db8:6::2"}

FAR_HOST = """
ip netns add h-far
ip link add e-far type veth peer name eth0 netns h-far
ip link set e-far master red up
ip address add 198.51.100.253/30 dev e-far
ip address add 2001:db8:6::1/64 dev e-far nodad
ip -n h-far -batch - <<END
link set lo up
link set eth0 up
address add 198.51.100.254/30 dev eth0
address add 2001:db8:6::2/64 dev eth0 nodad
route add default via 198.51.100.253
route add default via 2001:db8:6::1
END
for host in h-far h-shared; do
    ip -n $host address add 203.0.113.7/32 dev lo
    ip -n $host address add 2001:db8:f::7/128 dev lo nodad
done
"""


def setup_module(mod):
    topology.start(mod, options="-M vrfleak --v6-rr-semantics")


def teardown_module():
    topology.stop()


@pytest.fixture(scope="module")
def far():
    "The host behind the backup."
    from vrfleak.router import Router

    Router().net.cmd_raises(FAR_HOST)


@pytest.fixture
def imports(r1):
    "Enters red's import with options. At the end of the test it has none."

    def enter(family, options):
        r1.change("red", "{} route-import 1:1 {}".format(IP[family], options).strip())

    yield enter
    r1.change("red", "ip route-import 1:1", "ipv6 route-import 1:1")


def static(family, prefix, via, distance=""):
    return "{} route {} {} {}".format(IP[family], prefix, via, distance).strip()


def selected(r1, vrf, prefix, family=4):
    "[(protocol, distance)] of the selected route of a VRF, or []."
    return [
        (route["protocol"], route["distance"])
        for route in r1.rib(vrf, family).get(prefix, [])
        if route.get("selected") and route.get("installed")
    ]


def expect_selected(r1, why, vrf, prefix, expected, family=4):
    expect.until_equal(
        "{} in VRF {}: {}".format(prefix, vrf, why),
        lambda: selected(r1, vrf, prefix, family),
        [expected],
    )


def backup(prefix, vrf="red", winner="shared", protocol="static"):
    "The entry of the conflict table for a native route that is the backup."
    return {
        "prefix": prefix,
        "loser": vrf,
        "reason": "higher-distance",
        "winner": winner,
        "winnerProtocol": protocol,
    }


def refused(prefix, protocol="static"):
    "The entry of the conflict table for a leaked route that a native one refuses."
    return {
        "prefix": prefix,
        "loser": "shared",
        "reason": "native-route",
        "winner": "red",
        "winnerProtocol": protocol,
    }


@pytest.mark.parametrize("family", [4, 6])
def test_floating_static(r1, far, imports, family):
    "A leaked default route comes and goes, with a floating static route behind it: no moment without a route, no ping lost."
    prefix = DEFAULT[family]
    table = "default"
    imports(family, "distance 20")
    r1.configure("red", static(family, prefix, FAR[family], 250))
    expect_selected(r1, "the static route", "red", prefix, ("static", 250), family)
    r1.expect_ping((RED, ANYCAST[family]))
    pings = r1.pings(RED, ANYCAST[family])
    with kernel.Recording(r1) as recording:
        for _ in range(2):
            r1.configure("shared", static(family, prefix, HOSTS[family, "shared"]))
            expect_selected(r1, "leaked", "red", prefix, ("table", 20), family)
            r1.expect_conflicts("the backup", "red", [backup(prefix)], family)
            r1.configure("shared", "no " + static(family, prefix, HOSTS[family, "shared"]))
            expect_selected(r1, "the backup", "red", prefix, ("static", 250), family)
            r1.expect_conflicts("no backup", "red", [], family)
        gaps = recording.gaps(20, table, ["proto static metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())
        events = recording.events(20, table)
        assert len([e for e in events if "proto zebra" in e[2]]) >= 2, events
    assert pings.lost() == []


@pytest.mark.parametrize("family", [4, 6])
def test_backup_comes_and_goes(r1, far, imports, family):
    "The backup changes nothing in the kernel while the leaked route is in use, and is shown."
    prefix = DEFAULT[family]
    imports(family, "distance 20")
    r1.configure("shared", static(family, prefix, HOSTS[family, "shared"]))
    expect_selected(r1, "leaked", "red", prefix, ("table", 20), family)
    with kernel.Recording(r1) as recording:
        r1.configure("red", static(family, prefix, FAR[family], 250))
        r1.expect_conflicts("the backup", "red", [backup(prefix)], family)
        shown = r1.json(
            "show {} route-leak explain vrf red {} json".format(IP[family], prefix)
        )
        expect.equal(
            "explain",
            (
                shown["nativeProtocol"],
                shown["nativeDistance"],
                shown["nativeIsBackup"],
                shown["sources"]["shared"]["verdict"],
            ),
            ("static", 250, True, "leaked"),
        )
        text = r1.show("show {} route-leak explain vrf red {}".format(IP[family], prefix))
        assert "native static route, backup because of its distance 250" in text, text
        r1.configure("red", "no " + static(family, prefix, FAR[family], 250))
        r1.expect_conflicts("no backup", "red", [], family)
        assert recording.events(20, "default") == []


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("options, distance", [("distance 20", 20), ("", 254)])
def test_equal_distance(r1, imports, options, distance, family):
    "A native route of the same distance wins. Zebra alone would keep the older route, and calls no hook."
    prefix = PREFIX[family]
    imports(family, options)
    r1.configure("shared", static(family, prefix, HOSTS[family, "shared"]))
    expect_selected(r1, "leaked", "red", prefix, ("table", distance), family)
    line = static(family, prefix, HOSTS[family, "red"], distance)
    with kernel.Recording(r1) as recording:
        r1.configure("red", line)
        expect_selected(r1, "native", "red", prefix, ("static", distance), family)
        r1.expect_conflicts("refused", "red", [refused(prefix)], family)
        gaps = recording.gaps(20, prefix, ["proto zebra metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())
    r1.configure("red", "no " + line)
    expect_selected(r1, "leaked again", "red", prefix, ("table", distance), family)


@pytest.mark.parametrize("family", [4, 6])
def test_change_in_place(r1, far, imports, family):
    "A change of the distance moves the route to the preferred side without a gap, and loses no ping."
    prefix = DEFAULT[family]
    r1.configure("red", static(family, prefix, FAR[family], 100))
    r1.configure("shared", static(family, prefix, HOSTS[family, "shared"]))
    r1.expect_conflicts("native", "red", [refused(prefix)], family)
    r1.expect_ping((RED, ANYCAST[family]))
    pings = r1.pings(RED, ANYCAST[family])
    with kernel.Recording(r1) as recording:
        for options, route in (
            ("distance 99", ("table", 99)),
            ("distance 100", ("static", 100)),
            ("distance 1", ("table", 1)),
            ("distance 98 maximum-prefix 10", ("table", 98)),
            ("", ("static", 100)),
        ):
            imports(family, options)
            expect_selected(r1, options, "red", prefix, route, family)
        gaps = recording.gaps(20, "default", ["proto static metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())
    assert pings.lost() == []


def test_connected_wins(r1, imports):
    "A connected route wins over a leaked one of any distance."
    imports(4, "distance 1")
    r1.configure("shared", static(4, RED.net4, SHARED.host4))
    expect.until_equal(
        "refused",
        lambda: [c for c in r1.conflicts("red") if c["prefix"] == RED.net4],
        [refused(RED.net4, "connected")],
    )
    explained = r1.json("show ip route-leak explain vrf red {} json".format(RED.net4))
    expect.equal(
        "explain",
        explained["sources"]["shared"],
        {
            "verdict": "native-route",
            "text": "VRF red has a native connected route of distance 0, and the import has distance 1",
        },
    )


def test_not_leaked_on(r1, imports):
    "A leaked route is not leaked on, whatever its distance, and the backup is not leaked while it is not selected."
    prefix = PREFIX[4]
    imports(4, "distance 20")
    r1.configure("green", "ip route-import 2:2")
    r1.configure("red", static(4, prefix, HOSTS[4, "red"], 250))
    expect.until_equal("green", lambda: r1.leaked("green").get(prefix), 20)
    r1.configure("shared", static(4, prefix, HOSTS[4, "shared"]))
    expect_selected(r1, "leaked", "red", prefix, ("table", 20))
    expect.until_equal("green has it no more", lambda: r1.leaked("green").get(prefix), None)


def test_mutual_preference(r1, imports):
    "Two VRFs prefer each other's route to their own one: one of them keeps its native route, and that stays."
    prefix = PREFIX[4]
    imports(4, "distance 20")
    r1.change("shared", "ip route-import 2:2 distance 20")
    try:
        r1.configure_all(
            (vrf, static(4, prefix, HOSTS[4, vrf], 200)) for vrf in ("red", "shared")
        )

        def distances():
            return sorted(
                (selected(r1, vrf, prefix) or [("none", 0)])[0] for vrf in ("red", "shared")
            )

        expect.until_equal(
            "one is leaked, one is native", distances, [("static", 200), ("table", 20)]
        )
        with kernel.Recording(r1, settled=True) as recording:
            assert recording.events(10, prefix) + recording.events(20, prefix) == []
    finally:
        r1.change("shared", "ip route-import 2:2")


def test_configuration(r1, imports):
    "The line is shown as it was entered, a new line replaces it, and malformed ones change nothing."
    line = " ip route-import 1:1 route-map NONE distance 20 maximum-prefix 5 threshold 50"
    imports(4, "route-map NONE distance 20 maximum-prefix 5 threshold 50")
    assert line in r1.running()
    for options in (
        "distance",
        "distance 0",
        "distance 255",
        "distance -1",
        "distance 20 20",
        "distance 99999999999999999999",
        "distance x",
        "maximum-prefix 5 distance 20",
    ):
        _, out = r1.vtysh("configure terminal", "vrf red", "ip route-import 1:1 " + options)
        assert "% " in out, "{}: {}".format(options, out)
    _, out = r1.vtysh("configure terminal", "vrf red", "ip route-export 2:2 distance 20")
    assert "% " in out, out
    assert line in r1.running()
    imports(4, "distance 20")
    assert " ip route-import 1:1 distance 20" in r1.running()
    imports(4, "")
    assert " ip route-import 1:1" in r1.running()


def test_what_if(r1):
    "what-if compares the distances as the decision does."
    prefix = PREFIX[4]
    r1.configure("red", static(4, prefix, HOSTS[4, "red"], 100))
    r1.configure("shared", static(4, prefix, HOSTS[4, "shared"]))
    r1.expect_conflicts("native", "red", [refused(prefix)])

    def refusals(options):
        shown = r1.json(
            "show ip route-leak what-if vrf red import 1:1 {} json".format(options)
        )
        return shown["refused"]

    before = refusals("")
    assert [refusals("distance 100"), refusals("distance 99")] == [before, before - 1]
