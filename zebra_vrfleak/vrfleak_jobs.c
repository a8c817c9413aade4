// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: walks of whole tables that wait to be done, see the header.
 *
 * A job leaves only by vrfleak_job_end().
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_jobs.h"
#include "zebra_vrfleak/vrfleak_memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_JOB, "Route leak table walk");

int vrfleak_job_cmp(const struct vrfleak_job *a, const struct vrfleak_job *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return 0;
}

void vrfleak_job_add(struct vrfleak_jobs_head *jobs, enum vrfleak_job_kind kind,
		     enum vrfleak_af af, uint32_t target, uint32_t rank,
		     uint32_t source)
{
	struct vrfleak_job key = {
		.kind = kind,
		.af = af,
		.target = target,
		.rank = rank,
		.source = source,
	};
	struct vrfleak_job *job = vrfleak_jobs_find(jobs, &key);

	if (job) {
		job->again = job->started || job->table_done;
		return;
	}
	job = XCALLOC(MTYPE_VRFLEAK_JOB, sizeof(*job));
	*job = key;
	vrfleak_jobs_add(jobs, job);
}

struct vrfleak_job *vrfleak_job_turn(struct vrfleak_jobs_head *jobs)
{
	struct vrfleak_job *job, *next = NULL;

	frr_each (vrfleak_jobs, jobs, job) {
		if (job->turn == 0)
			return job;
		if (!next || job->turn < next->turn)
			next = job;
	}
	return next;
}

/* How many jobs have begun anew. */
static uint64_t turns;

void vrfleak_job_end(struct vrfleak_jobs_head *jobs, struct vrfleak_job *job)
{
	if (!job->again) {
		vrfleak_jobs_del(jobs, job);
		XFREE(MTYPE_VRFLEAK_JOB, job);
		return;
	}
	job->again = false;
	job->turn = ++turns;
	job->table_done = false;
	job->started = false;
}

void vrfleak_jobs_rerank(struct vrfleak_jobs_head *jobs,
			 uint32_t (*rank)(const struct vrfleak_job *job))
{
	struct vrfleak_job *job;
	uint32_t new;

	/* One that comes later in the order now is met again, unchanged. */
	frr_each_safe (vrfleak_jobs, jobs, job) {
		if (job->kind != VRFLEAK_WALK)
			continue;
		new = rank(job);
		if (new == job->rank)
			continue;
		vrfleak_jobs_del(jobs, job);
		job->rank = new;
		vrfleak_jobs_add(jobs, job);
	}
}

uint32_t vrfleak_jobs_pending(struct vrfleak_jobs_head *jobs,
			      enum vrfleak_af af, uint32_t target,
			      uint32_t *sources, uint32_t size)
{
	struct vrfleak_job key = {
		.kind = VRFLEAK_WALK,
		.af = af,
		.target = target,
	};
	struct vrfleak_job *job;
	uint32_t count = 0;

	if (vrfleak_jobs_count(jobs) == 0)
		return 0;
	for (job = vrfleak_jobs_find_gteq(jobs, &key);
	     count < size && job && job->kind == VRFLEAK_WALK &&
	     job->af == af && job->target == target;
	     job = vrfleak_jobs_next(jobs, job)) {
		if (sources)
			sources[count] = job->source;
		count++;
	}
	return count;
}

void vrfleak_jobs_finish(struct vrfleak_jobs_head *jobs)
{
	struct vrfleak_job *job;

	while ((job = vrfleak_jobs_pop(jobs)))
		XFREE(MTYPE_VRFLEAK_JOB, job);
	vrfleak_jobs_fini(jobs);
}
