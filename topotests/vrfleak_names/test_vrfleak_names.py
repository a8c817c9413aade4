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
    "The rows of a table below its head, cell by cell."
    lines = [line.strip() for line in r1.show(command).splitlines() if line.strip()]
    return [re.split(r" {2,}", line) for line in lines[1:]]


def dot_strings(text):
    "The strings of a graph, in which a quote and a backslash have a backslash before them."
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    assert re.sub(r'"(?:[^"\\]|\\.)*"', "", text).count('"') == 0, text
    return [re.sub(r"\\(.)", r"\1", string) for string in found]


def test_names(r1):
    "The odd VRF leaks to the others and has their routes; each command shows its name."
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
    edges = re.findall(r'^ *("(?:[^"\\]|\\.)*") -> ("(?:[^"\\]|\\.)*") \[', graph, re.M)
    pairs = {(dot_strings(a)[0], dot_strings(b)[0]) for a, b in edges}
    expect.equal("who leaks to whom", pairs, {(a, b) for a in VRFS for b in VRFS if a != b})
    assert json.loads(r1.show("show route-leak topology json"))["ipv4"][0]["source"] == "one"
    assert ODD in r1.show("show route-leak topology")
