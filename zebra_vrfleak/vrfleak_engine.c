// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what drives the decisions.
 *
 * Zebra's rib_update hook is a hint that comes before the RIB is final, so the
 * prefix is marked and looked at from an event. A route that was given to zebra
 * is not in the RIB before zebra's own queue has come to it; until then its
 * prefix is "given", and looked at again when it is seen, or when zebra has
 * nothing left to do and it is still not there: then zebra did not keep it.
 */
#include <zebra.h>

#include "lib/hook.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_watch.h"
#include "zebra_vrfleak/vrfleak_worklist.h"
#include "zebra_vrfleak/vrfleak_world.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak changed sources");

/* How much may wait for zebra, and how often that is looked at. */
#define GIVEN_MAX 4000
#define GIVEN_MSEC 10

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_contests_head contests;
	struct vrfleak_dirty changed;
	struct vrfleak_dirty given;
	uint32_t *sources;
	uint32_t sources_size;
	struct vrfleak_event *work;
	struct vrfleak_event *given_check;
} engine;

static void work_run(struct vrfleak_event *event);
static void given_run(struct vrfleak_event *event);

void vrfleak_engine_wake(void)
{
	event_add_event(engine.loop, work_run, NULL, 0, &engine.work);
}

static void given_schedule(void)
{
	event_add_timer_msec(engine.loop, given_run, NULL, GIVEN_MSEC,
			     &engine.given_check);
}

/* ---- one prefix of one target ---- */

static void sources_reserve(uint32_t size)
{
	if (size <= engine.sources_size)
		return;
	engine.sources = XREALLOC(MTYPE_VRFLEAK_SOURCES, engine.sources,
				  size * sizeof(*engine.sources));
	engine.sources_size = size;
}

/* Whose route the target has, or will have as soon as zebra has come to it. */
static void prefix_settled(const struct vrfleak_vrf *target,
			   const struct prefix *prefix)
{
	const struct vrfleak_dirty_item *item;

	if (!vrfleak_world_counts(target, vrfleak_prefix_af(prefix)))
		return;
	item = vrfleak_dirty_lookup(&engine.given, target->number, prefix);
	vrfleak_world_settled(target, prefix,
			      item ? item->note
				   : vrfleak_rib_held(target, prefix).source);
}

void vrfleak_engine_decide(const struct vrfleak_vrf *target,
			   const struct prefix *prefix, const uint32_t *sources,
			   uint32_t count, bool pending_too)
{
	struct vrfleak_dirty_item *item;
	uint32_t pending = 0;

	item = vrfleak_dirty_lookup(&engine.given, target->number, prefix);
	if (item) {
		for (uint32_t i = 0; i < count; i++)
			vrfleak_dirty_add(&engine.given, target->number, prefix,
					  sources[i]);
		return;
	}

	if (pending_too)
		pending = vrfleak_walk_pending(
			target, vrfleak_prefix_af(prefix), NULL, 0);
	if (pending) {
		sources_reserve(count + pending);
		if (count)
			memcpy(engine.sources, sources,
			       count * sizeof(*sources));
		vrfleak_walk_pending(target, vrfleak_prefix_af(prefix),
				     engine.sources + count, pending);
		sources = engine.sources;
	}
	vrfleak_decide(vrfleak_world_court(&engine.contests), target->number,
		       prefix, sources, count + pending);
	prefix_settled(target, prefix);
}

/* ---- changed prefixes ---- */

void vrfleak_engine_changed(const struct prefix *prefix, uint32_t vrf)
{
	vrfleak_dirty_add(&engine.changed, 0, prefix, vrf);
	vrfleak_engine_wake();
}

static int rib_update_hook(struct route_node *rn, const char *reason)
{
	struct vrfleak_vrf *vrf = vrfleak_rib_node_vrf(rn);
	uint32_t lost;

	if (!vrf || !vrf->node)
		return 0;

	vrfleak_engine_changed(&rn->p, vrf->number);
	lost = vrfleak_rib_node_lost(rn);
	if (lost)
		vrfleak_engine_changed(&rn->p, lost);
	return 0;
}

/* Which of the changed VRFs leak to target; returns how many. */
static uint32_t changed_sources(const struct vrfleak_dirty_item *item,
				const struct vrfleak_node *target,
				enum vrfleak_af af, uint32_t *sources)
{
	const struct vrfleak_vrf *vrf;
	uint32_t count = 0;

	for (uint32_t i = 0; i < item->count; i++) {
		vrf = vrfleak_vrf_by_number(item->vrfs[i]);
		if (vrf && vrfleak_policy_source(target, af, vrf->name))
			sources[count++] = vrf->number;
	}
	return count;
}

/* A changed VRF's targets, save those that an earlier one has had. */
static void changed_decide(const struct vrfleak_dirty_item *item,
			   uint32_t position, uint32_t *sources)
{
	const struct vrfleak_vrf *vrf =
		vrfleak_vrf_by_number(item->vrfs[position]);
	enum vrfleak_af af = vrfleak_prefix_af(&item->prefix);
	const struct vrfleak_edges *targets;
	uint32_t count;

	if (!vrf || !vrf->node)
		return;

	vrfleak_engine_decide(vrf, &item->prefix, sources,
			      changed_sources(item, vrf->node, af, sources),
			      true);

	targets = &vrf->node->targets[af];
	for (uint32_t i = 0; i < targets->count; i++) {
		count = changed_sources(item, targets->edge[i].node, af,
					sources);
		if (count && sources[0] == vrf->number)
			vrfleak_engine_decide(targets->edge[i].node->owner,
					      &item->prefix, sources, count,
					      true);
	}
}

