#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
One VRF that leaks to some hundred: a change of a single route is more than fits into one time budget of the module, so that it
is interrupted, and the configuration changes meanwhile.
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
    way = "route {} {} dev d-{} table {}"
    r1.ip_batch(*[way.format(what, prefix, vrf, TABLE[vrf]) for prefix in prefixes])


def commit(r1, line, vrfs):
    r1.commit("".join("vrf {}\n {}\nexit-vrf\n".format(vrf, line) for vrf in vrfs))


def counts(r1):
    "{LEAKED/REFUSED: in how many of the targets}."
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
    "The lines first, the routes then."
    r1.make_dummy_vrfs(TABLE, without=TARGETS)
    commit(r1, "ip route-export 8:8", ["one", "two"])
    commit(r1, "ip route-import 8:8", TARGETS)
    change(r1, "add", "one", FIRST)
    expect_counts(r1, "all have the first routes", {"40/0": 250})
    expect_kernel(r1, 40)


def test_lines_go_meanwhile(r1):
    "While more routes come, every other target's line goes; and comes back."
    change(r1, "add", "one", MORE)
    commit(r1, "no ip route-import 8:8", TARGETS[::2])
    expect_counts(r1, "every other one has all", {"0/0": 125, "80/0": 125})
    change(r1, "del", "one", MORE)
    commit(r1, "ip route-import 8:8", TARGETS[::2])
    expect_counts(r1, "all have the first routes again", {"40/0": 250})
    expect_kernel(r1, 40)


def test_second_source(r1):
    "A second source with the same routes waits in all targets, takes over in all, and does not give them back."
    change(r1, "add", "two", FIRST)
    expect_counts(r1, "all are refused", {"40/40": 250})
    change(r1, "del", "one", FIRST)
    expect_counts(r1, "two takes over", {"40/0": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}
    change(r1, "add", "one", FIRST)
    expect_counts(r1, "one waits", {"40/40": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}
    expect_kernel(r1, 40)


def test_clear(r1):
    "Everything is revalidated, and no route changes."
    for _ in range(3):
        status, out = r1.vtysh("clear ip route-leak")
        assert status == 0 and not out
    expect_counts(r1, "nothing has changed", {"40/40": 250})
    assert sources(r1, TARGETS[-1]) == {"two"}


def test_all_go(r1):
    "The sources' routes go, one source's after the other's."
    change(r1, "del", "two", FIRST)
    expect_counts(r1, "one takes over", {"40/0": 250})
    change(r1, "del", "one", FIRST)
    expect_counts(r1, "nothing is leaked", {"0/0": 250})
    expect_kernel(r1, 0)
