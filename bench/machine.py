# SPDX-License-Identifier: GPL-2.0-or-later
"""
The environment of a contender: VRF src, whose table is full of routes, and VRF tgt, whose table is empty. It measures
processes and kernel tables.

Invariant: when the context manager exits, the contender's daemons and routes are gone.
"""

import glob
import os
import re
import signal
import socket
import subprocess
import time

from pyroute2.netlink import NLM_F_CREATE, NLM_F_REPLACE, NLM_F_REQUEST, rtnl
from pyroute2.netlink.rtnl.rtmsg import rtmsg

SO_RCVBUFFORCE, ONLINK = 33, 4

TABLES = {"src": 10, "tgt": 20, "main": 254}
GATEWAY = {4: "10.0.0.2", 6: "2001:db8::2"}
# The timeout of each step in seconds, and the number of prefixes that extend it by a second.
PATIENCE, PREFIXES_PER_SECOND = 300, 500
TICK = os.sysconf("SC_CLK_TCK")


class Late(Exception):
    "A condition was not met in time."


def until(what, condition, pause=0.2, prefixes=0):
    "Waits until condition() is true and returns its value. Raises Late after a timeout that grows with the number of prefixes."
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


class Netlink:
    """
    Adds single routes to a kernel table and deletes them, and waits for the notification of a change in another table. It
    starts no process, so that only the router's time is measured.
    """

    NEWROUTE, DELROUTE = rtnl.RTM_NEWROUTE, rtnl.RTM_DELROUTE

    def __init__(self, family):
        self.family = socket.AF_INET if family == 4 else socket.AF_INET6
        self.sender = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.listener.bind((0, rtnl.RTMGRP_IPV4_ROUTE if family == 4 else rtnl.RTMGRP_IPV6_ROUTE))
        self.listener.settimeout(PATIENCE)

    def send(self, what, table, prefix, gateway, device):
        "Returns the time at which it was sent."
        address, _, length = prefix.partition("/")
        message = rtmsg()
        message["family"], message["dst_len"] = self.family, int(length)
        message["proto"], message["type"] = rtnl.rt_proto["boot"], rtnl.rt_type["unicast"]
        message["flags"] = ONLINK
        message["attrs"] = [
            ["RTA_DST", address],
            ["RTA_TABLE", TABLES[table]],
            ["RTA_GATEWAY", gateway],
            ["RTA_OIF", socket.if_nametoindex(device)],
        ]
        message["header"]["type"] = what
        message["header"]["flags"] = NLM_F_REQUEST | (NLM_F_CREATE | NLM_F_REPLACE if what == self.NEWROUTE else 0)
        message.encode()
        now = time.monotonic()
        self.sender.send(message.data)
        return now

    def hear(self, what, table, prefix):
        "Returns the time of the kernel's notification."
        address, _, length = prefix.partition("/")
        while True:
            try:
                data = self.listener.recv(65536)
            except TimeoutError as late:
                raise Late("the kernel must report {} of {}".format(what, prefix)) from late
            now = time.monotonic()
            message = rtmsg(data)
            message.decode()
            if (message["header"]["type"], message["dst_len"]) != (what, int(length)):
                continue
            if (message.get_attr("RTA_DST"), message.get_attr("RTA_TABLE")) == (address, TABLES[table]):
                return now

    def close(self):
        "Closes the sockets: an unread notification socket costs the kernel time with each route."
        self.sender.close()
        self.listener.close()


class Machine:
    def __init__(self, prefixes, family, mode="switch"):
        self.prefixes = prefixes
        self.family = family
        self.mode = mode
        self.pids = {}

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

    def end_daemons(self):
        for pid in self.pids.values():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for pid in self.pids.values():
            until("a daemon must end", lambda: not self.lives(pid))

    def __exit__(self, *_):
        self.end_daemons()
        # The kernel deletes the routes with their device.
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
        "The `ip -batch` lines that add the routes to a table."
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
        "The processor time of the daemons in seconds, user and system."
        total = 0
        for pid in self.pids.values():
            with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
                fields = stat.read().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def thread_cpu(self, daemon):
        "The processor time of a daemon's threads in seconds: {thread's name: user and system time}; {} if it does not run."
        found = {}
        for path in glob.glob("/proc/{}/task/*/stat".format(self.pids[daemon])) if daemon in self.pids else []:
            with open(path, encoding="utf-8") as stat:
                name, _, rest = stat.read().partition("(")[2].rpartition(")")
            fields = rest.split()
            found[name] = found.get(name, 0) + (int(fields[11]) + int(fields[12])) / TICK
        return found

    def until_idle(self):
        "Waits until the daemons use (almost) no processor time for a second. Returns the start of that second."
        last, since = self.cpu(), time.monotonic()
        while True:
            time.sleep(0.1)
            now = self.cpu()
            if now - last > 0.01:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > 1:
                return since

    def idle(self):
        "Waits until the daemons are idle."
        self.until_idle()

    def peak(self):
        "The sum of the daemons' peak memory, in MiB."
        total = 0
        for pid in self.pids.values():
            with open("/proc/{}/status".format(pid), encoding="utf-8") as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        return total / 1024

    # ---- kernel tables ----

    def count(self, table):
        "The number of the benchmark's routes in a table, from a dump of it: exact, and slow for a large table."
        out = run("ip", "-{}".format(self.family), "route", "show", "table", str(TABLES[table]))
        gateway = GATEWAY[self.family]
        return len(re.findall(r" via {} dev d-src(?: |$)".format(re.escape(gateway)), out, re.M))

    def quick_count(self, table):
        """
        The number of routes, from the kernel's statistics: for IPv4 in the table, for IPv6 in all tables. It includes
        routes that are not the benchmark's.
        """
        if self.family == 6:
            with open("/proc/net/rt6_stats", encoding="utf-8") as stats:
                return int(stats.read().split()[3], 16)
        with open("/proc/net/fib_triestat", encoding="utf-8") as stats:
            name = "Main" if table == "main" else "Id {}".format(TABLES[table])
            found = re.search(r"^{}:.*?Prefixes: *(\d+)".format(name), stats.read(), re.M | re.S)
            return int(found[1]) if found else 0

    def until_count(self, table, wanted, least):
        """
        Waits until the quick count is wanted or more (least: or less), and then until the exact count of the
        benchmark's routes agrees. Returns the time when the quick count did.
        """
        patience = abs(wanted - self.quick_count(table))

        def reached():
            began = time.monotonic()
            now = self.quick_count(table)
            # Spend at most a tenth of the time on counting.
            time.sleep(min(1.0, 9 * (time.monotonic() - began)))
            return began if (now >= wanted if least else now <= wanted) else None

        return until("{} routes in table {}".format(wanted, table), reached, 0.005, patience)

    def until_full(self, table, before):
        """
        Returns the time when a table had all routes; before: the quick count when it had none of them.
        """
        wanted = len(self.prefixes)
        end = self.until_count(table, before + wanted, True)
        if self.count(table) != wanted:
            until("{} routes in table {}".format(wanted, table), lambda: self.count(table) == wanted, 0.1, wanted)
            return time.monotonic()
        return end

    def until_empty(self, table, before):
        "Returns the time when a table had none of the routes any more."
        end = self.until_count(table, before, False)
        until("no route in table {}".format(table), lambda: self.count(table) == 0, 0.1, len(self.prefixes))
        return end
