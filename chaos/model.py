# SPDX-License-Identifier: GPL-2.0-or-later
"""
The model: what must be leaked, computed from zebra's RIB, the kernel's links and the running configuration.

It is written from the rules (doc/reference.md, "Rules") and shares no code with the module. Where a rule leaves a choice (which of several
simultaneous sources gets a prefix, which routes a limit accepts), the model accepts each choice. All else is checked exactly.

Invariants: nothing here communicates with a daemon, so that tests can supply the input. What is found is a Violation, whose
kind is the same in each run (the shrinker compares kinds).
"""

import collections
import functools

from policy import LEAKED_DISTANCE, address, interface_address, network

Violation = collections.namedtuple("Violation", "kind text")
# What a source may leak: by which tag match, through which next hops, with which metric and tag, and its route.
Offer = collections.namedtuple("Offer", "way hops metric tag route")

SELFROUTE = 0x02
NO_ROUTE_DISTANCE = 255
# A route is held down for the test's patience, if the hold-down time is longer than this; else it is not at rest.
HELD_SECONDS = 10


def family_of(prefix):
    return 6 if ":" in prefix else 4


def of_state(function):
    "Remembers what a function found for a state (its first argument) and other arguments, since nothing of a state changes."

    @functools.wraps(function)
    def remembered(state, *args):
        key = function, args
        if key not in state.cache:
            state.cache[key] = function(state, *args)
        return state.cache[key]

    return remembered


def by_table(rib, vrfs):
    """
    The same routes, each under the VRF whose table it is in: before FRR 10.7 a route that zebra read before it knew the VRF names
    the default VRF.
    """
    names = {vrf["table"]: name for name, vrf in vrfs.items()}
    found = {}
    for (name, prefix), routes in rib.items():
        for route in routes:
            found.setdefault((names.get(route.get("table"), name), prefix), []).append(route)
    return found


class State:
    """
    The state of the router at one time.

    release    (8, 4), ...: before 10 there are no local routes, and a connected route goes through the VRF device
    vrfs       {name: {"table": n, "up": bool}}, "default" among them
    rib        {(vrf, prefix): [route as in `show ip route json`]}
    instances  {(vrf, instance)}: which instance the module reports for which VRF
    conflicts  {(vrf, prefix): {loser: (reason, winner or None)}}
    interfaces {interface: {"vrfName": ..., "status": "up" or "down", "addresses": [...]}}, as zebra has them, and "running":
               whether it has a link
    refused    {(table, prefix)} of routes that the kernel has refused lately, or that the module withdrew again and again
    """

    def __init__(self, release, vrfs, rib, instances, conflicts, interfaces=None, refused=()):
        self.release = release
        self.vrfs = vrfs
        self.rib = rib
        self.sources = {instance: vrf for vrf, instance in instances}
        self.conflicts = conflicts
        self.interfaces = interfaces or {}
        self.refused = refused
        self.cache = {}

    @of_state
    def leaked(self, vrf, prefix):
        return [
            route for route in self.rib.get((vrf, prefix), []) if route["protocol"] == "table" and route.get("instance")
        ]

    @of_state
    def native(self, vrf, prefix):
        """
        The routes that a leak competes with: not ours, not 'no route', with a usable next hop. Routes of other tables than the VRF's
        own do not count: zebra 10.3 puts a route of a VRF that does not exist in zebra yet into the default VRF.
        """
        return [
            route
            for route in self.rib.get((vrf, prefix), [])
            if route["protocol"] != "table"
            and route["distance"] != NO_ROUTE_DISTANCE
            and route.get("table") in (None, self.vrfs.get(vrf, {}).get("table"))
            and not route.get("internalFlags", 0) & SELFROUTE
            and usable_hops(route)
        ]

    def blocked(self, vrf, prefix, distance):
        "Whether a native route wins over a leaked one of a distance."
        return any(native_distance(route) <= distance for route in self.native(vrf, prefix))

    @of_state
    def owner(self, vrf, prefix):
        "(source, route) of the leaked route, or (None, None)."
        for route in self.leaked(vrf, prefix):
            return self.sources.get(route["instance"], "?"), route
        return None, None


