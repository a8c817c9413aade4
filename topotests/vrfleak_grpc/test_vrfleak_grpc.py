#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
FRR's gRPC northbound in zebra, beside the module: capabilities, configuration, state and the RPC.

Where FRR has mgmtd, a change by zebra's gRPC is for routers without mgmtd: it ends before such a test, and starts
again afterwards.
"""

import json
import os
import signal

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import HAVE_MGMTD

pytestmark = [pytest.mark.staticd]

SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
TOP = "/frr-vrfleak:vrfleak"
GREEN = TOP + "/vrf[name='green']"
IMPORT = GREEN + "/address-family[family='ipv4']/import[tag='{}']"
CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "client.py")


def setup_module(mod):
    topology.start(mod, options="-M vrfleak -M /opt/frr-grpc/grpc.so:50051")


def teardown_module():
    topology.stop()


def mgmtd_is_at_rest(r1):
    "Whether mgmtd's backends have their configuration. FRR 10.7's mgmtd aborts if a commit comes earlier."
    adapters = r1.vtysh("show mgmt backend-adapter all")[1]
    transactions = r1.vtysh("show mgmt transaction all")[1]
    return {"zebra", "staticd"} <= set(adapters.split()) and "Total: 0" in transactions


@pytest.fixture
def without_mgmtd(r1):
    "For a test that changes zebra's configuration by gRPC: mgmtd does not run meanwhile."
    if HAVE_MGMTD:
        r1.end_daemon("mgmtd", signal.SIGKILL)
    yield
    if HAVE_MGMTD:
        r1.begin_daemon("mgmtd")
        expect.until_equal(
            "mgmtd has configured its backends", lambda: mgmtd_is_at_rest(r1), True
        )
        expect.until_equal(
            "mgmtd of FRR 10.3 unlocks its configuration when it has read the file",
            lambda: "could not lock"
            in r1.vtysh("configure terminal", "vrf green", "exit-vrf")[1],
            False,
        )


def client(r1, *args):
    argv = ["env", "PYTHONPATH=/opt/frr-grpc/python", "PYTHONDONTWRITEBYTECODE=1"]
    status, out, err = r1.net.cmd_status(
        argv + ["python3", CLIENT] + list(args), warn=False
    )
    assert status == 0, out + err
    return json.loads(out)


def change(r1, updates=(), deletions=()):
    updates = [[path, ""] for path in updates]
    return client(r1, "change", json.dumps(updates), json.dumps(list(deletions)))


def families(r1, kind):
    "{(VRF, family): the answer of Get}"
    found = {}
    for answer in client(r1, "get", kind, TOP):
        for vrf in answer.get("frr-vrfleak:vrfleak", {}).get("vrf", []):
            for family in vrf["address-family"]:
                found[vrf["name"], family["family"]] = family
    return found


def test_capabilities(r1):
    "The model is listed, with its revision."
    modules = client(r1, "capabilities")["modules"]
    assert modules.get("frr-vrfleak", "").startswith("20"), modules


def test_configuration(r1):
    "Get CONFIG: the tags of tags.conf, imports in their order."
    r1.expect_leaked("the tags are in effect", "red", SHARED4)
    config = families(r1, "CONFIG")
    assert sorted({name for name, _ in config}) == ["blue", "red", "shared"]
    for family in ("ipv4", "ipv6"):
        shared = config["shared", family]
        assert [line["tag"] for line in shared["export"]] == ["1:1"]
        assert [line["tag"] for line in shared["import"]] == ["2:2", "3:3"]


def test_isolation(r1):
    "The isolation of VRFs: its configuration and its state."

    def isolation(kind):
        answers = client(r1, "get", kind, TOP)
        return [entry for answer in answers for entry in answer.get("frr-vrfleak:vrfleak", {}).get("vrf-isolation", [])]

    assert isolation("CONFIG") == []
    r1.configure("default", "ipv6 vrf-isolation")
    expect.until_equal("configuration", lambda: isolation("CONFIG"), [{"family": "ipv6"}])
    expect.until_equal(
        "state",
        lambda: [entry for entry in isolation("STATE") if "state" in entry],
        [{"family": "ipv6", "state": {"installed": True, "effective": True}}],
    )


def test_state(r1):
    "Get STATE: the counters, the leaked routes and the conflicts."
    r1.expect_leaked("leaked", "red", SHARED4)
    expect.until_equal(
        "counters of red",
        lambda: {
            leaf: families(r1, "STATE")["red", "ipv4"]["state"][leaf]
            for leaf in ("leaked-routes", "conflicts")
        },
        {"leaked-routes": topology.OFFERED, "conflicts": 0},
    )
    (source,) = families(r1, "STATE")["red", "ipv4"]["state"]["source"]
    assert int(source.pop("totals")["leaked"]) >= topology.OFFERED
    assert source == {"name": "shared", "leaked-routes": topology.OFFERED}
    routes = families(r1, "STATE")["red", "ipv4"]["state"]["leaked-route"]
    assert set(SHARED4) <= {route["prefix"] for route in routes}
    r1.configure("red", "ip route 203.0.113.0/24 192.0.2.66")
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2")
    expect.until_equal(
        "a conflict is counted",
        lambda: families(r1, "STATE")["red", "ipv4"]["state"]["conflicts"],
        1,
    )
    conflict = families(r1, "STATE")["red", "ipv4"]["state"]["conflict"][0]
    assert conflict.pop("age") < 3600
    assert conflict == {
        "prefix": "203.0.113.0/24",
        "loser": "shared",
        "winner": "red",
        "reason": "native-route",
    }


def test_change_isolation(r1, without_mgmtd):
    "One commit isolates VRFs: the kernel has the rule. Another one ends it."
    path = TOP + "/vrf-isolation[family='ipv4']"
    for updates, deletions, there in (([path], [], True), ([], [path], False)):
        assert change(r1, updates, deletions) == {}
        expect.until_equal(
            "the kernel's rule", lambda: "unreachable proto zebra" in r1.ip("rule"), there
        )


def test_change(r1, without_mgmtd):
    "One commit adds a tag, and routes leak. Another one removes it."
    r1.expect_leaked("no tag", "green", {})
    assert change(r1, [IMPORT.format("1:1")]) == {}
    r1.expect_leaked("a tag", "green", SHARED4)
    expect.until_equal(
        "in the kernel",
        lambda: sorted(kernel.zebra_routes(r1, 40)),
        sorted(SHARED4),
    )
    assert families(r1, "CONFIG")["green", "ipv4"]["import"] == [{"tag": "1:1"}]
    assert change(r1, [IMPORT.format("vrf:red")], [IMPORT.format("1:1")]) == {}
    r1.expect_leaked("by name", "green", {"192.0.2.64/26": 20, "198.51.100.64/26": 20})
    assert families(r1, "CONFIG")["green", "ipv4"]["import"] == [{"tag": "vrf:red"}]
    assert change(r1, [], [GREEN]) == {}
    r1.expect_leaked("no tag", "green", {})
    expect.until_equal(
        "not in the kernel", lambda: sorted(kernel.zebra_routes(r1, 40)), []
    )


def test_refused(r1, without_mgmtd):
    """
    An invalid tag, a tag that is not canonical, and unknown paths are refused. Nothing changes, and zebra keeps
    running.
    """
    before = families(r1, "CONFIG")
    for path in (
        IMPORT.format("bogus"),
        IMPORT.format("01:1"),
        IMPORT.format("vrf:"),
        IMPORT.format("vrf:" + "v" * 37),
        IMPORT.format("1:99999999999"),
        TOP + "/colour",
        "/frr-vrfleak:nothing",
    ):
        answer = change(r1, [path])
        assert answer.get("error"), "accepted: " + path
    answer = change(r1, [IMPORT.format("1:1"), IMPORT.format("bogus")])
    assert answer.get("error"), "a good line beside a bad one"
    expect.equal("the configuration", families(r1, "CONFIG"), before)
    r1.expect_leaked("nothing", "green", {})


def test_clear(r1):
    "The clear RPC installs the next candidate of a prefix."
    prefix = "203.0.113.0/24"
    r1.configure("red", "ip route 203.0.113.0/24 192.0.2.66")
    r1.configure("blue", "ip route 203.0.113.0/24 192.0.2.130")
    expect.until_equal(
        "one is installed, one is a candidate", lambda: len(r1.conflicts("shared")), 1
    )
    owner = r1.leaked("shared")[prefix]
    # FRR 8.4 names an RPC's input in the path.
    path = "/frr-vrfleak:clear/" + ("" if HAVE_MGMTD else "input/")
    inputs = [["family", "ipv4"], ["vrf", "shared"], ["prefix", prefix]]
    inputs = [[path + leaf, value] for leaf, value in inputs]
    assert client(r1, "execute", "/frr-vrfleak:clear", json.dumps(inputs)) == {}
    expect.until_equal(
        "the other takes over",
        lambda: r1.leaked("shared").get(prefix),
        50 - owner,
    )
