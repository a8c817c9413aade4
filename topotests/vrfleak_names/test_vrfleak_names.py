#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
VRFs whose names contain characters with a special meaning in tables, Graphviz or JSON. The kernel allows all characters but
white space, slash, colon and per cent. All output shows the names unchanged.
"""

import json
import re

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

# A quote only in FRR 8.4: with it zebra 10.3 aborts on an assertion in vrf_get(), without the module, too.
ODD = "p|q\\s" + ("" if topology.HAVE_MGMTD else '"t')
VRFS = {"one": 1001, ODD: 1002, "two": 1003}
ROUTE = "11.0.0.0/24"
BOTH = "12.0.0.0/24"


def setup_module(mod):
    topology.start(mod, [])


def teardown_module():
    topology.stop()


def cells(r1, command):
    "The cells of each row of a table, without its head."
    lines = [line.strip() for line in r1.show(command).splitlines() if line.strip()]
    return [re.split(r" {2,}", line) for line in lines[1:]]


def dot_strings(text):
    "The strings of a Graphviz file, with a backslash before each quote and backslash."
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    assert re.sub(r'"(?:[^"\\]|\\.)*"', "", text).count('"') == 0, text
    return [re.sub(r"\\(.)", r"\1", string) for string in found]


def test_names(r1):
    "The VRF with the odd name leaks to the others and has their routes. Each command shows its name."
    r1.make_dummy_vrfs(VRFS)
    text = ""
    for vrf in VRFS:
        text += "vrf {}\n ip route-export 1:1\n ip route-import 1:1\nexit-vrf\n".format(vrf)
    r1.commit(text)
    r1.ip_batch(
        "route add {} dev d-{} table {}".format(ROUTE, ODD, VRFS[ODD]),
        *["route add {} dev d-{} table {}".format(BOTH, vrf, VRFS[vrf]) for vrf in ("one", ODD)]
    )

    def routes():
        shown = cells(r1, "show ip route-leak routes")
        return [row[:3] + row[5:6] for row in shown if row[1] == ROUTE]

    # VRF, prefix, source, interface; by the VRFs' names.
    expect.until_equal(
        "the odd VRF's route in the others",
        routes,
        [["one", ROUTE, ODD, "d-" + ODD], ["two", ROUTE, ODD, "d-" + ODD]],
    )
    expect.until_equal(
        "both have the prefix, and refuse the other's",
        lambda: [row[:6] for row in cells(r1, "show ip route-leak conflicts vrf " + ODD)],
        [[ODD, BOTH, "one", "native-route", ODD, "kernel"]],
    )
    expect.equal("rows and columns", {len(row) for row in cells(r1, "show ip route-leak routes")}, {7})

    assert set(r1.json("show ip route-leak json")["vrfs"]) == set(VRFS)
    assert "VRF {}, table 1002, ".format(ODD) in r1.show("show ip route-leak vrf " + ODD)
    shown = r1.json("show ip route-leak explain vrf one {} json".format(ROUTE))
    assert shown["sources"][ODD]["verdict"] == "leaked"
    assert "from {}: leaked".format(ODD) in r1.show("show ip route-leak explain vrf one " + ROUTE)

    graph = r1.show("show route-leak topology dot")
    strings = dot_strings(graph)
    assert strings.count(ODD) == 1 + 2 * 2, graph
    arrows = re.findall(r'^ *("(?:[^"\\]|\\.)*") -> ("(?:[^"\\]|\\.)*") \[', graph, re.M)
    pairs = {(dot_strings(a)[0], dot_strings(b)[0]) for a, b in arrows}
    expect.equal("who leaks to whom", pairs, {(a, b) for a in VRFS for b in VRFS if a != b})
    assert json.loads(r1.show("show route-leak topology json"))["ipv4"][0]["source"] == "one"
    assert ODD in r1.show("show route-leak topology")


# As long as the configuration allows; the kernel's names have 15 bytes at most, so this VRF does not exist.
LONGEST = "abcdefghijklmnopqrstuvwxyz0123456789"
LONGEST_PREFIX = "fd00:1111:2222:3333:4444:5555:6666:7777/128"
DEVICES = {"left": 1004, "fifteen-bytes-b": 1005}


def starts(line):
    "The positions at which the columns of a line start."
    return [match.start() for match in re.finditer(r"(?<!\S)\S+( \S+)*", line)]


def test_aligned(r1):
    "Columns are aligned, however long names and prefixes are."
    assert len(LONGEST) == 36 and len(LONGEST_PREFIX) == 43
    r1.ip_batch(
        *["link add {} type vrf table {}".format(vrf, table) for vrf, table in DEVICES.items()],
        *["link set {} up".format(vrf) for vrf in DEVICES],
        "link add d-left type dummy",
        "link set d-left master left up"
    )
    text = ""
    for vrf in [*DEVICES, LONGEST]:
        text += "vrf {}\n ipv6 route-export 2:2\n ipv6 route-import 2:2\nexit-vrf\n".format(vrf)
    r1.commit(text)
    # zebra has the VRF once it has the VRF's interface.
    expect.until_equal("zebra has d-left", lambda: "vrf: left" in r1.show("show interface d-left"), True)
    r1.ip_batch(*["route add {} dev d-left table 1004".format(route) for route in (LONGEST_PREFIX, "fd01::/16")])

    def table():
        shown = r1.show("show ipv6 route-leak routes vrf fifteen-bytes-b")
        return [line for line in shown.splitlines() if line.strip()]

    expect.until_equal(
        "both routes are leaked",
        lambda: sorted(line.split()[1] for line in table()[1:] if "kernel" in line),
        sorted([LONGEST_PREFIX, "fd01::/16"]),
    )
    for line in table():
        expect.equal("columns of " + line, starts(line), starts(table()[0]))

    # Wider than a terminal: a list of pairs.
    shown = r1.show("show route-leak topology")
    pairs = [line for line in shown.partition("IPv6: ")[2].splitlines() if " -> " in line]
    expect.equal("one line for each pair", len(pairs), 6)
    expect.equal("the arrows are in one column", len({line.index(" -> ") for line in pairs}), 1)
    expect.equal("the counts end in one column", len({line.index(" routes, ") for line in pairs}), 1)
    assert "VRF {}, does not exist".format(LONGEST) in r1.show("show ipv6 route-leak")
    explained = r1.show("show ipv6 route-leak explain vrf {} {}".format(LONGEST, LONGEST_PREFIX))
    assert "  from left: not leaked: VRF {} does not exist".format(LONGEST) in explained
