#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Hold-down: a route that its source loses again and again is not leaked until the source has not lost it for some time.

A shell loop in the router flaps a link or a route every few seconds, so that even a slow zebra notices four losses
within a minute. After a link has come up, staticd needs a moment until its routes are back.
"""

import contextlib
import re

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, RED, SHARED

pytestmark = [pytest.mark.staticd]

PREFIX = "203.0.113.0/24"
PREFIX6 = "2001:db8:f::/64"
# Long enough that nothing is released while a test looks.
LONG = "ip route-leak hold-down 3600"
LOOP = "while sleep 5; do {}; sleep 1; {}; done"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


@contextlib.contextmanager
def flapping(r1, down, up):
    "Runs two commands in turn, and ends with the second one."
    loop = r1.net.popen(["sh", "-c", LOOP.format(down, up)])
    try:
        yield
    finally:
        loop.terminate()
        loop.communicate()
        r1.net.cmd_raises("{} 2>/dev/null; true".format(up))


def flapping_link(r1, ifname="e-shared"):
    link = "ip link set {} ".format(ifname)
    return flapping(r1, link + "down", link + "up")


def flapping_route(r1, family=4):
    route = "ip -{} route {{}} {} via {} dev e-shared table 10".format(
        family, PREFIX if family == 4 else PREFIX6, SHARED.host4 if family == 4 else SHARED.host6
    )
    return flapping(r1, route.format("del"), route.format("replace"))


def reasons(r1, prefix=PREFIX, vrf="red", family=4):
    "{source: reason} of the prefix's conflicts."
    return {c["loser"]: c["reason"] for c in r1.conflicts(vrf, family) if c["prefix"] == prefix}


def expect_held(r1, prefix=PREFIX, vrf="red", family=4):
    expect.until_equal("held down", lambda: reasons(r1, prefix, vrf, family).get("shared"), "held-down", 2 * expect.LIMIT)


def expect_leaked(r1, why, prefix=PREFIX, vrf="red", family=4):
    "Waits until the prefix is leaked from shared, without a conflict."
    expect.until_equal(
        why, lambda: (r1.leaked(vrf, family).get(prefix), reasons(r1, prefix, vrf, family)), (10, {}), 2 * expect.LIMIT
    )


def verdict(r1, prefix, source="shared", target="red"):
    shown = r1.json("show ip route-leak explain vrf {} {} json".format(target, prefix))
    return shown["sources"][source]


def test_flapping_link(r1):
    "A flapping link: its routes are held down in red, not in blue. clear of a prefix releases that one at once."
    # Else the static route stays active, by the unreachable default route.
    r1.resolve_strictly("shared")
    r1.expect_leaked("before", "red", {SHARED.net4: 10, SHARED.behind4: 10})
    r1.expect_ping((RED, SHARED.inner4))
    r1.configure("red", LONG)
    with flapping_link(r1):
        expect_held(r1, SHARED.behind4)
        expect_held(r1, SHARED.net4)
    expect_leaked(r1, "blue has no hold-down", SHARED.behind4, "blue")
    expect_held(r1, SHARED.behind4)
    expect.until_equal("not leaked", lambda: r1.leaked("red"), {})
    r1.expect_ping((BLUE, SHARED.inner4))
    r1.expect_no_ping((RED, SHARED.inner4))
    answer = verdict(r1, SHARED.behind4)
    assert answer["verdict"] == "held-down", answer
    seconds = int(re.search(r"held down for another (\d+) seconds, because VRF shared lost it too often", answer["text"])[1])
    assert 0 < seconds <= 3600
    r1.expect_log("{} from VRF shared not leaked to VRF red: the source lost it too often".format(SHARED.behind4))

    _, out = r1.vtysh("clear ip route-leak vrf red " + SHARED.behind4)
    assert out == "VRF red no longer holds down the route for {} from VRF shared\n".format(SHARED.behind4), out
    expect_leaked(r1, "released", SHARED.behind4)
    assert reasons(r1, SHARED.net4) == {"shared": "held-down"}
    r1.vtysh("clear ip route-leak vrf red")
    r1.expect_leaked("all are released", "red", {SHARED.net4: 10, SHARED.behind4: 10})
    r1.expect_ping((RED, SHARED.inner4))


@pytest.mark.parametrize("family", [4, 6])
def test_released_when_quiet(r1, family):
    "A route is leaked by itself when its source has not lost it for the hold-down time; not while it flaps."
    word = "ip" if family == 4 else "ipv6"
    prefix = PREFIX if family == 4 else PREFIX6
    r1.configure("red", word + " route-leak hold-down 5")
    with flapping_route(r1, family):
        expect_held(r1, prefix, family=family)
    expect_leaked(r1, "quiet", prefix, family=family)
    r1.net.cmd_raises("ip -{} route del {} table 10".format(family, prefix))
    expect.until_equal("gone", lambda: prefix in r1.leaked("red", family), False)


def test_other_source(r1):
    "While the route of one source is held down, another one's is leaked, and stays."
    r1.configure("shared", LONG)
    with flapping(
        r1,
        "ip route del {} table 20".format(PREFIX),
        "ip route replace {} via {} dev e-red table 20".format(PREFIX, RED.host4),
    ):
        expect.until_equal("red's", lambda: reasons(r1, vrf="shared").get("red"), "held-down", 2 * expect.LIMIT)
        r1.configure("blue", "ip route {} {}".format(PREFIX, BLUE.host4))
        expect.until_equal("blue's", lambda: r1.leaked("shared").get(PREFIX), 30)
    expect.until_equal("red's waits", lambda: reasons(r1, vrf="shared"), {"red": "other-source"})
    r1.configure("blue", "no ip route {} {}".format(PREFIX, BLUE.host4))
    expect.until_equal("it is still held down", lambda: reasons(r1, vrf="shared"), {"red": "held-down"})
    r1.vtysh("clear ip route-leak vrf shared")
    expect.until_equal("released", lambda: r1.leaked("shared").get(PREFIX), 20)
    r1.net.cmd_raises("ip route del {} table 20".format(PREFIX))
    expect.until_equal("gone", lambda: PREFIX in r1.leaked("shared"), False)


def test_command_removed(r1):
    "Without the command, or with other seconds, nothing is held down any more."
    for line in ("ip route-leak hold-down 3599", "no ip route-leak hold-down"):
        r1.change("red", LONG)
        with flapping_route(r1):
            expect_held(r1)
        r1.change("red", line)
        expect_leaked(r1, line)
    assert [line for line in r1.tags("red") if "hold-down" in line] == []
    # Without it, no loss counts.
    with flapping_route(r1):
        for _ in range(6):
            expect.until_equal("lost", lambda: PREFIX in r1.leaked("red"), False)
            expect.until_equal("there", lambda: PREFIX in r1.leaked("red"), True)
            assert reasons(r1) == {}
    r1.net.cmd_raises("ip route del {} table 10".format(PREFIX))


def test_native_route(r1):
    "A native route of the target that comes and goes is no loss of the source."
    native = "ip route {{}} {} table 20".format(SHARED.behind4)
    r1.configure("red", LONG)
    for _ in range(6):
        r1.net.cmd_raises(native.format("replace") + " via {} dev e-red".format(RED.host4))
        expect.until_equal("native", lambda: reasons(r1, SHARED.behind4).get("shared"), "native-route")
        r1.net.cmd_raises(native.format("del"))
        expect_leaked(r1, "leaked again", SHARED.behind4)


def test_configuration(r1):
    "The line is shown, saved, replaced and removed; bad values are refused. A VRF may have no other line."
    r1.configure("green", "ip route-leak hold-down 60", "ipv6 route-leak hold-down 3600")
    r1.configure("default", "ip route-leak hold-down 1")
    assert sorted(r1.tags("green")) == ["ip route-leak hold-down 60", "ipv6 route-leak hold-down 3600"]
    assert r1.tags("default") == ["ip route-leak hold-down 1"]
    assert r1.summary("green")["holdDown"] == 60
    assert "  Hold-down: 60 s\n" in r1.show("show ip route-leak vrf green")
    r1.change("green", "ip route-leak hold-down 61")
    assert r1.summary("green")["holdDown"] == 61
    before = r1.running()
    for words in ("0", "3601", "-1", "x", "", "60 70", "99999999999999999999"):
        status, _ = r1.vtysh("configure terminal", "vrf green", "ip route-leak hold-down " + words)
        assert status != 0, words
    for line in ("no ip route-leak hold-down 0", "no ip route-leak", "ip route-leak"):
        status, _ = r1.vtysh("configure terminal", "vrf green", line)
        assert status != 0, line
    expect.equal("nothing is changed", r1.running(), before)
    _, out = r1.vtysh("configure terminal", "vrf red", "no ip route-leak hold-down")
    assert "% VRF red has no hold-down (IPv4); nothing was changed" in out, out

    path = "/etc/frr/again.conf"
    r1.net.cmd_raises("cat >" + path, stdin="\n".join(r1.running(harness=True)) + "\n")
    status, out, err = r1.net.cmd_status(["/usr/lib/frr/frr-reload.py", "--stdout", "--test", path], warn=False)
    assert status == 0 and "route-leak" not in out, out + err
    r1.net.cmd_raises("sed -i 's/ip route-leak hold-down 61/ip route-leak hold-down 7/' " + path)
    status, out, err = r1.net.cmd_status(["/usr/lib/frr/frr-reload.py", "--stdout", "--reload", path], warn=False)
    assert status == 0, out + err
    expect.until_equal("reloaded", lambda: r1.summary("green")["holdDown"], 7)
    r1.change("green", "no ip route-leak hold-down", "no ipv6 route-leak hold-down 3600")
    assert r1.tags("green") == []
    assert "green" not in r1.json("show ip route-leak json")["vrfs"]
    r1.changed.pop(("green", "ip route-leak hold-down 60"))
    r1.changed.pop(("green", "ipv6 route-leak hold-down 3600"))
