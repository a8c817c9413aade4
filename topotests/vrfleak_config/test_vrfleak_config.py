#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"The configuration is shown, saved and read again as it was entered, in each way that FRR has."

import json
import re

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.config import NO_CHANGE
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import HAVE_MGMTD, OFFERED

pytestmark = [pytest.mark.staticd]

SHARED = [
    "ip route-export 1:1",
    "ip route-import 2:2",
    "ip route-import 3:3",
    "ipv6 route-export 1:1",
    "ipv6 route-import 2:2",
    "ipv6 route-import 3:3",
]
DEBUGS = ["config", "events", "routes"]


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def vtysh_file(r1, *options):
    "Runs vtysh with a file; returns (exit status, output)."
    return r1.vtysh(options=options)


def write_file(r1, name, lines):
    path = "/etc/frr/" + name
    r1.net.cmd_raises("cat >" + path, stdin="\n".join(lines) + "\n")
    return path


def written(r1):
    "The lines of the file that write memory writes, without those of the harness."
    lines = r1.net.cmd_raises("cat /etc/frr/frr.conf").splitlines()
    return [line for line in lines if not line.startswith("log ")]


def test_in_the_vrf_blocks(r1):
    "Each statement is shown once in its VRF's block, in the order of entry."
    assert sorted(r1.tags("shared")) == sorted(SHARED)
    assert r1.tags("shared")[0:] != [] and r1.tags("green") == []
    imports = [line for line in r1.tags("shared") if line.startswith("ip route-import")]
    assert imports == ["ip route-import 2:2", "ip route-import 3:3"]
    names = [line for line in r1.running() if line.startswith("vrf ")]
    assert sorted(names) == ["vrf blue", "vrf green", "vrf red", "vrf shared"], names


def test_order_of_imports(r1):
    """
    Imports keep the order of entry, which decides between sources. An import that is removed and entered again is last.
    """
    r1.configure("green", *["ip route-import " + tag for tag in ("9:9", "8:8", "7:7")])
    assert r1.tags("green") == ["ip route-import " + tag for tag in ("9:9", "8:8", "7:7")]
    r1.configure("green", "no ip route-import 9:9", "ip route-import 9:9")
    assert r1.tags("green") == ["ip route-import " + tag for tag in ("8:8", "7:7", "9:9")]
    assert r1.summary("green")["imports"] == ["8:8", "7:7", "9:9"]
    r1.configure("green", "no ip route-import 9:9")


def test_order_of_names_and_tags(r1):
    "Imports by tag and by name have one order, which a file, a reload and a restart keep."
    lines = ["ip route-import " + source for source in ("vrf blue", "9:9", "vrf default", "8:8 maximum-prefix 5", "vrf red route-map X")]
    r1.configure("green", *lines)
    r1.configure("default", "ip route-import vrf green maximum-prefix 7", "ip route-import 9:9")
    expect.equal("as entered", r1.tags("green"), lines)
    expect.equal("in zebra", r1.summary("green")["imports"], ["vrf blue", "9:9", "vrf default", "8:8", "vrf red"])
    assert r1.tags("default") == ["ip route-import vrf green maximum-prefix 7", "ip route-import 9:9"]
    before = r1.running()
    status, out = vtysh_file(r1, "-f", write_file(r1, "again.conf", before))
    assert status == 0, out
    expect.equal("the file changes nothing", r1.running(), before)
    out = reload(r1, r1.running(harness=True), "--test")
    assert "route-" not in out, "nothing to do: {}".format(out)
    status, out = r1.vtysh("write memory")
    assert status == 0, out
    try:
        r1.change("green", *["no " + line for line in lines])
        r1.change("default", "no ip route-import vrf green")
        r1.reload()
        expect.equal("as saved", r1.tags("green"), lines)
    finally:
        r1.restore()
        r1.vtysh("write memory")


