# SPDX-License-Identifier: GPL-2.0-or-later
"""
Common code of the benchmarks: arguments, medians, and the record of a run, which bench/page reads.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys


def arguments(prog, prefixes, rounds):
    "A parser with the options of all benchmarks."
    parser = argparse.ArgumentParser(prog="bench " + prog)
    parser.add_argument("--prefixes", type=int, default=prefixes)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--family", type=int, choices=(4, 6), default=4)
    return parser


def parse(parser):
    args = parser.parse_args()
    if args.prefixes < 1 or args.rounds < 1:
        parser.error("--prefixes and --rounds must be at least 1")
    return args


def frr_version():
    out = subprocess.run(["/usr/lib/frr/zebra", "--version"], capture_output=True, text=True, check=False).stdout
    return re.search(r"version (\S+)", out)[1].split("-")[0]


def spread(values):
    return "{:.3g} ({:.3g}-{:.3g})".format(statistics.median(values), min(values), max(values))


def say(text):
    "Prints progress."
    print(text, file=sys.stderr, flush=True)


def figures(found):
    return "  ".join("{} {:.4g}".format(*item) for item in found.items())


def table(head, rows):
    "Prints rows of strings in columns."
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def duration_classes(part, count):
    "[(class of durations, number of events)] of `show route-leak statistics json`; count: count or cpuCount."
    found, last = [], 0
    for row in part["durations"]:
        below = row.get("belowUsec")
        name = "{:g}-{:g} ms".format(last / 1000, below / 1000) if below else "{:g} ms and more".format(last / 1000)
        found.append((name, row[count]))
        last = below
    return found


def save(name, args, **found):
    "Writes the record of a run: NAME-SIZE.json in the results."
    results = os.environ.get("VRFLEAK_RESULTS")
    if not results:
        return
    os.makedirs(results, exist_ok=True)
    record = {"bench": name, "frr": frr_version(), "kernel": platform.release(), **vars(args), **found}
    parts = [name] + [str(value) for key, value in sorted(vars(args).items()) if key in ("family", "mode", "prefixes")]
    path = os.path.join(results, "-".join(parts) + ".json")
    with open(path, "w", encoding="utf-8") as output:
        json.dump(record, output, indent=1, sort_keys=True)
        output.write("\n")
