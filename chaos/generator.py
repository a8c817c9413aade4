# SPDX-License-Identifier: GPL-2.0-or-later
"""
Random sequences of operations, from a seed.

The same prefixes, addresses, tags and names are used again and again on purpose, so that routes conflict. The generator
keeps a record of what it has created, so that most operations have an effect; some are meant to be refused.

Invariants: the same seed, length and options give the same sequence on every machine; no two VRFs have one table at a
time. Zebra before 10.4 crashes on a route of a table whose VRF does not exist in zebra, without the module, too. So the table of a
VRF is emptied before the VRF is deleted, and a new VRF gets interfaces and kernel routes only from the next batch on, unless
fresh_places.
Refuses: nothing.
"""

import random

from sequence import Batch, count

VRFS = ["red", "blue", "green", "amber", "shared"]
TABLES = [1, 10, 13, 14, 65534, 65535, 66000, 70000, 4294967294]
ADDRESSES = {
    4: "10.1.0.1/24 10.1.0.2/24 10.2.0.1/24 10.3.0.1/24 10.4.0.1/32 46.0.1.1/24".split(),
    6: "2001:db8:1::1/64 2001:db8:1::2/64 2001:db8:2::1/64 2001:db8:4::1/128".split(),
}
PREFIXES = {
    4: "46.0.0.0/16 46.0.0.0/24 46.0.1.0/24 46.0.2.0/24 46.0.0.1/32 44.0.0.0/24 44.0.1.0/24 10.1.0.0/24 10.2.0.0/24 "
    "10.1.0.1/32 10.1.0.77/32 0.0.0.0/0".split(),
    6: "2001:db8:46::/48 2001:db8:46:1::/64 2001:db8:46::1/128 2001:db8:44::/64 2001:db8:1::/64 2001:db8:1::1/128 ::/0".split(),
}
GATEWAYS = {
    4: "10.1.0.9 10.1.0.10 10.2.0.9 10.3.0.9 44.0.0.9 44.0.1.9 99.9.9.9".split(),
    6: "2001:db8:1::9 2001:db8:2::9 2001:db8:44::9 2001:db8:99::9".split(),
}
TAGS = "1:1 1:1 1:1 2:2 2:2 3:3 01:1 02:2 10.0.0.1:5 70000:1".split()
MAPS = "RA RB RC RD".split()
LISTS = {4: ["PA", "PB"], 6: ["QA", "QB"]}
RANGES = {
    4: "10.0.0.0/8 10.1.0.0/24 10.2.0.0/24 10.1.0.1/32 46.0.0.0/8 46.0.0.0/16 46.0.1.0/24 44.0.0.0/24 0.0.0.0/0".split(),
    6: "2001:db8::/32 2001:db8:1::/64 2001:db8:46::/48 2001:db8:46::1/128 ::/0".split(),
}
SHOWS = [
    "show {ip} route-leak json",
    "show {ip} route-leak",
    "show {ip} route-leak routes",
    "show {ip} route-leak routes vrf {vrf} json",
    "show {ip} route-leak routes vrf {vrf} after {prefix} json",
    "show {ip} route-leak conflicts",
    "show {ip} route-leak conflicts vrf {vrf} json",
    "show {ip} route-leak conflicts vrf {vrf} after {prefix} json",
    "show {ip} route-leak explain vrf {vrf} {prefix} json",
    "show {ip} route-leak explain vrf {vrf} {prefix}",
    "show {ip} route-leak what-if vrf {vrf} import {tag} json",
    "show {ip} route-leak what-if vrf {vrf} export {tag} route-map {map}",
    "show route-leak topology",
    "show route-leak topology dot",
    "show route-leak topology json",
    "show route-leak statistics json",
    "show {ip} route vrf all json",
]
IP = {4: "ip", 6: "ipv6"}


