#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"Route-maps on exports and imports: each match clause of zebra, changes that take effect automatically, mistakes."

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import maps, r1  # noqa: F401
from vrfleak.topology import SHARED

pytestmark = [pytest.mark.staticd]

NET = SHARED.net4
STATIC = SHARED.behind4
TAGGED = "203.0.113.0/26"
ALL = {NET: 10, STATIC: 10, TAGGED: 10}

# The routes of shared that each clause permits; LISTS has the lists that the clauses use.
CLAUSES = {
    "source-protocol static": [STATIC, TAGGED],
    "source-protocol connected": [NET],
    "source-protocol ospf": [],
    "ip address STATIC": [STATIC],
    "ip address prefix-list STATIC": [STATIC],
    "ip address prefix-len 26": [NET, STATIC, TAGGED],
    "ip address prefix-len 25": [],
    "ip next-hop HOST": [STATIC, TAGGED],
    "ip next-hop prefix-list HOST": [STATIC, TAGGED],
    "ip next-hop prefix-len 32": [STATIC, TAGGED],
    "ip next-hop type blackhole": [],
    "interface e-shared": [NET, STATIC, TAGGED],
    "interface e-red": [],
    "tag 77": [TAGGED],
    "tag 78": [],
    "source-instance 0": [NET, STATIC, TAGGED],
    "source-instance 1": [],
}

LISTS = """
access-list STATIC permit 198.51.100.0/26
ip prefix-list STATIC permit 198.51.100.0/26
access-list HOST permit 192.0.2.2/32
ip prefix-list HOST permit 192.0.2.2/32
ipv6 prefix-list BEHIND permit 2001:db8:101::/64
vrf shared
 ip route {} 192.0.2.2 tag 77
exit-vrf
""".format(TAGGED)


def setup_module(mod):
    topology.start(mod, tags=False)


def teardown_module():
    topology.stop()


@pytest.fixture
def lists(r1):
    "The lists and a route with a tag, until the end of the test; no route-map."
    r1.commit(LISTS)
    yield
    r1.commit("".join("no {}\n".format(line) for line in LISTS.split("\n") if "list" in line))
    r1.change("shared", "no ip route {} 192.0.2.2 tag 77".format(TAGGED))


def only(prefixes):
    return {prefix: 10 for prefix in prefixes}


def test_clauses(r1, lists, maps):
    "Each of zebra's match clauses on an import: what it permits is leaked, everything else is not."
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    for clause, prefixes in CLAUSES.items():
        maps.make("M", "permit 10: match " + clause)
        r1.expect_leaked("match " + clause, "red", only(prefixes))
    maps.make("M", "deny 10: match tag 77", "permit 20")
    r1.expect_leaked("deny, then permit", "red", only([NET, STATIC]))
    r1.change("red", "ip route-import 1:1")
    r1.expect_leaked("without the route-map", "red", ALL)
    r1.change("red", "ip route-import 1:1 route-map M")


def test_export_then_import(r1, lists, maps):
    "A route must pass the route-map of the export and then that of the import. The export's applies to all importers."
    maps.make("STATICS", "permit 10: match source-protocol static")
    maps.make("UNTAGGED", "deny 10: match tag 77", "permit 20")
    r1.configure("shared", "ip route-export 1:1 route-map STATICS")
    r1.configure("red", "ip route-import 1:1 route-map UNTAGGED")
    r1.configure("blue", "ip route-import 1:1")
    r1.expect_leaked("both", "red", only([STATIC]))
    r1.expect_leaked("the export's alone", "blue", only([STATIC, TAGGED]))


def test_tags_with_different_maps(r1, lists, maps):
    "Several tags between two VRFs, each with its own route-map, select different routes for different importers."
    maps.make("STATICS", "permit 10: match source-protocol static")
    maps.make("CONNECTED", "permit 10: match source-protocol connected")
    maps.make("TAGGED", "permit 10: match tag 77")
    r1.configure(
        "shared",
        "ip route-export 1:1 route-map STATICS",
        "ip route-export 1:2 route-map CONNECTED",
    )
    r1.configure("red", "ip route-import 1:1")
    r1.configure("blue", "ip route-import 1:2")
    r1.expect_leaked("static routes", "red", only([STATIC, TAGGED]))
    r1.expect_leaked("connected routes", "blue", only([NET]))
    r1.configure("blue", "ip route-import 1:1 route-map TAGGED")
    r1.expect_leaked("connected ones and those with the tag", "blue", only([NET, TAGGED]))
    assert r1.summary("blue")["sources"]["shared"]["tags"] == ["1:2", "1:1"]


