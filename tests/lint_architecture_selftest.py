#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
vrfleak: whether the lint can fail.

Breaks each rule of lint_architecture.py in a small tree of files, one at a time, and expects that rule's complaint: a
lint that never complains is worse than none.
"""

import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests"))
sys.dont_write_bytecode = True

import lint_architecture  # noqa: E402

FILES = [
    "core/tag.c",
    "core/tag.h",
    "base/compat.h",
    "rib/view.c",
    "leak/walk.c",
    "leak/walk.h",
    "leak/queue.c",
    "leak/queue.h",
    "northbound/nb.c",
    "cli/show.c",
    "cli/show.h",
    "vrfleak_zebra.c",
]
failed = []


def content(name):
    return ["// SPDX-License-Identifier: GPL-2.0-or-later\n", "/*\n", " * vrfleak: a file.\n", " */\n"] + (
        ["#include <zebra.h>\n"] if name.endswith(".c") else []
    )


def lint(changes):
    "Runs the lint on FILES with changes, {file: lines}; returns its complaints."
    with tempfile.TemporaryDirectory() as top:
        for name in FILES:
            path = os.path.join(top, "zebra_vrfleak", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(changes.get(name, content(name)))
        return lint_architecture.check(top)


def expect(complaint, changes, number=1):
    "Expects so many complaints, one of them with this text; complaint None: the lint is content."
    complaints = lint(changes)
    if complaint is None:
        good = complaints == []
    else:
        good = complaints is not None and len(complaints) == number and any(complaint in line for line in complaints)
    if not good:
        failed.append("{}: expected {!r}, got {}".format(changes, complaint, complaints))


def added(name, *lines):
    return {name: content(name) + [line + "\n" for line in lines]}


expect(None, {})
expect(None, added("core/tag.c", '#include "zebra_vrfleak/core/tag.h"', '#include "lib/typesafe.h"'))
expect(None, added("rib/view.c", '#include "zebra/rib.h"', '#include "zebra_vrfleak/core/tag.h"'))
expect(None, added("northbound/nb.c", '#include "lib/northbound.h"', '#include "zebra_vrfleak/leak/walk.h"'))
expect(None, added("base/compat.h", '#include "vrfleak_features.h"', "#ifdef HAVE_FRR_EVENT"))
expect(None, added("cli/show.c", '/* #include "zebra/rib.h" */', '#include "zebra_vrfleak/vrfleak_commands.h"'))
expect(None, added("leak/walk.c", '#include "zebra_vrfleak/leak/queue.h"'))
expect(None, added("vrfleak_zebra.c", '#include "zebra_vrfleak/cli/show.h"'))

expect("core may include nothing but itself", added("core/tag.h", '#include "zebra_vrfleak/base/compat.h"'), 2)
expect("rib may include itself, base, core", added("rib/view.c", '#include "zebra_vrfleak/leak/walk.h"'))
expect("leak may include itself, rib", added("leak/walk.c", '#include "zebra_vrfleak/northbound/nb.h"'))
expect("northbound may include itself, leak", added("northbound/nb.c", '#include "zebra_vrfleak/cli/show.h"'))
expect("cli may include itself, northbound", added("cli/show.c", '#include "zebra_vrfleak/vrfleak_zebra.h"'))
expect("core links without a daemon", added("core/tag.c", '  #  include "lib/vty.h"'))
expect("zebra's headers are for base and rib", added("cli/show.c", '#include "zebra/rib.h"'))
expect("northbound and YANG headers are for", added("rib/view.c", '#include "northbound.h"'))
expect("northbound and YANG headers are for", added("cli/show.c", '#include "lib/yang_wrappers.h"'))
expect("depends on the FRR version", added("rib/view.c", '#include "lib/thread.h"'))
expect("the table of commands is for", added("rib/view.c", '#include "zebra_vrfleak/vrfleak_commands.h"'))
expect("no conditions on an FRR version", added("base/compat.h", "#if FRR_VERNUM > 90000"))
expect("no conditions on an FRR version", added("rib/view.c", "#ifdef LIBYANG_VERSION_3"))
expect("no conditions on an FRR version", added("rib/view.c", "\tif (VRFLEAK_FRR_VERSION_NUMBER < 1000)"))
expect("what FRR has is for base/compat", added("rib/view.c", '#include "vrfleak_features.h"'))
expect("what FRR has is for base/compat", added("rib/view.c", "#ifdef HAVE_FRR_EVENT"))
expect("use strlcpy", added("cli/show.c", "\tstrcpy(to, from);"))
expect("depends on the FRR version", added("core/tag.c", '#include "lib/thread.h"'), 2)
expect(
    "circle of includes: leak/queue > leak/walk > leak/queue",
    {
        **added("leak/queue.c", '#include "zebra_vrfleak/leak/walk.h"'),
        **added("leak/walk.h", '#include "zebra_vrfleak/leak/queue.h"'),
    },
)
expect("no licence", {"core/tag.h": content("core/tag.h")[1:]}, 2)
expect("no opening", {"core/tag.h": content("core/tag.h")[:2]})
expect("zebra.h is not the first", {"core/tag.c": content("core/tag.h") + ["#include <string.h>\n"]})
expect("more than 800 lines", added("rib/view.c", *[""] * 800))
FILES[:] = ["README"]
if lint({}) is not None:
    failed.append("a folder without sources: expected to be refused")

if failed:
    sys.exit("\n".join(failed))
