# SPDX-License-Identifier: GPL-2.0-or-later
"The configuration of the router under test: changes it, restores it, reads it."

import os
import re

from vrfleak import topology
from vrfleak.vty import IP, Vty

# The answer of FRR 10.7's mgmtd to `vrf NAME` if that VRF exists.
NO_CHANGE = r"% Configuration applied with notes:\s+No changes found to be committed!"


def opposite(line):
    "The command that undoes a configuration line."
    return line[3:] if line.startswith("no ") else "no " + line


class Config(Vty):
    """
    When a test ends, the changes of configure() are undone: each test of a scenario starts from the same configuration.
    """

    def __init__(self):
        super().__init__()
        self.changed = {}

    def change(self, vrf, *lines):
        "Configures lines in a VRF ('default': at the global level). Each must be accepted. They stay after the test."
        self.enter([(vrf, line) for line in lines])

    def configure(self, vrf, *lines):
        "Like change(), but the lines are removed at the end of the test."
        self.configure_all((vrf, line) for line in lines)

    def configure_all(self, pairs):
        "configure() for several VRFs: (vrf, line) pairs, entered in this order by one vtysh."
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
        errors = re.sub(NO_CHANGE, "", out)
        assert status == 0 and "%" not in errors, "refused: {}\n{}".format(pairs, out)

    def resolve_strictly(self, vrf):
        """
        Until the end of the test, a static route is inactive if only the default route leads to its gateway.

        Since FRR 9.1 zebra resolves gateways by the default route, such as the topology's unreachable default.
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
        "Undoes the changes of configure()."
        pairs = []
        for (vrf, positive), lines in self.changed.items():
            # The first command shows the state before, the last one the state now.
            if lines[0] == lines[-1]:
                pairs.append((vrf, opposite(lines[-1])))
        self.changed = {}
        if pairs:
            self.enter(reversed(pairs))

    def running(self, harness=False):
        "The running configuration, line by line; by default without the lines of FRR's harness."
        _, out = self.vtysh("show running-config")
        lines = out[out.index("frr version") :].splitlines()
        return [line for line in lines if harness or not line.startswith("log ")]

    def block(self, vrf):
        "The lines of a VRF in the running configuration without indentation; default: the global level."
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
        "The export and import statements of a VRF in the running configuration, in their order."
        return [line for line in self.block(vrf) if " route-" in line]
