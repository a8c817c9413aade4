// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: decides about one prefix of one target, and does what was decided.
 *
 *   sources that changed --> decision (core/decision.h) --> RIB, conflicts
 *                                  ^                         |
 *                                  +---- pending routes <----+
 *
 * Invariants:
 *  - A prefix whose route is pending is not decided again before zebra has
 *    processed it. What changes meanwhile is kept with it.
 *  - Sources that are about to be scanned come in the same moment as those that
 *    changed, if the caller says so (scanned_too).
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

/* The same, where the prefix's node in a source's table is known. */
extern void vrfleak_leak_decide_at(const struct vrfleak_vrf *target,
				   const struct prefix *prefix,
				   const struct vrfleak_vrf *source,
				   struct route_node *rn,
				   const uint32_t *sources, uint32_t count,
				   bool scanned_too);

/*
 * Zebra or the kernel does not use source's route: decide who has the prefix
 * instead. Only between vrfleak_rib_lookup_begin() and
 * vrfleak_rib_lookup_end(), or outside of any decision.
 */
extern void vrfleak_leak_rejected(const struct vrfleak_vrf *target,
				  const struct prefix *prefix, uint32_t source);

/*
 * Compute again what is leaked to a target (NULL: to all). With a prefix, a
 * source that waits for the prefix replaces the one whose route is installed.
 */
extern void vrfleak_leak_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
			       const struct prefix *prefix);

#endif /* _VRFLEAK_LEAK_LEAK_PREFIX_H */
