# SPDX-License-Identifier: GPL-2.0-or-later
"""
Reads a file of callgrind (see "Callgrind Format Specification" in valgrind's manual): the instructions of each function, by
itself and in calls.
"""

import re
from collections import Counter


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
