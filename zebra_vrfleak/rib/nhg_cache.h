// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a cache of the next-hop groups of leaked routes.
 *
 * Zebra shares a next-hop group between all routes that use it, but must
 * compare its content to find it. If routes of a source have the same group,
 * they have the same group in the target, too. So the group is made and looked
 * up only once for all routes that are leaked in the same event:
 *
 *   source's group, source, through its VRF device or not ---> leaked group
 *
 * Invariants:
 *  - An entry is valid only in the event in which it was cached: later, the
 *    source's group may have changed (vrfleak_nhgs_invalidate()).
 *  - The cache has a reference to each group of a pending route, until zebra
 *    has processed the route (vrfleak_nhgs_release()). Until then the group may
 *    have no other user, and zebra would free it.
 *
 * Not cached: the groups of routes whose next hops a route-map changes.
 */
#ifndef _VRFLEAK_RIB_NHG_CACHE_H
#define _VRFLEAK_RIB_NHG_CACHE_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_nhgs_init(void);
extern void vrfleak_nhgs_finish(void);

/* The source's next-hop group, and how its routes are leaked. */
struct vrfleak_nhg_key {
	uint32_t source;
	/* The id of the source's group. */
	uint32_t id;
	enum vrfleak_af af;
	bool through_vrf;
};

/* The id of the leaked group, or 0 if it is not cached. */
extern uint32_t vrfleak_nhg_find(const struct vrfleak_nhg_key *key);

/*
 * Find or create zebra's group of a leaked route's next hops, and cache it.
 * Returns its id, or 0 on failure. The caller keeps nexthops.
 */
extern uint32_t vrfleak_nhg_cache(const struct vrfleak_nhg_key *key,
				  struct nexthop_group *nexthops);

/*
 * Cache, and query, the id of the group that leaked routes already use. The
 * caller has compared its next hops.
 */
extern void vrfleak_nhg_cache_same(const struct vrfleak_nhg_key *key,
				   uint32_t id);
extern bool vrfleak_nhg_is_same(const struct vrfleak_nhg_key *key, uint32_t id);

/* The event ends: invalidate all entries, but keep the references. */
extern void vrfleak_nhgs_invalidate(void);

/* Zebra has processed all pending routes: release all references. */
extern void vrfleak_nhgs_release(void);

/* The number of referenced groups, and whether it has reached the maximum. */
extern size_t vrfleak_nhgs_count(void);
extern bool vrfleak_nhgs_full(void);

#endif /* _VRFLEAK_RIB_NHG_CACHE_H */
