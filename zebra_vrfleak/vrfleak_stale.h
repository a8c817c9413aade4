// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a zebra that was killed has left in the kernel.
 *
 * Zebra reads its old routes from the kernel at its start and sweeps those
 * that nobody claims; with graceful restart (zebra -K SECONDS) only after that
 * time. What was leaked comes back as a kernel route of distance 0, which zebra
 * prefers to the leaked route that is to replace it. So an old leaked route
 * goes
 *
 *   - when its prefix has been decided about, or
 *   - when the configuration is there and all work is done, or
 *   - by zebra's own sweep,
 *
 * whichever comes first.
 *
 * Zebra's sweep misses some: it may come before the queue by which the routes
 * enter the RIB has come to them, FRR 8.4 forgets those whose next-hop group it
 * has not kept, and the kernel keeps what zebra deletes as a kernel route. So
 * zebra's own sweep runs again, and the kernel's routes are held against the
 * RIB: one of protocol zebra in a VRF's own table which the RIB does not have
 * is deleted.
 *
 * Never touched: routes of other protocols, that is of other daemons, and other
 * tables.
 */
#ifndef _VRFLEAK_STALE_H
#define _VRFLEAK_STALE_H

#include "zebra_vrfleak/vrfleak_compat.h"
#include "zebra_vrfleak/vrfleak_vrf.h"

extern void vrfleak_stale_init(struct vrfleak_event_loop *loop);
extern void vrfleak_stale_finish(void);

/*
 * Whether a route is left from before zebra's start and counts for nothing: it
 * was leaked, or zebra should have swept it. O(1).
 */
extern bool vrfleak_stale_ignored(const struct route_entry *re);

/*
 * A prefix of target, with its node or NULL, has been decided about: what was
 * leaked there before zebra's start goes.
 */
extern void vrfleak_stale_decided(const struct vrfleak_vrf *target,
				  struct route_node *rn);

#endif /* _VRFLEAK_STALE_H */
