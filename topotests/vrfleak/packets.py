# SPDX-License-Identifier: GPL-2.0-or-later
"Packets between the hosts behind the VRFs."

import os
import re

from vrfleak import expect
from vrfleak.vty import Vty


class Pings:
    "Pings an address from a host without a pause. lost() ends it, and returns the numbers of those without a reply."

    def __init__(self, router, net, address):
        self.router = router
        self.path = os.path.join(router.gear.logdir, "r1", "pings.txt")
        self.pid = router.net.cmd_raises(
            "ip netns exec {} ping -n -i 0.2 {} >{} 2>&1 & echo $!".format(
                net.host, address, self.path
            )
        ).strip()

    def seen(self):
        with open(self.path, encoding="utf-8") as output:
            return {int(n) for n in re.findall(r"icmp_seq=(\d+) ttl", output.read())}

    def lost(self):
        last = max(self.seen(), default=0)
        expect.until(
            "there are more replies",
            lambda: None if max(self.seen(), default=0) > last else self.seen(),
        )
        self.router.net.cmd_raises("kill -INT " + self.pid)
        seen = self.seen()
        # Later ones may be under way.
        return sorted(set(range(1, max(seen))) - seen)


class Packets(Vty):
    "Commands and pings on the hosts."

    def host(self, net, command):
        "Runs a command on the host behind a VRF; returns (exit status, output)."
        argv = ["ip", "netns", "exec", net.host] + command.split()
        node = self.net
        if net.host in self.tgen.gears:
            node, argv = self.tgen.gears[net.host].net, command.split()
        status, out, err = node.cmd_status(argv, warn=False)
        return status, out + err

    def unanswered(self, pairs):
        "Pings all (net, address) at once, each from the host behind net. Returns those without an answer."
        script, scripts = "{{ {}ping -n -q -c 1 -W 1 {} >/dev/null 2>&1 || echo {}; }} &\n", {}
        for number, (net, address) in enumerate(pairs):
            if net.host in self.tgen.gears:
                node, enter = self.tgen.gears[net.host].net, ""
            else:
                node, enter = self.net, "ip netns exec {} ".format(net.host)
            scripts.setdefault(node, []).append(script.format(enter, address, number))
        failed = []
        for node, lines in scripts.items():
            failed += node.cmd_raises("".join(lines) + "wait").split()
        return [
            "{} -> {}".format(pairs[int(number)][0].host, pairs[int(number)][1])
            for number in sorted(failed, key=int)
        ]

    def pings(self, net, address):
        "Begins to ping an address from the host behind net, five times a second."
        return Pings(self, net, address)

    def expect_ping(self, *pairs):
        "The host behind net must reach address, for each (net, address)."
        expect.until_equal(
            "hosts must reach addresses; these do not",
            lambda: self.unanswered(pairs),
            [],
        )

    def expect_no_ping(self, *pairs):
        "The host behind net must not reach address, for each (net, address). Call settle() first."
        failed = self.unanswered(pairs)
        for net, address in pairs:
            assert "{} -> {}".format(net.host, address) in failed, (
                "{} must not reach {}".format(net.host, address)
            )
