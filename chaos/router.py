# SPDX-License-Identifier: GPL-2.0-or-later
"""
The router under test: zebra, staticd and, if the release has it, mgmtd, started directly in a guest; operations on it, and
its output.

A command goes to a daemon's own socket, as vtysh sends it, without another process. Configuration as one file, and all of it
where there is no mgmtd, goes through vtysh, as a boot or an operator enters it.

Invariants: Router() is a router with an empty configuration, no links but lo and empty kernel tables, whatever was there
before; each command has a time limit, and Dead or Hung names the daemon that did not meet it.
Refuses: to run anywhere but in a guest of the lab.
"""

import glob
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import threading
import time

import kernel
from policy import import_key

FRR = "/usr/lib/frr/"
CONFIG = "/etc/frr/frr.conf"
LOGS = "/run/chaos-logs"
LOCAL_TABLE = 255
PATIENCE = 60
SPACE = re.compile(r"\s*")


class Dead(Exception):
    "A daemon is not there any more."


class Hung(Exception):
    "A command did not end in time."


class Vty:
    "A daemon's vty, by its socket. A reply ends with three zero bytes and the command's status."

    def __init__(self, daemon):
        self.daemon = daemon
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect("/run/frr/{}.vty".format(daemon))
        self.run("enable")

    def run(self, command):
        try:
            self.socket.sendall(command.encode() + b"\0")
            reply = b""
            while reply[-4:-1] != b"\0\0\0":
                part = self.socket.recv(1 << 20)
                if not part:
                    raise Dead("{} closed its vty at: {}".format(self.daemon, command))
                reply += part
        except socket.timeout as late:
            raise Hung("{}: no reply to: {}".format(self.daemon, command)) from late
        except OSError as error:
            raise Dead("{} at: {}: {}".format(self.daemon, command, error)) from error
        return reply[:-4].decode()


