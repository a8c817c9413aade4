#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
VRF devices that are deleted and created again at once, before zebra or the module have processed the deletion: with the ifindex
of another VRF, with its table, or with exactly the ifindex and the table that they had.

The leaked routes are static, because zebra 10.7 drops kernel routes of all VRFs when an unrelated link is deleted, without
the module, too.
"""

import json

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

TABLE = {"src": 10, "red": 20}
ROUTES = ["11.0.{}.0/24".format(i) for i in range(20)]
KERNEL = ["12.0.{}.0/24".format(i) for i in range(20)]
MORE = ["14.0.{}.0/24".format(i) for i in range(5)]
BUSY = ["13.{}.{}.0/24".format(i // 250, i % 250) for i in range(2000)]


def setup_module(mod):
    topology.start(mod, [])


def teardown_module():
    topology.stop()


def ifindex(r1, name):
    return json.loads(r1.ip("-j", "link", "show", name))[0]["ifindex"]


# Runs a process for some milliseconds at a time, with long pauses, as on a machine that has other things to do.
STARVE = "for i in $(seq 60); do kill -CONT {0}; sleep 0.002; kill -STOP {0}; sleep 0.3; done"


def at_once(r1, *lines, starved=False):
    "Runs ip(8) lines while zebra is stopped, so that it sees all of them together afterwards, as if it had been busy."
    pid = str(r1.pid())
    r1.net.cmd_raises(["kill", "-STOP", pid])
    try:
        r1.ip_batch(*lines)
        if starved:
            r1.net.cmd_raises(STARVE.format(pid))
    finally:
        r1.net.cmd_raises(["kill", "-CONT", pid])


def kernel_routes(verb, prefixes):
    return ["route {} {} dev d-src table 10".format(verb, prefix) for prefix in prefixes]


def again(old, new, index, table):
    "The ip(8) lines that delete VRF device old and create new with its ifindex."
    return [
        "link del {}".format(old),
        "link add {} index {} type vrf table {}".format(new, index, table),
        "link set {} up".format(new),
    ]


def begin(r1):
    "VRF src leaks its routes to red, if it exists, and to aaa, which sorts before red and does not exist yet."
    if not r1.tags("src"):
        r1.make_dummy_vrfs(TABLE, without=["red"])
        r1.change("src", "ip route-export 8:8")
        r1.change("red", "ip route-import 8:8", "ip route-export 2:2")
        r1.change("aaa", "ip route-import 8:8", "ip route-export 3:3")
        r1.change("src", *["ip route {} d-src".format(prefix) for prefix in ROUTES])
    expect_leaked(r1, "at the start", "red", 20, ROUTES)


def expect_leaked(r1, why, vrf, table, prefixes):
    "Waits until a VRF has leaked routes of exactly these prefixes, in use, in zebra and in the kernel."
    r1.expect_leaked(why, vrf, dict.fromkeys(prefixes, 10))
    expect.until_equal(
        "{}: kernel table {}".format(why, table),
        lambda: sorted(kernel.zebra_routes(r1, table)),
        sorted(prefixes),
    )
    r1.expect_done()


@pytest.mark.parametrize("table", [30, 20], ids=["another table", "red's table"])
def test_taken_over(r1, table):
    "aaa gets red's ifindex, with a table of its own or with red's; then red gets both back."
    begin(r1)
    index = ifindex(r1, "red")
    at_once(r1, *again("red", "aaa", index, table))
    expect_leaked(r1, "aaa has taken over", "aaa", table, ROUTES)
    shown = r1.summary("aaa")
    assert (shown["vrfId"], shown["tableId"]) == (index, table)
    assert shown["instance"] == table, "the instance is the table, as soon as it is free"
    assert r1.summary("red")["active"] is False
    at_once(r1, *again("aaa", "red", index, 20))
    expect_leaked(r1, "red is back", "red", 20, ROUTES)
    assert r1.summary("red")["instance"] == 20
    assert r1.summary("aaa")["active"] is False


@pytest.mark.parametrize("load", ["idle", "busy", "starved"])
def test_target_made_again(r1, load):
    """
    red is created again with the same ifindex and table, and has all its leaked routes again. busy: while other routes
    change. starved: and zebra is so slow that the module reads of their deletion before zebra has read that they were added.
    """
    begin(r1)
    more = [] if load == "idle" else BUSY
    lines = again("red", "red", ifindex(r1, "red"), 20)
    at_once(r1, *kernel_routes("add", more), *lines, *kernel_routes("del", more), starved=load == "starved")
    expect_leaked(r1, "red is made again", "red", 20, ROUTES)


def test_source_made_again(r1):
    "src is created again with the same ifindex and table, and with some of its routes: the others are not leaked."
    begin(r1)
    r1.ip_batch(*kernel_routes("add", KERNEL))
    expect_leaked(r1, "with kernel routes", "red", 20, ROUTES + KERNEL)
    lines = again("src", "src", ifindex(r1, "src"), 10)
    lines += ["link set d-src down", "link set d-src master src", "link set d-src up"]
    at_once(r1, *lines)
    expect.until_equal(
        "zebra has the interface in the VRF",
        lambda: "vrf: src" in r1.show("show interface d-src"),
        True,
    )
    r1.expect_static("src")
    expect_leaked(r1, "src is made again", "red", 20, ROUTES)
    r1.configure("src", *["ip route {} d-src".format(prefix) for prefix in MORE])
    expect_leaked(r1, "with new routes", "red", 20, ROUTES + MORE)


def test_table_before_vrf(r1):
    """
    Zebra has a route of a table before it has the table's VRF: later changes in that VRF leak, too. Before 10.7 zebra keeps
    such a table assigned to the default VRF, and crashes when the VRF is deleted. So this test comes last.
    """
    early = ["15.0.{}.0/24".format(i) for i in range(3)]
    begin(r1)
    r1.ip("route", "add", "blackhole", early[0], "table", "77")
    expect.until_equal(
        "zebra has the table",
        lambda: early[0] in r1.show("show ip route table 77"),
        True,
    )
    r1.ip_batch("link add early type vrf table 77", "link set early up")
    r1.change("early", "ip route-export 8:8")

    def leaked():
        return sorted(prefix for prefix in r1.leaked("red") if prefix in early)

    expect.until_equal("the route of before", leaked, early[:1])
    r1.ip("route", "add", "blackhole", early[1], "table", "77")
    expect.until_equal("a kernel route of later", leaked, early[:2])
    r1.configure("early", "ip route {} blackhole".format(early[2]))
    expect.until_equal("a static route of later", leaked, early)
    r1.ip("route", "del", "blackhole", early[1], "table", "77")
    expect.until_equal("withdrawn", leaked, [early[0], early[2]])
