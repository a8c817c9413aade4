// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what is to be done, which everybody may add to.
 *
 *   changed prefixes ---+
 *   table walks --------+--> one event ---> the worker (scheduler.h)
 *   policy in force     |
 *   conflicts ----------+
 *
 * This is the lowest file of its layer: it stores work and wakes the worker,
 * but does no work itself. So whoever finds something to do can queue it,
 * without knowing who will do it.
 *
 * Kinds of table walks, in the order in which they are done:
 *   revalidation       decides again about all routes leaked to a target and
 *                      all its conflicts
 *   headroom           decides about a target's conflicts until no import
 *                      statement has headroom
 *   resynchronisation  finds changes for which zebra called no hook: routes
 *                      leaked to a target that zebra no longer uses or that
 *                      their source no longer has, and conflicts of which
 *                      either route no longer exists
 *   import scan        offers all routes of a source to a target
 *
 * Revalidations come first, so that what must no longer be leaked is withdrawn
 * first. Import scans of a target are in the order of its sources' ranks.
 */
#ifndef _VRFLEAK_LEAK_QUEUE_H
#define _VRFLEAK_LEAK_QUEUE_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/core/native_prefixes.h"
#include "zebra_vrfleak/core/policy.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/core/walk_queue.h"
#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_queue {
	/* Prefixes at which something changed, with the VRFs where it did. */
	struct vrfleak_prefix_queue prefixes;
	struct vrfleak_walk_queue_head walks;
	/* Of sources that are scanned for several targets. */
	struct vrfleak_native_lists_head native_lists;
	/* Refused routes, and the sources that wait. */
	struct vrfleak_conflict_table conflicts;
	/* In force. Owned by policy_apply.c; never NULL. */
	const struct vrfleak_policy *policy;
	/* How many revalidations were ever queued. */
	uint64_t revalidations;
};

/* The one queue. */
extern struct vrfleak_queue vrfleak_queue;

/* run is called from an event after vrfleak_queue_wake(). */
extern void vrfleak_queue_init(struct vrfleak_event_loop *loop,
			       void (*run)(void));
extern void vrfleak_queue_finish(void);

/* There is work to do. Nothing happens if the worker is awake already. */
extern void vrfleak_queue_wake(void);

/*
 * Something changed at a prefix in a VRF. Costs the number of VRFs in which the
 * prefix changed and that have not been decided yet.
 */
extern void vrfleak_queue_prefix(const struct prefix *prefix, uint32_t vrf);

/* Import scan from source to target, which must be a pair of the policy. */
extern void vrfleak_queue_import(const struct vrfleak_vrf *source,
				 const struct vrfleak_vrf *target,
				 enum vrfleak_af af);
extern void vrfleak_queue_revalidation(const struct vrfleak_vrf *target,
				       enum vrfleak_af af);
extern void vrfleak_queue_headroom(const struct vrfleak_vrf *target,
				   enum vrfleak_af af);
/* Does nothing if one of the target is queued or running. */
extern void vrfleak_queue_resync(const struct vrfleak_vrf *target,
				 enum vrfleak_af af);

/* Resynchronise all targets. */
extern void vrfleak_queue_resync_all(void);

/* Revalidate a target and scan all its sources. */
extern void vrfleak_queue_target(const struct vrfleak_vrf *target,
				 enum vrfleak_af af);

/* The same in both families, and scan the VRF for all its targets. */
extern void vrfleak_queue_vrf(const struct vrfleak_vrf *vrf);

/* How many table walks are waiting or running. */
extern size_t vrfleak_queue_walks(void);

/* The sources to be scanned for target; see vrfleak_walk_queue_sources(). */
extern uint32_t vrfleak_queue_sources(const struct vrfleak_vrf *target,
				      enum vrfleak_af af, uint32_t *sources,
				      uint32_t size);

#endif /* _VRFLEAK_LEAK_QUEUE_H */
