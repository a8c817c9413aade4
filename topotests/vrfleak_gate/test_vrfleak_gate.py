#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The gate: without a build of the module that works in this FRR, the daemons run without it. They say so once, nothing is
leaked, zebra's own routes stay, and the configuration is kept in a copy. With the build back, everything leaks again.
"""

import glob
import os
import re
import shutil
import signal
import subprocess

import pytest

from vrfleak import expect, kernel, topology
from vrfleak.fixtures import r1  # noqa: F401
from vrfleak.topology import HAVE_MGMTD, RED

pytestmark = [pytest.mark.staticd]

CONF = "/etc/frr/frr.conf"
COPY = CONF + ".vrfleak"
MODULE_DAEMONS = (["mgmtd"] if HAVE_MGMTD else []) + ["zebra"]
DAEMONS = MODULE_DAEMONS + ["staticd"]

# The gates are in MODULES, the build in BUILD.
[MODULES] = [os.path.dirname(gate) for gate in glob.glob("/usr/lib/**/modules/zebra_vrfleak.so", recursive=True)]
[BUILD] = glob.glob(MODULES + "/vrfleak/*")
VERSION = os.path.basename(BUILD)
AWAY = MODULES + "/vrfleak-away"


def setup_module(mod):
    topology.start(mod)


def teardown_module():
    topology.stop()


def end_all(r1):
    "Ends the daemons as an upgrade does: zebra withdraws its routes from the kernel. A killed one could not."
    r1.restarts = True
    for daemon in reversed(DAEMONS):
        r1.end_daemon(daemon, signal.SIGTERM)


def boot(r1):
    "Starts the daemons and loads the configuration, as frrinit.sh does. Returns what `vtysh -b` printed."
    for daemon in DAEMONS:
        r1.start_daemon(daemon)
    question = "show mgmt backend-adapter all" if HAVE_MGMTD else "show version"
    answer = "zebra" if HAVE_MGMTD else "FRRouting"
    expect.until_equal("zebra must be there", lambda: answer in r1.vtysh(question)[1], True)
    return r1.vtysh(options=["-b"])[1]


def started(r1, daemon):
    "What a daemon has written to stderr."
    with open(os.path.join(r1.gear.logdir, "r1", daemon + ".err"), encoding="utf-8") as text:
        return text.read()


def logged(r1, daemon):
    with open(os.path.join(r1.gear.logdir, "r1", daemon + ".log"), encoding="utf-8", errors="replace") as text:
        return text.read()


def inert_lines(text):
    return [line for line in text.splitlines() if "vrfleak: INERT" in line]


@pytest.fixture
def broken(r1):
    """
    Boots with a build that was changed: call it with a function that changes it. The build, the configuration and the
    routes are restored at the end.
    """
    shutil.copytree(BUILD, AWAY)
    saved = r1.net.cmd_raises("cat " + CONF)

    def run(change):
        end_all(r1)
        change()
        before = {daemon: len(started(r1, daemon)) for daemon in MODULE_DAEMONS}
        run.logged = {daemon: len(logged(r1, daemon)) for daemon in MODULE_DAEMONS}
        run.booted = boot(r1)
        run.started = {daemon: started(r1, daemon)[before[daemon] :] for daemon in MODULE_DAEMONS}

    yield run
    shutil.rmtree(MODULES + "/vrfleak")
    shutil.copytree(AWAY, BUILD)
    shutil.rmtree(AWAY)
    r1.net.cmd_raises("rm -f " + COPY)
    r1.net.cmd_raises("cat >" + CONF, stdin=saved)
    end_all(r1)
    boot(r1)
    r1.expect_full()


def expect_inert(r1, broken, daemons, reason):
    "The daemons run without the module and say why: at start, in the log, and in show commands."
    for daemon in daemons:
        [line] = inert_lines(broken.started[daemon])
        assert reason in line and "Install the build for FRR {}, then restart FRR".format(VERSION) in line, line
        expect.until_equal(
            "the reason is in the log of {} once".format(daemon),
            lambda: len(inert_lines(logged(r1, daemon)[broken.logged[daemon] :])),
            1,
        )
        shown = r1.vtysh("show modules", daemon=daemon)[1]
        assert re.search(r"^vrfleak +\S+ +INERT: .*" + re.escape(reason), shown, re.M), shown
    for daemon in set(MODULE_DAEMONS) - set(daemons):
        assert not inert_lines(broken.started[daemon]), broken.started[daemon]
        assert re.search(r"^vrfleak .* build for FRR " + VERSION, r1.vtysh("show modules", daemon=daemon)[1], re.M)


def expect_zebra_inert(r1, reason):
    "Zebra's commands give the reason, nothing is leaked, and zebra's own routes are installed."
    for family in ("ip", "ipv6"):
        for words in ("", " vrf red", " routes", " conflicts vrf red", " explain vrf red 192.0.2.0/26"):
            out = r1.vtysh("show {} route-leak{}".format(family, words), daemon="zebra")[1]
            assert "vrfleak: INERT, nothing is leaked: " in out and reason in out, (words, out)
        for words in ("json", "vrf red json", "routes json"):
            shown = r1.json("show {} route-leak {}".format(family, words))
            assert shown["inert"] is True and reason in shown["reason"], shown
    for words in ("show route-leak statistics", "show route-leak topology", "clear ip route-leak vrf red"):
        assert reason in r1.vtysh(words, daemon="zebra")[1], words
    for table in (10, 20, 30, 40):
        expect.until_equal("leaked routes in table {}".format(table), lambda: kernel.zebra_routes(r1, table, 4), {})
    for vrf in ("shared", "red", "blue", "green"):
        r1.expect_leaked("nothing", vrf, {})
    expect.until_equal("red's own route", lambda: RED.behind4 in r1.rib("red"), True)
    r1.expect_ping((RED, RED.router4))


# ---- builds that do not work, and what the gate says of them ----


def remove():
    shutil.rmtree(BUILD)


def write_garbage():
    for daemon in MODULE_DAEMONS:
        with open("{}/{}_vrfleak.so".format(BUILD, daemon), "w", encoding="ascii") as library:
            library.write("This is no library. " * 1000)


def need_a_symbol():
    "Libraries that need a function that no FRR has, as a build for a newer FRR would."
    source = "void vrfleak_no_such_function(void); void *p = vrfleak_no_such_function;"
    for daemon in MODULE_DAEMONS:
        library = "{}/{}_vrfleak.so".format(BUILD, daemon)
        os.unlink(library)
        subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=source, text=True, check=True)


def replace_in(library, old, new):
    "Replaces a string in a library by one that is not longer."
    path = "{}/{}".format(BUILD, library)
    with open(path, "rb") as binary:
        data = binary.read()
    old, new = old.encode() + b"\0", new.encode().ljust(len(old), b"\0") + b"\0"
    assert old in data, old
    # Another file: the old one is mapped by a daemon that has just been killed.
    os.unlink(path)
    with open(path, "wb") as binary:
        binary.write(data.replace(old, new))


OTHER = re.sub(r"\d$", "0", VERSION)
OTHER = OTHER if OTHER != VERSION else re.sub(r"\d$", "1", VERSION)


def be_for_another():
    "The build is for another FRR than the folder that it is in."
    for daemon in MODULE_DAEMONS:
        replace_in(daemon + "_vrfleak.so", VERSION, OTHER)


def change_a_size():
    "To the build, struct vrf has the size that struct route_table really has: seen only once zebra has a VRF."
    replace_in("zebra_vrfleak.so", "Route table", "VRF")


BROKEN = [
    (remove, MODULE_DAEMONS, "there is no build for FRR {} ({}/".format(VERSION, BUILD)),
    (write_garbage, MODULE_DAEMONS, "invalid ELF header"),
    (need_a_symbol, MODULE_DAEMONS, "undefined symbol: vrfleak_no_such_function"),
    (be_for_another, MODULE_DAEMONS, "the build is for FRR {}, but this is FRR {}".format(OTHER, VERSION)),
    (change_a_size, ["zebra"], 'the build is for another FRR {}: there "VRF" has '.format(VERSION)),
]


@pytest.mark.parametrize("change, daemons, reason", BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_broken(r1, broken, change, daemons, reason):
    "A build that does not work: the daemons run, and say why once; zebra forwards its own routes and leaks nothing."
    r1.expect_full()
    broken(change)
    expect_inert(r1, broken, daemons, reason)
    expect_zebra_inert(r1, reason)
    assert COPY in inert_lines(broken.started["zebra"])[0], broken.started["zebra"]


def test_other_libyang(r1, broken):
    "FRR runs with another libyang than the build's: the gate finds it out from the libraries that are loaded."
    library = AWAY + "/libyang.so.99"
    subprocess.run(["gcc", "-shared", "-o", library, "-x", "c", "/dev/null"], check=True)

    def preload():
        for daemon in MODULE_DAEMONS:
            folder, argv = r1.ended[daemon]
            r1.ended[daemon] = folder, ["env", "LD_PRELOAD=" + library] + argv

    broken(preload)
    reason = "but this FRR uses libyang.so.99"
    expect_inert(r1, broken, MODULE_DAEMONS, reason)
    expect_zebra_inert(r1, reason)


def test_strict(r1, broken):
    "-M vrfleak:strict: the daemon does not start without a build, says why, and starts with it."
    end_all(r1)
    remove()
    for daemon in MODULE_DAEMONS:
        folder, argv = r1.ended[daemon]
        r1.ended[daemon] = folder, [word if word != "vrfleak" else "vrfleak:strict" for word in argv]
        assert r1.ended[daemon][1] != argv
        status, out, err = r1.net.cmd_status(r1.ended[daemon][1], warn=False)
        assert status != 0, out + err
        assert "vrfleak: refused by -M vrfleak:strict: there is no build for FRR " + VERSION in out + err
    shutil.copytree(AWAY, BUILD)
    boot(r1)
    r1.expect_full()
    end_all(r1)
    for daemon in MODULE_DAEMONS:
        folder, argv = r1.ended[daemon]
        r1.ended[daemon] = folder, [word if word != "vrfleak:strict" else "vrfleak" for word in argv]
    boot(r1)


# ---- the configuration ----


def stat_of(r1, path):
    return r1.net.cmd_raises(["stat", "-c", "%U %G %a", path]).strip()


def statements(text):
    return [line.strip() for line in text.splitlines() if " route-" in line]


def lost_hints(r1):
    return [hint for hint in r1.json("show ip route-leak json")["hints"] if COPY in hint]


def test_copy(r1, broken):
    """
    'write' while the gate is inert drops the statements, and the copy keeps them. With the build back, hints and the log name
    them until they are configured.
    """
    before = r1.net.cmd_raises("cat " + CONF)
    assert len(statements(before)) == 14, before
    broken(remove)
    assert r1.net.cmd_raises("cat " + COPY) == before
    assert stat_of(r1, COPY) == stat_of(r1, CONF)

    status, out = r1.vtysh("write memory")
    assert status == 0, out
    assert statements(r1.net.cmd_raises("cat " + CONF)) == []
    end_all(r1)
    boot(r1)
    assert r1.net.cmd_raises("cat " + COPY) == before, "another inert start leaves the copy as it is"

    end_all(r1)
    shutil.copytree(AWAY, BUILD)
    boot(r1)
    expect.until_equal("hints", lambda: len(lost_hints(r1)), 14)
    text = "VRF red: ip route-import 1:1"
    assert [hint for hint in lost_hints(r1) if text in hint], lost_hints(r1)
    assert text in r1.show("show ip route-leak")
    r1.expect_log("not configured, but in {}, {}".format(COPY, text))
    assert not inert_lines(r1.vtysh("show modules")[1])

    status, out = r1.vtysh(options=["-f", COPY])
    assert status == 0, out
    r1.expect_full()
    expect.until_equal("hints", lambda: lost_hints(r1), [])

    r1.change("red", "no ip route-import 1:1")
    expect.until_equal("hints", lambda: len(lost_hints(r1)), 1)
    r1.net.cmd_raises("rm " + COPY)
    assert lost_hints(r1) == []


def test_no_copy_without_statements(r1, broken):
    "A frr.conf that has none of the module's lines is not copied."
    broken(lambda: (remove(), r1.net.cmd_raises("sed -i '/ route-/d' " + CONF)))
    [line] = inert_lines(broken.started["zebra"])
    assert "write" not in line, line
    assert r1.net.cmd_raises("ls /etc/frr").count("vrfleak") == 0


def test_vtysh_without_a_build(r1, broken):
    "vtysh starts without its build: one line on stderr, and the show commands are there."
    os.unlink(BUILD + "/vtysh_vrfleak.so")
    status, out, err = r1.net.cmd_status(["vtysh", "-c", "show ip route-leak vrf red"], warn=False)
    assert status == 0 and "VRF red" in out, out
    [line] = [line for line in err.splitlines() if line]
    assert "there is no build for FRR " + VERSION in line, line
