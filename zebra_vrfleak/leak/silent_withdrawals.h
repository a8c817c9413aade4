// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: notices withdrawals of interface routes (connected, local) and
 * kernel routes for which zebra calls no hook.
 *
 * Since FRR 10, zebra does not call rib_update when such a route is deleted, or
 * becomes unusable, and its prefix has no other route. The kernel reports a
 * possible cause (kernel_monitor.h). The module then scans zebra's RIB, at once
 * and a few times later:
 *
 *   address or link deleted ---> the stored connected and local routes, and all
 *                                leaked routes and conflicts
 *   route deleted           ---> its prefix, until zebra has caught up
 *
 * A route is relevant if it is leaked, or if a conflict depends on it. FRR
 * before 10 reports all these withdrawals. There, the scans only find interface
 * routes that zebra has kept without their address (vrfleak_rib_left_over()),
 * and leaked routes that are no longer in use.
 */
#ifndef _VRFLEAK_LEAK_SILENT_WITHDRAWALS_H
#define _VRFLEAK_LEAK_SILENT_WITHDRAWALS_H

#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/rib/kernel_routes.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_silent_init(struct vrfleak_event_loop *loop);
extern void vrfleak_silent_finish(void);

/*
 * Store a VRF's native route that is leaked, or on which a conflict depends. rn
 * is its node, or NULL.
 */
extern void vrfleak_silent_note(const struct vrfleak_vrf *vrf,
				const struct prefix *prefix,
				struct route_node *rn);

/*
 * The kernel has deleted a route; zebra may still have it. Returns whether it
 * is relevant, so that a scan is needed.
 */
extern bool vrfleak_silent_gone(const struct vrfleak_kernel_route *route);

/* Addresses or links were deleted; with all, anything may have been deleted. */
extern void vrfleak_silent_invalidate(bool all);

/*
 * Start a scan. early: zebra has hardly had time to process the change. last:
 * zebra has had enough time, so the routes that it still has will stay.
 */
extern void vrfleak_silent_scan(bool early, bool last);

/*
 * Decide again about a node of target's table, or about a conflict in target,
 * if what it depends on has changed without a call of a hook.
 */
extern void vrfleak_silent_check_leaked(const struct vrfleak_vrf *target,
					const struct vrfleak_rib_at *at);
extern void
vrfleak_silent_check_conflict(const struct vrfleak_vrf *target,
			      const struct prefix *prefix,
			      const struct vrfleak_conflict *conflict);

/* Drop the stored routes of VRFs that are not in the policy any more. */
extern void vrfleak_silent_forget(void);

/* The number of stored routes, and of prefixes to be checked again. */
extern size_t vrfleak_silent_known(void);
extern size_t vrfleak_silent_rechecks(void);

#endif /* _VRFLEAK_LEAK_SILENT_WITHDRAWALS_H */
