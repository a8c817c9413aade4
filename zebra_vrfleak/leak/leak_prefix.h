// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: makes and executes the decision about one prefix in one target.
 *
 *   sources that changed --> decision (core/decision.h) --> RIB, conflicts
 *                                  ^                         |
 *                                  +---- pending routes <----+
 *
 * Invariants:
 *  - While zebra is processing a route of the prefix, no decision is made.
 *    Sources that change meanwhile are stored with the pending route.
 *  - All that a decision needs is in one structure, which exists only while it
 *    is made: the time budget, the prefix's nodes, and the offers it has
 *    resolved.
 */
#ifndef _VRFLEAK_LEAK_LEAK_PREFIX_H
#define _VRFLEAK_LEAK_LEAK_PREFIX_H

#include "zebra_vrfleak/leak/pending_routes.h"

extern void vrfleak_leak_init(struct vrfleak_event_loop *loop);
extern void vrfleak_leak_finish(void);

/*
 * Decide about a prefix in target after a change, or store the change if a
 * route of the prefix is pending.
 */
extern void vrfleak_leak_decide(struct vrfleak_budget *budget,
				const struct vrfleak_vrf *target,
				const struct vrfleak_change *change);

/* Zebra or the kernel does not use source's route: decide again without it. */
extern void vrfleak_leak_rejected(struct vrfleak_budget *budget,
				  const struct vrfleak_vrf *target,
				  const struct prefix *prefix, uint32_t source);

/*
 * Decide again about all prefixes of a target, or of all targets if target is
 * NULL. With a prefix, the best candidate replaces the owner of the prefix.
 * Releases what is held down in any case.
 */
extern void vrfleak_leak_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
			       const struct prefix *prefix);

#endif /* _VRFLEAK_LEAK_LEAK_PREFIX_H */
