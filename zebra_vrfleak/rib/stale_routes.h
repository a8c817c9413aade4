// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: deletes stale routes, which a killed zebra has left in the kernel.
 *
 * Zebra reads its old routes from the kernel at its start and sweeps those
 * that no client claims; with graceful restart (zebra -K SECONDS) only after
 * that time. Zebra reads an old leaked route as a kernel route of distance 0,
 * and prefers it to the new leaked route. So the module deletes an old leaked
 * route
 *
 *   - when a decision was made about its prefix, or
 *   - when the configuration has been read and no work is left,
 *
 * unless zebra's own sweep deletes it first. An old route in the default VRF
 * whose next hop is there, too, may come from 'ip import-table'. The module
 * deletes it only when the configuration has been read and imports no table.
 * Until then it blocks a leak of its prefix, but it is not leaked itself.
 *
 * Zebra's sweep misses some old routes. It may run before zebra has processed
 * the queue by which they enter the RIB. FRR 8.4 forgets those whose next-hop
 * group it has not kept. If zebra deletes a kernel route from the RIB, it stays
 * in the kernel. So the module runs zebra's sweep again, and compares the
 * kernel's routes with the RIB: a route of protocol zebra in a VRF's own table
 * is deleted if the RIB does not have it.
 *
 * Never changed: routes of other protocols, which belong to other daemons, and
 * tables of no VRF.
 */
#ifndef _VRFLEAK_RIB_STALE_ROUTES_H
#define _VRFLEAK_RIB_STALE_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

/* Callbacks to the layers above. */
struct vrfleak_stale_calls {
	/* Changes with every commit; 0 before the configuration is read. */
	uint32_t (*config_version)(void);
	/* Whether routes are still being leaked or withdrawn. */
	bool (*is_busy)(void);
	/*
	 * Zebra or the module may have deleted old kernel routes from the RIB,
	 * for which neither zebra nor the kernel reports a change.
	 */
	void (*deleted)(void);
};

/* calls must stay valid until vrfleak_stale_finish(). */
extern void vrfleak_stale_init(struct vrfleak_event_loop *loop,
			       const struct vrfleak_stale_calls *calls);
extern void vrfleak_stale_finish(void);

/*
 * Whether a route from before zebra's start must be ignored, because it was
 * leaked, or because zebra should have swept it. O(1).
 */
extern bool vrfleak_stale_ignored(const struct route_entry *re);

/*
 * Whether a route from before zebra's start may be a leaked one, so that it
 * must not be leaked on. It may be from 'ip import-table', too: then zebra
 * imports it again. O(1).
 */
extern bool vrfleak_stale_maybe_leaked(const struct route_entry *re);

/*
 * After a decision about a prefix of target: delete the route that was leaked
 * there before zebra's start. rn is the prefix's node or NULL.
 */
extern void vrfleak_stale_decided(const struct vrfleak_vrf *target,
				  struct route_node *rn);

#endif /* _VRFLEAK_RIB_STALE_ROUTES_H */
