// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the walks that wait: none twice, none lost, and each
 * in its turn.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_jobs.h"
#include "check_vrfleak.h"

static struct vrfleak_jobs_head jobs;

static void setup(void)
{
	vrfleak_jobs_init(&jobs);
}

static void teardown(void)
{
	vrfleak_jobs_finish(&jobs);
}

struct job_case {
	enum vrfleak_job_kind kind;
	enum vrfleak_af af;
	uint32_t target;
	uint32_t rank;
	uint32_t source;
};

/* In the order in which they must be done. */
static const struct job_case in_order[] = {
	{VRFLEAK_SWEEP, VRFLEAK_IPV4, 2, 0, 0},
	{VRFLEAK_SWEEP, VRFLEAK_IPV4, 9, 0, 0},
	{VRFLEAK_SWEEP, VRFLEAK_IPV6, 1, 0, 0},
	{VRFLEAK_WALK, VRFLEAK_IPV4, 1, 0, 7},
	{VRFLEAK_WALK, VRFLEAK_IPV4, 1, 1, 3},
	{VRFLEAK_WALK, VRFLEAK_IPV4, 1, 2, 5},
	{VRFLEAK_WALK, VRFLEAK_IPV4, 2, 0, 1},
	{VRFLEAK_WALK, VRFLEAK_IPV6, 1, 0, 3},
};

static void job_add(const struct job_case *c)
{
	vrfleak_job_add(&jobs, c->kind, c->af, c->target, c->rank, c->source);
}

START_TEST(jobs_in_order)
{
	/* Added in another order, some twice. */
	for (size_t i = 0; i < array_size(in_order) * 2; i++)
		job_add(&in_order[(i * 3 + 5) % array_size(in_order)]);
	ck_assert_uint_eq(vrfleak_jobs_count(&jobs), array_size(in_order));

	for (size_t i = 0; i < array_size(in_order); i++) {
		struct vrfleak_job *job = vrfleak_jobs_first(&jobs);
		const struct job_case *c = &in_order[i];

		ck_assert_msg(job->kind == c->kind && job->af == c->af &&
				      job->target == c->target &&
				      job->rank == c->rank &&
				      job->source == c->source,
			      "job %zu is another one", i);
		ck_assert_ptr_eq(vrfleak_job_turn(&jobs), job);
		vrfleak_job_end(&jobs, job);
	}
	ck_assert_ptr_null(vrfleak_jobs_first(&jobs));
}
END_TEST

/* One that has not started yet is the same as one that was just added. */
START_TEST(job_once)
{
	struct vrfleak_job *job;

	job_add(&in_order[3]);
	job_add(&in_order[3]);
	job = vrfleak_job_turn(&jobs);
	ck_assert(!job->started && !job->table_done);
	vrfleak_job_end(&jobs, job);
	ck_assert_ptr_null(vrfleak_job_turn(&jobs));
}
END_TEST

/* One that has started comes to its end, lets the others pass, and begins anew;
 * whoever comes again and again stops nobody.
 */
START_TEST(job_begins_anew)
{
	struct vrfleak_job *job, *other;

	job_add(&in_order[3]);
	job_add(&in_order[5]);
	job = vrfleak_job_turn(&jobs);
	job->started = true;
	job->table_done = true;
	job->done = P("192.0.2.0/24");
	job_add(&in_order[3]);
	ck_assert_ptr_eq(vrfleak_job_turn(&jobs), job);
	ck_assert(job->started && job->table_done);

	vrfleak_job_end(&jobs, job);
	other = vrfleak_job_turn(&jobs);
	ck_assert_ptr_ne(other, job);
	other->started = true;
	job_add(&in_order[5]);
	vrfleak_job_end(&jobs, other);

	ck_assert_ptr_eq(vrfleak_job_turn(&jobs), job);
	ck_assert(!job->started && !job->table_done);
	job->started = true;
	job_add(&in_order[3]);
	vrfleak_job_end(&jobs, job);
	ck_assert_ptr_eq(vrfleak_job_turn(&jobs), other);
	ck_assert(!other->started);
	vrfleak_job_end(&jobs, other);
	ck_assert_ptr_eq(vrfleak_job_turn(&jobs), job);
	vrfleak_job_end(&jobs, job);
	ck_assert_ptr_null(vrfleak_job_turn(&jobs));
}
END_TEST

