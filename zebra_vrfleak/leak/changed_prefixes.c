// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: processes changed prefixes, see the header.
 *
 * The prefix in progress keeps its position among the VRFs and their targets
 * between two events. If it changes meanwhile, it is queued again.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/rib/rib_view.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak changed sources");

static struct {
	/* The prefix in progress, or NULL. */
	struct vrfleak_prefix_item *item;
	/* Its number, which marks its VRFs and the targets that are done. */
	uint64_t change;
	/* The position among its VRFs, and among the targets of that VRF. */
	uint32_t vrf;
	uint32_t target;
	/* Those of its VRFs that offer the prefix. */
	uint32_t *offering;
	uint32_t offering_count;
	/* The changed sources that concern a target. */
	uint32_t *sources;
	/* The number of VRFs for which the arrays are large enough. */
	uint32_t size;
} changed;

size_t vrfleak_changed_count(void)
{
	return vrfleak_prefix_queue_count(&vrfleak_queue.prefixes) +
	       (changed.item ? 1 : 0);
}

uint64_t vrfleak_changed_merged(void)
{
	return vrfleak_queue.prefixes.merged;
}

static void arrays_reserve(uint32_t vrfs)
{
	if (vrfs <= changed.size)
		return;
	changed.size = vrfs;
	changed.offering = XREALLOC(MTYPE_VRFLEAK_SOURCES, changed.offering,
				    vrfs * sizeof(*changed.offering));
	/*
	 * Each VRF may offer the prefix, and be a candidate for it. Three more:
	 * the sources of a route in use, of an unused and of a pending one.
	 */
	changed.sources = XREALLOC(MTYPE_VRFLEAK_SOURCES, changed.sources,
				   (2 * vrfs + 3) * sizeof(*changed.sources));
}

static void item_begin(void)
{
	const struct vrfleak_prefix_item *item = changed.item;
	struct vrfleak_vrf *vrf;
	struct route_node *rn;

	VRFLEAK_DEBUG(events, "%pFX: changed in %u VRFs", &item->prefix,
		      item->count);
	arrays_reserve(item->count);
	changed.change++;
	changed.vrf = 0;
	changed.target = 0;
	changed.offering_count = 0;
	for (uint32_t i = 0; i < item->count; i++) {
		vrf = vrfleak_vrf_by_index(item->vrfs[i]);
		if (!vrf || !vrf->policy)
			continue;
		vrf->change = changed.change;
		rn = vrfleak_rib_node(vrf, &item->prefix);
		if (vrfleak_rib_offered(vrf, rn))
			changed.offering[changed.offering_count++] = vrf->index;
	}
}

static bool is_changed(uint32_t index)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(index);

	return vrf && vrf->change == changed.change;
}

/* Add the changed sources that have a route or a conflict in target. */
static uint32_t sources_concerned(const struct vrfleak_vrf *target,
				  uint32_t count)
{
	const struct prefix *prefix = &changed.item->prefix;
	const struct vrfleak_conflict *conflict = vrfleak_conflict_find(
		&vrfleak_queue.conflicts, target->index, prefix);
	struct route_node *rn = vrfleak_rib_node(target, prefix);
	uint32_t installed = vrfleak_rib_installed(rn).source;
	uint32_t pending = vrfleak_pending_source(target, prefix);
	uint32_t unused = vrfleak_rib_unused(rn);

	if (is_changed(installed))
		changed.sources[count++] = installed;
	if (is_changed(unused))
		changed.sources[count++] = unused;
	if (is_changed(pending))
		changed.sources[count++] = pending;
	for (uint16_t i = 0; conflict && i < conflict->count; i++)
		if (conflict->candidates[i].source != target->index &&
		    is_changed(conflict->candidates[i].source))
			changed.sources[count++] =
				conflict->candidates[i].source;
	return count;
}

/*
 * Add the changed sources that do not offer the prefix. A hold-down counts
 * that, though zebra may have deleted the leaked route already.
 */
static uint32_t sources_lost(const struct vrfleak_vrf *target,
			     enum vrfleak_af af, uint32_t count)
{
	const struct vrfleak_prefix_item *item = changed.item;
	const struct vrfleak_vrf *vrf;

