// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what drives the decisions.
 *
 * Zebra's rib_update hook is a hint that comes before the RIB is final, so the
 * prefix is marked and looked at from an event. A route that was given to zebra
 * is not in the RIB before zebra's own queue has come to it; until then its
 * prefix is "given", and looked at again when it is seen, or when zebra has
 * nothing left to do and it is still not there: then zebra did not keep it.
 *
 * Routes that zebra did not keep are tried again, each time after twice as
 * long, up to a minute: nobody tells when 'ip protocol table' changes.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/if.h"
#include "lib/monotime.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_report.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_worklist.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak changed sources");

/* How long the event loop is held, and how many prefixes between two looks
 * at the clock.
 */
#define SLICE_USEC 3000
#define SLICE_PREFIXES 16

/* How much may wait for zebra, and how often that is looked at. */
#define GIVEN_MAX 4000
#define GIVEN_MSEC 10

#define REFRESH_SECONDS 1
#define STALE_SECONDS 1
#define RETRY_SECONDS_MAX 60

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_policy *policy;
	struct vrfleak_contests_head contests;
	struct vrfleak_dirty changed;
	struct vrfleak_dirty given;
	struct vrfleak_jobs_head jobs;
	uint32_t *sources;
	uint32_t sources_size;
	struct vrfleak_event *work;
	struct vrfleak_event *given_check;
	struct vrfleak_event *refresh;
	struct vrfleak_event *retry;
	struct vrfleak_event *stale;
	uint32_t retry_seconds;
} engine;

static enum vrfleak_af prefix_af(const struct prefix *prefix)
{
	return prefix->family == AF_INET ? VRFLEAK_IPV4 : VRFLEAK_IPV6;
}

static void work_run(struct vrfleak_event *event);
static void given_run(struct vrfleak_event *event);
static void retry_run(struct vrfleak_event *event);

static void work_schedule(void)
{
	event_add_event(engine.loop, work_run, NULL, 0, &engine.work);
}

static void given_schedule(void)
{
	event_add_timer_msec(engine.loop, given_run, NULL, GIVEN_MSEC,
			     &engine.given_check);
}

/* ---- the world, as the decision sees it ---- */

static struct vrfleak_held world_held(uint32_t target,
				      const struct prefix *prefix, void *arg)
{
	return vrfleak_rib_held(vrfleak_vrf_by_number(target), prefix);
}

static enum vrfleak_offer world_offer(uint32_t source, uint32_t target,
				      const struct prefix *prefix,
				      uint32_t *rank, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);
	const struct vrfleak_edge *edge;

	if (!from || !to || !to->node)
		return VRFLEAK_OFFER_NONE;

	edge = vrfleak_policy_source(to->node, prefix_af(prefix), from->name);
	if (!edge)
		return VRFLEAK_OFFER_NONE;

	*rank = edge->rank;
	return vrfleak_rib_offer(from, to, prefix);
}

static void world_install(uint32_t source, uint32_t target,
			  const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, to->name);
	if (!vrfleak_rib_install(from, to, prefix))
		return;

	vrfleak_dirty_add(&engine.given, target, prefix, 0)->note = source;
	given_schedule();
}

static void world_withdraw(uint32_t source, uint32_t target,
			   const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);

	VRFLEAK_DEBUG(routes, "%pFX: withdraw what VRF %s leaked to VRF %s",
		      prefix, from->name, to->name);
	vrfleak_rib_withdraw(from, to, prefix);
}

static void world_conflict(uint32_t target, const struct prefix *prefix,
			   uint32_t winner, uint32_t loser,
			   enum vrfleak_reason reason, bool raised, void *arg)
{
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(loser);

	vrfleak_report_conflict(to, prefix, vrfleak_vrf_by_number(winner),
				from, reason, raised);
	if (!raised || reason != VRFLEAK_NOT_ACCEPTED || engine.retry)
		return;
	event_add_timer(engine.loop, retry_run, NULL, engine.retry_seconds,
			&engine.retry);
}

static const struct vrfleak_world world = {
	.held = world_held,
	.offer = world_offer,
	.install = world_install,
	.withdraw = world_withdraw,
	.conflict = world_conflict,
};

static struct vrfleak_court *court(void)
{
	static struct vrfleak_court seat = {
		.world = &world,
		.contests = &engine.contests,
	};

