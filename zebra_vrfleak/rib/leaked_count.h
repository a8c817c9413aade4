// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts the leaked routes in the RIB on request.
 *
 * No counter is maintained, so the number is never wrong. A small table is
 * counted immediately. For a large table, a request returns the number of the
 * last count with its age, and starts the next count in the background.
 */
#ifndef _VRFLEAK_RIB_LEAKED_COUNT_H
#define _VRFLEAK_RIB_LEAKED_COUNT_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_leaked_count_init(struct vrfleak_event_loop *loop);
extern void vrfleak_leaked_count_finish(void);

struct vrfleak_leaked_total {
	uint32_t routes;
	/*
	 * Seconds since the count. Negative before the first one is complete;
	 * then routes are those counted so far.
	 */
	int64_t age;
};

/* The number of routes leaked to target. */
extern struct vrfleak_leaked_total
vrfleak_leaked_count(const struct vrfleak_vrf *target, enum vrfleak_af af);

/* How many of the routes that were counted last came from source. */
extern uint32_t vrfleak_leaked_from(const struct vrfleak_vrf *source);

/* Before a VRF is forgotten: drop its counts as target and as source. */
extern void vrfleak_leaked_count_forget(const struct vrfleak_vrf *vrf);

#endif /* _VRFLEAK_RIB_LEAKED_COUNT_H */
