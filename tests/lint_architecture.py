#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
vrfleak: the architecture, checked.

    lint_architecture.py [SRCDIR]

Folders of SRCDIR/zebra_vrfleak are layers. A file includes only files of its own layer and of the layers that
LAYERS names for it, and no circle of files includes each other. The other rules are the tables below, one line each.

A broken rule is a line "FILE:LINE: what; rule" on stdout, and the status is 1. SRCDIR defaults to $srcdir, as `make
check` sets it.

There are no exceptions by file: where a rule is wrong, change the rule.
Refuses a folder without sources, so that it cannot pass by seeing nothing.
"""

import os
import re
import sys

# Folder: the folders that its files may include, besides itself. "" is the top: one file per loadable module.
LAYERS = {
    "core": [],
    "base": ["core"],
    "rib": ["base", "core"],
    "leak": ["rib", "base", "core"],
    "northbound": ["leak", "rib", "base", "core"],
    "cli": ["northbound", "leak", "rib", "base", "core"],
    "gate": ["core"],
    "": ["gate", "cli", "northbound", "leak", "rib", "base", "core"],
}

# The table of commands is shared by the modules of zebra, mgmtd and vtysh, and by the folder cli.
COMMANDS = r"zebra_vrfleak/vrfleak_command\w*\.h"

# (headers, files that may include them, rule): nobody else does.
ONLY = [
    (
        r"zebra/.*\.h",
        r"(base|rib)/.*|cli/debug_commands\.c",
        "zebra's headers are for base and rib; the debug commands join those of zebra",
    ),
    (
        r"(lib/)?(northbound|yang).*\.h",
        r"northbound/.*|cli/(config_cli|config_write|clear)\.[ch]|base/compat.*|vrfleak_.*",
        "northbound and YANG headers are for northbound and the commands that change configuration",
    ),
    (
        r"(lib/)?(thread|event|frrevent)\.h",
        r"base/compat\.h",
        "the event header's name depends on the FRR version; include base/compat.h",
    ),
    (
        r"vrfleak_features\.h",
        r"base/compat.*",
        "what FRR has is for base/compat; test the VRFLEAK_HAVE_ names that it defines",
    ),
    (COMMANDS, r"cli/.*|vrfleak_.*", "the table of commands is for cli and the modules"),
    (
        r"zebra_vrfleak/(?!gate/|core/config_(lines|file)\.h).*",
        r"(?!gate/|vrfleak_gate).*",
        "the gate loads into each FRR version; it links nothing that depends on one",
    ),
]

# (files, headers that they may include, rule): they include nothing else.
NOTHING_BUT = [
    (
        r"core/.*",
        r"<[a-z_/]+\.h>|lib/(prefix|typesafe|memory|jhash|table)\.h|zebra_vrfleak/core/.*",
        "core links without a daemon: prefix, typesafe, memory, jhash and table of libfrr alone",
    ),
]

# (text, files that may have it, rule): no other line has it. Regular expressions.
NOWHERE_BUT = [
    (
        r"^\s*#\s*(el)?if[a-z]*\s.*(VERSION|FRR_VER)|VERSION_NUMBER|FRR_VERNUM",
        r"(?!)",
        "no conditions on an FRR version; let configure find the feature (m4/vrfleak_features.m4)",
    ),
    (
        r"HAVE_FRR_",
        r"base/compat.*",
        "what FRR has is for base/compat; test the VRFLEAK_HAVE_ names that it defines",
    ),
    (r"(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|gets)\s*\(", r"(?!)", "use strlcpy, strlcat or snprintf"),
]

# Lines that a file may have: a file is one concept.
LONGEST = {".c": 800, ".h": 200}

LICENCE = "// SPDX-License-Identifier: GPL-2.0-or-later\n"
# A system's header keeps its brackets.
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]*)"|(<[^>]*>))')

broken = []


def complain(name, line, text):
    broken.append("zebra_vrfleak/{}:{}: {}".format(name, line, text))


def layer_of(name):
    return os.path.dirname(name)


def read_sources(top):
    "{path below top: lines}."
    sources = {}
    for folder, _, files in os.walk(top):
        for file in sorted(files):
            path = os.path.join(folder, file)
            name = os.path.relpath(path, top)
            if file.endswith((".c", ".h")) and not name.startswith("missing/"):
                with open(path, encoding="utf-8") as source:
                    sources[name] = source.readlines()
    return sources


def includes_of(lines):
    return [(number, match[1] or match[2]) for number, match in enumerate(map(INCLUDE.match, lines), 1) if match]


def check_layers(name, includes):
    layer = layer_of(name)
    if layer not in LAYERS:
        complain(name, 1, "unknown layer {}; the layers are {}".format(layer, ", ".join(filter(None, LAYERS))))
        return
    for line, header in includes:
        if not header.startswith("zebra_vrfleak/") or re.fullmatch(COMMANDS, header):
            continue
        other = layer_of(header[len("zebra_vrfleak/") :])
        if other != layer and other not in LAYERS[layer]:
            complain(
                name,
                line,
                "includes {}; {} may include {}".format(
                    header, layer, "nothing but itself" if not LAYERS[layer] else "itself, " + ", ".join(LAYERS[layer])
                ),
            )


def check_includes(name, includes):
    for line, header in includes:
        for headers, files, rule in ONLY:
            if re.fullmatch(headers, header) and not re.fullmatch(files, name):
                complain(name, line, "includes {}; {}".format(header, rule))
        for files, headers, rule in NOTHING_BUT:
            if re.fullmatch(files, name) and not re.fullmatch(headers, header):
                complain(name, line, "includes {}; {}".format(header, rule))


def check_text(name, lines):
    for text, files, rule in NOWHERE_BUT:
        if re.fullmatch(files, name):
            continue
        for number, line in enumerate(lines, 1):
            if re.search(text, line):
                complain(name, number, '"{}"; {}'.format(line.strip(), rule))


def check_file(name, lines, includes):
    longest = LONGEST[os.path.splitext(name)[1]]
    if len(lines) > longest:
        complain(name, len(lines), "more than {} lines; a file is one concept".format(longest))
    if lines[:1] != [LICENCE]:
        complain(name, 1, "no licence; the first line is the SPDX line")
    if not re.match(r"/\*\s+\* vrfleak: \S|/\* vrfleak: \S", "".join(lines[1:3])):
        complain(name, 2, 'no opening; say "vrfleak: what it is for"')
    if name.endswith(".c") and [header for _, header in includes][:1] != ["<zebra.h>"]:
        complain(name, 1, "zebra.h is not the first include; FRR's config.h has to come first")


def check_circles(sources):
    "A .c file and its .h file are one unit. Complains of each unit that reaches itself through others."
    graph = {}
    for name, lines in sources.items():
        unit = os.path.splitext(name)[0]
        for _, header in includes_of(lines):
            other = os.path.splitext(header[len("zebra_vrfleak/") :])[0]
            if header.startswith("zebra_vrfleak/") and other != unit:
                graph.setdefault(unit, set()).add(other)

    state = {}

    def visit(unit, path):
        state[unit] = "open"
        for other in sorted(graph.get(unit, ())):
            if state.get(other) == "open":
                circle = path[path.index(other) :] + [other]
                complain(
                    unit + ".c",
                    1,
                    "circle of includes: {}; what is low does not call what is high".format(" > ".join(circle)),
                )
            elif other not in state:
                visit(other, path + [other])
        state[unit] = "done"

    for unit in sorted(graph):
        if unit not in state:
            visit(unit, [unit])


def check(srcdir):
    "The complaints about SRCDIR; None where it has no sources."
    broken.clear()
    sources = read_sources(os.path.join(srcdir, "zebra_vrfleak"))
    if not sources:
        return None
    for name, lines in sorted(sources.items()):
        includes = includes_of(lines)
        check_layers(name, includes)
        check_includes(name, includes)
        check_text(name, lines)
        check_file(name, lines, includes)
    check_circles(sources)
    return list(broken)


def main():
    complaints = check(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("srcdir", "."))
    if complaints is None:
        sys.exit("zebra_vrfleak: no sources here")
    for line in complaints:
        print(line)
    if complaints:
        sys.exit("{} broken rules".format(len(complaints)))


if __name__ == "__main__":
    main()
