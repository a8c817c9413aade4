# SPDX-License-Identifier: GPL-2.0-or-later
"VRFs of the router under test that come and go while it runs."

import re

from vrfleak import expect, topology
from vrfleak.rib import Rib


class Vrfs(Rib):
    "Makes and deletes VRFs, and waits until zebra has done its part."

    def make_vrf(self, vrf, table, *interfaces):
        """
        Makes a VRF device with its unreachable default routes, and moves interfaces to it.

        The routes are added when zebra has the VRF: zebra 10.3 takes a route of a table that it does not know for one of
        the default VRF, and crashes when the VRF is deleted, without the module too.
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
        Makes many VRFs, {VRF: table}, each but those in without with a dummy interface d-VRF, and no
        unreachable default routes. Returns when
        zebra has them: it takes no routes of a table that it does not know.
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

        Zebra 10.7 may lose those of a VRF that is made again, on a busy machine even when it had seen the VRF go, and
        without the module too: they are then entered again.
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
        Deletes a VRF device; returns when zebra has it no more, and has the interfaces in the default VRF.

        Made again at once, a VRF lacks routes of its own in zebra 10.7, without the module too.
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
