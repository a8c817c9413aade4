// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the policy in force, and what a new one queues.
 *
 * The new policy is compared with the old one, and only the source-target pairs
 * that differ are walked. Routes that stay are not touched.
 */
#ifndef _VRFLEAK_LEAK_POLICY_APPLY_H
#define _VRFLEAK_LEAK_POLICY_APPLY_H

#include "zebra_vrfleak/core/policy.h"

/* An empty policy to begin with. */
extern void vrfleak_policy_apply_init(void);
extern void vrfleak_policy_apply_finish(void);

/* Put a compiled policy into force; takes ownership of it. */
extern void vrfleak_policy_apply(struct vrfleak_policy *policy);

/* Whether any statement names a route-map. */
extern bool vrfleak_policy_has_route_maps(void);

/* Route-maps have changed: revalidate all pairs that they filter. */
extern void vrfleak_policy_reapply_route_maps(void);

#endif /* _VRFLEAK_LEAK_POLICY_APPLY_H */
