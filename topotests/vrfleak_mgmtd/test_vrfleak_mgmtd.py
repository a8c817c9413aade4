#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Not on FRR 8.4: it has no mgmtd, and zebra has the configuration
"""
mgmtd has the configuration, zebra applies it. No line is lost or doubled, and no route is touched, whichever of them
stops or starts first. Also tests the ways to configure mgmtd other than the module's commands.
"""

import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess

import pytest

from lib import topogen
from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import FRR, SHARED

pytestmark = [pytest.mark.staticd]

SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
VRF = "/frr-vrfleak:vrfleak/vrf[name='{}']"
IMPORT = VRF + "/address-family[family='ipv4']/import[tag='{}']"
CONF = "/etc/frr/frr.conf"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def expect_running(r1, before):
    "Waits until the running configuration is exactly what it was."
    expect.until_equal("the running configuration", r1.running, before)


def expect_obeys(r1):
    "Waits until mgmtd and zebra are connected again: zebra applies a change that mgmtd gets."
    r1.configure("green", "ip route-import 1:1")
    r1.expect_leaked("a new tag", "green", SHARED4)
    r1.restore()
    r1.expect_leaked("no tag", "green", {})


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_mgmtd_again(r1, signum):
    "mgmtd is stopped and started: zebra keeps leaking meanwhile, and no kernel route changes."
    r1.expect_full()
    before = r1.running()
    with kernel.Recording(r1) as recording:
        r1.end_daemon("mgmtd", signum)
        assert r1.leaked("red") == SHARED4
        r1.begin_daemon("mgmtd")
        expect_running(r1, before)
        r1.expect_full()
        for table in (10, 20, 30):
            touched = {
                (deleted, prefix)
                for deleted, prefix, rest in recording.events(table)
                if "proto zebra" in rest
            }
            assert touched == set(), "leaked routes stay as they are"
    expect_obeys(r1)
    expect_running(r1, before)


def connect_vty(r1):
    "A connection to zebra's vty. It gets the lowest file descriptor that zebra has free."
    vty = socket.socket(socket.AF_UNIX)
    vty.connect("/proc/{}/root/run/frr/zebra.vty".format(r1.pid()))
    return vty


