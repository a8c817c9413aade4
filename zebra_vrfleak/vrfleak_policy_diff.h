// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what differs between two compiled policies.
 */
#ifndef _VRFLEAK_POLICY_DIFF_H
#define _VRFLEAK_POLICY_DIFF_H

#include "zebra_vrfleak/vrfleak_policy.h"

enum vrfleak_edge_change {
	/* Only the old policy has it. */
	VRFLEAK_EDGE_REMOVED = 0,
	/* Only the new one has it. */
	VRFLEAK_EDGE_ADDED,
	/* Both have it, with other route-maps or limits. */
	VRFLEAK_EDGE_CHANGED,
};

/*
 * Call cb for each edge that differs, with the nodes of the new policy unless
 * it was removed. An edge of which only tags and ranks differ is the same.
 */
typedef void (*vrfleak_policy_diff_cb)(enum vrfleak_af af,
				       struct vrfleak_node *source,
				       struct vrfleak_node *target,
				       enum vrfleak_edge_change change,
				       void *arg);
extern void vrfleak_policy_diff(const struct vrfleak_policy *old,
				const struct vrfleak_policy *new,
				vrfleak_policy_diff_cb cb, void *arg);

#endif /* _VRFLEAK_POLICY_DIFF_H */