	seat.now = monotime(NULL);
	return &seat;
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

/*
 * Decide about a prefix in target after a change in sources. The sources that
 * are about to be walked count as changed: they come in the same moment.
 */
static void target_decide(const struct vrfleak_vrf *target,
			  const struct prefix *prefix, const uint32_t *sources,
			  uint32_t count)
{
	struct vrfleak_dirty_item *item;
	uint32_t pending;

	item = vrfleak_dirty_lookup(&engine.given, target->number, prefix);
	if (item) {
		for (uint32_t i = 0; i < count; i++)
			vrfleak_dirty_add(&engine.given, target->number,
					  prefix, sources[i]);
		return;
	}

	pending = vrfleak_jobs_pending(&engine.jobs, prefix_af(prefix),
				       target->number, NULL, 0);
	if (pending == 0) {
		vrfleak_decide(court(), target->number, prefix, sources,
			       count);
		return;
	}

	sources_reserve(count + pending);
	if (count)
		memcpy(engine.sources, sources, count * sizeof(*sources));
	vrfleak_jobs_pending(&engine.jobs, prefix_af(prefix), target->number,
			     engine.sources + count, pending);
	vrfleak_decide(court(), target->number, prefix, engine.sources,
		       count + pending);
}

/* ---- changed prefixes ---- */

static int rib_update_hook(struct route_node *rn, const char *reason)
{
	struct vrfleak_vrf *vrf = vrfleak_rib_node_vrf(rn);
	uint32_t lost;

	if (!vrf || !vrf->node)
		return 0;

	vrfleak_dirty_add(&engine.changed, 0, &rn->p, vrf->number);
	lost = vrfleak_rib_node_lost(rn);
	if (lost)
		vrfleak_dirty_add(&engine.changed, 0, &rn->p, lost);
	work_schedule();
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
	enum vrfleak_af af = prefix_af(&item->prefix);
	const struct vrfleak_edges *targets;
	uint32_t count;

	if (!vrf || !vrf->node)
		return;

	target_decide(vrf, &item->prefix, sources,
		      changed_sources(item, vrf->node, af, sources));

	targets = &vrf->node->targets[af];
	for (uint32_t i = 0; i < targets->count; i++) {
		count = changed_sources(item, targets->edge[i].node, af,
					sources);
		if (count && sources[0] == vrf->number)
			target_decide(targets->edge[i].node->owner,
				      &item->prefix, sources, count);
	}
}

static void changed_run(struct vrfleak_dirty_item *item)
{
	uint32_t *sources;

	VRFLEAK_DEBUG(events, "%pFX: changed in %u VRFs", &item->prefix,
		      item->count);
	sources = XCALLOC(MTYPE_VRFLEAK_SOURCES,
			  (item->count + 1) * sizeof(*sources));
	for (uint32_t i = 0; i < item->count; i++)
		changed_decide(item, i, sources);
	XFREE(MTYPE_VRFLEAK_SOURCES, sources);
	vrfleak_dirty_free(item);
}

/* ---- prefixes that were given to zebra ---- */

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
		vrfleak_decide_rejected(court(), target->number,
					&item->prefix, source->number);
	target_decide(target, &item->prefix, item->vrfs, item->count);
	vrfleak_dirty_free(item);
	return true;
}

static void given_run(struct vrfleak_event *event)
{
	bool zebra_idle = vrfleak_zebra_backlog() == 0;
	uint32_t left = vrfleak_dirty_count(&engine.given);
	struct vrfleak_dirty_item *item;

	while (left-- > 0) {
		item = vrfleak_dirty_pop(&engine.given);
		if (!given_settle(item, zebra_idle))
			vrfleak_dirty_put(&engine.given, item);
	}

	if (vrfleak_dirty_count(&engine.given))
		given_schedule();
	work_schedule();
}

/* ---- walks of whole tables ---- */

struct slice {
	struct timeval start;
	struct vrfleak_job *job;
	struct vrfleak_vrf *target;
	uint32_t prefixes;
};

/* Whether there is time, and zebra has room, for another prefix. */
static bool slice_goes_on(struct slice *slice)
{
	if (vrfleak_dirty_count(&engine.given) >= GIVEN_MAX)
		return false;
	if (++slice->prefixes % SLICE_PREFIXES)
		return true;
	return monotime_since(&slice->start, NULL) < SLICE_USEC;
}

static bool walk_visit(const struct prefix *prefix, struct route_entry *leaked,
		       struct vrfleak_vrf *from, void *arg)
{
	struct slice *slice = arg;
	const struct vrfleak_job *job = slice->job;

	if (!vrfleak_dirty_lookup(&engine.given, job->target, prefix))
		vrfleak_decide(court(), job->target, prefix, &job->source, 1);
	else
		vrfleak_dirty_add(&engine.given, job->target, prefix,
				  job->source);
	return slice_goes_on(slice);
}

static bool sweep_visit(const struct prefix *prefix, struct route_entry *leaked,
			struct vrfleak_vrf *from, void *arg)
{
	struct slice *slice = arg;

