#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
maximum-prefix: a warning at the threshold, refusals above the limit, and automatic recovery when there is headroom
again.
"""

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import OFFERED

pytestmark = [pytest.mark.staticd]

EXTRA = ["203.0.113.{}/32".format(number) for number in range(6)]


def setup_module(mod):
    topology.start(mod, tags=False)


def teardown_module():
    topology.stop()


def routes(prefixes):
    return ["ip route {} 192.0.2.2".format(prefix) for prefix in prefixes]


def charged(r1):
    return r1.summary("red")["importOptions"]["1:1"]["routes"]


def full(r1):
    "The prefixes that are refused by the limit."
    return sorted(
        conflict["prefix"]
        for conflict in r1.conflicts("red")
        if conflict["reason"] == "maximum-prefix"
    )


def expect_state(r1, why, taken, refused):
    "Waits until red has this many routes by its import, and refuses that many because of the limit."
    expect.until_equal(why, lambda: [charged(r1), len(full(r1))], [taken, refused])


def test_refused_and_recovered(r1):
    "A route above the limit is refused with the reason, and is leaked when another route is deleted."
    limit = OFFERED + 2
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 maximum-prefix {}".format(limit))
    expect_state(r1, "below the limit", OFFERED, 0)
    r1.configure("shared", *routes(EXTRA[:4]))
    expect_state(r1, "above it", limit, 2)
    refused = full(r1)
    r1.expect_log(
        "{} from VRF shared not leaked to VRF red: the import statement has reached its maximum-prefix".format(refused[0])
    )
    assert "the import of 1:1 has reached its maximum of {} routes".format(limit) in r1.summary("red")["hints"]

    gone = [prefix for prefix in EXTRA[:4] if prefix not in refused][0]
    r1.configure("shared", "no ip route {} 192.0.2.2".format(gone))
    expect_state(r1, "one has gone, another has come", limit, 1)

    r1.change("red", "ip route-import 1:1 maximum-prefix {}".format(limit + 1))
    expect_state(r1, "a higher limit", limit + 1, 0)
    r1.change("red", "ip route-import 1:1 maximum-prefix {}".format(limit + 10))
    r1.change("red", "ip route-import 1:1")
    expect.until_equal("no limit", lambda: r1.summary("red")["importOptions"], {})
    r1.change("red", "ip route-import 1:1 maximum-prefix {}".format(limit))


def test_lowered(r1):
    "The limit is set below the present number of routes: these stay, and no others are added."
    r1.configure("shared", "ip route-export 1:1", *routes(EXTRA))
    r1.configure("red", "ip route-import 1:1")
    there = OFFERED + len(EXTRA)
    expect.until_equal("all leak", lambda: r1.summary("red")["leakedRoutes"], there)
    r1.change("red", "ip route-import 1:1 maximum-prefix 1")
    expect.until_equal("counted", lambda: charged(r1) <= there, True)
    r1.change("red", "no ip route-import 1:1", "ip route-import 1:1 maximum-prefix 1")
    expect_state(r1, "entered again", 1, there - 1)


def test_warning_only(r1):
    "With warning-only the limit refuses nothing."
    text = "VRF red has more than 3 routes by its import of 1:1 (ipv4): all are leaked (warning-only)"
    r1.configure("shared", "ip route-export 1:1", *routes(EXTRA))
    r1.configure("red", "ip route-import 1:1 maximum-prefix 3 warning-only")
    expect_state(r1, "all leak", OFFERED + len(EXTRA), 0)
    r1.expect_log(text)


def test_threshold(r1):
    "A warning is logged at the threshold, and again only after the number has fallen below it."
    text = "VRF red has 5 of at most 10 routes by its import of 1:1 (ipv4)"
    logged = r1.log().count(text)
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 maximum-prefix 10 threshold 50")
    expect_state(r1, "below", OFFERED, 0)
    assert r1.log().count(text) == logged
    more = 5 - OFFERED
    r1.configure("shared", *routes(EXTRA[: more + 1]))
    expect_state(r1, "above", 6, 0)
    r1.expect_log(text, since=logged)
    r1.configure("shared", "no " + routes(EXTRA)[0])
    expect_state(r1, "at it", 5, 0)
    assert r1.log().count(text) == logged + 1


def test_line(r1):
    "The options are shown as they were entered; a value out of range is rejected."
    for words in ("maximum-prefix 5", "maximum-prefix 5 threshold 50", "maximum-prefix 5 threshold 75", "maximum-prefix 5 threshold 50 warning-only", "maximum-prefix 5 warning-only"):
        r1.change("red", "ip route-import 1:1 " + words)
        assert r1.tags("red") == ["ip route-import 1:1 " + words]
    for words in ("maximum-prefix 0", "maximum-prefix 4294967296", "maximum-prefix x", "maximum-prefix 5 threshold 0", "maximum-prefix 5 threshold 101", "threshold 5"):
        status, _ = r1.vtysh("configure terminal", "vrf red", "ip route-import 1:1 " + words)
        assert status != 0, words
    assert r1.tags("red") == ["ip route-import 1:1 maximum-prefix 5 warning-only"]
    r1.change("red", "no ip route-import 1:1")


def test_vrf_gone(r1):
    "The count of a VRF is dropped when the VRF is deleted."
    limit = OFFERED + 1
    r1.configure("shared", "ip route-export 1:1", *routes(EXTRA[:3]))
    r1.configure("red", "ip route-import 1:1 maximum-prefix {}".format(limit))
    expect_state(r1, "full", limit, 2)
    r1.delete_vrf("red", "e-red")
    expect_state(r1, "nothing", 0, 0)
    r1.make_vrf("red", 20, "e-red")
    expect_state(r1, "full again", limit, 2)
