// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counting, from the RIB and the contests at the moment of asking.
 * Costs a walk of the target's table.
 */
#ifndef _VRFLEAK_STATS_H
#define _VRFLEAK_STATS_H

#include "zebra_vrfleak/vrfleak_vrf.h"

/*
 * How many routes were leaked to a target. Sets the tally of every known VRF
 * to how many of them came from it.
 */
extern uint32_t vrfleak_stats_leaked(const struct vrfleak_vrf *target,
				     enum vrfleak_af af);

/* Set the tally of every known VRF to how many of its routes wait there. */
extern void vrfleak_stats_waiting(const struct vrfleak_vrf *target,
				  enum vrfleak_af af);

/* How many routes wait in a target. */
extern uint32_t vrfleak_stats_conflicts(const struct vrfleak_vrf *target,
					enum vrfleak_af af);

#endif /* _VRFLEAK_STATS_H */