def native_distance(route):
    return 0 if route["protocol"] in ("connected", "local") else route["distance"]


# ---- next hops ----


# Zebra's name of an interface that was deleted. It is in no VRF, but zebra may still have routes through it.
DELETED = "unknown"


def hop_key(hop, vrf, through=None):
    "What identifies a next hop: gateway, interface and VRF, or the kind of unreachable."
    if hop.get("unreachable"):
        for kind in ("blackhole", "reject", "adminProhibited"):
            if hop.get(kind):
                return (kind,)
        if hop.get("admin-prohibited"):
            return ("adminProhibited",)
        return ("blackhole",)
    interface = hop.get("interfaceName")
    if through and not hop.get("ip"):
        interface = through
    if interface == DELETED:
        return (hop.get("ip"), interface, None)
    return (hop.get("ip"), interface, hop.get("vrf", vrf))


def resolved_key(state, route, leaf, through=None):
    """
    Of a source's next hop, or of one that it resolves to. Zebra says that this one is in the VRF of that one; it is in the VRF of its
    interface.
    """
    key = hop_key(leaf, route["vrfName"], through)
    return (
        (*key[:2], state.interfaces.get(key[1], {}).get("vrfName", key[2]))
        if leaf.get("resolver") and len(key) == 3
        else key
    )


def hop_trees(route):
    "[(next hop as configured, what it resolves to or itself)]."
    trees = []
    for hop in route["nexthops"]:
        if hop.get("resolver") and trees:
            trees[-1][1].append(hop)
        else:
            trees.append((hop, []))
    return [(hop, leaves or [hop]) for hop, leaves in trees]


def leaked_hops(route):
    return {
        hop_key(hop, route["vrfName"])
        for hop in route["nexthops"]
        if hop.get("active") and not hop.get("recursive") and not hop.get("duplicate")
    }


def offered_hops(state, policy, way, route, through):
    """
    Those of a source's next hops that the route-maps of a tag match permit, and the metric and tag that the first of them gets. The
    kernel accepts no unreachable beside any other next hop: the first one decides.
    """
    hops, attributes = [], None
    for hop, leaves in hop_trees(route):
        applied = policy.apply(way.maps, route, hop)
        active = [leaf for leaf in leaves if leaf.get("active") and not leaf.get("recursive")]
        if applied and active:
            attributes = attributes or applied
            hops += [resolved_key(state, route, leaf, through) for leaf in active]
    if hops and len(hops[0]) > 1:
        return {hop for hop in hops if len(hop) > 1}, attributes
    return set(hops[:1]), attributes


# ---- offers ----


@functools.lru_cache(maxsize=None)
def leakable(prefix):
    covers = network(prefix)
    return not covers.is_multicast and not (covers.version == 6 and covers.is_link_local)


@of_state
def offered_route(state, source, prefix):
    "The route of a source that may be leaked, or None; a VRF whose device is down has none."
    if not leakable(prefix) or not state.vrfs[source]["up"]:
        return None
    for route in state.native(source, prefix):
        if route.get("selected"):
            return route
    return None


def through_vrf(state, source, route):
    kind = "local" if state.release >= (10,) else "connected"
    return source != "default" and route["protocol"] == kind


def returns(state, route, target):
    "Split horizon: whether a next hop of a source's route leads into the target."
    keys = [
        resolved_key(state, route, leaf)
        for _, leaves in hop_trees(route)
        for leaf in leaves
        if leaf.get("active") and not leaf.get("recursive")
    ]
    return any(
        key[2] == target and state.interfaces.get(key[1], {}).get("vrfName", target) == target
        for key in keys
        if len(key) == 3
    )


@of_state
def offers(state, policy, target, prefix):
    "{source: Offer} for a prefix of a target; a source that its route-maps deny is not in it."
    found = {}
    if target not in state.vrfs:
        return found
    for source, ways in policy.ways(target, family_of(prefix)).items():
        route = source in state.vrfs and offered_route(state, source, prefix)
        if not route or returns(state, route, target):
            continue
        for way in ways:
            through = source if through_vrf(state, source, route) else None
            hops, attributes = offered_hops(state, policy, way, route, through)
            if hops:
                found[source] = Offer(way, hops, *attributes, route)
                break
    return found


