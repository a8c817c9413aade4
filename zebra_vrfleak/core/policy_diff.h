// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: finds the source-target pairs that differ between two compiled
 * policies, so that a commit affects only the routes of these pairs.
 */
#ifndef _VRFLEAK_CORE_POLICY_DIFF_H
#define _VRFLEAK_CORE_POLICY_DIFF_H

#include "zebra_vrfleak/core/policy.h"

enum vrfleak_pair_change {
	/* Only the old policy has it. */
	VRFLEAK_PAIR_REMOVED = 0,
	/* Only the new one has it. */
	VRFLEAK_PAIR_ADDED,
	/* Both have it, with other route-maps, limits or distances. */
	VRFLEAK_PAIR_CHANGED,
	/*
	 * Both have it. In the target, which preempts now, this source or
	 * another one may take over.
	 */
	VRFLEAK_PAIR_PREEMPTS,
};

/*
 * Call cb for each pair that differs. source and target belong to the old
 * policy for a removed pair, else to the new one. A pair is unchanged if only
 * its tags or ranks differ, unless the target preempts, or whether it is by a
 * tag or by name.
 */
typedef void (*vrfleak_policy_diff_cb)(enum vrfleak_af af,
				       struct vrfleak_vrf_policy *source,
				       struct vrfleak_vrf_policy *target,
				       enum vrfleak_pair_change change,
				       void *arg);
extern void vrfleak_policy_diff(const struct vrfleak_policy *old,
				const struct vrfleak_policy *new,
				vrfleak_policy_diff_cb cb, void *arg);

#endif /* _VRFLEAK_CORE_POLICY_DIFF_H */