class Vtysh:
    """
    A vtysh that stays open, since starting one costs more than most of what it is told. A command that does not exist marks the
    end: vtysh's complaint about it is the last that it says.
    """

    def __init__(self):
        self.number = 0
        self.vtysh = subprocess.Popen(
            ["vtysh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
        )

    def run(self, lines):
        self.number += 1
        mark = "chaos-mark-{}".format(self.number)
        end_mark = (mark + "\n").encode()
        said, end = b"", time.monotonic() + PATIENCE
        self.vtysh.stdin.write("\n".join(lines + ["end", mark, ""]).encode())
        while end_mark not in said:
            if not select.select([self.vtysh.stdout], [], [], max(0, end - time.monotonic()))[0]:
                raise Hung("vtysh: " + " ; ".join(lines))
            part = os.read(self.vtysh.stdout.fileno(), 1 << 16)
            if not part:
                raise Hung("vtysh ended at: " + " ; ".join(lines))
            said += part
        return said.decode(errors="replace")

    def close(self):
        self.vtysh.kill()
        self.vtysh.communicate()


class Router:
    def __init__(self, module=True, trace=None):
        if not os.path.isdir("/vrfleak-run"):
            raise SystemExit("chaos: this destroys the machine's network; use: ./lab chaos")
        self.module = module
        self.trace = trace
        self.daemons = [name for name in ("mgmtd", "zebra", "staticd") if os.path.exists(FRR + name)]
        self.pids = {}
        self.vtys = {}
        self.shell = None
        self.gone_tables = set()
        end_daemons()
        clean_kernel()
        shutil.rmtree(LOGS, ignore_errors=True)
        os.makedirs(LOGS, mode=0o777)
        os.chmod(LOGS, 0o777)
        with open(CONFIG, "w", encoding="utf-8"):
            pass
        with open("/etc/frr/vtysh.conf", "w", encoding="utf-8") as file:
            file.write("service integrated-vtysh-config\n")
        shutil.chown(CONFIG, "frr", "frr")
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
        if os.environ.get("VRFLEAK_VEHICLE") == "uml":
            with open("/proc/sys/kernel/core_pattern", "w", encoding="utf-8") as file:
                file.write(LOGS + "/core.%e.%p")
            # The daemons change their user.
            with open("/proc/sys/fs/suid_dumpable", "w", encoding="utf-8") as file:
                file.write("2")
        for daemon in self.daemons:
            self.start(daemon)
        self.note = ""
        self.release = tuple(map(int, re.search(r"FRRouting (\d+)\.(\d+)", self.ask("show version")).groups()))
        if self.release < (10,):
            self.note = (
                "route-maps are not optimized: FRR before 10 lets a prefix-list entry hide another (doc/limits.md)"
            )

    # ---- daemons ----

    def start(self, daemon, *options):
        argv = [FRR + daemon, "-d", "-A", "127.0.0.1", "--log", "file:{}/{}.log".format(LOGS, daemon)]
        argv += ["-s", "90000000"] if daemon == "zebra" else []
        argv += ["-M", "vrfleak"] if self.module and daemon != "staticd" else []
        path = "/run/frr/{}.pid".format(daemon)
        if os.path.exists(path):
            os.unlink(path)
        with open("{}/{}.err".format(LOGS, daemon), "a", encoding="utf-8") as errors:
            subprocess.run(
                argv + list(options),
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                timeout=PATIENCE,
            )
        wait_until("{} starts".format(daemon), lambda: os.path.exists(path) and os.path.getsize(path))
        with open(path, encoding="utf-8") as file:
            self.pids[daemon] = int(file.read())
        self.vtys.pop(daemon, None)
        wait_until(daemon + " answers", lambda: self.answers(daemon))

    def answers(self, daemon):
        try:
            return self.ask("show version", daemon)
        except (OSError, Dead):
            return None

    def restart(self, daemon, signum, options):
        "As watchfrr does, with the configuration saved before. Options of zebra hold until it is restarted again."
        self.vtysh(["write"])
        self.close()
        pid = self.pids[daemon]
        self.check_alive()
        os.kill(pid, signum)
        wait_until(daemon + " ends", lambda: not alive(pid))
        self.start(daemon, *options)
        self.process(["vtysh", "-b", "-d", daemon])

    def check_alive(self):
        for daemon, pid in self.pids.items():
            if not alive(pid):
                raise Dead("{} is not there any more".format(daemon))

    def ask(self, command, daemon="zebra"):
        if daemon not in self.vtys:
            self.vtys[daemon] = Vty(daemon)
        try:
            return self.vtys[daemon].run(command)
        except (Dead, Hung):
            del self.vtys[daemon]
            raise

    # ---- operations ----

    def process(self, argv, stdin=""):
        "Runs a command; what it says is only recorded, since much of what is tried is meant to be refused."
        try:
            done = subprocess.run(
                argv,
                input=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise Hung(" ".join(argv)) from late
        if self.trace:
            self.trace.write("$ {}\n{}{}\n".format(" ".join(argv), stdin, done.stdout))
        return done.stdout

    def config(self, lines):
        "Enters lines one by one: where mgmtd has the configuration, into mgmtd, as vtysh does."
        if "mgmtd" not in self.daemons:
            self.vtysh(["configure terminal"] + lines)
            return
        said = ["{}\n{}".format(line, self.ask(line, "mgmtd")) for line in ["configure terminal"] + lines + ["end"]]
        if self.trace:
            self.trace.write("$ mgmtd\n{}\n".format("".join(said)))

    def vtysh(self, lines):
        self.shell = self.shell or Vtysh()
        try:
            said = self.shell.run(lines)
        except (Hung, OSError):
            self.close()
            self.check_alive()
            raise
        if self.trace:
            self.trace.write("$ vtysh\n{}\n".format(said))
        return said

    def close(self):
        "Ends what a router has running besides its daemons."
        if self.shell:
            self.shell.close()
            self.shell = None

    def apply(self, batch):
        links = [op for op in batch.ops if op[0] == "ip"]
        if not batch.beside:
            self.apply_ops(batch.ops, batch.one_commit)
        else:
            beside = threading.Thread(target=self.apply_ops, args=(links, False))
            beside.start()
            self.apply_ops([op for op in batch.ops if op[0] != "ip"], batch.one_commit)
            beside.join()
        self.check_alive()

    def apply_ops(self, ops, one_commit):
        "Operations of one kind that follow each other are one process: nothing waits between them."
        run = []
        for index, op in enumerate(ops):
            run.append(op[1])
            if index + 1 < len(ops) and group(ops[index + 1]) == group(op) != "sys":
                continue
            if op[0] == "ip":
                self.apply_ip(run)
            elif op[0] == "sys":
                daemon, _, rest = op[1].partition("-")
                name, *options = rest.split() or [""]
                if daemon in self.daemons:
                    self.restart(daemon, signal.SIGKILL if name == "kill" else signal.SIGTERM, options)
            else:
                self.apply_vtysh(op[0], run, one_commit)
            run = []

    def apply_ip(self, texts):
        lines = [line.strip() for text in texts for line in text.split(" ; ")]
        self.gone_tables |= {int(table) for table in re.findall(r"route flush table (\d+)", "\n".join(lines))}
        start = 0
        for end in range(1, len(lines) + 1):
            six = lines[start].startswith("-6 ")
            if end < len(lines) and lines[end].startswith("-6 ") == six:
                continue
            block = [line[3:] if six else line for line in lines[start:end]]
            self.process(["ip", "-6" if six else "-4", "-force", "-batch", "-"], "\n".join(block) + "\n")
            start = end

    def apply_vtysh(self, kind, texts, one_commit):
        lines = [line.strip() for text in texts for line in text.split(" ; ")]
        if self.release < (10,):
            lines = without_optimization(lines)
        if kind == "cfg" and one_commit and not moves_import(lines) and not self.loses_metric(lines):
            with open("/run/chaos.conf", "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            self.process(["vtysh", "-f", "/run/chaos.conf"])
        elif kind == "cfg":
            self.config(lines)
        else:
            for line in lines:
                said = self.ask(line)
                if self.trace:
                    self.trace.write("$ {}\n{}\n".format(line, said))

    def loses_metric(self, lines):
        "FRR 8.4 may lose a changed `set metric` if a commit has several lines (doc/limits.md)."
        return self.release < (10,) and any("set metric" in line for line in lines)

    # ---- output ----

    def running(self):
        return self.ask("show running-config", "mgmtd" if "mgmtd" in self.daemons else "zebra")

    def json(self, command):
        "All JSON documents that a command prints. What is not JSON is an error (ValueError) that names the command."
        return documents(command, self.ask(command))

    def interfaces(self):
        "{interface: {'vrfName': ..., 'status': 'up' or 'down', 'addresses': [...]}}, as zebra has them."
        return self.json("show interface vrf all brief json")[0]

    def interface_vrfs(self):
        "{interface: the VRF that zebra has it in}."
        return {name: shown["vrfName"] for name, shown in self.interfaces().items()}

    def rib_text(self):
        "The RIB of both families as zebra prints it, a text each."
        return [self.ask("show {} route vrf all json".format(ip)) for ip in ("ip", "ipv6")]

    def rib(self, texts=None):
        "{(vrf, prefix): [route]} of both families, with the age in seconds. texts: what rib_text() returned."
        found = {}
        for text in texts or self.rib_text():
            for document in documents("show route", text):
                for routes in flat(document):
                    for route in routes:
                        route["uptimeSeconds"] = seconds(route["uptime"])
                        if not route["prefix"].startswith(("fe80:", "ff")):
                            found.setdefault((route["vrfName"], route["prefix"]), []).append(route)
        return found


# ---- output ----


def documents(command, text):
    "The JSON documents in what a command printed."
    found, at, decoder = [], SPACE.match(text).end(), json.JSONDecoder()
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError as error:
            raise ValueError("{}: not JSON: {}".format(command, text[at : at + 200])) from error
        found.append(value)
        at = SPACE.match(text, at).end()
    return found


# ---- the machine ----


def moves_import(lines):
    """
    Whether lines remove an import and enter it again. In one commit, mgmtd does not notify zebra of the new order of imports
    (doc/limits.md).
    """
    vrf, removed = "default", set()
    for line in lines:
        words = line.split()
        if words[0] in ("vrf", "exit-vrf"):
            vrf = words[-1] if words[0] == "vrf" else "default"
        elif "route-import" in words[:3]:
            at = words.index("route-import")
            key = vrf, words[at - 1], import_key(words[at + 1 :])[0]
            if words[0] == "no":
                removed.add(key)
            elif key in removed:
                return True
    return False


def without_optimization(lines):
    "FRR 8.4: a changed prefix-list entry can hide another one from route-maps, unless their optimization is off (doc/limits.md)."
    done, name = [], None
    for line in lines:
        done.append(line)
        if line.startswith("route-map "):
            name = line.split()[1]
        elif line == "exit" and name:
            done.append("no route-map {} optimization".format(name))
            name = None
    return done


def group(op):
    return "vtysh" if op[0] in ("clear", "show") else op[0]


def flat(document):
    "The lists of routes of a document, which may have VRFs around them."
    for value in document.values():
        if isinstance(value, dict):
            yield from flat(value)
        else:
            yield value


def seconds(text):
    "Of an uptime as zebra prints it: 01:02:03, 1d02h03m, 01w2d03h."
    if ":" in text:
        hours, minutes, rest = map(int, text.split(":"))
        return hours * 3600 + minutes * 60 + rest
    unit = {"w": 604800, "d": 86400, "h": 3600, "m": 60}
    return sum(int(number) * unit[letter] for number, letter in re.findall(r"(\d+)([wdhm])", text))


def wait_until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Hung(what)
        time.sleep(0.02)


def alive(pid):
    try:
        with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def backtraces():
    "Replaces the cores of daemons that crashed by what a debugger says of them, if there is one."
    for core in glob.glob(LOGS + "/core.*"):
        if shutil.which("gdb"):
            ask = ["bt 16", "info registers", "x/8i $pc-16"]
            argv = ["gdb", "-batch", "-nx"] + [word for one in ask for word in ("-ex", one)]
            argv += [FRR + core.split(".")[-2], core]
            with open(core.replace("core.", "backtrace."), "w", encoding="utf-8") as file:
                subprocess.run(argv, stdout=file, stderr=file, check=False, timeout=2 * PATIENCE)
        os.unlink(core)


def end_daemons():
    for name in os.listdir("/run/frr"):
        if name.endswith(".pid"):
            with open("/run/frr/" + name, encoding="utf-8") as file:
                pid = int(file.read() or 0)
            if pid and alive(pid):
                os.kill(pid, signal.SIGKILL)
                wait_until("process {} ends".format(pid), lambda: not alive(pid))
            os.unlink("/run/frr/" + name)


def clean_kernel():
    links = kernel.interfaces()
    lines = ["link del " + name for name, *_ in links.values() if name != "lo"]
    ip_batch("-4", lines)
    tables = sorted({table for table, _ in kernel.routes(links)} - {LOCAL_TABLE})
    for family in ("-4", "-6"):
        ip_batch(family, ["route flush table {}".format(table) for table in tables])
        ip_batch(family, ["rule del pref {}".format(kernel.ISOLATION_PRIORITY)] * 3)
    ip_batch("-4", ["nexthop flush"])


def ip_batch(family, lines):
    subprocess.run(
        ["ip", family, "-force", "-batch", "-"],
        input="\n".join(lines) + "\n",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
