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
 *    the source's group may have changed (vrfleak_groups_doubt()).
 *  - A group that a route was given to zebra with is held until zebra has come
 *    to the route (vrfleak_groups_release()): it might be the first with it.
 *
 * Refuses groups that route-maps had a part in: those are not shared.
 */
#ifndef _VRFLEAK_GROUP_H
#define _VRFLEAK_GROUP_H

#include "zebra_vrfleak/vrfleak_compat.h"
#include "zebra_vrfleak/vrfleak_vrf.h"

extern void vrfleak_groups_init(void);
extern void vrfleak_groups_finish(void);

/* Whose route by which group is leaked, and how. */
struct vrfleak_group_key {
	uint32_t source;
	/* The id of the source's group. */
	uint32_t id;
	enum vrfleak_af af;
	bool through_vrf;
};

/* The id of the leaked group, or 0 where it is not known. */
extern uint32_t vrfleak_group_find(const struct vrfleak_group_key *key);

/*
 * The next hops of a leaked route have been made: learn zebra's group of them,
 * which is made if need be. Returns its id, or 0. The next hops stay with the
 * caller.
 */
extern uint32_t vrfleak_group_learn(const struct vrfleak_group_key *key,
				    struct nexthop_group *nexthops);

/*
 * That leaked routes already go by a group is known by comparing them: learn its
 * id, and ask for it.
 */
extern void vrfleak_group_learn_same(const struct vrfleak_group_key *key,
				     uint32_t id);
extern bool vrfleak_group_is_same(const struct vrfleak_group_key *key,
				  uint32_t id);

/* The event ends: nothing is known any more, though all is still held. */
extern void vrfleak_groups_doubt(void);

/* Zebra has come to all that it was given: nothing is held any more. */
extern void vrfleak_groups_release(void);

/* How many groups are held, and whether those are as many as there should be. */
extern size_t vrfleak_groups_count(void);
extern bool vrfleak_groups_full(void);

#endif /* _VRFLEAK_GROUP_H */
