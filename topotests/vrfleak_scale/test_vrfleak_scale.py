#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Some thousand routes at once: all are leaked, all are withdrawn, lists have pages, and then the module is idle. bench/
measures millions of routes; here it is tested what must hold for any number.
"""

import glob
import ipaddress
import re
import time

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

COUNT, PAGE = 2500, 500
ROUTES = [str(ipaddress.ip_network((0x0B000000 + (i << 8), 24))) for i in range(COUNT)]
ROUTE_LINE = "route {} {} via 192.0.2.2 dev e-shared table 10"
PAGES = "show ip route-leak {} vrf red"

# The module's functions that zebra's event loop calls.
EVENTS = (
    "apply_run check_run count_run early_run late_run lists_run monitor_read pending_run period_end queue_run read_run retry_run "
    "round_run walk_read watch_run"
).split()


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def change(r1, what, routes):
    r1.ip_batch(*[ROUTE_LINE.format(what, route) for route in routes])


def leaked(r1):
    "How many of the routes red has in zebra, and how many in the kernel."
    shown = r1.json("show ip route-leak vrf red json")["vrfs"]["red"]
    # All of ROUTES sort before this one; later entries are other routes.
    after = "show ip route-leak routes vrf red after 12.0.0.0/8 json"
    others = r1.json(after)["vrfs"]["red"]["routes"]
    kernel = r1.ip("route", "show", "table", "20", "proto", "zebra")
    return (
        shown["leakedRoutes"] - len(others),
        len(re.findall(r"^11\.", kernel, re.M)),
    )


def expect_leaked(r1, count, limit=4 * expect.LIMIT):
    "Waits until zebra and the kernel have so many of the routes in red."
    expect.until_equal(
        "red's routes, in zebra and in the kernel",
        lambda: leaked(r1),
        (count, count),
        limit,
    )


def pages_json(r1, what, kind):
    "All entries of one of red's lists, page by page, and the number of pages."
    entries, after, pages = kind(), "", 0
    while True:
        page = r1.json("show ip route-leak {} vrf red{} json".format(what, after))
        found = page["vrfs"]["red"][what]
        entries = {**entries, **found} if kind is dict else entries + found
        pages += 1
        if "more" not in page:
            return entries, pages
        assert 0 < len(found) <= PAGE and page["more"]["vrf"] == "red"
        after = " after " + page["more"]["after"]


def pages_text(r1, command, between=None):
    """
    The (VRF, prefix) of a list's lines; each page ends with the command for the next one. Calls between(page) after
    each page.
    """
    found, pages = [], 0
    while command:
        out = r1.show(command)
        more = re.search(r"^The list continues; next page: (.*)$", out, re.M)
        lines = re.findall(r"^ *(\S+) +(\S+/\d+) ", out, re.M)
        assert lines or not more, "a page has at least one line"
        found += lines
        pages += 1
        command = more[1] if more else None
        if between:
            between(pages)
    return found


def pages_all_json(r1, what):
    "The (VRF, prefix) of all VRFs' entries, page by page as JSON."
    found, command = [], "show ip route-leak {} json".format(what)
    while command:
        page = r1.json(command)
        for vrf, shown in page["vrfs"].items():
            entries = shown[what]
            found += [(vrf, e if what == "routes" else e["prefix"]) for e in entries]
        command = page.get("more", {}).get("command")
    return found


def test_many(r1):
    """
    All routes are leaked. The count and both kinds of pages agree. All are withdrawn, even if zebra does not report it.
    """
    change(r1, "add", ROUTES)
    expect_leaked(r1, COUNT)
    r1.settle()

    routes, pages = pages_json(r1, "routes", dict)
    assert set(routes) >= set(ROUTES) | set(r1.leaked("red")) and pages >= 6
    assert sorted(p for _, p in pages_text(r1, PAGES.format("routes"))) == sorted(routes)
    shown = r1.json("show ip route-leak vrf red json")["vrfs"]["red"]
    assert shown["leakedRoutes"] == len(routes) and not shown["counting"]

    change(r1, "del", ROUTES[: COUNT // 2])
    expect_leaked(r1, COUNT - COUNT // 2)
    change(r1, "del", ROUTES[COUNT // 2 :])
    expect_leaked(r1, 0)


def test_pages_of_all_vrfs(r1):
    "Without a VRF the pages continue through all VRFs: each route of each VRF is shown once."
    change(r1, "add", ROUTES)
    expect_leaked(r1, COUNT)
    r1.settle()
    seen = pages_text(r1, "show ip route-leak routes")
    for vrf in ("blue", "red", "shared"):
        shown = r1.json("show ip route-leak vrf {} json".format(vrf))["vrfs"][vrf]
        assert len([v for v, _ in seen if v == vrf]) == shown["leakedRoutes"]
    assert len(set(seen)) == len(seen) > 2 * COUNT
    expect.equal("text and JSON", sorted(pages_all_json(r1, "routes")), sorted(seen))

    alone = pages_text(r1, "show ip route-leak routes vrf blue")
    expect.equal("blue's pages end with blue", alone, [s for s in seen if s[0] == "blue"])


def test_pages_while_routes_change(r1):
    "Routes and a whole VRF are deleted and added between the pages: what stays is shown, and nothing twice."
    moving, staying = ROUTES[4::5], set(ROUTES) - set(ROUTES[4::5])

    def between(page):
        if page == 2:
            # The page ended in blue, at the 1000th route, which is deleted.
            change(r1, "del", moving)
            expect_leaked(r1, COUNT - len(moving))
        if page == 4:
            change(r1, "add", moving)
            expect_leaked(r1, COUNT)

    change(r1, "replace", ROUTES)
    expect_leaked(r1, COUNT)
    seen = pages_text(r1, "show ip route-leak routes", between)
    assert len(set(seen)) == len(seen)
    for vrf in ("blue", "red"):
        assert staying <= {prefix for v, prefix in seen if v == vrf}

    # The VRF in which the page ended has no statement any more: the next VRF follows.
    seen = pages_text(r1, "show ip route-leak routes from-vrf c after 11.0.0.0/24")
    expect.equal(
        "from a VRF that is not there",
        seen,
        pages_text(r1, "show ip route-leak routes from-vrf red"),
    )
    assert {vrf for vrf, _ in seen} == {"red", "shared"}
    expect.equal(
        "after the last VRF",
        r1.json("show ip route-leak routes from-vrf zz json")["vrfs"],
        {},
    )
    change(r1, "del", ROUTES)
    expect_leaked(r1, 0)


def test_pages_of_conflicts(r1):
    "Conflicts of several VRFs, some with two candidates: a page never ends between the candidates of a prefix."
    prefixes = ROUTES[:601]
    tables = {"e-shared": (10, 2), "e-red": (20, 66), "e-blue": (30, 130)}

    def native(what):
        lines = []
        for ifname, (table, host) in tables.items():
            # red has the first one, and so shared refuses that one of one VRF, and all others of two.
            these = prefixes[1:] if ifname == "e-blue" else prefixes
            line = "route {} {} via 192.0.2.{} dev {} table {}"
            lines += [line.format(what, p, host, ifname, table) for p in these]
        r1.ip_batch(*lines)

    native("add")
    expected = {"shared": 2 * 601 - 1, "red": 601, "blue": 600}
    expect.until_equal(
        "all are refused",
        lambda: {
            vrf: r1.json("show ip route-leak vrf {} json".format(vrf))["vrfs"][vrf]["conflicts"] for vrf in expected
        },
        expected,
        4 * expect.LIMIT,
    )
    seen = pages_text(r1, "show ip route-leak conflicts")
    for vrf, count in expected.items():
        of_vrf = [prefix for v, prefix in seen if v == vrf]
        assert len(of_vrf) == count and set(of_vrf) >= set(prefixes[1:])
    expect.equal("text and JSON", sorted(pages_all_json(r1, "conflicts")), sorted(seen))
    native("del")
    expect_leaked(r1, 0)
    for vrf in expected:
        expect.until_equal("no conflict is left", lambda: r1.conflicts(vrf), [], 4 * expect.LIMIT)


def test_pages_of_vrfs(r1):
    "With very many VRFs the summary has pages, too. The VRFs need not exist."
    named = ["v{:03}".format(number) for number in range(PAGE + 20)]
    r1.commit("".join("vrf {}\n ip route-export 8:8\nexit-vrf\n".format(vrf) for vrf in named))
    try:
        expected = sorted(named + ["blue", "red", "shared"])
        for what in ("", " routes", " conflicts"):
            command, found = "show ip route-leak{} json".format(what), []
            while command:
                page = r1.json(command)
                found.append(list(page["vrfs"]))
                assert all(page["vrfs"].values()), "a VRF is shown whole"
                command = page.get("more", {}).get("command")
            assert len(found) > 1 and all(0 < len(vrfs) <= PAGE for vrfs in found)
            expect.equal("all VRFs by name", sum(found, []), expected)
        out = r1.show("show ip route-leak")
        shown = len(re.findall(r"^VRF ", out, re.M))
        assert 0 < shown <= PAGE
        assert "The list continues; next page: show ip route-leak from-vrf {}\n".format(expected[shown]) in out
        out = r1.show("show ip route-leak from-vrf " + expected[PAGE])
        assert re.findall(r"^VRF (\S+), ", out, re.M) == expected[PAGE:]
    finally:
        r1.commit("".join("vrf {}\n no ip route-export 8:8\nexit-vrf\nno vrf {}\n".format(v, v) for v in named))


def test_conflicts(r1):
    "As many conflicts, in pages. They end when the blocking routes are deleted."
    r1.ip_batch(*["route add {} via 192.0.2.66 dev e-red table 20".format(r) for r in ROUTES])
    change(r1, "add", ROUTES)
    expect.until_equal(
        "all are refused",
        lambda: r1.json("show ip route-leak vrf red json")["vrfs"]["red"]["conflicts"],
        COUNT,
        4 * expect.LIMIT,
    )
    conflicts, pages = pages_json(r1, "conflicts", list)
    assert sorted(c["prefix"] for c in conflicts) == sorted(ROUTES) and pages >= 5
    assert sorted(p for _, p in pages_text(r1, PAGES.format("conflicts"))) == sorted(ROUTES)

    r1.ip_batch(*["route del {} via 192.0.2.66 dev e-red table 20".format(r) for r in ROUTES])
    expect_leaked(r1, COUNT)
    change(r1, "del", ROUTES)
    expect_leaked(r1, 0)
    assert r1.conflicts("red") == []


def dear_map(name):
    """
    The lines of a route-map that compares each route 51,200 times before it permits it, and of the maps that it calls.

    All routes take at least 20 times as long as what-if has, whatever the machine: FRR needs some 10 ns to compare one.
    """
    lines = ["route-map {}0 deny {}\n match tag {}\nexit\n".format(name, i, i) for i in range(1, 201)]
    lines.append("route-map {}0 permit 201\nexit\n".format(name))
    for called, caller in ((name + "0", name + "1"), (name + "1", name)):
        entry = "route-map {} permit {}\n call {}\n on-match next\nexit\n"
        lines += [entry.format(caller, i, called) for i in range(1, 17)]
    return "".join(lines)


def test_what_if_ends(r1):
    "what-if stops at the end of its time budget, early if a route-map is slow, and shows this."
    r1.commit(dear_map("DEAR"))
    try:
        change(r1, "add", ROUTES)
        expect_leaked(r1, COUNT)
        command = "show ip route-leak what-if vrf green import 1:1 route-map DEAR"
        assert r1.json(command + " json")["complete"] is False
        note = re.search(r"^Only the first (\d+) routes were examined$", r1.show(command), re.M)
        assert note and 0 < int(note[1]) < COUNT
    finally:
        r1.commit("".join("no route-map DEAR{}\n".format(part) for part in ("", "1", "0")))
        change(r1, "del", ROUTES)
    expect_leaked(r1, 0)


def test_topology_ends(r1):
    "The topology of very many pairs stops at the end of its time budget, and shows this. The VRFs need not exist."
    named = ["m{:03}".format(number) for number in range(250)]
    line = "vrf {}\n ip route-export 8:8\n ip route-import 8:8\nexit-vrf\n"
    r1.commit("".join(line.format(vrf) for vrf in named))
    try:
        expect.until_equal(
            "they leak to each other",
            lambda: len(r1.json("show ip route-leak vrf m000 json")["vrfs"]["m000"]["sources"]),
            len(named) - 1,
        )
        shown = r1.json("show route-leak topology json")
        assert shown["complete"] is False
        assert 0 < len(shown["ipv4"]) < len(named) * (len(named) - 1)
        assert "Hint: only a part is shown" in r1.show("show route-leak topology")
        assert "  // only a part is shown" in r1.show("show route-leak topology dot")
    finally:
        r1.commit(
            "".join(
                "vrf {0}\n no ip route-export 8:8\n no ip route-import 8:8\nexit-vrf\nno vrf {0}\n".format(v)
                for v in named
            )
        )
    expect.until_equal(
        "all is shown",
        lambda: r1.json("show route-leak topology json")["complete"],
        True,
    )


def test_link_goes(r1):
    "The link of kernel routes is deleted: the kernel drops the routes without a message."
    change(r1, "add", ROUTES)
    expect_leaked(r1, COUNT)
    r1.ip("link", "set", "e-shared", "down")
    try:
        expect_leaked(r1, 0)
    finally:
        r1.ip("link", "set", "e-shared", "up")
    change(r1, "replace", ROUTES)
    expect_leaked(r1, COUNT)
    change(r1, "del", ROUTES)
    expect_leaked(r1, 0)


def test_tag_goes_meanwhile(r1):
    "The tag is removed while the routes are pending: none stays. It is entered again: all are leaked."
    for _ in range(3):
        change(r1, "add", ROUTES)
        r1.change("red", "no ip route-import 1:1")
        expect_leaked(r1, 0)
        r1.settle(target="blue")
        assert leaked(r1) == (0, 0)
        r1.change("red", "ip route-import 1:1")
        expect_leaked(r1, COUNT)
        change(r1, "del", ROUTES)
        expect_leaked(r1, 0)


def events(r1):
    "How many times zebra's event loop has called the module: {event: count}."
    command = "show event cpu" if topology.FRR >= (10, 0) else "show thread cpu"
    called = {}
    for line in r1.show(command).splitlines():
        fields = line.split()
        if fields and fields[-1] in EVENTS:
            called[fields[-1]] = int(fields[2])
    return called


def test_at_rest(r1):
    "While nothing changes, zebra does not call the module for 5 s."
    r1.settle()
    (module,) = glob.glob("/usr/lib/**/vrfleak/*/zebra_vrfleak.so", recursive=True)
    with open(module, "rb") as binary:
        names = binary.read()
    expect.equal(
        "EVENTS names functions of the module",
        [name for name in EVENTS if name.encode() not in names],
        [],
    )
    assert "queue_run" in events(r1), events(r1)

    def called():
        before, start = events(r1), time.monotonic()
        while time.monotonic() < start + 5:
            time.sleep(1)
        return expect.differences(events(r1), before)

    expect.until("nobody calls the module", called, 2 * expect.LIMIT)
