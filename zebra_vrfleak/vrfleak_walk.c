// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: walks of whole tables.
 *
 * A walk keeps the prefix that it has come to, and nothing of zebra's, so that
 * tables and VRFs may change and go between two slices.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_jobs.h"
#include "zebra_vrfleak/vrfleak_own.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_world.h"

static struct vrfleak_jobs_head walk_jobs;
/* Of sources with several targets; none when no job is left. */
static struct vrfleak_owns_head walk_owns;

struct visit {
	struct vrfleak_slice *slice;
	const struct vrfleak_job *job;
	struct vrfleak_vrf *target;
	/* Of a walk: its source, whether others may have a better way, and the
	 * list that it gathers, or NULL.
	 */
	struct vrfleak_vrf *source;
	bool better_ways;
	struct vrfleak_own *gathers;
};

void vrfleak_walk_init(void)
{
	vrfleak_jobs_init(&walk_jobs);
	vrfleak_owns_init(&walk_owns);
}

void vrfleak_walk_finish(void)
{
	vrfleak_jobs_finish(&walk_jobs);
	vrfleak_owns_clear(&walk_owns);
	vrfleak_owns_fini(&walk_owns);
}

void vrfleak_walk_edge(const struct vrfleak_vrf *source,
		       const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_edge *edge =
		vrfleak_policy_source(target->node, af, source->name);

	vrfleak_job_add(&walk_jobs, VRFLEAK_WALK, af, target->number,
			edge->rank, source->number);
	vrfleak_own_drop(&walk_owns, source->number, af);
	vrfleak_engine_wake();
}

void vrfleak_walk_sweep(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	vrfleak_job_add(&walk_jobs, VRFLEAK_SWEEP, af, target->number, 0, 0);
	vrfleak_given_doubt();
	vrfleak_engine_wake();
}

void vrfleak_walk_room(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	vrfleak_job_add(&walk_jobs, VRFLEAK_ROOM, af, target->number, 0, 0);
	vrfleak_engine_wake();
}

void vrfleak_walk_audit(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_job key = {
		.kind = VRFLEAK_AUDIT,
		.af = af,
		.target = target->number,
	};

	/* There will be another one; this one shall come to its end. */
	if (vrfleak_jobs_find(&walk_jobs, &key))
		return;
	vrfleak_job_add(&walk_jobs, VRFLEAK_AUDIT, af, target->number, 0, 0);
	vrfleak_engine_wake();
}

void vrfleak_walk_target(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_edges *sources;

	vrfleak_walk_sweep(target, af);
	if (!target->node)
		return;
	sources = &target->node->sources[af];
	for (uint32_t i = 0; i < sources->count; i++)
		vrfleak_walk_edge(sources->edge[i].node->owner, target, af);
}

void vrfleak_walk_vrf(const struct vrfleak_vrf *vrf)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		const struct vrfleak_edges *targets;

		vrfleak_walk_target(vrf, af);
		if (!vrf->node)
			continue;
		targets = &vrf->node->targets[af];
		for (uint32_t i = 0; i < targets->count; i++) {
			vrfleak_walk_sweep(targets->edge[i].node->owner, af);
			vrfleak_walk_edge(vrf, targets->edge[i].node->owner,
					  af);
		}
	}
}

size_t vrfleak_walk_count(void)
{
	return vrfleak_jobs_count(&walk_jobs);
}

uint32_t vrfleak_walk_pending(const struct vrfleak_vrf *target,
			      enum vrfleak_af af, uint32_t *sources,
			      uint32_t size)
{
	return vrfleak_jobs_pending(&walk_jobs, af, target->number, sources,
				    size);
}

/*
 * Walks are in the order of the sources' first ways, so no other source need be
 * asked here, unless another may have a better way.
 */
