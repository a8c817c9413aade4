#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"explain, topology and what-if: their output agrees with the RIB."

import json
import os
import random
import re

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.vty import IP
from vrfleak.topology import BLUE, NETS, OFFERED, RED, SHARED

pytestmark = [pytest.mark.staticd]

TABLES = {net.vrf: net.table for net in NETS}
MAPS = """
ip prefix-list EVEN permit 198.51.100.0/24 ge 25
ipv6 prefix-list EVEN permit 2001:db8:a00::/40 ge 41
route-map STATICS permit 10
 match source-protocol static
exit
route-map NOTAG deny 5
 match tag 77
exit
route-map NOTAG permit 10
exit
"""


def setup_module(mod):
    topology.start(mod, tags=False)


def teardown_module():
    topology.stop()


@pytest.fixture
def maps(r1):
    r1.commit(MAPS)
    yield
    r1.restore()
    r1.commit("no route-map STATICS\nno route-map NOTAG\nno ip prefix-list EVEN\nno ipv6 prefix-list EVEN\n")


def explain_all(r1, asked):
    "The answers of explain for a list of (vrf, prefix, family), from few vtysh processes."
    commands = [
        "show {} route-leak explain vrf {} {} json".format(IP[family], vrf, prefix)
        for vrf, prefix, family in asked
    ]
    shown, decoder, rest = [], json.JSONDecoder(), ""
    for start in range(0, len(commands), 40):
        status, rest = r1.vtysh(*commands[start : start + 40], daemon="zebra")
        assert status == 0, rest
        while rest.strip():
            value, end = decoder.raw_decode(rest.strip())
            shown.append(value)
            rest = rest.strip()[end:]
    assert len(shown) == len(asked)
    return shown


class State:
    "The state of zebra and the tags, with which explain is compared."

    def __init__(self, router):
        self.routes = {
            (vrf, family): router.rib(vrf, family) for vrf in TABLES for family in (4, 6)
        }
        self.summaries = {
            family: router.json("show {} route-leak json".format(IP[family]))["vrfs"] for family in (4, 6)
        }

    def prefixes(self, family):
        return sorted({prefix for vrf in TABLES for prefix in self.routes[vrf, family]})

    def owner(self, vrf, prefix, family):
        "The table of the VRF that a leaked route came from, or None."
        for route in self.routes[vrf, family].get(prefix, []):
            if route["protocol"] == "table":
                return route["instance"]
        return None

    def native(self, vrf, prefix, family):
        "Whether the VRF has an active native route; the unreachable default does not count."
        return any(
            route["protocol"] != "table" and route["distance"] != 255 and any(hop.get("active") for hop in route["nexthops"])
            for route in self.routes[vrf, family].get(prefix, [])
        )

    def common(self, source, target, family):
        shown = self.summaries[family]
        return set(shown[source]["exports"]) & set(shown[target]["imports"])

    def options(self, source, target, family):
        shown = self.summaries[family]
        return list(shown[source]["exportOptions"].values()) + list(
            shown[target]["importOptions"].values()
        )

    def fits(self, source, target, prefix, family, word):
        "Whether a verdict agrees with what zebra shows."
        owner = self.owner(target, prefix, family)
        if word == "leaked" or owner == TABLES[source]:
            return word == "leaked" and owner == TABLES[source]
        if word in ("not-exported", "not-imported", "no-common-tag"):
            return not self.common(source, target, family)
        if not self.common(source, target, family):
            return False
        if word == "not-leakable":
            return prefix.startswith(("fe80", "ff"))
        if word == "leaked-itself":
            return self.owner(source, prefix, family) is not None
        if word == "no-route":
            return not self.native(source, prefix, family) and self.owner(source, prefix, family) is None
        if not self.native(source, prefix, family):
            return False
        if word == "native-route":
            return self.native(target, prefix, family)
        if word == "other-source":
            return owner not in (None, TABLES[source])
        if word == "denied":
            return any("routeMap" in option for option in self.options(source, target, family))
        if word == "maximum-prefix":
            return any("maximumPrefix" in option for option in self.options(source, target, family))
        return False


