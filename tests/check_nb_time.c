// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the time of requests for state, on virtual clocks.
 */
#include <zebra.h>

#include <sys/syscall.h>

#include "zebra_vrfleak/northbound/nb.h"
#include "check_vrfleak.h"

static int64_t now_usec, cpu_now_usec;
static struct vrfleak_event_loop *loop;

/* Takes the place of the C library's, for libfrr too. */
int clock_gettime(clockid_t id, struct timespec *time)
{
	int64_t usec = id == CLOCK_MONOTONIC ? now_usec : cpu_now_usec;

	if (id != CLOCK_MONOTONIC && id != CLOCK_THREAD_CPUTIME_ID)
		return (int)syscall(SYS_clock_gettime, id, time);
	time->tv_sec = usec / 1000000;
	time->tv_nsec = usec % 1000000 * 1000;
	return 0;
}

static void setup(void)
{
	now_usec = INT64_C(5000000);
	cpu_now_usec = 1000;
	loop = event_master_create("test");
	vrfleak_nb_time_init(loop);
}

static void teardown(void)
{
	vrfleak_nb_time_finish();
	event_master_free(loop);
}

/* The event with the request ends, and the next one is run. */
static void event_end(void)
{
	struct vrfleak_event event;

	ck_assert_ptr_nonnull(event_fetch(loop, &event));
	event_call(&event);
}

static void pass(int64_t usec)
{
	now_usec += usec;
	cpu_now_usec += usec;
}

/* The entries that each request has, whatever the time. */
static void first_entries(bool yields)
{
	for (int i = 0; i < 200; i++)
		ck_assert(vrfleak_nb_in_time(yields));
}

/* Each event has its own time; that of other threads does not count. */
START_TEST(ends_the_list)
{
	first_entries(false);
	now_usec += 1000000;
	pass(39999);
	ck_assert(vrfleak_nb_in_time(false));
	pass(1);
	ck_assert(!vrfleak_nb_in_time(false));
	ck_assert(!vrfleak_nb_in_time(false));
	event_end();
	ck_assert(vrfleak_nb_in_time(false));
}
END_TEST

/* A short list is complete, even if the clock runs on without this thread. */
START_TEST(short_list)
{
	ck_assert(vrfleak_nb_in_time(false));
	pass(1000000);
	for (int i = 1; i < 200; i++)
		ck_assert(vrfleak_nb_in_time(false));
	ck_assert(!vrfleak_nb_in_time(false));
}
END_TEST

/* Where libfrr yields after 50 ms, the list is not cut. */
START_TEST(waits_for_yield)
{
	for (int i = 0; i < 10; i++) {
		first_entries(true);
		for (int j = 0; j < 49; j++) {
			pass(1000);
			ck_assert(vrfleak_nb_in_time(true));
		}
		/* Another thread ran before the last entry. */
		now_usec += 100000;
		ck_assert(vrfleak_nb_in_time(true));
		event_end();
	}
}
END_TEST

/* Where it does not yield, it is. */
START_TEST(does_not_wait_for_ever)
{
	int entries = 0;

	first_entries(true);
	pass(60000);
	while (vrfleak_nb_in_time(true))
		ck_assert_int_lt(++entries, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nb_time");
	TCase *tests = tcase_create("nb_time");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, ends_the_list);
	tcase_add_test(tests, short_list);
	tcase_add_test(tests, waits_for_yield);
	tcase_add_test(tests, does_not_wait_for_ever);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
