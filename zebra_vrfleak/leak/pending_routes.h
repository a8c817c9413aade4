// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: pending routes: zebra has yet to process
 * the route that it was handed.
 *
 * A route that was handed to zebra is not in the RIB before zebra processes it
 * in its own queue. Until then its prefix is pending in its target:
 *
 *   pending ---> zebra's RIB has the route in use: confirmed ("settled")
 *   pending ---> zebra has nothing left to do, and it is not in use: rejected
 *
 * Invariants:
 *  - Only a route other than the previous one confirms a prefix.
 *  - A pending prefix is not decided again before it is confirmed or rejected;
 *    the sources that change meanwhile are kept with it.
 *  - When too many are pending (vrfleak_pending_full()), slices end after their
 *    first step, so that zebra's queue stays short.
 */
#ifndef _VRFLEAK_LEAK_PENDING_ROUTES_H
#define _VRFLEAK_LEAK_PENDING_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/vrf.h"

/* What is done with a confirmed or a rejected route; see leak_prefix.h. */
struct vrfleak_pending_calls {
	void (*decide)(const struct vrfleak_vrf *target,
		       const struct prefix *prefix, const uint32_t *sources,
		       uint32_t count, bool scanned_too);
	void (*reject)(const struct vrfleak_vrf *target,
		       const struct prefix *prefix, uint32_t source);
};

/* calls must stay valid until vrfleak_pending_finish(). */
extern void vrfleak_pending_init(struct vrfleak_event_loop *loop,
				 const struct vrfleak_pending_calls *calls);
extern void vrfleak_pending_finish(void);

/*
 * Zebra was given source's route for target, in place of old, which may be NULL
 * and is only compared with.
 */
extern void vrfleak_pending_add(uint32_t target, const struct prefix *prefix,
				uint32_t source, const struct route_entry *old);

/*
 * If the prefix is given, keep the sources that changed with it, settle it if
 * it is time, and return true.
 */
extern bool vrfleak_pending_defer(const struct vrfleak_vrf *target,
				  const struct prefix *prefix,
				  const uint32_t *sources, uint32_t count);

/* The source of a given prefix, or 0. */
extern uint32_t vrfleak_pending_source(const struct vrfleak_vrf *target,
				       const struct prefix *prefix);

/*
 * The rib_update hook tells of a node of target's. Whether it tells only of a
 * leaked route that the target has and that nobody else wants: then it is
 * settled, and there is nothing to decide. O(1).
 */
extern bool vrfleak_pending_confirm(const struct vrfleak_vrf *target,
				    struct route_node *rn);

extern size_t vrfleak_pending_count(void);

/* Whether zebra should process its queue before it is handed more routes. */
extern bool vrfleak_pending_full(void);

/*
 * Count a prefix of the budget. Whether there is time for another, and pending
 * routes are not full.
 */
extern bool vrfleak_pending_goes_on(struct vrfleak_budget *budget);

#endif /* _VRFLEAK_LEAK_PENDING_ROUTES_H */