def test_removed_and_entered_in_one_commit(r1):
    """
    A file that removes an import and enters it again moves it to the end of the order. Zebra of FRR 10 keeps the old
    order until it restarts.
    """
    lines = "vrf shared\n no ip route-import {0}\n ip route-import {0}\nexit-vrf\n"
    for first, last in (("2:2", "3:3"), ("3:3", "2:2")):
        r1.commit("ip prefix-list GONE seq 5 permit any\n" + lines.format(first))
        r1.commit("no ip prefix-list GONE\n")
        imports = [
            line.split()[-1]
            for line in r1.tags("shared")
            if line.startswith("ip route-import")
        ]
        expect.equal("the order of imports", imports, [last, first])
        if not HAVE_MGMTD:
            shown = r1.summary("shared")["imports"]
            expect.equal("the order that zebra acts on", shown, imports)
    r1.settle()


def test_canonical(r1):
    "Tags are compared by value, and shown in the canonical form of their RFC 4360 type."
    r1.configure("green", "ip route-export 7:7")
    r1.change("green", "ip route-export 007:07")
    assert r1.tags("green") == ["ip route-export 7:7"]
    r1.change("green", "no ip route-export 07:7")
    assert r1.tags("green") == []
    r1.changed = {}
    # The largest of each form.
    tags = ["65535:4294967295", "4294967295:65535", "255.255.255.255:65535", "0:0"]
    r1.configure("green", *["ip route-export " + tag for tag in tags])
    shown = [line.split()[-1] for line in r1.tags("green")]
    assert sorted(shown) == sorted(tags)


def test_vtysh_file(r1):
    "Reading the running configuration again as a file changes nothing and touches no route."
    before = r1.running()
    path = write_file(r1, "again.conf", before)
    with kernel.Recording(r1) as recording:
        status, out = vtysh_file(r1, "-f", path)
        assert status == 0, out
        r1.settle()
        for table in (10, 20, 30):
            events = [e for e in recording.events(table) if "203.0.113.254" not in e[1]]
            assert events == []
    expect.equal("the running configuration", r1.running(), before)


def test_write_and_boot(r1):
    "After write memory all statements are removed; vtysh -b restores the same configuration and the same routes."
    r1.configure("green", "ip route-export 4:4", "ipv6 route-import 1:1")
    before, leaked = r1.running(), r1.leaked("red")
    status, out = r1.vtysh("write memory")
    assert status == 0, out
    saved = written(r1)
    for line in SHARED:
        assert saved.count(" " + line) == before.count(" " + line) >= 1, line

    for vrf in ("shared", "red", "blue", "green"):
        r1.change(vrf, *["no " + line for line in r1.tags(vrf)])
    r1.expect_leaked("no tags", "red", {})
    assert not [line for line in r1.running() if " route-" in line]
    status, out = vtysh_file(r1, "-b")
    assert status == 0, out
    expect.equal("the running configuration", r1.running(), before)
    r1.expect_leaked("as before", "red", leaked)
    # write memory again gives the same file.
    r1.vtysh("write memory")
    expect.equal("the file", written(r1), saved)


def test_zebra_conf(r1):
    "The daemon that has the configuration shows the statements itself, for sites with one file for each daemon."
    daemon = "mgmtd" if HAVE_MGMTD else "zebra"
    status, out = r1.vtysh("show running-config", daemon=daemon)
    assert status == 0
    for line in SHARED:
        assert " " + line in out.splitlines(), out
    assert out.count("ip route-export 1:1") == 1, "shown once: {}".format(out)


def sorted_lines(lines):
    "Configuration lines, sorted, without separators."
    return sorted(line for line in lines if line.strip() not in ("", "!"))


# FRR's own message if frr-reload.py removes a static route, which it does twice.
STATIC_ROUTE = "% Refusing to remove a non-existent route"


def errors(out):
    "The error messages in the output of vtysh -f, except those that FRR itself prints in a correct reload."
    lines = re.sub(NO_CHANGE, "", out).splitlines()
    return [line for line in lines if "%" in line and line != STATIC_ROUTE]


def reload(r1, lines, *options):
    "Runs frr-reload.py with these lines as the wanted configuration; returns what it prints."
    path = write_file(r1, "wanted.conf", lines)
    status, out, err = r1.net.cmd_status(
        ["/usr/lib/frr/frr-reload.py", "--stdout", *options, path], warn=False
    )
    assert status == 0, out + err
    assert errors(out + err) == [], out + err
    return out


