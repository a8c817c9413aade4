#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
vrfleak: whether doc/reference.md, the manual page and the code say the same.

    doc_reference.py [SRCDIR]           status 1 and a line for each difference
    doc_reference.py [SRCDIR] --tree    prints the tree of the YANG model, for the page

Compared, in both directions:
 - the commands of vrfleak_commands.h with the page's blocks of "```cli", and with the manual page;
 - the JSON keys that the code prints with the first column of the tables below "## JSON";
 - the verdicts of explain with the page's table of verdicts;
 - the error numbers of errors.h with the page's table of them;
 - the tree of the YANG model with the page's block of "```yang-tree".

What is read from the code, by regular expressions: string literals given to json_object_*_add() as the key, keys in
tables of structures ({"key", "text", ...), and the words given to answer(). Refuses a source of which it finds nothing,
so that it cannot pass by seeing nothing.
"""

import os
import re
import sys

KEY_CALL = re.compile(r'json_object_\w+?_add\(\s*[^;]*?,\s*"([A-Za-z0-9]+)"\s*,')
KEY_TABLE = re.compile(r'\{\s*"([a-z][A-Za-z0-9]*)",\s*"[A-Z]')
KEY_FAMILY = re.compile(r"vrfleak_af2str\(enum vrfleak_af af\)\s*\{(.*?)\n\}", re.S)
VERDICT = re.compile(r'answer\(\s*&?\w+,\s*"([a-z-]+)"')
ERRORS = re.compile(r"EC_VRFLEAK_\w+ = ZEBRA_FERR_START \+ (\d+),(.*?)\}", re.S)
ZEBRA_FERR_START = 0xF1000001  # of FRR's lib/ferr.h
COMMAND = re.compile(r'#define (?:VRFLEAK_CMD_\w+)((?:\s|\\\n)+(?:"[^"]*"(?:\s|\\\n)*)+)')
FENCE = re.compile(r"^```%s\n(.*?)^```$", re.S | re.M)


def sources(top):
    "The text of all files of the module's C code."
    texts = []
    for folder, _, files in os.walk(os.path.join(top, "zebra_vrfleak")):
        for name in sorted(files):
            if name.endswith((".c", ".h")):
                with open(os.path.join(folder, name), encoding="utf-8") as text:
                    texts.append(text.read())
    return "\n".join(texts)


def fences(page, info):
    return re.findall(FENCE.pattern % info, page, FENCE.flags)


def section(page, title):
    "A second-level section of the page."
    found = re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(title), page, re.S | re.M)
    return found[1] if found else ""


def first_column(text):
    "The words in backquotes in the first column of the text's tables."
    words = set()
    for cell in re.findall(r"^\| *(`[^|]*) *\|", text, re.M):
        words.update(re.findall(r"`([^`]+)`", cell))
    return words


def code_commands(code):
    return {"".join(re.findall(r'"([^"]*)"', body)) for body in COMMAND.findall(code)}


def code_keys(code):
    keys = set(KEY_CALL.findall(code)) | set(KEY_TABLE.findall(code))
    for body in KEY_FAMILY.findall(code):
        keys.update(re.findall(r'"(\w+)"', body))
    return keys


def code_errors(code):
    numbers = set()
    for offset, rest in ERRORS.findall(code):
        first = ZEBRA_FERR_START + int(offset)
        numbers.update(str(first + number) for number in range(1 + rest.count("EC_VRFLEAK_")))
    return numbers


def yang_statements(text):
    "(keyword, argument, children) of each statement; strings that are concatenated are not needed here."
    token = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|//[^\n]*|/\*.*?\*/|[{};]|[^\s{};"\']+', re.S)
    stack, words = [("", "", [])], []
    for match in token.finditer(text):
        word = match[0]
        if word.startswith(("//", "/*")):
            continue
        if word in ("{", ";"):
            statement = (words[0], words[1].strip("\"'") if len(words) > 1 else "", [])
            stack[-1][2].append(statement)
            words = []
            if word == "{":
                stack.append(statement)
        elif word == "}":
            stack.pop()
        else:
            words.append(word)
    return stack[0][2]


def child(statement, keyword):
    return next((part[1] for part in statement[2] if part[0] == keyword), None)


def tree_lines(parent, indent, access):
    "The lines of RFC 8340 for the data nodes in a statement."
    lines = []
    for statement in parent[2]:
        keyword, name = statement[0], statement[1]
        if keyword not in (
            "container",
            "list",
            "leaf",
            "leaf-list",
            "rpc",
            "notification",
            "input",
        ):
            continue
        mode = {"rpc": "-x", "notification": "-n", "input": "-w"}.get(keyword)
        inner = access if mode is None else {"-x": "-w", "-n": "ro", "-w": "-w"}[mode]
        if child(statement, "config") == "false":
            inner = "ro"
        mandatory = child(statement, "mandatory") == "true" or (
            keyword == "leaf" and child(parent, "key") and name in child(parent, "key").split()
        )
        mark = {"list": "*", "leaf-list": "*"}.get(keyword, "")
        if (keyword == "leaf" and not mandatory) or child(statement, "presence"):
            mark = "?" if keyword == "leaf" else "!"
        text = "{}+--{} {}{}".format(
            indent, mode or inner, "input" if keyword == "input" else name, mark
        )
        if keyword == "list":
            text += " [{}]".format(child(statement, "key"))
        if keyword in ("leaf", "leaf-list"):
            text += " " + child(statement, "type")
        lines += [text] + tree_lines(statement, indent + "   ", inner)
    return lines


def yang_tree(top):
    with open(os.path.join(top, "yang", "frr-vrfleak.yang"), encoding="utf-8") as model:
        module = yang_statements(model.read())[0]
    return "\n".join(["module: " + module[1]] + tree_lines(module, "  ", "rw")) + "\n"


def compare(what, documented, known):
    "The lines that tell how two sets differ."
    if not known:
        return ["doc_reference: found no {} in the code".format(what)]
    return [
        "doc/reference.md: {} missing: {}".format(what, one) for one in sorted(known - documented)
    ] + [
        "doc/reference.md: {} unknown to the code: {}".format(what, one)
        for one in sorted(documented - known)
    ]


def plain(command):
    "A command as the manual page writes it."
    for old, new in (
        ("RMAP_NAME", "NAME"),
        ("VRF_NAME", "NAME"),
        ("(1-4294967295)", "N"),
        ("(1-100)", "P"),
        ("(1-254)", "N"),
        ("<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>", "ADDRESS|PREFIX"),
        ("<A.B.C.D/M|X:X::X:X/M>", "PREFIX"),
    ):
        command = command.replace(old, new)
    return re.sub(r"[<>]", "", command)


def manual_differences(manual, code):
    documented = set(re.findall(r"^\.B (.*(?:route-(?:leak|export|import)|vrf-isolation).*)$", manual, re.M))
    lines = compare("command", documented, {plain(command) for command in code_commands(code)})
    return [line.replace("doc/reference.md", "doc/zebra_vrfleak.8") for line in lines]


def differences(page, code, tree):
    json = section(page, "JSON")
    lines = compare(
        "command",
        {line for block in fences(page, "cli") for line in block.splitlines()},
        code_commands(code),
    )
    lines += compare("JSON key", first_column(json), code_keys(code))
    lines += compare("verdict", first_column(section(page, "Verdicts")), set(VERDICT.findall(code)))
    lines += compare("error number", first_column(section(page, "Log messages")), code_errors(code))
    if fences(page, "yang-tree") != [tree]:
        lines.append(
            "doc/reference.md: the YANG tree differs from the model; tests/doc_reference.py --tree prints it"
        )
    return lines


def selftest(page, manual, code, tree):
    "Each difference is noticed, in both directions."
    more = '#define VRFLEAK_CMD_X "show route-leak x"\n'
    if manual_differences(manual, code + more) == manual_differences(manual, code):
        sys.exit("doc_reference: a difference of the manual page was not noticed")
    for wrong in (
        (page.replace("```cli\n", "```cli\nshow nothing\n", 1), code, tree),
        (page.replace("`sinceSeconds`", "`sinceHours`"), code, tree),
        (page.replace("`no-route`", "`no-road`"), code, tree),
        (page, code + '#define VRFLEAK_CMD_X "show x"\n', tree),
        (page, code + 'json_object_int_add(json, "newKey", 1);\n', tree),
        (page, code + 'return answer(q, "bad-luck", "text");\n', tree),
        (page, code, tree + "  +--rw x\n"),
        (page.replace("`4044209064`", "`4044209065`"), code, tree),
    ):
        if len(differences(*wrong)) <= len(differences(page, code, tree)):
            sys.exit("doc_reference: a difference was not noticed")


def main():
    arguments = [word for word in sys.argv[1:] if word != "--tree"]
    top = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    tree = yang_tree(top)
    if "--tree" in sys.argv:
        print(tree, end="")
        return
    with open(os.path.join(top, "doc", "reference.md"), encoding="utf-8") as text:
        page = text.read()
    with open(os.path.join(top, "doc", "zebra_vrfleak.8"), encoding="utf-8") as text:
        manual = text.read()
    code = sources(top)
    selftest(page, manual, code, tree)
    lines = differences(page, code, tree) + manual_differences(manual, code)
    print("\n".join(lines))
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