def draw_lines(chance):
    "Random tags, route-maps, limits and competing routes for the four VRFs."
    pairs = []
    for vrf in TABLES:
        for word in IP.values():
            for tag in ("1:1", "2:2", "3:3"):
                if chance.random() < 0.5:
                    name = chance.choice(["", "", " route-map STATICS", " route-map NOTAG", " route-map NOWHERE"])
                    pairs.append((vrf, "{} route-export {}{}".format(word, tag, name)))
                if chance.random() < 0.5:
                    words = chance.choice(["", "", " route-map NOTAG", " maximum-prefix 2"])
                    pairs.append((vrf, "{} route-import {}{}".format(word, tag, words)))
            pairs.append((vrf, "{} route-export 9:9".format(word)))
            if vrf != "shared":
                pairs.append((vrf, "{} route-import 9:1".format(word)))
    pairs.append(("shared", "ip route-export 9:1"))
    for number in range(6):
        prefix = "203.0.113.{}/28".format(16 * chance.randrange(4))
        net = chance.choice(NETS)
        tag = chance.choice(["", " tag 77"])
        line = "ip route {} {}{}".format(prefix, net.host4, tag)
        if not any(vrf == net.vrf and prefix in other for vrf, other in pairs):
            pairs.append((net.vrf, line))
    return pairs


def miscounted(r1, state):
    "Differences between the RIB and a VRF's count, its list of leaked routes or its list of conflicts."
    wrong = []
    for family in (4, 6):
        show = "show {} route-leak {} json"
        routes = r1.json(show.format(IP[family], "routes"))["vrfs"]
        conflicts = r1.json(show.format(IP[family], "conflicts"))["vrfs"]
        for vrf, shown in state.summaries[family].items():
            installed = {
                prefix
                for prefix, entries in state.routes[vrf, family].items()
                for route in entries
                if route["protocol"] == "table" and route.get("selected") and route.get("installed")
            }
            if set(routes[vrf]["routes"]) != installed or shown["leakedRoutes"] != len(installed):
                wrong.append((vrf, family, shown["leakedRoutes"], sorted(set(routes[vrf]["routes"]) ^ installed)))
            if shown["conflicts"] != len(conflicts[vrf]["conflicts"]):
                wrong.append((vrf, family, "conflicts", shown["conflicts"]))
    return wrong


@pytest.mark.parametrize("round_number", range(3))
def test_explain_random(r1, maps, round_number):
    "In random topologies, the verdicts for every prefix, target and source agree with the RIB."
    seed = int(os.environ.get("VRFLEAK_SEED", 20261124)) + round_number
    r1.net.logger.info("VRFLEAK_SEED=%s", seed)
    r1.configure_all(draw_lines(random.Random(seed)))

    def contradictions():
        before = State(r1)
        asked = [
            (target, prefix, family)
            for target in TABLES
            for family in (4, 6)
            for prefix in before.prefixes(family)
        ]
        shown = explain_all(r1, asked)
        wrong = [
            (target, prefix, source, verdict)
            for (target, prefix, family), answer in zip(asked, shown)
            for source, verdict in answer["sources"].items()
            if not before.fits(source, target, prefix, family, verdict["verdict"])
        ]
        return wrong + miscounted(r1, before) or None

    expect.until("explain contradicts the RIB, seed {}".format(seed), contradictions)
    words = {
        verdict["verdict"]
        for answer in explain_all(r1, [(vrf, prefix, 4) for vrf in TABLES for prefix in State(r1).prefixes(4)])
        for verdict in answer["sources"].values()
    }
    assert {"leaked", "no-route"} <= words, "the topology is not empty: {}".format(words)


def verdict(r1, vrf, prefix, source, family=4):
    shown = explain_all(r1, [(vrf, prefix, family)])[0]["sources"][source]
    return shown["verdict"], shown["text"]


def expect_verdict(r1, vrf, prefix, source, word, text):
    expect.until_equal(
        "explain {} from {} to {}".format(prefix, source, vrf),
        lambda: verdict(r1, vrf, prefix, source)[0],
        word,
    )
    assert text in verdict(r1, vrf, prefix, source)[1]


