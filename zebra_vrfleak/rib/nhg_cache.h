// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: next-hop groups of leaked routes, shared.
 *
 * Zebra has a next-hop group once, however many routes go by it, but finds it
 * by its content. The routes of a source that have the same group there have
 * the same one in the target, so that it need be made and found only once for
 * all that are leaked in the same event:
 *
 *   source's group, source, through its VRF device or not ---> leaked group
 *
 * Invariants:
 *  - What is known is true for the event in which it was learned: afterwards
 *    the source's group may have changed (vrfleak_nhgs_invalidate()).
 *  - A group that a route was given to zebra with is held until zebra has come
 *    to the route (vrfleak_nhgs_release()): it might be the first with it.
 *
 * Refuses groups that route-maps had a part in: those are not shared.
 */
#ifndef _VRFLEAK_RIB_NHG_CACHE_H
#define _VRFLEAK_RIB_NHG_CACHE_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_nhgs_init(void);
extern void vrfleak_nhgs_finish(void);

/* Whose route by which group is leaked, and how. */
struct vrfleak_nhg_key {
	uint32_t source;
	/* The id of the source's group. */
	uint32_t id;
	enum vrfleak_af af;
	bool through_vrf;
};

/* The id of the leaked group, or 0 where it is not known. */
extern uint32_t vrfleak_nhg_find(const struct vrfleak_nhg_key *key);

/*
 * The next hops of a leaked route have been made: learn zebra's group of them,
 * which is made if need be. Returns its id, or 0. The next hops stay with the
 * caller.
 */
extern uint32_t vrfleak_nhg_cache(const struct vrfleak_nhg_key *key,
				  struct nexthop_group *nexthops);

/*
 * That leaked routes already go by a group is known by comparing them: learn
 * its id, and ask for it.
 */
extern void vrfleak_nhg_cache_same(const struct vrfleak_nhg_key *key,
				   uint32_t id);
extern bool vrfleak_nhg_is_same(const struct vrfleak_nhg_key *key, uint32_t id);

/* The event ends: nothing is known any more, though all is still held. */
extern void vrfleak_nhgs_invalidate(void);

/* Zebra has come to all that it was given: nothing is held any more. */
extern void vrfleak_nhgs_release(void);

/* How many groups are held, and whether those are as many as there should be.
 */
extern size_t vrfleak_nhgs_count(void);
extern bool vrfleak_nhgs_full(void);

#endif /* _VRFLEAK_RIB_NHG_CACHE_H */
