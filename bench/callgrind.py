# SPDX-License-Identifier: GPL-2.0-or-later
"""
A machine whose zebra runs in callgrind, and a reader of what callgrind writes (see "Callgrind Format Specification" in
valgrind's manual): the instructions of each function, by itself and in calls.
"""

import os
import re
import shutil
import subprocess
from collections import Counter

from machine import Machine, run, until

OUT = "/tmp/callgrind.out"
SHOWN = "vrfleak_silent_rechecks"


def read(path):
    "Returns {(object, function): instructions}, {((object, function), (object, function) called): including callees}."
    names = {}

    def name(kind, text):
        found = re.match(r"\((\d+)\)(?: (.*))?$", text)
        if not found:
            return text
        key = (kind, found[1])
        if found[2]:
            names[key] = found[2]
        return names.get(key, "?")

    exclusive, calls = Counter(), Counter()
    place, called, called_object, in_call = ["?", "?"], "?", None, False
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            line = line.rstrip("\n")
            key, equals, value = line.partition("=")
            if equals and key == "ob":
                place[0] = name("ob", value)
            elif equals and key == "fn":
                place[1] = name("fn", value)
            elif equals and key == "cob":
                called_object = name("ob", value)
            elif equals and key == "cfn":
                called = name("fn", value)
            elif equals and key == "calls":
                in_call = True
            elif line and (line[0] in "+-*" or line[0].isdigit()):
                fields = line.split()
                if len(fields) < 2 or not fields[1].isdigit():
                    continue
                if in_call:
                    calls[tuple(place), (called_object or place[0], called)] += int(fields[1])
                    called_object, in_call = None, False
                else:
                    exclusive[tuple(place)] += int(fields[1])
    return exclusive, calls


def written():
    "The files that callgrind has written."
    return {"/tmp/" + name for name in os.listdir("/tmp") if name.startswith(os.path.basename(OUT) + ".")}


class Counted(Machine):
    """
    A machine whose zebra runs in callgrind, which writes its counts when zebra begins to end, and when the function SHOWN is
    called: `show route-leak statistics` does that.
    """

    def start(self, name, *argv):
        if name != "zebra":
            super().start(name, *argv)
            return
        if os.path.exists("/run/frr/zebra.vty"):
            os.unlink("/run/frr/zebra.vty")
        for path in written():
            os.unlink(path)
        # Made by root, written by the user frr.
        with open(OUT, "w", encoding="utf-8"):
            shutil.chown(OUT, "frr")
        argv = [word for word in argv if word != "-d"]
        self.zebra = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + OUT, "--dump-before=frr_early_fini",
             "--dump-before=" + SHOWN] + argv,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pids["zebra"] = self.zebra.pid
        until("zebra must start", lambda: os.path.exists("/run/frr/zebra.vty"))
        self.idle()

    def dump(self):
        "Has callgrind write its counts and begin anew. Returns the file."
        before = written()
        run("vtysh", "-d", "zebra", "-c", "show route-leak statistics")
        return until("callgrind must write its counts", lambda: max(written() - before, default=None))

    def phase(self, change):
        "The counts of zebra during change(), as counted() returns them. Zebra must have loaded the module."
        self.dump()
        change()
        return read(self.dump())

    def counted(self):
        "Ends zebra. Returns its counts: {(object, function): self}, {((object, function), same): with callees}."
        self.zebra.terminate()
        self.zebra.wait()
        del self.pids["zebra"]
        found = read(OUT + ".1")
        for name in os.listdir("/tmp"):
            if name.startswith(os.path.basename(OUT)):
                os.unlink("/tmp/" + name)
        return found