COUNTING_VTYSH = """#!/bin/sh
echo "$@" >>/etc/frr/calls
exec /usr/bin/vtysh "$@"
"""


def count_calls(r1, lines):
    "Reloads these lines; returns how often frr-reload.py calls vtysh."
    r1.net.cmd_raises("mkdir -p /etc/frr/bin; rm -f /etc/frr/calls")
    r1.net.cmd_raises("chmod +x " + write_file(r1, "bin/vtysh", COUNTING_VTYSH.splitlines()))
    reload(r1, lines, "--reload", "--bindir", "/etc/frr/bin")
    return len(r1.net.cmd_raises("cat /etc/frr/calls").splitlines())


def edited(lines, vrf, old, new):
    "Lines of a configuration with a line of a VRF replaced; new may be empty."
    start = lines.index("vrf " + vrf)
    place = lines.index(" " + old, start)
    return lines[:place] + [" " + line for line in new] + lines[place + 1 :]


def test_frr_reload(r1):
    "frr-reload.py adds and removes exactly the lines that differ, and touches nothing else."
    before = r1.running(harness=True)
    wanted, vrf = [], None
    for line in before:
        if line.startswith("vrf "):
            vrf = line[4:]
        if vrf == "shared" and line == " ip route-import 3:3":
            continue
        if vrf == "green" and line == "exit-vrf":
            wanted += [" ip route-leak preempt", " ip route-export 4:4", " ipv6 route-import 1:1"]
        if line == "end":
            wanted += ["ip route-export 100:1"]
        wanted.append(line)
    out = reload(r1, wanted, "--test")
    changes = [line.strip() for line in out.splitlines() if "route-" in line]
    expect.equal(
        "the output of --test",
        sorted(changes),
        [
            "ip route-export 100:1",
            "ip route-export 4:4",
            "ip route-leak preempt",
            "ipv6 route-import 1:1",
            "no ip route-import 3:3",
        ],
    )
    expect.equal("--test changes nothing", r1.running(harness=True), before)

    with kernel.Recording(r1) as recording:
        try:
            reload(r1, wanted, "--reload")
            expect.equal("all lines", sorted_lines(r1.running(harness=True)), sorted_lines(wanted))
            assert r1.tags("default") == ["ip route-export 100:1"]
            r1.expect_leaked(
                "red's only", "shared", {"192.0.2.64/26": 20, "198.51.100.64/26": 20}
            )
            assert recording.events(20) == [], "red has no part in it"
        finally:
            reload(r1, before, "--reload")
    expect.equal("and back again", sorted_lines(r1.running(harness=True)), sorted_lines(before))
    out = reload(r1, before, "--test")
    assert "route-" not in out, "nothing left to do: {}".format(out)


@pytest.mark.parametrize(
    "old, new",
    [
        ("ip route-import 2:2", "ip route-import 2:2 maximum-prefix 50"),
        ("ip route-import 2:2", "ip route-import 2:2 distance 20"),
        ("ip route-import 3:3", "ip route-import 3:3 route-map MISSING maximum-prefix 5 threshold 50 warning-only"),
        ("ipv6 route-export 1:1", "ipv6 route-export 1:1 route-map MISSING"),
        ("ip route-import vrf green", "ip route-import vrf green maximum-prefix 5"),
    ],
)
def test_frr_reload_changes_options(r1, old, new):
    "A statement stays when a reload changes its options, in both directions and from one option to another."
    lines = SHARED
    if old not in SHARED:
        r1.configure("shared", old)
        lines = SHARED + [old]
    before = r1.running(harness=True)
    other = old + " route-map OTHER"
    for first, last in ((old, new), (new, other), (other, new), (new, old)):
        now = r1.running(harness=True)
        reload(r1, edited(now, "shared", first, [last]), "--reload")
        expected = sorted(last if line == old else line for line in lines)
        expect.equal("after {} -> {}".format(first, last), sorted(r1.tags("shared")), expected)
    expect.equal("and back again", sorted_lines(r1.running(harness=True)), sorted_lines(before))
    r1.settle()


