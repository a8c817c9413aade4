// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counting, for those who ask.
 *
 * Nothing is counted ahead: the RIB is counted when somebody asks, so that the
 * number cannot be wrong. A large table is not counted in one go, but in the
 * background, and whoever asks is given the number of the last time with its
 * age.
 */
#ifndef _VRFLEAK_STATS_H
#define _VRFLEAK_STATS_H

#include "zebra_vrfleak/vrfleak_compat.h"
#include "zebra_vrfleak/vrfleak_vrf.h"

extern void vrfleak_stats_init(struct vrfleak_event_loop *loop);
extern void vrfleak_stats_finish(void);

struct vrfleak_count {
	uint32_t routes;
	/* Seconds since it was counted; negative before the first time. */
	int64_t age;
};

/*
 * How many routes are leaked to target, and in each VRF's tally, how many of
 * them came from it.
 */
extern struct vrfleak_count
vrfleak_stats_leaked(const struct vrfleak_vrf *target, enum vrfleak_af af);

/* A VRF is forgotten: drop the counts of its routes, and of those from it. */
extern void vrfleak_stats_forget(const struct vrfleak_vrf *vrf);

#endif /* _VRFLEAK_STATS_H */
