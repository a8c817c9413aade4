# SPDX-License-Identifier: GPL-2.0-or-later
"""
A snapshot of a router, and checks that it is consistent: the module's show commands with zebra's RIB, the kernel with both, the
log.

Invariants: a snapshot shows one point in time (it is repeated if the RIB changed meanwhile, up to ten times). The module's
output is compared with the RIB and the model, never only with itself.
Refuses: nothing; if a daemon does not answer, Dead or Hung is raised (router.py).
"""

import functools
import glob
import json
import re
import time

import kernel
import model
from model import Violation, family_of
from policy import IP, Policy, our_lines
from router import LOGS

NOT_OFFERED = {"no-route", "inactive", "not-selected", "leaked-itself", "device-down"}
# Memory that stays allocated for clients that read the state of a VRF, or for the module itself.
STANDING_MEMORY = {"Route leak northbound node"}
# The module tries a refused route again after a minute at the latest.
REFUSED_SECONDS = 150
AGE = re.compile(r'"uptime":"[^"]*"')
CRASH = re.compile("Received signal 11|Received signal 6|assert|AddressSanitizer|runtime error")
CRASH_OR_ERROR = re.compile(CRASH.pattern + r"|\[EC ")
# Of a timer that ran late, on a busy machine.
BUSY = "Thread Starvation"
# Error cards that a random sequence may well cause: conflict, limit, route-map.
CARDS = (
    "not leaked to VRF",
    "more conflicts began or ended",
    "routes by its import",
    "withdrawn again and again",
    "route-map",
    "leaks nothing: 'ip import-table'",
)


class Look:
    def __init__(self, router):
        self.router = router
        for _ in range(10):
            texts = router.rib_text()
            self.text = router.running()
            links, self.interfaces = kernel.interfaces(), router.interfaces()
            self.vrfs, self.kernel = kernel.vrfs(links), kernel.routes(links)
            self.isolation = kernel.isolation_rules()
            self.shown = {family: self._shown(router, family) for family in (4, 6)} if router.module else {}
            if steady(router.rib_text()) == steady(texts):
                break
        self.policy = policy_of(self.text)
        self.rib = model.by_table(router.rib(texts), self.vrfs)
        running = kernel.running(links)
        for name, interface in self.interfaces.items():
            interface["running"] = name in running
        instances = {
            (vrf, shown["instance"])
            for family in self.shown
            for vrf, shown in self.shown[family]["summary"].items()
            if shown.get("instance")
        }
        conflicts = {}
        for family in self.shown:
            for vrf, shown in self.shown[family]["conflicts"].items():
                for entry in shown["conflicts"]:
                    waiting = conflicts.setdefault((vrf, entry["prefix"]), {})
                    waiting[entry["loser"]] = entry["reason"], entry.get("winner")
        refused = refusals(REFUSED_SECONDS) | looped(self.vrfs)
        self.state = model.State(router.release, self.vrfs, self.rib, instances, conflicts, self.interfaces, refused)

    @staticmethod
    def _shown(router, family):
        command = "show {} route-leak {}json"
        names = {"summary": "", "routes": "routes ", "conflicts": "conflicts "}
        documents = {name: router.json(command.format(IP[family], word))[0] for name, word in names.items()}
        shown = {name: document["vrfs"] for name, document in documents.items()}
        return {**shown, "isolation": documents["summary"]["isolation"]}

    def dump(self):
        "All of it, for a person."
        parts = [self.text, json.dumps(self.vrfs, indent=1)]
        parts += [json.dumps(route) for key in sorted(self.rib) for route in self.rib[key]]
        parts += ["{} {}".format(key, protocols) for key, protocols in sorted(self.kernel.items())]
        parts += ["{} {}".format(key, waiting) for key, waiting in sorted(self.state.conflicts.items())]
        return "\n".join(parts) + "\n"


def steady(texts):
    "Of Router.rib_text(), what does not change while nothing happens."
    return [AGE.sub("", text) for text in texts]


# Most batches change no policy, and reading it takes long.
policy_of = functools.lru_cache(maxsize=4)(Policy)


def pending(router):
    "Whether the module has something left to do."
    if not router.module:
        return False
    figures = router.json("show route-leak statistics json")[0]
    return any(figures.get(key) for key in ("changedPrefixes", "pendingRoutes", "tableWalks", "kernelRechecks"))


# ---- what must agree ----


