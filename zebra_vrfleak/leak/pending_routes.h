// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: pending routes, which were handed to zebra but are not processed
 * yet.
 *
 * A route that was handed to zebra is in the RIB only after zebra has processed
 * its queue. Until then, the prefix is pending in its target:
 *
 *   pending ---> the route is in use in zebra's RIB: confirmed
 *   pending ---> zebra's queue is empty, the route is not in use: rejected
 *
 * A route that must wait before it is handed to zebra is pending, too:
 *
 *   waiting ---> zebra has finished the earlier routes: decided again
 *
 * Invariants:
 *  - Only a route entry other than the previous one confirms a prefix.
 *  - While a prefix is pending, no decision is made about it. Sources that
 *    change meanwhile are stored with it. If its route only waits, each change
 *    is decided about at once.
 *  - When too many are pending (vrfleak_pending_full()), an event ends after
 *    its first step, so that zebra's queue stays short.
 */
#ifndef _VRFLEAK_LEAK_PENDING_ROUTES_H
#define _VRFLEAK_LEAK_PENDING_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/vrf.h"

/* Why a decision about a prefix of a target is needed. */
struct vrfleak_change {
	const struct prefix *prefix;
	/* The sources in which it changed; none if it changed in the target. */
	const uint32_t *sources;
	uint32_t count;
	/* Sources with a queued import scan take part as if they had changed.
	 */
	bool scanned_too;
	/* A source, and the prefix's node in its table, if known; or NULL. */
	const struct vrfleak_vrf *source;
	struct route_node *rn;
};

/* Called for a confirmed and for a rejected route; see leak_prefix.h. */
struct vrfleak_pending_calls {
	void (*decide)(struct vrfleak_budget *budget,
		       const struct vrfleak_vrf *target,
		       const struct vrfleak_change *change);
	void (*reject)(struct vrfleak_budget *budget,
		       const struct vrfleak_vrf *target,
		       const struct prefix *prefix, uint32_t source);
};

/* calls must stay valid until vrfleak_pending_finish(). */
extern void vrfleak_pending_init(struct vrfleak_event_loop *loop,
				 const struct vrfleak_pending_calls *calls);
extern void vrfleak_pending_finish(void);

/*
 * Source's route was handed to zebra for target, in place of the entry old,
 * which may be NULL. old is only compared, never dereferenced.
 */
extern void vrfleak_pending_add(uint32_t target, const struct prefix *prefix,
				uint32_t source, const struct route_entry *old);

/*
 * Before source's route is handed to zebra for target, wait until zebra has
 * finished the prefix's earlier leaked routes (vrfleak_rib_unfinished()). Then
 * decide about source again.
 */
extern void vrfleak_pending_wait(uint32_t target, const struct prefix *prefix,
				 uint32_t source);

/*
 * If the prefix is pending, store the changed sources with it, confirm it if
 * possible, and return true.
 */
extern bool vrfleak_pending_defer(struct vrfleak_budget *budget,
				  const struct vrfleak_vrf *target,
				  const struct vrfleak_change *change);

/* The source of the pending route of a prefix, or 0. */
extern uint32_t vrfleak_pending_source(const struct vrfleak_vrf *target,
				       const struct prefix *prefix);

/*
 * For the rib_update hook, with a node of target's table. If the node's only
 * change is a leaked route without a conflict, confirms the route, and returns
 * true: no decision is needed. O(1).
 */
extern bool vrfleak_pending_confirm(const struct vrfleak_vrf *target,
				    struct route_node *rn);

extern size_t vrfleak_pending_count(void);

/* Whether zebra should process its queue before it is handed more routes. */
extern bool vrfleak_pending_full(void);

/*
 * Count a prefix in the budget. Returns whether there is time for another one,
 * and zebra may be handed more routes.
 */
extern bool vrfleak_pending_in_budget(struct vrfleak_budget *budget);

#endif /* _VRFLEAK_LEAK_PENDING_ROUTES_H */
