# SPDX-License-Identifier: GPL-2.0-or-later
"""
The running configuration, as far as leaking depends on it: tags, options, route-maps, prefix-lists and isolation.

Read from the text of `show running-config`, and evaluated as FRR documents it; no code is shared with the module.

Invariants: VRF "default" is the global level; tag matches are in the order that the module must use; families are 4 and 6.
Refuses (ValueError): a match or set clause or a route-leak option that it does not support, so that it never guesses.
"""

import collections
import functools
import ipaddress
import re

IP = {4: "ip", 6: "ipv6"}
FAMILY = {"ip": 4, "ipv6": 6}

LEAKED_DISTANCE = 254
METRIC_MAX = 0xFFFFFFFF

# The tag of an import by name is `vrf NAME`.
Import = collections.namedtuple("Import", "tag map limit warning_only distance")
# One export line and one import line of a tag, from a source, or an import by name. The rank orders the ways of a target, the best
# first; the rest is the import's.
Way = collections.namedtuple("Way", "source tag maps limit warning_only distance rank")
Entry = collections.namedtuple("Entry", "permit matches sets")


# The same prefixes and addresses are read again and again, and reading one costs more than all else that is done with it.
network = functools.lru_cache(maxsize=None)(ipaddress.ip_network)
interface_address = functools.lru_cache(maxsize=None)(ipaddress.ip_interface)
address = functools.lru_cache(maxsize=None)(ipaddress.ip_address)


def import_key(words):
    "What an import line imports, a tag's value or `vrf NAME`, and the rest of its words."
    if words[0] == "vrf":
        return "vrf " + words[1], words[2:]
    return tag_value(words[0]), words[1:]


@functools.lru_cache(maxsize=None)
def tag_value(text):
    "The value that two spellings of a tag have in common."
    high, low = text.rsplit(":", 1)
    if "." in high:
        return "{}:{}".format(address(high), int(low))
    return "{}:{}".format(int(high), int(low))


