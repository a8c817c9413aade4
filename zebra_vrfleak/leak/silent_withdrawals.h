// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: routes of the system (connected, local, kernel), which may go
 * without a word.
 *
 * Since FRR 10 zebra's rib_update does not tell when such a route goes, or its
 * next hops die, and no other route of its prefix takes its place. The kernel
 * tells when something of the kind has happened (kernel_monitor.h); what
 * zebra made of it is looked at then, and a few times afterwards:
 *
 *   an address or a link goes ---> the connected and local routes that matter,
 *                                  which are few, and known; all that is leaked
 *                                  or refused: is it still in use, and are the
 *                                  kernel routes still there
 *   a route goes              ---> that prefix, until zebra has it no longer
 *
 * A route matters if its VRF leaks it, would leak it but for a conflict, or
 * refuses others' because of it. Before FRR 10 zebra reports all these routes;
 * there, only leaked routes that are no longer in use are searched for.
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
 * Note a VRF's own route that is leaked, or that a conflict depends on. rn is
 * its node, or NULL.
 */
extern void vrfleak_silent_note(const struct vrfleak_vrf *vrf,
				const struct prefix *prefix,
				struct route_node *rn);

/*
 * The kernel has no longer a route; zebra may still have it. Whether it
 * matters, so that it should be looked at.
 */
extern bool vrfleak_silent_gone(const struct vrfleak_kernel_route *route);

/* Addresses or links went, or it is not known what went (all). */
extern void vrfleak_silent_invalidate(bool all);

/*
 * Look at what is in doubt. early: zebra has hardly had time. last: zebra has
 * had its time, and what it still has is there to stay.
 */
extern void vrfleak_silent_scan(bool early, bool last);

/*
 * Decide again about a node of target's table, or about a conflict in target,
 * if what it depends on has changed without a call of a hook.
 */
extern void vrfleak_silent_check_leaked(const struct vrfleak_vrf *target,
					const struct vrfleak_rib_at *at);
extern void
vrfleak_silent_check_waiting(const struct vrfleak_vrf *target,
			     const struct prefix *prefix,
			     const struct vrfleak_conflict *conflict);

/* VRFs have lost their last tag: drop what is kept of their routes. */
extern void vrfleak_silent_forget(void);

/* How many routes are known, and how many prefixes are in doubt. */
extern size_t vrfleak_silent_known(void);
extern size_t vrfleak_silent_rechecks(void);

#endif /* _VRFLEAK_LEAK_SILENT_WITHDRAWALS_H */
