// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hold-down of routes that come and go.
 *
 *   flapping route (target, source, prefix) ---> its last losses, in seconds
 *
 * A source loses a route if it has no usable one for the prefix any more. At
 * the fourth loss within a minute the route is held down: it is not leaked to
 * the target until the source has not lost it for the hold-down time. A loss
 * while it is held down counts, too, and starts that time again. So one more
 * loss soon after the release may hold it down again.
 *
 * Invariants:
 *  - A loss counts once until the route is seen again.
 *  - A route is forgotten a minute after its last loss, unless it is held down.
 *    There is no record of a route that was never lost.
 *  - There are at most VRFLEAK_HOLD_DOWN_MAX records. A further loss takes the
 *    place of the oldest one, unless that route is held down; then it is not
 *    counted.
 *
 * Times are monotime() seconds. A VRF is identified by its index.
 */
#ifndef _VRFLEAK_CORE_HOLD_DOWN_H
#define _VRFLEAK_CORE_HOLD_DOWN_H

#include <stdbool.h>

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

#define VRFLEAK_HOLD_DOWN_LOSSES 4
#define VRFLEAK_HOLD_DOWN_PERIOD 60
#define VRFLEAK_HOLD_DOWN_MAX 100000

PREDECL_RBTREE_UNIQ(vrfleak_flapping_routes);
PREDECL_RBTREE_NONUNIQ(vrfleak_flapping_timeouts);

struct vrfleak_hold_down {
	struct vrfleak_flapping_routes_head routes;
	struct vrfleak_flapping_timeouts_head timeouts;
};

struct vrfleak_flapping_key {
	uint32_t target;
	uint32_t source;
	struct prefix prefix;
};

extern void vrfleak_hold_down_init(struct vrfleak_hold_down *table);
extern void vrfleak_hold_down_finish(struct vrfleak_hold_down *table);

/* Whether there is any record. */
extern bool vrfleak_hold_down_any(const struct vrfleak_hold_down *table);

/*
 * The source has lost the route. seconds: the hold-down time. Returns whether
 * the route is held down now, and was not before.
 */
extern bool vrfleak_hold_down_lost(struct vrfleak_hold_down *table,
				   const struct vrfleak_flapping_key *key,
				   int64_t now, uint32_t seconds);

/* The source has a route. Returns whether it is held down. */
extern bool vrfleak_hold_down_seen(struct vrfleak_hold_down *table,
				   const struct vrfleak_flapping_key *key,
				   int64_t now);

/* For how many more seconds the route is held down; 0 if it is not. */
extern uint32_t vrfleak_hold_down_left(const struct vrfleak_hold_down *table,
				       const struct vrfleak_flapping_key *key,
				       int64_t now);

/*
 * Release or forget one route whose time is over. Returns false if there is
 * none. Sets key, and whether the route was held down.
 */
extern bool vrfleak_hold_down_expire(struct vrfleak_hold_down *table,
				     int64_t now,
				     struct vrfleak_flapping_key *key,
				     bool *released);

/* The seconds until vrfleak_hold_down_expire() has work; -1 if it has none. */
extern int64_t vrfleak_hold_down_next(const struct vrfleak_hold_down *table,
				      int64_t now);

/*
 * Forget the routes of a target and family, or only those to a prefix unless it
 * is NULL. Calls cb for each one that was held down. cb must not change the
 * table.
 */
extern void vrfleak_hold_down_clear(
	struct vrfleak_hold_down *table, uint32_t target, enum vrfleak_af af,
	const struct prefix *prefix,
	void (*cb)(const struct vrfleak_flapping_key *key, void *arg),
	void *arg);

/* Forget all routes from or to a VRF for which is_gone() returns true. */
extern void vrfleak_hold_down_forget(struct vrfleak_hold_down *table,
				     bool (*is_gone)(uint32_t vrf));

#endif /* _VRFLEAK_CORE_HOLD_DOWN_H */
