#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
zebra with graceful restart (-K) and retained routes (-r) does not delete old kernel routes for minutes after its start.
Leaked routes that are no longer valid are deleted much sooner. Routes of other daemons stay.
"""

import signal

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

# Seconds until zebra deletes stale routes: longer than any test here.
SECONDS = 3600
SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
PREFIX = "203.0.113.0/24"
SIGNALS = pytest.mark.parametrize(
    "signum", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "ended"]
)


def setup_module(mod):
    topology.start(mod, options="-M vrfleak -K {} -r".format(SECONDS))


def teardown_module():
    topology.stop()


def expect_kernel(r1, table, prefixes, family=4):
    expect.until_equal(
        "leaked routes in kernel table {}".format(table),
        lambda: sorted(kernel.zebra_routes(r1, table, family)),
        sorted(prefixes),
    )


def kernel_route(r1, verb, gateway="192.0.2.2"):
    "A kernel route in VRF shared, which needs no daemon."
    args = "{} via {} dev e-shared table 10".format(PREFIX, gateway)
    r1.ip("route", verb, *args.split())


def gateway(r1, table=20):
    return kernel.zebra_routes(r1, table).get(PREFIX, {}).get("gateway")


@SIGNALS
def test_nothing_changed(r1, signum):
    "Without a change, no leaked IPv4 route is missing in the kernel at any moment, and nothing else differs."
    r1.expect_full()
    tables = kernel.tables(r1)
    with kernel.Recording(r1) as recording:
        r1.end_zebra(signum)
        r1.begin_zebra()
        r1.expect_full()
        expect.until_equal("kernel tables", lambda: kernel.tables(r1), tables)
        r1.settle()
        for prefix in SHARED4:
            gaps = recording.gaps(20, prefix, ["proto zebra metric 20"])
            expect.equal("gaps of " + prefix, gaps, [])
    expect.equal("kernel tables, later", kernel.tables(r1), tables)


@SIGNALS
def test_next_hop_changed(r1, signum):
    "A next hop changes while zebra does not run: the kernel has the new one as soon as the route is leaked again."
    kernel_route(r1, "add")
    try:
        expect.until_equal("the old next hop", lambda: gateway(r1), "192.0.2.2")
        r1.end_zebra(signum)
        kernel_route(r1, "replace", "192.0.2.3")
        r1.begin_zebra()
        expect.until_equal("the new next hop", lambda: gateway(r1), "192.0.2.3")
        expect.until_equal(
            "zebra has the leaked route alone",
            lambda: [route["protocol"] for route in r1.rib("red").get(PREFIX, [])],
            ["table"],
        )
    finally:
        kernel_route(r1, "del", gateway="192.0.2.3")
    r1.expect_full()


@SIGNALS
def test_source_gone(r1, signum):
    "A source's route is deleted while zebra does not run: its leaked route is deleted, and all others stay."
    kernel_route(r1, "add")
    expect.until_equal("it leaks", lambda: gateway(r1), "192.0.2.2")
    r1.end_zebra(signum)
    kernel_route(r1, "del")
    assert gateway(r1) == "192.0.2.2", "stale for now"
    r1.begin_zebra()
    r1.expect_full()
    assert PREFIX not in r1.rib("red")


def test_vrf_made_later(r1):
    """
    A table has an old leaked route, and its VRF is made only after zebra's start. (From the default VRF, a route could also come from
    'ip import-table'.) It is no route of the VRF's, and does not leak.
    """
    lines = ["ip route 203.0.113.128/26 blackhole", "ip route-export 1:1"]
    r1.end_zebra()
    r1.ip("route", "add", *(PREFIX + " dev lo proto zebra metric 20 table 50").split())
    r1.begin_zebra()
    try:
        r1.expect_full()
        r1.ip("link", "add", "purple", "type", "vrf", "table", "50")
        r1.ip("link", "set", "purple", "up")
        r1.change("purple", *lines)
        expect.until_equal(
            "red has what purple has",
            lambda: [
                PREFIX in kernel.zebra_routes(r1, 20),
                "203.0.113.128/26" in kernel.zebra_routes(r1, 20),
            ],
            [False, True],
        )
        r1.change("purple", *["no " + line for line in lines])
    finally:
        # FRR 8.4 and 10.3 crash if such a VRF is deleted while zebra runs.
        r1.end_zebra()
        r1.net.cmd("ip route flush table 50")
        r1.ip("link", "del", "purple")
        r1.begin_zebra()
    r1.expect_full()


def main_routes(r1):
    return [route["dst"] for route in kernel.table(r1, 254)]


def test_default_vrf(r1):
    """
    An old route in the default VRF, with a next hop there, may come from a leak or from 'ip import-table'. It stays only if that is
    configured.
    """
    r1.expect_full()
    r1.end_zebra()
    r1.ip("route", "add", *(PREFIX + " dev lo proto zebra metric 20").split())
    try:
        r1.begin_zebra_with("sed '$a ip import-table 99'")
        r1.expect_full()
        r1.settle()
        assert PREFIX in main_routes(r1)
        r1.end_zebra()
        r1.begin_zebra_with("cat")
        expect.until(
            "the old route must be deleted",
            lambda: PREFIX if PREFIX in main_routes(r1) else None,
        )
    finally:
        r1.net.cmd("ip route del {} proto zebra".format(PREFIX))
    r1.expect_full()


# The default VRF imports from shared, and leaks to green.
LEAK_ON = [
    "ip route-import 1:1",
    "ip route-export 5:5",
    "vrf green",
    "ip route-import 5:5",
    "exit-vrf",
]


def begin_with_old_route(r1):
    "zebra starts with an old route in the default VRF, as if it had been leaked there."
    r1.ip("route", "add", *(PREFIX + " dev lo proto zebra metric 20").split())
    r1.begin_zebra_with("sed '$a " + "\\n".join(LEAK_ON) + "'")


def end_with_old_route(r1):
    r1.end_zebra()
    r1.net.cmd("ip route del {} proto zebra".format(PREFIX))
    r1.begin_zebra_with("cat")
    r1.expect_full()


def protocols(r1, vrf):
    return [route["protocol"] for route in r1.rib(vrf).get(PREFIX, [])]


def test_old_route_is_not_leaked_on(r1):
    "An old route in the default VRF is never leaked to green, neither before nor after it is deleted."
    r1.end_zebra()
    try:
        with kernel.Recording(r1, settled=True) as recording:
            begin_with_old_route(r1)
            expect.until(
                "the old route must be deleted",
                lambda: PREFIX if PREFIX in main_routes(r1) else None,
            )
            r1.settle()
            expect.equal("green's routes", recording.events(40, PREFIX), [])
        expect.equal("green's RIB", protocols(r1, "green"), [])
    finally:
        end_with_old_route(r1)


def test_old_route_blocks_until_deleted(r1):
    "Once an old route in the default VRF is deleted, shared's route of the prefix is leaked there."
    r1.end_zebra()
    kernel_route(r1, "add")
    try:
        begin_with_old_route(r1)
        expect.until_equal(
            "the default VRF has shared's", lambda: protocols(r1, "default"), ["table"]
        )
    finally:
        kernel_route(r1, "del")
        end_with_old_route(r1)


def test_beside_kernel_route(r1):
    "An old leaked route without a next-hop group is beside a kernel route: only the kernel route stays."
    r1.expect_full()
    r1.end_zebra()
    r1.ip("route", "add", "unreachable", *(PREFIX + " proto zebra metric 20").split())
    r1.ip("route", "add", *(PREFIX + " dev lo metric 4278198272").split())
    try:
        r1.begin_zebra()
        expect.until_equal(
            "the kernel's routes",
            lambda: [
                route.get("type", "unicast")
                for route in kernel.table(r1, 254)
                if route["dst"] == PREFIX
            ],
            ["unicast"],
        )
    finally:
        r1.net.cmd("ip route del unreachable {} proto zebra".format(PREFIX))
        r1.net.cmd("ip route del {} metric 4278198272".format(PREFIX))
    r1.expect_full()


def test_tags_removed(r1):
    "blue's statements are removed while zebra does not run: its leaked routes are deleted, and red's stay."
    r1.expect_full()
    r1.end_zebra()
    r1.begin_zebra_with("sed '/^vrf blue/,/^exit-vrf/{/ route-/d}'")
    try:
        r1.expect_leaked("red as before", "red", SHARED4)
        for family in (4, 6):
            expect_kernel(r1, 30, {}, family)
        expect_kernel(r1, 20, SHARED4)
    finally:
        r1.reload()
    r1.expect_full()


def test_all_tags_removed(r1):
    "zebra starts without any tag: the old leaked routes are deleted."
    r1.expect_full()
    r1.end_zebra()
    r1.begin_zebra_with("grep -v ' route-'")
    try:
        for table in (10, 20, 30):
            for family in (4, 6):
                expect_kernel(r1, table, {}, family)
    finally:
        r1.reload()
    r1.expect_full()


def test_other_daemons(r1):
    "A route that another daemon had installed stays until zebra's own cleanup of stale routes. Until then it leaks, and blocks leaks."
    r1.end_zebra()
    kept = "{} via {} dev {} table {} proto bgp metric 20"
    in_shared = kept.format(PREFIX, "192.0.2.2", "e-shared", 10)
    in_red = kept.format("192.0.2.0/26", "192.0.2.66", "e-red", 20)
    r1.ip("route", "add", *in_shared.split())
    r1.ip("route", "replace", *in_red.split())
    r1.begin_zebra()
    expect.until_equal("it leaks to red", lambda: gateway(r1), "192.0.2.2")
    expect.until_equal("it leaks to blue", lambda: gateway(r1, 30), "192.0.2.2")
    r1.expect_conflicts(
        "red's is native",
        "red",
        [
            {
                "prefix": "192.0.2.0/26",
                "loser": "shared",
                "winner": "red",
                "winnerProtocol": "bgp",
                "reason": "native-route",
            }
        ],
    )
    r1.settle()
    for table, prefix in ((10, PREFIX), (20, "192.0.2.0/26")):
        routes = [
            route["protocol"]
            for route in kernel.table(r1, table)
            if route["dst"] == prefix
        ]
        assert "bgp" in routes, routes
