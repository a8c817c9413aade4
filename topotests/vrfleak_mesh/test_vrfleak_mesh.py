#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
All VRFs leak to each other. The source of each prefix does not depend on the order in which the module processes the
VRFs, whether after one commit of all statements or after a prefix has changed in all VRFs at once.
"""

import re

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

COUNT, OWN, SHARED = 12, 30, 24
VRFS = ["m{:02}".format(number) for number in range(COUNT)]

# Two tags; each is exported by half of the VRFs. Every third VRF prefers the first one, the others the second one.
EXPORT = {vrf: 1 + number % 2 for number, vrf in enumerate(VRFS)}
IMPORT = {vrf: [1, 2] if number % 3 == 0 else [2, 1] for number, vrf in enumerate(VRFS)}

ALL = "13.0.0.0/24"


def routes_of(number):
    "A VRF's native routes: some that no other VRF has, and some that a second VRF has, too."
    own = ["11.{}.{}.0/24".format(number, i) for i in range(OWN)]
    shared = [i for i in range(SHARED) if number in (i % COUNT, (i + 5) % COUNT)]
    return own + ["12.0.{}.0/24".format(i) for i in shared]


ROUTES = {vrf: routes_of(number) for number, vrf in enumerate(VRFS)}


def route_line(what, vrf, prefix):
    "An `ip -batch` line."
    return "route {} {} dev d-{} table {}".format(
        what, prefix, vrf, 1000 + VRFS.index(vrf)
    )


def setup_module(mod):
    topology.start(mod, [])


def teardown_module():
    topology.stop()


def commit_lines(r1):
    """
    Configures all statements in one commit. In FRR 8.4 each line is a commit, so the order matters: first all exports,
    then each VRF's imports, the preferred tag first.
    """
    text, block = "", "vrf {}\n ip route-{} 9:{}\nexit-vrf\n"
    for vrf in VRFS:
        text += block.format(vrf, "export", EXPORT[vrf])
    for vrf in VRFS:
        for tag in IMPORT[vrf]:
            text += block.format(vrf, "import", tag)
    r1.commit(text)


def best(target, sources, tags=None):
    "The source that the target takes if all offer the prefix at once: by the order of its imports, then by name."
    tags = IMPORT[target] if tags is None else tags
    able = [vrf for vrf in sources if vrf != target and EXPORT[vrf] in tags]
    return min(able, key=lambda vrf: (tags.index(EXPORT[vrf]), vrf), default=None)


def owners(routes):
    found = {}
    for vrf, prefixes in routes.items():
        for prefix in prefixes:
            found.setdefault(prefix, []).append(vrf)
    return found


def expected(target, routes):
    "({prefix: source}, the refused (prefix, source, reason)) of a target if all sources offered at once."
    installed, refused = {}, []
    for prefix, sources in owners(routes).items():
        others = [vrf for vrf in sources if vrf != target]
        if target in sources:
            refused += [(prefix, vrf, "native-route") for vrf in others]
            continue
        installed[prefix] = best(target, others)
        refused += [(prefix, vrf, "other-source") for vrf in others if vrf != installed[prefix]]
    return installed, sorted(refused)


def seen(r1, target):
    "The same, as the router shows it."
    shown = r1.json("show ip route-leak routes vrf {} json".format(target))
    installed = {
        prefix: route["source"]
        for prefix, route in shown["vrfs"][target]["routes"].items()
    }
    refused = [(c["prefix"], c["loser"], c["reason"]) for c in r1.conflicts(target)]
    return installed, sorted(refused)


def expect_mesh(r1, why, routes):
    for target in VRFS:
        expect.until_equal(
            "{}, in {}".format(why, target),
            lambda: seen(r1, target),
            expected(target, routes),
        )


def kernel_count(r1, target):
    shown = r1.ip("route", "show", "vrf", target, "proto", "zebra")
    return len(re.findall(r"^1[123]\.", shown, re.M))


def test_one_commit(r1):
    "All statements in one commit: each target has each prefix from the source that its imports prefer."
    r1.make_dummy_vrfs({vrf: 1000 + number for number, vrf in enumerate(VRFS)})
    r1.ip_batch(*[route_line("add", vrf, prefix) for vrf in VRFS for prefix in ROUTES[vrf]])
    expect.until_equal(
        "zebra has the VRFs' routes",
        lambda: {vrf: len(r1.rib(vrf)) for vrf in VRFS},
        {vrf: len(ROUTES[vrf]) for vrf in VRFS},
    )
    commit_lines(r1)
    expect_mesh(r1, "after the commit", ROUTES)
    for target in VRFS:
        expect.until_equal(
            "the kernel has what is leaked to {}".format(target),
            lambda: kernel_count(r1, target),
            len(expected(target, ROUTES)[0]),
        )


def test_at_once(r1):
    "A prefix is added in all VRFs at once, deleted in all but one, and added in another one."
    r1.ip_batch(*[route_line("add", vrf, ALL) for vrf in VRFS])
    expect_mesh(
        r1, "all have it themselves", {vrf: ROUTES[vrf] + [ALL] for vrf in VRFS}
    )

    r1.ip_batch(*[route_line("del", vrf, ALL) for vrf in VRFS if vrf != "m05"])
    left = {**ROUTES, "m05": ROUTES["m05"] + [ALL]}
    expect_mesh(r1, "one has it", left)

    # In m04 it is a native route, elsewhere the first source keeps it.
    r1.ip_batch(route_line("add", "m04", ALL))
    for target in VRFS:
        installed, refused = expected(target, left)
        if target == "m04":
            del installed[ALL]
            refused.append((ALL, "m05", "native-route"))
        elif target == "m05":
            refused.append((ALL, "m04", "native-route"))
        else:
            refused.append((ALL, "m04", "other-source"))
        expect.until_equal(
            "a second one has it, in {}".format(target),
            lambda: seen(r1, target),
            (installed, sorted(refused)),
        )

    r1.ip_batch(route_line("del", "m05", ALL))
    left = {**ROUTES, "m04": ROUTES["m04"] + [ALL]}
    expect_mesh(r1, "the second one takes over", left)
    r1.ip_batch(route_line("del", "m04", ALL))
    expect_mesh(r1, "nobody has it", ROUTES)


def test_tag(r1):
    "An import is removed: its routes are withdrawn or replaced. It is entered again: the new owners keep the prefixes."
    r1.change("m00", "no ip route-import 9:1")
    installed, refused = {}, []
    for prefix, sources in owners(ROUTES).items():
        able = [vrf for vrf in sources if vrf != "m00" and EXPORT[vrf] == 2]
        if "m00" in sources:
            refused += [(prefix, vrf, "native-route") for vrf in able]
        elif able:
            installed[prefix] = best("m00", able, [2])
            refused += [(prefix, vrf, "other-source") for vrf in able if vrf != installed[prefix]]
    expect.until_equal(
        "m00 imports of one half", lambda: seen(r1, "m00"), (installed, sorted(refused))
    )

    r1.change("m00", "ip route-import 9:1")
    for prefix, sources in owners(ROUTES).items():
        able = [vrf for vrf in sources if vrf != "m00" and EXPORT[vrf] == 1]
        if "m00" in sources:
            refused += [(prefix, vrf, "native-route") for vrf in able]
            continue
        if able:
            installed.setdefault(prefix, best("m00", able))
        refused += [(prefix, vrf, "other-source") for vrf in able if vrf != installed[prefix]]
    expect.until_equal(
        "m00 imports of both", lambda: seen(r1, "m00"), (installed, sorted(refused))
    )


def test_clear(r1):
    "clear revalidates all routes to the end, and changes none."
    before = {vrf: seen(r1, vrf) for vrf in VRFS}
    status, out = r1.vtysh("clear ip route-leak")
    assert status == 0 and "%" not in out
    r1.expect_done()
    expect.equal("as before", {vrf: seen(r1, vrf) for vrf in VRFS}, before)


def test_many_own(r1):
    "Three VRFs that leak to each other have more native routes than the module keeps a list of."
    few, count = ["n0", "n1", "n2"], 1500
    r1.make_dummy_vrfs({vrf: 2000 + number for number, vrf in enumerate(few)})
    lines, text = [], ""
    for number, vrf in enumerate(few):
        lines += [
            "route add 14.{}.{}.{}/32 dev d-{} table {}".format(
                number, i >> 8, i & 255, vrf, 2000 + number
            )
            for i in range(count)
        ]
        text += "vrf {0}\n ip route-export 7:7\n ip route-import 7:7\nexit-vrf\n".format(vrf)
    r1.ip_batch(*lines)
    expect.until_equal(
        "zebra has the VRFs' routes",
        lambda: [len(r1.rib(vrf)) for vrf in few],
        [count] * len(few),
        4 * expect.LIMIT,
    )

    def leaked():
        return [r1.summary(vrf)["leakedRoutes"] for vrf in few]

    r1.commit(text)
    expect.until_equal("all to all", leaked, [2 * count] * 3, 4 * expect.LIMIT)
    r1.commit(text.replace(" ip", " no ip"))
    expect.until_equal(
        "nothing is left",
        lambda: [len(r1.rib(vrf)) for vrf in few],
        [count] * len(few),
        4 * expect.LIMIT,
    )


def test_at_rest(r1):
    "The memory of table walks is freed when they are done."
    def kept():
        lines = r1.show("show memory").splitlines()
        kinds = ("native prefixes", "table walk", "changed prefix")
        return [line for line in lines if any(kind in line for kind in kinds)]

    expect.until_equal(
        "nothing is kept",
        lambda: [line for line in kept() if not re.search(r": +0 ", line)],
        [],
    )
