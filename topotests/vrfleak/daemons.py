# SPDX-License-Identifier: GPL-2.0-or-later
"The daemons of the router under test: stops them, starts them, reads their log."

import glob
import os
import shlex
import signal

from vrfleak import expect, topology
from vrfleak.vty import Vty

CONF = "/etc/frr/frr.conf"


class Daemons(Vty):
    "A stopped daemon is started again with the same command line."

    def __init__(self):
        super().__init__()
        self.restarts = False
        self.ended = {}

    def pid(self, daemon="zebra"):
        return self.net.cmd_raises(
            ["cat", "/var/run/frr/{}.pid".format(daemon)]
        ).strip()

    def remember_daemon(self, daemon):
        "Keeps a daemon's command line, for start_daemon(); returns its process."
        pid = int(self.pid(daemon))
        with open("/proc/{}/cmdline".format(pid), encoding="utf-8") as cmdline:
            argv = cmdline.read().rstrip("\0").split("\0")
        self.ended[daemon] = os.readlink("/proc/{}/cwd".format(pid)), argv
        return pid

    def end_daemon(self, daemon, signum):
        "Stops a daemon and waits until its process has ended."
        pid = self.remember_daemon(daemon)
        os.kill(pid, signum)

        def still_there():
            try:
                with open("/proc/{}/stat".format(pid), encoding="utf-8") as stat:
                    state = stat.read().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                return None
            return None if state == "Z" else "process {} is still there".format(pid)

        expect.until("{} must end".format(daemon), still_there)
        self.net.cmd_raises("rm -f /var/run/frr/{}.pid".format(daemon))

    def start_daemon(self, daemon):
        """
        Starts a stopped daemon with the same command line. FRR's library has such a function, but on 10.7 it needs a
        running mgmtd.
        """
        folder, argv = self.ended.pop(daemon)
        command = " ".join(shlex.quote(word) for word in argv)
        self.net.cmd_raises(
            "cd {} && {} >>{}.err 2>&1".format(shlex.quote(folder), command, daemon)
        )

    def begin_daemon(self, daemon, config=CONF):
        "Starts a daemon and loads the configuration, as frrinit.sh and watchfrr do."
        self.start_daemon(daemon)
        status, out, err = self.net.cmd_status(
            ["vtysh", "-d", daemon, "-f", config], warn=False
        )
        assert status == 0, out + err

    # ---- zebra and staticd: watchfrr restarts staticd with zebra ----

    def end_zebra(self, signum=signal.SIGKILL):
        self.restarts = True
        self.end_daemon("zebra", signum)
        self.end_daemon("staticd", signum)

    def begin_zebra(self, config=CONF):
        self.begin_daemon("zebra", config)
        self.begin_daemon("staticd", config)

    def begin_zebra_with(self, command):
        """
        The same for zebra, after a shell command has changed frr.conf. Also restarts mgmtd. reload() reads frr.conf
        again.
        """
        config = "/etc/frr/changed.conf"
        self.net.cmd_raises("{} {} >{}".format(command, CONF, config))
        if topology.HAVE_MGMTD:
            self.end_daemon("mgmtd", signal.SIGKILL)
            self.begin_daemon("mgmtd", config)
        self.begin_zebra(config)

    def reload(self):
        "Reads frr.conf, as at a boot."
        status, out = self.vtysh(options=["-b"])
        assert status == 0, out

    # ---- the log ----

    def log(self):
        "The complete log of all daemons."
        text = ""
        for path in sorted(glob.glob(os.path.join(self.gear.logdir, "r1", "*.log"))):
            with open(path, encoding="utf-8", errors="replace") as log:
                text += log.read()
        return text

    def expect_log(self, text, since=0):
        "Waits until the log contains the text. since: how many times the log contained it before."
        expect.until(
            "the log must contain: {} (more than {} times)".format(text, since),
            lambda: None if self.log().count(text) > since else "it does not",
        )
