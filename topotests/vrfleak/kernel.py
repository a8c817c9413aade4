# SPDX-License-Identifier: GPL-2.0-or-later
"The kernel's tables, and a recording of every change to them."

import json
import os
import re

from vrfleak import expect, topology

# Attributes that the kernel fills in, or that differ after each start.
VOLATILE = ["nhid", "cache", "pref", "flags"]


def table(router, number, family=4):
    "The routes of a kernel table, sorted, without attributes that differ after each start."
    text = router.ip("-{}".format(family), "-j", "route", "show", "table", str(number))
    routes = []
    for route in json.loads(text or "[]"):
        for key in VOLATILE:
            route.pop(key, None)
        for hop in route.get("nexthops", []):
            hop.pop("flags", None)
        if "nexthops" in route:
            route["nexthops"].sort(key=str)
        # Link-local and multicast routes follow the interfaces, not zebra.
        if not route["dst"].startswith(("fe80::", "ff00::", "multicast", "anycast")):
            routes.append(route)
    return sorted(routes, key=str)


def tables(router, numbers=(10, 20, 30, 40)):
    "Several tables, both families, for an exact comparison of before and after."
    return {
        "{} v{}".format(number, family): table(router, number, family)
        for number in numbers
        for family in (4, 6)
    }


def zebra_routes(router, number, family=4):
    "{prefix: route} of the leaked routes in the kernel (proto zebra), without those of Router.leaked()."
    return {
        route["dst"]: route
        for route in table(router, number, family)
        if route.get("protocol") == "zebra"
        and not topology.is_own(route["dst"], route.get("dev"))
    }


# Which ip(8) does not name.
MAIN = 254


class Recording:
    """
    The output of `ip monitor route` while the context is active; events() can be called meanwhile.

    The kernel reports a replacement by one message and a removal by "Deleted". The messages therefore show for each
    moment whether a prefix had a route.

    It begins when the router has no work left, so that earlier changes are not recorded. settled=True: the test itself
    has waited for that, because VRF shared does not leak to red.
    """

    LINE = re.compile(
        r"^(?P<deleted>Deleted )?"
        r"(?:(?:unicast|local|broadcast|anycast|multicast|unreachable|blackhole|prohibit) )?"
        r"(?P<prefix>\S+) (?P<rest>.*)$"
    )
    marks = 0

    def __init__(self, router, settled=False):
        self.router = router
        self.settled = settled
        self.path = os.path.join(router.gear.logdir, "r1", "monitor.txt")

    def __enter__(self):
        if not self.settled:
            self.router.settle()
        with open(self.path, "w", encoding="utf-8") as output:
            self.process = self.router.net.popen(
                ["ip", "-o", "monitor", "route"], stdout=output
            )
        expect.until("ip monitor records nothing", self.missing_mark)
        return self

    def __exit__(self, *args):
        self.process.terminate()
        self.process.communicate()

    def lines(self):
        with open(self.path, encoding="utf-8") as recorded:
            return recorded.read().splitlines()

    def missing_mark(self):
        """
        Adds a route as a mark. Returns None when the mark has been recorded; then all earlier changes have been
        recorded, too.
        """
        Recording.marks += 1
        mark = "unreachable 203.0.113.255/32 table 9999 metric {}".format(
            Recording.marks
        )
        self.router.ip("route", "add", *mark.split())
        self.router.ip("route", "del", *mark.split())
        found = any(
            line.startswith("Deleted")
            and " 203.0.113.255 " in line
            and "metric {} ".format(Recording.marks) in line + " "
            for line in self.lines()
        )
        return None if found else self.lines()

    def events(self, number, prefix=None):
        "[(deleted, prefix, rest of the line)] of a table until now; of one prefix, if given."
        expect.until("ip monitor does not record any more", self.missing_mark)
        events = []
        for line in self.lines():
            match = self.LINE.match(line)
            table = re.search(r" table (\d+)", line)
            if not match or (int(table[1]) if table else MAIN) != number:
                continue
            if prefix is None or match["prefix"] == prefix:
                events.append(
                    (bool(match["deleted"]), match["prefix"], match["rest"])
                )
        return events

    def gaps(self, number, prefix, before):
        """
        Moments at which the prefix had no route in the table, after it had one: [] is none.

        before is the routes that were there at the start, as "proto P metric M". Routes of one metric replace
        each other; a removal names the protocol, so that the removal of one that was replaced counts for nothing.
        """
        present = {}
        for route in before:
            words = route.split()
            present[words[3]] = words[1]
        gaps = []
        for deleted, _, rest in self.events(number, prefix):
            protocol = re.search(r"proto (\S+)", rest)[1]
            metric = re.search(r"metric (\S+)", rest)
            metric = metric[1] if metric else "0"
            if not deleted:
                present[metric] = protocol
            elif present.get(metric) == protocol:
                del present[metric]
            if not present:
                gaps.append(rest)
        return gaps