class Generator:
    def __init__(self, seed, fresh_places=False):
        self.random = random.Random("vrfleak chaos {}".format(seed))
        self.fresh_places = fresh_places
        self.vrfs = {}
        # Created in this batch.
        self.fresh = set()
        self.links = {}
        self.statics = []
        self.kernel = []
        self.lines = []
        self.made = 0

    # ---- choices ----

    def pick(self, values):
        return self.random.choice(list(values))

    def chance(self, part):
        return self.random.random() < part

    def family(self):
        return 6 if self.chance(0.3) else 4

    def vrf(self, default=0.25):
        "A VRF, which mostly exists."
        if self.chance(default):
            return "default"
        return self.pick(self.vrfs) if self.vrfs and self.chance(0.9) else self.pick(VRFS)

    def place(self):
        "A VRF for an interface or a kernel route."
        return self.pick(["default"] + [vrf for vrf in self.vrfs if self.fresh_places or vrf not in self.fresh])

    def in_vrf(self, vrf, *lines):
        return " ; ".join(lines if vrf == "default" else ("vrf " + vrf,) + lines + ("exit-vrf",))

    # ---- links and addresses ----

    def link_add(self):
        name = next("d{}".format(n) for n in range(99) if "d{}".format(n) not in self.links)
        words = ["link add {} type dummy".format(name)]
        names = [name]
        if self.chance(0.2):
            name = next("v{}".format(n) for n in range(99) if "v{}".format(n) not in self.links)
            names = [name, name + "p"]
            words = ["link add {} type veth peer name {}".format(*names)]
        for name in names:
            vrf = self.place()
            self.links[name] = vrf
            words += ["link set {} master {}".format(name, vrf)] if vrf != "default" else []
            steps = ["link set {} up".format(name)]
            for _ in range(self.pick([1, 1, 2, 3])):
                steps.append("addr add {} dev {}".format(self.pick(ADDRESSES[self.family()]), name))
            self.random.shuffle(steps)
            words += steps
        return "ip", " ; ".join(words)

    def link_change(self):
        if not self.links:
            return self.link_add()
        name = self.pick(self.links)
        what = self.pick(
            ["down", "up", "flap", "master", "master", "rename", "delete", "address", "address", "no address"]
        )
        if what in ("down", "up"):
            return "ip", "link set {} {}".format(name, what)
        if what == "flap":
            return "ip", "link set {0} down ; link set {0} up".format(name)
        if what == "master":
            vrf = self.links[name] = self.place()
            return "ip", "link set {} {}".format(name, "nomaster" if vrf == "default" else "master " + vrf)
        if what == "rename":
            new = "x{}".format(self.made)
            self.made += 1
            self.links[new] = self.links.pop(name)
            return "ip", "link set {0} down ; link set {0} name {1} ; link set {1} up".format(name, new)
        if what == "delete":
            self.links.pop(name)
            return "ip", "link del " + name
        verb = "add" if what == "address" else "del"
        return "ip", "addr {} {} dev {}".format(verb, self.pick(ADDRESSES[self.family()]), name)

    def free_table(self):
        return self.pick(table for table in TABLES if table not in self.vrfs.values())

    def vrf_add(self):
        free = [vrf for vrf in VRFS if vrf not in self.vrfs]
        if not free:
            return self.vrf_change()
        vrf = self.pick(free)
        table = self.vrfs[vrf] = self.free_table()
        self.fresh.add(vrf)
        text = "link add {} type vrf table {}".format(vrf, table)
        return "ip", text + (" ; link set {} up".format(vrf) if self.chance(0.9) else "")

    def vrf_change(self):
        if not self.vrfs:
            return self.vrf_add()
        vrf = self.pick(self.vrfs)
        what = self.pick(["delete", "again", "other table", "same index", "takes over", "flap", "down", "up", "up"])
        if what in ("down", "up"):
            return "ip", "link set {} {}".format(vrf, what)
        if what == "flap":
            return "ip", "link set {0} down ; link set {0} up".format(vrf)
        table = self.vrfs.pop(vrf)
        self.kernel = [route for route in self.kernel if route[0] != vrf]
        for name, where in self.links.items():
            self.links[name] = "default" if where == vrf else where
        flush = "route flush table {0} ; -6 route flush table {0} ; ".format(table)
        new = {
            "delete": None,
            "takes over": self.pick([v for v in VRFS if v not in self.vrfs and v != vrf] or [vrf]),
        }.get(what, vrf)
        index = " index {}".format(self.random.randint(900, 902)) if what in ("same index", "takes over") else ""
        if not new:
            return "ip", flush + "link del " + vrf
        if what != "again":
            table = self.free_table()
        self.vrfs[new] = table
        self.fresh.add(new)
        words = [
            "link del " + vrf,
            "link add {}{} type vrf table {}".format(new, index, table),
            "link set {} up".format(new),
        ]
        return "ip", flush + " ; ".join(words)

    # ---- routes ----

    def static(self):
        vrf, family = self.vrf(), self.family()
        prefix = self.pick(PREFIXES[family])
        drops = self.drops(vrf, family, prefix)
        lines = []
        for _ in range(1 if drops else self.pick([1, 1, 1, 2, 3])):
            hop = self.static_drop() if drops else self.static_hop(family)
            line = "{} route {} {}".format(IP[family], prefix, hop)
            lines.append(line)
            self.statics.append((vrf, line))
        return "cfg", self.in_vrf(vrf, *lines)

    @staticmethod
    def drops(vrf, family, prefix):
        """
        Whether static routes to a prefix discard packets. Staticd refuses both kinds for one prefix; mgmtd 10.3 then refuses the whole
        commit, and sends zebra a part of it later.
        """
        return (len(vrf) + PREFIXES[family].index(prefix)) % 6 == 0

    def static_drop(self):
        return self.pick(["blackhole", "reject"]) + (" tag 77" if self.chance(0.2) else "")

    def static_hop(self, family):
        kind = self.random.random()
        if kind < 0.2 and self.links:
            words = [self.pick(self.links)]
        elif kind < 0.3 and self.links:
            words = [self.pick(GATEWAYS[family]), self.pick(self.links)]
        else:
            words = [self.pick(GATEWAYS[family])]
        words += ["tag {}".format(self.pick([77, 78]))] if self.chance(0.2) else []
        words += [str(self.pick([20, 100, 254, 255]))] if self.chance(0.25) else []
        if self.chance(0.3):
            words.append("nexthop-vrf " + self.vrf())
        return " ".join(words)

    def no_static(self):
        if not self.statics:
            return self.static()
        vrf, line = self.statics.pop(self.random.randrange(len(self.statics)))
        return "cfg", self.in_vrf(vrf, "no " + line)

    def kernel_route(self):
        family, where = self.family(), self.place()
        vrf = "" if where == "default" else " vrf " + where
        prefix = self.pick(PREFIXES[family])
        option = "-6 " if family == 6 else ""
        if self.chance(0.15) and vrf:
            return (
                "ip",
                "route add unreachable default metric 4278198272{0} ; -6 route add unreachable default metric 4278198272{0}".format(
                    vrf
                ),
            )
        if self.kernel and self.chance(0.4):
            vrf, option, prefix, metric = self.kernel.pop(self.random.randrange(len(self.kernel)))
            vrf = "" if vrf == "default" else " vrf " + vrf
            return "ip", "{}route del {} metric {}{}".format(option, prefix, metric, vrf)
        metric = self.pick([0, 5, 50, 16777216, 4261412884, 4278198272])
        links = [name for name, place in self.links.items() if place == where]
        if links and self.chance(0.9):
            gateway = " via {}".format(self.pick(GATEWAYS[family])) if self.chance(0.6) else ""
            hop, kind = gateway + " dev " + self.pick(links) + (" onlink" if gateway else ""), ""
        else:
            hop, kind = "", self.pick(["blackhole ", "unreachable ", "prohibit "])
        self.kernel.append((where, option, prefix, metric))
        return "ip", "{}route {} {}{} proto {} metric {}{}{}".format(
            option,
            self.pick(["add", "add", "append", "replace"]),
            kind,
            prefix,
            self.pick(["boot", "dhcp", "static", "99"]),
            metric,
            vrf,
            hop,
        )

    # ---- policy ----

    def tag(self):
        if not self.lines or self.chance(0.65):
            return self.tag_add()
        vrf, line = self.lines.pop(self.random.randrange(len(self.lines)))
        words = line.split()
        gone = "no " + " ".join(words[: 4 if words[2] == "vrf" else 3])
        return "cfg", self.in_vrf(vrf, *([gone, line] if self.chance(0.2) else [gone]))

    def mesh(self):
        "Lines that let most VRFs leak to each other, so that there is something to disturb."
        lines = [
            (vrf, "{} route-{} 1:1".format(IP[family], direction))
            for vrf in ["default"] + sorted(self.vrfs)
            for family in (4, 6)
            for direction in ("export", "import")
            if self.chance(0.6)
        ]
        self.lines += lines
        options = [
            (vrf, "{} route-leak {}".format(IP[family], option))
            for vrf in ["default"] + sorted(self.vrfs)
            for family in (4, 6)
            for option in ("preempt", "hold-down {}".format(self.pick([1, 5, 300])))
            if self.chance(0.25)
        ]
        return [("cfg", self.in_vrf(*pair)) for pair in lines + options]

    def tag_add(self):
        vrf, family = self.vrf(), self.family()
        direction = self.pick(["import", "export"])
        source = "vrf " + self.vrf() if direction == "import" and self.chance(0.2) else self.pick(TAGS)
        line = "{} route-{} {}".format(IP[family], direction, source)
        if self.chance(0.3):
            line += " route-map " + (self.pick(MAPS) if self.chance(0.9) else "NOSUCH")
        if direction == "import" and self.chance(0.3):
            line += " distance {}".format(self.pick([1, 20, 20, 99, 254]))
        if direction == "import" and self.chance(0.25):
            line += " maximum-prefix {}".format(self.random.randint(1, 7))
            line += " threshold {}".format(self.random.randint(20, 90)) if self.chance(0.4) else ""
            line += " warning-only" if self.chance(0.2) else ""
        self.lines.append((vrf, line))
        return "cfg", self.in_vrf(vrf, line)

    def route_map(self):
        name, sequence = self.pick(MAPS), self.pick([5, 10, 20])
        verb = self.pick(["permit", "permit", "permit", "deny"])
        if self.chance(0.15):
            return "cfg", "no route-map {}{}".format(name, " {} {}".format(verb, sequence) if self.chance(0.7) else "")
        matches = [
            "match ip address prefix-list " + self.pick(LISTS[4]),
            "match ipv6 address prefix-list " + self.pick(LISTS[6]),
            "match interface {}".format(self.pick(list(self.links) or ["d0"])),
            "match source-protocol " + self.pick(["connected", "static", "kernel"]),
            "match tag 77",
            "no match ip address prefix-list",
            "no match interface",
        ]
        sets = [
            # Zebra refuses +0 and -0, and mgmtd 10.7 then aborts (doc/limits.md).
            "set metric " + self.pick(["0", "7", "+7", "-7", "4294967290", "+4294967290"]),
            "set tag {}".format(self.pick([77, 78])),
            "no set metric",
            "no set tag",
        ]
        chosen = self.random.sample(matches, self.pick([0, 0, 1, 1, 2])) + self.random.sample(
            sets, self.pick([0, 0, 1, 2])
        )
        return "cfg", " ; ".join(["route-map {} {} {}".format(name, verb, sequence)] + chosen + ["exit"])

    def prefix_list(self):
        family = self.family()
        name = self.pick(LISTS[family])
        if self.chance(0.15):
            return "cfg", "no {} prefix-list {}".format(IP[family], name)
        line = "{} prefix-list {} seq {} {} {}".format(
            IP[family], name, self.pick([5, 10, 15]), self.pick(["permit", "permit", "deny"]), self.pick(RANGES[family])
        )
        if self.chance(0.6) and not line.endswith(("/32", "/128")) or line.endswith(("0.0.0.0/0", " ::/0")):
            line += " le {}".format(32 if family == 4 else 128)
        return "cfg", line

    def option(self):
        "An option of a VRF for all its imports."
        vrf, family = self.vrf(), self.family()
        line = self.pick(["preempt", "preempt", "hold-down {}".format(self.pick([1, 2, 5, 300]))])
        return "cfg", self.in_vrf(vrf, "{}{} route-leak {}".format(self.pick(["", "no "]), IP[family], line))

    def isolation(self):
        "Configured, or deleted by another program."
        family = self.family()
        if self.chance(0.7):
            return "cfg", "{}{} vrf-isolation".format(self.pick(["", "no "]), IP[family])
        option = "-6 " if family == 6 else ""
        return "ip", option + self.pick(
            [
                "rule del pref 2000 l3mdev unreachable protocol zebra",
                "rule add pref 2000 l3mdev unreachable",
                "rule del pref 2000 l3mdev unreachable protocol boot",
            ]
        )

    def pair(self):
        "A source with a link, a target, a family, and a static route of the source through that link."
        name = self.pick(self.links)
        source, family = self.links[name], self.family()
        target = self.pick(vrf for vrf in ["default"] + VRFS if vrf != source)
        prefix = self.pick(
            prefix
            for prefix in PREFIXES[family]
            if not self.drops(source, family, prefix) and not self.drops(target, family, prefix)
        )
        return source, target, family, "{} route {} {}".format(IP[family], prefix, name)

    def flutter(self):
        "A route that comes and goes, until it is held down."
        if not self.links:
            return self.link_add()
        source, target, family, route = self.pair()
        ip = IP[family]
        lines = self.in_vrf(
            target, ip + " route-import 1:1", "{} route-leak hold-down {}".format(ip, self.pick([1, 2, 5, 300]))
        )
        self.statics.append((source, route))
        return "cfg", lines + " ; " + self.in_vrf(source, ip + " route-export 1:1", *[route, "no " + route] * 6, route)

    def backup(self):
        "A native route, and a leaked one of a lower or equal distance."
        if not self.links:
            return self.link_add()
        source, target, family, route = self.pair()
        distance = self.pick([20, 99, 100])
        links = [link for link, place in self.links.items() if place == target]
        hop = self.pick(links) if links else self.pick(GATEWAYS[family])
        own = "{} route {} {} 100".format(IP[family], route.split()[2], hop)
        self.statics += [(source, route), (target, own)]
        lines = self.in_vrf(target, own, "{} route-import 1:1 distance {}".format(IP[family], distance))
        return "cfg", lines + " ; " + self.in_vrf(source, IP[family] + " route-export 1:1", route)

    # ---- the rest ----

    def clear(self):
        family = self.family()
        text = "clear {} route-leak".format(IP[family])
        text += " vrf " + self.vrf() if self.chance(0.7) else ""
        return "clear", text + (" " + self.pick(PREFIXES[family]) if self.chance(0.5) else "")

    def show(self):
        family = self.family()
        return "show", self.pick(SHOWS).format(
            ip=IP[family], vrf=self.vrf(), prefix=self.pick(PREFIXES[family]), tag=self.pick(TAGS), map=self.pick(MAPS)
        )

    def daemon(self):
        daemon = self.pick(["zebra", "zebra", "mgmtd", "staticd"])
        options = self.pick(["", "", " -K 5", " -r"]) if daemon == "zebra" else ""
        return "sys", "{}-{}{}".format(daemon, self.pick(["kill", "term"]), options)

    KINDS = [
        ("link_change", 14),
        ("link_add", 6),
        ("vrf_change", 6),
        ("vrf_add", 4),
        ("static", 18),
        ("no_static", 12),
        ("kernel_route", 16),
        ("tag", 18),
        ("option", 4),
        ("isolation", 2),
        ("flutter", 2),
        ("backup", 3),
        ("route_map", 6),
        ("prefix_list", 7),
        ("clear", 4),
        ("show", 8),
    ]

    def op(self):
        names, weights = zip(*self.KINDS)
        return getattr(self, self.random.choices(names, weights)[0])()

    def in_runs(self, ops):
        "The same operations in parts, with those of one kind together in each part: what follows each other is done at once."
        found = []
        while len(found) < len(ops):
            size = self.pick([1, 4, 8, 16, 32])
            found += sorted(ops[len(found) : len(found) + size], key=lambda op: op[0] in ("cfg", "clear", "show"))
        return found

    def batches(self, ops):
        "A sequence of so many operations: VRFs and links, then policy and routes, then anything."
        found = [Batch([self.vrf_add() for _ in range(self.random.randint(3, 5))])]
        self.fresh.clear()
        found.append(Batch([self.link_add() for _ in range(self.random.randint(4, 6))]))
        policy = [self.prefix_list() for _ in range(3)] + [self.route_map() for _ in range(4)]
        policy += self.mesh() + [self.tag_add() for _ in range(6)] + [self.static() for _ in range(10)]
        found.append(Batch(policy))
        left = ops - count(found)
        while left > 0:
            self.fresh.clear()
            size = min(left, self.pick([1, 2, 3, 5, 8, 13, 21, 34, 55, 89]))
            daemon = self.random.randrange(size) if self.chance(0.12) else None
            batch = [self.daemon() if index == daemon else self.op() for index in range(size)]
            found.append(Batch(self.in_runs(batch), self.chance(0.2), self.chance(0.15)))
            left -= size
        return found
