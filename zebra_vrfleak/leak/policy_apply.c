// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the running policy, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/core/policy_diff.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/vrf.h"

static struct vrfleak_policy *running;
static const struct vrfleak_policy none;

static const char *const changes[] = {
	[VRFLEAK_PAIR_REMOVED] = "no longer leaks",
	[VRFLEAK_PAIR_ADDED] = "leaks",
	[VRFLEAK_PAIR_CHANGED] =
		"leaks with changed filters, limits or distances",
	[VRFLEAK_PAIR_PREEMPTS] = "may take over",
};

static void policy_pair_changed(enum vrfleak_af af,
				struct vrfleak_vrf_policy *source,
				struct vrfleak_vrf_policy *target,
				enum vrfleak_pair_change change, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_name(source->name);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_name(target->name);

	VRFLEAK_DEBUG(config, "VRF %s %s to VRF %s (%s)", source->name,
		      changes[change], target->name, vrfleak_af2str(af));
	if (change != VRFLEAK_PAIR_ADDED)
		vrfleak_queue_revalidation(to, af);
	if (change != VRFLEAK_PAIR_REMOVED && change != VRFLEAK_PAIR_PREEMPTS)
		vrfleak_queue_import(from, to, af);
}

static void pair_refilter(enum vrfleak_af af, const struct vrfleak_pair *source,
			  struct vrfleak_vrf_policy *target, void *arg)
{
	if (vrfleak_pair_filters(source))
		policy_pair_changed(af, source->peer, target,
				    VRFLEAK_PAIR_CHANGED, NULL);
}

static void pair_filters(enum vrfleak_af af, const struct vrfleak_pair *source,
			 struct vrfleak_vrf_policy *target, void *arg)
{
	bool *any = arg;

	*any = *any || vrfleak_pair_filters(source);
}

bool vrfleak_policy_has_route_maps(void)
{
	bool any = false;

	vrfleak_policy_each_pair(running, pair_filters, &any);
	return any;
}

void vrfleak_policy_reapply_route_maps(void)
{
	vrfleak_policy_each_pair(running, pair_refilter, NULL);
}

/* After a change of a target's hold-down time, nothing is held down. */
static void hold_downs_apply(const struct vrfleak_policy *old,
			     const struct vrfleak_policy *policy)
{
	for (uint32_t i = 0; i < policy->count; i++) {
		const struct vrfleak_vrf_policy *after = policy->vrfs[i];
		const struct vrfleak_vrf_policy *before =
			vrfleak_policy_find(old, after->name);

		for (int af = 0; af < VRFLEAK_AF_MAX; af++)
			if (before &&
			    before->hold_down[af] != after->hold_down[af])
				vrfleak_held_clear(after->vrf, af, NULL);
	}
}

void vrfleak_policy_apply(struct vrfleak_policy *policy)
{
	struct vrfleak_policy *old = running;
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		vrf->policy = NULL;
	for (uint32_t i = 0; i < policy->count; i++) {
		vrf = vrfleak_vrf_get(policy->vrfs[i]->name);
		vrf->policy = policy->vrfs[i];
		policy->vrfs[i]->vrf = vrf;
	}
	running = policy;
	vrfleak_queue.policy = policy;
	vrfleak_rib_distances_set(policy);
	vrfleak_changed_restart();
	vrfleak_walk_rerank();

	/*
	 * New VRFs are bound before any table is walked, so that the routes of
	 * all VRFs compete with each other.
	 */
	vrfleak_events_rescan();
	vrfleak_policy_diff(old, policy, policy_pair_changed, NULL);
	hold_downs_apply(old, policy);
	vrfleak_policy_free(old);
	vrfleak_queue_wake();
}

void vrfleak_policy_apply_init(void)
{
	running = vrfleak_policy_new();
	vrfleak_queue.policy = running;
}

void vrfleak_policy_apply_finish(void)
{
	vrfleak_policy_free(running);
	running = NULL;
	/* Zebra still serves show commands while it ends. */
	vrfleak_queue.policy = &none;
}