def test_explain_verdicts(r1, maps):
    "Each verdict with its text."
    r1.configure("shared", "ip route-export 1:1", "ip route-import 2:2")
    r1.configure("red", "ip route-import 1:1", "ip route-export 2:2")
    expect_verdict(r1, "red", SHARED.behind4, "shared", "leaked", "via 192.0.2.2")
    expect_verdict(r1, "red", "203.0.113.0/24", "shared", "no-route", "VRF shared has no route")
    expect_verdict(r1, "red", RED.behind4, "shared", "leaked-itself", "was itself leaked from VRF red")
    r1.configure("shared", "ip route {} {}".format(RED.behind4, SHARED.host4))
    expect_verdict(r1, "red", RED.behind4, "shared", "native-route", "VRF red has a native static route")
    r1.configure("blue", "ip route-export 5:5")
    expect_verdict(r1, "red", BLUE.behind4, "blue", "no-common-tag", "VRF blue exports 5:5, VRF red imports 1:1")
    r1.configure("green", "ip route-import 1:1")
    expect_verdict(r1, "red", BLUE.behind4, "green", "not-exported", "VRF green exports nothing")
    expect_verdict(r1, "blue", SHARED.behind4, "shared", "not-imported", "VRF blue imports nothing")
    r1.configure("blue", "ip route {} {}".format(SHARED.behind4, BLUE.host4))
    r1.configure("red", "ip route-import 5:5")
    expect_verdict(r1, "red", SHARED.behind4, "blue", "other-source", "the route of VRF shared is installed")
    r1.change("red", "ip route-import 1:1 route-map NOWHERE")
    expect_verdict(r1, "red", SHARED.net4, "shared", "denied", "by route-map NOWHERE, which does not exist")
    r1.change("red", "ip route-import 1:1 route-map STATICS")
    expect_verdict(r1, "red", SHARED.net4, "shared", "denied", "by route-map STATICS, where no entry permits it")
    r1.configure("shared", "ip route 203.0.113.0/24 192.0.2.2 tag 77")
    r1.change("red", "ip route-import 1:1 route-map NOTAG")
    expect_verdict(r1, "red", "203.0.113.0/24", "shared", "denied", "by route-map NOTAG, sequence 5")
    r1.change("red", "no ip route-import 1:1", "ip route-import 1:1 maximum-prefix 1")
    expect_verdict(r1, "red", "203.0.113.0/24", "shared", "maximum-prefix", "reached its maximum-prefix")
    r1.change("red", "no ip route-import 1:1", "ip route-import 1:1")
    r1.configure("purple", "ip route-export 1:1")
    expect_verdict(r1, "red", "203.0.113.0/24", "purple", "no-vrf", "VRF purple does not exist")
    expect_verdict(r1, "red", SHARED.net4, "shared", "leaked", "leaked for ")
    shown = r1.show("show ip route-leak explain vrf red " + SHARED.net4)
    assert "  from shared: leaked for" in shown and "  from blue: not leaked: " in shown


def test_explain_long(r1):
    "A text is shown in full, however many tags it lists."
    tags = ["{}:65536".format(number) for number in range(10000, 10100)]
    r1.configure("shared", *["ip route-export " + tag for tag in tags])
    r1.configure("red", "ip route-import 1:1")
    text = "no tag in common: VRF shared exports {}, VRF red imports 1:1".format(", ".join(tags))
    expect.until_equal(
        "explain lists all tags",
        lambda: verdict(r1, "red", SHARED.net4, "shared"),
        ("no-common-tag", text),
    )
    assert "from shared: not leaked: {}\n".format(text) in r1.show("show ip route-leak explain vrf red " + SHARED.net4)


# Route-maps that deny a static route with tag 77, and the verdict of explain.
DENIALS = {
    "permit 10: match tag 1": "D, where no entry permits it",
    "permit 10: match tag 1; deny 20: match tag 77; permit 30": "D, sequence 20",
    "deny 10: match tag 1; permit 20: match tag 77, match source-protocol ospf": "D, where no entry permits it",
    "permit 10: call INNER; permit 20": "D, sequence 10, which calls INNER, sequence 5",
    "permit 10: call OUTER; permit 20": "D, sequence 10, which calls INNER, sequence 5",
    "permit 10: call NOTHING; permit 20": "D, sequence 10, which calls NOTHING, where no entry permits it",
    "permit 10: call NOWHERE, on-match next; deny 20": "D, sequence 20",
    "permit 10: match tag 77, on-match next; permit 20: match tag 1": "D, where no entry permits it",
    "permit 10: on-match goto 30; deny 20; permit 25; deny 30: match tag 77": "D, sequence 30",
    "permit 10: on-match goto 15; deny 20; permit 25": "D, sequence 20",
    "permit 10: continue 30; permit 20; deny 40: match tag 77; permit 50": "D, sequence 40",
}