static void changed_run(struct vrfleak_dirty_item *item)
{
	uint32_t *sources;

	VRFLEAK_DEBUG(events, "%pFX: changed in %u VRFs", &item->prefix,
		      item->count);
	sources = XCALLOC(MTYPE_VRFLEAK_SOURCES,
			  (item->count + 1) * sizeof(*sources));
	for (uint32_t i = 0; i < item->count; i++) {
		changed_decide(item, i, sources);
		vrfleak_watch_route(vrfleak_vrf_by_number(item->vrfs[i]),
				    &item->prefix);
	}
	XFREE(MTYPE_VRFLEAK_SOURCES, sources);
	vrfleak_dirty_free(item);
}

/* ---- prefixes that were given to zebra ---- */

void vrfleak_engine_given(uint32_t target, const struct prefix *prefix,
			  uint32_t source)
{
	vrfleak_dirty_add(&engine.given, target, prefix, 0)->note = source;
	given_schedule();
}

/* Whether it is settled; if so the item is freed. */
static bool given_settle(struct vrfleak_dirty_item *item, bool zebra_idle)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_number(item->scope);
	const struct vrfleak_vrf *source = vrfleak_vrf_by_number(item->note);
	bool seen, again = false;

	seen = vrfleak_rib_leaked(source, target, &item->prefix) != NULL;
	if (!seen && !zebra_idle)
		return false;

	for (uint32_t i = 0; i < item->count; i++)
		again = again || item->vrfs[i] == source->number;

	if (!seen && !again)
		vrfleak_decide_rejected(vrfleak_world_court(&engine.contests),
					target->number, &item->prefix,
					source->number);
	vrfleak_engine_decide(target, &item->prefix, item->vrfs, item->count,
			      true);
	vrfleak_dirty_free(item);
	return true;
}

static void given_run(struct vrfleak_event *event)
{
	bool zebra_idle = vrfleak_zebra_backlog() == 0;
	uint32_t left = vrfleak_dirty_count(&engine.given);
	struct vrfleak_dirty_item *item;
	struct vrfleak_slice slice;

	/* What is not looked at now comes first the next time. */
	vrfleak_slice_begin(&slice);
	while (left-- > 0 && vrfleak_slice_in_time(&slice)) {
		item = vrfleak_dirty_pop(&engine.given);
		if (!given_settle(item, zebra_idle))
			vrfleak_dirty_put(&engine.given, item);
	}

	if (vrfleak_dirty_count(&engine.given))
		given_schedule();
	vrfleak_engine_wake();
}

/* ---- the event that does the work ---- */

static void work_run(struct vrfleak_event *event)
{
	struct vrfleak_dirty_item *item;
	struct vrfleak_slice slice;

	vrfleak_slice_begin(&slice);
	do {
		item = vrfleak_dirty_pop(&engine.changed);
		if (item)
			changed_run(item);
		else if (!vrfleak_walk_run(&slice))
			break;
	} while (vrfleak_slice_goes_on(&slice));

	if (!vrfleak_engine_busy())
		vrfleak_vrfs_forget();
	else if (!vrfleak_engine_full() &&
		 (vrfleak_dirty_count(&engine.changed) || vrfleak_walk_count()))
		vrfleak_engine_wake();
}

bool vrfleak_engine_full(void)
{
	return vrfleak_dirty_count(&engine.given) >= GIVEN_MAX;
}

bool vrfleak_engine_busy(void)
{
	return vrfleak_dirty_count(&engine.changed) ||
	       vrfleak_dirty_count(&engine.given) || vrfleak_walk_count();
}

/* ---- from outside ---- */

struct vrfleak_contests_head *vrfleak_engine_contests(void)
{
	return &engine.contests;
}

static void decide_clear(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	vrfleak_decide_clear(vrfleak_world_court(&engine.contests),
			     target->number, prefix);
	prefix_settled(target, prefix);
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->node)
		return;
	if (!prefix)
		vrfleak_walk_target(target, af);
	else if (!vrfleak_dirty_lookup(&engine.given, target->number, prefix))
		decide_clear(target, prefix);
}

void vrfleak_engine_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
			  const struct prefix *prefix)
{
	struct vrfleak_vrf *vrf;

	if (target) {
		target_clear(target, af, prefix);
		return;
	}
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		target_clear(vrf, af, prefix);
}

void vrfleak_engine_init(struct vrfleak_event_loop *loop)
{
	engine.loop = loop;
	vrfleak_engine_policy_init();
	vrfleak_contests_init(&engine.contests);
	vrfleak_dirty_init(&engine.changed);
	vrfleak_dirty_init(&engine.given);
	vrfleak_walk_init();
	vrfleak_world_init();
	vrfleak_vrfs_init();
	vrfleak_watch_init(loop);
	hook_register(rib_update, rib_update_hook);
}

void vrfleak_engine_finish(void)
{
	hook_unregister(rib_update, rib_update_hook);
	vrfleak_watch_finish();
	event_cancel(&engine.work);
	event_cancel(&engine.given_check);
	vrfleak_walk_finish();
	vrfleak_world_finish();
	vrfleak_dirty_finish(&engine.given);
	vrfleak_dirty_finish(&engine.changed);
	vrfleak_contests_finish(&engine.contests);
	vrfleak_engine_policy_finish();
	vrfleak_vrfs_finish();
	XFREE(MTYPE_VRFLEAK_SOURCES, engine.sources);
}
