#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Isolation of VRFs, by 'ip vrf-isolation'.

The default VRF imports the routes of red and blue, as it does where it has the uplink of both. The VRFs have no
unreachable default routes here. So a packet of red's host to blue's matches no route in red and continues in the main
table, which has blue's routes.
"""

import json
import signal

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import BLUE, DEFAULT, NETS, RED, SHARED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

FAMILIES = (4, 6)
OURS = {"priority": 2000, "src": "all", "l3mdev": None, "action": "unreachable", "protocol": "zebra"}
RULE = "pref 2000 l3mdev unreachable"
LACK = "VRFs (the first is {}) are not isolated: IPv{} traffic"
HINT = "matches no route in VRF {} continues in the main table"


def setup_module(mod):
    tgen = topology.start(mod, NETS + [DEFAULT])
    node = tgen.gears["r1"].net
    lines = [line.replace("replace", "del") for net in NETS for line in topology.unreachable_commands(net.table)]
    node.cmd_raises("ip -batch -", stdin="\n".join(lines) + "\n")


def teardown_module():
    topology.stop()


def rules(r1, family=4):
    "The kernel's policy rules, in order."
    return json.loads(r1.ip("-{}".format(family), "-j", "-d", "rule", "show"))


def ours(r1, family=4):
    "How many rules of the module the kernel has."
    return sum(rule["priority"] == 2000 and rule.get("protocol") == "zebra" for rule in rules(r1, family))


def expect_ours(r1, why, count, families=FAMILIES):
    for family in families:
        expect.until_equal("rules of the module, IPv{}: {}".format(family, why), lambda: ours(r1, family), count)


def address(net, family):
    return net.host4 if family == 4 else net.host6


def crossing():
    "Packets between red and blue, which must be isolated from each other."
    return [(one, address(other, family)) for family in FAMILIES for one, other in ((RED, BLUE), (BLUE, RED))]


def others():
    "Packets that isolation must not affect: within VRFs, by leaked routes, of the default VRF, to and from the router."
    return [
        (one, text)
        for one, other in (
            (RED, RED),
            (BLUE, BLUE),
            (RED, SHARED),
            (SHARED, RED),
            (SHARED, BLUE),
            (DEFAULT, DEFAULT),
            (DEFAULT, RED),
        )
        for text in (other.router4, other.host4, other.inner4, other.router6, other.host6, other.inner6)
    ]


def connect(r1):
    "The default VRF imports red's and blue's routes; red imports the default VRF's, so that packets can return."
    for word in IP.values():
        r1.configure("default", word + " route-import 2:2", word + " route-import 3:3")
        r1.configure("default", word + " route-export 100:1")
        r1.configure("red", word + " route-import 100:1")
    r1.expect_ping(*others())


def isolate(r1):
    for word in IP.values():
        r1.configure("default", word + " vrf-isolation")
    expect_ours(r1, "configured", 1)


def hints(r1, vrf, family=4):
    return [hint for hint in r1.summary(vrf, family)["hints"] if "main table" in hint]


def isolation(r1, family=4):
    "The state that `show ip route-leak json` has."
    return r1.json("show {} route-leak json".format(IP[family]))["isolation"]


STATE = {"configured": True, "installed": True, "effective": True}
NO_STATE = {"configured": False, "installed": False, "effective": False}


def test_without(r1):
    "Without the rule, red and blue reach each other through the main table. Hints and one line of the log say so."
    connect(r1)
    r1.expect_ping(*crossing())
    for family in FAMILIES:
        expect.until_equal("isolation", lambda: isolation(r1, family), NO_STATE)
        for vrf in ("red", "blue", "shared"):
            seen = hints(r1, vrf, family)
            assert len(seen) == 1 and HINT.format(vrf) in seen[0], seen
            assert "configure '{} vrf-isolation'".format(IP[family]) in seen[0], seen
        assert hints(r1, "default", family) == []
        r1.expect_log(LACK.format("blue", family))
    r1.settle()
    for family in FAMILIES:
        assert r1.log().count(LACK.format("blue", family)) == 1, "logged once"


def test_with(r1):
    "With the rule, red and blue do not reach each other. All other packets go as before."
    connect(r1)
    r1.expect_ping(*crossing())
    isolate(r1)
    r1.expect_no_ping(*crossing())
    r1.expect_ping(*others())
    for family in FAMILIES:
        rule = [rule for rule in rules(r1, family) if rule["priority"] == 2000]
        expect.equal("the rule", rule, [OURS])
        expect.until_equal("isolation", lambda: isolation(r1, family), STATE)
        assert hints(r1, "red", family) == []
        text = r1.show("show {} route-leak".format(IP[family]))
        assert "VRF isolation: policy rule 2000 is installed" in text, text
    for word in IP.values():
        r1.configure("default", "no {} vrf-isolation".format(word))
    expect_ours(r1, "not configured", 0)
    r1.expect_ping(*crossing())


def test_families(r1):
    "Each family is configured separately."
    connect(r1)
    r1.configure("default", "ipv6 vrf-isolation")
    expect_ours(r1, "configured", 1, [6])
    r1.settle()
    assert ours(r1, 4) == 0
    r1.expect_no_ping(*[pair for pair in crossing() if ":" in pair[1]])
    r1.expect_ping(*[pair for pair in crossing() if ":" not in pair[1]])


def test_without_tags(r1):
    "The rule needs no tags."
    before = "\n".join(r1.running(harness=True))
    lines = [(vrf, "no " + line) for vrf in ("shared", "red", "blue") for line in r1.tags(vrf)]
    r1.configure_all(lines)
    isolate(r1)
    for word in IP.values():
        r1.configure("default", "no {} vrf-isolation".format(word))
    expect_ours(r1, "not configured", 0)
    assert before


def test_deleted_by_hand(r1):
    "Somebody deletes the rule: it is installed again at once, and the log says so."
    isolate(r1)
    for family in FAMILIES:
        text = "another program has deleted the policy rule of '{} vrf-isolation'".format(IP[family])
        r1.ip("-{}".format(family), "rule", "del", *RULE.split())
        expect_ours(r1, "deleted by hand", 1)
        r1.expect_log(text)
    r1.ip("-4", "rule", "flush")
    try:
        expect_ours(r1, "all rules flushed", 1, [4])
    finally:
        r1.ip_batch(
            "rule add pref 1000 l3mdev", "rule add pref 32766 lookup main", "rule add pref 32767 lookup default"
        )
    expect_ours(r1, "others added", 1)


def test_rules_of_others(r1):
    "An operator's equal rule counts, and is left alone. So are all other rules."
    expect_ours(r1, "not configured", 0)
    words = [RULE, "pref 1500 from 203.0.113.77 lookup 10", "pref 2000 l3mdev prohibit protocol static"]
    for word in words[:1]:
        for family in FAMILIES:
            r1.ip("-{}".format(family), "rule", "add", *word.split())
    for word in words[1:]:
        r1.ip("rule", "add", *word.split())
    try:
        before = {family: rules(r1, family) for family in FAMILIES}
        for family in FAMILIES:
            expect.until_equal(
                "an equal rule of the operator isolates",
                lambda: isolation(r1, family),
                {"configured": False, "installed": False, "effective": True},
            )
            assert hints(r1, "red", family) == []
        isolate(r1)
        for word in IP.values():
            r1.configure("default", "no {} vrf-isolation".format(word))
        expect_ours(r1, "not configured", 0)
        expect.equal("rules of others", {family: rules(r1, family) for family in FAMILIES}, before)

        # The operator's rule goes, the module's stays: the kernel deletes the older one of two equal rules.
        isolate(r1)
        for family in FAMILIES:
            r1.ip("-{}".format(family), "rule", "del", *RULE.split())
        expect_ours(r1, "the operator's rule is gone", 1)
        for family in FAMILIES:
            left = [rule["protocol"] for rule in rules(r1, family) if rule.get("action") == "unreachable"]
            expect.equal("rules to refuse traffic", left, ["zebra"])
    finally:
        for word in words[1:]:
            r1.ip("rule", "del", *word.split())


def test_what_counts(r1):
    "A VRF is isolated by an unreachable default of its own, too, and all are by an equivalent rule before the main table."
    expect.until_equal("red is not isolated", lambda: len(hints(r1, "red")), 1)
    line = "ip route 0.0.0.0/0 blackhole"
    r1.configure("red", line)
    expect.until_equal("red has a blackhole default", lambda: hints(r1, "red"), [])
    assert len(hints(r1, "blue")) == 1
    r1.ip("route", "add", *"unreachable default table 30 metric 4278198272".split())
    expect.until_equal("blue has an unreachable default", lambda: hints(r1, "blue"), [])
    r1.ip("route", "del", *"unreachable default table 30 metric 4278198272".split())
    expect.until_equal("blue has none", lambda: len(hints(r1, "blue")), 1)

    for rule, isolates in (
        ("pref 1500 l3mdev prohibit", True),
        ("pref 32765 l3mdev blackhole", True),
        ("pref 40000 l3mdev unreachable", False),
        ("pref 1500 from 192.0.2.0/24 l3mdev unreachable", False),
    ):
        r1.ip("rule", "add", *rule.split())
        try:
            expect.until_equal(rule, lambda: isolation(r1)["effective"], isolates)
            expect.until_equal(rule, lambda: hints(r1, "blue") == [], isolates)
        finally:
            r1.ip("rule", "del", *rule.split())
    expect.until_equal("no rule", lambda: isolation(r1)["effective"], False)


def test_main_table_first(r1):
    "A rule for the main table before that of the module makes it useless: a hint says so."
    isolate(r1)
    assert hints(r1, "red") == []
    r1.ip("rule", "add", *"pref 1900 lookup main".split())
    try:
        expect.until_equal("the rule has no effect", lambda: isolation(r1)["effective"], False)
        seen = hints(r1, "red")
        assert len(seen) == 1 and "a rule for it comes before that of 'ip vrf-isolation'" in seen[0], seen
    finally:
        r1.ip("rule", "del", *"pref 1900 lookup main".split())
    expect.until_equal("the rule has effect", lambda: hints(r1, "red"), [])


def test_lookup_late(r1):
    "If the VRFs' own tables come after the module's rule, it would refuse all their traffic. It is deleted meanwhile."
    connect(r1)
    isolate(r1)
    text = "is not installed (the rule for VRFs, pref 3000, comes after 2000)"
    try:
        r1.ip_batch("rule add pref 3000 l3mdev", "rule del pref 1000")
        expect_ours(r1, "the rule for VRFs comes later", 0, [4])
        r1.expect_ping(*[pair for pair in others() if ":" not in pair[1]])
        r1.expect_log(text)
        state = {
            "configured": True,
            "installed": False,
            "effective": False,
            "error": "the rule for VRFs, pref 3000, comes after 2000",
        }
        expect.until_equal("isolation", lambda: isolation(r1), state)
        seen = hints(r1, "red")
        assert len(seen) == 1 and text in seen[0], seen
    finally:
        r1.ip_batch("rule add pref 1000 l3mdev", "rule del pref 3000")
    expect_ours(r1, "the rule for VRFs comes first again", 1)
    expect.until_equal("isolation", lambda: isolation(r1), STATE)
    r1.expect_no_ping(*crossing())


class RuleMonitor:
    "The output of `ip monitor rule` while the context is active."

    def __init__(self, router):
        self.router = router
        self.path = router.gear.logdir + "/r1/rules.txt"

    def lines(self):
        with open(self.path, encoding="utf-8") as recorded:
            return [line for line in recorded.read().splitlines() if "9999" not in line]

    def __enter__(self):
        with open(self.path, "w", encoding="utf-8") as output:
            self.process = self.router.net.popen(["ip", "-o", "monitor", "rule"], stdout=output)

        def unmarked():
            self.router.ip("rule", "add", "pref", "9999", "lookup", "9999")
            self.router.ip("rule", "del", "pref", "9999", "lookup", "9999")
            with open(self.path, encoding="utf-8") as recorded:
                return None if "9999" in recorded.read() else "no mark"

        expect.until("ip monitor records nothing", unmarked)
        return self

    def __exit__(self, *args):
        self.process.terminate()
        self.process.communicate()


def end_and_begin(r1, signum):
    "Stops and starts zebra with a configuration that has the present one's lines of isolation."
    r1.net.cmd_raises("cp /etc/frr/frr.conf /etc/frr/saved.conf")
    status, out = r1.vtysh("write memory")
    assert status == 0, out
    r1.net.cmd_raises("mv /etc/frr/frr.conf /etc/frr/more.conf && mv /etc/frr/saved.conf /etc/frr/frr.conf")
    r1.end_zebra(signum)
    expect.equal("while zebra does not run", [ours(r1, family) for family in FAMILIES], [1, 1])
    r1.begin_zebra("/etc/frr/more.conf")


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_zebra_again(r1, signum):
    "zebra is killed or stopped, and started again: there is no moment without the rule, and never more than one."
    isolate(r1)
    with RuleMonitor(r1) as monitor:
        end_and_begin(r1, signum)
        r1.expect_full()
        for family in FAMILIES:
            expect.until_equal("isolation", lambda: isolation(r1, family), STATE)
        r1.settle()
        assert monitor.lines() == [], "no change of any rule"
    r1.configure("default", "no ip vrf-isolation")
    expect_ours(r1, "not configured", 0, [4])


def test_line_gone_meanwhile(r1):
    "zebra starts without the line, which it had when it was killed: the old rule is deleted, an operator's is not."
    isolate(r1)
    r1.ip("-6", "rule", "add", *"pref 2001 l3mdev unreachable".split())
    try:
        r1.end_zebra()
        r1.begin_zebra_with("grep -v vrf-isolation")
        expect_ours(r1, "zebra has started without the line", 0)
        kept = [rule["priority"] for rule in rules(r1, 6) if rule.get("action") == "unreachable"]
        expect.equal("rules to refuse traffic", kept, [2001])
    finally:
        r1.ip("-6", "rule", "del", *"pref 2001 l3mdev unreachable".split())
        r1.reload()
        r1.changed = {}
    r1.expect_full()


REFUSING = """
#define _GNU_SOURCE
#include <errno.h>
#include <dlfcn.h>
#include <unistd.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
	ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
	const struct nlmsghdr *header = data;

	if (size >= sizeof(*header) && header->nlmsg_type == RTM_NEWRULE && access("/run/refuse-rules", F_OK) == 0) {
		errno = EPERM;
		return -1;
	}
	return real(fd, data, size, flags, to, length);
}
"""


def test_kernel_refuses(r1):
    """
    The kernel refuses the rule (a preloaded library does): one error line and a hint say why, and all else works. Once
    the kernel accepts it, it is installed with the next change of the configuration.
    """
    library = "/tmp/refuse-rules.so"
    r1.net.cmd_raises("gcc -shared -fPIC -o {} -x c - -ldl".format(library), stdin=REFUSING)
    r1.net.cmd_raises("touch /run/refuse-rules")
    text = "'ip vrf-isolation' has no effect: the policy rule '{}' is not installed (Operation not permitted)".format(
        RULE
    )
    r1.end_zebra()
    folder, argv = r1.ended["zebra"]
    r1.ended["zebra"] = folder, ["env", "LD_PRELOAD=" + library] + argv
    try:
        r1.begin_zebra()
        for word in IP.values():
            r1.configure("default", word + " vrf-isolation")
        r1.expect_log(text)
        r1.expect_full()
        shown = isolation(r1)
        assert shown == {
            "configured": True,
            "installed": False,
            "effective": False,
            "error": "Operation not permitted",
        }, shown
        expect.until_equal("red is not isolated", lambda: len(hints(r1, "red")), 1)
        assert "the rule of 'ip vrf-isolation' is not installed (Operation not permitted)" in hints(r1, "red")[0]
        out = r1.show("show ip route-leak")
        assert "Hint: 'ip vrf-isolation' has no effect: its policy rule is not installed (Operation" in out, out
        r1.configure("red", "ip route-import 9:9")
        r1.settle()
        assert r1.log().count(text) == 1, "logged once"
        assert "rule 2000 is not installed" in out, out
        r1.net.cmd_raises("rm /run/refuse-rules")
        r1.configure("red", "no ip route-import 9:9")
        expect_ours(r1, "the kernel accepts it now", 1)
        expect.until_equal("isolation", lambda: isolation(r1), STATE)
        assert hints(r1, "red") == []
    finally:
        r1.net.cmd_status("rm -f /run/refuse-rules", warn=False)
        r1.end_zebra()
        r1.begin_zebra()


def test_configuration(r1):
    "The lines are in the running configuration, once each, at the global level. A reload of it changes nothing."
    isolate(r1)
    isolate(r1)
    lines = [line for line in r1.running() if "vrf-isolation" in line]
    expect.equal("lines", sorted(lines), ["ip vrf-isolation", "ipv6 vrf-isolation"])
    path = r1.gear.logdir + "/r1/wanted.conf"
    with open(path, "w", encoding="utf-8") as output:
        output.write("\n".join(r1.running(harness=True)) + "\n")
    reload = ["/usr/lib/frr/frr-reload.py", "--stdout", "--reload", path]
    with RuleMonitor(r1) as monitor:
        status, out, err = r1.net.cmd_status(reload, warn=False)
        assert status == 0, out + err
        assert monitor.lines() == []
    r1.net.cmd_raises("sed -i '/^ip vrf-isolation/d' {}".format(path))
    status, out, err = r1.net.cmd_status(reload, warn=False)
    assert status == 0, out + err
    expect_ours(r1, "the line was removed by a reload", 0, [4])
    assert ours(r1, 6) == 1
    r1.net.cmd_raises("sed -i '/^ipv6 vrf-isolation/i ip vrf-isolation' {}".format(path))
    status, out, err = r1.net.cmd_status(reload, warn=False)
    assert status == 0, out + err
    expect_ours(r1, "the line was added by a reload", 1)


def test_input(r1):
    "'no' without the line succeeds; more words, and the command in a VRF, are refused or belong to the global level."
    status, out = r1.vtysh("configure terminal", "no ip vrf-isolation")
    assert status == 0 and "%" not in out.replace("% Configuration applied", ""), out
    for words in ("ip vrf-isolation 1", "ip vrf-isolation vrf red", "ip vrf-isolations", "no ipv6 vrf-isolation x"):
        status, out = r1.vtysh("configure terminal", words)
        assert status != 0 or "%" in out, words
    assert [line for line in r1.running() if "vrf-isolation" in line] == []
    expect_ours(r1, "nothing was changed", 0)
