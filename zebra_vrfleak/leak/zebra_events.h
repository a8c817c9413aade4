// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what zebra tells nobody, and must be looked at: VRFs that come, go
 * or change, route-maps, routes that zebra did not keep, and routes of the
 * system (vrfleak_origin.h).
 *
 * Invariant: when nothing changes, nothing is looked at; no timer runs.
 */
#ifndef _VRFLEAK_LEAK_ZEBRA_EVENTS_H
#define _VRFLEAK_LEAK_ZEBRA_EVENTS_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_watch_init(struct vrfleak_event_loop *loop);
extern void vrfleak_watch_finish(void);

/* The policy has changed, or VRFs may be bound anew: look at once. */
extern void vrfleak_watch_policy(void);

/* Zebra did not keep a route: try again later. */
extern void vrfleak_watch_not_accepted(void);

/* Route-maps, or lists that they use, or the lines with them have changed. */
extern void vrfleak_watch_filters(void);

/* The rib_shutdown hook: zebra closes the node's table. O(1). */
extern void vrfleak_watch_closed(struct route_node *rn);

/* A hook told of a route of a VRF's, or of a table's, that has no policy. */
extern void vrfleak_watch_other(struct route_node *rn);

#endif /* _VRFLEAK_LEAK_ZEBRA_EVENTS_H */