class Policy:
    def __init__(self, text):
        self.exports = collections.defaultdict(list)
        self.imports = collections.defaultdict(list)
        self.maps = {}
        self.lists = collections.defaultdict(dict)
        self.statics = set()
        # (VRF, family) of `preempt`, seconds by (VRF, family) of `hold-down`, and families that are isolated.
        self.preempts = set()
        self.hold_downs = {}
        self.isolated = set()
        self._vrf, self._entry = "default", None
        for line in text.splitlines():
            self._line(line)
        self._ways = {}

    # ---- reading ----

    def _line(self, line):
        words = line.split()
        if line.startswith("vrf "):
            self._vrf = words[1]
        elif words[:1] == ["exit-vrf"]:
            self._vrf = "default"
        elif line.startswith("route-map "):
            self._entry = Entry(words[2] == "permit", [], [])
            self.maps.setdefault(words[1], {})[int(words[3])] = self._entry
        elif words[:1] == ["exit"]:
            self._entry = None
        elif words[:1] == ["match"] and self._entry:
            self._entry.matches.append(self._match(words[1:]))
        elif words[:1] == ["set"] and self._entry:
            self._entry.sets.append(self._set(words[1:]))
        elif len(words) > 1 and words[0] in FAMILY:
            self._command(FAMILY[words[0]], words[1], words[2:])

    @staticmethod
    def _match(words):
        if words[0] in FAMILY and words[1:3] == ["address", "prefix-list"]:
            return ("list", FAMILY[words[0]], words[3])
        if words[0] in ("interface", "source-protocol", "tag"):
            return tuple(words[:2])
        raise ValueError("match clause that the model does not know: {}".format(words))

    @staticmethod
    def _set(words):
        found = re.fullmatch(r"(metric|tag) ([+-]?)(\d+)", " ".join(words))
        if not found:
            raise ValueError("set clause that the model does not know: {}".format(words))
        return found[1], found[2], int(found[3])

    def _command(self, family, command, words):
        if command == "route-export":
            tail = self._options(words[1:], {"route-map"})
            self.exports[self._vrf, family].append((tag_value(words[0]), tail.get("route-map")))
        elif command == "route-import":
            key, rest = import_key(words)
            tail = self._options(rest, {"route-map", "distance", "maximum-prefix", "threshold"})
            limit = tail.get("maximum-prefix")
            self.imports[self._vrf, family].append(
                Import(
                    key,
                    tail.get("route-map"),
                    int(limit) if limit else None,
                    "warning-only" in tail,
                    int(tail.get("distance", LEAKED_DISTANCE)),
                )
            )
        elif command == "route-leak" and words == ["preempt"]:
            self.preempts.add((self._vrf, family))
        elif command == "route-leak" and words[0] == "hold-down":
            self.hold_downs[self._vrf, family] = int(words[1])
        elif command == "vrf-isolation":
            self.isolated.add(family)
        elif command == "prefix-list" and words[1] == "seq":
            if words[4] == "any":
                words[4:] = ["0.0.0.0/0", "le", "32"] if family == 4 else ["::/0", "le", "128"]
            bounds = dict(zip(words[5::2], map(int, words[6::2])))
            self.lists[family, words[0]][int(words[2])] = (
                words[3] == "permit",
                network(words[4]),
                bounds.get("ge"),
                bounds.get("le"),
            )
        elif command == "route":
            self.statics.add((self._vrf, family, words[0]))

    @staticmethod
    def _options(words, with_value):
        found, words = {}, list(words)
        while words:
            word = words.pop(0)
            if word == "warning-only":
                found[word] = True
            elif word in with_value and words:
                found[word] = words.pop(0)
            else:
                raise ValueError("option that the model does not know: " + word)
        return found

    # ---- who leaks to whom ----

    def vrfs(self):
        "All VRFs that have a line, or are imported by their name."
        named = {line.tag[4:] for lines in self.imports.values() for line in lines if line.tag.startswith("vrf ")}
        return named | {vrf for vrf, _ in list(self.exports) + list(self.imports)}

    def _exporters(self, line, family):
        "(source, route-map of its export) of an import line."
        if line.tag.startswith("vrf "):
            return [(line.tag[4:], None)]
        return [
            (source, export_map)
            for source in sorted(vrf for vrf, af in self.exports if af == family)
            for tag, export_map in self.exports[source, family]
            if tag == line.tag
        ]

    def ways(self, target, family):
        "{source: [Way]}: by the order of the import lines, the sources of one line by name."
        key = target, family
        if key not in self._ways:
            found = self._ways[key] = {}
            for number, line in enumerate(self.imports.get(key, [])):
                for source, export_map in self._exporters(line, family):
                    if source != target:
                        maps = [name for name in (export_map, line.map) if name]
                        found.setdefault(source, []).append(
                            Way(source, line.tag, maps, *line[2:], rank=(number, source))
                        )
        return self._ways[key]

    # ---- route-maps ----

    def apply(self, names, route, nexthop):
        """
        (metric, tag) of a route that route-maps, one after the other, let pass with one of its next hops, or None. A map that is not
        there lets nothing pass. Each map sees the tag as those before it have set it.
        """
        route = {"metric": 0, "tag": 0, **route}
        for name in names:
            entry = self._entry_of(name, route, nexthop)
            if not entry or not entry.permit:
                return None
            for what, sign, value in entry.sets:
                route = {**route, what: changed(route[what], sign, value)}
        return route["metric"], route["tag"]

    def _entry_of(self, name, route, nexthop):
        "The entry of a route-map that decides."
        entries = self.maps.get(name, {})
        for sequence in sorted(entries):
            if all(self._matches(match, route, nexthop) for match in entries[sequence].matches):
                return entries[sequence]
        return None

    def _matches(self, match, route, nexthop):
        if match[0] == "list":
            return self._list_permits(match[1], match[2], route["prefix"])
        if match[0] == "interface":
            return nexthop.get("interfaceName") == match[1]
        if match[0] == "tag":
            return route.get("tag", 0) == int(match[1])
        return route["protocol"] == match[1]

    def _list_permits(self, family, name, prefix):
        entries = self.lists.get((family, name), {})
        prefix = network(prefix)
        for sequence in sorted(entries):
            permit, covers, low, high = entries[sequence]
            if prefix.version != family or not prefix.subnet_of(covers):
                continue
            if low is None and high is None:
                if prefix.prefixlen == covers.prefixlen:
                    return permit
            elif (low or 0) <= prefix.prefixlen <= (high or 128):
                return permit
        return False


def changed(value, sign, by):
    "A metric or tag after a set clause."
    if not sign:
        return by
    return min(value + by, METRIC_MAX) if sign == "+" else max(value - by, 0)


def our_lines(text):
    "The module's lines of a running configuration, as (VRF, line)."
    vrf, found = "default", []
    for line in text.splitlines():
        if line.startswith("vrf "):
            vrf = line.split()[1]
        elif line.strip() == "exit-vrf":
            vrf = "default"
        elif re.match(r"\s*ip(v6)? (route-(import|export|leak) |vrf-isolation$)", line):
            found.append((vrf, line.strip()))
    return found
