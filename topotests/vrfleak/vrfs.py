# SPDX-License-Identifier: GPL-2.0-or-later
"VRFs of the router under test that are created and deleted while it runs."

import re

from vrfleak import expect, topology
from vrfleak.rib import Rib


class Vrfs(Rib):
    "Creates and deletes VRFs, and waits until zebra has processed the change."

    def make_vrf(self, vrf, table, *interfaces):
        """
        Creates a VRF device with its unreachable default routes, and moves interfaces into it.

        The routes are added when zebra has the VRF. Zebra 10.3 assigns a route of an unknown table to the default VRF,
        and crashes when the VRF is deleted, also without the module.
        """
        self.ip_batch(*topology.vrf_commands(vrf, table))
        expect.until_equal(
            "zebra has VRF {}".format(vrf),
            lambda: "vrf {} id ".format(vrf) in self.show("show vrf")
            and " table {}".format(table) in self.show("show vrf"),
            True,
        )
        self.ip_batch(
            *topology.unreachable_commands(table),
            *["link set {} master {}".format(ifname, vrf) for ifname in interfaces]
        )
        if interfaces and topology.FRR >= (10, 7):
            self.expect_static(vrf)

    def make_dummy_vrfs(self, tables, without=()):
        """
        Creates many VRFs, {VRF: table}, without unreachable default routes. Each has a dummy interface d-VRF, except
        those in `without`. Returns when zebra has them: it accepts no routes of a table that it does not know.
        """
        lines = []
        for vrf, table in tables.items():
            lines += topology.vrf_commands(vrf, table)
            if vrf not in without:
                lines += [
                    "link add d-{} type dummy".format(vrf),
                    "link set d-{0} master {0} up".format(vrf),
                ]
        self.ip_batch(*lines)
        expect.until_equal(
            "zebra has the VRFs",
            lambda: set(tables)
            - set(re.findall(r"^vrf (\S+) id \d+ table ", self.show("show vrf"), re.M)),
            set(),
        )
        for vrf in tables:
            if vrf not in without:
                expect.until_equal(
                    "zebra has the interface of VRF " + vrf,
                    lambda: "vrf: " + vrf in self.show("show interface d-" + vrf),
                    True,
                )

    def expect_static(self, vrf):
        """
        Waits for a VRF's configured static routes.

        Zebra 10.7 may lose the static routes of a VRF that is deleted and created again, also without the module. They
        are then entered again.
        """
        lines = {
            line: (line.split()[2], 6 if line.startswith("ipv6") else 4)
            for line in self.block(vrf)
            if line.startswith(("ip route ", "ipv6 route "))
        }

        def missing():
            return [
                line
                for line, (prefix, family) in lines.items()
                if "static"
                not in [
                    route["protocol"] for route in self.rib(vrf, family).get(prefix, [])
                ]
            ] or None

        why = "static routes of VRF {} are in zebra".format(vrf)
        try:
            expect.until(why, missing, limit=expect.LIMIT / 12)
        except AssertionError:
            lost = missing() or []
            self.enter([(vrf, "no " + line) for line in lost])
            self.enter([(vrf, line) for line in lost])
            expect.until(why, missing)

    def delete_vrf(self, vrf, *interfaces):
        """
        Deletes a VRF device. Returns when zebra no longer has the VRF, and has its interfaces in the default VRF.

        A VRF that is created again at once lacks its native routes in zebra 10.7, also without the module.
        """
        self.ip("link", "del", vrf)
        for ifname in interfaces:
            expect.until_equal(
                "zebra has {} in the default VRF".format(ifname),
                lambda: "vrf: default" in self.show("show interface " + ifname),
                True,
            )
        expect.until_equal(
            "zebra has no VRF {}".format(vrf),
            lambda: "vrf {} id ".format(vrf) in self.show("show vrf"),
            False,
        )