def check_shown(look):
    "Counters, lists and topology against the RIB."
    found = []
    topology = look.router.json("show route-leak topology json")[0]
    uncertain = model.unclear(look.state)
    for family, shown in look.shown.items():
        counts = model.limit_counts(look.state, look.policy)
        for vrf, summary in shown["summary"].items():
            has = {
                prefix: look.state.owner(vrf, prefix)
                for where, prefix in look.rib
                if where == vrf and family_of(prefix) == family and look.state.leaked(vrf, prefix)
            }
            waiting = [pair for pair in look.state.conflicts if pair[0] == vrf and family_of(pair[1]) == family]
            losers = sum(len(set(look.state.conflicts[pair]) - {vrf}) for pair in waiting)
            where = "{} of {}: ".format(IP[family], vrf)
            listed = shown["routes"].get(vrf, {}).get("routes", {})
            by_source = {}
            for source, _ in has.values():
                by_source[source] = by_source.get(source, 0) + 1
            pairs = [
                ("leakedRoutes", summary["leakedRoutes"], len(has)),
                ("conflicts", summary["conflicts"], losers),
                ("sources' routes", {s: v["routes"] for s, v in summary["sources"].items() if v["routes"]}, by_source),
                ("the list of routes", {p: v["source"] for p, v in listed.items()}, {p: v[0] for p, v in has.items()}),
                (
                    "topology",
                    {
                        t["source"]: t["routes"]
                        for t in topology["ipv{}".format(family)]
                        if t["target"] == vrf and t["routes"]
                    },
                    by_source,
                ),
            ]
            for tag, options in summary["importOptions"].items():
                counted = counts.get((vrf, family, tag))
                if "routes" in options and counted and not set(has) & uncertain:
                    pairs.append(("routes of import " + tag, options["routes"], len(counted[0])))
            found += [
                Violation("shown-" + what.split()[0], "{}{}: {}, the RIB has {}".format(where, what, says, is_so))
                for what, says, is_so in pairs
                if says != is_so
            ]
    return found


def check_isolation(look):
    "The kernel has the policy rule exactly where it is configured, once."
    found = []
    for family, shown in look.shown.items():
        rules, wanted = look.isolation[family], family in look.policy.isolated
        where = "IPv{}: ".format(family)
        if rules != wanted:
            found.append(Violation("isolation", "{}{} rules, configured: {}".format(where, rules, wanted)))
        says = shown["isolation"]["configured"], shown["isolation"]["installed"]
        if says != (wanted, rules > 0):
            found.append(Violation("shown-isolation", "{}{}, should be {}".format(where, says, (wanted, rules > 0))))
    return found


def check_explain(look, random, number=10):
    "Some prefixes, explained for some VRFs."
    found = []
    prefixes = sorted({prefix for _, prefix in look.rib} - model.unclear(look.state))
    names = sorted(look.policy.vrfs())
    for _ in range(number if prefixes and names else 0):
        target, prefix = random.choice(names), random.choice(prefixes)
        command = "show {} route-leak explain vrf {} {} json".format(IP[family_of(prefix)], target, prefix)
        for source, says in look.router.json(command)[0]["sources"].items():
            may = verdicts(look, target, source, prefix)
            if says["verdict"] not in may:
                found.append(
                    Violation(
                        "explain",
                        "{} from {}: {} ({}), should be {}".format(command, source, says["verdict"], says["text"], may),
                    )
                )
    return found


def verdicts(look, target, source, prefix):
    "The words that explain may answer with."
    state, policy, family = look.state, look.policy, family_of(prefix)
    owner, _ = state.owner(target, prefix)
    if owner == source:
        return {"leaked"}
    if source not in policy.ways(target, family):
        if not policy.exports.get((source, family)):
            return {"not-exported"}
        return {"no-common-tag"} if policy.imports.get((target, family)) else {"not-imported"}
    if target not in state.vrfs or source not in state.vrfs:
        return {"no-vrf"}
    if not model.leakable(prefix):
        return {"not-leakable"}
    if not model.offered_route(state, source, prefix):
        return NOT_OFFERED
    if source not in model.offers(state, policy, target, prefix):
        return {"denied"}
    if owner:
        return {"other-source"}
    if state.blocked(target, prefix, model.offers(state, policy, target, prefix)[source].way.distance):
        return {"native-route"}
    held = policy.hold_downs.get((target, family), 0) > model.HELD_SECONDS
    return {"maximum-prefix", "not-accepted"} | ({"held-down"} if held else set())


def check_interfaces(router):
    "Interfaces that zebra has in another VRF than the kernel, and connected routes that it has kept in the VRF that they left."
    has = router.interface_vrfs()
    found = [
        ("{}: zebra has it in {}, the kernel in {}", name, has[name], vrf)
        for name, vrf in kernel.interface_vrfs(kernel.interfaces()).items()
        if has.get(name, vrf) != vrf
    ]
    found += [
        (
            "{} in {}: a connected route through {}, which zebra has in another VRF",
            prefix,
            vrf,
            hop.get("interfaceName"),
        )
        for (vrf, prefix), routes in router.rib().items()
        for route in routes
        for hop in route["nexthops"]
        if route["protocol"] in ("connected", "local") and has.get(hop.get("interfaceName"), vrf) != vrf
    ]
    return [Violation("interface-vrf", text.format(*words)) for text, *words in sorted(found)]


