#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
VRF shared imports from red, then from blue. With `preempt` red takes over a prefix that blue has offered first, without
a moment without a route. Without it, blue keeps the prefix.

                             +-- leaked from red  --> h-red,  203.0.113.7
    h-shared --- VRF shared -+
                             +-- leaked from blue --> h-blue, 203.0.113.7

zebra runs with --v6-rr-semantics, see the scenario vrfleak_priority.
"""

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, HOSTS, RED, SHARED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

PREFIX = {4: "203.0.113.0/24", 6: "2001:db8:f::/64"}
ANYCAST = {4: "203.0.113.7", 6: "2001:db8:f::7"}


def setup_module(mod):
    topology.start(mod, options="-M vrfleak --v6-rr-semantics")


def teardown_module():
    topology.stop()


def route(vrf, family=4):
    return "{} route {} {}".format(IP[family], PREFIX[family], HOSTS[family, vrf])


def preempt(family=4):
    return "{} route-leak preempt".format(IP[family])


def expect_owner(r1, why, net, family=4):
    expect.until_equal(
        "{}: {} owns the prefix".format(why, net.vrf),
        lambda: r1.leaked("shared", family).get(PREFIX[family]),
        net.table,
    )


def expect_candidate(r1, loser, winner, family=4):
    r1.expect_conflicts(
        loser.vrf + " is the candidate",
        "shared",
        [
            {
                "prefix": PREFIX[family],
                "loser": loser.vrf,
                "reason": "other-source",
                "winner": winner.vrf,
                "winnerProtocol": "static",
            }
        ],
        family,
    )


@pytest.mark.parametrize("family", [4, 6])
def test_takes_over(r1, family):
    "First come stays; with preempt, the earlier import takes over, at once and whenever it is back."
    for net in (RED, BLUE):
        for address in ("203.0.113.7/32", "2001:db8:f::7/128"):
            r1.host(net, "ip address replace {} dev lo".format(address))
    r1.configure("blue", route("blue", family))
    expect_owner(r1, "the only one", BLUE, family)
    r1.configure("red", route("red", family))
    expect_candidate(r1, RED, BLUE, family)
    r1.expect_ping((SHARED, ANYCAST[family]))
    pings = r1.pings(SHARED, ANYCAST[family])
    with kernel.Recording(r1) as recording:
        expect_owner(r1, "first come", BLUE, family)
        r1.configure("shared", preempt(family))
        expect_owner(r1, "preempt", RED, family)
        expect_candidate(r1, BLUE, RED, family)
        r1.configure("red", "no " + route("red", family))
        expect_owner(r1, "the next one", BLUE, family)
        r1.configure("red", route("red", family))
        expect_owner(r1, "back", RED, family)
        # The best source has the prefix already.
        r1.vtysh("clear {} route-leak vrf shared {}".format(IP[family], PREFIX[family]))
        r1.settle()
        expect_owner(r1, "clear", RED, family)
        gaps = recording.gaps(10, PREFIX[family], ["proto zebra metric 20"])
        assert gaps == [], "no moment without a route: {}".format(recording.lines())
    assert pings.lost() == []

    r1.configure("shared", "no " + preempt(family))
    r1.configure("red", "no " + route("red", family))
    expect_owner(r1, "the next one", BLUE, family)
    r1.configure("red", route("red", family))
    expect_candidate(r1, RED, BLUE, family)
    expect_owner(r1, "first come", BLUE, family)


def test_order_of_imports(r1):
    "A change of the order takes effect, and a new line is the last one."
    r1.configure("shared", preempt())
    r1.configure("blue", route("blue"))
    r1.configure("red", route("red"))
    expect_owner(r1, "the first import", RED)
    r1.change("shared", "no ip route-import 2:2")
    expect_owner(r1, "the only import", BLUE)
    r1.change("shared", "ip route-import 2:2")
    expect_candidate(r1, RED, BLUE)
    r1.change("shared", "no ip route-import 3:3", "ip route-import 3:3")
    expect_owner(r1, "the first import again", RED)
    expect_candidate(r1, BLUE, RED)


def test_native_route(r1):
    "A native route still wins."
    r1.configure("shared", preempt(), route("shared"))
    r1.configure("red", route("red"))
    expect.until_equal(
        "refused",
        lambda: [(c["loser"], c["reason"]) for c in r1.conflicts("shared")],
        [("red", "native-route")],
    )
    assert PREFIX[4] not in r1.leaked("shared")


def test_configuration(r1):
    "The line is shown, in the VRF and at the global level; `no` removes it, and is accepted without it."
    r1.configure("green", "ip route-leak preempt", "ipv6 route-leak preempt")
    r1.configure("default", "ip route-leak preempt")
    running = r1.running()
    assert "ip route-leak preempt" in running, running
    assert " ip route-leak preempt" in running, running
    assert " ipv6 route-leak preempt" in running, running
    expect.until_equal("JSON", lambda: r1.summary("green").get("preempt"), True)
    assert "Preempt: an earlier import takes over" in r1.show("show ip route-leak vrf green")
    assert r1.summary("red")["preempt"] is False
    r1.configure("green", "no ip route-leak preempt", "no ipv6 route-leak preempt")
    r1.configure("default", "no ip route-leak preempt")
    assert not [line for line in r1.running() if "route-leak" in line]
    r1.change("green", "no ip route-leak preempt")
    for line in ("ip route-leak preempt yes", "ip route-leak", "ip route-leak preemp x"):
        _, out = r1.vtysh("configure terminal", "vrf green", line)
        assert "% " in out, "{}: {}".format(line, out)
    assert not [line for line in r1.running() if "route-leak" in line]
