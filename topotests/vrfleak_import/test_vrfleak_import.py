#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
'ip import-table' of a VRF's table together with route leaking: zebra does not crash, imported routes stay unchanged,
and nothing leaks from or to the VRF, in whichever order both are configured. Otherwise zebra would import routes leaked
to the VRF into the VRF's own table.

FRR's own import-table deactivates the VRF's static routes permanently, so the test enters them again afterwards. FRR
8.4 does not remove an imported static route when import-table is removed.
"""

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import FRR, HAVE_LOCAL_ROUTES

pytestmark = [pytest.mark.staticd]

OWN = ["192.0.2.64/26", "198.51.100.64/26"] + ["192.0.2.65/32"] * HAVE_LOCAL_ROUTES
STATIC = "ip route 198.51.100.64/26 192.0.2.66"
RED4 = {"192.0.2.64/26": 20, "198.51.100.64/26": 20}
SHARED4 = {"192.0.2.0/26": 10, "198.51.100.0/26": 10}
BLUE4 = {"192.0.2.128/26": 30, "198.51.100.128/26": 30}
IMPORTED = 15
LEAKED = 254


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def table_routes(r1, instance, prefixes):
    "{prefix: distance} of those of the default VRF's routes of type table that have an instance."
    return {
        prefix: route["distance"]
        for prefix, routes in r1.rib("default").items()
        for route in routes
        if route["protocol"] == "table"
        and route["instance"] == instance
        and prefix in prefixes
    }


def expected(distance):
    "table_routes() if all of red's native routes are imported."
    return dict.fromkeys(OWN, distance)


def expect_table_routes(r1, why, instance, routes):
    expect.until_equal(why, lambda: table_routes(r1, instance, routes), routes)


def expect_imported(r1):
    "red's routes are imported and not leaked."
    expect_table_routes(r1, "zebra has imported them", 20, expected(IMPORTED))
    r1.expect_leaked("red leaks nothing", "shared", BLUE4)
    r1.expect_leaked("red takes nothing", "red", {})
    explained = r1.json("show ip route-leak explain vrf red 192.0.2.0/26 json")
    assert explained["sources"]["shared"]["verdict"] == "table-imported"
    hints = " ".join(r1.summary("red")["hints"])
    assert "import-table" in hints, hints
    r1.expect_done()
    expect.equal("they stay", table_routes(r1, 20, OWN), expected(IMPORTED))


def expect_leaking(r1):
    "Without import-table, red leaks again."
    r1.change("red", "no " + STATIC, STATIC)
    r1.expect_leaked("red leaks", "shared", {**RED4, **BLUE4})
    r1.expect_leaked("red takes", "red", SHARED4)
    assert "import-table" not in " ".join(r1.summary("red")["hints"])


@pytest.mark.parametrize("first", ["leak", "import"])
def test_either_order(r1, first):
    "The default VRF imports red's tag and red's table: import-table wins, whichever is configured first."
    lines = ["ip route-import 2:2", "ip import-table 20"]
    if first == "leak":
        r1.configure("default", lines[0])
        expect_table_routes(r1, "leaked", 20, expected(LEAKED))
        r1.configure("default", lines[1])
    else:
        r1.configure("default", lines[1])
        expect_imported(r1)
        r1.configure("default", lines[0])
    expect_imported(r1)
    r1.configure("default", "no " + lines[1])
    expect_leaking(r1)
    again = expected(LEAKED)
    if FRR < (10, 0):
        again["198.51.100.64/26"] = IMPORTED
    expect_table_routes(r1, "leaked again", 20, again)


def test_native_route(r1):
    """
    The default VRF has a native route to an imported connected prefix. Without the module this already makes zebra
    abort.
    """
    r1.configure("default", "ip route 192.0.2.64/26 blackhole")
    expect.until_equal(
        "the static route is there",
        lambda: [route["protocol"] for route in r1.rib("default").get("192.0.2.64/26", [])],
        ["static"],
    )
    r1.configure("default", "ip import-table 20")
    expect_imported(r1)
    selected = [
        route["protocol"]
        for route in r1.rib("default")["192.0.2.64/26"]
        if route.get("selected")
    ]
    assert selected == ["static"], "the lower distance is selected, and nothing else"
    r1.configure("default", "no ip import-table 20")
    expect_leaking(r1)


def test_vrf_later(r1):
    """
    Tags and the import of a table are configured first; then the VRF of the table is created. Its imported routes stay.

    The VRF stays, too: zebra 10.3 crashes when a VRF is deleted whose table had a route before the VRF existed in zebra.
    """
    r1.configure("purple", "ip route-export 5:5")
    r1.configure("default", "ip route-import 5:5", "ip import-table 50")
    r1.ip_batch("link add d0 type dummy", "link set d0 up")
    # Zebra does not import a route whose interface it does not know to be up yet.
    expect.until_equal("zebra knows that d0 is up", lambda: "d0 is up, line protocol is up" in r1.show("show interface d0"), True)
    r1.ip_batch("route add 203.0.113.128/26 dev d0 table 50")
    imported = {"203.0.113.128/26": IMPORTED}
    expect_table_routes(r1, "imported", 50, imported)
    r1.ip_batch(*topology.vrf_commands("purple", 50))
    expect.until_equal(
        "the VRF is there", lambda: r1.summary("purple")["active"], True
    )
    hints = " ".join(r1.summary("purple")["hints"])
    assert "import-table" in hints, hints
    r1.vtysh("clear ip route-leak")
    r1.settle()
    r1.expect_done()
    expect.equal("the imported route stays", table_routes(r1, 50, imported), imported)