def check_all(look, random):
    """
    All checks of one snapshot of a router with the module. If something is wrong while zebra has interfaces in wrong VRFs, that is
    what is wrong.
    """
    found = check_look(look, random)
    return found and (check_interfaces(look.router) or found)


def check_look(look, random):
    found = model.check(look.state, look.policy)
    found += model.check_kernel(look.state, look.kernel, look.router.gone_tables, not_queued(), refusals())
    if not look.router.module:
        return found
    unclear = model.unclear(look.state)
    found = [violation for violation in found if violation.text.split()[0] not in unclear]
    stale = [
        key
        for key, routes in look.rib.items()
        for route in routes
        if route["internalFlags"] & model.SELFROUTE and key[1] not in unclear
    ]
    found += [Violation("stale", "{}: a stale route of zebra's before its restart".format(key)) for key in stale]
    return found + check_isolation(look) + check_shown(look) + check_explain(look, random)


# ---- the log, and the end ----


def check_log():
    "Log lines of a daemon's unexpected end, and errors of the module that no rule explains."
    found = []
    for path in sorted(glob.glob(LOGS + "/*")):
        for line in lines_with(CRASH_OR_ERROR, read_log(path)):
            ours = re.search(r"vrfleak|[Rr]oute.leak|leaked|leaks", line) and "[EC " in line and BUSY not in line
            if CRASH.search(line):
                found.append(Violation("crash", line.strip()))
            elif ours and not any(card in line for card in CARDS):
                found.append(Violation("log", line.strip()))
    return found


def lines_with(pattern, text):
    "The lines of a long text that have a pattern, each once."
    at = 0
    while found := pattern.search(text, at):
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        at = len(text) if end < 0 else end
        yield text[start:at]


def freed_table(log=None):
    """
    Whether zebra crashed in a table that it had freed, by the backtrace in its log. FRR before 10.7 frees a table that it has for
    the default VRF with the VRF that gets it (doc/limits.md). It depends on the moment in which zebra read a route. A crash with the
    module in the backtrace is not such a one: the same run without the module must show it.
    """
    _, crashed, trace = (zebra_log() if log is None else log).rpartition("Received signal ")
    frames = ("srcdest_rnode_get", "rib_score_proto", "meta_queue_free")
    return bool(crashed) and "vrfleak" not in trace and any(frame in trace for frame in frames)


def read_log(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def zebra_log():
    return read_log(LOGS + "/zebra.log")


def not_queued():
    "(table, prefix) of updates that zebra could not hand to its dataplane, by its log."
    found = re.findall(r"\] \d+:(\d+):(\S+): Failed to enqueue dataplane", zebra_log())
    return {(int(table), prefix) for table, prefix in found}


def refusals(seconds=None):
    "(table, prefix) of routes that the kernel has refused, by zebra's log; only of the last seconds, if given."
    found = set()
    for line in lines_with(re.compile(": Route install failed"), zebra_log()):
        when, table, prefix = re.search(r"^(.{19}) .*\(\d+:(\d+)\):(\S+): Route install failed", line).groups()
        age = time.time() - time.mktime(time.strptime(when, "%Y/%m/%d %H:%M:%S"))
        if seconds is None or age <= seconds:
            found.add((int(table), prefix))
    return found


def looped(vrfs):
    "(table, prefix) of routes that the module does not leak for a while, by its log, since they depend on themselves."
    found = re.findall(r"(\S+) from VRF \S+ is installed in VRF (\S+) and withdrawn again and again", zebra_log())
    return {(vrfs[target]["table"], prefix) for prefix, target in found if target in vrfs}


def memory(router):
    "{type: objects} of the module's types in zebra."
    text = router.ask("show memory zebra")
    return {
        found[1]: int(found[2])
        for found in re.finditer(r"^(Route leak [^:]*?) *: *(\d+)", text, re.M)
        if found[1] not in STANDING_MEMORY
    }


def remove_tags(router):
    lines = []
    for vrf, line in our_lines(router.running()):
        lines += (
            ([] if vrf == "default" else ["vrf " + vrf]) + ["no " + line] + ([] if vrf == "default" else ["exit-vrf"])
        )
    router.vtysh(["configure terminal"] + lines)


def check_memory(router):
    "Without tags the module must hold nothing but the names of VRFs."
    return [
        Violation("memory", "{}: {} objects are left, and no tag is configured".format(what, number))
        for what, number in sorted(memory(router).items())
        if number > (1 if what == "Route leak VRF" else 0)
    ]
