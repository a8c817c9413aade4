# SPDX-License-Identifier: GPL-2.0-or-later
"The router under test: configure it, ask it, read its log."

import glob
import json
import os
import re
import shlex

from lib.topogen import get_topogen
from vrfleak import expect, topology

IP = {4: "ip", 6: "ipv6"}


# What mgmtd of FRR 10.7 says of `vrf NAME` where that VRF is there.
NO_CHANGE = r"% Configuration applied with notes:\s+No changes found to be committed!"


def opposite(line):
    "The command that undoes a configuration line."
    return line[3:] if line.startswith("no ") else "no " + line


class Router:
    """
    r1 of the running topology.

    What a test changes with configure() is put back when the test ends, so that every test of a story starts
    from the story's r1/frr.conf.
    """

    def __init__(self):
        self.tgen = get_topogen()
        self.gear = self.tgen.gears["r1"]
        self.net = self.gear.net
        self.changed = {}
        self.ended = {}

    # ---- commands ----

    def vtysh(self, *commands, daemon=None, options=()):
        "Runs commands with `vtysh -c`; returns (exit status, what it printed)."
        argv = ["vtysh"] + list(options)
        if daemon:
            argv += ["-d", daemon]
        for command in commands:
            argv += ["-c", command]
        status, out, err = self.net.cmd_status(argv, warn=False)
        self.net.logger.info("%s: status %s:\n%s%s", commands, status, out, err)
        return status, out + err

    def show(self, command):
        "What a show command prints; it must not fail."
        status, out = self.vtysh(command, daemon="zebra")
        assert status == 0, "{}: exit status {}, {}".format(command, status, out)
        return out

    def json(self, command):
        out = self.show(command)
        try:
            return json.loads(out)
        except ValueError:
            raise AssertionError("{}: not JSON: {}".format(command, out)) from None

    def ip(self, *args):
        "Runs ip(8), which must succeed; returns what it printed."
        return self.net.cmd_raises(["ip"] + list(args))

    def ip_batch(self, *lines):
        "Several ip(8) commands in one go."
        self.net.cmd_raises("ip -batch -", stdin="\n".join(lines) + "\n")

    def make_vrf(self, vrf, table, *interfaces):
        """
        Makes a VRF device, with its guard, and puts interfaces into it.

        The guard comes when zebra has the VRF: zebra 10.3 takes a route of a table that it does not know for one of
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
            *topology.guard_commands(table),
            *["link set {} master {}".format(ifname, vrf) for ifname in interfaces]
        )
        if interfaces and topology.FRR >= (10, 7):
            self.expect_static(vrf)

    def make_dummy_vrfs(self, tables, without=()):
        """
        Makes many VRFs, {VRF: table}, each but those in without with a dummy interface d-VRF, and no guard. Returns when
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

    def expect_done(self):
        "Waits until the module has nothing left to do, and holds nothing for it."
        keys = ("changedPrefixes", "pendingRoutes", "tableWalks", "nexthopGroups")

        def left():
            shown = self.json("show route-leak statistics json")
            return {key: shown[key] for key in keys}

        expect.until_equal(
            "nothing is left to do", left, dict.fromkeys(keys, 0), 4 * expect.LIMIT
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

    # ---- configuration ----

    def change(self, vrf, *lines):
        "Configures lines in a VRF ('default': at the global level); each must be accepted. Nothing is put back."
        self.enter([(vrf, line) for line in lines])

    def configure(self, vrf, *lines):
        "The same, put back at the end of the test."
        self.configure_all((vrf, line) for line in lines)

    def configure_all(self, pairs):
        "configure() for (vrf, line) of several VRFs, in this order and in one go."
        pairs = list(pairs)
        for vrf, line in pairs:
            positive = line[3:] if line.startswith("no ") else line
            self.changed.setdefault((vrf, positive), []).append(line)
        self.enter(pairs)

    def enter(self, pairs):
        commands = ["configure terminal"]
        for vrf, line in pairs:
            if vrf == "default":
                commands += [line]
            else:
                commands += ["vrf " + vrf, line, "exit-vrf"]
        status, out = self.vtysh(*commands)
        said = re.sub(NO_CHANGE, "", out)
        assert status == 0 and "%" not in said, "refused: {}\n{}".format(pairs, out)

    def resolve_strictly(self, vrf):
        """
        A gateway of a static route of the VRF that no other route leads to is unusable, until the end of the test.

        Since FRR 9.1 zebra takes the default route for one that does, and the topology's guard is one.
        """
        if topology.FRR >= (9, 1):
            for word in IP.values():
                self.configure(vrf, "no {} nht resolve-via-default".format(word))

    def commit(self, text):
        "Reads configuration lines as a file, which is one commit."
        path = os.path.join(self.gear.logdir, "r1", "commit.conf")
        with open(path, "w", encoding="utf-8") as output:
            output.write(text)
        status, out, err = self.net.cmd_status(["vtysh", "-f", path], warn=False)
        assert status == 0, "vtysh -f: exit status {}\n{}{}".format(status, out, err)

    def restore(self):
        "Puts back what configure() changed."
        pairs = []
        for (vrf, positive), lines in self.changed.items():
            # The first command tells what was there before it, the last one what is there now.
            if lines[0] == lines[-1]:
                pairs.append((vrf, opposite(lines[-1])))
        self.changed = {}
        if pairs:
            self.enter(reversed(pairs))

    def running(self, harness=False):
        "The running configuration, line by line; without what the harness puts in, unless asked for."
        _, out = self.vtysh("show running-config")
        lines = out[out.index("frr version") :].splitlines()
        return [line for line in lines if harness or not line.startswith("log ")]

    def block(self, vrf):
        "The lines of a VRF in the running configuration, indentation removed; of the global level for default."
        found, inside = [], None
        for line in self.running():
            if line.startswith("vrf "):
                inside = line[4:]
            elif line == "exit-vrf":
                inside = None
            elif inside == vrf or (inside is None and vrf == "default"):
                found.append(line.strip())
        return found

    def tags(self, vrf):
        "The route-leak lines of a VRF in the running configuration, in their order."
        return [line for line in self.block(vrf) if " route-" in line]

    # ---- routes ----

    def rib(self, vrf, family=4):
        "Zebra's routes of a VRF: {prefix: [route]}."
        if vrf == "default":
            return self.json("show {} route json".format(IP[family]))
        return self.json("show {} route vrf {} json".format(IP[family], vrf))

    def leaked(self, vrf, family=4):
        """
        {prefix: instance} of a VRF's leaked routes that are in use, as zebra's RIB has them; '-' where not in use.

        Without the router's own addresses, which only some versions of zebra have as routes; for those see the
        seed's story.
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

    def leaked_route(self, vrf, prefix, family=4):
        "The leaked route of a prefix, as zebra's RIB has it; None where there is none."
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
        "What `show ip route-leak` says of a VRF."
        shown = self.json("show {} route-leak vrf {} json".format(IP[family], vrf))
        assert list(shown["vrfs"]) == [vrf], "only {} was asked for: {}".format(
            vrf, shown
        )
        return shown["vrfs"][vrf]

    def settle(self, source="shared", target="red", via="192.0.2.2"):
        """
        Returns when everything that was under way has been done.

        A new route of source that leaks to target comes last in each queue on the way: staticd's, zebra's, the
        module's, the kernel's. When it has come, and gone again, so has all that was ahead of it. For expecting that
        something does not happen.
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
            "the kernel has it no more",
            lambda: self.ip("route", "show", "table", "all", "203.0.113.254"),
            "",
        )

    # ---- packets ----

    def host(self, net, command):
        "Runs a command on the host behind a VRF; returns (exit status, output)."
        argv = ["ip", "netns", "exec", net.host] + command.split()
        node = self.net
        if net.host in self.tgen.gears:
            node, argv = self.tgen.gears[net.host].net, command.split()
        status, out, err = node.cmd_status(argv, warn=False)
        return status, out + err

    def unanswered(self, pairs):
        "Pings all (net, address) at once, each from the host behind net; returns those without an answer."
        script, scripts = "{{ {}ping -n -q -c 1 -W 1 {} >/dev/null 2>&1 || echo {}; }} &\n", {}
        for number, (net, address) in enumerate(pairs):
            if net.host in self.tgen.gears:
                node, enter = self.tgen.gears[net.host].net, ""
            else:
                node, enter = self.net, "ip netns exec {} ".format(net.host)
            scripts.setdefault(node, []).append(script.format(enter, address, number))
        failed = []
        for node, lines in scripts.items():
            failed += node.cmd_raises("".join(lines) + "wait").split()
        return [
            "{} -> {}".format(pairs[int(number)][0].host, pairs[int(number)][1])
            for number in sorted(failed, key=int)
        ]

    def expect_ping(self, *pairs):
        "Each (net, address): the host behind net must reach address."
        expect.until_equal(
            "hosts must reach addresses; these do not",
            lambda: self.unanswered(pairs),
            [],
        )

    def expect_no_ping(self, *pairs):
        "Each (net, address): must not reach it. Only for a router that has settled."
        failed = self.unanswered(pairs)
        for net, address in pairs:
            assert "{} -> {}".format(net.host, address) in failed, (
                "{} must not reach {}".format(net.host, address)
            )

    # ---- daemons ----

    def pid(self, daemon="zebra"):
        return self.net.cmd_raises(
            ["cat", "/var/run/frr/{}.pid".format(daemon)]
        ).strip()

    def end_daemon(self, daemon, signum):
        "Ends a daemon and waits until it is no more."
        pid = int(self.pid(daemon))
        with open("/proc/{}/cmdline".format(pid), encoding="utf-8") as cmdline:
            argv = cmdline.read().rstrip("\0").split("\0")
        self.ended[daemon] = os.readlink("/proc/{}/cwd".format(pid)), argv
        os.kill(pid, signum)

        def still_there():
            try:
                with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
                    state = stat.read().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                return None
            return None if state == "Z" else "process {} is still there".format(pid)

        expect.until("{} must end".format(daemon), still_there)
        self.net.cmd_raises("rm -f /var/run/frr/{}.pid".format(daemon))

    def start_daemon(self, daemon):
        """
        Starts a daemon that was ended, by the same command line.

        FRR's library has a function for that, which on 10.7 wants mgmtd to be there first.
        """
        folder, argv = self.ended.pop(daemon)
        command = " ".join(shlex.quote(word) for word in argv)
        self.net.cmd_raises(
            "cd {} && {} >>{}.err 2>&1".format(shlex.quote(folder), command, daemon)
        )

    def begin_daemon(self, daemon, config):
        "Starts a daemon and gives it the configuration, as frrinit.sh and watchfrr do."
        self.start_daemon(daemon)
        status, out, err = self.net.cmd_status(
            ["vtysh", "-d", daemon, "-f", config], warn=False
        )
        assert status == 0, out + err

    def log(self):
        "All that the daemons have logged."
        text = ""
        for path in sorted(glob.glob(os.path.join(self.gear.logdir, "r1", "*.log"))):
            with open(path, encoding="utf-8", errors="replace") as log:
                text += log.read()
        return text

    def expect_log(self, text, since=0):
        "Waits for text in the log; since is the number of times that it is there already."
        expect.until(
            "the log must say: {} (more than {} times)".format(text, since),
            lambda: None if self.log().count(text) > since else "it does not",
        )
