#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"Invalid input is rejected with one line that names the error, and changes nothing."

import json
import re

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.config import NO_CHANGE

pytestmark = [pytest.mark.staticd]


def name_of(value):
    "A short name of a test's parameter; FRR's library cannot have two colons in a row there."
    return str(value).replace("::", ".")[:40]


BAD_TAGS = [
    "1",
    "1:",
    ":1",
    ":",
    "a:b",
    "1:b",
    "1:4294967296",
    "4294967296:1",
    "65536:65536",
    "1:-1",
    "-1:1",
    "+1:1",
    "1:1:1",
    "999.1.1.1:1",
    "1.1.1:1",
    "1.1.1.1.1:1",
    "192.0.2.1:65536",
    "0x1:1",
    "1:1a",
    "1.0:1",
    "1;1",
    "1:99999999999999999999999999",
    "9" * 200 + ":1",
    "1:" + "1" * 900,
]


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def refused(r1, vrf, line, *words):
    """
    Enters a line that must be rejected, with one line that contains these words; nothing may change. Returns vtysh's
    exit status.
    """
    before = r1.running()
    commands = ["configure terminal"] + (["vrf " + vrf] if vrf else []) + [line]
    status, out = r1.vtysh(*commands)
    answer = re.sub(NO_CHANGE, "", out)
    errors = [text for text in answer.splitlines() if text.startswith("%")]
    assert len(errors) == 1, "one line: {}".format(out)
    for word in words:
        assert word in out, "{} is not in: {}".format(word, out)
    expect.equal("nothing is changed by: " + line, r1.running(), before)
    return status


@pytest.mark.parametrize("tag", BAD_TAGS, ids=name_of)
def test_bad_tag(r1, tag):
    words = 'Invalid tag "', "nothing was changed"
    assert refused(r1, "green", "ip route-export " + tag, *words) != 0


@pytest.mark.parametrize("tag", ["1:", "65536:65536", "1:1:1"])
@pytest.mark.parametrize("vrf", [None, "red"])
def test_bad_tag_everywhere(r1, vrf, tag):
    "Invalid tags in each command, in its 'no' form, and at the global level."
    before = r1.running()
    for line in ("ip route-import", "ipv6 route-export", "no ipv6 route-import"):
        commands = ["configure terminal"] + (["vrf " + vrf] if vrf else [])
        status, out = r1.vtysh(*commands, "{} {}".format(line, tag))
        assert status != 0 and 'Invalid tag "{}"'.format(tag) in out, out
    expect.equal("nothing is changed", r1.running(), before)


@pytest.mark.parametrize(
    "line",
    [
        "ip route-export",
        "ip route-import",
        "ip route-export 1:1 2:2",
        "ip route-export 1:1 route-map",
        "ip route-import vrf",
        "ip route-import vrf blue red",
        "ip route-import vrf blue maximum-prefix 0",
        "ip route-import 1:1 vrf blue",
        "ip route-export vrf blue",
        "no ip route-import vrf",
        "ip route-leak 1:1",
    ],
)
def test_bad_line(r1, line):
    "Too few and too many arguments."
    assert refused(r1, "red", line) != 0


@pytest.mark.parametrize(
    "line, words",
    [
        ("no ip route-export 9:9", ["VRF red does not export 9:9 (IPv4)"]),
        ("no ipv6 route-export 9:9", ["VRF red does not export 9:9 (IPv6)"]),
        ("no ip route-import 9:9", ["VRF red does not import 9:9 (IPv4)"]),
        ("no ip route-import 2:2", ["VRF red does not import 2:2 (IPv4)"]),
        ("no ip route-import vrf blue", ["VRF red does not import vrf blue (IPv4)"]),
        ("no ipv6 route-import vrf red", ["VRF red does not import vrf red (IPv6)"]),
    ],
)
def test_remove_what_is_not_there(r1, line, words):
    "A message; the exit status is left open."
    refused(r1, "red", line, "nothing was changed", *words)


def test_remove_what_is_not_there_globally(r1):
    refused(r1, None, "no ip route-export 9:9", "VRF default does not export 9:9 (IPv4)")
    assert "default" not in r1.json("show ip route-leak json")["vrfs"]


def test_remove_in_unknown_vrf(r1):
    "The same in a VRF that was never configured."
    _, out = r1.vtysh("configure terminal", "vrf nowhere", "no ip route-export 9:9")
    assert "VRF nowhere does not export 9:9 (IPv4)" in out, out
    assert "nowhere" not in r1.json("show ip route-leak json")["vrfs"]
    r1.vtysh("configure terminal", "no vrf nowhere")


