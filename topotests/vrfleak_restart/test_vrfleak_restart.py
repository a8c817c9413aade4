#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"Daemons are killed and started again: no route is stale or missing, as after a fresh start."

import signal

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
PREFIX = "203.0.113.0/24"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def everything(r1):
    "All leaked routes in zebra, of both families, and all conflicts, without times."
    state = {}
    for family in (4, 6):
        for vrf in ("shared", "red", "blue"):
            state["leaked", vrf, family] = r1.leaked(vrf, family)
            state["conflicts", vrf, family] = r1.conflicts(vrf, family)
        state["green", family] = r1.leaked("green", family)
    return {str(key): value for key, value in state.items()}


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_zebra_again(r1, signum):
    "zebra is killed or stopped, and started again: RIB, conflicts and kernel tables are exactly the same."
    r1.expect_full()
    # An ECMP route and a conflict, which are the most likely to differ after a restart.
    r1.configure("shared", "ip route 203.0.113.0/25 192.0.2.2")
    r1.configure("shared", "ip route 203.0.113.0/25 192.0.2.3")
    r1.configure("red", "ip route 203.0.113.128/26 192.0.2.66")
    r1.configure("shared", "ip route 203.0.113.128/26 192.0.2.2")
    expect.until_equal(
        "the additional routes are there",
        lambda: (len(r1.leaked("red")), len(r1.conflicts("red"))),
        (3, 1),
    )
    r1.net.cmd_raises("cp /etc/frr/frr.conf /etc/frr/saved.conf")
    status, out = r1.vtysh("write memory")
    assert status == 0, out
    r1.net.cmd_raises("mv /etc/frr/frr.conf /etc/frr/more.conf")
    r1.net.cmd_raises("mv /etc/frr/saved.conf /etc/frr/frr.conf")
    before, tables = everything(r1), kernel.tables(r1)

    r1.end_zebra(signum)
    if signum == signal.SIGKILL:
        stale = kernel.zebra_routes(r1, 20)
        assert len(stale) == 3, "a killed zebra leaves its routes behind"
    r1.begin_zebra("/etc/frr/more.conf")
    expect.until_equal("zebra's state", lambda: everything(r1), before)
    r1.settle()
    expect.until_equal("kernel tables", lambda: kernel.tables(r1), tables)
    expect.equal("zebra's state, later", everything(r1), before)


def test_own_configuration_file(r1):
    "zebra reads the tags from zebra.conf before it reads its old routes from the kernel: no duplicates."
    r1.expect_full()
    tables = kernel.tables(r1)
    # zebra does not read zebra.conf while there is a frr.conf.
    r1.net.cmd_raises(
        "cd /etc/frr && grep -v ' route ' frr.conf >zebra.conf && mv frr.conf saved.conf"
        " && chown frr:frr zebra.conf"
    )
    try:
        r1.end_zebra()
        r1.start_daemon("zebra")
    finally:
        r1.net.cmd_raises("cd /etc/frr && rm zebra.conf && mv saved.conf frr.conf")
    r1.begin_daemon("staticd")
    r1.expect_full()
    expect.until_equal("kernel tables", lambda: kernel.tables(r1), tables)


def test_source_gone_meanwhile(r1):
    "A source route is deleted while zebra does not run: no leaked route stays."
    r1.expect_full()
    args = "203.0.113.0/24 via 192.0.2.2 dev e-shared table 10".split()
    r1.ip("route", "add", *args)
    for table, vrf in ((20, "red"), (30, "blue")):
        expect.until_equal(
            "the kernel route leaks to " + vrf,
            lambda: PREFIX in kernel.zebra_routes(r1, table),
            True,
        )
    r1.end_zebra()
    r1.ip("route", "del", *args)
    assert PREFIX in kernel.zebra_routes(r1, 20), "stale for now"
    r1.begin_zebra()
    r1.expect_full()
    for table in (20, 30):
        expect.until_equal(
            "nothing stale in the kernel",
            lambda: sorted(kernel.zebra_routes(r1, table)),
            sorted(SHARED4),
        )
    r1.settle()
    assert PREFIX not in r1.rib("red") and PREFIX not in r1.rib("blue")


def test_tags_gone_meanwhile(r1):
    "zebra starts without any tag: the old leaked routes are deleted."
    r1.expect_full()
    r1.end_zebra()
    r1.begin_zebra_with("grep -v ' route-'")
    try:
        for table in (10, 20, 30):
            for family in (4, 6):
                expect.until_equal(
                    "nothing stale in table {}, IPv{}".format(table, family),
                    lambda: kernel.zebra_routes(r1, table, family),
                    {},
                )
        for vrf in ("shared", "red", "blue"):
            r1.expect_leaked("no tags", vrf, {})
    finally:
        r1.reload()
    r1.expect_full()


def test_order_at_start(r1):
    "Two sources have the prefix when zebra starts: the order of the imports decides, not the previous owner."
    for net, table in (("192.0.2.130 dev e-blue", 30), ("192.0.2.66 dev e-red", 20)):
        args = "{} via {} table {}".format(PREFIX, net, table)
        r1.ip("route", "add", *args.split())
        expect.until_equal(
            "the first to come", lambda: r1.leaked("shared").get(PREFIX), 30
        )
    try:
        expect.until_equal(
            "the second is refused", lambda: len(r1.conflicts("shared")), 1
        )
        r1.end_zebra()
        r1.begin_zebra()
        expect.until_equal(
            "red's tag is imported first", lambda: r1.leaked("shared").get(PREFIX), 20
        )
        expect.until_equal(
            "the kernel has red's next hop",
            lambda: kernel.zebra_routes(r1, 10).get(PREFIX, {}).get("gateway"),
            "192.0.2.66",
        )
        loser = [(c["loser"], c["winner"]) for c in r1.conflicts("shared")]
        assert loser == [("blue", "red")]
    finally:
        r1.ip("route", "del", PREFIX, "table", "20")
        r1.ip("route", "del", PREFIX, "table", "30")


def test_staticd_again(r1):
    "staticd is killed: its routes and their leaked routes are deleted, and are back after its start."
    r1.expect_full()
    tables = kernel.tables(r1)
    r1.end_daemon("staticd", signal.SIGKILL)
    r1.expect_leaked("only the connected network", "red", {"192.0.2.0/26": 10})
    r1.begin_daemon("staticd")
    r1.expect_full()
    expect.until_equal("kernel tables", lambda: kernel.tables(r1), tables)