# ---- the checks ----


def check(state, policy):
    "All violations of what must hold at rest."
    prefixes = {prefix for _, prefix in state.rib} | {p for _, p in state.conflicts}
    targets = set(state.vrfs) | policy.vrfs() | {vrf for vrf, _ in state.conflicts}
    found, counts, uncertain = [], collections.Counter(), unclear(state)
    for target in sorted(targets):
        for prefix in sorted(prefixes):
            offered = offers(state, policy, target, prefix)
            source, _ = state.owner(target, prefix)
            if source in offered:
                counts[target, family_of(prefix), offered[source].way.tag] += 1
            elif source and prefix in uncertain:
                for way in policy.ways(target, family_of(prefix)).get(source, []):
                    counts[target, family_of(prefix), way.tag] += 1
    for target in sorted(targets):
        for prefix in sorted(prefixes - uncertain):
            found += check_prefix(state, policy, target, prefix, counts)
    return found


@of_state
def unclear(state):
    """
    Prefixes with a static route that zebra itself has wrong. It is stale: staticd 10.3 sends some of its routes only once, and zebra
    10.3 may keep what it read back from the kernel for good. Whether it counts depends on the second in which zebra read it. Or it is
    selected without an active next hop: zebra has not processed it since an interface in another VRF went down.
    And prefixes with an interface route that zebra has kept without its address.
    """
    return {
        prefix
        for (vrf, prefix), routes in state.rib.items()
        for route in routes
        if wrong_static(route) or route.get("selected") and left_over(state, vrf, route)
    }


def usable_hops(route):
    return [hop for hop in route["nexthops"] if hop.get("active")]


def wrong_static(route):
    stale = route.get("internalFlags", 0) & SELFROUTE
    return route["protocol"] == "static" and (stale or route.get("selected") and not usable_hops(route))


def left_over(state, vrf, route):
    "Whether it is an interface route whose interface is down or without a link, in another VRF, or without an address there."
    interface = state.interfaces.get(route["nexthops"][0].get("interfaceName"))
    if route["protocol"] not in ("connected", "local") or not state.interfaces:
        return False
    if not interface:
        return True
    covers = network(route["prefix"])
    return (
        interface["vrfName"] != vrf
        or interface["status"] != "up"
        or not interface.get("running", True)
        or not any(interface_address(one).ip in covers for one in interface["addresses"])
    )


def check_prefix(state, policy, target, prefix, counts):
    offered = offers(state, policy, target, prefix)
    leaked = state.leaked(target, prefix)
    source, route = state.owner(target, prefix)
    native = state.native(target, prefix)
    waiting = state.conflicts.get((target, prefix), {})
    where = "{} in {}: ".format(prefix, target)
    found = []

    def wrong(kind, text, *args):
        found.append(Violation(kind, where + text.format(*args)))

    if len(leaked) > 1:
        wrong("leaked-twice", "{} leaked routes", len(leaked))
    if route and state.blocked(target, prefix, route["distance"]):
        wrong("leak-beside-native", "leaked from {}, and native {}", source, native[0]["protocol"])
        source = None
    elif route and source not in offered:
        wrong("leak-without-source", "leaked from {}, which offers no such route", source)
    elif route:
        found += check_route(where, offered[source], route, state)

    # A native route that the leaked one wins over is its backup.
    expected = set(offered) - {source} | ({target} if source and native else set())
    for loser in sorted(set(waiting) - expected):
        wrong("conflict-extra", "{} waits ({}), and has no reason to", loser, waiting[loser][0])
    for loser in sorted(expected - set(waiting)):
        if source or state.blocked(target, prefix, offered[loser].way.distance):
            wrong("conflict-missing", "{} offers it, and {} has it", loser, source or "a native route")
        else:
            wrong("leak-missing", "{} offers it, nobody has it, and it does not wait", loser)
    for loser in sorted(expected & set(waiting)):
        found += check_reason(state, policy, target, prefix, loser, source, counts)
    if source in offered and (target, family_of(prefix)) in policy.preempts:
        found += check_preempts(state, policy, target, prefix, source, counts)
    return found