def test_changes_take_effect(r1, lists, maps):
    "After a change of a list that a route-map uses, only routes with another result are touched."
    maps.make("M", "permit 10: match ip address prefix-list PL")
    r1.commit("ip prefix-list PL seq 5 permit {}\nip prefix-list PL seq 10 permit {}\n".format(NET, STATIC))
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.expect_leaked("what the list permits", "red", only([NET, STATIC]))
    with kernel.Recording(r1, settled=True) as recording:
        r1.commit("no ip prefix-list PL seq 5\n")
        r1.expect_leaked("one prefix less", "red", only([STATIC]))
        r1.commit("ip prefix-list PL seq 15 permit {}\n".format(TAGGED))
        r1.expect_leaked("another one", "red", only([STATIC, TAGGED]))
        touched = {prefix for _, prefix, _ in recording.events(20)}
    assert touched - {"203.0.113.254"} == {NET, TAGGED}, "what stays is not touched"
    r1.commit("no ip prefix-list PL\n")
    r1.expect_leaked("a list that is not there", "red", {})


def revalidations(r1):
    r1.expect_done()
    return r1.json("show route-leak statistics json")["revalidations"]


def test_unrelated_changes(r1, lists, maps):
    "Only the imports whose route-map, or a list or a route-map that it uses, has changed are revalidated."
    maps.make("CALLED", "permit 10: match ip address prefix-list PL")
    maps.make("M", "permit 10: call CALLED")
    maps.make("STATICS", "permit 10: match source-protocol static")
    r1.commit("ip prefix-list PL seq 5 permit {}\n".format(NET))
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.configure("blue", "ip route-import 1:1 route-map STATICS")
    r1.expect_leaked("what the list permits", "red", only([NET]))
    r1.expect_leaked("static routes", "blue", only([STATIC, TAGGED]))
    r1.commit("ip prefix-list PL seq 10 permit {}\n".format(STATIC))
    r1.expect_leaked("a first change, after which nothing waits", "red", only([NET, STATIC]))

    before = revalidations(r1)
    maps.make("UNUSED", "permit 10: match ip address prefix-list UNUSED")
    r1.commit("ip prefix-list UNUSED seq 5 permit {0}\naccess-list OTHER permit {0}\n".format(STATIC))
    r1.commit("no ip prefix-list UNUSED\nno access-list OTHER\n")
    r1.commit("ip prefix-list PL seq 15 permit {}\n".format(TAGGED))
    r1.expect_leaked("a list of a route-map that is called", "red", only(ALL))
    assert revalidations(r1) == before + 1, "red's import alone is revalidated"
    maps.make("CALLED", "deny 10")
    r1.expect_leaked("the route-map that is called", "red", {})
    assert revalidations(r1) == before + 2
    maps.make("STATICS", "permit 10: match source-protocol connected")
    r1.expect_leaked("blue's route-map", "blue", only([NET]))
    assert revalidations(r1) == before + 3
    r1.commit("no ip prefix-list PL\n")


def test_covered_first(r1, lists, maps):
    "The prefixes that a changed entry of a prefix list covers do not wait for the table walk."
    maps.make("M", "deny 10: match ip address prefix-list PL", "permit 20")
    r1.commit("ip prefix-list PL seq 5 permit 203.0.113.64/26\n")
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.expect_leaked("all", "red", ALL)
    text = "{}: changed in 1 VRFs".format(STATIC)
    r1.vtysh("debug zebra route-leak events")
    for line in ("ip prefix-list PL seq 10 deny 198.51.100.0/24 le 32", "no ip prefix-list PL seq 10"):
        count = r1.log().count(text)
        r1.commit(line + "\n")
        r1.expect_log(text, count)
    r1.vtysh("no debug zebra route-leak events")
    r1.expect_leaked("still all", "red", ALL)
    r1.commit("no ip prefix-list PL\n")


def test_change_back(r1, maps):
    "Routes that were decided while a route-map was another one follow when it is as it was before."
    line = "ip route-import 1:1 route-map M"
    maps.make("M", "permit 10")
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", line)
    r1.expect_leaked("permitted", "red", only([NET, STATIC]))
    r1.change("red", "no ip route-import 1:1")
    r1.expect_leaked("not imported", "red", {})
    maps.make("M", "deny 10")
    r1.change("red", line)
    expect.until_equal(
        "denied",
        lambda: "denied by route-map M" in r1.show("show ip route-leak explain vrf red " + NET),
        True,
    )
    maps.make("M", "permit 10")
    r1.expect_leaked("permitted again", "red", only([NET, STATIC]))