static bool edge_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	/* Most may be what was leaked to the source; a sweep sees to the rest.
	 */
	if (vrfleak_rib_node_offers(visit->source, at->rn)) {
		if (visit->gathers)
			vrfleak_own_gather(visit->gathers, at->prefix);
		vrfleak_engine_decide_at(
			visit->target, at->prefix, visit->source, at->rn,
			&visit->job->source, 1, visit->better_ways);
	}
	return vrfleak_slice_goes_on(visit->slice);
}

static bool sweep_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	if (at->source)
		vrfleak_engine_decide(visit->target, at->prefix,
				      &at->source->number, 1, true);
	return vrfleak_slice_goes_on(visit->slice);
}

static bool audit_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	vrfleak_zebra_requeue(at->rn);
	vrfleak_system_check_leaked(visit->target, at);
	return vrfleak_slice_in_time(visit->slice);
}

/* Ask all that wait for a prefix. Each may leave as it is asked. */
static void waiters_ask(const struct visit *visit, const struct prefix *prefix,
			uint16_t count)
{
	const struct vrfleak_contest *contest;
	uint32_t source;

	for (uint16_t i = count; i > 0; i--) {
		contest = vrfleak_contest_find(vrfleak_engine_contests(),
					       visit->job->target, prefix);
		if (!contest || contest->count < i)
			continue;
		if (visit->job->kind == VRFLEAK_ROOM &&
		    contest->waiters[i - 1].reason != VRFLEAK_FULL)
			continue;
		source = contest->waiters[i - 1].source;
		vrfleak_engine_decide(visit->target, prefix, &source, 1, true);
	}
}

/* The job's next contest, of which the prefix is then in done; or NULL. */
static const struct vrfleak_contest *contest_step(struct vrfleak_job *job)
{
	const struct vrfleak_contest *contest = vrfleak_contest_next(
		vrfleak_engine_contests(), job->target,
		vrfleak_af_family(job->af), job->started ? &job->done : NULL);

	if (contest)
		vrfleak_contest_prefix(contest, &job->done);
	job->started = true;
	return contest;
}

/* Ask those that wait in the job's target; whether all were asked. */
static bool waiting_sweep(const struct visit *visit, struct vrfleak_job *job)
{
	const struct vrfleak_contest *contest;

	do {
		if (job->kind == VRFLEAK_ROOM &&
		    !vrfleak_world_has_room(visit->target, job->af))
			return true;
		contest = contest_step(job);
		if (!contest)
			return true;
		waiters_ask(visit, &job->done, contest->count);
	} while (vrfleak_slice_goes_on(visit->slice));
	return false;
}

/* Check the candidates in the job's target; whether all were checked. */
static bool waiting_audit(const struct visit *visit, struct vrfleak_job *job)
{
	const struct vrfleak_contest *contest;

	do {
		contest = contest_step(job);
		if (!contest)
			return true;
		vrfleak_system_check_waiting(visit->target, &job->done,
					     contest);
	} while (vrfleak_slice_in_time(visit->slice));
	return false;
}

/* Look at a target's table, then at what waits there. */
static bool
target_run(struct visit *visit, struct vrfleak_job *job, vrfleak_rib_visit each,
	   bool (*waiting)(const struct visit *visit, struct vrfleak_job *job))
{
	if (!job->table_done) {
		if (!vrfleak_rib_walk(visit->target, job->af, &job->done,
				      &job->started, each, visit))
			return false;
		job->table_done = true;
		job->started = false;
	}
	return waiting(visit, job);
}

/* The edge that is walked, or NULL. */
static const struct vrfleak_edge *job_edge(const struct vrfleak_job *job)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_number(job->target);
	const struct vrfleak_vrf *source = vrfleak_vrf_by_number(job->source);

	return target->node ? vrfleak_policy_source(target->node, job->af,
						    source->name)
			    : NULL;
}

static uint32_t job_rank(const struct vrfleak_job *job)
{
	const struct vrfleak_edge *edge = job_edge(job);

	return edge ? edge->rank : job->rank;
}

void vrfleak_walk_rerank(void)
{
	vrfleak_jobs_rerank(&walk_jobs, job_rank);
}

