#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A routing protocol on both sides of a leaked route: blue learns the network behind its host by OSPF, and OSPF announces
to blue's host what shared leaks to blue. Here h-blue is a router with zebra and ospfd, without the module.
"""

import pytest

from lib.topogen import TopoRouter
from vrfleak import expect, topology
from vrfleak.fixtures import maps, r1  # noqa: F401
from vrfleak.topology import BLUE, HAVE_LOCAL_ROUTES, NETS, RED, SHARED

pytestmark = [pytest.mark.ospfd, pytest.mark.staticd]

SHARED4 = ["192.0.2.0/26", "198.51.100.0/26"]
if HAVE_LOCAL_ROUTES:
    # redistribute table announces all leaked routes, including the router's own address.
    SHARED4.insert(1, SHARED.router4 + "/32")


def setup_module(mod):
    topology.start(mod, NETS, [TopoRouter.RD_OSPF], [BLUE])


def teardown_module():
    topology.stop()


def learned(r1):
    "The prefixes that h-blue has learned by OSPF, without those that it announces itself."
    out = r1.tgen.gears["h-blue"].vtysh_cmd("show ip route ospf json", isjson=True)
    return sorted(set(out) - {"192.0.2.128/26", "198.51.100.129/32"})


def test_learned_by_ospf(r1):
    "Routes that blue learns by OSPF are leaked to shared, with OSPF's metric."
    r1.expect_leaked(
        "red's static, blue's OSPF",
        "shared",
        {
            "192.0.2.64/26": 20,
            "198.51.100.64/26": 20,
            "192.0.2.128/26": 30,
            "198.51.100.129/32": 30,
        },
    )
    source = [
        route
        for route in r1.rib("blue")["198.51.100.129/32"]
        if route["protocol"] == "ospf"
    ][0]
    leaked = r1.leaked_route("shared", "198.51.100.129/32")
    assert source["metric"] > 0
    assert (leaked["distance"], leaked["metric"]) == (254, source["metric"])
    routes = r1.json("show ip route-leak routes vrf shared json")["vrfs"]["shared"]
    shown = routes["routes"]["198.51.100.129/32"]
    assert (shown["source"], shown["sourceProtocol"]) == ("blue", "ospf")


def test_route_maps_by_protocol(r1):
    "An example of vendors: one VRF exports only OSPF and BGP routes, another one imports only OSPF routes."
    protocols = "route-map {0} permit {1}\n match source-protocol {2}\nexit\n"
    r1.commit(
        protocols.format("OSPF-BGP", 10, "ospf")
        + protocols.format("OSPF-BGP", 20, "bgp")
        + protocols.format("OSPF", 10, "ospf")
    )
    try:
        r1.configure("blue", "ip route-export 8:8 route-map OSPF-BGP", "ip route 203.0.113.0/26 blackhole")
        r1.configure("shared", "ip route-export 8:8")
        r1.configure("green", "ip route-import 8:8 route-map OSPF")
        r1.expect_leaked("OSPF's alone", "green", {"198.51.100.129/32": 30})
        r1.change("green", "ip route-import 8:8")
        r1.expect_leaked(
            "all of shared's, and blue's OSPF", "green", {"198.51.100.129/32": 30, **dict.fromkeys(["192.0.2.0/26", "198.51.100.0/26"], 10)}
        )
    finally:
        r1.restore()
        r1.commit("no route-map OSPF-BGP\nno route-map OSPF\n")


def test_redistribute_static(r1):
    "redistribute static never announces a leaked route."
    out = r1.vtysh("configure terminal", "router ospf vrf blue", "redistribute static")
    assert out == (0, ""), out
    try:
        r1.configure("blue", "ip route 203.0.113.0/26 blackhole")
        expect.until_equal(
            "blue's own static route, and it alone",
            lambda: learned(r1),
            ["203.0.113.0/26"],
        )
        r1.settle()
        assert learned(r1) == ["203.0.113.0/26"]
    finally:
        r1.vtysh(
            "configure terminal", "router ospf vrf blue", "no redistribute static"
        )


def test_redistribute_table(r1):
    """
    redistribute table 10 announces exactly the routes leaked from shared, not those from red. h-blue then reaches
    shared.
    """
    r1.configure("blue", "ip route-import 2:2")
    expect.until_equal(
        "blue has routes of shared and of red",
        lambda: sorted(set(r1.leaked("blue").values())),
        [10, 20],
    )
    r1.expect_no_ping((BLUE, SHARED.host4))
    out = r1.vtysh("configure terminal", "router ospf vrf blue", "redistribute table 10")
    assert out == (0, ""), out
    try:
        expect.until_equal("h-blue learns them", lambda: learned(r1), SHARED4)
        r1.settle()
        expect.until_equal("nothing of red", lambda: learned(r1), SHARED4)
        r1.expect_ping(
            (BLUE, SHARED.host4), (BLUE, SHARED.inner4), (SHARED, BLUE.inner4)
        )
        # h-blue has no route to red although r1's VRF blue has one.
        r1.expect_no_ping((BLUE, RED.host4))

        r1.configure("shared", "ip route 203.0.113.0/26 192.0.2.2")
        expect.until_equal(
            "a new one follows",
            lambda: learned(r1),
            sorted(SHARED4 + ["203.0.113.0/26"]),
        )
        r1.configure("shared", "no ip route 203.0.113.0/26 192.0.2.2")
        expect.until_equal("and goes", lambda: learned(r1), SHARED4)
    finally:
        r1.vtysh(
            "configure terminal", "router ospf vrf blue", "no redistribute table 10"
        )
    expect.until_equal("nothing any more", lambda: learned(r1), [])


def test_redistribute_by_tag(r1, maps):
    "OSPF selects leaked routes by the tag that a route-map of the leak sets, with the metric that it sets."
    r1.commit("ip prefix-list BEHIND permit 198.51.100.0/26\n")
    maps.make("TAG", "permit 10: match ip address prefix-list BEHIND, set tag 500, set metric 50", "permit 20")
    r1.change("blue", "ip route-import 1:1 route-map TAG")
    maps.make("TAGGED", "permit 10: match tag 500")
    command = "redistribute table 10 route-map TAGGED"
    assert r1.vtysh("configure terminal", "router ospf vrf blue", command) == (0, "")
    try:
        expect.until_equal("the one", lambda: learned(r1), ["198.51.100.0/26"])
        maps.make("TAG", "permit 10: match ip address prefix-list BEHIND", "permit 20: set tag 500")
        expect.until_equal(
            "the others", lambda: learned(r1), sorted(set(SHARED4) - {"198.51.100.0/26"})
        )
    finally:
        r1.vtysh("configure terminal", "router ospf vrf blue", "no " + command)
        r1.change("blue", "ip route-import 1:1")
        r1.commit("no ip prefix-list BEHIND\n")
    expect.until_equal("nothing any more", lambda: learned(r1), [])


def test_neighbor_gone(r1):
    "h-blue withdraws its network: the leaked route in shared is withdrawn with the OSPF route."
    host = r1.tgen.gears["h-blue"]
    host.cmd_raises("ip address del 198.51.100.129/26 dev lo")
    try:
        expect.until_equal(
            "the OSPF route is gone",
            lambda: "198.51.100.129/32" in r1.leaked("shared"),
            False,
        )
    finally:
        host.cmd_raises("ip address add 198.51.100.129/26 dev lo")
    expect.until_equal(
        "it is back", lambda: r1.leaked("shared").get("198.51.100.129/32"), 30
    )
