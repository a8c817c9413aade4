# SPDX-License-Identifier: GPL-2.0-or-later
"""
Sequences of operations, in memory and as text.

    == batch 0
    op 0 ip: link add red type vrf table 13 ; link set red up
    op 1 cfg: vrf red ; ip route-export 1:1 ; exit-vrf
    op 2 sys: zebra-kill -K 5
    (links and kernel routes beside the rest, at the same time)

`ip:` has ip commands, `cfg:` lines typed after `configure terminal`, `clear:` and `show:` commands as typed, `sys:` operations
on a daemon. The operations of a batch do not wait for one another; a note in parentheses applies to the batch that it ends.

Invariants: parse(render(batches)) == batches; an operation's number has no meaning when it is read.
Refuses: a line that it does not know, with its number.
"""

import re

KINDS = ("ip", "cfg", "clear", "show", "sys")
BESIDE = "(links and kernel routes beside the rest, at the same time)"
ONE_COMMIT = "(configuration as one file)"


class Batch:
    "Operations, as (kind, text), and how they are run."

    def __init__(self, ops=(), beside=False, one_commit=False):
        self.ops = list(ops)
        self.beside = beside
        self.one_commit = one_commit

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return "Batch({!r}, {}, {})".format(self.ops, self.beside, self.one_commit)

    def but(self, ops):
        "The same batch with other operations."
        return Batch(ops, self.beside, self.one_commit)


def count(batches):
    return sum(len(batch.ops) for batch in batches)


def render(batches):
    lines, number = [], 0
    for index, batch in enumerate(batches):
        lines.append("== batch {}".format(index))
        for kind, text in batch.ops:
            lines.append("op {} {}: {}".format(number, kind, text))
            number += 1
        lines += [BESIDE] if batch.beside else []
        lines += [ONE_COMMIT] if batch.one_commit else []
    return "\n".join(lines) + "\n"


def parse(text):
    batches = []
    for number, line in enumerate(text.splitlines(), 1):
        found = re.fullmatch(r"op \d+ ({}): (.*)".format("|".join(KINDS)), line)
        if not line.strip() or line.startswith("#"):
            continue
        if re.fullmatch(r"== batch \d+", line):
            batches.append(Batch())
        elif found and batches:
            batches[-1].ops.append((found[1], found[2]))
        elif line == BESIDE and batches:
            batches[-1].beside = True
        elif line == ONE_COMMIT and batches:
            batches[-1].one_commit = True
        else:
            raise ValueError("line {}: not part of a sequence: {}".format(number, line))
    return batches
