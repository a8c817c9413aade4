# SPDX-License-Identifier: GPL-2.0-or-later
"Commands on the router under test: vtysh and ip(8)."

import json

from lib.topogen import get_topogen

IP = {4: "ip", 6: "ipv6"}


class Vty:
    "r1 of the running topology: runs commands on it and returns their output."

    def __init__(self):
        self.tgen = get_topogen()
        self.gear = self.tgen.gears["r1"]
        self.net = self.gear.net

    def run_vtysh(self, *commands, daemon=None, options=()):
        "Runs commands with `vtysh -c`; returns (exit status, stdout, stderr)."
        argv = ["vtysh"] + list(options)
        if daemon:
            argv += ["-d", daemon]
        for command in commands:
            argv += ["-c", command]
        status, out, err = self.net.cmd_status(argv, warn=False)
        self.net.logger.info("%s: status %s:\n%s%s", commands, status, out, err)
        return status, out, err

    def vtysh(self, *commands, daemon=None, options=()):
        "Runs commands with `vtysh -c`; returns (exit status, output)."
        status, out, err = self.run_vtysh(*commands, daemon=daemon, options=options)
        return status, out + err

    def show(self, command):
        "The output of a show command, which must succeed."
        status, out = self.vtysh(command, daemon="zebra")
        assert status == 0, "{}: exit status {}, {}".format(command, status, out)
        return out

    def json(self, command):
        status, out, err = self.run_vtysh(command, daemon="zebra")
        assert status == 0, "{}: exit status {}, {}".format(command, status, out + err)
        try:
            return json.loads(out)
        except ValueError:
            raise AssertionError("{}: not JSON: {}".format(command, out)) from None

    def ip(self, *args):
        "Runs ip(8), which must succeed; returns its output."
        return self.net.cmd_raises(["ip"] + list(args))

    def ip_batch(self, *lines):
        "Runs several ip(8) commands in one process."
        self.net.cmd_raises("ip -batch -", stdin="\n".join(lines) + "\n")
