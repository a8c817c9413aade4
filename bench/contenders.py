# SPDX-License-Identifier: GPL-2.0-or-later
"""
The contenders: programs that leak the routes of VRF src to VRF tgt. Each contender is started first. In mode switch, the
routes of src are added, and then the leak is configured; the measurement begins with the configuration. In mode live, the
leak is configured, and then the routes are added; the measurement begins with the first route.

vrfleak  zebra with this module: an export and an import tag
bgpd     zebra and bgpd: redistribute kernel, import vrf
bird     BIRD 2: two kernel protocols, and a pipe between their tables
bird3    the same with a BIRD 3 that Debian's package was unpacked to (leak's option --bird3)
zebra    zebra alone: ip import-table, from the table of src into the main table (IPv4)
zapi     zebra alone: a client, such as a protocol daemon, gives it as many routes in VRF tgt
batch    ip -batch into tgt's table
learn    zebra alone, and no leak: what mode live has in it besides the leak

with_setting() makes contenders of vrfleak and a line of zebra's own configuration.
"""

import json
import os
import resource
import sys

from machine import GATEWAY, TABLES, run, until
from zapi import Client

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
    modes = ("live", "switch")
    # A line of zebra's configuration.
    setting = None

    def __init__(self, machine):
        self.machine = machine
        self.ip = IP[machine.family]

    def ready(self, known):
        "Starts the daemons, and waits until they have this number of routes of src."

    def leak(self):
        "Configures the leak."

    def source(self):
        "Adds the routes of src to the kernel, after leak()."
        self.machine.ip_batch(self.machine.batch(TABLES["src"]))

    def until_done(self, before):
        "Waits until all routes are leaked, and returns that time; before: the quick count when none was."
        return self.machine.until_full(self.table, before)

    def notes(self):
        "Further results, read at the end: {name: value}."
        return {}

    def close(self):
        "Ends what the machine does not end itself."

    # ---- what several do ----

    def zebra(self, known, *options):
        if HAVE_MGMTD:
            self.machine.start("mgmtd", FRR + "mgmtd", "-d", "-A", "127.0.0.1", *options)
        self.machine.start("zebra", FRR + "zebra", *ZEBRA_OPTIONS, *options)
        if self.setting:
            self.configure_zebra(self.setting)
        until("zebra must have the routes of src", lambda: self.zebra_has(known), prefixes=known)
        self.machine.idle()

    def zebra_has(self, number):
        out = vtysh("show {} route vrf src summary json".format(self.ip), daemon="zebra")
        return json.loads(out).get("routesTotal", 0) >= number

    @staticmethod
    def configure_zebra(line):
        try:
            vtysh("configure terminal", line)
        except RuntimeError as refused:
            sys.exit("bench: zebra refuses '{}': {}".format(line, str(refused).splitlines()[-1]))


class Vrfleak(Contender):
    name = "vrfleak"

    def ready(self, known):
        self.zebra(known, "-M", "vrfleak")

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
        "How long the module occupied zebra's main thread: the longest event, and the total."
        durations = json.loads(vtysh("show route-leak statistics json", daemon="zebra"))
        return {"longest_ms": durations["longestUsec"] / 1000, "main_thread_s": durations["totalUsec"] / 1e6}


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

    def ready(self, known):
        self.zebra(known)
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
    program = "bird"
    CONFIG = """
router id 10.0.0.1;
ipv{0} table s{0};
ipv{0} table t{0};
protocol device {{ }}
protocol kernel ks {{
  vrf "src"; kernel table {1}; learn; netlink rx buffer 90000000;
  ipv{0} {{ table s{0}; import all; export none; }};
}}
protocol kernel kt {{
  vrf "tgt"; kernel table {2};
  ipv{0} {{ table t{0}; import none; export all; }};
}}
protocol pipe leak {{ disabled; table s{0}; peer table t{0}; import none; export all; }}
"""

    def ready(self, known):
        path = "/run/frr/bird.conf"
        with open(path, "w", encoding="utf-8") as output:
            output.write(self.CONFIG.format(self.machine.family, TABLES["src"], TABLES["tgt"]))
        self.machine.start("bird", self.program, "-c", path, "-P", "/run/frr/bird.pid", "-s", "/run/frr/bird.ctl")
        until(
            "BIRD must have the routes of src",
            lambda: "{} of ".format(known) in self.ask("show route table s{} count"),
            prefixes=known,
        )
        self.machine.idle()

    def leak(self):
        self.ask("enable leak")

    def ask(self, command):
        return run("birdc", "-s", "/run/frr/bird.ctl", *command.format(self.machine.family).split())


def bird3(directory):
    "The contender that is BIRD 3, from the directory that Debian's package was unpacked to."
    return type("Bird3", (Bird,), {"name": "bird3", "program": os.path.join(directory, "usr/sbin/bird")})


def with_setting(line):
    "The contender that is vrfleak, with a line of zebra's configuration."
    return type("Setting", (Vrfleak,), {"name": "vrfleak, " + line, "setting": line})


class Zebra(Contender):
    name = "zebra"
    table = "main"
    families = (4,)
    # zebra imports the existing routes of another VRF's table, but no later ones.
    modes = ("switch",)

    def ready(self, known):
        self.zebra(known)

    def leak(self):
        vtysh("configure terminal", "ip import-table {}".format(TABLES["src"]))


class Zapi(Contender):
    name = "zapi"

    def ready(self, known):
        self.zebra(known)
        self.client = Client("tgt", GATEWAY[self.machine.family], "d-src", "src")
        self.encoded = self.client.encode(self.machine.prefixes)

    def leak(self):
        if self.machine.mode == "switch":
            self.client.send(self.encoded)

    def source(self):
        super().source()
        self.client.send(self.encoded)

    def close(self):
        self.client.close()


class Batch(Contender):
    name = "batch"

    def ready(self, known):
        self.lines = self.machine.batch(TABLES["tgt"])
        self.before = self.used()

    @staticmethod
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def leak(self):
        if self.machine.mode == "switch":
            self.machine.ip_batch(self.lines)

    def source(self):
        super().source()
        self.before = self.used()
        self.machine.ip_batch(self.lines)

    def notes(self):
        return {"cpu": self.used() - self.before}


class Learn(Contender):
    name = "learn"
    modes = ("live",)

    def ready(self, known):
        self.zebra(known)

    def until_done(self, before):
        "Zebra is idle, which is known to 0.1 s, and has all routes of src."
        since = self.machine.until_idle()
        wanted = len(self.machine.prefixes)
        until("zebra must have the routes of src", lambda: self.zebra_has(wanted), prefixes=wanted)
        return since


CONTENDERS = [Vrfleak, Bgpd, Bird, Zebra, Zapi, Batch, Learn]
