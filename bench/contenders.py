# SPDX-License-Identifier: GPL-2.0-or-later
"""
Who leaks the routes of VRF src to VRF tgt. Each one is made ready first, knows the routes of src then, and does nothing
about tgt until it is told to leak them. What it costs from then on is what is measured.

vrfleak  zebra with this module: an export and an import tag
bgpd     zebra and bgpd: redistribute kernel, import vrf
bird     BIRD: two kernel protocols, and a pipe between their tables
zebra    zebra alone, installing as many routes of its own: ip import-table, from src's table into main (IPv4)
batch    ip -batch into tgt's table
"""

import json
import os
import resource

from machine import TABLES, run, until

FRR = "/usr/lib/frr/"
HAVE_MGMTD = os.path.exists(FRR + "mgmtd")
# As Debian's /etc/frr/daemons has it.
ZEBRA_OPTIONS = ["-d", "-A", "127.0.0.1", "-s", "90000000"]
IP = {4: "ip", 6: "ipv6"}


def vtysh(*commands, daemon=None):
    argv = ["vtysh"] + (["-d", daemon] if daemon else [])
    for command in commands:
        argv += ["-c", command]
    return run(*argv)


class Contender:
    table = "tgt"
    families = (4, 6)

    def __init__(self, machine):
        self.machine = machine
        self.ip = IP[machine.family]

    def ready(self):
        "Starts what there is to start, and waits until it knows src's routes."

    def leak(self):
        "Switches the leak on."

    def notes(self):
        "What else there is to say when all is done: {name: value}."
        return {}

    # ---- what several do ----

    def zebra(self, *options):
        if HAVE_MGMTD:
            self.machine.start("mgmtd", FRR + "mgmtd", "-d", "-A", "127.0.0.1", *options)
        self.machine.start("zebra", FRR + "zebra", *ZEBRA_OPTIONS, *options)
        wanted = len(self.machine.prefixes)

        def known():
            out = vtysh("show {} route vrf src summary json".format(self.ip), daemon="zebra")
            return json.loads(out).get("routesTotal", 0) >= wanted

        until("zebra must know the routes of src", known, prefixes=wanted)


class Vrfleak(Contender):
    name = "vrfleak"
    # What the module has zebra's event loop call, as the loop names it.
    EVENTS = ("work_run", "given_run", "config_run", "audit_run", "refresh_run", "retry_run")

    def ready(self):
        self.zebra("-M", "vrfleak")

    def leak(self):
        vtysh(
            "configure terminal",
            "vrf src",
            "{} route-export 1:1".format(self.ip),
            "exit-vrf",
            "vrf tgt",
            "{} route-import 1:1".format(self.ip),
        )

    def notes(self):
        "Of zebra's event loop: the longest that it was held, and the module's share of zebra's main thread."
        longest = ours = total = 0.0
        command = "show event cpu" if HAVE_MGMTD else "show thread cpu"
        for line in vtysh(command, daemon="zebra").splitlines():
            fields = line.split()
            # Active, runtime in ms, calls, average and maximum in us of CPU, then of wall, ... name
            if len(fields) < 8 or not fields[0].isdigit() or fields[-1] == "TOTAL":
                continue
            total += float(fields[1])
            if fields[-1] in self.EVENTS:
                ours += float(fields[1])
                longest = max(longest, float(fields[6]) / 1000)
        return {"longest_ms": longest, "share": ours / total if total else 0}


class Bgpd(Contender):
    name = "bgpd"
    CONFIG = """
router bgp 65000
 bgp router-id 10.0.0.1
exit
router bgp 65000 vrf src
 bgp router-id 10.0.0.1
exit
router bgp 65000 vrf tgt
 bgp router-id 10.0.0.1
exit
"""
    SWITCH = """
router bgp 65000 vrf src
 address-family {0} unicast
  redistribute kernel
 exit-address-family
exit
router bgp 65000 vrf tgt
 address-family {0} unicast
  import vrf src
 exit-address-family
exit
"""

    def ready(self):
        self.zebra()
        self.machine.start("bgpd", FRR + "bgpd", "-d", "-A", "127.0.0.1", "-p", "0")
        self.configure(self.CONFIG)

    def leak(self):
        self.configure(self.SWITCH.format("ipv{}".format(self.machine.family)))

    @staticmethod
    def configure(text):
        path = "/run/frr/bench.conf"
        with open(path, "w", encoding="utf-8") as output:
            output.write(text)
        run("vtysh", "-d", "bgpd", "-f", path)


class Bird(Contender):
    name = "bird"
    CONFIG = """
router id 10.0.0.1;
ipv{0} table s{0};
ipv{0} table t{0};
protocol device {{ }}
protocol kernel ks {{
  vrf "src"; kernel table {1}; learn; scan time 3600;
  ipv{0} {{ table s{0}; import all; export none; }};
}}
protocol kernel kt {{
  vrf "tgt"; kernel table {2}; scan time 3600;
  ipv{0} {{ table t{0}; import none; export all; }};
}}
protocol pipe leak {{ disabled; table s{0}; peer table t{0}; import none; export all; }}
"""

    def ready(self):
        path = "/run/frr/bird.conf"
        with open(path, "w", encoding="utf-8") as output:
            output.write(self.CONFIG.format(self.machine.family, TABLES["src"], TABLES["tgt"]))
        self.machine.start("bird", "bird", "-c", path, "-P", "/run/frr/bird.pid", "-s", "/run/frr/bird.ctl")
        wanted = len(self.machine.prefixes)
        until(
            "BIRD must know the routes of src",
            lambda: "{} of ".format(wanted) in self.ask("show route table s{} count"),
            prefixes=wanted,
        )

    def leak(self):
        self.ask("enable leak")

    def ask(self, command):
        return run("birdc", "-s", "/run/frr/bird.ctl", *command.format(self.machine.family).split())


class Zebra(Contender):
    name = "zebra"
    table = "main"
    families = (4,)

    def ready(self):
        self.zebra()

    def leak(self):
        vtysh("configure terminal", "ip import-table {}".format(TABLES["src"]))


class Batch(Contender):
    name = "batch"

    def ready(self):
        self.lines = self.machine.batch(TABLES["tgt"])

    def leak(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.machine.ip_batch(self.lines)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def notes(self):
        return {"cpu": self.used}


CONTENDERS = [Vrfleak, Bgpd, Bird, Zebra, Batch]
