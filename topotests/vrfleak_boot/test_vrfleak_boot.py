#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
After a boot, the whole configuration is in force. `vtysh -b` is one commit, so a single refused line would reject the
whole configuration.
"""

import glob
import json
import os
import signal

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import HAVE_MGMTD

pytestmark = [pytest.mark.staticd]

CONF = "/etc/frr/frr.conf"
SAVED = "/etc/frr/saved.conf"
DAEMONS = (["mgmtd"] if HAVE_MGMTD else []) + ["zebra", "staticd"]

# Other configuration besides the tags; `show running-config` shows each line unchanged.
BESIDE = """
ip prefix-list BOOT seq 5 permit 192.0.2.192/26
ip prefix-list BOOT seq 10 deny any
route-map BOOT permit 10
 match ip address prefix-list BOOT
exit
ip route 203.0.113.0/25 blackhole
"""
GREEN = [
    "ip route 203.0.113.192/26 192.0.2.194",
    "ip route-export 4:4 route-map BOOT",
    "ip route-import 1:1",
    "ipv6 route-export 4:4 route-map MISSING",
]
BLUE = ["ip route-import 4:4"]

def block(vrf, lines):
    return "\n".join(["vrf " + vrf] + [" " + line for line in lines] + ["exit-vrf", ""])

def setup_module(mod):
    topology.start(mod)

def teardown_module():
    topology.stop()

def end_all(r1):
    r1.restarts = True
    for daemon in reversed(DAEMONS):
        r1.end_daemon(daemon, signal.SIGKILL)

def boot(r1):
    "Starts the daemons, and reads the configuration file as frrinit.sh does, once zebra can validate it."
    for daemon in DAEMONS:
        r1.start_daemon(daemon)
    expect_backend(r1)
    r1.reload()

def expect_backend(r1, options=()):
    "Waits until zebra answers and, since FRR 10, until mgmtd sends it each commit."
    question, word = "show version", "FRRouting"
    if HAVE_MGMTD:
        question, word = "show mgmt backend-adapter all", "zebra"

    def missing():
        out = r1.vtysh(question, options=options)[1]
        return None if word in out else out

    expect.until("zebra must be there", missing)

def lines_missing(text, running):
    "The lines of a configuration file that are missing in a running configuration."
    there = {line.strip() for line in running}
    wanted = [line.strip() for line in text.splitlines()]
    return [line for line in wanted if line not in there | {"", "!"}]

@pytest.fixture
def booted(r1):
    "Boots with lines added to the test scenario's frr.conf. At the end, boots with the scenario's own configuration."

    def run(text):
        r1.net.cmd_raises("cp -p {} {}".format(CONF, SAVED))
        r1.net.cmd_raises("cat >>" + CONF, stdin=text)
        end_all(r1)
        boot(r1)

    yield run
    r1.net.cmd_raises("mv {} {}".format(SAVED, CONF))
    r1.changed = {}
    end_all(r1)
    boot(r1)

def test_import_table(r1, booted):
    """
    'ip import-table' uses the table of a VRF. Boot accepts everything, and the VRF leaks nothing; a hint and a log line
    give the reason. Without 'ip import-table' it leaks at once. (vrfleak_import tests the routes in the VRF itself.)
    """
    text = "ip import-table 40\n" + BESIDE + block("green", GREEN) + block("blue", BLUE)
    booted(text)
    expect.until_equal(
        "lines that are missing", lambda: lines_missing(text, r1.running()), []
    )
    shared = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
    r1.expect_leaked("nothing of green", "blue", shared)
    reason = "nothing leaks from or to VRF green: 'ip import-table' uses its table 40"
    assert reason in r1.summary("green")["hints"]
    r1.expect_log(reason)

    r1.change("default", "no ip import-table 40")
    r1.expect_leaked("green leaks", "blue", {"192.0.2.192/26": 40, **shared})
    assert "import-table" not in " ".join(r1.summary("green")["hints"])

# mgmtd reads mgmtd.conf since FRR 10. The daemon that has the configuration reads zebra.conf.
SPLIT = {"zebra.conf": ["red", "shared"], "mgmtd.conf": ["blue"]}


def split(lines):
    "{file: text}: the VRF blocks of frr.conf, without static routes, in the files of SPLIT; the rest in zebra.conf."
    texts, name = dict.fromkeys(SPLIT, ""), "zebra.conf"
    for line in lines:
        if line.startswith("vrf "):
            homes = [file for file, vrfs in SPLIT.items() if line[4:] in vrfs]
            name = homes[0] if homes else "zebra.conf"
        if not line.startswith((" ip route ", " ipv6 route ")):
            texts[name] += line + "\n"
        if line == "exit-vrf":
            name = "zebra.conf"
    return texts


@pytest.mark.skipif(
    not HAVE_MGMTD,
    reason="FRR 8.4 has no mgmtd; its zebra.conf is in vrfleak_restart",
)
def test_split_files(r1):
    "Each daemon reads a configuration file of its own at start: all tags are there."
    texts = split(r1.net.cmd_raises("cat " + CONF).splitlines())
    assert all(" ip route-import 1:1" in text for text in texts.values()), texts
    r1.net.cmd_raises("mv {} {}".format(CONF, SAVED))
    end_all(r1)
    try:
        for name, text in texts.items():
            r1.net.cmd_raises(
                "cat >/etc/frr/{0} && chown frr:frr /etc/frr/{0}".format(name), stdin=text
            )
        for daemon in DAEMONS:
            r1.start_daemon(daemon)
        expect_backend(r1)
        wanted = [
            line
            for text in texts.values()
            for line in text.splitlines()
            if " route-" in line
        ]
        assert len(wanted) == 14, wanted
        expect.until_equal(
            "lines that are missing",
            lambda: lines_missing("\n".join(wanted), r1.running()),
            [],
        )
        r1.expect_leaked(
            "connected networks", "shared", {"192.0.2.64/26": 20, "192.0.2.128/26": 30}
        )
    finally:
        r1.net.cmd_raises("cd /etc/frr && rm -f zebra.conf mgmtd.conf")
        r1.net.cmd_raises("mv {} {}".format(SAVED, CONF))
        end_all(r1)
        boot(r1)


def test_vtysh_is_a_script(r1):
    """
    vtysh is a site's own script, which starts the real vtysh. The real one has the commands, and does not pass the
    library on.
    """
    script = os.path.join(r1.gear.logdir, "r1", "site-vtysh")
    [library] = glob.glob("/usr/lib/**/modules/vtysh_vrfleak.so", recursive=True)
    r1.net.cmd_raises(
        "cat >{0} && chmod +x {0}".format(script),
        stdin='#!/bin/sh\n/bin/true\nexec /usr/bin/vtysh.distrib "$@"\n',
    )
    environment = ["env", "LD_PRELOAD=" + library, "VRFLEAK_USER_LD_PRELOAD="]
    out = r1.net.cmd_raises(
        environment + [script, "-c", "show route-leak statistics json"]
    )
    assert "tableWalks" in json.loads(out), out


NETNS = ["-N", "netns"]

def netns_begin(r1):
    "Starts a second set of daemons that use network namespaces as VRFs."
    r1.net.cmd_raises("install -d -o frr -g frr /var/run/frr/netns /etc/frr/netns")
    for daemon in DAEMONS:
        option = "" if daemon == "staticd" else "-M vrfleak"
        option += " -n" if daemon == "zebra" else ""
        command = "ip netns exec h-green /usr/lib/frr/{0} -d {1} -N netns"
        command += " --log file:/tmp/gearlogdir/netns-{0}.log >/dev/null 2>&1"
        r1.net.cmd_raises(command.format(daemon, option))
    expect_backend(r1, NETNS)

def netns_end(r1):
    # Not SIGTERM: FRR 8.4's zebra -n crashes in its own ns_terminate() then, with and without the module.
    for daemon in DAEMONS:
        r1.net.cmd_raises("kill -KILL $(cat /var/run/frr/netns/{}.pid)".format(daemon))

def test_netns(r1):
    """
    VRFs are network namespaces (zebra -n): all lines are accepted and nothing leaks. A hint and a log line give the
    reason.
    """
    text = BESIDE + block("green", GREEN) + block("blue", BLUE) + "ip route-import 4:4\nip vrf-isolation\n"
    since = r1.log().count("nothing is leaked: VRFs are network namespaces")
    netns_begin(r1)
    try:
        r1.net.cmd_raises("cat >/etc/frr/netns/frr.conf", stdin=text)
        status, out = r1.vtysh(options=NETNS + ["-b"])
        assert status == 0, out

        def missing():
            running = r1.vtysh("show running-config", options=NETNS)[1]
            return lines_missing(text, running.splitlines())

        expect.until_equal("lines that are missing", missing, [])
        r1.expect_log("nothing is leaked: VRFs are network namespaces", since)
        out = r1.vtysh("show ip route-leak vrf green", options=NETNS)[1]
        assert "VRF green leaks nothing: VRFs are network namespaces (zebra -w or -n)" in out, out
        out = r1.vtysh("show ip route-leak", options=NETNS)[1]
        assert "'ip vrf-isolation' is not needed and has no effect: VRFs are network namespaces" in out, out
        assert "unreachable" not in r1.net.cmd_raises("ip netns exec h-green ip rule"), "no rule is installed"
        for vrf in ("green", "default"):
            command = "show ip route-leak explain vrf {} 192.0.2.192/26".format(vrf)
            out = r1.vtysh(command, options=NETNS)[1]
            assert "network namespaces" in out, out
    finally:
        netns_end(r1)
        r1.net.cmd_raises("rm -r /etc/frr/netns")
