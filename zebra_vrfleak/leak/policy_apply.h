// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the running policy, and its replacement.
 *
 * A new policy is compared with the old one. Table walks are queued only for
 * the source-target pairs that differ, so that other routes do not change.
 */
#ifndef _VRFLEAK_LEAK_POLICY_APPLY_H
#define _VRFLEAK_LEAK_POLICY_APPLY_H

#include "lib/prefix.h"

#include "zebra_vrfleak/core/name_set.h"
#include "zebra_vrfleak/core/policy.h"

/* So many prefixes of changed list entries are remembered. */
#define VRFLEAK_CHANGED_ENTRIES 64

/* Start with an empty policy. */
extern void vrfleak_policy_apply_init(void);
extern void vrfleak_policy_apply_finish(void);

/* Replace the running policy with a compiled one. Takes ownership of it. */
extern void vrfleak_policy_apply(struct vrfleak_policy *policy);

/* Whether any statement names a route-map. */
extern bool vrfleak_policy_has_route_maps(void);

/* What commits have changed of the route-maps and of the lists. */
struct vrfleak_filter_changes {
	/* The names of route-maps and lists. */
	struct vrfleak_name_set names;
	/* Prefixes of new, changed and deleted entries of prefix lists. */
	struct prefix prefixes[VRFLEAK_CHANGED_ENTRIES];
	size_t prefixes_count;
};

/*
 * After changes: queue walks for the pairs whose route-maps are affected. The
 * prefixes that the changed entries cover come first, if they are few.
 */
extern void
vrfleak_policy_reapply_route_maps(const struct vrfleak_filter_changes *changes);

#endif /* _VRFLEAK_LEAK_POLICY_APPLY_H */