def test_missing_map(r1, maps):
    "A route-map that does not exist denies everything. A hint and the log say so."
    text = "route-map NOWHERE does not exist and denies everything"
    logged = r1.log().count(text)
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map NOWHERE")
    expect.until_equal("the hint", lambda: text in r1.summary("red")["hints"], True)
    assert r1.leaked("red") == {}
    r1.expect_log(text, since=logged)
    maps.make("NOWHERE", "permit 10")
    r1.expect_leaked("the route-map has come", "red", only([NET, STATIC]))
    assert text not in r1.summary("red")["hints"]
    maps.drop("NOWHERE")
    r1.expect_leaked("and has gone", "red", {})


def test_ignored_clauses(r1, lists, maps):
    "A hint and the log name each clause that has no effect on leaked routes, and no other one."
    ignored = ["match metric 7", "set ip next-hop 192.0.2.9", "set metric rtt"]
    maps.make("M", "permit 10: match tag 77, set metric 5, set tag 6", "permit 20: " + ", ".join(ignored))
    r1.configure("shared", "ip route-export 1:1 route-map M")
    r1.configure("red", "ip route-import 1:1")
    hints = ["'{}' of route-map M, sequence 20, is ignored for leaked routes".format(clause) for clause in ignored]

    def named():
        return sorted(hint for hint in r1.summary("shared")["hints"] if "of route-map" in hint)

    expect.until_equal("the hints", named, hints)
    for hint in hints:
        r1.expect_log(hint)
    maps.make("M", "permit 10: set metric +5", "permit 20: set src 192.0.2.65")
    expect.until_equal("all of them work", named, [])
    maps.make("M", *("permit {}: match {}".format(10 * i, clause) for i, clause in enumerate(CLAUSES, 1)))
    r1.expect_leaked("all match clauses of zebra", "red", ALL)
    assert named() == []


def test_local_hint(r1, maps):
    """
    Since FRR 10 the router's own addresses are not connected routes. A hint says so if a route-map matches only
    connected routes.
    """
    text = "route-map M permits connected routes, but not the router's addresses: match source-protocol local, too"
    r1.configure("shared", "ip route-export 1:1 route-map M")
    r1.configure("red", "ip route-import 1:1")
    for entries, hinted in (
        (["permit 10: match source-protocol connected"], True),
        (["permit 10: match source-protocol static", "permit 20: match source-protocol connected"], True),
        (["permit 10: match source-protocol connected", "permit 20: match source-protocol local"], False),
        (["deny 10: match source-protocol local", "permit 20: match source-protocol connected"], False),
        (["permit 10: match source-protocol connected", "permit 20: match interface e-shared"], False),
        (["deny 10: match source-protocol connected", "permit 20: match source-protocol static"], False),
    ):
        if not topology.HAVE_LOCAL_ROUTES:
            entries = [entry for entry in entries if not entry.endswith(" local")]
        maps.make("M", *entries)
        expect.until_equal(
            "the hint with {}".format(entries),
            lambda: text in r1.summary("shared")["hints"],
            hinted and topology.HAVE_LOCAL_ROUTES,
        )


def test_set_src(r1, maps):
    "'set src' applies to the leaked route in the kernel."
    maps.make("M", "permit 10: set src 192.0.2.65")
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.expect_leaked("all", "red", only([NET, STATIC]))
    expect.until_equal(
        "the kernel has the address",
        lambda: kernel.zebra_routes(r1, 20)[STATIC].get("prefsrc"),
        "192.0.2.65",
    )
    maps.make("M", "permit 10")
    expect.until_equal(
        "and has it no more",
        lambda: kernel.zebra_routes(r1, 20)[STATIC].get("prefsrc"),
        None,
    )


def test_next_hops(r1, lists, maps):
    "A route-map filters each next hop separately."
    prefix = "203.0.113.64/26"
    maps.make("M", "permit 10: match ip next-hop HOST")
    for gateway in ("192.0.2.2", "192.0.2.3"):
        r1.configure("shared", "ip route {} {}".format(prefix, gateway))
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.configure("blue", "ip route-import 1:1")

    def gateways(vrf):
        route = r1.leaked_route(vrf, prefix)
        return sorted(hop["ip"] for hop in route["nexthops"]) if route else []

    expect.until_equal("both", lambda: gateways("blue"), ["192.0.2.2", "192.0.2.3"])
    expect.until_equal("the one", lambda: gateways("red"), ["192.0.2.2"])