/* How many nodes the table of the walk's source has. */
static size_t table_size(const struct visit *visit)
{
	struct route_table *table =
		vrfleak_rib_table(visit->source, visit->job->af);

	return table ? route_table_count(table) : 0;
}

static struct vrfleak_own *own_find(const struct visit *visit)
{
	return vrfleak_own_find(&walk_owns, visit->job->source, visit->job->af);
}

/* The list that the walk begins, or has begun, to gather, or NULL. */
static struct vrfleak_own *own_gathered(const struct visit *visit)
{
	const struct vrfleak_job *job = visit->job;
	struct vrfleak_own *own = own_find(visit);

	if (own && (job->started || !vrfleak_own_again(own, table_size(visit))))
		return own->target == job->target ? own : NULL;
	if (job->started || !visit->source->node ||
	    visit->source->node->targets[job->af].count < 2)
		return NULL;
	vrfleak_own_drop(&walk_owns, job->source, job->af);
	return vrfleak_own_begin(&walk_owns, job->source, job->af, job->target,
				 table_size(visit));
}

/* The list by which to walk, as most of the table is not in it; or NULL. */
static const struct vrfleak_own *own_short(const struct visit *visit)
{
	const struct vrfleak_own *own = own_find(visit);

	if (!own || own->state != VRFLEAK_OWN_COMPLETE ||
	    table_size(visit) / 2 < own->count)
		return NULL;
	return own;
}

static bool own_walk(const struct visit *visit, struct vrfleak_job *job,
		     const struct vrfleak_own *own)
{
	const struct prefix *prefix;

	do {
		prefix =
			vrfleak_own_next(own, job->started ? &job->done : NULL);
		if (!prefix)
			return true;
		prefix_copy(&job->done, prefix);
		job->started = true;
		vrfleak_engine_decide(visit->target, &job->done, &job->source,
				      1, visit->better_ways);
	} while (vrfleak_slice_goes_on(visit->slice));
	return false;
}

static bool edge_walk(struct visit *visit, struct vrfleak_job *job)
{
	const struct vrfleak_own *own = own_short(visit);
	const struct vrfleak_edge *edge = job_edge(job);
	uint32_t first = job->source;
	bool done;

	/*
	 * By another way than the first a later source may be the better; so
	 * may an earlier one that is walked again.
	 */
	vrfleak_walk_pending(visit->target, job->af, &first, 1);
	visit->better_ways =
		first != job->source || (edge && edge->ways_count > 1);
	if (own)
		return own_walk(visit, job, own);
	visit->gathers = own_gathered(visit);
	done = vrfleak_rib_walk(visit->source, job->af, &job->done,
				&job->started, edge_visit, visit);
	if (done && visit->gathers)
		vrfleak_own_complete(visit->gathers);
	return done;
}

/* Go on with a job; whether it is done. */
static bool job_run(struct vrfleak_slice *slice, struct vrfleak_job *job)
{
	struct visit visit = {
		.slice = slice,
		.job = job,
		.target = vrfleak_vrf_by_number(job->target),
		.source = vrfleak_vrf_by_number(job->source),
	};

	switch (job->kind) {
	case VRFLEAK_SWEEP:
		return target_run(&visit, job, sweep_visit, waiting_sweep);
	case VRFLEAK_ROOM:
		return waiting_sweep(&visit, job);
	case VRFLEAK_AUDIT:
		return target_run(&visit, job, audit_visit, waiting_audit);
	case VRFLEAK_WALK:
		break;
	}
	return edge_walk(&visit, job);
}

bool vrfleak_walk_run(struct vrfleak_slice *slice)
{
	struct vrfleak_job *job = vrfleak_job_turn(&walk_jobs);

	if (!job)
		return false;
	if (job_run(slice, job))
		vrfleak_job_end(&walk_jobs, job);
	if (vrfleak_jobs_count(&walk_jobs) == 0)
		vrfleak_owns_clear(&walk_owns);
	return true;
}
