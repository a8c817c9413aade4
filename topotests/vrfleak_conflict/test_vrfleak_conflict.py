#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Several VRFs have a route to the same prefix. A native route wins, otherwise the first source keeps the prefix. Each
refusal is in the log, in the conflict table and a notification.
"""

import contextlib
import ctypes
import os

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import FRR, HAVE_LOCAL_ROUTES, HOSTS, SHARED
from vrfleak.vty import IP

pytestmark = [pytest.mark.staticd]

# The prefix in conflict.
PREFIX = {4: "203.0.113.0/24", 6: "2001:db8:f::/64"}


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def route(vrf, family=4):
    return "{} route {} {}".format(IP[family], PREFIX[family], HOSTS[family, vrf])


def native_conflict(loser, winner, family=4, protocol="static"):
    return {
        "prefix": PREFIX[family],
        "winner": winner,
        "winnerProtocol": protocol,
        "loser": loser,
        "reason": "native-route",
    }


def expect_owner(r1, why, vrf, instance, family=4):
    "Waits until the prefix in a VRF is leaked from the VRF with that instance; None: until it is not leaked."
    expect.until_equal(
        "{} in VRF {}: {}".format(PREFIX[family], vrf, why),
        lambda: r1.leaked(vrf, family).get(PREFIX[family]),
        instance,
    )


def expect_other_source(r1, why, winner, loser, family=4):
    "Waits until VRF shared has exactly one conflict, between two sources."
    conflicts = lambda: [
        {key: conflict[key] for key in ("prefix", "winner", "loser", "reason")}
        for conflict in r1.conflicts("shared", family)
    ]
    expect.until_equal(
        "conflicts of VRF shared: {}".format(why),
        conflicts,
        [
            {
                "prefix": PREFIX[family],
                "winner": winner,
                "loser": loser,
                "reason": "other-source",
            }
        ],
    )


@pytest.mark.parametrize("family", [4, 6])
def test_native_first(r1, family):
    """
    red has a native route before shared offers the prefix: shared's route is refused and reported. It is leaked
    automatically once red's route is gone.
    """
    refusal = "{} from VRF shared not leaked to VRF red: native static route".format(
        PREFIX[family]
    )
    takeover = "{} from VRF shared now leaked to VRF red".format(PREFIX[family])
    assert refusal not in r1.log()
    r1.configure("red", route("red", family))
    r1.configure("shared", route("shared", family))
    r1.expect_conflicts(
        "red has it natively", "red", [native_conflict("shared", "red", family)], family
    )
    expect_owner(r1, "native wins", "red", None, family)
    r1.expect_log(refusal)
    assert r1.summary("red", family)["conflicts"] == 1
    protocols = [entry["protocol"] for entry in r1.rib("red", family)[PREFIX[family]]]
    assert protocols == ["static"], "nothing but the native route is there"
    assert takeover not in r1.log()

    r1.configure("red", "no " + route("red", family))
    expect_owner(r1, "the waiting leak is installed", "red", 10, family)
    r1.expect_conflicts("the native route is gone", "red", [], family)
    r1.expect_log(takeover)
    assert r1.summary("red", family)["conflicts"] == 0


@pytest.mark.parametrize("family", [4, 6])
def test_leaked_first(r1, family):
    "red gets a native route to a leaked prefix: the native route takes over, and the leaked route is deleted."
    r1.configure("shared", route("shared", family))
    expect_owner(r1, "nobody else has it", "red", 10, family)
    assert r1.conflicts("red", family) == []
    r1.configure("red", route("red", family))
    expect_owner(r1, "the native route takes over", "red", None, family)
    r1.expect_conflicts(
        "red has it natively", "red", [native_conflict("shared", "red", family)], family
    )
    native = r1.rib("red", family)[PREFIX[family]]
    assert [(entry["protocol"], entry.get("selected")) for entry in native] == [
        ("static", True)
    ]
    expect.until_equal(
        "the kernel has the native route",
        lambda: PREFIX[family] in kernel.zebra_routes(r1, 20, family),
        False,
    )


def test_conflict_ends_with_its_source(r1):
    "The refused source withdraws its route: the conflict ends, and nothing is leaked."
    r1.configure("red", route("red"))
    r1.configure("shared", route("shared"))
    r1.expect_conflicts("red has it", "red", [native_conflict("shared", "red")])
    r1.configure("shared", "no " + route("shared"))
    r1.expect_conflicts("nobody offers it", "red", [])
    expect_owner(r1, "nobody offers it", "red", None)


def test_native_kernel_route(r1):
    "Kernel routes and connected routes are native routes, too."
    r1.configure("shared", route("shared"))
    expect_owner(r1, "nobody else has it", "red", 10)
    # With another metric: the kernel would refuse a second route with the same one.
    args = "203.0.113.0/24 via 192.0.2.66 dev e-red table 20 metric 5".split()
    r1.ip("route", "add", *args)
    try:
        r1.expect_conflicts(
            "the kernel route", "red", [native_conflict("shared", "red", 4, "kernel")]
        )
        expect_owner(r1, "the kernel route wins", "red", None)
    finally:
        r1.ip("route", "del", *args)
    expect_owner(r1, "the kernel route is gone", "red", 10)

    r1.ip("address", "add", "203.0.113.1/24", "dev", "e-red")
    try:
        r1.expect_conflicts(
            "red has the network",
            "red",
            [native_conflict("shared", "red", 4, "connected")],
        )
    finally:
        r1.ip("address", "del", "203.0.113.1/24", "dev", "e-red")
    expect_owner(r1, "the network is gone", "red", 10)


def test_inactive_native_route(r1):
    "A native route whose gateway is unreachable is inactive and does not block. It blocks once it is active."
    r1.resolve_strictly("red")
    r1.configure("red", "ip route {} 203.0.112.1".format(PREFIX[4]))
    r1.configure("shared", route("shared"))
    expect_owner(r1, "red's own route has no usable next hop", "red", 10)
    assert r1.conflicts("red") == []
    r1.configure("red", "ip route 203.0.112.0/24 192.0.2.66")
    expect_owner(r1, "red's own route has become active", "red", None)
    r1.expect_conflicts("red has it", "red", [native_conflict("shared", "red")])


def test_unreachable_default(r1):
    "The unreachable default route of a VRF is not leaked, and does not block a leaked default route."
    assert "0.0.0.0/0" in r1.rib("shared"), "the unreachable default is in the RIB"
    assert "0.0.0.0/0" not in r1.leaked("red")
    r1.configure("shared", "ip route 0.0.0.0/0 192.0.2.2")
    expect.until_equal(
        "shared's default route leaks", lambda: r1.leaked("red").get("0.0.0.0/0"), 10
    )
    assert r1.conflicts("red") == []
    assert "default" in kernel.zebra_routes(r1, 20)


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("first, second", [("red", "blue"), ("blue", "red")])
def test_first_come_stays(r1, first, second, family):
    """
    Of two sources, the first one keeps the prefix, whichever it is. The other takes over only when the first one is
    gone.
    """
    table = {"red": 20, "blue": 30}
    r1.configure(first, route(first, family))
    expect_owner(r1, "the first to come", "shared", table[first], family)
    refusal = "{} from VRF {} not leaked to VRF shared: owned by VRF {}".format(
        PREFIX[family], second, first
    )
    since = r1.log().count(refusal)
    r1.configure(second, route(second, family))
    expect_other_source(r1, "the second is refused", first, second, family)
    expect_owner(r1, "the first stays", "shared", table[first], family)
    r1.expect_log(refusal, since)

    r1.configure(first, "no " + route(first, family))
    expect_owner(r1, "the first has gone", "shared", table[second], family)
    r1.expect_conflicts("no candidate", "shared", [], family)

    r1.configure(first, route(first, family))
    expect_other_source(r1, "who comes back is a newcomer", second, first, family)
    expect_owner(r1, "the owner stays", "shared", table[second], family)


def imports(*tags):
    "A configuration file, which is one commit, that gives shared its imports in this order."
    lines = "".join(" ip route-import {}\n".format(tag) for tag in tags)
    return "vrf shared\n{}exit-vrf\n".format(lines)


@pytest.mark.parametrize(
    "tags, winner, instance, loser",
    [(["2:2", "3:3"], "red", 20, "blue"), (["3:3", "2:2"], "blue", 30, "red")],
)
def test_order_of_imports(r1, tags, winner, instance, loser):
    "Two sources become possible in one commit: the order of the imports decides, not the names."
    r1.configure("shared", "no ip route-import 2:2", "no ip route-import 3:3")
    for vrf in ("red", "blue"):
        r1.configure(vrf, route(vrf))
    r1.expect_leaked("imports nothing", "shared", {})
    r1.commit(imports(*tags))
    try:
        expect_owner(r1, "the order of the lines", "shared", instance)
        expect_other_source(r1, "the order of the lines", winner, loser)
        assert r1.summary("shared")["imports"] == tags
        assert r1.tags("shared")[-2:] != [], "the order is kept in the configuration"
        expect.equal(
            "the running configuration keeps the order",
            [line for line in r1.tags("shared") if line.startswith("ip route-import")],
            ["ip route-import " + tag for tag in tags],
        )
    finally:
        # restore() puts the imports back, in the order of tags.conf.
        r1.change("shared", *["no ip route-import " + tag for tag in tags])


def make_dummy(r1, vrf):
    "Creates a dummy interface in a VRF; returns its name when zebra has it there."
    name = "d-" + vrf
    r1.ip_batch(
        "link add {} type dummy".format(name),
        "link set {} master {} up".format(name, vrf),
    )
    expect.until_equal(
        "zebra has {} in VRF {}".format(name, vrf),
        lambda: "vrf: " + vrf in r1.show("show interface " + name),
        True,
    )
    return name


def expect_losers(r1, why, expected):
    "Waits until VRF shared shows exactly these refused sources of the prefix: [(loser, reason)]."
    expect.until_equal(
        "conflicts of VRF shared: {}".format(why),
        lambda: sorted(
            (conflict["loser"], conflict["reason"])
            for conflict in r1.conflicts("shared")
            if conflict["prefix"] == PREFIX[4]
        ),
        expected,
    )


def has(r1, vrf, protocol):
    "Whether zebra has a route of this protocol at the prefix in conflict."
    return protocol in [entry["protocol"] for entry in r1.rib(vrf).get(PREFIX[4], [])]


@pytest.mark.parametrize("kind", ["connected", "kernel"])
@pytest.mark.parametrize("winner", ["red", "shared"])
def test_candidate_loses_its_interface(r1, kind, winner):
    """
    When the interface of a refused connected or kernel route is deleted, the conflict ends. The routes exist before the
    imports, so that the module has not seen them change.
    """
    r1.configure("shared", "no ip route-import 2:2", "no ip route-import 3:3")
    if winner == "shared":
        r1.configure("shared", route("shared"))
    committed = False
    try:
        # Before any route exists: zebra 10.7 drops kernel routes of other VRFs when a link changes.
        names = {vrf: make_dummy(r1, vrf) for vrf in ("red", "blue")}
        for vrf, table, address in (
            ("red", 20, "203.0.113.1"),
            ("blue", 30, "203.0.113.2"),
        ):
            name = names[vrf]
            if kind == "connected":
                r1.ip("address", "add", address + "/24", "dev", name)
            else:
                r1.ip("route", "add", PREFIX[4], "dev", name, "table", str(table))
        for vrf in ("red", "blue"):
            expect.until_equal(
                "VRF {} has its route".format(vrf), lambda: has(r1, vrf, kind), True
            )
        r1.commit(imports("2:2", "3:3"))
        committed = True
        reason = "other-source" if winner == "red" else "native-route"
        losers = [("blue", reason), ("red", reason)]
        losers = [pair for pair in losers if pair[0] != winner]
        expect_losers(r1, "{} has it".format(winner), losers)
        r1.ip("link", "del", "d-blue")
        expect.until_equal(
            "zebra has blue's route no more", lambda: has(r1, "blue", kind), False
        )
        left = losers[1:]
        if kind == "kernel" and FRR >= (10, 7) and not has(r1, "red", kind):
            # Zebra itself drops kernel routes of other VRFs when a link goes.
            left = []
        expect_losers(r1, "blue has it no more", left)
    finally:
        for vrf in ("red", "blue"):
            r1.net.cmd_status(["ip", "link", "del", "d-" + vrf], warn=False)
        if committed:
            r1.change("shared", "no ip route-import 2:2", "no ip route-import 3:3")
    expect_losers(r1, "nothing is imported", [])


def test_order_of_names(r1):
    "Two sources with the same tag become possible in one commit: the VRF's name decides."
    for vrf in ("red", "blue"):
        r1.configure(vrf, route(vrf), "ip route-export 7:7")
    r1.configure("shared", "no ip route-import 2:2", "no ip route-import 3:3")
    r1.expect_leaked("imports nothing", "shared", {})
    r1.configure("shared", "ip route-import 7:7")
    expect_owner(r1, "blue comes before red", "shared", 30)
    expect_other_source(r1, "blue comes before red", "blue", "red")


def test_clear_prefix(r1):
    "clear with a prefix installs the next candidate. A second clear restores the first owner."
    r1.configure("red", route("red"))
    expect_owner(r1, "the first to come", "shared", 20)
    r1.configure("blue", route("blue"))
    expect_other_source(r1, "the second is refused", "red", "blue")
    for instance, winner, loser in ((30, "blue", "red"), (20, "red", "blue")):
        status, out = r1.vtysh("clear ip route-leak vrf shared 203.0.113.0/24")
        said = "VRF shared now has the route for 203.0.113.0/24 from VRF {} instead of VRF {}\n"
        assert (status, out) == (0, said.format(winner, loser))
        expect_owner(r1, "the next one takes over", "shared", instance)
        expect_other_source(r1, "the previous owner is a candidate", winner, loser)
    r1.settle()
    expect_owner(r1, "and it stays so", "shared", 20)


def test_clear_without_candidate(r1):
    "clear of a prefix without a candidate changes nothing, and says so. Nor does clear without a prefix."
    expected = r1.leaked("red")
    assert len(expected) == 2
    kept = "VRF {} keeps the route for 198.51.100.0/26 from VRF shared: there is no other candidate\n"
    checked = (
        "Checking all {} routes leaked to {}; only those that are wrong will change\n"
    )
    for command, said in (
        ("clear ip route-leak vrf red 198.51.100.0/26", kept.format("red")),
        (
            "clear ip route-leak 198.51.100.0/26",
            kept.format("blue") + kept.format("red"),
        ),
        ("clear ip route-leak vrf red", checked.format("IPv4", "VRF red")),
        ("clear ip route-leak", checked.format("IPv4", "any VRF")),
        ("clear ipv6 route-leak", checked.format("IPv6", "any VRF")),
    ):
        assert r1.vtysh(command) == (0, said)
    r1.settle()
    r1.expect_leaked("nothing has changed", "red", expected)


def test_clear_recomputes(r1):
    "clear of a VRF computes its routes again: of two candidates at the same time, the order of the imports decides."
    r1.configure("blue", route("blue"))
    expect_owner(r1, "the first to come", "shared", 30)
    r1.configure("red", route("red"))
    expect_other_source(r1, "the second is refused", "blue", "red")
    before = r1.leaked("shared")
    status, out = r1.vtysh("clear ip route-leak vrf shared")
    assert status == 0, out
    r1.settle()
    after = r1.leaked("shared")
    assert sorted(after) == sorted(before), "no prefix is lost, and none comes"
    assert after[PREFIX[4]] in (20, 30)
    assert len(r1.conflicts("shared")) == 1


def test_conflict_text(r1):
    "The conflict table as text names the prefix, both VRFs and the reason."
    r1.configure("red", route("red"))
    r1.configure("shared", route("shared"))
    r1.expect_conflicts("red has it", "red", [native_conflict("shared", "red")])
    out = r1.show("show ip route-leak conflicts vrf red")
    for word in (PREFIX[4], "shared", "red", "native"):
        assert word in out, out
    everything = r1.json("show ip route-leak conflicts json")["vrfs"]
    counts = {vrf: len(shown["conflicts"]) for vrf, shown in everything.items()}
    # red also offers its native route to shared, which has a native route itself; blue has only shared's.
    expect.equal("conflicts of all VRFs", counts, {"shared": 1, "red": 1, "blue": 0})


def test_notification(r1):
    "A refusal is a YANG notification, which FRR's own debug output shows."
    status, out = r1.vtysh("debug northbound notifications", daemon="zebra")
    assert status == 0, out
    r1.configure("red", route("red"))
    since = r1.log().count("/frr-vrfleak:conflict")
    r1.configure("shared", route("shared"))
    r1.expect_log("/frr-vrfleak:conflict", since)


def test_not_accepted(r1):
    """
    Zebra's own route-map for table routes denies the leaked routes in red: a conflict with that reason, without an
    endless loop. They are leaked again when the route-map is gone.
    """
    refusal = "not leaked to VRF red: zebra did not keep the route"
    since = r1.log().count(refusal)
    r1.configure("shared", "no ip route-export 1:1")
    r1.expect_leaked("shared does not export", "red", {})
    # Zebra 10.7 has no route-map for table routes alone: red's native routes pass by their interface.
    protocol = "any" if FRR >= (10, 7) else "table"
    lines = ["route-map NO_LEAK permit 10", "match interface e-red", "exit"]
    lines += ["route-map NO_LEAK deny 20", "exit"]
    r1.enter([("default", line) for line in lines])
    r1.configure("red", "ip protocol {} route-map NO_LEAK".format(protocol))
    r1.configure("shared", "ip route-export 1:1")
    refused = [SHARED.net4, SHARED.behind4]
    if HAVE_LOCAL_ROUTES:
        refused.append(SHARED.router4 + "/32")
    expect.until_equal(
        "what zebra does not take is a conflict",
        lambda: sorted((c["prefix"], c["reason"]) for c in r1.conflicts("red")),
        sorted((prefix, "not-accepted") for prefix in refused),
    )
    assert r1.leaked("red") == {}
    r1.settle(target="blue")
    lines = r1.log().count(refusal) - since
    # Those prefixes, and the one that settle() has added and deleted.
    assert (
        lines == len(refused) + 1
    ), "logged once for each prefix, not repeatedly: {}".format(lines)
    r1.configure("red", "no ip protocol {} route-map NO_LEAK".format(protocol))
    r1.vtysh("clear ip route-leak vrf red")
    r1.expect_leaked(
        "zebra takes it again", "red", {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
    )
    r1.expect_conflicts("zebra takes it again", "red", [])
    r1.enter([("default", "no route-map NO_LEAK")])


def test_refused_by_the_kernel(r1):
    """
    The kernel refuses a route after zebra has selected it, since it has no route to the gateway: a conflict with that
    reason, one log line, retried at growing intervals, and leaked once the kernel takes it.
    """
    prefix = "203.0.113.64/26"
    refusal = (
        prefix + " from VRF shared not leaked to VRF red: zebra did not keep the route"
    )
    refused = {"prefix": prefix, "loser": "shared", "reason": "not-accepted"}
    connected = "192.0.2.0/26 dev e-shared table 10 proto kernel scope link src 192.0.2.1".split()
    since = r1.log().count(refusal)
    r1.ip("route", "del", *connected)
    try:
        r1.configure("shared", "ip route {} 192.0.2.33".format(prefix))
        expect.until_equal(
            "what the kernel refuses is a conflict",
            lambda: [
                {key: conflict[key] for key in refused}
                for conflict in r1.conflicts("red")
                if conflict["prefix"] == prefix
            ],
            [refused],
        )
        assert prefix not in r1.leaked("red")
        # Offered again and again, each time before zebra has deleted the refused route.
        r1.vtysh(*["clear ip route-leak vrf red"] * 20, daemon="zebra")
        r1.expect_done()
        expect.until_equal(
            "what was offered in vain is not taken for installed",
            lambda: (prefix in r1.leaked("red"), prefix in kernel.zebra_routes(r1, 20)),
            (False, False),
        )
    finally:
        r1.ip("route", "add", *connected)
    expect.until_equal(
        "the kernel takes it",
        lambda: (prefix in kernel.zebra_routes(r1, 20), r1.leaked("red").get(prefix)),
        (True, 10),
    )
    assert r1.log().count(refusal) == since + 1
    assert r1.log().count(":20):{}: Route install failed".format(prefix)) < 12 + 20
    r1.configure("shared", "no ip route {} 192.0.2.33".format(prefix))
    r1.expect_conflicts("withdrawn", "red", [])


# Of ptrace(2) and waitpid(2).
PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT, WALL = 17, 0x4206, 0x4207, 0x40000000


@contextlib.contextmanager
def dataplane_stopped(r1):
    "Stops the thread in which zebra updates the kernel. The other threads go on."
    tasks = "/proc/{}/task".format(int(r1.pid()))
    names = {}
    for task in os.listdir(tasks):
        with open("{}/{}/comm".format(tasks, task), encoding="utf-8") as name:
            names[name.read().strip()] = int(task)
    thread = names["zebra_dplane"]

    def trace(request):
        arguments = map(ctypes.c_long, (request, thread, 0, 0))
        assert ctypes.CDLL(None).ptrace(*arguments) == 0

    trace(PTRACE_SEIZE)
    trace(PTRACE_INTERRUPT)
    os.waitpid(thread, WALL)
    try:
        yield
    finally:
        trace(PTRACE_DETACH)


def test_changed_before_the_kernel_replies(r1):
    """
    A source's route changes before the kernel refuses the leaked route, but not its next hop. Since FRR 10.7 zebra does
    not update the kernel for such a change: it must not take the changed route for installed.

    Zebra hands the kernel up to 100 updates at a time. There are more than that between the route and its change, so
    that zebra has the reply about the route before the one about the change. The gateway is used nowhere else: as long
    as the kernel has a next hop, it takes routes with it.
    """
    prefix, last = "203.0.113.64/26", "203.0.113.128/26"
    others = ["198.18.{}.0/24".format(number) for number in range(40)]
    every = {prefix, last, *others}
    connected = "192.0.2.0/26 dev e-shared table 10 proto kernel scope link src 192.0.2.1".split()
    line = "ip route {} 192.0.2.35 tag {}"

    def tags(vrf):
        rib = r1.rib(vrf)
        return {
            prefix: route.get("tag")
            for prefix in every & rib.keys()
            for route in rib[prefix]
            if route.get("selected")
        }

    r1.ip("route", "del", *connected)
    try:
        with dataplane_stopped(r1):
            r1.change("shared", line.format(prefix, 1))
            expect.until_equal("red has it", lambda: tags("red"), {prefix: 1})
            assert r1.rib("red")[prefix][0]["queued"]
            r1.configure("shared", *(line.format(other, 1) for other in others))
            expect.until_equal("and others", lambda: len(tags("red")), 1 + len(others))
            r1.configure("shared", line.format(prefix, 2))
            expect.until_equal("a change", lambda: tags("shared")[prefix], 2)
            # When red has the last route, the module has processed the change.
            r1.configure("shared", line.format(last, 1))
            expect.until_equal("red has all", lambda: tags("red").keys(), every)
        r1.expect_done()
        expect.until_equal(
            "what the kernel refuses is a conflict",
            lambda: {c["prefix"]: c["reason"] for c in r1.conflicts("red")},
            dict.fromkeys(every, "not-accepted"),
        )
        assert not every & r1.leaked("red").keys()
        assert not every & kernel.zebra_routes(r1, 20).keys()
    finally:
        r1.ip("route", "add", *connected)
    expect.until_equal(
        "the kernel takes them",
        lambda: sorted(every & kernel.zebra_routes(r1, 20).keys()),
        sorted(every),
    )
    expect.until_equal("the change, too", lambda: tags("red")[prefix], 2)


@pytest.mark.skipif(
    FRR < (10, 7), reason="no default route resolves by another one here"
)
def test_unstable(r1):
    """
    shared's default route resolves by red's, and that one by blue's unreachable default. If shared's route is leaked to
    blue, it replaces blue's, so both become inactive, and the leaked route is withdrawn: an endless loop. The module
    logs it and stops leaking the route.
    """
    prefix = "0.0.0.0/0"
    line = prefix + " from VRF shared is installed in VRF "
    since = r1.log().count(line)
    r1.configure("red", "ip route {} 99.9.9.9 nexthop-vrf blue".format(prefix))
    r1.configure("shared", "ip route {} 88.8.8.8 nexthop-vrf red".format(prefix))
    r1.expect_log(line, since)
    r1.configure("shared", "no ip route {} 88.8.8.8 nexthop-vrf red".format(prefix))
    r1.configure("red", "no ip route {} 99.9.9.9 nexthop-vrf blue".format(prefix))
    expect.until_equal(
        "withdrawn",
        lambda: [
            c
            for vrf in ("red", "blue")
            for c in r1.conflicts(vrf)
            if c["prefix"] == prefix
        ],
        [],
    )
    assert prefix not in r1.leaked("blue")
