#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The Prometheus exporter: what it shows, compared with the show commands; without zebra, and with wrong options.
"""

import json
import os
import re

import pytest

from vrfleak import expect, topology
from vrfleak.fixtures import r1  # noqa: F401

pytestmark = [pytest.mark.staticd]

TOP = os.environ.get("VRFLEAK_DIR", "/vrfleak")
PROGRAM = os.path.join(TOP, "exporter/prometheus-vrfleak-exporter")
ADDRESS = "127.0.0.1:9343"
PREFIX = "203.0.113.0/24"
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')
SCRAPE = "import urllib.request; print(urllib.request.urlopen('http://{}/metrics', timeout=600).read().decode())"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


@pytest.fixture
def exporter(r1):
    "The exporter, in r1's network namespace."
    command = "python3 " + PROGRAM
    pid = int(r1.net.cmd_raises("{} </dev/null >/dev/null 2>exporter.err & echo $!".format(command)))
    yield pid
    r1.net.cmd_raises("kill {}".format(pid))
    expect.until_equal(
        "the exporter runs", lambda: r1.net.cmd_status("kill -0 {}".format(pid), warn=False)[0] == 0, False
    )


def scrape(r1):
    "{(metric, labels): value}; {} while the exporter does not listen yet."
    status, out, _ = r1.net.cmd_status(["python3", "-c", SCRAPE.format(ADDRESS)], warn=False)
    samples = {}
    for line in out.splitlines() if status == 0 else []:
        match = SAMPLE.match(line)
        if match:
            samples[match[1], tuple(sorted(dict(LABEL.findall(match[2] or "")).items()))] = float(match[3])
    return samples


def sample(samples, name, **labels):
    return samples.get((name, tuple(sorted(labels.items()))))


def expect_up(r1, up):
    expect.until_equal("vrfleak_up", lambda: sample(scrape(r1), "vrfleak_up"), up)


def test_routes(r1, exporter):
    "Routes, conflicts and totals are those of the show commands."
    expect_up(r1, 1)
    r1.configure("shared", "ip route {} 192.0.2.2".format(PREFIX))
    expect.until_equal("it leaks", lambda: PREFIX in r1.leaked("red"), True)
    r1.configure("red", "ip route {} 192.0.2.66".format(PREFIX))
    expect.until_equal("the native one wins", lambda: PREFIX in r1.leaked("red"), False)
    r1.expect_done()
    samples = scrape(r1)
    for family in (4, 6):
        labels = {"vrf": "red", "family": "ipv{}".format(family)}
        shown = r1.summary("red", family)
        assert sample(samples, "vrfleak_conflicts", **labels) == shown["conflicts"] == (1 if family == 4 else 0)
        labels["source"] = "shared"
        state = shown["sources"]["shared"]
        assert sample(samples, "vrfleak_routes", **labels) == state["routes"] > 0
        for key in ("leaked", "replaced", "withdrawn"):
            assert sample(samples, "vrfleak_routes_{}_total".format(key), **labels) == state["totals"][key]
        for reason, count in state["totals"]["refused"].items():
            assert sample(samples, "vrfleak_routes_refused_total", reason=reason, **labels) == count
    assert sample(samples, "vrfleak_routes_withdrawn_total", vrf="red", family="ipv4", source="shared") >= 1
    for metric in ("changed_prefixes", "pending_routes", "table_walks"):
        assert sample(samples, "vrfleak_" + metric) == 0
    assert sample(samples, "vrfleak_main_thread_seconds_total") >= 0


def test_board():
    "The dashboard's queries name only metrics that the exporter has."
    with open(PROGRAM, encoding="utf-8") as program:
        text = program.read()
    with open(os.path.join(TOP, "exporter/grafana.json"), encoding="utf-8") as board:
        panels = json.load(board)["panels"]
    used = {name for panel in panels for target in panel["targets"] for name in re.findall(r"vrfleak_\w+", target["expr"])}
    assert len(used) > 8
    for name in used:
        assert '"{}"'.format(re.sub("_total$", "", name)) in text, name


def test_many_scrapes(r1, exporter):
    "Scrapes at the same time are answered one after the other, and zebra survives those that nobody waits for."
    expect_up(r1, 1)
    hasty = SCRAPE.format(ADDRESS).replace("timeout=600", "timeout=0.01")
    for _ in range(5):
        r1.net.cmd_status(["python3", "-c", hasty], warn=False)
    waiting = [r1.net.popen(["python3", "-c", SCRAPE.format(ADDRESS)]) for _ in range(3)]
    for process in waiting:
        out, _ = process.communicate()
        out = out.decode() if isinstance(out, bytes) else out
        assert "vrfleak_up 1.0" in out


def test_without_zebra(r1, exporter):
    "While zebra is not there the exporter says so, and nothing else."
    expect_up(r1, 1)
    r1.end_zebra()
    expect_up(r1, 0)
    assert not [name for name, _ in scrape(r1) if name.startswith("vrfleak_routes")]
    r1.begin_zebra()
    expect_up(r1, 1)


@pytest.mark.parametrize(
    "options, text",
    [
        (["--listen", "here"], "'here' is not ADDRESS:PORT"),
        (["--listen", "127.0.0.1:99999"], "'127.0.0.1:99999' is not ADDRESS:PORT"),
        (["--listen", "192.0.2.222:9343"], "cannot listen on 192.0.2.222:9343"),
        (["--timeout", "soon"], "invalid float value: 'soon'"),
    ],
)
def test_bad_options(r1, options, text):
    status, out, err = r1.net.cmd_status(["python3", PROGRAM] + options, warn=False)
    assert status != 0 and text in err.splitlines()[-1], out + err
