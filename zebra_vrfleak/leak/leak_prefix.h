// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: makes and executes the decision about one prefix in one target.
 *
 *   sources that changed --> decision (core/decision.h) --> RIB, conflicts
 *                                  ^                         |
 *                                  +---- pending routes <----+
 *
 * Invariants:
 *  - While a route of the prefix is pending, no decision is made. Sources that
 *    change meanwhile are stored with the pending route.
 *  - With scanned_too, the sources with a queued import scan take part in the
 *    decision like those that changed.
 */
#ifndef _VRFLEAK_LEAK_LEAK_PREFIX_H
#define _VRFLEAK_LEAK_LEAK_PREFIX_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_leak_init(struct vrfleak_event_loop *loop);
extern void vrfleak_leak_finish(void);

/* Decide about a prefix in target after a change in sources. */
extern void vrfleak_leak_decide(const struct vrfleak_vrf *target,
				const struct prefix *prefix,
				const uint32_t *sources, uint32_t count,
				bool scanned_too);

/* The same with the prefix's node in a source's table, if it is known. */
extern void vrfleak_leak_decide_at(const struct vrfleak_vrf *target,
				   const struct prefix *prefix,
				   const struct vrfleak_vrf *source,
				   struct route_node *rn,
				   const uint32_t *sources, uint32_t count,
				   bool scanned_too);

/*
 * Zebra or the kernel does not use source's route: decide again without it.
 * Call this only between vrfleak_rib_lookup_begin() and
 * vrfleak_rib_lookup_end() for the prefix, or outside of any decision.
 */
extern void vrfleak_leak_rejected(const struct vrfleak_vrf *target,
				  const struct prefix *prefix, uint32_t source);

/*
 * Decide again about all prefixes of a target, or of all targets if target is
 * NULL. With a prefix, the best candidate replaces the owner of the prefix.
 */
extern void vrfleak_leak_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
			       const struct prefix *prefix);

#endif /* _VRFLEAK_LEAK_LEAK_PREFIX_H */