INNER = """
route-map INNER deny 5
 match tag 77
exit
route-map OUTER permit 5
 call INNER
exit
route-map NOTHING permit 5
 match tag 1
exit
"""


def map_text(name, entries):
    "Configuration of a route-map: 'permit 10: match tag 1, call M; deny 20'."
    lines = []
    for entry in entries.split("; "):
        head, _, clauses = entry.partition(": ")
        lines.append("route-map {} {}".format(name, head))
        lines += [clause for clause in clauses.split(", ") if clause]
        lines.append("exit")
    return "\n".join(lines) + "\n"


def invoked(r1, name):
    "How many times zebra has applied a route-map."
    return int(re.search(r"route-map: {} Invoked: (\d+)".format(name), r1.show("show route-map " + name))[1])


def expect_denied(r1, shown, limit=expect.LIMIT):
    "Waits until explain shows this reason for the route of DENIALS."
    expect.until_equal(
        "who denies",
        lambda: verdict(r1, "red", "203.0.113.0/24", "shared"),
        ("denied", "denied by route-map " + shown),
        limit,
    )


def test_denying_entry(r1):
    """
    explain names the entry of a route-map that denies, also after clauses that continue at another entry or call
    another map.
    """
    r1.configure("shared", "ip route-export 1:1", "ip route 203.0.113.0/24 192.0.2.2 tag 77")
    r1.configure("red", "ip route-import 1:1 route-map D")
    r1.commit(INNER)
    try:
        for entries, shown in DENIALS.items():
            r1.commit(map_text("D", entries))
            expect_denied(r1, shown)
            r1.commit("no route-map D\n")
    finally:
        r1.restore()
        r1.commit("no route-map D\nno route-map INNER\nno route-map OUTER\nno route-map NOTHING\n")


def test_denying_entry_of_many(r1):
    """
    The last entry of a long route-map denies. To find it, explain applies the route-map no more often than a decision
    does.
    """
    r1.configure("shared", "ip route-export 1:1", "ip route 203.0.113.0/24 192.0.2.2 tag 77")
    r1.configure("red", "ip route-import 1:1 route-map D")
    entries = ["deny {}: match tag {}".format(10 * number, 1000 + number) for number in range(1, 500)]
    r1.commit(map_text("D", "; ".join(entries + ["deny 5000: match tag 77"])))
    try:
        expect_denied(r1, "D, sequence 5000", 4 * expect.LIMIT)
        r1.expect_done()
        before = invoked(r1, "D")
        expect_denied(r1, "D, sequence 5000")
        assert invoked(r1, "D") - before < 10
    finally:
        r1.restore()
        r1.commit("no route-map D\n")


def test_explain_refuses(r1):
    "A VRF, an address or a tag that is not accepted is answered with what is accepted."
    assert r1.show("show ip route-leak") == "No VRF has a route-leak configuration\n"
    r1.configure("red", "ip route-import 1:1")
    for command, words in (
        ("show ip route-leak explain vrf nowhere 192.0.2.0/24", "VRF nowhere has no route-leak configuration"),
        ("show ip route-leak explain vrf red 2001:db8::/32", "is not an IPv4 address or prefix; try 'show ipv6 route-leak"),
        ("show ipv6 route-leak explain vrf red 192.0.2.1", "is not an IPv6 address or prefix; try 'show ip route-leak"),
        ("show ip route-leak routes vrf red after 2001:db8::/32", "2001:db8::/32 is not an IPv4 prefix"),
        ("show ip route-leak what-if vrf nowhere import 1:1", "VRF nowhere does not exist; 'show vrf' lists"),
        ("show ip route-leak what-if vrf red import 1", 'Invalid tag "1"'),
        ("show ip route-leak what-if vrf red import 1:1 route-map NOWHERE", "Route-map NOWHERE does not exist"),
    ):
        _, out = r1.vtysh(command)
        assert words in out, out


