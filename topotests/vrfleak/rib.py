# SPDX-License-Identifier: GPL-2.0-or-later
"The routes in zebra and in the module: reads them, and waits for them."

from vrfleak import expect, kernel, topology
from vrfleak.config import Config
from vrfleak.vty import IP


class Rib(Config):
    "Routes, leaked routes and conflicts, and waiting until no work is left."

    def rib(self, vrf, family=4):
        "Zebra's routes of a VRF: {prefix: [route]}."
        if vrf == "default":
            return self.json("show {} route json".format(IP[family]))
        return self.json("show {} route vrf {} json".format(IP[family], vrf))

    def leaked(self, vrf, family=4):
        """
        {prefix: instance} of a VRF's leaked routes that are in use, as zebra's RIB has them; '-' where not in use.

        Without the router's own addresses, which only some versions of zebra have as routes; for those see the
        scenario vrfleak_seed.
        """
        return {
            prefix: route["instance"]
            if route.get("selected") and route.get("installed")
            else "-"
            for prefix, routes in self.rib(vrf, family).items()
            for route in routes
            if route["protocol"] == "table"
            and not topology.is_own(prefix, route["nexthops"][0].get("interfaceName"))
        }

    def expect_leaked(self, why, vrf, expected, family=4):
        "Waits until the VRF's leaked routes are exactly these: {prefix: instance}."
        expect.until_equal(
            "VRF {}, IPv{}: {}".format(vrf, family, why),
            lambda: self.leaked(vrf, family),
            expected,
        )

    def expect_full(self):
        "Waits until zebra and the kernel have all routes that the topology's tags leak."
        for family in (4, 6):
            expect.until_equal(
                "leaked routes, IPv{}".format(family),
                lambda: [len(self.leaked(vrf, family)) for vrf in ("shared", "red", "blue", "green")],
                [4, 2, 2, 0],
            )
            expect.until_equal(
                "leaked routes in the kernel, IPv{}".format(family),
                lambda: [len(kernel.zebra_routes(self, table, family)) for table in (10, 20, 30, 40)],
                [4, 2, 2, 0],
            )

    def leaked_route(self, vrf, prefix, family=4):
        "The leaked route to a prefix in zebra's RIB, or None."
        for route in self.rib(vrf, family).get(prefix, []):
            if route["protocol"] == "table":
                return route
        return None

    def conflicts(self, vrf, family=4):
        "The conflict table of a VRF, sorted, without times."
        shown = self.json(
            "show {} route-leak conflicts vrf {} json".format(IP[family], vrf)
        )
        conflicts = shown["vrfs"][vrf]["conflicts"]
        for conflict in conflicts:
            assert conflict.pop("sinceSeconds") >= 0
        return sorted(conflicts, key=str)

    def expect_conflicts(self, why, vrf, expected, family=4):
        expect.until_equal(
            "conflicts of VRF {}, IPv{}: {}".format(vrf, family, why),
            lambda: self.conflicts(vrf, family),
            sorted(expected, key=str),
        )

    def summary(self, vrf, family=4):
        "The output of `show ip route-leak` for a VRF."
        shown = self.json("show {} route-leak vrf {} json".format(IP[family], vrf))
        assert list(shown["vrfs"]) == [vrf], "only {} was asked for: {}".format(
            vrf, shown
        )
        return shown["vrfs"][vrf]

    def settle(self, source="shared", target="red", via="192.0.2.2"):
        """
        Waits until all changes so far have been processed.

        A new route of source that leaks to target is the last entry of each queue: staticd's, zebra's, the
        module's, the kernel's. When it has been added and deleted, all earlier entries have been processed. Call this
        before a check that something has not happened.
        """
        line = "ip route 203.0.113.254/32 " + via
        for command, there in ((line, True), ("no " + line, False)):
            self.change(source, command)
            expect.until_equal(
                "a route of VRF {} leaks to VRF {}: {}".format(source, target, there),
                lambda: "203.0.113.254/32" in self.leaked(target),
                there,
            )
        expect.until_equal(
            "the kernel has deleted it",
            lambda: self.ip("route", "show", "table", "all", "203.0.113.254"),
            "",
        )

    def expect_done(self):
        "Waits until the module has no work left and has freed its queues."
        keys = ("changedPrefixes", "pendingRoutes", "tableWalks", "nexthopGroups")

        def left():
            shown = self.json("show route-leak statistics json")
            return {key: shown[key] for key in keys}

        expect.until_equal(
            "nothing is left to do", left, dict.fromkeys(keys, 0), 4 * expect.LIMIT
        )
