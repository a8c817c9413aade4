// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what zebra tells nobody, and must be watched: VRFs that come, go or
 * change, routes from before its start, and 'ip protocol table'.
 */
#ifndef _VRFLEAK_WATCH_H
#define _VRFLEAK_WATCH_H

#include "zebra_vrfleak/vrfleak_compat.h"

extern void vrfleak_watch_init(struct vrfleak_event_loop *loop);
extern void vrfleak_watch_finish(void);

/* The policy has changed: look at its VRFs at once. */
extern void vrfleak_watch_policy(void);

/* Zebra did not keep a route: try again later. */
extern void vrfleak_watch_not_accepted(void);

/*
 * A VRF's own route is leaked, or stands in the way of a leak: if it is one
 * that may go without a word, it is watched.
 */
extern void vrfleak_watch_route(const struct vrfleak_vrf *vrf,
				const struct prefix *prefix);

#endif /* _VRFLEAK_WATCH_H */