def unacceptable(state, target, prefix, offer):
    "Whether zebra or the kernel does not accept a route: the kernel has refused it, or zebra uses none of its next hops."
    refused = (state.vrfs[target]["table"], prefix) in state.refused
    return refused or not any(usable(state, offer, hop) for hop in offer.hops)


def usable(state, offer, hop):
    """
    Whether zebra uses a next hop of a leaked route: its interface exists and is running, and it is on-link, or its gateway is in a prefix of its
    interface's. (It does not look the gateway of another route's resolved next hop up again, and kernel routes may use any
    interface, so that a source's route may have others.) Before FRR 10.7 it is not in a prefix that equals the route's (limits.md).
    """
    if len(hop) < 3:
        return True
    if hop[1] == DELETED or not state.interfaces.get(hop[1], {}).get("running", True):
        return False
    if not hop[0]:
        return True
    if any(leaf.get("onLink") and resolved_key(state, offer.route, leaf) == hop for leaf in offer.route["nexthops"]):
        return True
    gateway = address(hop[0])
    for (vrf, prefix), routes in state.rib.items():
        if vrf != hop[2] or gateway not in network(prefix):
            continue
        if state.release < (10, 7) and prefix == offer.route["prefix"] and not prefix.endswith(("/32", "/128")):
            continue
        connected = [route for route in routes if route["protocol"] in ("connected", "local")]
        if any(route.get("selected") for route in connected) and any(
            next_hop.get("interfaceName") == hop[1] for route in connected for next_hop in route["nexthops"]
        ):
            return True
    return False


def check_route(where, offer, route, state):
    found = []
    for key, expected in (("metric", offer.metric), ("tag", offer.tag), ("distance", offer.way.distance)):
        if route.get(key, 0) != expected:
            found.append(
                Violation("wrong-" + key, "{}{} is {}, should be {}".format(where, key, route.get(key, 0), expected))
            )
    hops = leaked_hops(route)
    missing = offer.hops - hops
    if hops - offer.hops or not hops or any(usable(state, offer, hop) for hop in missing):
        found.append(
            Violation(
                "wrong-next-hops",
                "{}next hops {}, the source {} offers {}".format(
                    where, sorted(hops, key=str), offer.way.source, sorted(offer.hops, key=str)
                ),
            )
        )
    if not route.get("selected") or not route.get("installed"):
        found.append(Violation("leak-not-installed", where + "the leaked route is not selected and installed"))
    return found


def has_room(state, policy, target, prefix, way, counts):
    "Whether the limit of an import permits one more route. One that the prefix is counted for already permits it."
    source, _ = state.owner(target, prefix)
    owner = offers(state, policy, target, prefix).get(source)
    if way.limit is None or way.warning_only or owner and owner.way.tag == way.tag:
        return True
    return counts[target, family_of(prefix), way.tag] < way.limit


def check_reason(state, policy, target, prefix, loser, source, counts):
    "A refusal's reason and winner. What zebra did not keep stays refused for that reason, whichever source has the prefix."
    reason, winner = state.conflicts[target, prefix][loser]
    offer = offers(state, policy, target, prefix).get(loser)
    held = policy.hold_downs.get((target, family_of(prefix)), 0)
    where = "{} in {}: {} waits ({})".format(prefix, target, loser, reason)
    found = []

    def wrong(kind, text, *args):
        found.append(Violation(kind, where + text.format(*args)))

    if winner != (source or (target if state.native(target, prefix) else None)):
        wrong("conflict-winner", ", the winner is {}", winner)
    if loser == target or source:
        allowed = {"higher-distance" if loser == target else "other-source"}
    elif state.blocked(target, prefix, offer.way.distance):
        allowed = {"native-route"}
    else:
        allowed = {"maximum-prefix"} | ({"held-down"} if held > HELD_SECONDS else set())
    if loser != target:
        allowed.add("not-accepted")
    if reason not in allowed:
        wrong("conflict-reason", ", should be {}", sorted(allowed))
    elif reason == "maximum-prefix" and has_room(state, policy, target, prefix, offer.way, counts):
        wrong("room-unused", ", though its import has room")
    # It does not take over from an accepted one if the target preempts.
    elif reason == "not-accepted" and not (source and (target, family_of(prefix)) in policy.preempts):
        if not unacceptable(state, target, prefix, offer):
            wrong("acceptable", ", but has a next hop and was not refused")
    return found


