// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what drives the decisions.
 *
 * Zebra's rib_update hook is a hint that comes before the RIB is final, so the
 * prefix is marked and looked at from an event.
 */
#include <zebra.h>

#include "lib/hook.h"

#include "zebra_vrfleak/vrfleak_changed.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_group.h"
#include "zebra_vrfleak/vrfleak_link.h"
#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_refused.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_stale.h"
#include "zebra_vrfleak/vrfleak_stats.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_watch.h"
#include "zebra_vrfleak/vrfleak_world.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak sources");

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_contests contests;
	/* Those that changed, and those that are about to be walked. */
	uint32_t *sources;
	uint32_t sources_size;
	struct vrfleak_event *work;
	bool hooked;
	/* A VRF was forgotten by the call of vrfleak_vrfs_forget(). */
	bool forgotten;
} engine;

static void work_run(struct vrfleak_event *event);

void vrfleak_engine_wake(void)
{
	event_add_event(engine.loop, work_run, NULL, 0, &engine.work);
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
	uint32_t source;

	vrfleak_stale_decided(target, vrfleak_rib_node(target, prefix));
	if (!vrfleak_world_counts(target, vrfleak_prefix_af(prefix)))
		return;
	source = vrfleak_given_source(target, prefix);
	if (!source)
		source = vrfleak_rib_held(target, prefix).source;
	vrfleak_world_settled(target, prefix, source);
}

/* So few are asked at once: whether they have a say costs about as much. */
#define PENDING_FEW 4

/*
 * How many of the sources that are yet to be walked have a say, at the most:
 * none where who has the prefix keeps it, as they are told so by their walks.
 */
static uint32_t sources_pending(const struct vrfleak_vrf *target,
				const struct prefix *prefix)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	uint32_t pending =
		vrfleak_walk_pending(target, af, NULL, PENDING_FEW + 1);

	if (pending <= PENDING_FEW)
		return pending;
	return vrfleak_world_keeps(target, prefix) ? 0 : vrfleak_walk_count();
}

/*
 * If zebra does not use the leaked route and has nothing left to do for it,
 * withdraw it. Returns its source, which may get the prefix again, or 0.
 */
static uint32_t unused_discard(const struct vrfleak_vrf *target,
			       const struct prefix *prefix)
{
	uint32_t source = vrfleak_rib_unused(target, prefix);

	if (source)
		vrfleak_rib_withdraw(vrfleak_vrf_by_number(source), target,
				     prefix);
	return source;
}

void vrfleak_engine_decide_now(const struct vrfleak_vrf *target,
			       const struct prefix *prefix,
			       const uint32_t *sources, uint32_t count,
			       bool pending_too)
{
	uint32_t pending = pending_too ? sources_pending(target, prefix) : 0;
	uint32_t unused = unused_discard(target, prefix);

	if (pending || unused) {
		sources_reserve(count + pending + 1);
		if (count)
			memcpy(engine.sources, sources,
			       count * sizeof(*sources));
		if (unused)
			engine.sources[count++] = unused;
		if (pending)
			pending = vrfleak_walk_pending(
				target, vrfleak_prefix_af(prefix),
				engine.sources + count, pending);
		sources = engine.sources;
	}
	vrfleak_decide(vrfleak_world_court(&engine.contests), target->number,
		       prefix, sources, count + pending);
	prefix_settled(target, prefix);
}

void vrfleak_engine_rejected(const struct vrfleak_vrf *target,
			     const struct prefix *prefix, uint32_t source)
{
	unused_discard(target, prefix);
	vrfleak_decide_rejected(vrfleak_world_court(&engine.contests),
				target->number, prefix, source);
	prefix_settled(target, prefix);
}

void vrfleak_engine_decide_at(const struct vrfleak_vrf *target,
			      const struct prefix *prefix,
			      const struct vrfleak_vrf *source,
			      struct route_node *rn, const uint32_t *sources,
			      uint32_t count, bool pending_too)
{
	if (vrfleak_given_defer(target, prefix, sources, count))
		return;
	vrfleak_rib_look(prefix, target, source, rn);
	vrfleak_engine_decide_now(target, prefix, sources, count, pending_too);
	vrfleak_rib_look_end();
}

void vrfleak_engine_decide(const struct vrfleak_vrf *target,
			   const struct prefix *prefix, const uint32_t *sources,
			   uint32_t count, bool pending_too)
{
	vrfleak_engine_decide_at(target, prefix, NULL, NULL, sources, count,
				 pending_too);
}

/* ---- what zebra tells ---- */

void vrfleak_engine_changed(const struct prefix *prefix, uint32_t vrf)
{
	vrfleak_changed_add(prefix, vrf);
	vrfleak_engine_wake();
}

