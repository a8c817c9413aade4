// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: routes that are held down, because their source lost them too often
 * ('ip route-leak hold-down'). See core/hold_down.h for the rules.
 *
 * In a target without the command nothing is counted. While no route is counted
 * there is no timer and no memory.
 */
#ifndef _VRFLEAK_LEAK_HELD_ROUTES_H
#define _VRFLEAK_LEAK_HELD_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_held_init(struct vrfleak_event_loop *loop);
extern void vrfleak_held_finish(void);

/* Whether the target has a hold-down time for the prefix's family. */
extern bool vrfleak_held_configured(const struct vrfleak_vrf *target,
				    const struct prefix *prefix);

/*
 * The source has no route to the prefix any more. Call this only if
 * vrfleak_held_configured().
 */
extern void vrfleak_held_lost(const struct vrfleak_vrf *source,
			      const struct vrfleak_vrf *target,
			      const struct prefix *prefix, int64_t now);

/*
 * The source has a route to the prefix. Returns whether it is held down. When
 * it is released, the prefix is queued.
 */
extern bool vrfleak_held_seen(const struct vrfleak_vrf *source,
			      const struct vrfleak_vrf *target,
			      const struct prefix *prefix, int64_t now);

/* For how many more seconds the route is held down; 0 if it is not. */
extern uint32_t vrfleak_held_left(const struct vrfleak_vrf *source,
				  const struct vrfleak_vrf *target,
				  const struct prefix *prefix);

/*
 * Release all routes of the target, or only those to a prefix unless it is
 * NULL, and forget their losses. Queues the prefixes.
 */
extern void vrfleak_held_clear(const struct vrfleak_vrf *target,
			       enum vrfleak_af af, const struct prefix *prefix);

/* VRFs are about to be forgotten, and their indexes reused. */
extern void vrfleak_held_forget(void);

#endif /* _VRFLEAK_LEAK_HELD_ROUTES_H */