def test_topology(r1):
    "The matrix, the graph and JSON agree, and hints show one-way leaks."
    r1.configure("shared", "ip route-export 1:1", "ip route-import 2:2")
    r1.configure("red", "ip route-import 1:1", "ip route-export 2:2")
    r1.configure("blue", "ip route-import 1:1", "ip route {} {}".format(SHARED.behind4, BLUE.host4))
    pairs = [
        {"source": "red", "target": "shared", "routes": OFFERED, "conflicts": 0, "oneWay": False},
        {"source": "shared", "target": "blue", "routes": OFFERED - 1, "conflicts": 1, "oneWay": True},
        {"source": "shared", "target": "red", "routes": OFFERED, "conflicts": 0, "oneWay": False},
    ]
    expect.until_equal(
        "the topology", lambda: r1.json("show route-leak topology json"), {"ipv4": pairs, "ipv6": [], "complete": True}
    )
    shown = r1.show("show route-leak topology")
    rows = [line.split() for line in shown.splitlines()]
    assert ["blue", "red", "shared"] in rows
    assert ["shared", "{}!1".format(OFFERED - 1), str(OFFERED), "-"] in rows, shown
    assert ["red", ".", "-", str(OFFERED)] in rows, shown
    assert "blue can reach shared; shared has no route back" in shown
    assert "IPv6: no VRF leaks to another" in shown
    assert "blue can reach shared; shared has no route back" in r1.summary("blue")["hints"]
    dot = r1.show("show route-leak topology dot")
    assert '"shared" -> "blue" [label="ipv4 {} (1 refused)", style=dashed];'.format(OFFERED - 1) in dot
    assert dot.count("{") == dot.count("}") == 1


def test_what_if(r1, maps):
    "what-if predicts the effect of a statement."
    r1.configure("shared", "ip route-export 1:1")
    r1.configure("red", "ip route {} {}".format(SHARED.behind4, RED.host4))
    asked = "show ip route-leak what-if vrf red import 1:1 {}json"
    counts = {"leaked": OFFERED - 1, "refused": 1, "filtered": 0, "alreadyLeaked": 0, "metricOrTagSet": 0}
    shown = {"pairs": 1, "matchingVrfs": ["shared"], "complete": True, **counts}
    expect.until_equal("an import", lambda: r1.json(asked.format("")), shown)
    filtered = {**shown, "leaked": 0, "filtered": OFFERED - 1}
    assert r1.json(asked.format("route-map STATICS ")) == filtered
    assert r1.leaked("red") == {}, "nothing was touched"
    assert r1.tags("red") == []
    r1.configure("red", "ip route-import 1:1")
    expect.until_equal(
        "what it predicted", lambda: [r1.summary("red")["leakedRoutes"], len(r1.conflicts("red"))], [OFFERED - 1, 1]
    )
    assert r1.json(asked.format("")) == {**shown, "leaked": 0, "alreadyLeaked": OFFERED - 1}
    shown = r1.json("show ip route-leak what-if vrf green export 1:1 json")
    assert shown["pairs"] == 1 and shown["leaked"] == OFFERED, shown


def test_what_if_text(r1, maps):
    "The text names the VRFs, with plurals, and says if there is none."

    def what_if(words):
        return r1.show("show ip route-leak what-if vrf " + words)

    r1.configure("shared", "ip route-export 1:1", "ip route-export 2:2")
    r1.configure("red", "ip route {} {}".format(SHARED.behind4, RED.host4))
    text = "From VRF shared: {} would be leaked, 1 refused\n".format("1 route" if OFFERED == 2 else "2 routes")
    expect.until_equal("an import", lambda: what_if("red import 1:1"), text)
    text = "From VRF shared: {} routes would be leaked\n".format(OFFERED)
    expect.until_equal("without a conflict", lambda: what_if("green import 1:1"), text)
    text = "From VRF shared: 1 route would be leaked, {} denied by a route-map\n".format(OFFERED - 1)
    assert what_if("green import 1:1 route-map STATICS") == text
    r1.configure("blue", "ip route-export 1:1", "ip route-import 3:3")
    assert what_if("green import 1:1").startswith("From VRFs blue, shared: ")
    assert what_if("green export 3:3") == "To VRF blue: {} routes would be leaked\n".format(OFFERED)
    assert what_if("green import 9:9") == "No other VRF exports 9:9\n"
    assert what_if("shared import 2:2") == "No other VRF exports 2:2\n"
    assert what_if("red export 1:1") == "No other VRF imports 1:1\n"
    assert r1.json("show ip route-leak what-if vrf red import 9:9 json")["matchingVrfs"] == []


