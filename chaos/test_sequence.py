# SPDX-License-Identifier: GPL-2.0-or-later
"The generator, the format of sequences, and the shrinker: without a router."

import time

import pytest

import observe
import sequence
import trial
from generator import Generator
from model import Violation
from router import moves_import, without_optimization
from sequence import Batch

WRITTEN = """== batch 0
op 10 ip: link add red type vrf table 13 ; link set red up
op 11 cfg: vrf red ; ip route-export 1:1 ; exit-vrf

== batch 1
op 12 sys: zebra-term
op 13 clear: clear ip route-leak vrf red 10.0.0.0/8
op 14 show: show route-leak topology dot
(links and kernel routes beside the rest, at the same time)
"""


def test_reads_what_another_test_wrote():
    first, second = sequence.parse(WRITTEN)
    assert first == Batch(
        [
            ("ip", "link add red type vrf table 13 ; link set red up"),
            ("cfg", "vrf red ; ip route-export 1:1 ; exit-vrf"),
        ]
    )
    assert [kind for kind, _ in second.ops] == ["sys", "clear", "show"]
    assert second.beside and not first.beside


def test_a_generated_sequence_survives_being_written_and_read():
    batches = Generator(7).batches(3000)
    assert sequence.count(batches) == 3000
    assert any(batch.beside for batch in batches) and any(batch.one_commit for batch in batches)
    assert sequence.parse(sequence.render(batches)) == batches


@pytest.mark.parametrize("line", ["op 1 ip: link", "== batch 0\nop x ip: link", "== batch 0\nop 1 reboot: now"])
def test_refuses_what_is_no_sequence(line):
    with pytest.raises(ValueError, match="not part of a sequence"):
        sequence.parse(line)


def test_a_seed_gives_one_sequence():
    assert Generator(3).batches(200) == Generator(3).batches(200)
    assert Generator(3).batches(200) != Generator(4).batches(200)


def test_the_generator_does_everything_sooner_or_later():
    texts = "\n".join(text for seed in range(60) for batch in Generator(seed).batches(300) for _, text in batch.ops)
    for part in (
        "type vrf table 4294967294",
        "type veth",
        " name x",
        "nomaster",
        "index 90",
        "link del",
        "addr del",
        "maximum-prefix",
        "warning-only",
        "01:1",
        "NOSUCH",
        "nexthop-vrf",
        "blackhole",
        "reject",
        "-6 route",
        "metric 4278198272",
        "zebra-kill -K 5",
        "zebra-term -r",
        "mgmtd-kill",
        "staticd-term",
        "no route-map",
        "no ip prefix-list",
        "ipv6 route-import",
        " distance 20",
        "no ip route-leak preempt",
        "hold-down 300",
        "ip vrf-isolation",
        "-6 rule del",
        "set metric +",
        "set tag 77",
        "no set metric",
    ):
        assert part in texts, part


def test_no_two_vrfs_have_one_table_at_a_time():
    for seed in range(20):
        tables = {}
        for batch in Generator(seed).batches(300):
            for kind, text in batch.ops:
                for line in text.split(" ; ") if kind == "ip" else []:
                    words = line.split()
                    if words[:2] == ["link", "del"]:
                        tables.pop(words[2], None)
                    elif "vrf" in words and words[:2] == ["link", "add"]:
                        assert words[-1] not in tables.values()
                        tables[words[2]] = words[-1]


def test_shrinks_to_the_operations_that_matter():
    batches = [Batch([("ip", "a"), ("ip", "b")]), Batch([("cfg", "c")]), Batch([("ip", "d"), ("ip", "e")], beside=True)]

    def attempt(candidate):
        left = [text for batch in candidate for _, text in batch.ops]
        return {"fault"} if "b" in left and "e" in left else set()

    assert trial.shrink(batches, {"fault"}, attempt, time.monotonic() + 60) == [
        Batch([("ip", "b")]),
        Batch([("ip", "e")], beside=True),
    ]


def test_shrinking_ends_in_time():
    batches = Generator(1).batches(100)
    assert trial.shrink(batches, {"fault"}, lambda candidate: {"fault"}, time.monotonic()) == batches


def test_an_import_that_moves():
    again = [
        "vrf red",
        "no ip route-import 01:1",
        "exit-vrf",
        "vrf red",
        "ip route-import 1:1 route-map RA",
        "exit-vrf",
    ]
    assert moves_import(again)
    assert not moves_import(again[:3])
    assert not moves_import(["no ip route-import 1:1"] + again[3:])
    assert not moves_import(["no ipv6 route-import 1:1", "ip route-import 1:1"])


def test_route_maps_without_optimization():
    lines = ["route-map RA permit 5", "match tag 77", "exit", "vrf red", "exit-vrf"]
    assert without_optimization(lines) == lines[:3] + ["no route-map RA optimization"] + lines[3:]


@pytest.mark.parametrize(
    "frames, freed",
    [
        ("workfunc+0xdb 1 2 /x/zebra_vrfleak.so", False),
        ("other+0xdb 1 2 /x/zebra_vrfleak.so\nZEBRA: workfunc+0x1 1 2 /x/zebra_vrfleak.so", False),
        ("rib_score_proto+0x1 1 2 /usr/lib/frr/zebra", True),
        ("other+0x1 1 2 /usr/lib/frr/zebra", False),
    ],
)
def test_a_crash_in_a_freed_table(frames, freed):
    trace = "ZEBRA: Received signal 11\nZEBRA: zlog_signal+0xf7 1 2\nZEBRA:     ---- signal ----\nZEBRA: {}\n"
    assert observe.freed_table(trace.format(frames)) == freed


def test_what_two_trials_have_in_common():
    outcome = trial.Outcome()
    outcome.violations = [Violation("crash", "ZEBRA: Received signal 11"), Violation("restless", "the RIB keeps changing")]
    outcome.odd = [Violation("static-differs", "10.2.0.0/24 in red: zebra")]
    assert outcome.signs() == {("crash", "zebra"), ("restless",), ("static-differs",)}
