#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
VRFs, interfaces, links and addresses are created, deleted and changed: the state is always the same as after a fresh
start.
"""

import re

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, HAVE_LOCAL_ROUTES, RED, SHARED

pytestmark = [pytest.mark.staticd]

SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
RED4 = {"192.0.2.64/26": 20, "198.51.100.64/26": 20}
BLUE4 = {"192.0.2.128/26": 30, "198.51.100.128/26": 30}


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def expect_start(r1):
    "Waits for the state that the test scenario starts from; returns the kernel's tables."
    r1.expect_full()
    return kernel.tables(r1)


def expect_tables(r1, why, before):
    "Waits until the kernel's tables are exactly what they were."
    expect.until_equal(why, lambda: kernel.tables(r1), before)


def test_late_vrf(r1):
    "A VRF may be configured before it exists. It is listed as not active, and takes part once it exists."
    expect_start(r1)
    r1.configure("purple", "ip route-export 5:5", "ip route-import 2:2")
    r1.configure("red", "ip route-import 5:5")
    shown = r1.summary("purple")
    assert shown["active"] is False
    assert "vrfId" not in shown and "tableId" not in shown
    assert (shown["exports"], shown["imports"]) == (["5:5"], ["2:2"])
    assert "VRF purple does not exist" in shown["hints"]
    r1.settle()
    assert r1.leaked("red") == SHARED4

    r1.ip_batch("link add d0 type dummy", "link set d0 up")
    r1.make_vrf("purple", 50, "d0")
    try:
        # Zebra 8.4 may lose an address that comes before it has moved the interface: "show interface" lacks it then.
        expect.until_equal(
            "zebra has the interface in the VRF",
            lambda: "vrf: purple" in r1.show("show interface d0"),
            True,
        )
        r1.ip("address", "add", "203.0.113.129/26", "dev", "d0")
        r1.expect_leaked("the VRF has come", "purple", RED4)
        r1.expect_leaked("its route too", "red", {**SHARED4, "203.0.113.128/26": 50})
        shown = r1.summary("purple")
        assert (shown["active"], shown["tableId"]) == (True, 50)
        assert "VRF purple does not exist" not in shown["hints"]
        r1.expect_ping((RED, "203.0.113.129"))
    finally:
        r1.delete_vrf("purple", "d0")
        r1.ip("link", "del", "d0")
    r1.expect_leaked("nothing survives its VRF", "red", SHARED4)
    assert sorted(kernel.zebra_routes(r1, 20)) == sorted(SHARED4)
    expect.until_equal(
        "it is not there any more", lambda: r1.summary("purple")["active"], False
    )
    expect.equal(
        "its configuration outlives it",
        r1.tags("purple"),
        ["ip route-export 5:5", "ip route-import 2:2"],
    )


@pytest.mark.parametrize("table", [30, 31])
def test_vrf_deleted_and_made_again(r1, table):
    "blue is deleted and created again, with the same table or another one: the routes are the same as before."
    before = expect_start(r1)
    r1.delete_vrf("blue", "e-blue")
    try:
        r1.expect_leaked("nothing survives its VRF", "shared", RED4)
        expect.until_equal(
            "nor in the kernel",
            lambda: sorted(kernel.zebra_routes(r1, 10)),
            sorted(RED4),
        )
        assert r1.summary("blue")["active"] is False
        assert r1.summary("shared")["sources"].get("blue", {}).get("routes", 0) == 0
        assert "ip route-export 3:3" in r1.tags("blue")
    finally:
        r1.make_vrf("blue", table, "e-blue")
    blue4 = {prefix: table for prefix in BLUE4}
    r1.expect_leaked("blue is back", "shared", {**RED4, **blue4})
    r1.expect_leaked("blue is back", "blue", SHARED4)
    r1.expect_ping((BLUE, SHARED.host4), (SHARED, BLUE.inner4), (BLUE, SHARED.router4))
    if table != 30:
        assert r1.summary("blue")["tableId"] == table
        r1.delete_vrf("blue", "e-blue")
        r1.expect_leaked("blue is gone again", "shared", RED4)
        r1.make_vrf("blue", 30, "e-blue")
    expect_tables(r1, "the kernel's tables are what they were", before)


def test_kernel_routes_of_a_vrf_made_again(r1):
    """
    A VRF with kernel routes is deleted, and created again with the same table.

    Zebra 10.7 keeps these routes, marked as queued, but removes them from its queue. It would then never process routes
    that are leaked to their prefixes. One of them is the VRF's unreachable default.
    """
    before = expect_start(r1)
    r1.configure(
        "shared", "ip route 0.0.0.0/0 192.0.2.2", "ip route 203.0.113.0/24 192.0.2.2"
    )
    r1.ip("link", "add", "d-red", "type", "dummy")
    try:
        r1.ip("link", "set", "d-red", "master", "red", "up")
        r1.ip("route", "add", "203.0.113.0/24", "dev", "d-red", "table", "20")
        expect.until_equal(
            "red has its own route",
            lambda: [
                entry["protocol"] for entry in r1.rib("red").get("203.0.113.0/24", [])
            ],
            ["kernel"],
        )
        r1.ip_batch("link set d-red down", "link del red")
        r1.ip("link", "del", "d-red")
        expect.until_equal(
            "zebra has no VRF red", lambda: "vrf red id " in r1.show("show vrf"), False
        )
        r1.make_vrf("red", 20, "e-red")
        expected = dict(SHARED4)
        expected.update({"0.0.0.0/0": 10, "203.0.113.0/24": 10})
        r1.expect_leaked("red is there again", "red", expected)
        r1.expect_conflicts("red has none of its own", "red", [])
    finally:
        r1.net.cmd_status(["ip", "link", "del", "d-red"], warn=False)
        r1.restore()
    expect_tables(r1, "as at the start", before)


def test_interface_moved(r1):
    "An interface moves from shared to blue: its network is then leaked from blue."
    before = expect_start(r1)
    r1.ip_batch(
        "link add d1 type dummy",
        "link set d1 master shared",
        "link set d1 up",
        "address add 203.0.113.1/26 dev d1",
    )
    try:
        net = "203.0.113.0/26"
        r1.expect_leaked("in shared", "red", {**SHARED4, net: 10})
        r1.expect_leaked("in shared", "blue", {**SHARED4, net: 10})
        r1.ip("link", "set", "d1", "master", "blue")
        r1.expect_leaked("no longer in shared", "red", SHARED4)
        r1.expect_leaked("blue has it natively", "blue", SHARED4)
        r1.expect_leaked("in blue", "shared", {**RED4, **BLUE4, net: 30})
        r1.expect_conflicts("nobody competes", "blue", [])
        r1.ip("link", "set", "d1", "nomaster")
        r1.expect_leaked("in no VRF with tags", "shared", {**RED4, **BLUE4})
        r1.ip("link", "set", "d1", "master", "shared")
        r1.expect_leaked("back in shared", "red", {**SHARED4, net: 10})
    finally:
        r1.ip("link", "del", "d1")
    expect_tables(r1, "the kernel's tables are what they were", before)


@pytest.mark.parametrize("end", ["router", "host"])
def test_link_down_and_up(r1, end):
    "shared's link goes down, at either end, and comes up again."
    r1.resolve_strictly("shared")
    before = expect_start(r1)
    link = ["link", "set", "e-shared"]
    if end == "host":
        link = ["-n", SHARED.host, "link", "set", "eth0"]
    r1.ip(*link, "down")
    try:
        for family in (4, 6):
            r1.expect_leaked("the source has no route", "red", {}, family)
            r1.expect_leaked("the source has no route", "blue", {}, family)
        for family in (4, 6):
            assert kernel.zebra_routes(r1, 20, family) == {}
    finally:
        r1.ip(*link, "up")
        # The routes that the kernel deletes from a host whose link goes down.
        if end == "host":
            r1.ip("-n", SHARED.host, "route", "replace", "default", "via", "192.0.2.1")
            r1.ip(
                *"-n h-shared address replace 2001:db8:1::2/64 dev eth0 nodad".split()
            )
            r1.ip(*"-n h-shared -6 route replace default via 2001:db8:1::1".split())
    expect_tables(r1, "the kernel's tables are what they were", before)
    expect_start(r1)
    r1.expect_ping((RED, SHARED.host4), (RED, SHARED.router4), (RED, SHARED.inner6))


def test_link_down_and_up_at_once(r1):
    "A link of red goes down and up in one burst: its network is leaked again at most once, not repeatedly."
    net = "203.0.113.0/26"
    r1.ip_batch(
        "link add d1 type dummy",
        "link set d1 master red",
        "link set d1 up",
        "address add 203.0.113.1/26 dev d1",
    )
    try:
        r1.expect_leaked("red has a network more", "shared", {**RED4, **BLUE4, net: 20})
        with kernel.Recording(r1) as recording:
            r1.ip_batch("link set d1 down", "link set d1 up")
            r1.settle()
            expect.until_equal("it is leaked", lambda: net in kernel.zebra_routes(r1, 10), True)
            removed = [event for event in recording.events(10, net) if event[0]]
            # By the kernel or zebra when the link goes down; by zebra 10.7 once more, before the route is installed again.
            assert len(removed) <= 2, recording.lines()
    finally:
        r1.ip("link", "del", "d1")
    r1.expect_leaked("as at the start", "shared", {**RED4, **BLUE4})


def test_vrf_device_down_and_up(r1):
    """
    The VRF device goes down and up. The routes leaked through it are withdrawn and leaked again: the router's own
    address, or, before FRR 10, the connected network.
    """
    before = expect_start(r1)
    through = SHARED.router4 if HAVE_LOCAL_ROUTES else SHARED.net4

    def is_there():
        return through in [route["dst"] for route in kernel.table(r1, 20)]

    assert is_there()
    r1.ip("link", "set", "shared", "down")
    try:
        expect.until_equal(
            "the kernel has no route through a device that is down", is_there, False
        )
    finally:
        r1.ip("link", "set", "shared", "up")
    expect_tables(r1, "the kernel's tables are what they were", before)
    r1.expect_ping((RED, SHARED.host4), (RED, SHARED.router4), (SHARED, RED.host4))


def test_addresses(r1):
    "An address is added and deleted: its network is leaked and withdrawn, for IPv4 and IPv6."
    before = expect_start(r1)
    for family, address, net in (
        (4, "203.0.113.1/26", "203.0.113.0/26"),
        (6, "2001:db8:f::1/64", "2001:db8:f::/64"),
    ):
        nodad = ["nodad"] if family == 6 else []
        r1.ip("address", "add", address, "dev", "e-shared", *nodad)
        try:
            expect.until_equal(
                "the network leaks", lambda: r1.leaked("red", family).get(net), 10
            )
        finally:
            r1.ip("address", "del", address, "dev", "e-shared")
        expect.until_equal(
            "the network is gone", lambda: net in r1.leaked("red", family), False
        )
    expect_tables(r1, "the kernel's tables are what they were", before)


def memory(r1):
    "Zebra's allocations for the module: {kind: count}."
    shown = r1.show("show memory").partition("qmem vrfleak ---")[2]
    kinds = re.findall(r"^(\S.*?) +: +(\d+) ", shown.partition("--- qmem")[0], re.M)
    assert kinds, "the module's memory is shown"
    return dict(kinds)


def test_memory(r1):
    "VRFs get tags, lose them and are deleted: afterwards no more memory is in use than after the first VRF."
    before = None
    for cycle in range(4):
        r1.ip_batch(
            *topology.vrf_commands("purple", 50),
            "link add d0 type dummy",
            "link set d0 master purple up"
        )
        # Zebra 8.4 may lose an address that comes before it has moved the interface.
        expect.until_equal(
            "zebra has the interface in the VRF",
            lambda: "vrf: purple" in r1.show("show interface d0"),
            True,
        )
        r1.ip_batch(
            "address add 203.0.113.129/26 dev d0",
            "address add 203.0.113.193/26 dev d0",
        )
        r1.change("purple", "ip route-export 5:5")
        r1.change("red", "ip route-import 5:5")
        leaks = {"203.0.113.128/26": 50, "203.0.113.192/26": 50}
        r1.expect_leaked("purple leaks", "red", {**SHARED4, **leaks})
        r1.change("purple", "no ip route-export 5:5")
        r1.change("red", "no ip route-import 5:5")
        r1.expect_leaked("purple leaks no more", "red", SHARED4)
        r1.delete_vrf("purple", "d0")
        r1.ip("link", "del", "d0")
        r1.settle()
        r1.expect_done()
        if before is None:
            before = memory(r1)
        expect.until_equal(
            "memory that was added",
            lambda: [
                (kind, count, before.get(kind))
                for kind, count in memory(r1).items()
                if int(count) > int(before.get(kind, 0))
            ],
            [],
        )


def test_native_routes_flash_while_leaks_go(r1):
    """
    Routes of shared are deleted, and red has native routes to the same prefixes for a moment.

    Zebra 8.4 then has a prefix in two of its queues: one for the leaked route, and one for the native route, which is
    processed first. When both routes are gone, it frees the prefix, and would abort when it processes the second queue.
    """
    prefixes = ["203.0.113.{}/32".format(number) for number in range(130, 190)]
    gone = ["route del {} table 10".format(prefix) for prefix in prefixes]
    flash = [
        "route {} {} dev e-red table 20".format(action, prefix)
        for prefix in prefixes
        for action in ("add", "del")
    ]
    for _ in range(4):
        r1.ip_batch(
            *["route add {} dev e-shared table 10".format(prefix) for prefix in prefixes]
        )
        expect.until_equal(
            "all are leaked",
            lambda: [prefix for prefix in prefixes if prefix not in r1.leaked("red")],
            [],
        )
        r1.ip_batch(*gone, *flash)
        expect.until_equal(
            "none is left",
            lambda: [prefix for prefix in prefixes if prefix in r1.rib("red")],
            [],
        )
    r1.expect_conflicts("none", "red", [])
