#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"The default VRF as a source and as a target: the same commands, at the global level."

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import DEFAULT, GREEN, NETS, OFFERED, RED

pytestmark = [pytest.mark.staticd]

WORD = {4: "ip", 6: "ipv6"}
OFFER = {
    4: [DEFAULT.net4, DEFAULT.behind4],
    6: [DEFAULT.net6, DEFAULT.behind6],
}
RED_OFFER = {4: [RED.net4, RED.behind4], 6: [RED.net6, RED.behind6]}


def setup_module(mod):
    topology.start(mod, NETS + [DEFAULT])


def teardown_module():
    topology.stop()


def connect(r1, family):
    "Configures leaking between the default VRF and red, in both directions."
    word = WORD[family]
    r1.configure(
        "default", word + " route-export 100:1", word + " route-import 2:2"
    )
    r1.configure("red", word + " route-import 100:1")
    expect.until_equal(
        "red has the default VRF's routes, with the main table's number as instance",
        lambda: {
            prefix: instance
            for prefix, instance in r1.leaked("red", family).items()
            if instance == 254
        },
        {prefix: 254 for prefix in OFFER[family]},
    )
    r1.expect_leaked(
        "the default VRF has red's routes",
        "default",
        {prefix: 20 for prefix in RED_OFFER[family]},
        family,
    )


@pytest.mark.parametrize("family", [4, 6])
def test_both_ways(r1, family):
    "The hosts of red and of the default VRF reach each other and the networks behind them. green reaches neither."
    apart = (RED, DEFAULT.host4 if family == 4 else DEFAULT.host6)
    r1.expect_no_ping(apart)
    connect(r1, family)
    if family == 4:
        pairs = [(RED, DEFAULT.host4), (RED, DEFAULT.inner4), (RED, DEFAULT.router4)]
        pairs += [(DEFAULT, RED.host4), (DEFAULT, RED.inner4), (DEFAULT, RED.router4)]
        none = (GREEN, DEFAULT.host4)
    else:
        pairs = [(RED, DEFAULT.host6), (RED, DEFAULT.inner6), (RED, DEFAULT.router6)]
        pairs += [(DEFAULT, RED.host6), (DEFAULT, RED.inner6), (DEFAULT, RED.router6)]
        none = (GREEN, DEFAULT.host6)
    r1.expect_ping(*pairs)
    r1.settle()
    r1.expect_no_ping(none)
    expect.equal(
        "the main table of the kernel has them",
        sorted(kernel.zebra_routes(r1, 254, family)),
        sorted(RED_OFFER[family]),
    )


def test_next_hops(r1):
    "Routes from the default VRF: a connected network leaks through its interface, a gateway through the default VRF."
    connect(r1, 4)
    hops = r1.leaked_route("red", DEFAULT.net4)["nexthops"]
    assert [(hop.get("ip"), hop["interfaceName"]) for hop in hops] == [
        (None, "e-default")
    ]
    hops = r1.leaked_route("red", DEFAULT.behind4)["nexthops"]
    assert [(hop["ip"], hop["interfaceName"], hop["vrf"]) for hop in hops] == [
        (DEFAULT.host4, "e-default", "default")
    ]


def test_show(r1):
    "The default VRF is shown by its name. Its statements are at the global level of the configuration."
    connect(r1, 4)
    shown = r1.summary("default")
    assert (shown["exports"], shown["imports"]) == (["100:1"], ["2:2"])
    assert (shown["tableId"], shown["active"], shown["leakedRoutes"]) == (
        254,
        True,
        OFFERED,
    )
    assert (shown["targets"], list(shown["sources"])) == (["red"], ["red"])
    expect.equal(
        "global lines",
        r1.tags("default"),
        ["ip route-export 100:1", "ip route-import 2:2"],
    )
    assert "ip route-export 100:1" not in r1.tags("red")


def test_removed(r1):
    "Without its statements the default VRF no longer takes part, and is not shown."
    connect(r1, 4)
    r1.configure("default", "no ip route-export 100:1")
    expect.until_equal(
        "red loses the default VRF's routes",
        lambda: sorted(set(r1.leaked("red").values())),
        [10],
    )
    r1.configure("default", "no ip route-import 2:2")
    r1.expect_leaked("imports nothing", "default", {})
    assert kernel.zebra_routes(r1, 254) == {}
    assert "default" not in r1.json("show ip route-leak json")["vrfs"]


def test_other_tables(r1):
    "Routes outside the VRF's own table are never leaked."
    connect(r1, 4)
    r1.configure("default", "ip route 192.0.2.248/29 203.0.113.2 table 500")
    expect.until_equal(
        "zebra has the route, in table 500",
        lambda: "192.0.2.248/29" in r1.json("show ip route table 500 json"),
        True,
    )
    r1.settle()
    assert "192.0.2.248/29" not in r1.leaked("red")


def test_native_wins(r1):
    "A native route wins in the default VRF, too."
    connect(r1, 4)
    r1.configure("default", "ip route {} 203.0.113.2".format(RED.behind4))
    r1.expect_conflicts(
        "the default VRF's own route",
        "default",
        [
            {
                "prefix": RED.behind4,
                "winner": "default",
                "winnerProtocol": "static",
                "loser": "red",
                "reason": "native-route",
            }
        ],
    )
    r1.expect_leaked("only the other one is leaked", "default", {RED.net4: 20})
