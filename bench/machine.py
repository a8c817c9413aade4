# SPDX-License-Identifier: GPL-2.0-or-later
"""
What a contender runs in: VRF src, whose table is full of routes, and VRF tgt, whose table is empty; and the measuring of
processes and of kernel tables.

Invariant: whatever a contender started is gone when its machine is left, and so are its routes.
"""

import ipaddress
import os
import random
import signal
import socket
import struct
import subprocess
import time

TABLES = {"src": 10, "tgt": 20, "main": 254}
GATEWAY = {4: "10.0.0.2", 6: "2001:db8::2"}
# Seconds for anything, and a second more for so many prefixes.
PATIENCE, PREFIXES_PER_SECOND = 60, 500
TICK = os.sysconf("SC_CLK_TCK")


class Late(Exception):
    "Something did not come about in time."


def until(what, condition, pause=0.2, prefixes=0):
    "Waits until condition() holds; returns its value. Gives up (Late) after a time that suits the number of prefixes."
    end = time.monotonic() + PATIENCE + prefixes / PREFIXES_PER_SECOND
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise Late(what)


def run(*argv, stdin=None):
    "Runs a command, which must succeed; returns what it printed."
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError("{}: {}{}".format(" ".join(argv), done.stdout, done.stderr))
    return done.stdout


class Lookups:
    """
    Asks the kernel for the route to an address in a VRF, over netlink: it costs no process, and no dump of a table.

    Which route it is is not looked at: of IPv6 routes that share a next-hop object, the kernel names any.
    """

    RTM_NEWROUTE, RTM_GETROUTE, NLM_F_REQUEST, RTM_F_FIB_MATCH = 24, 26, 1, 0x2000
    RTA_DST, RTA_OIF = 1, 4

    def __init__(self, family):
        self.family = socket.AF_INET if family == 4 else socket.AF_INET6
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.bind((0, 0))

    def found(self, address, device):
        "Whether there is a route to the address; device: a VRF's, None: the main table."
        packed = ipaddress.ip_address(address).packed
        attributes = struct.pack("HH", 4 + len(packed), self.RTA_DST) + packed
        if device:
            attributes += struct.pack("HHI", 8, self.RTA_OIF, socket.if_nametoindex(device))
        body = struct.pack("BBBBBBBBI", self.family, 8 * len(packed), 0, 0, 0, 0, 0, 0, self.RTM_F_FIB_MATCH)
        size = 16 + len(body) + len(attributes)
        header = struct.pack("IHHII", size, self.RTM_GETROUTE, self.NLM_F_REQUEST, 1, 0)
        self.socket.send(header + body + attributes)
        return struct.unpack_from("IH", self.socket.recv(65536))[1] == self.RTM_NEWROUTE


class Machine:
    def __init__(self, prefixes, family):
        self.prefixes = prefixes
        self.family = family
        self.pids = {}
        self.lookups = Lookups(family)

    def __enter__(self):
        lines = []
        for vrf in ("src", "tgt"):
            lines += [
                "link add {} type vrf table {}".format(vrf, TABLES[vrf]),
                "link set {} up".format(vrf),
                "link add d-{} type dummy".format(vrf),
                "link set d-{0} master {0} up".format(vrf),
            ]
        lines += ["address add 10.0.0.1/24 dev d-src", "address add 2001:db8::1/64 dev d-src nodad"]
        run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")
        return self

    def __exit__(self, *_):
        for pid in self.pids.values():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for pid in self.pids.values():
            until("a daemon must end", lambda: not self.lives(pid))
        # The routes go with the device that they go through.
        for link in ("d-src", "d-tgt", "src", "tgt"):
            run("ip", "link", "del", link)

    @staticmethod
    def lives(pid):
        try:
            with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
                return stat.read().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    def batch(self, table):
        "The lines that put the routes into a table by `ip -batch`."
        line = "route add {{}} via {} dev d-src table {} onlink\n".format(GATEWAY[self.family], table)
        return "".join(line.format(prefix) for prefix in self.prefixes)

    def ip_batch(self, lines):
        run("ip", "-{}".format(self.family), "-batch", "-", stdin=lines)

    # ---- daemons ----

    def start(self, name, *argv):
        "Starts a daemon that puts itself into the background and writes its process number to /run/frr/NAME.pid."
        path = "/run/frr/{}.pid".format(name)
        if os.path.exists(path):
            os.unlink(path)
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(name + " must start", lambda: os.path.exists(path) and os.path.getsize(path))
        with open(path, encoding="utf-8") as pid:
            self.pids[name] = int(pid.read())

    def cpu(self):
        "Seconds of processor time that the daemons have used, user and system."
        total = 0
        for pid in self.pids.values():
            with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
                fields = stat.read().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def peak(self):
        "MiB that the daemons together had at their peaks."
        total = 0
        for pid in self.pids.values():
            with open("/proc/{}/status".format(pid), encoding="utf-8") as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        return total / 1024

    # ---- kernel tables ----

    def count(self, table):
        "How many of the benchmark's routes a table has."
        out = run("ip", "-{}".format(self.family), "route", "show", "table", str(TABLES[table]))
        return out.count("via {} dev d-src ".format(GATEWAY[self.family])) + out.count(
            "via {} dev d-src\n".format(GATEWAY[self.family]))

    def until_full(self, table):
        """
        Returns when a table has all routes.

        Samples are looked up before the table is counted, as that takes the kernel some time where it is large.
        """
        device = None if table == "main" else table
        samples = random.Random(1).sample(self.prefixes, min(200, len(self.prefixes)))
        for prefix in samples:
            address = prefix.split("/")[0]
            until(
                "{} in table {}".format(prefix, table),
                lambda: self.lookups.found(address, device),
                0.01,
                len(self.prefixes),
            )
        wanted = len(self.prefixes)
        until("{} routes in table {}".format(wanted, table), lambda: self.count(table) == wanted, 0.1, wanted)