	if (leaked)
		target_decide(slice->target, prefix, &from->number, 1);
	return slice_goes_on(slice);
}

/* Those that wait in the job's target; returns whether all were looked at. */
static bool sweep_waiting(struct slice *slice)
{
	struct vrfleak_job *job = slice->job;
	int family = job->af == VRFLEAK_IPV4 ? AF_INET : AF_INET6;
	const struct vrfleak_contest *contest;
	uint32_t sources[1];

	do {
		contest = vrfleak_contest_next(&engine.contests, job->target,
					       family,
					       job->started ? &job->done
							    : NULL);
		if (!contest)
			return true;
		vrfleak_contest_prefix(contest, &job->done);
		job->started = true;
		for (uint16_t i = contest->count; i > 0; i--) {
			contest = vrfleak_contest_find(
				&engine.contests, job->target, &job->done);
			if (!contest || contest->count < i)
				continue;
			sources[0] = contest->waiters[i - 1].source;
			target_decide(slice->target, &job->done, sources, 1);
		}
	} while (slice_goes_on(slice));
	return false;
}

/* Whether the job is done. */
static bool job_run(struct slice *slice)
{
	struct vrfleak_job *job = slice->job;

	slice->target = vrfleak_vrf_by_number(job->target);
	if (!slice->target)
		return true;

	if (job->kind == VRFLEAK_WALK)
		return vrfleak_rib_walk(vrfleak_vrf_by_number(job->source),
					job->af, &job->done, &job->started,
					walk_visit, slice);

	if (!job->table_done) {
		if (!vrfleak_rib_walk(slice->target, job->af, &job->done,
				      &job->started, sweep_visit, slice))
			return false;
		job->table_done = true;
		job->started = false;
	}
	return sweep_waiting(slice);
}

/* ---- the event that does the work ---- */

static void work_run(struct vrfleak_event *event)
{
	struct slice slice = {};
	struct vrfleak_dirty_item *item;

	monotime(&slice.start);
	do {
		item = vrfleak_dirty_pop(&engine.changed);
		if (item) {
			changed_run(item);
			continue;
		}
		slice.job = vrfleak_jobs_first(&engine.jobs);
		if (!slice.job)
			break;
		if (job_run(&slice))
			vrfleak_job_del(&engine.jobs, slice.job);
	} while (slice_goes_on(&slice));

	if (vrfleak_dirty_count(&engine.changed) ||
	    vrfleak_jobs_count(&engine.jobs)) {
		if (vrfleak_dirty_count(&engine.given) < GIVEN_MAX)
			work_schedule();
		return;
	}
	if (!vrfleak_engine_busy())
		vrfleak_vrfs_forget();
}

bool vrfleak_engine_busy(void)
{
	return vrfleak_dirty_count(&engine.changed) ||
	       vrfleak_dirty_count(&engine.given) ||
	       vrfleak_jobs_count(&engine.jobs);
}

/* ---- VRFs that come and go ---- */

static void target_walk(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_edges *sources;

	vrfleak_job_add(&engine.jobs, VRFLEAK_SWEEP, af, target->number, 0, 0);
	if (target->node) {
		sources = &target->node->sources[af];
		for (uint32_t i = 0; i < sources->count; i++) {
			const struct vrfleak_vrf *source =
				sources->edge[i].node->owner;

			vrfleak_job_add(&engine.jobs, VRFLEAK_WALK, af,
					target->number, sources->edge[i].rank,
					source->number);
		}
	}
	work_schedule();
}

/* A VRF came, went or changed: all that it takes and gives is looked at. */
static void vrf_changed(const struct vrfleak_vrf *vrf)
{
	VRFLEAK_DEBUG(events, "VRF %s: %s", vrf->name,
		      vrfleak_vrf_bound(vrf) ? "there" : "not there");
	engine.retry_seconds = 1;

	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		const struct vrfleak_edges *targets;

		target_walk(vrf, af);
		if (!vrf->node)
			continue;
		targets = &vrf->node->targets[af];
		for (uint32_t i = 0; i < targets->count; i++) {
			const struct vrfleak_vrf *target =
				targets->edge[i].node->owner;

			vrfleak_job_add(&engine.jobs, VRFLEAK_SWEEP, af,
					target->number, 0, 0);
			vrfleak_job_add(&engine.jobs, VRFLEAK_WALK, af,
					target->number, targets->edge[i].rank,
					vrf->number);
		}
	}
}

static void refresh_run(struct vrfleak_event *event)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		if (vrfleak_vrf_refresh(vrf))
			vrf_changed(vrf);

	if (vrfleak_vrf_next(NULL))
		event_add_timer(engine.loop, refresh_run, NULL,
				REFRESH_SECONDS, &engine.refresh);
}

