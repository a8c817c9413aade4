# SPDX-License-Identifier: GPL-2.0-or-later
"""
A trial: one sequence on a fresh router, up to the first violation that stays; and the search for the shortest sequence that
still has it.

Invariants: a violation counts only if it is still there after the router was at rest and a generous time has passed; two
violations are the same if their kind is.
Refuses: nothing.
"""

import collections
import random
import re
import time

import model
import observe
from model import Violation
from router import Dead, Hung, Router, backtraces

PAUSE = 0.1
# For how long zebra may have its own routes wrong.
ODD_SECONDS = 10
OLD_SECONDS = 5
RESTLESS = Violation("restless", "the RIB keeps changing")
POLICY_WORDS = ("route-map", "prefix-list", "route-import", "route-export")


class Outcome:
    "The result of a trial: the batch and the violations that it ended with, and the operations done."

    def __init__(self):
        self.batch = None
        self.violations = []
        self.ops = 0
        # How much was checked: leaked routes and, by reason, conflicts, summed up over the batches.
        self.leaks = 0
        self.conflicts = collections.Counter()
        self.freed_table = False
        # What zebra has wrong of its own routes, and what the test does differently on this release.
        self.odd = []
        self.note = ""

    def kinds(self):
        return {violation.kind for violation in self.violations}

    def signs(self):
        "Kinds of violations and oddities, those of a daemon with its name: what two trials may have in common."
        return {(one.kind, *re.findall(r"zebra|static|mgmt", one.text.lower())[:1]) for one in self.violations} | {
            (one.kind,) for one in self.odd
        }


