// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that the kernel refuses.
 *
 * Zebra selects a route first and installs it in the kernel later. If the
 * kernel refuses it, zebra marks it as failed, with no hook. So each leaked
 * route that zebra processes is checked until zebra has the kernel's answer:
 *
 *   rib_update ---> check after 50 ms, 100 ms ... 2 s ---> installed
 *                                                     ---> refused: withdraw it
 *
 * The same holds for a leaked route that zebra itself does not use. A refused
 * route becomes a conflict, not-accepted, which is tried again
 * (zebra_events.h).
 *
 * Invariants:
 *  - A few thousand prefixes are remembered at most. If there are more, all
 *    leaked routes are checked once, when zebra is idle.
 *  - At rest, this costs nothing.
 */
#ifndef _VRFLEAK_LEAK_REFUSED_ROUTES_H
#define _VRFLEAK_LEAK_REFUSED_ROUTES_H

#include "zebra_vrfleak/rib/vrf.h"

/* For the rib_update hook: rn is in the VRF's own table. O(1). */
extern void vrfleak_refused_check(const struct vrfleak_vrf *vrf,
				  struct route_node *rn);

extern void vrfleak_refused_init(struct vrfleak_event_loop *loop);
extern void vrfleak_refused_finish(void);

#endif /* _VRFLEAK_LEAK_REFUSED_ROUTES_H */