@pytest.mark.parametrize(
    "command",
    [
        "show ip route-leak vrf nowhere",
        "show ip route-leak vrf nowhere json",
        "show ipv6 route-leak routes vrf nowhere",
        "show ip route-leak conflicts vrf nowhere json",
        "show ip route-leak explain vrf green 192.0.2.0/26",
        "show ip route-leak explain vrf green 192.0.2.0/26 json",
        "show ipv6 route-leak explain vrf green 2001:db8::1",
        "clear ip route-leak vrf nowhere",
        "clear ipv6 route-leak vrf nowhere 2001:db8::/32",
        "show ip route-leak vrf green",
    ],
    ids=name_of,
)
def test_vrf_without_configuration(r1, command):
    "A VRF without tags, whether it exists or not, gets a clear message."
    name = command.partition("vrf ")[2].split()[0]
    _, out = r1.vtysh(command)
    family = "ipv6" if "ipv6" in command else "ip"
    text = "VRF {} has no route-leak configuration; 'show {} route-leak' lists the VRFs that have".format(name, family)
    if command.endswith(" json"):
        assert json.loads(out) == {"error": text}, out
    else:
        assert out.strip() == "% " + text, out


@pytest.mark.parametrize(
    "command",
    [
        "clear ip route-leak vrf red 2001:db8::/32",
        "clear ipv6 route-leak vrf red 192.0.2.0/24",
        "clear ip route-leak vrf red 192.0.2.0/33",
        "clear ip route-leak vrf red banana",
    ],
    ids=name_of,
)
def test_clear_bad_prefix(r1, command):
    "A prefix of the other family, or none at all, is refused; nothing is cleared."
    before = r1.leaked("red")
    _, out = r1.vtysh(command)
    assert out.lstrip().startswith("%"), "accepted: {}".format(out)
    if command.endswith(("2001:db8::/32", "192.0.2.0/24")):
        assert "is not an IPv{} prefix; nothing was changed".format("6" if "ipv6" in command else "4") in out, out
    r1.settle()
    assert r1.leaked("red") == before


def test_clear_unknown_prefix(r1):
    "A prefix that nobody leaks: nothing happens, and the command says so."
    before = r1.leaked("red")
    _, out = r1.vtysh("clear ip route-leak vrf red 203.0.113.0/24")
    assert out == "VRF red has no leaked route for 203.0.113.0/24; nothing was changed\n", out
    _, out = r1.vtysh("clear ip route-leak 203.0.113.0/24")
    assert out == "No VRF has a leaked route for 203.0.113.0/24; nothing was changed\n", out
    r1.settle()
    assert r1.leaked("red") == before


def test_hints(r1):
    "A likely mistake is a hint, not an error."
    assert r1.summary("red")["hints"] == []
    r1.configure("red", "ip route-import 9:9", "ip route-export 8:8")
    hints = r1.summary("red")["hints"]
    expect.equal(
        "hints of red",
        sorted(hints),
        [
            "tag 8:8 is exported, but no other VRF imports it",
            "tag 9:9 is imported, but no other VRF exports it",
        ],
    )
    out = r1.show("show ip route-leak vrf red")
    assert "tag 9:9 is imported, but no other VRF exports it" in out
    r1.configure("green", "ip route-export 9:9", "ip route-import 8:8")
    assert r1.summary("red")["hints"] == []


def test_self_import(r1):
    "A VRF imports its own tag: no effect, and a hint."
    before = r1.leaked("red")
    r1.configure("red", "ip route-import 2:2")
    hints = r1.summary("red")["hints"]
    assert (
        "tag 2:2 is both exported and imported here; a VRF never leaks to itself"
        in hints
    ), hints
    r1.settle()
    assert r1.leaked("red") == before and r1.conflicts("red") == []
    assert "red" not in r1.summary("red")["sources"]
    assert "red" not in r1.summary("red")["targets"]


def test_identical_line(r1):
    "A second identical line is accepted and changes nothing."
    before = r1.running()
    status, out = r1.vtysh(
        "configure terminal", "vrf red", "ip route-export 2:2", "ip route-import 1:1"
    )
    assert (status, re.sub(NO_CHANGE, "", out).strip()) == (0, "")
    expect.equal("nothing is changed", r1.running(), before)


# Around what fits into libfrr's buffers for xpaths, and the model's limit.
LONG = [900, 984, 985, 1000, 1023, 1024]


def questions(name):
    "Show commands of all kinds, some of which name a route-map."
    for family in ("ip", "ipv6"):
        for words in (
            "",
            "vrf green",
            "json",
            "routes",
            "conflicts",
            "explain vrf green {}".format(
                "192.0.2.0/26" if family == "ip" else "2001:db8:1::/64"
            ),
            "what-if vrf green import 1:1 route-map " + name,
        ):
            yield "show {} route-leak {}".format(family, words).strip()
    yield "show route-leak topology"
    yield "show route-leak topology dot"
    yield "show route-leak statistics"