	for (uint32_t i = 0; i < item->count; i++) {
		vrf = vrfleak_vrf_by_index(item->vrfs[i]);
		if (vrf && vrf->policy &&
		    vrfleak_policy_source(target->policy, af, vrf->name) &&
		    !vrfleak_rib_offered(vrf,
					 vrfleak_rib_node(vrf, &item->prefix)))
			changed.sources[count++] = vrf->index;
	}
	return count;
}

/* Find the changed sources that concern target. Returns their number. */
static uint32_t sources_find(const struct vrfleak_vrf *target,
			     enum vrfleak_af af)
{
	const struct vrfleak_vrf *vrf;
	uint32_t count = 0;

	for (uint32_t i = 0; i < changed.offering_count; i++) {
		vrf = vrfleak_vrf_by_index(changed.offering[i]);
		if (vrfleak_policy_source(target->policy, af, vrf->name))
			changed.sources[count++] = vrf->index;
	}
	if (changed.offering_count < changed.item->count) {
		if (vrfleak_held_configured(target, &changed.item->prefix))
			count = sources_lost(target, af, count);
		count = sources_concerned(target, count);
	}
	return count;
}

/* Whether the VRF may have leaked routes, conflicts or counts. */
static bool is_target(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	return vrf->policy->sources[af].count ||
	       vrfleak_conflicts_count(&vrfleak_queue.conflicts, vrf->index,
				       af) ||
	       vrfleak_route_counts_any(vrf, af);
}

/*
 * Decide about the prefix in target, unless that is done already. rn is the
 * prefix's node in source, or both are NULL.
 */
static void target_decide(struct vrfleak_budget *budget,
			  struct vrfleak_vrf *target,
			  const struct vrfleak_vrf *source,
			  struct route_node *rn)
{
	enum vrfleak_af af = vrfleak_prefix_af(&changed.item->prefix);
	struct vrfleak_change change = {
		.prefix = &changed.item->prefix,
		.sources = changed.sources,
		.scanned_too = true,
		.source = source,
		.rn = rn,
	};

	if (target->decided == changed.change)
		return;
	target->decided = changed.change;

	change.count = sources_find(target, af);
	if (change.count ||
	    (is_changed(target->index) && is_target(target, af)))
		vrfleak_leak_decide(budget, target, &change);
}

/* Continue with a changed VRF and its targets. Returns whether it is done. */
static bool vrf_run(struct vrfleak_budget *budget, struct vrfleak_vrf *vrf)
{
	const struct prefix *prefix = &changed.item->prefix;
	const struct vrfleak_pairs *targets =
		&vrf->policy->targets[vrfleak_prefix_af(prefix)];
	struct route_node *rn;

	if (changed.target == 0)
		target_decide(budget, vrf, NULL, NULL);
	rn = vrfleak_rib_node(vrf, prefix);
	while (changed.target < targets->count) {
		target_decide(budget, targets->pair[changed.target++].peer->vrf,
			      vrf, rn);
		if (!vrfleak_pending_in_budget(budget))
			return false;
	}
	vrfleak_silent_note(vrf, prefix, rn);
	changed.target = 0;
	return true;
}

/* Continue with the prefix in progress. Returns whether it is done. */
static bool item_run(struct vrfleak_budget *budget)
{
	struct vrfleak_vrf *vrf;

	while (changed.vrf < changed.item->count) {
		vrf = vrfleak_vrf_by_index(changed.item->vrfs[changed.vrf]);
		if (vrf && vrf->policy && !vrf_run(budget, vrf))
			return false;
		changed.vrf++;
		if (!vrfleak_pending_in_budget(budget))
			break;
	}
	return changed.vrf == changed.item->count;
}

bool vrfleak_changed_run(struct vrfleak_budget *budget)
{
	if (!changed.item) {
		changed.item =
			vrfleak_prefix_queue_pop(&vrfleak_queue.prefixes);
		if (!changed.item)
			return false;
		item_begin();
	}
	if (item_run(budget)) {
		vrfleak_prefix_queue_free(changed.item);
		changed.item = NULL;
	}
	return true;
}

void vrfleak_changed_restart(void)
{
	if (changed.item)
		item_begin();
}

void vrfleak_changed_finish(void)
{
	if (changed.item)
		vrfleak_prefix_queue_free(changed.item);
	changed.item = NULL;
	XFREE(MTYPE_VRFLEAK_SOURCES, changed.offering);
	XFREE(MTYPE_VRFLEAK_SOURCES, changed.sources);
	changed.size = 0;
}
