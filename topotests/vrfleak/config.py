# SPDX-License-Identifier: GPL-2.0-or-later
"The configuration of the router under test: change it, put it back, read it."

import os
import re

from vrfleak import topology
from vrfleak.vty import IP, Vty

# What mgmtd of FRR 10.7 says of `vrf NAME` where that VRF is there.
NO_CHANGE = r"% Configuration applied with notes:\s+No changes found to be committed!"


def opposite(line):
    "The command that undoes a configuration line."
    return line[3:] if line.startswith("no ") else "no " + line


class Config(Vty):
    """
    What a test changes with configure() is put back when the test ends, so that every test of a test scenario starts
    from the same configuration.
    """

    def __init__(self):
        super().__init__()
        self.changed = {}

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