def test_frr_reload_changes_options_globally(r1):
    "The same for the default VRF, whose statements are at the global level of the configuration."
    for first, last in (
        ("ip route-import 4:4", "ip route-import 4:4 route-map MISSING"),
        ("ip route-import vrf red", "ip route-import vrf red route-map MISSING"),
    ):
        change_globally(r1, first, last)


def change_globally(r1, first, last):
    r1.configure("default", first)
    before = r1.running(harness=True)
    changed = [last if line == first else line for line in before]
    for wanted, line in ((changed, last), (before, first)):
        reload(r1, wanted, "--reload")
        expect.equal("the statements of the default VRF", r1.tags("default"), [line])
    r1.restore()


def test_frr_reload_calls(r1):
    "frr-reload.py calls vtysh as often as without export and import statements, and as for static routes."
    with_tags = r1.running(harness=True)
    without = [line for line in with_tags if " route-import " not in line and " route-export " not in line]
    static = "ip route 198.51.100.64/26 192.0.2.66"
    unchanged = count_calls(r1, with_tags)
    changed = count_calls(r1, edited(with_tags, "red", static, []))
    expect.equal("calls to add a static route", count_calls(r1, with_tags), changed)
    expect.equal("calls to remove an import", count_calls(r1, edited(with_tags, "shared", "ip route-import 3:3", [])), changed)
    expect.equal("calls to add an import", count_calls(r1, with_tags), changed)
    expect.equal("calls to remove all statements", count_calls(r1, without), changed)
    expect.equal("calls to reload a configuration without tags", count_calls(r1, without), unchanged)
    expect.equal("calls to add all statements", count_calls(r1, with_tags), changed)
    r1.settle()


def test_file_removes_what_is_not_there(r1):
    "In a file, 'no' of a statement that does not exist prints nothing; a statement that exists is removed."
    lines = ["vrf green", " no ip route-import 9:9", " no ipv6 route-export 9:9", "exit-vrf"]
    status, out = vtysh_file(r1, "-f", write_file(r1, "gone.conf", lines))
    assert status == 0 and errors(out) == [], out
    r1.change("green", "ip route-import 9:9 maximum-prefix 5")
    status, out = vtysh_file(r1, "-f", write_file(r1, "gone.conf", lines))
    assert status == 0 and r1.tags("green") == [], out


def test_frr_reload_of_what_is_there(r1):
    "A reload of the output of show running-config changes nothing, with all options."
    options = " route-map MISSING maximum-prefix 5"
    r1.configure(
        "green",
        "ip route-export 4:4 route-map MISSING",
        "ip route-import 1:1" + options,
        "ip route-import 2:2 maximum-prefix 5 threshold 75",
        "ip route-import 3:3" + options + " threshold 50 warning-only",
        "ipv6 route-import 192.0.2.1:1 maximum-prefix 5 warning-only",
    )
    r1.configure("default", "ip route-export 100:1", "ip route-import 4200000000:1")
    out = reload(r1, r1.running(harness=True), "--test")
    assert "route-" not in out, "nothing to do: {}".format(out)


def test_option_in_place(r1):
    "Entering a statement again with other options replaces it: the order stays, and no route is touched."
    order = ["ip route-import 2:2", "ip route-import 3:3"]
    with kernel.Recording(r1) as recording:
        for words in ("maximum-prefix 50", "maximum-prefix 60 threshold 75", ""):
            r1.change("shared", " ".join([order[0], words]).strip())
            imports = [
                line
                for line in r1.tags("shared")
                if line.startswith("ip route-import")
            ]
            expect.equal(
                "the lines", imports, [" ".join([order[0], words]).strip(), order[1]]
            )
            r1.settle()
        events = [e for e in recording.events(10) if "203.0.113.254" not in e[1]]
        assert events == []
    expect.equal("zebra's order", r1.summary("shared")["imports"], ["2:2", "3:3"])


def test_json_is_stable(r1):
    "The same command prints the same keys in the same order."

    def shown(family):
        return re.sub(r'("lastChangeSecondsAgo": *)\d+', r"\1", r1.show("show {} route-leak json".format(family)))

    for family in ("ip", "ipv6"):
        assert shown(family) == shown(family)
    routes = json.loads(r1.show("show ip route-leak routes json"))
    assert list(routes) == ["addressFamily", "vrfs"]
    assert list(routes["vrfs"]) == ["blue", "red", "shared"], "in the order of names"


