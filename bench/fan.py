# SPDX-License-Identifier: GPL-2.0-or-later
"""
A machine with many VRFs, and configuration by VRF.
"""

import ipaddress

from contenders import FRR, HAVE_MGMTD, ZEBRA_OPTIONS, vtysh
from machine import Machine, run, until
from zapi import Client


class Fan(Machine):
    "A machine with many VRFs: v0, v1, ..., each with a dummy interface and a connected network."

    def __init__(self, count):
        super().__init__([], 4)
        self.vrfs = ["v{}".format(i) for i in range(count)]
        self.clients = []

    def __enter__(self):
        lines = []
        for i, vrf in enumerate(self.vrfs):
            lines += [
                "link add {} type vrf table {}".format(vrf, 1000 + i),
                "link set {} up".format(vrf),
                "link add d-{} type dummy".format(vrf),
                "link set d-{0} master {0} up".format(vrf),
                "address add {}/30 dev d-{}".format(self.address(i), vrf),
            ]
        run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.close()
        self.end_daemons()
        lines = ["link del {}{}".format(kind, vrf) for vrf in self.vrfs for kind in ("d-", "")]
        run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")

    def start_daemons(self, *others):
        "Starts zebra with the module, mgmtd where there is one, and others; waits until zebra knows the VRFs."
        if HAVE_MGMTD:
            self.start("mgmtd", FRR + "mgmtd", "-d", "-A", "127.0.0.1", "-M", "vrfleak")
        self.start("zebra", FRR + "zebra", *ZEBRA_OPTIONS, "-M", "vrfleak")
        for name in others:
            self.start(name, FRR + name, "-d", "-A", "127.0.0.1")
        until("zebra must know the VRFs", lambda: vtysh("show vrf", daemon="zebra").count(" id ") >= len(self.vrfs), prefixes=20000)

    @staticmethod
    def address(number):
        return ipaddress.ip_address("10.0.0.1") + 4 * number

    def source(self, number, routes, base):
        share = self.clients[0] if self.clients else None
        client = Client(self.vrfs[number], str(self.address(number) + 1), "d-" + self.vrfs[number], share=share)
        first = ipaddress.ip_address("11.0.0.0") + 256 * base
        client.add(["{}/24".format(first + 256 * i) for i in range(routes)])
        self.clients.append(client)


def write(path, lines):
    "Writes a configuration: {number of a VRF: its lines}."
    with open(path, "w", encoding="utf-8") as output:
        for vrf, texts in sorted(lines.items()):
            output.write("vrf v{}\n{}\nexit-vrf\n".format(vrf, "\n".join(texts)))


def commit(lines):
    path = "/run/frr/bench.conf"
    write(path, lines)
    run("vtysh", "-f", path)
