// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: changed prefixes.
 *
 * What is under way keeps its place among the VRFs and their targets between
 * two slices; a change that comes meanwhile is another one.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_changed.h"
#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_worklist.h"
#include "zebra_vrfleak/vrfleak_world.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak changed sources");

static struct {
	struct vrfleak_dirty prefixes;
	/* The prefix that is under way, or NULL. */
	struct vrfleak_dirty_item *item;
	/* Marks the VRFs in which it changed, and those decided about. */
	uint64_t change;
	/* Which of its VRFs it has come to, and which of that one's targets. */
	uint32_t vrf;
	uint32_t target;
	/* Those of its VRFs that offer it. */
	uint32_t *offering;
	uint32_t offering_count;
	/* Those that have a say in a target. */
	uint32_t *sources;
	/* For how many VRFs there is room. */
	uint32_t size;
} changed;

void vrfleak_changed_add(const struct prefix *prefix, uint32_t vrf)
{
	vrfleak_dirty_add(&changed.prefixes, 0, prefix, vrf);
}

size_t vrfleak_changed_count(void)
{
	return vrfleak_dirty_count(&changed.prefixes) + (changed.item ? 1 : 0);
}

uint64_t vrfleak_changed_merged(void)
{
	return changed.prefixes.merged;
}

static void room_make(uint32_t vrfs)
{
	if (vrfs <= changed.size)
		return;
	changed.size = vrfs;
	changed.offering = XREALLOC(MTYPE_VRFLEAK_SOURCES, changed.offering,
				    vrfs * sizeof(*changed.offering));
	/*
	 * Each VRF may offer the prefix, and be a candidate for it. Another
	 * three: the source of a route in use, of an unused one, of a pending
	 * one.
	 */
	changed.sources = XREALLOC(MTYPE_VRFLEAK_SOURCES, changed.sources,
				   (2 * vrfs + 3) * sizeof(*changed.sources));
}

static void item_begin(void)
{
	const struct vrfleak_dirty_item *item = changed.item;
	struct vrfleak_vrf *vrf;
	struct route_node *rn;

	VRFLEAK_DEBUG(events, "%pFX: changed in %u VRFs", &item->prefix,
		      item->count);
	room_make(item->count);
	changed.change++;
	changed.vrf = 0;
	changed.target = 0;
	changed.offering_count = 0;
	for (uint32_t i = 0; i < item->count; i++) {
		vrf = vrfleak_vrf_by_number(item->vrfs[i]);
		if (!vrf || !vrf->node)
			continue;
		vrf->change = changed.change;
		rn = vrfleak_rib_node(vrf, &item->prefix);
		if (rn && vrfleak_rib_node_offers(vrf, rn))
			changed.offering[changed.offering_count++] =
				vrf->number;
	}
}

static bool is_changed(uint32_t number)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(number);

	return vrf && vrf->change == changed.change;
}

/* Those that offer nothing, but of whose routes there is something to undo. */
static uint32_t sources_concerned(const struct vrfleak_vrf *target,
				  uint32_t count)
{
	const struct prefix *prefix = &changed.item->prefix;
	const struct vrfleak_contest *contest = vrfleak_contest_find(
		vrfleak_engine_contests(), target->number, prefix);
	uint32_t held = vrfleak_rib_held(target, prefix).source;
	uint32_t given = vrfleak_given_source(target, prefix);
	uint32_t unused = vrfleak_rib_unused(target, prefix);

	if (is_changed(held))
		changed.sources[count++] = held;
	if (is_changed(unused))
		changed.sources[count++] = unused;
	if (is_changed(given))
		changed.sources[count++] = given;
	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (is_changed(contest->waiters[i].source))
			changed.sources[count++] = contest->waiters[i].source;
	return count;
}

/* The changed VRFs that have a say in target; returns how many. */
static uint32_t sources_find(const struct vrfleak_vrf *target,
			     enum vrfleak_af af)
{
	const struct vrfleak_vrf *vrf;
	uint32_t count = 0;

	for (uint32_t i = 0; i < changed.offering_count; i++) {
		vrf = vrfleak_vrf_by_number(changed.offering[i]);
		if (vrfleak_policy_source(target->node, af, vrf->name))
			changed.sources[count++] = vrf->number;
	}
	if (changed.offering_count < changed.item->count)
		count = sources_concerned(target, count);
	return count;
}

/* Whether the VRF may have leaked routes, or somebody waits there. */
static bool is_target(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	return vrf->node->sources[af].count ||
	       vrfleak_contests_waiting(vrfleak_engine_contests(), vrf->number,
					af) ||
	       vrfleak_world_counts(vrf, af);
}

/*
 * Decide about the prefix in target, unless that is done. rn is its node in
 * source, or both are NULL.
 */
static void target_decide(struct vrfleak_vrf *target,
			  const struct vrfleak_vrf *source,
			  struct route_node *rn)
{
	const struct prefix *prefix = &changed.item->prefix;
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	uint32_t count;

	if (target->decided == changed.change)
		return;
	target->decided = changed.change;

	count = sources_find(target, af);
	if (!count && !(is_changed(target->number) && is_target(target, af)))
		return;
	vrfleak_engine_decide_at(target, prefix, source, rn, changed.sources,
				 count, true);
}

/* Go on with a changed VRF, and its targets; whether all is done. */
static bool vrf_run(struct vrfleak_slice *slice, struct vrfleak_vrf *vrf)
{
	const struct prefix *prefix = &changed.item->prefix;
	const struct vrfleak_edges *targets =
		&vrf->node->targets[vrfleak_prefix_af(prefix)];
	struct route_node *rn;

	if (changed.target == 0)
		target_decide(vrf, NULL, NULL);
	rn = vrfleak_rib_node(vrf, prefix);
	while (changed.target < targets->count) {
		target_decide(targets->edge[changed.target++].node->owner, vrf,
			      rn);
		if (!vrfleak_slice_goes_on(slice))
			return false;
	}
	vrfleak_system_note(vrf, prefix, rn);
	changed.target = 0;
	return true;
}

/* Go on with what is under way; whether it is done. */
static bool item_run(struct vrfleak_slice *slice)
{
	struct vrfleak_vrf *vrf;

	while (changed.vrf < changed.item->count) {
		vrf = vrfleak_vrf_by_number(changed.item->vrfs[changed.vrf]);
		if (vrf && vrf->node && !vrf_run(slice, vrf))
			return false;
		changed.vrf++;
		if (!vrfleak_slice_goes_on(slice))
			break;
	}
	return changed.vrf == changed.item->count;
}

bool vrfleak_changed_run(struct vrfleak_slice *slice)
{
	if (!changed.item) {
		changed.item = vrfleak_dirty_pop(&changed.prefixes);
		if (!changed.item)
			return false;
		item_begin();
	}
	if (item_run(slice)) {
		vrfleak_dirty_free(changed.item);
		changed.item = NULL;
	}
	return true;
}

void vrfleak_changed_restart(void)
{
	if (changed.item)
		item_begin();
}

void vrfleak_changed_init(void)
{
	vrfleak_dirty_init(&changed.prefixes);
}

void vrfleak_changed_finish(void)
{
	if (changed.item)
		vrfleak_dirty_free(changed.item);
	changed.item = NULL;
	vrfleak_dirty_finish(&changed.prefixes);
	XFREE(MTYPE_VRFLEAK_SOURCES, changed.offering);
	XFREE(MTYPE_VRFLEAK_SOURCES, changed.sources);
	changed.size = 0;
}
