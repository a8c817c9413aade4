#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
One VRF leaks to several hundred. The change of one route exceeds a time budget of the module, so it is interrupted, and
the configuration changes meanwhile.
"""

import re

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

TARGETS = ["f{:03}".format(number) for number in range(250)]
TABLE = {"one": 10, "two": 11, **{vrf: 1000 + i for i, vrf in enumerate(TARGETS)}}
FIRST = ["11.0.{}.0/24".format(i) for i in range(40)]
MORE = ["12.0.{}.0/24".format(i) for i in range(40)]


def setup_module(mod):
    topology.start(mod, [])


def teardown_module():
    topology.stop()


def change(r1, what, vrf, prefixes):
    line = "route {} {} dev d-{} table {}"
    r1.ip_batch(*[line.format(what, prefix, vrf, TABLE[vrf]) for prefix in prefixes])


def commit(r1, line, vrfs):
    r1.commit("".join("vrf {}\n {}\nexit-vrf\n".format(vrf, line) for vrf in vrfs))


def counts(r1):
    "{LEAKED/REFUSED: number of targets with these counts}."
    found = {}
    vrfs = r1.json("show ip route-leak json")["vrfs"]
    for vrf in TARGETS:
        one = vrfs.get(vrf, {"leakedRoutes": 0, "conflicts": 0})
        pair = "{leakedRoutes}/{conflicts}".format(**one)
        found[pair] = found.get(pair, 0) + 1
    return found


def expect_counts(r1, why, expected):
    expect.until_equal(why, lambda: counts(r1), expected, 4 * expect.LIMIT)
    r1.expect_done()


def sources(r1, target):
    shown = r1.json("show ip route-leak routes vrf {} json".format(target))
    return {route["source"] for route in shown["vrfs"][target]["routes"].values()}


def kernel(r1, target):
    shown = r1.ip("route", "show", "vrf", target, "proto", "zebra")
    return len(re.findall(r"^1[12]\.", shown, re.M))


def expect_kernel(r1, expected):
    for target in TARGETS[::50] + TARGETS[-1:]:
        expect.until_equal(
            "the kernel's routes of {}".format(target),
            lambda: kernel(r1, target),
            expected,
        )


def test_all_get_it(r1):
    "The statements are entered first, then the routes are added."
    r1.make_dummy_vrfs(TABLE, without=TARGETS)
    commit(r1, "ip route-export 8:8", ["one", "two"])
    commit(r1, "ip route-import 8:8", TARGETS)
    change(r1, "add", "one", FIRST)
    expect_counts(r1, "all have the first routes", {"40/0": 250})
    expect_kernel(r1, 40)


def test_lines_go_meanwhile(r1):
    "The import of every second target is removed while routes are added, and entered again."
    change(r1, "add", "one", MORE)
    commit(r1, "no ip route-import 8:8", TARGETS[::2])
    expect_counts(r1, "every other one has all", {"0/0": 125, "80/0": 125})
    change(r1, "del", "one", MORE)
    commit(r1, "ip route-import 8:8", TARGETS[::2])
    expect_counts(r1, "all have the first routes again", {"40/0": 250})
    expect_kernel(r1, 40)


def test_second_source(r1):
    "A second source with the same routes is a candidate in all targets, becomes the owner in all, and stays it."
    change(r1, "add", "two", FIRST)
    expect_counts(r1, "all are refused", {"40/40": 250})
    change(r1, "del", "one", FIRST)
    expect_counts(r1, "two takes over", {"40/0": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}
    change(r1, "add", "one", FIRST)
    expect_counts(r1, "one is refused", {"40/40": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}
    expect_kernel(r1, 40)


def test_clear(r1):
    "clear revalidates all routes and changes none."
    for _ in range(3):
        status, out = r1.vtysh("clear ip route-leak")
        assert status == 0 and "%" not in out
    expect_counts(r1, "nothing has changed", {"40/40": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}


def test_all_go(r1):
    "The routes of one source are deleted, then those of the other."
    change(r1, "del", "two", FIRST)
    expect_counts(r1, "one takes over", {"40/0": 250})
    change(r1, "del", "one", FIRST)
    expect_counts(r1, "nothing is leaked", {"0/0": 250})
    expect_kernel(r1, 0)
