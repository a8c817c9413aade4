// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counting, for those who ask.
 *
 * Nothing is counted ahead: the RIB is counted when somebody asks, so that the
 * number cannot be wrong. A large table is not counted in one go, but in the
 * background, and whoever asks is given the number of the last time with its
 * age.
 */
#ifndef _VRFLEAK_RIB_LEAKED_COUNT_H
#define _VRFLEAK_RIB_LEAKED_COUNT_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_leaked_count_init(struct vrfleak_event_loop *loop);
extern void vrfleak_leaked_count_finish(void);

struct vrfleak_leaked_total {
	uint32_t routes;
	/* Seconds since it was counted; negative before the first time. */
	int64_t age;
};

/*
 * How many routes are leaked to target, and in each VRF's tally, how many of
 * them came from it.
 */
extern struct vrfleak_leaked_total
vrfleak_leaked_count(const struct vrfleak_vrf *target, enum vrfleak_af af);

/* A VRF is forgotten: drop the counts of its routes, and of those from it. */
extern void vrfleak_leaked_count_forget(const struct vrfleak_vrf *vrf);

#endif /* _VRFLEAK_RIB_LEAKED_COUNT_H */
