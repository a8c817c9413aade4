#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Each command of the module, from vtysh's own list, with invalid values for each argument, too few and too many
arguments.

A new command is tested without a change here. A new kind of token fails the test until invalid values are added for it.
The commands, the model and doc/reference.md must agree.
"""

import json
import os
import re

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

HUGE = "9" * 1500
NODES = {"enable": [], "configure": ["configure terminal"], "vrf": ["configure terminal", "vrf red"]}

# For each kind of token, as vtysh prints it: values that must be refused, and a valid one.
BAD_TAG = ["1", "1:", ":", "a:b", "65536:65536", "1:-1", "999.1.1.1:1", "1:1:1", HUGE + ":1"]
BAD_PREFIX = ["192.0.2.0/33", "2001:db8::/129", "banana", "/", "-1", HUGE]
BAD_ADDRESS = ["192.0.2", "192.0.2.256", "2001:db8::g", "::1::", "banana", "-1", HUGE]
BAD_NUMBER = ["0", "-1", "x", "1.5", "4294967296", HUGE]
KINDS = {
    "TAG": (BAD_TAG, "7:7"),
    "NAME": (["nowhere", "-", "'", HUGE], "red"),
    # A list begins with the next VRF by name, and an import may name a VRF that does not exist: few are wrong.
    "VRF_NAME": ([], "red"),
    "RMAP_NAME": ([HUGE], "M"),
    "(1-4294967295)": (BAD_NUMBER, "10"),
    "(1-254)": (BAD_NUMBER + ["255"], "20"),
    "(1-100)": (BAD_NUMBER + ["101"], "50"),
    "(1-3600)": (BAD_NUMBER + ["3601"], "60"),
    "A.B.C.D": (BAD_ADDRESS, "203.0.113.7"),
    "X:X::X:X": (BAD_ADDRESS, "2001:db8:f::7"),
    "A.B.C.D/M": (BAD_PREFIX, "203.0.113.0/24"),
    "X:X::X:X/M": (BAD_PREFIX, "2001:db8:f::/48"),
}
PREFIXES = {"ip": {"A.B.C.D", "A.B.C.D/M"}, "ipv6": {"X:X::X:X", "X:X::X:X/M"}}


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def commands(r1):
    "{(node, text)} of the module's commands, as vtysh lists them."
    found = set()
    for node, enter in NODES.items():
        _, out = r1.vtysh(*enter, "list")
        for line in out.splitlines():
            # bgpd has a command of that name, too.
            if re.search(r" (route-(leak|export|import)|vrf-isolation)\b", line) and " bgp " not in line:
                found.add((node, line.strip()))
    return found


def parse(text):
    "A command's grammar as nested lists: a word, ('or', [sequence, ...]) or ('maybe', sequence)."
    tokens = re.findall(r"\([^)]*\)|[\[\]<>|{}]|[^\s\[\]<>|{}()]+", text)

    def sequence(end):
        items, alternatives = [], []
        while tokens and tokens[0] != end:
            token = tokens.pop(0)
            if token == "[":
                items.append(("maybe", sequence("]")))
            elif token == "<":
                items.append(("or", sequence(">")))
            elif token == "|":
                alternatives.append(items)
                items = []
            else:
                assert token not in "{}", "a new kind of grammar: " + text
                items.append(token)
        if tokens:
            tokens.pop(0)
        return alternatives + [items] if end == ">" else items

    return sequence(None)


def expand(items, family=None):
    "All variants of a command with all optional tokens: lists of tokens."
    variants = [[]]
    for item in items:
        if isinstance(item, str):
            choices = [[item]]
        elif item[0] == "maybe":
            choices = expand(item[1])
        else:
            choices = [variant for alternative in item[1] for variant in expand(alternative)]
        variants = [variant + choice for variant in variants for choice in choices]
    return variants


def spoken(words):
    "A command line with valid values."
    return [KINDS[word][1] if word in KINDS else word for word in words]


def forms(r1):
    "(node, words) of each command in each address family."
    for node, text in sorted(commands(r1)):
        for words in expand(parse(text)):
            if any(kinds & set(words) for family, kinds in PREFIXES.items() if family not in words):
                continue
            yield node, words


def wrong_lines(words):
    "Command lines that must be rejected."
    right = spoken(words)
    for place, word in enumerate(words):
        if word not in KINDS:
            assert re.fullmatch(r"[a-z][a-z0-9-]*", word), "add invalid values for " + word
            continue
        for value in KINDS[word][0]:
            yield right[:place] + [value] + right[place + 1 :]
        yield right[:place]
    yield right + ["more"]
    yield right[:-1] + ["nonsense"]


def test_every_command(r1):
    "Each invalid command is rejected with one line; the configuration and the leaked routes do not change."
    r1.settle()
    running, leaked = r1.running(), [r1.leaked(vrf) for vrf in ("shared", "red", "blue")]
    accepted, tried = [], 0
    for node, words in forms(r1):
        for line in wrong_lines(words):
            text = " ".join(line)
            # What is right without the rest is not wrong.
            if line == spoken(words)[: len(line)] and len(line) < len(words):
                if words[len(line) - 1] in KINDS or words[len(line)] not in KINDS:
                    continue
            tried += 1
            status, out = r1.vtysh(*NODES[node], text)
            if status == 0 and "%" not in out and '"error":' not in out:
                accepted.append(text[:120])
    assert accepted == [], "accepted without a word"
    assert tried > 100, "the table was read: {}".format(tried)
    expect.equal("the configuration", r1.running(), running)
    r1.settle()
    assert [r1.leaked(vrf) for vrf in ("shared", "red", "blue")] == leaked


def source(path):
    with open(os.path.join("/vrfleak", path), encoding="utf-8") as text:
        return text.read()


def documented_keys():
    "The JSON keys in the tables of the reference."
    page = re.search(r"^## JSON\n(.*?)^## ", source("doc/reference.md"), re.S | re.M)[1]
    return {key for cell in re.findall(r"^\| *(`[^|]*)\|", page, re.M) for key in re.findall(r"`([^`]+)`", cell)}


def keys(value):
    "All keys of a JSON value, except tags, prefixes, reasons and names of VRFs."
    if isinstance(value, list):
        return set().union(*map(keys, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {key for key in value if not re.search(r"[:/-]", key) and key not in ("shared", "red", "blue", "green")}
    return own.union(*map(keys, value.values()))


def test_json(r1):
    """
    A command that ends in `json` prints JSON. If there is nothing to show, it is an object with the reason as `error`.
    The reference has all keys.
    """
    asked, documented = 0, documented_keys()
    for _, words in forms(r1):
        if words[-1] != "json":
            continue
        lines = [spoken(words)]
        for place, word in enumerate(words):
            if word == "NAME":
                lines += [lines[0][:place] + [vrf] + lines[0][place + 1 :] for vrf in ("nowhere", "green")]
        for line in lines:
            _, out = r1.vtysh(" ".join(line))
            try:
                shown = json.loads(out)
            except ValueError:
                raise AssertionError("{}: {}".format(" ".join(line), out)) from None
            # There is no route-map M, and no tag in green.
            if "nowhere" in line:
                assert "VRF nowhere " in shown["error"], out
            elif "green" not in line and "M" not in line:
                assert "error" not in shown, out
            assert keys(shown) <= documented, keys(shown) - documented
            asked += 1
    assert asked > 20, "the table was read: {}".format(asked)


def test_reference(r1):
    "The reference has exactly the commands that vtysh has."
    blocks = re.findall(r"^```cli\n(.*?)^```$", source("doc/reference.md"), re.S | re.M)
    documented = sorted(line for block in blocks for line in block.splitlines())
    expect.equal("the reference's commands", documented, sorted({text for _, text in commands(r1)}))


def test_model(r1):
    "The commands can configure all that the model can, and the reference has the model's reasons."
    model, reference = source("yang/frr-vrfleak.yang"), source("doc/reference.md")
    texts = {text.split()[2]: text for _, text in commands(r1) if "route-leak" not in text}
    for name, command in (("export", "route-export"), ("import", "route-import")):
        body = re.search(r"\n( *)list {} \{{\n(.*?)\n\1\}}".format(name), model, re.S)[2]
        leaves = set(re.findall(r"(?:leaf|container) ([a-z-]+) ", body)) - {"tag", "limit"}
        # What follows the key, which is a tag or the name of a VRF.
        text = re.split(r"TAG(?:\|vrf VRF_NAME>)?", texts[command])[1]
        options = set(re.findall(r"\[?([a-z-]+) [\[(A-Z]|\[([a-z-]+)\]", text))
        words = {word for pair in options for word in pair if word}
        assert leaves == words, "{}: model {}, command {}".format(name, leaves, words)
    reasons = re.search(r"typedef reason \{(.*?)\n  \}", model, re.S)[1]
    for reason in re.findall(r"enum ([a-z-]+)", reasons):
        assert "`{}`".format(reason) in reference, reason
