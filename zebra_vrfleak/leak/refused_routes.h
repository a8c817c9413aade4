// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that the kernel refuses (not-accepted). Other refusals
 * are decided in core/decision.h.
 *
 * Zebra selects a route first and installs it in the kernel later. If the
 * kernel refuses it, zebra marks it as failed, without calling a hook. So each
 * leaked route that zebra processes is checked until the kernel has replied:
 *
 *   rib_update ---> check after 0.5 s, 1 s, 2 s ... ---> installed
 *                                                     ---> refused: withdraw it
 *
 * A leaked route that zebra itself does not use is treated in the same way. A
 * refused route becomes a conflict with the reason not-accepted, which is
 * retried (retry.h).
 *
 * Invariants:
 *  - At most a few thousand prefixes are stored. If there are more, the tables
 *    of all targets are walked once, when zebra is idle.
 *  - Without changes, there is no timer.
 */
#ifndef _VRFLEAK_LEAK_REFUSED_ROUTES_H
#define _VRFLEAK_LEAK_REFUSED_ROUTES_H

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/vrf.h"

/* For the rib_update hook: rn is in the VRF's own table. O(1). */
extern void vrfleak_refused_check(const struct vrfleak_vrf *vrf,
				  struct route_node *rn);

/*
 * For a walk of target's table. If the kernel has refused the leaked route of a
 * node, rejects it and returns true. If the reply is outstanding, it is checked
 * later.
 */
extern bool vrfleak_refused_visit(struct vrfleak_budget *budget,
				  const struct vrfleak_vrf *target,
				  const struct vrfleak_rib_at *at);

extern void vrfleak_refused_init(struct vrfleak_event_loop *loop);
extern void vrfleak_refused_finish(void);

#endif /* _VRFLEAK_LEAK_REFUSED_ROUTES_H */
