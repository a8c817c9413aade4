// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the running policy, and its replacement.
 *
 * A new policy is compared with the old one. Table walks are queued only for
 * the source-target pairs that differ, so that other routes do not change.
 */
#ifndef _VRFLEAK_LEAK_POLICY_APPLY_H
#define _VRFLEAK_LEAK_POLICY_APPLY_H

#include "zebra_vrfleak/core/policy.h"

/* Start with an empty policy. */
extern void vrfleak_policy_apply_init(void);
extern void vrfleak_policy_apply_finish(void);

/* Replace the running policy with a compiled one. Takes ownership of it. */
extern void vrfleak_policy_apply(struct vrfleak_policy *policy);

/* Whether any statement names a route-map. */
extern bool vrfleak_policy_has_route_maps(void);

/* After a change of route-maps: queue walks for all pairs with a route-map. */
extern void vrfleak_policy_reapply_route_maps(void);

#endif /* _VRFLEAK_LEAK_POLICY_APPLY_H */
