// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what drives the decisions.
 *
 * Zebra's rib_update hook is a hint that comes before the RIB is final, so the
 * prefix is marked and looked at from an event.
 */
#include <zebra.h>

#include "lib/hook.h"

#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/stale_routes.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/leak/rib_ops.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak sources");

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_conflict_table conflicts;
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
static void prefix_decided(const struct vrfleak_vrf *target,
			   const struct prefix *prefix)
{
	uint32_t source;

	vrfleak_stale_decided(target, vrfleak_rib_node(target, prefix));
	if (!vrfleak_route_counts_any(target, vrfleak_prefix_af(prefix)))
		return;
	source = vrfleak_pending_source(target, prefix);
	if (!source)
		source = vrfleak_rib_installed(target, prefix).source;
	vrfleak_route_count_update(target, prefix, source);
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
		vrfleak_walk_sources(target, af, NULL, PENDING_FEW + 1);

	if (pending <= PENDING_FEW)
		return pending;
	return vrfleak_rib_ops_keeps(target, prefix) ? 0 : vrfleak_walk_count();
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
		vrfleak_rib_withdraw(vrfleak_vrf_by_index(source), target,
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
			pending = vrfleak_walk_sources(
				target, vrfleak_prefix_af(prefix),
				engine.sources + count, pending);
		sources = engine.sources;
	}
	vrfleak_decide(vrfleak_rib_ops_context(&engine.conflicts),
		       target->index, prefix, sources, count + pending);
	prefix_decided(target, prefix);
}

void vrfleak_engine_rejected(const struct vrfleak_vrf *target,
			     const struct prefix *prefix, uint32_t source)
{
	unused_discard(target, prefix);
	vrfleak_decide_rejected(vrfleak_rib_ops_context(&engine.conflicts),
				target->index, prefix, source);
	prefix_decided(target, prefix);
}

void vrfleak_engine_decide_at(const struct vrfleak_vrf *target,
			      const struct prefix *prefix,
			      const struct vrfleak_vrf *source,
			      struct route_node *rn, const uint32_t *sources,
			      uint32_t count, bool pending_too)
{
	if (vrfleak_pending_defer(target, prefix, sources, count))
		return;
	vrfleak_rib_lookup_begin(prefix, target, source, rn);
	vrfleak_engine_decide_now(target, prefix, sources, count, pending_too);
	vrfleak_rib_lookup_end();
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
	if (!vrf || !vrf->policy || vrf->vrf_id == VRF_DEFAULT)
		vrfleak_watch_other(rn);
	if (!vrf || !vrf->policy)
		return 0;
	vrfleak_refused_check(vrf, rn);
	if (vrfleak_pending_confirm(vrf, rn))
		return 0;

	vrfleak_engine_changed(&rn->p, vrf->index);
	lost = vrfleak_rib_node_lost(rn);
	/* A route that was not accepted is retried later, not when it goes. */
	if (lost && !vrfleak_conflict_is_not_accepted(&engine.conflicts,
						      vrf->index, &rn->p, lost))
		vrfleak_engine_changed(&rn->p, lost);
	return 0;
}

static int rib_shutdown_hook(struct route_node *rn)
{
	vrfleak_watch_closed(rn);
	return 0;
}

void vrfleak_scheduler_listen(bool listen)
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
	vrfleak_route_count_forget(vrf);
	vrfleak_leaked_count_forget(vrf);
	engine.forgotten = true;
}

/* Nothing is left to do, and zebra has come to all that it was given. */
static void work_done(void)
{
	bool released = vrfleak_vrfs_forget(vrf_forget);

	/* Before their numbers come to mean other VRFs. */
	if (engine.forgotten)
		vrfleak_silent_forget();
	engine.forgotten = false;
	if (released)
		vrfleak_watch_policy();
}

static void work_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	do {
		if (!vrfleak_changed_run(&budget) && !vrfleak_walk_run(&budget))
			break;
	} while (vrfleak_budget_goes_on(&budget));
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end();

	/* Else they are released when zebra has come to what it was given. */
	if (vrfleak_pending_count() == 0)
		vrfleak_nhgs_release();
	if (!vrfleak_engine_busy())
		work_done();
	else if (!vrfleak_engine_full() &&
		 (vrfleak_changed_count() || vrfleak_walk_count()))
		vrfleak_engine_wake();
}

bool vrfleak_engine_full(void)
{
	return vrfleak_pending_full() || vrfleak_nhgs_full();
}

bool vrfleak_budget_goes_on(struct vrfleak_budget *budget)
{
	return vrfleak_budget_in_time(budget) && !vrfleak_engine_full();
}

bool vrfleak_engine_busy(void)
{
	return vrfleak_changed_count() || vrfleak_pending_count() ||
	       vrfleak_walk_count();
}

/* ---- from outside ---- */

struct vrfleak_conflict_table *vrfleak_engine_contests(void)
{
	return &engine.conflicts;
}

static void decide_clear(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	vrfleak_rib_lookup_begin(prefix, target, NULL, NULL);
	vrfleak_decide_clear(vrfleak_rib_ops_context(&engine.conflicts),
			     target->index, prefix);
	prefix_decided(target, prefix);
	vrfleak_rib_lookup_end();
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end();
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->policy)
		return;
	if (!prefix)
		vrfleak_walk_target(target, af);
	else if (!vrfleak_pending_source(target, prefix))
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
	vrfleak_conflict_table_init(&engine.conflicts);
	vrfleak_changed_init();
	vrfleak_walk_init();
	vrfleak_rib_ops_init();
	vrfleak_vrfs_init();
	vrfleak_nhgs_init();
	vrfleak_links_init();
	vrfleak_pending_init(loop);
	vrfleak_refused_init(loop);
	vrfleak_watch_init(loop);
}

void vrfleak_engine_finish(void)
{
	vrfleak_scheduler_listen(false);
	vrfleak_watch_finish();
	event_cancel(&engine.work);
	vrfleak_refused_finish();
	vrfleak_pending_finish();
	vrfleak_walk_finish();
	vrfleak_rib_ops_finish();
	vrfleak_changed_finish();
	vrfleak_conflict_table_finish(&engine.conflicts);
	vrfleak_nhgs_finish();
	vrfleak_links_finish();
	vrfleak_engine_policy_finish();
	vrfleak_vrfs_finish();
	XFREE(MTYPE_VRFLEAK_SOURCES, engine.sources);
}