def test_explain_address(r1):
    "An address stands for its longest match in the target and its sources; if there is none, explain says so."

    def explain(address, family="ip"):
        shown = r1.show("show {} route-leak explain vrf red {}".format(family, address))
        answer = r1.json("show {} route-leak explain vrf red {} json".format(family, address))
        assert answer["address"] == address
        return shown.splitlines()[0], answer.get("prefix"), answer["sources"]

    r1.configure("shared", "ip route-export 1:1", "ipv6 route-export 1:1")
    r1.configure("red", "ip route-import 1:1", "ipv6 route-import 1:1")
    r1.configure("shared", "ip route 203.0.112.0/22 192.0.2.2", "ip route 203.0.113.0/24 192.0.2.2")
    r1.expect_done()
    prefix = "203.0.113.0/24"
    expect.until_equal(
        "the longest match",
        lambda: explain("203.0.113.7")[:2],
        ("VRF red, 203.0.113.7: the longest match is " + prefix, prefix),
    )
    assert explain("203.0.113.7")[2]["shared"]["verdict"] == "leaked"
    assert explain("203.0.112.7")[1] == "203.0.112.0/22"
    # green is no source: what it has counts only where no source covers the address.
    r1.configure("green", "ip route-export 9:9", "ip route 203.0.113.128/25 192.0.2.194", "ip route 203.0.120.0/24 192.0.2.194")
    expect.until_equal("of no source", lambda: explain("203.0.120.7")[1], "203.0.120.0/24")
    assert explain("203.0.113.200")[1] == prefix
    assert explain("203.0.120.7")[2]["green"]["verdict"] == "no-common-tag"
    # red's own route, which is longer.
    r1.configure("red", "ip route 203.0.113.4/30 192.0.2.66")
    expect.until_equal("of the target", lambda: explain("203.0.113.7")[1], "203.0.113.4/30")
    r1.configure("red", "ip route 192.88.99.0/24 192.0.2.66")
    text = "VRF red, 192.88.99.1: no other VRF has a route for this address; 192.88.99.0/24 in VRF red itself"
    expect.until_equal("of the target alone", lambda: explain("192.88.99.1")[0], text)
    assert explain("192.88.99.2")[2]["shared"]["verdict"] == "no-route"
    text = "VRF red, 10.1.2.3: no VRF has a route for this address"
    assert explain("10.1.2.3") == (text, None, {})
    text = "VRF red, 2001:db8:1::7: the longest match is " + SHARED.net6
    assert explain("2001:db8:1::7", "ipv6")[:2] == (text, SHARED.net6)
    shown = r1.show("show ipv6 route-leak explain vrf red fe80::1")
    assert "link-local and multicast prefixes are never leaked; other unicast prefixes can be" in shown, shown


def memory(r1):
    "{kind: (allocations, bytes)} of the module's memory."
    found = re.findall(r"^(Route leak .*?) *: +(\d+) +\S+ +(\d+)", r1.show("show memory"), re.M)
    assert found, "the module's memory is shown"
    return {kind: (int(count), int(total)) for kind, count, total in found}


# What the module keeps for seconds after routes have changed.
FOR_SECONDS = ("Route leak changed prefix", "Route leak interface", "Route leak routes to check")


def memory_at_rest(r1):
    expect.until_equal(
        "nothing is kept of earlier changes",
        lambda: [memory(r1).get(kind, (0, 0))[0] for kind in FOR_SECONDS],
        [0] * len(FOR_SECONDS),
    )
    return memory(r1)


def test_what_if_leaves_nothing(r1):
    "what-if keeps a VRF without statements only for its answer: many answers need no more memory than one."
    command = "show ip route-leak what-if vrf green export 1:1"
    r1.show(command)
    r1.expect_done()
    before = memory_at_rest(r1)
    for _ in range(5):
        status, _ = r1.vtysh(*[command] * 50, daemon="zebra")
        assert status == 0
    expect.until_equal("the module's memory", lambda: memory(r1), before)


def test_names_come_and_go(r1):
    "Many VRFs that have a statement for a while need no more memory than one."

    def cycle(numbers):
        for number in numbers:
            vrf = "v{}".format(number)
            r1.enter([(vrf, "ip route-export 8:8"), (vrf, "no ip route-export 8:8"), ("default", "no vrf " + vrf)])
            r1.expect_done()

    cycle(range(1))
    before = memory_at_rest(r1)
    cycle(range(1, 15))
    expect.until_equal("the module's memory", lambda: memory(r1), before)
