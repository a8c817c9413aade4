// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a zebra that was killed has left in the kernel.
 *
 * Zebra reads its old routes from the kernel at its start and sweeps those
 * that no client claims; with graceful restart (zebra -K SECONDS) only after
 * that time. An old leaked route comes back as a kernel route of distance 0,
 * which zebra prefers to the leaked route that is to replace it. So an old
 * leaked route is deleted
 *
 *   - when its prefix has been decided, or
 *   - when the configuration has been read and all work is done, or
 *   - by zebra's own sweep,
 *
 * whichever comes first.
 *
 * Zebra's sweep misses some old routes. It may run before zebra has processed
 * the queue by which they enter the RIB. FRR 8.4 forgets those whose next-hop
 * group it has not kept. The kernel keeps what zebra deletes as a kernel
 * route. So zebra's own sweep runs again, and the kernel's routes are compared
 * with the RIB: a route of protocol zebra in a VRF's own table is deleted if
 * the RIB does not have it.
 *
 * Never changed: routes of other protocols, that is of other daemons, and
 * other tables.
 */
#ifndef _VRFLEAK_RIB_STALE_ROUTES_H
#define _VRFLEAK_RIB_STALE_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

/* What this file asks the layers above. */
struct vrfleak_stale_calls {
	/* Changes with every commit; 0 before the configuration is read. */
	uint32_t (*config_version)(void);
	/* Whether routes are still being leaked or withdrawn. */
	bool (*is_busy)(void);
};

/* calls must stay valid until vrfleak_stale_finish(). */
extern void vrfleak_stale_init(struct vrfleak_event_loop *loop,
			       const struct vrfleak_stale_calls *calls);
extern void vrfleak_stale_finish(void);

/*
 * Whether a route is from before zebra's start and must be ignored: it was
 * leaked, or zebra should have swept it. O(1).
 */
extern bool vrfleak_stale_ignored(const struct route_entry *re);

/*
 * A prefix of target, with its node or NULL, has been decided: delete what was
 * leaked there before zebra's start.
 */
extern void vrfleak_stale_decided(const struct vrfleak_vrf *target,
				  struct route_node *rn);

#endif /* _VRFLEAK_RIB_STALE_ROUTES_H */