static int rib_update_hook(struct route_node *rn, const char *reason)
{
	struct vrfleak_vrf *vrf = vrfleak_rib_node_vrf(rn);
	uint32_t lost;

	/* That is where 'ip import-table' puts its routes. */
	if (!vrf || !vrf->node || vrf->vrf_id == VRF_DEFAULT)
		vrfleak_watch_other(rn);
	if (!vrf || !vrf->node)
		return 0;
	vrfleak_refused_check(vrf, rn);
	if (vrfleak_given_seen(vrf, rn))
		return 0;

	vrfleak_engine_changed(&rn->p, vrf->number);
	lost = vrfleak_rib_node_lost(rn);
	/* A route that was not accepted is retried later, not when it goes. */
	if (lost && !vrfleak_contest_is_not_accepted(&engine.contests,
						     vrf->number, &rn->p, lost))
		vrfleak_engine_changed(&rn->p, lost);
	return 0;
}

static int rib_shutdown_hook(struct route_node *rn)
{
	vrfleak_watch_closed(rn);
	return 0;
}

void vrfleak_engine_listen(bool listen)
{
	if (listen == engine.hooked)
		return;
	engine.hooked = listen;
	if (listen) {
		hook_register(rib_update, rib_update_hook);
		hook_register(rib_shutdown, rib_shutdown_hook);
	} else {
		hook_unregister(rib_update, rib_update_hook);
		hook_unregister(rib_shutdown, rib_shutdown_hook);
	}
}

/* ---- the event that does the work ---- */

/* Drop what is kept by the number of a VRF that is about to be forgotten. */
static void vrf_forget(const struct vrfleak_vrf *vrf)
{
	vrfleak_world_forget(vrf);
	vrfleak_stats_forget(vrf);
	engine.forgotten = true;
}

/* Nothing is left to do, and zebra has come to all that it was given. */
static void work_done(void)
{
	bool released = vrfleak_vrfs_forget(vrf_forget);

	/* Before their numbers come to mean other VRFs. */
	if (engine.forgotten)
		vrfleak_system_forget();
	engine.forgotten = false;
	if (released)
		vrfleak_watch_policy();
}

static void work_run(struct vrfleak_event *event)
{
	struct vrfleak_slice slice;

	vrfleak_slice_begin(&slice);
	do {
		if (!vrfleak_changed_run(&slice) && !vrfleak_walk_run(&slice))
			break;
	} while (vrfleak_slice_goes_on(&slice));
	vrfleak_groups_doubt();
	vrfleak_slice_end();

	/* Else they are released when zebra has come to what it was given. */
	if (vrfleak_given_count() == 0)
		vrfleak_groups_release();
	if (!vrfleak_engine_busy())
		work_done();
	else if (!vrfleak_engine_full() &&
		 (vrfleak_changed_count() || vrfleak_walk_count()))
		vrfleak_engine_wake();
}

bool vrfleak_engine_full(void)
{
	return vrfleak_given_full() || vrfleak_groups_full();
}

bool vrfleak_slice_goes_on(struct vrfleak_slice *slice)
{
	return vrfleak_slice_in_time(slice) && !vrfleak_engine_full();
}

bool vrfleak_engine_busy(void)
{
	return vrfleak_changed_count() || vrfleak_given_count() ||
	       vrfleak_walk_count();
}

/* ---- from outside ---- */

struct vrfleak_contests *vrfleak_engine_contests(void)
{
	return &engine.contests;
}

static void decide_clear(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	struct vrfleak_slice slice;

	vrfleak_slice_begin(&slice);
	vrfleak_rib_look(prefix, target, NULL, NULL);
	vrfleak_decide_clear(vrfleak_world_court(&engine.contests),
			     target->number, prefix);
	prefix_settled(target, prefix);
	vrfleak_rib_look_end();
	vrfleak_groups_doubt();
	vrfleak_slice_end();
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->node)
		return;
	if (!prefix)
		vrfleak_walk_target(target, af);
	else if (!vrfleak_given_source(target, prefix))
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
	vrfleak_changed_init();
	vrfleak_walk_init();
	vrfleak_world_init();
	vrfleak_vrfs_init();
	vrfleak_groups_init();
	vrfleak_links_init();
	vrfleak_given_init(loop);
	vrfleak_refused_init(loop);
	vrfleak_watch_init(loop);
}

void vrfleak_engine_finish(void)
{
	vrfleak_engine_listen(false);
	vrfleak_watch_finish();
	event_cancel(&engine.work);
	vrfleak_refused_finish();
	vrfleak_given_finish();
	vrfleak_walk_finish();
	vrfleak_world_finish();
	vrfleak_changed_finish();
	vrfleak_contests_finish(&engine.contests);
	vrfleak_groups_finish();
	vrfleak_links_finish();
	vrfleak_engine_policy_finish();
	vrfleak_vrfs_finish();
	XFREE(MTYPE_VRFLEAK_SOURCES, engine.sources);
}
