// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the queue of work, to which any file of this layer may add.
 *
 *   changed prefixes ---+
 *   table walks --------+--> one event ---> the worker (scheduler.h)
 *
 * This is the lowest file of its layer: it stores work and wakes the worker,
 * but does no work itself. So a file can queue work without a dependency on the
 * file that does it. The conflicts and the running policy are stored here for
 * the same reason.
 *
 * Kinds of table walks, in the order of processing:
 *   revalidation       decides again about all routes leaked to a target and
 *                      all its conflicts
 *   filter             decides again about the routes leaked to a target by
 *   revalidation       route-maps that have changed
 *   headroom           decides about a target's conflicts until no import
 *                      statement has headroom
 *   resynchronisation  finds changes for which zebra called no hook: routes
 *                      leaked to a target that zebra no longer uses or that
 *                      their source no longer has, and conflicts of which
 *                      either route no longer exists
 *   refusal check      finds routes leaked to a target that zebra or the kernel
 *                      does not use
 *   import scan        offers all routes of a source to a target
 *
 * Revalidations come first, so that forbidden routes are withdrawn before new
 * ones are installed. Import scans of a target are in the order of its
 * sources' ranks.
 */
#ifndef _VRFLEAK_LEAK_QUEUE_H
#define _VRFLEAK_LEAK_QUEUE_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/core/name_set.h"
#include "zebra_vrfleak/core/native_prefixes.h"
#include "zebra_vrfleak/core/policy.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/core/walk_queue.h"
#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_queue {
	/* Changed prefixes, with the VRFs in which they changed. */
	struct vrfleak_prefix_queue prefixes;
	struct vrfleak_walk_queue_head walks;
	/* The native prefixes of sources that several targets import. */
	struct vrfleak_native_lists_head native_lists;
	/* Conflicts, with their candidates. */
	struct vrfleak_conflict_table conflicts;
	/* The running policy. Owned by policy_apply.c; never NULL. */
	const struct vrfleak_policy *policy;
	/* The statements' route-maps whose change is not walked yet. */
	struct vrfleak_name_set changed_filters;
	/* The number of revalidations, of filters too, queued since the start. */
	uint64_t revalidations;
};

/* The one queue. */
extern struct vrfleak_queue vrfleak_queue;

/* run is called from an event after vrfleak_queue_wake(). */
extern void vrfleak_queue_init(struct vrfleak_event_loop *loop,
			       void (*run)(void));
extern void vrfleak_queue_finish(void);

/* Schedule the worker, unless it is scheduled already. */
extern void vrfleak_queue_wake(void);

/*
 * Queue a prefix that changed in a VRF. O(n) in the number of VRFs in which the
 * prefix has changed and is not processed yet.
 */
extern void vrfleak_queue_prefix(const struct prefix *prefix, uint32_t vrf);

/* Queue table walks. source and target must be a pair of the policy. */
extern void vrfleak_queue_import(const struct vrfleak_vrf *source,
				 const struct vrfleak_vrf *target,
				 enum vrfleak_af af);
extern void vrfleak_queue_revalidation(const struct vrfleak_vrf *target,
				       enum vrfleak_af af);
/*
 * After a change of route-maps of the pair: check what is leaked by them, and
 * offer what is not leaked.
 */
extern void vrfleak_queue_refilter(const struct vrfleak_vrf *source,
				   const struct vrfleak_vrf *target,
				   enum vrfleak_af af);
extern void vrfleak_queue_headroom(const struct vrfleak_vrf *target,
				   enum vrfleak_af af);

/*
 * Resynchronise all targets, or only check for refused routes, unless that is
 * queued or running for the target.
 */
extern void vrfleak_queue_resync_all(void);
extern void vrfleak_queue_refused_all(void);

/* Revalidate a target and scan all its sources. */
extern void vrfleak_queue_target(const struct vrfleak_vrf *target,
				 enum vrfleak_af af);

/* The same in both families, and scan the VRF for all its targets. */
extern void vrfleak_queue_vrf(const struct vrfleak_vrf *vrf);

/* The number of table walks that are queued or in progress. */
extern size_t vrfleak_queue_walks(void);

/* The sources with an import scan for target; see core/walk_queue.h. */
extern uint32_t vrfleak_queue_sources(const struct vrfleak_vrf *target,
				      enum vrfleak_af af, uint32_t *sources,
				      uint32_t size);

#endif /* _VRFLEAK_LEAK_QUEUE_H */