@pytest.mark.parametrize("length", LONG)
def test_long_route_map_name(r1, length):
    "The name of a route-map that does not exist, of any length, is shown in full, with a hint, and nothing is leaked."
    name = "m" * length
    lines = [
        "ip route-import 1:1 route-map " + name,
        "ipv6 route-export 4:4 route-map " + name,
    ]
    r1.configure("green", *lines)
    expect.equal("in the configuration", sorted(r1.tags("green")), lines)
    for question in questions(name):
        r1.vtysh(question)
    hint = "route-map {} does not exist and denies everything".format(name)
    assert hint in r1.summary("green")["hints"]
    r1.expect_log("route-map " + name[:200])
    r1.settle()
    assert r1.leaked("green") == {}


@pytest.mark.parametrize("name", ["m" * 1025, "m" * 3000, "a\x01b", "a\x7fb"], ids=len)
def test_bad_route_map_name(r1, name):
    """
    The name is longer than the model allows, or not printable: the whole statement is rejected, not only the route-map.
    """
    line = "ip route-import 1:1 route-map " + name
    assert refused(r1, "green", line, "Invalid route-map name") != 0


@pytest.mark.parametrize("name", ["v" * 37, "v" * 1500, "red's", "a\x01b"], ids=len)
def test_bad_source_name(r1, name):
    "An import by a name that no VRF can have is rejected, with and without a route-map; so is its 'no' form."
    for line in ("ip route-import vrf " + name, "ip route-import vrf {} route-map M".format(name)):
        assert refused(r1, "green", line, "Invalid VRF name", "nothing was changed") != 0
    refused(r1, "green", "no ip route-import vrf " + name, "nothing was changed")


@pytest.mark.parametrize("name", ["v" * 36, "1:1", "vrf", "route-map", "vrf:red", "a[b]c", 'a"b'], ids=name_of)
def test_odd_source_name(r1, name):
    "A name that a VRF can have is shown as it was entered, and the VRF need not exist."
    line = "ip route-import vrf {} maximum-prefix 5".format(name)
    r1.configure("green", line)
    assert r1.tags("green") == [line]
    assert r1.summary("green")["imports"] == ["vrf " + name]
    hint = "VRF {} is imported by its name, but does not exist".format(name)
    assert hint in r1.summary("green")["hints"]
    r1.change("green", "no ip route-import vrf " + name)
    assert r1.tags("green") == []
    r1.changed = {}


@pytest.mark.parametrize("length", [15, 35, 36])
def test_long_vrf_name(r1, length):
    "The longest VRF names of FRR are shown in full everywhere. A longer name is another VRF."
    name = "v" * length
    r1.configure(name, "ip route-import 1:1", "ip route-export 9:9")
    assert name in r1.json("show ip route-leak json")["vrfs"]
    for question in questions("none"):
        r1.vtysh(question.replace("green", name))
    assert r1.summary(name)["hints"] != []
    out = r1.vtysh("show ip route-leak vrf {}v".format("v" * 36))[1]
    assert "has no route-leak configuration" in out, out
    r1.restore()
    r1.vtysh("configure terminal", "no vrf " + name)


def test_import_table(r1):
    """
    'ip import-table' uses the table of a VRF: the VRF's statements are accepted, and a hint says why it leaks nothing.
    """
    r1.configure("default", "ip import-table 40")
    r1.configure("green", "ip route-export 4:4")
    summary = r1.summary("green")
    assert summary["exports"] == ["4:4"]
    assert "import-table" in " ".join(summary["hints"]), summary
    r1.configure("default", "no ip import-table 40")
    expect.until_equal(
        "hints without import-table",
        lambda: "import-table" in " ".join(r1.summary("green")["hints"]),
        False,
    )


def test_import_table_later(r1):
    """
    'ip import-table' is configured for the table of a VRF that already leaks. The VRF then leaks nothing, a hint says
    why, and its routes stay apart from the imported ones. Without import-table, red leaks again.

    FRR's own import-table deactivates red's static route permanently, so the test enters it again at the end.
    """
    static = "ip route 198.51.100.64/26 192.0.2.66"
    r1.configure("default", "ip import-table 20")
    blue = {"192.0.2.128/26": 30, "198.51.100.128/26": 30}
    r1.expect_leaked("red's instance is taken", "shared", blue)
    hints = " ".join(r1.summary("red")["hints"])
    assert "import-table" in hints, hints
    imported = [
        route["instance"]
        for routes in r1.rib("default").values()
        for route in routes
        if route["protocol"] == "table"
    ]
    assert 20 in imported, "FRR's own imported routes are there"

    r1.configure("default", "no ip import-table 20")
    r1.change("red", "no " + static, static)
    r1.expect_leaked(
        "red leaks again",
        "shared",
        {"192.0.2.64/26": 20, "198.51.100.64/26": 20, **blue},
    )
    assert "import-table" not in " ".join(r1.summary("red")["hints"])