static void refresh_now(void)
{
	event_cancel(&engine.refresh);
	event_add_event(engine.loop, refresh_run, NULL, 0, &engine.refresh);
}

static int interface_hook(struct interface *ifp)
{
	if (vrfleak_vrf_next(NULL))
		refresh_now();
	return 0;
}

/* ---- routes that zebra did not keep ---- */

static void retry_run(struct vrfleak_event *event)
{
	struct vrfleak_contest *contest;

	engine.retry_seconds = MIN(engine.retry_seconds * 2, RETRY_SECONDS_MAX);
	frr_each (vrfleak_contests, &engine.contests, contest)
		for (uint16_t i = 0; i < contest->count; i++) {
			struct prefix prefix;

			if (contest->waiters[i].reason != VRFLEAK_NOT_ACCEPTED)
				continue;
			vrfleak_contest_prefix(contest, &prefix);
			vrfleak_dirty_add(&engine.changed, 0, &prefix,
					  contest->waiters[i].source);
			if (!engine.retry)
				event_add_timer(engine.loop, retry_run, NULL,
						engine.retry_seconds,
						&engine.retry);
		}
	work_schedule();
}

/* ---- routes from before zebra's start ---- */

static void stale_run(struct vrfleak_event *event)
{
	if (!vrfleak_rib_sweep_stale())
		event_add_timer(engine.loop, stale_run, NULL, STALE_SECONDS,
				&engine.stale);
}

/* ---- from outside ---- */

static void policy_edge_changed(enum vrfleak_af af, struct vrfleak_node *source,
				struct vrfleak_node *target, bool added,
				void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_name(source->name);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_name(target->name);

	VRFLEAK_DEBUG(config, "VRF %s %s to VRF %s (%s)", source->name,
		      added ? "leaks" : "no longer leaks", target->name,
		      af == VRFLEAK_IPV4 ? "IPv4" : "IPv6");
	if (added)
		vrfleak_job_add(&engine.jobs, VRFLEAK_WALK, af, to->number,
				vrfleak_policy_source(target, af, source->name)
					->rank,
				from->number);
	else
		vrfleak_job_add(&engine.jobs, VRFLEAK_SWEEP, af, to->number, 0,
				0);
}

void vrfleak_engine_set_policy(struct vrfleak_policy *policy)
{
	struct vrfleak_policy *old = engine.policy;
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		vrf->node = NULL;
	for (uint32_t i = 0; i < policy->count; i++) {
		vrf = vrfleak_vrf_get(policy->nodes[i]->name);
		vrf->node = policy->nodes[i];
		policy->nodes[i]->owner = vrf;
	}
	engine.policy = policy;
	engine.retry_seconds = 1;

	vrfleak_policy_diff(old, policy, policy_edge_changed, NULL);
	vrfleak_policy_free(old);
	refresh_now();
	work_schedule();
}

const struct vrfleak_policy *vrfleak_engine_policy(void)
{
	return engine.policy;
}

struct vrfleak_contests_head *vrfleak_engine_contests(void)
{
	return &engine.contests;
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->node)
		return;
	if (!prefix)
		target_walk(target, af);
	else if (!vrfleak_dirty_lookup(&engine.given, target->number, prefix))
		vrfleak_decide_clear(court(), target->number, prefix);
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
	engine.policy = vrfleak_policy_new();
	engine.retry_seconds = 1;
	vrfleak_contests_init(&engine.contests);
	vrfleak_dirty_init(&engine.changed);
	vrfleak_dirty_init(&engine.given);
	vrfleak_jobs_init(&engine.jobs);
	vrfleak_vrfs_init();
	event_add_timer(loop, stale_run, NULL, STALE_SECONDS, &engine.stale);
	hook_register(rib_update, rib_update_hook);
	hook_register(if_add, interface_hook);
	hook_register(if_del, interface_hook);
}

void vrfleak_engine_finish(void)
{
	hook_unregister(rib_update, rib_update_hook);
	hook_unregister(if_add, interface_hook);
	hook_unregister(if_del, interface_hook);
	event_cancel(&engine.work);
	event_cancel(&engine.given_check);
	event_cancel(&engine.refresh);
	event_cancel(&engine.retry);
	event_cancel(&engine.stale);
	vrfleak_jobs_finish(&engine.jobs);
	vrfleak_dirty_finish(&engine.given);
	vrfleak_dirty_finish(&engine.changed);
	vrfleak_contests_finish(&engine.contests);
	vrfleak_policy_free(engine.policy);
	engine.policy = NULL;
	vrfleak_vrfs_finish();
	XFREE(MTYPE_VRFLEAK_SOURCES, engine.sources);
}