def check_preempts(state, policy, target, prefix, source, counts):
    "With `preempt` no candidate may be better than the owner."
    offered = offers(state, policy, target, prefix)
    held = policy.hold_downs.get((target, family_of(prefix)), 0) > HELD_SECONDS
    return [
        Violation("not-preempted", "{} in {}: {} has it, {} is better".format(prefix, target, source, loser))
        for loser, (reason, _) in sorted(state.conflicts.get((target, prefix), {}).items())
        if loser in offered
        and offered[loser].way.rank < offered[source].way.rank
        and reason != "not-accepted"
        and not held
        and not state.blocked(target, prefix, offered[loser].way.distance)
        and has_room(state, policy, target, prefix, offered[loser].way, counts)
    ]


@of_state
def limit_counts(state, policy):
    "{(target, family, tag): (leaked prefixes, limit)} of the import lines that refuse above a limit."
    counts = {
        (vrf, family, line.tag): [set(), line.limit]
        for (vrf, family), lines in policy.imports.items()
        for line in lines
        if line.limit and not line.warning_only
    }
    for vrf, prefix in state.rib:
        source, route = state.owner(vrf, prefix)
        offer = route and offers(state, policy, vrf, prefix).get(source)
        if offer and (vrf, family_of(prefix), offer.way.tag) in counts:
            counts[vrf, family_of(prefix), offer.way.tag][0].add(prefix)
    return counts


def check_limits(state, policy, before):
    "A limit may be exceeded only by routes from before it was lowered. before: limit_counts() at that time."
    return [
        Violation("limit-exceeded", "{}: {} routes, the limit is {}".format(key, len(has), limit))
        for key, (has, limit) in limit_counts(state, policy).items()
        if len(has) > max(limit, len(before.get(key, [()])[0]))
    ]


def check_stays(before, now, policy_before, policy, touched):
    """
    The first source stays, and what did not change was not installed again. touched(prefix): whether the operations in
    between may have changed a prefix temporarily.
    """
    found = []
    for target, prefix in now.rib:
        source, route = now.owner(target, prefix)
        old_source, old = before.owner(target, prefix)
        if not route or not old or touched(prefix):
            continue
        offered = offers(now, policy, target, prefix)
        ways_before = policy_before.ways(target, family_of(prefix))
        may_move = (target, family_of(prefix)) in policy.preempts or (target, family_of(prefix)) in policy.hold_downs
        if (
            ways_before != policy.ways(target, family_of(prefix))
            or policy_before.maps != policy.maps
            or policy_before.lists != policy.lists
        ):
            continue
        was = offers(before, policy_before, target, prefix).get(old_source)
        same = (
            was
            and offered.get(old_source)
            and was.hops == offered[old_source].hops
            and (offered[old_source].route["uptimeSeconds"] >= was.route["uptimeSeconds"])
        )
        if not same:
            continue
        where = "{} in {}: ".format(prefix, target)
        if source != old_source and may_move:
            continue
        if source != old_source:
            found.append(
                Violation("owner-changed", "{}from {} to {}, which still offers it".format(where, old_source, source))
            )
        elif route["uptimeSeconds"] < old["uptimeSeconds"]:
            found.append(Violation("reinstalled", "{}younger than before, though nothing of it changed".format(where)))
    return found


# ---- the kernel ----


def kernel_has_source(state, native, source, prefix):
    "Whether the kernel has the next hops of a source's route. native: {protocol: hops} of the prefix in the source's table."
    route = source in state.vrfs and offered_route(state, source, prefix)
    wanted = {hop[:2] if len(hop) == 3 else hop for hop in leaked_hops(route)} if route else set()
    return bool(native) and wanted <= set().union(*native.values())


