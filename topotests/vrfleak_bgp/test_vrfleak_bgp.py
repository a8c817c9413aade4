#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Other ways by which routes come into a VRF from another one, together with the module: bgpd's `import vrf`, static routes with
`nexthop-vrf`, and leaked routes that are redistributed into BGP. None may loop, and none may outlive its origin.
"""

import contextlib
import json

import pytest

from lib.topogen import TopoRouter
from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, HAVE_LOCAL_ROUTES, RED, SHARED

pytestmark = [pytest.mark.bgpd, pytest.mark.staticd]

PREFIX = "203.0.113.0/26"


def setup_module(mod):
    topology.start(mod, daemons=[TopoRouter.RD_BGP])


def teardown_module():
    topology.stop()


def bgp_enter(r1, vrf, lines, family):
    where = ["router bgp 65000 vrf " + vrf, "address-family ipv{} unicast".format(family)]
    status, out = r1.vtysh("configure terminal", *where, *lines)
    assert status == 0 and "%" not in out, out


@contextlib.contextmanager
def bgp(r1, vrf, *lines, family=4):
    "Lines of the VRF's BGP instance, which are removed at the end."
    bgp_enter(r1, vrf, lines, family)
    try:
        yield
    finally:
        bgp_enter(r1, vrf, ["no " + line for line in reversed(lines)], family)


def announced(r1, vrf, family=4):
    "The prefixes that the VRF's BGP instance would announce."
    _, out, _ = r1.run_vtysh("show bgp vrf {} ipv{} unicast json".format(vrf, family), daemon="bgpd")
    routes = json.loads(out or "{}").get("routes", {})
    return sorted(prefix for prefix, paths in routes.items() if any(path.get("valid") for path in paths))


def protocols(r1, vrf, prefix, family=4):
    "The protocols of the VRF's routes to a prefix; the selected one first, in capitals."
    routes = r1.rib(vrf, family).get(prefix, [])
    return sorted(
        route["protocol"].upper() if route.get("selected") else route["protocol"]
        for route in routes
        if route["distance"] != 255
    )


def verdict(r1, target, source, prefix, family=4):
    word = {4: "ip", 6: "ipv6"}[family]
    shown = r1.json("show {} route-leak explain vrf {} {} json".format(word, target, prefix))
    return shown["sources"][source]["verdict"]


def expect_protocols(r1, why, vrf, prefix, expected):
    expect.until_equal("{} in VRF {}: {}".format(prefix, vrf, why), lambda: protocols(r1, vrf, prefix), expected)


def test_import_vrf(r1):
    """
    bgpd imports red's routes in blue. They lead into red: blue does not offer them to red, which would be a conflict for each. To
    others they are native routes of blue.
    """
    r1.configure("red", "ip route-import 3:3")
    r1.configure("green", "ip route-import 3:3")
    with bgp(r1, "red", "redistribute static", "redistribute connected"), bgp(r1, "blue", "import vrf red"):
        expect_protocols(r1, "bgpd has imported it", "blue", RED.behind4, ["BGP"])
        expect.until_equal("split horizon", lambda: verdict(r1, "red", "blue", RED.behind4), "split-horizon")
        expect.until_equal("blue's own", lambda: r1.leaked("red").get(BLUE.behind4), 30)
        expect.until_equal("green has it by blue", lambda: r1.leaked("green").get(RED.behind4), 30)
        r1.settle()
        r1.expect_conflicts("none for what blue has from red", "red", [])
    expect_protocols(r1, "bgpd has withdrawn it", "blue", RED.behind4, [])


@pytest.mark.parametrize("family", [4, 6])
def test_nexthop_vrf(r1, family):
    """
    Hub and spoke: red and blue have a static default route to shared, and shared imports both. These routes lead into shared,
    which must not get a default route from its spokes.
    """
    default, word, gateway = {
        4: ("0.0.0.0/0", "ip", SHARED.host4),
        6: ("::/0", "ipv6", SHARED.host6),
    }[family]
    line = "{} route {} {} nexthop-vrf shared".format(word, default, gateway)
    r1.configure_all([("red", line), ("blue", line)])
    r1.configure("green", "{} route-import 2:2".format(word))
    expect.until_equal("green, which imports red", lambda: r1.leaked("green", family).get(default), 20)
    for source in ("red", "blue"):
        expect.until_equal("split horizon", lambda: verdict(r1, "shared", source, default, family), "split-horizon")
    r1.settle()
    assert default not in r1.leaked("shared", family)
    r1.expect_conflicts("none", "shared", [], family)
    r1.expect_ping((RED, SHARED.inner4), (BLUE, SHARED.inner4), (RED, SHARED.inner6), (BLUE, SHARED.inner6))


@pytest.mark.parametrize("options", ["", " distance 20"])
@pytest.mark.parametrize("kind", ["blackhole", "gateway"])
def test_redistributed_and_imported(r1, kind, options):
    """
    red's routes are leaked to blue, announced there by redistribute table, and imported in red by bgpd. When red's own route goes,
    the imported one must go, too: it is a leaked route of red itself. bgpd keeps the distance of the leaked one.
    """
    line = "ip route {} {}".format(PREFIX, {"blackhole": "blackhole", "gateway": RED.host4}[kind])
    r1.configure("blue", "ip route-import 2:2" + options)
    r1.configure("red", line)
    with bgp(r1, "blue", "redistribute table 20"), bgp(r1, "red", "import vrf blue"):
        expect.until_equal("leaked", lambda: r1.leaked("blue").get(PREFIX), 20)
        expect_protocols(r1, "bgpd has imported it", "red", PREFIX, ["STATIC", "bgp"])
        r1.configure("red", "no " + line)
        for vrf in ("blue", "red"):
            expect_protocols(r1, "gone", vrf, PREFIX, [])


def test_redistributed_and_imported_address(r1):
    "The same with a connected route. The copy in red goes through blue's VRF device: leaked, it would lead blue to itself."
    address = ["address", "{}", RED.router4 + "/26", "dev", RED.interface]
    r1.configure("blue", "ip route-import 2:2")
    with bgp(r1, "blue", "redistribute table 20"), bgp(r1, "red", "import vrf blue"):
        expect_protocols(r1, "bgpd has imported it", "red", RED.net4, ["CONNECTED", "bgp"])
        r1.ip(*" ".join(address).format("del").split())
        try:
            for vrf in ("blue", "red"):
                expect_protocols(r1, "gone", vrf, RED.net4, [])
            expect.until_equal("in the kernel, too", lambda: RED.net4 in kernel.zebra_routes(r1, 30), False)
        finally:
            r1.ip(*" ".join(address).format("add").split())
        expect.until_equal("back", lambda: r1.leaked("blue").get(RED.net4), 20)


def test_imported_leak_is_not_leaked_on(r1):
    "Leaked routes are never leaked on, nor by way of BGP: shared imports by bgpd what was leaked to blue."
    r1.configure("blue", "ip route-import 2:2")
    r1.configure("red", "ip route {} blackhole".format(PREFIX))
    r1.configure("shared", "no ip route-import 2:2")
    r1.configure("green", "ip route-import 1:1")
    with bgp(r1, "blue", "redistribute table 20"), bgp(r1, "shared", "import vrf blue"):
        for prefix in (PREFIX, RED.net4):
            expect_protocols(r1, "bgpd has imported it", "shared", prefix, ["BGP"])
            expect.until_equal("not leaked on", lambda: verdict(r1, "green", "shared", prefix), "leaked-itself")
        r1.settle(target="green")
        assert not {PREFIX, RED.net4} & set(r1.leaked("green"))


def shared_routes():
    own = [SHARED.router4 + "/32"] if HAVE_LOCAL_ROUTES else []
    return sorted([SHARED.net4, SHARED.behind4] + own)


def test_redistribute_in_two_vrfs(r1):
    """
    bgpd registers for the number, not for the VRF. The second VRF gets no routes that were there before, until its line is entered
    again, and of two removed lines only the first one withdraws. This is FRR's behaviour, which the limits describe.
    """
    line, route = "redistribute table 10", "ip route {} blackhole".format(PREFIX)
    with bgp(r1, "red", line):
        expect.until_equal("the first one", lambda: announced(r1, "red"), shared_routes())
        with bgp(r1, "blue", line):
            r1.configure("shared", route)
            expect.until_equal("a change reaches both", lambda: PREFIX in announced(r1, "blue"), True)
            assert announced(r1, "blue") == [PREFIX]
            bgp_enter(r1, "blue", ["no " + line, line], 4)
            for vrf in ("red", "blue"):
                expect.until_equal("both", lambda: announced(r1, vrf), sorted(shared_routes() + [PREFIX]))
            r1.configure("shared", "no " + route)
            for vrf in ("red", "blue"):
                expect.until_equal("withdrawn", lambda: announced(r1, vrf), shared_routes())
        expect.until_equal("removed", lambda: announced(r1, "blue"), [])
    assert announced(r1, "red") == shared_routes()
    bgp_enter(r1, "red", [line, "no " + line], 4)
    expect.until_equal("removed", lambda: announced(r1, "red"), [])


@pytest.mark.parametrize("family", [4, 6])
def test_network(r1, family):
    "A network statement announces a prefix as long as it is leaked. It is the only way for IPv6."
    prefix = {4: SHARED.behind4, 6: SHARED.behind6}[family]
    word = {4: "ip", 6: "ipv6"}[family]
    with bgp(r1, "red", "network " + prefix, family=family):
        expect.until_equal("announced", lambda: announced(r1, "red", family), [prefix])
        r1.configure("red", "no {} route-import 1:1".format(word))
        expect.until_equal("not leaked any more", lambda: announced(r1, "red", family), [])


@pytest.mark.parametrize("family", [4, 6])
def test_gateway_in_a_leaked_prefix(r1, family):
    """
    A static route of red has a gateway in a prefix that shared leaks, and stays inactive. A hint names the route to enter; with it
    the route is used, follows shared's routes, and is not leaked back to shared.
    """
    word, prefix, gateway, behind, length = {
        4: ("ip", PREFIX, SHARED.inner4, SHARED.behind4, 32),
        6: ("ipv6", "2001:db8:f::/64", SHARED.inner6, SHARED.behind6, 128),
    }[family]
    line = "{0} route {1}/{2} {1} nexthop-vrf shared".format(word, gateway, length)

    def hints():
        return [hint for hint in r1.summary("red", family)["hints"] if "gateway" in hint]

    def active():
        return [hop.get("active", False) for route in r1.rib("red", family).get(prefix, []) for hop in route["nexthops"]]

    assert hints() == []
    for vrf in ("red", "shared"):
        r1.resolve_strictly(vrf)
    r1.configure("red", "{} route {} {}".format(word, prefix, gateway))
    expect.until_equal("inactive", active, [False])
    expect.until_equal("the hint", lambda: [line in hint and behind in hint for hint in hints()], [True])
    r1.configure("red", line)
    expect.until_equal("active", lambda: any(active()), True)
    assert hints() == []
    gone = {4: SHARED.host4, 6: SHARED.host6}[family]
    r1.change("shared", "no {} route {} {}".format(word, behind, gone))
    try:
        expect.until_equal("shared's route is gone", lambda: any(active()), False)
    finally:
        r1.change("shared", "{} route {} {}".format(word, behind, gone))
    expect.until_equal("it is back", lambda: any(active()), True)
    expect.until_equal(
        "split horizon",
        lambda: verdict(r1, "shared", "red", "{}/{}".format(gateway, length), family),
        "split-horizon",
    )
