#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
vrfleak: whether the Markdown pages are laid out as agreed, and their links lead somewhere.

    doc_pages.py [SRCDIR]       status 1 and a line "FILE:LINE: what" for each fault

 - A line has at most 100 columns. Rows of tables, what is between fences (output, commands) and a line that is a single
   link or picture cannot be wrapped, and are left out.
 - A link to a file leads to a file, and one with "#..." to a heading of it.
 - A page in doc/ is linked from README.md.
Refuses a folder without pages, so that it cannot pass by seeing nothing.
"""

import glob
import os
import re
import sys

COLUMNS = 100
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(text):
    "(number, line) of the lines outside of fences."
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(text):
    "The anchors that GitHub makes of the headings."
    found = set()
    for _, line in prose(text):
        if line.startswith("#"):
            title = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            found.add(title.replace(" ", "-"))
    return found


def too_long(line):
    single = line.startswith("|") or re.fullmatch(r"!?\[[^\]]*\]\(\S+\)", line.strip())
    return len(line) > COLUMNS and not single


def link_fault(target, name, pages):
    "What is wrong with a link of a page, or None."
    if re.match(r"[a-z]+:", target):
        return None
    path, _, anchor = target.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
    if path not in pages:
        return (
            None
            if not anchor and os.path.exists(os.path.join(pages[""], path))
            else "no such file: " + target
        )
    return "no such heading: " + target if anchor and anchor not in anchors(pages[path]) else None


def faults(pages):
    found = []
    for name in sorted(filter(None, pages)):
        for number, line in prose(pages[name]):
            if too_long(line):
                found.append(
                    "{}:{}: {} columns, at most {}".format(name, number, len(line), COLUMNS)
                )
            for target in LINK.findall(line):
                fault = link_fault(target, name, pages)
                if fault:
                    found.append("{}:{}: {}".format(name, number, fault))
        if name.startswith("doc/") and not re.search(
            r"\({}[#)]".format(re.escape(name)), pages["README.md"]
        ):
            found.append("README.md:1: no link to {}".format(name))
    return found


def selftest(top):
    "Each kind of fault is noticed, and what is right passes."
    good = (
        "# A title\n\n[one](#a-title) [two](doc/x.md#part-2-of-it) [three](tests)\n```\n"
        + "long " * 40
        + "\n```\n"
    )
    pages = {"": top, "README.md": good, "doc/x.md": "## Part 2 of it\n| " + "cell " * 40 + "|\n"}
    assert faults(pages) == [], faults(pages)
    for fault in ("long " * 40, "[a](doc/y.md)", "[a](#title)", "[a](doc/x.md#part-3)"):
        assert len(faults(dict(pages, **{"README.md": good + fault}))) == 1, fault
    assert len(faults(dict(pages, **{"doc/z.md": ""}))) == 1


def main():
    top = (
        sys.argv[1]
        if len(sys.argv) > 1
        else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    )
    pages = {"": top}
    for path in glob.glob(os.path.join(top, "*.md")) + glob.glob(os.path.join(top, "doc", "*.md")):
        with open(path, encoding="utf-8") as text:
            pages[os.path.relpath(path, top)] = text.read()
    if "README.md" not in pages:
        sys.exit("doc_pages: no README.md in " + top)
    selftest(top)
    found = faults(pages)
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