/* The last one first. */
static uint32_t rank_reversed(const struct vrfleak_job *job)
{
	return 100 - job->source;
}

/* What was done stays done; sweeps have no rank. */
START_TEST(jobs_in_another_order)
{
	struct vrfleak_job *job;
	uint32_t before = 100;

	for (uint32_t source = 1; source < 20; source++)
		vrfleak_job_add(&jobs, VRFLEAK_WALK, VRFLEAK_IPV4, 30, source,
				source);
	vrfleak_job_add(&jobs, VRFLEAK_SWEEP, VRFLEAK_IPV4, 30, 0, 0);
	frr_each (vrfleak_jobs, &jobs, job)
		job->started = job->source == 7;
	vrfleak_jobs_rerank(&jobs, rank_reversed);
	ck_assert_uint_eq(vrfleak_jobs_count(&jobs), 20);
	ck_assert_int_eq(vrfleak_job_turn(&jobs)->kind, VRFLEAK_SWEEP);
	vrfleak_job_end(&jobs, vrfleak_job_turn(&jobs));
	frr_each (vrfleak_jobs, &jobs, job) {
		ck_assert_uint_lt(job->source, before);
		ck_assert_uint_eq(job->rank, 100 - job->source);
		ck_assert_int_eq(job->started, job->source == 7);
		before = job->source;
	}
	/* They are the same jobs: one that is added again is no other. */
	vrfleak_job_add(&jobs, VRFLEAK_WALK, VRFLEAK_IPV4, 30, 97, 3);
	ck_assert_uint_eq(vrfleak_jobs_count(&jobs), 19);
}
END_TEST

START_TEST(jobs_pending)
{
	uint32_t sources[4] = {};

	for (size_t i = 0; i < array_size(in_order); i++)
		job_add(&in_order[i]);
	ck_assert_uint_eq(vrfleak_jobs_pending(&jobs, VRFLEAK_IPV4, 1, sources,
					       array_size(sources)),
			  3);
	ck_assert_uint_eq(sources[0], 7);
	ck_assert_uint_eq(sources[1], 3);
	ck_assert_uint_eq(sources[2], 5);
	ck_assert_uint_eq(sources[3], 0);

	/* As many as there is room for; or just how many there are. */
	memset(sources, 0, sizeof(sources));
	ck_assert_uint_eq(
		vrfleak_jobs_pending(&jobs, VRFLEAK_IPV4, 1, sources, 1), 1);
	ck_assert_uint_eq(sources[0], 7);
	ck_assert_uint_eq(sources[1], 0);
	ck_assert_uint_eq(vrfleak_jobs_pending(&jobs, VRFLEAK_IPV4, 1, NULL, 2),
			  2);
	ck_assert_uint_eq(
		vrfleak_jobs_pending(&jobs, VRFLEAK_IPV4, 1, NULL, UINT32_MAX),
		3);
	ck_assert_uint_eq(
		vrfleak_jobs_pending(&jobs, VRFLEAK_IPV4, 9, sources, 4), 0);
	ck_assert_uint_eq(
		vrfleak_jobs_pending(&jobs, VRFLEAK_IPV6, 1, sources, 4), 1);
	ck_assert_uint_eq(
		vrfleak_jobs_pending(&jobs, VRFLEAK_IPV6, 2, sources, 4), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jobs");
	TCase *tests = tcase_create("jobs");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, jobs_in_order);
	tcase_add_test(tests, job_once);
	tcase_add_test(tests, job_begins_anew);
	tcase_add_test(tests, jobs_in_another_order);
	tcase_add_test(tests, jobs_pending);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