class Trial:
    """
    only_last: only the last two batches are checked, which is several times faster; for the shrinker. Without the module the
    only checks are those of zebra itself: the daemons live, the RIB comes to rest, interfaces are in the right VRFs, and static
    routes are right.
    """

    def __init__(self, batches, module=True, patience=45, trace=None, only_last=False):
        self.batches = batches
        self.module = module
        self.patience = patience
        self.trace = trace
        self.only_last = only_last
        self.random = random.Random(1)
        self.before = None
        self.harmless = False
        self.limits = {}
        # Texts of what is odd already, and when something new was seen.
        self.known = set()
        self.new_since = None

    def run(self):
        outcome, router = Outcome(), None
        try:
            router = Router(self.module, self.trace)
            outcome.note = router.note
            for index, batch in enumerate(self.batches):
                outcome.batch = index
                if self.trace:
                    self.trace.write("== batch {}\n".format(index))
                router.apply(batch)
                outcome.ops += len(batch.ops)
                if not self.module:
                    outcome.violations = self.judge_zebra(router, outcome)
                elif self.only_last and index + 2 < len(self.batches):
                    self.rest(router)
                    continue
                else:
                    outcome.violations = self.judge(router, batch, outcome)
                if outcome.violations:
                    return outcome
                if not self.module:
                    continue
                state = self.before.state
                outcome.leaks += sum(len(state.leaked(*pair)) for pair in state.rib)
                outcome.conflicts.update(reason for one in state.conflicts.values() for reason, _ in one.values())
            outcome.violations = self.last(router) if self.module else self.interfaces(router) + self.ages(router)
        except Dead as dead:
            outcome.violations = [Violation("died", str(dead))]
        except Hung as hung:
            outcome.violations = [Violation("hung", str(hung))]
        except ValueError as error:
            outcome.violations = [Violation("not-json" if "not JSON" in str(error) else "unknown", str(error))]
        finally:
            if router:
                outcome.freed_table = router.release < (10, 7) and observe.freed_table()
                router.close()
                backtraces()
        outcome.violations += observe.check_log()
        return outcome

    def rest(self, router):
        "Waits until zebra's RIB stays as it is, and the module has nothing to do; returns whether it came to that."
        end, last = time.monotonic() + self.patience, None
        while time.monotonic() < end:
            rib = observe.steady(router.rib_text())
            if rib == last and not observe.pending(router):
                return True
            last = rib
            time.sleep(PAUSE)
        return False

    def judge_zebra(self, router, outcome):
        "The same without the module."
        while self.rest(router):
            if not self.new_odd(observe.Look(router), outcome):
                return []
            time.sleep(4 * PAUSE)
        return [RESTLESS]

    def new_odd(self, look, outcome):
        "Adds to the outcome what zebra has had wrong for some time. Returns whether there is more, which may yet go."
        odd = [one for one in model.check_zebra(look.state, look.kernel) if one.text not in self.known]
        self.new_since = (self.new_since or time.monotonic()) if odd else None
        if odd and time.monotonic() - self.new_since < min(self.patience, ODD_SECONDS):
            return True
        self.known |= {one.text for one in odd}
        outcome.odd += odd
        self.new_since = None
        return False

    def judge(self, router, batch, outcome):
        "Waits until the router is at rest and nothing is wrong; returns what stays wrong."
        end = time.monotonic() + self.patience
        while True:
            quiet = self.rest(router)
            look = observe.Look(router)
            found = observe.check_all(look, self.random) if quiet else [RESTLESS]
            if not found and not self.new_odd(look, outcome):
                break
            if found and time.monotonic() > end:
                found = self.ages(router) or observe.check_all(look := observe.Look(router), self.random)
            if found and time.monotonic() > end:
                if self.trace:
                    self.trace.write(look.dump())
                return found + observe.check_log()
            time.sleep(4 * PAUSE)
        found = self.compare(look, batch) + observe.check_log()
        self.before, self.limits = look, model.limit_counts(look.state, look.policy)
        return found

    def compare(self, look, batch):
        "What depends on the state before the batch."
        if not self.before:
            return []
        texts = [text for _, text in batch.ops]
        found = []
        if not any("maximum-prefix" in text for text in texts):
            found += model.check_limits(look.state, look.policy, self.limits)
        harmless = not any(kind in ("sys", "clear") for kind, _ in batch.ops) and not any(
            word in text for text in texts for word in POLICY_WORDS + ("link ", "addr ")
        )
        # Changes of links in the previous batch may have an effect seconds later.
        settled, self.harmless = harmless and self.harmless, harmless
        if not settled:
            return found
        return found + model.check_stays(
            self.before.state,
            look.state,
            self.before.policy,
            look.policy,
            lambda prefix: any(" {} ".format(prefix) in text + " " for text in texts),
        )

    def interfaces(self, router):
        end = time.monotonic() + self.patience
        while observe.check_interfaces(router) and time.monotonic() < end:
            time.sleep(4 * PAUSE)
        return observe.check_interfaces(router)

    def ages(self, router):
        """
        Whether the RIB comes to rest: until the youngest route is some seconds old. Two equal looks are no proof, since a RIB that
        changes for ever goes through few states.
        """
        end = time.monotonic() + self.patience
        while any(route["uptimeSeconds"] < OLD_SECONDS for routes in router.rib().values() for route in routes):
            if time.monotonic() > end:
                return [RESTLESS]
            time.sleep(4 * PAUSE)
        return []

    def last(self, router):
        "Without tags the module must give back its memory, and withdraw everything."
        observe.remove_tags(router)
        end = time.monotonic() + self.patience
        while True:
            found = observe.check_memory(router) + observe.check_all(observe.Look(router), self.random)
            if not found or time.monotonic() > end:
                return found
            time.sleep(4 * PAUSE)


# ---- shrinking ----


def shrink(batches, kinds, attempt, deadline):
    """
    The shortest sequence found for which attempt(batches) still has one of the kinds: first whole batches are left out, then
    operations. attempt returns the kinds of violations; deadline is a time.monotonic().
    """

    def fails(candidate):
        return time.monotonic() < deadline and attempt(candidate) & kinds

    def reduce(items, rebuild):
        size = max(1, len(items) // 2)
        while True:
            start = 0
            while start < len(items):
                candidate = items[:start] + items[start + size :]
                if candidate and fails(rebuild(candidate)):
                    items = candidate
                else:
                    start += size
            if size == 1 or time.monotonic() >= deadline:
                return items
            size //= 2

    batches = reduce(list(batches), list)
    numbered = [(index, op) for index, batch in enumerate(batches) for op in batch.ops]

    def assemble(pairs):
        made = [batch.but([op for at, op in pairs if at == index]) for index, batch in enumerate(batches)]
        return [batch for batch in made if batch.ops]

    return assemble(reduce(numbered, assemble))