def test_next_hops_of_one_leaf(r1, lists, maps):
    """
    Two gateways resolve to the same next hop, and one of them is denied: the next hop is leaked once, for the other
    gateway.
    """
    prefix = "203.0.113.64/26"
    for gateway in ("198.51.100.1", "198.51.100.2"):
        r1.commit("access-list VIA{} permit {}/32\n".format(gateway[-1], gateway))
        r1.configure("shared", "ip route {} {}".format(prefix, gateway))
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route-import 1:1 route-map M")
    r1.configure("blue", "ip route-import 1:1")

    def gateways(vrf):
        route = r1.leaked_route(vrf, prefix)
        return [hop["ip"] for hop in route["nexthops"]] if route else []

    try:
        expect.until_equal("without a route-map", lambda: gateways("blue"), ["192.0.2.2"])
        for denied, expected in (("1", ["192.0.2.2"]), ("2", ["192.0.2.2"])):
            maps.make("M", "deny 10: match ip next-hop VIA" + denied, "permit 20")
            expect.until_equal("one denied", lambda: gateways("red"), expected)
        maps.make("M", "deny 10: match ip next-hop VIA1", "deny 20: match ip next-hop VIA2", "permit 30")
        expect.until_equal("both denied", lambda: gateways("red"), [])
    finally:
        r1.restore()
        r1.commit("no access-list VIA1 permit 198.51.100.1/32\nno access-list VIA2 permit 198.51.100.2/32\n")


@pytest.mark.parametrize("target, table", [("red", 20), ("default", 254)])
def test_protocol_set_src(r1, maps, target, table):
    """
    'set src' of an 'ip protocol table' route-map is applied by zebra. The module sees no difference and installs
    nothing again.
    """
    prefix, other, address = "203.0.113.64/26", "203.0.113.128/26", "203.0.113.1"
    r1.ip("address", "add", address + "/32", "dev", "e-red" if target == "red" else "lo")
    try:
        expect.until_equal(
            "zebra has the address", lambda: address + "/32" in r1.show("show interface"), True
        )
        maps.make("SRC", "permit 10: set src " + address)
        # Zebra 10.7 has no route-map for table routes alone.
        protocol = "any" if topology.FRR >= (10, 7) else "table"
        r1.configure(target, "ip protocol {} route-map SRC".format(protocol))
        r1.configure("shared", "ip route-export 1:1", "ip route {} 192.0.2.2".format(prefix))
        r1.configure(target, "ip route-import 1:1")
        expect.until_equal(
            "the kernel has the address",
            lambda: kernel.zebra_routes(r1, table).get(prefix, {}).get("prefsrc"),
            address,
        )
        r1.expect_done()
        with kernel.Recording(r1, settled=True) as recording:
            assert r1.vtysh("clear ip route-leak")[0] == 0
            r1.expect_done()
            for command, there in (("ip route {} 192.0.2.2", True), ("no ip route {} 192.0.2.2", False)):
                r1.change("shared", command.format(other))
                expect.until_equal("another one", lambda: other in kernel.zebra_routes(r1, table), there)
            r1.expect_done()
            touched = {prefix for _, prefix, _ in recording.events(table)}
        assert touched == {other}, touched
    finally:
        r1.restore()
        r1.ip("address", "del", address + "/32", "dev", "e-red" if target == "red" else "lo")


def test_ipv6(r1, lists, maps):
    maps.make("M", "permit 10: match ipv6 address prefix-list BEHIND")
    r1.configure("shared", "ipv6 route-export 1:1")
    r1.configure("red", "ipv6 route-import 1:1 route-map M")
    r1.expect_leaked("the one", "red", only([SHARED.behind6]), family=6)


def test_line(r1, maps):
    """
    The last entered form of a statement counts. 'no' removes it with or without its options. A file with it gives the
    same lines again.
    """
    maps.make("M", "permit 10")
    line = "ip route-import 1:1 route-map M"
    r1.change("red", "ip route-import 1:1", line)
    assert r1.tags("red") == [line]
    r1.change("red", "ip route-import 1:1")
    assert r1.tags("red") == ["ip route-import 1:1"]
    r1.change("red", line, "no " + line)
    assert r1.tags("red") == []
    r1.change("red", line, "no ip route-import 1:1")
    assert r1.tags("red") == []
