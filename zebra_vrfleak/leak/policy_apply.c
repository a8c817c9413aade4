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
#include "zebra_vrfleak/rib/route_map.h"
#include "zebra_vrfleak/rib/vrf.h"

static struct vrfleak_policy *running;
static const struct vrfleak_policy none;
/* Whether any pair of the running policy has a route-map. */
static bool has_route_maps;

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

/* At most so many prefixes are decided before the table walks. */
#define COVERED_MAX 256

struct refilter {
	const struct vrfleak_filter_changes *changes;
	/* The route-maps that were asked about. */
	struct vrfleak_name_set changed;
	struct vrfleak_name_set unchanged;
	/* Of COVERED_MAX, those left. */
	uint32_t headroom;
	/* For covered_visit(): the source, and the prefix of the list entry. */
	const struct vrfleak_vrf *source;
	const struct prefix *covering;
};

static bool covered_visit(const struct vrfleak_rib_at *at, void *arg)
{
	struct refilter *refilter = arg;

	if (refilter->headroom == 0 ||
	    !prefix_match(refilter->covering, at->prefix))
		return false;
	refilter->headroom--;
	if (vrfleak_rib_offered(refilter->source, at->rn))
		vrfleak_queue_prefix(at->prefix, refilter->source->index);
	return true;
}

/*
 * Queue the source's prefixes that the changed list entries cover, so that they
 * do not wait for the table walks. These find all of them anyway.
 */
static void covered_queue(struct refilter *refilter, enum vrfleak_af af)
{
	const struct vrfleak_filter_changes *changes = refilter->changes;
	bool started = true;
	struct prefix done;

	for (size_t i = 0; i < changes->prefixes_count && refilter->headroom;
	     i++) {
		refilter->covering = &changes->prefixes[i];
		if (refilter->covering->family != vrfleak_af_family(af))
			continue;
		refilter->headroom--;
		if (vrfleak_rib_offered(refilter->source,
					vrfleak_rib_node(refilter->source,
							 refilter->covering)))
			vrfleak_queue_prefix(refilter->covering,
					     refilter->source->index);
		prefix_copy(&done, refilter->covering);
		vrfleak_rib_walk(refilter->source, af, &done, &started,
				 covered_visit, refilter);
	}
}

/* Whether the route-map of a statement, if it has one, is affected. */
static bool statement_affected(const struct vrfleak_statement *statement,
			       struct refilter *refilter)
{
	const char *map = statement->map;

	if (!map || vrfleak_names_have(&refilter->unchanged, map))
		return false;
	if (vrfleak_names_have(&refilter->changed, map))
		return true;
	if (!vrfleak_route_map_uses(map, &refilter->changes->names)) {
		vrfleak_names_insert(&refilter->unchanged, map);
		return false;
	}
	vrfleak_names_insert(&refilter->changed, map);
	vrfleak_names_insert(&vrfleak_queue.changed_filters, map);
	return true;
}

static bool pair_affected(const struct vrfleak_pair *pair,
			  struct refilter *refilter)
{
	bool affected = false;

	/* Each one is asked about, so that all changed route-maps are noted. */
	for (uint32_t i = 0; i < pair->matches_count; i++) {
		if (statement_affected(pair->matches[i].export, refilter))
			affected = true;
		if (statement_affected(pair->matches[i].import, refilter))
			affected = true;
	}
	return affected;
}

static void pair_refilter(enum vrfleak_af af, const struct vrfleak_pair *pair,
			  struct vrfleak_vrf_policy *target, void *arg)
{
	struct refilter *refilter = arg;

	if (!pair_affected(pair, refilter))
		return;
	refilter->source = pair->peer->vrf;
	VRFLEAK_DEBUG(config,
		      "VRF %s leaks with changed route-maps to VRF %s (%s)",
		      refilter->source->name, target->name, vrfleak_af2str(af));
	vrfleak_queue_refilter(refilter->source, target->vrf, af);
	covered_queue(refilter, af);
}

static void pair_filters(enum vrfleak_af af, const struct vrfleak_pair *source,
			 struct vrfleak_vrf_policy *target, void *arg)
{
	bool *any = arg;

	*any = *any || vrfleak_pair_filters(source);
}

bool vrfleak_policy_has_route_maps(void)
{
	return has_route_maps;
}

void vrfleak_policy_reapply_route_maps(
	const struct vrfleak_filter_changes *changes)
{
	struct refilter refilter = {.changes = changes,
				    .headroom = COVERED_MAX};

	vrfleak_policy_each_pair(running, pair_refilter, &refilter);
	vrfleak_names_clear(&refilter.changed);
	vrfleak_names_clear(&refilter.unchanged);
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
	has_route_maps = false;
	vrfleak_policy_each_pair(running, pair_filters, &has_route_maps);
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