def check_kernel(state, kernel, gone_tables=(), not_queued=(), refused=()):
    """
    Leaked routes in the RIB and in the kernel must be the same. kernel: {(table, prefix): {protocol: hops}}. Zebra's own
    faults are ignored: routes that the kernel deleted from the source, too, when a link went down, a blackhole that remains
    in the table of a deleted VRF (gone_tables), prefixes whose update zebra did not hand to its dataplane (not_queued), and those
    where the kernel refused a route that was to replace another one (refused), as (table, prefix).
    """
    found = []
    for vrf, prefix in sorted(state.rib):
        source, route = state.owner(vrf, prefix)
        if not route or not route.get("installed") or vrf not in state.vrfs:
            continue
        there = kernel.get((state.vrfs[vrf]["table"], prefix), {}).get("zebra")
        native = kernel.get((state.vrfs.get(source, {}).get("table"), prefix), {})
        wanted = {hop[:2] if len(hop) == 3 else hop for hop in leaked_hops(route)}
        where = "{} in {}: ".format(prefix, vrf)
        if "zstatic" in kernel.get((state.vrfs[vrf]["table"], prefix), {}):
            found.append(
                Violation("backup-in-kernel", where + "the kernel has zebra's static route beside the leaked one")
            )
        if there is None and kernel_has_source(state, native, source, prefix):
            found.append(Violation("kernel-lacks", where + "in the RIB, not in the kernel"))
        elif there is not None and there != wanted and there not in native.values():
            found.append(Violation("kernel-differs", "{}kernel {}, RIB {}".format(where, there, wanted)))
    tables = {vrf["table"]: name for name, vrf in state.vrfs.items()}
    for (table, prefix), protocols in sorted(kernel.items()):
        hops, vrf = protocols.get("zebra"), tables.get(table)
        if hops is None or not vrf or state.leaked(vrf, prefix):
            continue
        gone = table in gone_tables and all(len(hop) == 1 for hop in hops)
        if not gone and (table, prefix) not in not_queued and (table, prefix) not in refused:
            found.append(Violation("kernel-extra", "{} in {}: in the kernel, not in the RIB".format(prefix, vrf)))
    return found


def check_zebra(state, kernel):
    """
    What zebra has wrong of its own routes: a static route that it has selected without a usable next hop, or that differs in the
    kernel. The module is not the cause of it if the same happens without the module.
    """
    found = []
    for (vrf, prefix), routes in sorted(state.rib.items()):
        table, where = state.vrfs.get(vrf, {}).get("table"), "{} in {}: ".format(prefix, vrf)
        there = kernel.get((table, prefix), {}).get("zstatic")
        static = [route for route in routes if route["protocol"] == "static" and route.get("selected")]
        if any(not usable_hops(route) for route in static):
            found.append(Violation("static-unusable", where + "selected without a usable next hop"))
        elif any(route.get("installed") and not route.get("failed") for route in static):
            wanted = {hop[:2] if len(hop) == 3 else hop for hop in leaked_hops(static[0])}
            if there is None:
                found.append(Violation("static-not-in-kernel", where + "installed in the RIB, not in the kernel"))
            elif there != wanted and not (is_unreachable(there) and is_unreachable(wanted)):
                found.append(Violation("static-differs", "{}kernel {}, RIB {}".format(where, there, wanted)))
    tables = {vrf["table"]: name for name, vrf in state.vrfs.items()}
    for (table, prefix), protocols in sorted(kernel.items()):
        vrf = tables.get(table)
        if "zstatic" in protocols and vrf and not has_static(state, vrf, prefix):
            found.append(Violation("static-left-over", "{} in {}: in the kernel, not in the RIB".format(prefix, vrf)))
    return found


def is_unreachable(hops):
    "The kernel has one kind for a next-hop group that drops, and none beside other next hops."
    return any(len(hop) == 1 for hop in hops)


def has_static(state, vrf, prefix):
    return any(route["protocol"] == "static" for route in state.rib.get((vrf, prefix), []))