def test_yang_state(r1):
    "show yang operational-data has the counters, the leaked routes and the conflicts."
    status, out = r1.vtysh("show yang operational-data /frr-vrfleak:vrfleak zebra")
    assert status == 0, out
    data = json.loads(out)["frr-vrfleak:vrfleak"]["vrf"]
    counters = {
        (vrf["name"], family["family"]): family["state"]
        for vrf in data
        for family in vrf["address-family"]
    }
    shared, red = counters["shared", "ipv4"], counters["red", "ipv6"]
    assert (shared["leaked-routes"], shared["conflicts"]) == (2 * OFFERED, 0)
    assert (red["leaked-routes"], red["conflicts"]) == (OFFERED, 0)
    assert red["source"][0].pop("totals")["leaked"]
    assert red["source"] == [{"name": "shared", "leaked-routes": OFFERED}]
    assert len(shared["leaked-route"]) == 2 * OFFERED and "conflict" not in shared
    assert {route["source"] for route in red["leaked-route"]} == {"shared"}
    assert not [name for name, _ in counters if name == "green"]


def test_debug_in_the_configuration(r1):
    "debug in configuration mode is saved in the configuration, and shown by show debugging."
    assert "debug zebra route-leak" not in "\n".join(r1.running())
    r1.configure("default", *["debug zebra route-leak " + word for word in DEBUGS])
    lines = [line for line in r1.running() if line.startswith("debug zebra route-leak")]
    expect.equal(
        "in the configuration",
        sorted(lines),
        ["debug zebra route-leak " + word for word in DEBUGS],
    )
    _, out = r1.vtysh("show debugging")
    for word in ("config", "events", "routes"):
        assert "route leak {}".format(word) in out.lower(), out
    r1.configure("default", "no debug zebra route-leak routes")
    _, out = r1.vtysh("show debugging")
    assert "route leak routes" not in out.lower() and "route leak events" in out.lower()


def test_debug_for_now(r1):
    "debug outside configuration mode is not saved. It logs each route that is leaked or withdrawn."
    status, out = r1.vtysh("debug zebra route-leak")
    assert status == 0, out
    assert "debug zebra route-leak" not in "\n".join(r1.running())
    _, out = r1.vtysh("show debugging")
    assert out.lower().count("route leak") == 3, out

    def logged():
        "Log lines about the prefix, except the commands themselves."
        return [
            line
            for line in r1.log().splitlines()
            if "203.0.113.254/32" in line and "ip route 203" not in line
        ]

    since = len(logged())
    r1.settle()
    assert len(logged()) >= since + 2, "that it comes, and that it goes"
    status, out = r1.vtysh("no debug zebra route-leak")
    assert status == 0, out
    _, out = r1.vtysh("show debugging")
    assert "route leak" not in out.lower(), out


@pytest.mark.parametrize(
    "question, words",
    [
        ("show ip route-leak ?", ["routes", "conflicts", "vrf", "json", "<cr>"]),
        ("show ipv6 route-leak routes ?", ["vrf", "json", "<cr>"]),
        ("show ip route-?", ["route-leak"]),
        ("clear ip route-leak ?", ["vrf", "A.B.C.D/M", "<cr>"]),
        ("debug zebra route-leak ?", ["events", "routes", "config", "<cr>"]),
    ],
)
def test_help(r1, question, words):
    "? lists the possible next words, in an unmodified vtysh."
    _, out = r1.vtysh(question)
    listed = [line.split()[0] for line in out.splitlines() if line.strip()]
    for word in words:
        assert word in listed, out


def test_help_in_a_vrf(r1):
    "? works in a VRF, and for the tag."
    _, out = r1.vtysh("configure terminal", "vrf red", "ip route-?")
    listed = [line.split()[0] for line in out.splitlines() if line.strip()]
    assert "route-export" in listed and "route-import" in listed, out
    _, out = r1.vtysh("configure terminal", "vrf red", "ipv6 route-export ?")
    assert "TAG" in out, out
