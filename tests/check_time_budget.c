// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the time budget, on a virtual clock.
 */
#include <zebra.h>

#include <sys/syscall.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "check_vrfleak.h"

static int64_t now_usec, cpu_now_usec;
static uint32_t reads;

/* Takes the place of the C library's, for libfrr too. */
int clock_gettime(clockid_t id, struct timespec *time)
{
	if (id == CLOCK_THREAD_CPUTIME_ID) {
		time->tv_sec = cpu_now_usec / 1000000;
		time->tv_nsec = cpu_now_usec % 1000000 * 1000;
		return 0;
	}
	if (id != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, id, time);
	reads++;
	time->tv_sec = now_usec / 1000000;
	time->tv_nsec = now_usec % 1000000 * 1000;
	return 0;
}

static void setup(void)
{
	now_usec = INT64_C(5000000);
}

START_TEST(ends_once)
{
	struct vrfleak_budget budget;
	int prefixes = 0;

	vrfleak_budget_begin(&budget);
	ck_assert_int_eq(vrfleak_budget_now(&budget), 5);
	reads = 0;
	for (int i = 0; i < 1000; i++)
		ck_assert(vrfleak_budget_in_time(&budget));
	ck_assert_uint_gt(reads, 0);
	ck_assert_uint_lt(reads, 100);

	now_usec += 2999;
	for (int i = 0; i < 1000; i++)
		ck_assert(vrfleak_budget_in_time(&budget));

	/* Soon after its end, the budget is used up, and stays so. */
	now_usec++;
	while (vrfleak_budget_in_time(&budget))
		prefixes++;
	ck_assert_int_lt(prefixes, 100);
	now_usec -= 100;
	for (int i = 0; i < 1000; i++)
		ck_assert(!vrfleak_budget_in_time(&budget));
}
END_TEST

/* The time of other threads and processes does not count. */
START_TEST(answer_by_cpu)
{
	struct vrfleak_answer answer;

	cpu_now_usec = 999990;
	vrfleak_answer_begin(&answer, 20000, 0);
	now_usec += 10000000;
	cpu_now_usec += 19999;
	ck_assert(vrfleak_answer_in_time(&answer));
	ck_assert(!answer.over);
	cpu_now_usec++;
	ck_assert(!vrfleak_answer_in_time(&answer));
	ck_assert(answer.over);
	cpu_now_usec -= 10000;
	ck_assert(!vrfleak_answer_in_time(&answer));
}
END_TEST

/* A short answer is complete, whatever its time. */
START_TEST(answer_at_least)
{
	struct vrfleak_answer answer;

	vrfleak_answer_begin(&answer, 20000, 2);
	cpu_now_usec += 1000000;
	ck_assert(vrfleak_answer_in_time(&answer));
	ck_assert(vrfleak_answer_in_time(&answer));
	ck_assert(!answer.over);
	ck_assert(!vrfleak_answer_in_time(&answer));
	ck_assert(answer.over);
}
END_TEST

/* A prefix with many offers takes longer. */
START_TEST(offers_count)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	reads = 0;
	for (int i = 0; i < 100; i++)
		vrfleak_budget_offer(&budget, false);
	ck_assert_uint_eq(reads, 0);
	ck_assert(vrfleak_budget_in_time(&budget));
	ck_assert_uint_eq(reads, 1);
}
END_TEST

/* Count prefixes with a filtered offer until the clock is read. */
static uint32_t filtered_until_read(struct vrfleak_budget *budget,
				    int64_t prefix_usec)
{
	uint32_t prefixes = 0;

	reads = 0;
	while (reads == 0) {
		vrfleak_budget_offer(budget, true);
		now_usec += prefix_usec;
		vrfleak_budget_in_time(budget);
		prefixes++;
	}
	return prefixes;
}

/* No prefix follows one of 160 ms, as with a long route-map. */
START_TEST(ends_after_route_map)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(filtered_until_read(&budget, 500), 1);
	ck_assert(!budget.over);
	ck_assert_uint_eq(filtered_until_read(&budget, 160000), 1);
	ck_assert(budget.over);
}
END_TEST

/* With quick route-maps, the clock is read once for a few prefixes. */
START_TEST(quick_route_map)
{
	struct vrfleak_budget budget;
	uint32_t prefixes = 0;

	vrfleak_budget_begin(&budget);
	ck_assert_uint_eq(filtered_until_read(&budget, 1), 1);
	for (int i = 0; i < 5; i++)
		prefixes = filtered_until_read(&budget, 1);
	ck_assert_uint_gt(prefixes, 4);
	ck_assert_uint_lt(prefixes, 9);
	/* The first slow one is noticed soon, and the next one at once. */
	prefixes = filtered_until_read(&budget, 210);
	ck_assert_uint_lt(prefixes, 9);
	ck_assert_uint_eq(filtered_until_read(&budget, 210), 1);
}
END_TEST

/* That prefixes without route-maps are quick says nothing about these. */
START_TEST(quick_without_route_map)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	reads = 0;
	while (reads < 5) {
		now_usec++;
		vrfleak_budget_in_time(&budget);
	}
	ck_assert_uint_eq(filtered_until_read(&budget, 500), 1);
}
END_TEST

/* Each event is counted in the class of its own duration. */
START_TEST(statistics)
{
	const struct vrfleak_budget_figures *figures = vrfleak_budget_elapsed();
	struct vrfleak_budget outer, inner;

	vrfleak_budget_begin(&outer);
	now_usec += 1500;
	vrfleak_budget_begin(&inner);
	now_usec += 500;
	vrfleak_budget_end(&inner);
	ck_assert_uint_eq(figures->count[0], 1);
	now_usec += 1000;
	vrfleak_budget_end(&outer);
	ck_assert_uint_eq(figures->count[2], 1);
	ck_assert_uint_eq(figures->longest, 3000);
	ck_assert_uint_eq(figures->total, 3500);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("time_budget");
	TCase *tests = tcase_create("time_budget");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, ends_once);
	tcase_add_test(tests, answer_by_cpu);
	tcase_add_test(tests, answer_at_least);
	tcase_add_test(tests, offers_count);
	tcase_add_test(tests, ends_after_route_map);
	tcase_add_test(tests, quick_route_map);
	tcase_add_test(tests, quick_without_route_map);
	tcase_add_test(tests, statistics);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