def kill_at_write(r1):
    "Kills mgmtd when zebra is about to write to it: the write fails before zebra reads the end of the connection."
    kill = "shell kill -9 {0}; while [ -d /proc/{0} ]; do sleep 0.1; done".format(
        r1.pid("mgmtd")
    )
    gdb = ["gdb", "-batch", "-nx", "-p", r1.pid()]
    for command in ("break mgmt_msg_write", "continue", kill, "detach"):
        gdb += ["-ex", command]
    with subprocess.Popen(
        gdb, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as debugger:

        def write():
            # Zebra notifies mgmtd of an interface's state.
            r1.net.cmd_raises(
                "ip link add name provoke type dummy && ip link set provoke up && ip link del provoke"
            )
            return "zebra has not written" if debugger.poll() is None else None

        expect.until("zebra writes to mgmtd", write)


@pytest.mark.skipif(not shutil.which("gdb"), reason="needs gdb")
def test_write_to_killed_mgmtd(r1):
    "zebra's write to mgmtd fails when mgmtd is killed: zebra reads from the next connection, which has another descriptor."
    r1.expect_full()
    before = r1.running()
    r1.end_daemon("mgmtd", signal.SIGKILL)
    # It gets the descriptor of the connection to mgmtd; the next connection to mgmtd gets a higher one.
    vty = connect_vty(r1)
    r1.begin_daemon("mgmtd")
    expect_running(r1, before)
    r1.remember_daemon("mgmtd")
    kill_at_write(r1)
    vty.close()
    r1.start_daemon("mgmtd")
    status, out, err = r1.net.cmd_status(
        ["timeout", "200", "vtysh", "-d", "mgmtd", "-f", CONF], warn=False
    )
    assert status == 0, out + err
    expect_running(r1, before)
    r1.expect_full()
    expect_obeys(r1)


@pytest.mark.parametrize("order", [("zebra", "mgmtd"), ("mgmtd", "zebra")])
def test_start_order(r1, order):
    "Both restart, in either order: each statement is there once, and the routes are the same."
    r1.expect_full()
    before, tables = r1.running(), kernel.tables(r1)
    r1.restarts = True
    for daemon in ("staticd", "mgmtd", "zebra"):
        r1.end_daemon(daemon, signal.SIGKILL)
    for daemon in order + ("staticd",):
        r1.begin_daemon(daemon)
    expect_running(r1, before)
    r1.expect_full()
    expect.until_equal("kernel tables", lambda: kernel.tables(r1), tables)
    expect_obeys(r1)


def test_configuration_meanwhile(r1):
    "A statement that is entered while zebra does not run takes effect when zebra starts."
    r1.expect_full()
    r1.restarts = True
    for daemon in ("staticd", "zebra"):
        r1.end_daemon(daemon, signal.SIGKILL)
    r1.change("green", "ip route-import 1:1")
    assert r1.tags("green") == ["ip route-import 1:1"]
    try:
        for daemon in ("zebra", "staticd"):
            r1.begin_daemon(daemon)
        r1.expect_leaked("the new tag", "green", SHARED4)
    finally:
        r1.change("green", "no ip route-import 1:1")
    r1.expect_leaked("no tag", "green", {})


def test_read_again(r1):
    "vtysh -b a second time: no line is doubled, and no route is touched."
    r1.expect_full()
    before = r1.running()
    with kernel.Recording(r1) as recording:
        r1.reload()
        expect_running(r1, before)
        r1.settle()
        events = [e for e in recording.events(30) if "203.0.113.254" not in e[1]]
        assert events == [], "routes that stay are not touched"


def commit(r1, *lines):
    "Changes mgmtd's candidate and commits; returns the output."
    return r1.vtysh("configure terminal file-lock", *lines, "mgmt commit apply")[1]


def test_commit(r1):
    "mgmt set-config (since 10.4 create-config), delete-config and commit apply."
    line = IMPORT.format("green", "1:1") + "/tag 1:1"
    # Since 10.4 mgmtd refuses to set any key of a list.
    word = "create-config" if FRR >= (10, 4) else "set-config"
    out = commit(r1, "mgmt {} {}".format(word, line))
    assert "%" not in out, out
    r1.expect_leaked("set-config", "green", SHARED4)
    assert r1.tags("green") == ["ip route-import 1:1"]
    out = commit(r1, "mgmt delete-config " + VRF.format("green"))
    assert "%" not in out, out
    r1.expect_leaked("delete-config", "green", {})
    assert r1.tags("green") == []


def edit(r1, operation, path, data=None):
    lines = "mgmt edit {} {} json lock commit".format(operation, path)
    if data:
        lines += " " + json.dumps(data, separators=(",", ":"))
    return r1.vtysh("configure terminal", lines)[1]


def green(tag):
    family = {"family": "ipv4", "import": [{"tag": tag}]}
    return {"frr-vrfleak:vrf": [{"name": "green", "address-family": [family]}]}


def test_edit(r1):
    "mgmt edit merge and remove."
    out = edit(r1, "merge", VRF.format("green"), green("1:1"))
    assert "%" not in out, out
    r1.expect_leaked("merge", "green", SHARED4)
    out = edit(r1, "remove", VRF.format("green"))
    assert "%" not in out, out
    r1.expect_leaked("remove", "green", {})
    assert r1.tags("green") == []


def test_edit_by_name(r1):
    "mgmt edit merge and set-config with an import by name."
    out = edit(r1, "merge", VRF.format("green"), green("vrf:shared"))
    assert "%" not in out, out
    r1.expect_leaked("merge", "green", SHARED4)
    assert r1.tags("green") == ["ip route-import vrf shared"]
    out = edit(r1, "remove", IMPORT.format("green", "vrf:shared"))
    assert "%" not in out, out
    r1.expect_leaked("remove", "green", {})
    word = "create-config" if FRR >= (10, 4) else "set-config"
    line = IMPORT.format("green", "vrf:shared") + "/tag vrf:shared"
    out = commit(r1, "mgmt {} {}".format(word, line))
    assert "%" not in out, out
    r1.expect_leaked("set-config", "green", SHARED4)
    commit(r1, "mgmt delete-config " + VRF.format("green"))
    r1.expect_leaked("delete-config", "green", {})


BAD_TAGS = [
    "99999999:99999",
    "999.1.1.1:1",
    "65536:65536",
    "4294967296:1",
    "1:4294967296",
    "192.0.2.1:65536",
    "01:1",
    "vrf:",
    "vrf:" + "v" * 37,
    "VRF:red",
]


def unlimited(leaf, value):
    "An import with the options of a limit, but without the limit."
    data = green("1:1")
    line = data["frr-vrfleak:vrf"][0]["address-family"][0]["import"][0]
    line["maximum-prefix"] = {leaf: value}
    return data


def test_bad_values_without_zebra(r1):
    """
    mgmtd itself rejects what zebra would reject. Otherwise it could keep a line that makes zebra reject its whole
    configuration at start.
    """
    r1.expect_full()
    before = r1.running()
    path = VRF.format("green")
    named = "/frr-vrfleak:vrfleak/vrf"
    word = "create-config" if FRR >= (10, 4) else "set-config"
    r1.restarts = True
    for daemon in ("staticd", "zebra"):
        r1.end_daemon(daemon, signal.SIGKILL)
    for tag in BAD_TAGS:
        out = edit(r1, "merge", path, green(tag))
        assert "%" in out, "accepted: {} {}".format(tag, out)
        line = IMPORT.format("green", tag)
        out = commit(r1, "mgmt {} {}/tag {}".format(word, line, tag))
        assert "%" in out, "accepted: {} {}".format(tag, out)
        r1.vtysh("configure terminal", "mgmt commit abort")
    for leaf, value in (("threshold", 50), ("warning-only", True)):
        out = edit(r1, "merge", path, unlimited(leaf, value))
        assert "%" in out, "accepted: {} {}".format(leaf, out)
    for name in ("green\nexit-vrf", "green\texit", "red's", "v" * 37):
        data = green("1:1")
        data["frr-vrfleak:vrf"][0]["name"] = name
        out = edit(r1, "merge", named, data)
        assert "%" in out, "accepted: {} {}".format(name, out)
    expect_running(r1, before)
    for daemon in ("zebra", "staticd"):
        r1.begin_daemon(daemon)
    r1.expect_full()
    expect_obeys(r1)


def test_bad_values(r1):
    "mgmtd rejects an invalid tag and an unknown path; nothing changes."
    before = r1.running()
    path = VRF.format("green")
    for out in (
        edit(r1, "merge", path, green("bogus")),
        edit(r1, "merge", path, green("01:1")),
        edit(r1, "merge", path, {"frr-vrfleak:vrf": [{"name": "green", "colour": 1}]}),
        commit(
            r1,
            "mgmt create-config {}/tag bogus".format(IMPORT.format("green", "bogus")),
        ),
        commit(r1, "mgmt create-config /frr-vrfleak:vrfleak/colour 1"),
    ):
        assert "%" in out, "accepted: " + out
    expect_running(r1, before)
    expect_obeys(r1)


def get_data(r1, path, *words):
    out = r1.vtysh(" ".join(("show mgmt get-data", path) + words))[1]
    return json.loads(out).get("frr-vrfleak:vrfleak", {}).get("vrf", [])


def test_get_data(r1):
    "show mgmt get-data has mgmtd's configuration and zebra's counters."
    r1.expect_full()
    config = get_data(r1, "/frr-vrfleak:vrfleak", "only-config")
    tags = {
        (vrf["name"], family["family"]): (
            [line["tag"] for line in family["export"]],
            [line["tag"] for line in family["import"]],
        )
        for vrf in config
        for family in vrf["address-family"]
    }
    expected = {
        "shared": (["1:1"], ["2:2", "3:3"]),
        "red": (["2:2"], ["1:1"]),
        "blue": (["3:3"], ["1:1"]),
    }
    for name, lines in expected.items():
        for family in ("ipv4", "ipv6"):
            assert tags.pop((name, family)) == lines
    assert tags == {}
    state = {
        (vrf["name"], family["family"]): family["state"]
        for vrf in get_data(r1, "/frr-vrfleak:vrfleak")
        for family in vrf["address-family"]
    }
    offered = topology.OFFERED
    shared, blue = state["shared", "ipv4"], state["blue", "ipv6"]
    assert (shared["leaked-routes"], shared["conflicts"]) == (2 * offered, 0)
    assert (blue["leaked-routes"], blue["conflicts"]) == (offered, 0)
    sources = {source["name"]: source["leaked-routes"] for source in shared["source"]}
    assert sources == {"blue": offered, "red": offered}
    routes = {route["prefix"]: route for route in blue["leaked-route"]}
    assert len(routes) == offered
    assert routes[SHARED.behind6]["source"] == "shared"
    assert routes[SHARED.behind6]["protocol"] == "static"
    assert SHARED.host6 in routes[SHARED.behind6]["next-hop"][0]


MANY = [str(ipaddress.ip_network((0x0B000000 + (i << 8), 24))) for i in range(4000)]


def leaked_many(r1):
    "{VRF: those of MANY that show mgmt get-data lists as leaked to it}, each once."
    found = {}
    for vrf in get_data(r1, "/frr-vrfleak:vrfleak"):
        for family in vrf["address-family"]:
            routes = family["state"].get("leaked-route", [])
            listed = [route["prefix"] for route in routes]
            assert len(listed) == len(set(listed)), "a route is listed twice"
            found.setdefault(vrf["name"], []).extend(set(listed) & set(MANY))
    return found


def expect_many(r1, *vrfs):
    "Waits until MANY are leaked to these VRFs."
    expect.until_equal(
        "all are leaked to {}".format(vrfs),
        lambda: [vrf for vrf in vrfs if r1.summary(vrf)["leakedRoutes"] < len(MANY)],
        [],
        4 * expect.LIMIT,
    )


def test_get_data_of_many(r1):
    "Many leaked routes are streamed incrementally: each route once, and zebra does other work meanwhile."
    line = "route {} {} via 192.0.2.2 dev e-shared table 10"
    r1.expect_full()
    r1.vtysh("debug northbound events", daemon="zebra")
    try:
        r1.ip_batch(*[line.format("add", prefix) for prefix in MANY])
        expect_many(r1, "red", "blue")
        before = r1.log().count("yielding after")
        found = leaked_many(r1)
        for vrf in ("red", "blue"):
            assert sorted(found[vrf]) == sorted(MANY)
        assert r1.log().count("yielding after") > before, "all at once"

        # A VRF's statements are deleted and added while its routes are streamed: of all VRFs, and of that one alone.
        lines = r1.tags("blue")
        for path in ("/frr-vrfleak:vrfleak", VRF.format("blue")):
            asking = r1.net.popen(["vtysh", "-c", "show mgmt get-data " + path])
            for _ in range(2):
                r1.change("blue", *["no " + line for line in lines])
                r1.expect_leaked("no line", "blue", {})
                r1.change("blue", *lines)
                expect_many(r1, "blue")
            out, _ = asking.communicate(timeout=4 * expect.LIMIT)
            json.loads(out)
    finally:
        r1.ip_batch(*[line.format("del", prefix) for prefix in MANY])
        r1.vtysh("no debug northbound events", daemon="zebra")
    r1.expect_full()


def test_notification(r1):
    "mgmtd passes the notification of a conflict on to its listeners."
    folder = os.path.dirname(topogen.__file__)
    command = ["env", "PYTHONPATH=" + os.path.dirname(folder), "python3"]
    command += [
        os.path.join(folder, "fe_client.py"),
        "--listen",
        "/frr-vrfleak:conflict",
    ]
    heard = os.path.join(r1.gear.logdir, "r1", "notification.txt")
    r1.expect_full()
    with open(heard, "w", encoding="utf-8") as output:
        listener = r1.net.popen(command, stdout=output)

    def not_heard():
        "Starts and ends a conflict repeatedly, since nothing reports when the listener is ready."
        for line in ("ip route {} 192.0.2.66", "no ip route {} 192.0.2.66"):
            r1.change("red", line.format(SHARED.behind4))
        return "nothing heard" if listener.poll() is None else None

    try:
        expect.until("a notification", not_heard)
    finally:
        if listener.poll() is None:
            listener.terminate()
        listener.communicate()
    with open(heard, encoding="utf-8") as output:
        conflict = json.load(output)["frr-vrfleak:conflict"]
    assert conflict["prefix"] == SHARED.behind4
    assert (conflict["vrf"], conflict["loser"]) in [
        ("red", "shared"),
        ("shared", "red"),
    ]
    assert conflict["reason"] in ("native-route", "other-source")
    r1.expect_full()


def test_clear_by_rpc(r1):
    "The clear RPC through mgmtd replaces the owner of a prefix; FRR 10.3's mgmtd accepts only RPCs of its own backends."
    rpc = {"frr-vrfleak:clear": {"family": "ipv4", "vrf": "shared"}}
    rpc["frr-vrfleak:clear"]["prefix"] = "203.0.113.0/24"
    r1.configure("red", "ip route 203.0.113.0/24 192.0.2.66")
    r1.configure("blue", "ip route 203.0.113.0/24 192.0.2.130")
    expect.until_equal(
        "one is installed, one is a candidate", lambda: len(r1.conflicts("shared")), 1
    )
    owner = r1.leaked("shared")["203.0.113.0/24"]
    line = "mgmt rpc /frr-vrfleak:clear json " + json.dumps(rpc, separators=(",", ":"))
    out = r1.vtysh("configure terminal", line)[1]
    if FRR < (10, 4):
        assert "No backends implement xpath" in out, out
        return
    assert "%" not in out, out
    expect.until_equal(
        "the other takes over",
        lambda: r1.leaked("shared").get("203.0.113.0/24"),
        50 - owner,
    )


def test_write(r1):
    "write memory: the file has each statement once, and mgmtd reads it at its next start."
    before = r1.running()
    r1.net.cmd_raises("cp {} /etc/frr/saved.conf".format(CONF))
    try:
        status, out = r1.vtysh("write memory")
        assert status == 0, out
        written = r1.net.cmd_raises("cat " + CONF)
        assert written.count(" ip route-export 1:1\n") == 1
        r1.end_daemon("mgmtd", signal.SIGKILL)
        r1.begin_daemon("mgmtd")
        expect_running(r1, before)
    finally:
        r1.net.cmd_raises("mv /etc/frr/saved.conf " + CONF)
    r1.expect_full()
