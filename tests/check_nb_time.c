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
}

static void teardown(void)
{
	event_master_free(loop);
}

static void (*step)(void);

static void step_run(struct vrfleak_event *event)
{
	step();
}

/* Call a function in an event of its own. */
static void in_event(void (*function)(void))
{
	struct vrfleak_event event;

	step = function;
	now_usec++;
	event_add_event(loop, step_run, NULL, 0, NULL);
	ck_assert_ptr_nonnull(event_fetch(loop, &event));
	event_call(&event);
}

static void pass(int64_t usec)
{
	now_usec += usec;
	cpu_now_usec += usec;
}

/* Use up the entries that a list, or a request, has whatever the time. */
static void first_entries(bool yields)
{
	if (!yields)
		vrfleak_nb_list_begin();
	for (int i = 0; i < 200; i++)
		ck_assert(vrfleak_nb_in_time(yields));
}

/* Each event has its own time; that of other threads does not count. */
static void list_ends(void)
{
	first_entries(true);
	first_entries(false);
	now_usec += 1000000;
	pass(39999);
	ck_assert(vrfleak_nb_in_time(false));
	pass(1);
	ck_assert(!vrfleak_nb_in_time(false));
	ck_assert(!vrfleak_nb_in_time(false));
}

START_TEST(ends_the_list)
{
	in_event(list_ends);
	in_event(list_ends);
}
END_TEST

/* So does each request of an event, and another one does not end it. */
static void requests_begin(void)
{
	vrfleak_nb_request_begin();
	list_ends();
	vrfleak_nb_request_begin();
	list_ends();
}

START_TEST(several_requests)
{
	in_event(requests_begin);
}
END_TEST

/* A short list is complete, whatever the time and the lists before it. */
static void short_lists(void)
{
	first_entries(true);
	pass(1000000);
	for (int i = 0; i < 3; i++) {
		first_entries(false);
		ck_assert(!vrfleak_nb_in_time(false));
	}
}

START_TEST(short_list)
{
	in_event(short_lists);
}
END_TEST

/* Where libfrr yields after 50 ms, the list is not cut. */
static void slice(void)
{
	first_entries(true);
	for (int i = 0; i < 49; i++) {
		pass(1000);
		ck_assert(vrfleak_nb_in_time(true));
	}
	/* Another thread ran before the last entry. */
	now_usec += 100000;
	ck_assert(vrfleak_nb_in_time(true));
}

START_TEST(waits_for_yield)
{
	for (int i = 0; i < 10; i++)
		in_event(slice);
}
END_TEST

/* Where it does not yield, it is. */
static void endless(void)
{
	int entries = 0;

	first_entries(true);
	pass(60000);
	while (vrfleak_nb_in_time(true))
		ck_assert_int_lt(++entries, 10);
}

START_TEST(does_not_wait_for_ever)
{
	in_event(endless);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nb_time");
	TCase *tests = tcase_create("nb_time");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, ends_the_list);
	tcase_add_test(tests, several_requests);
	tcase_add_test(tests, short_list);
	tcase_add_test(tests, waits_for_yield);
	tcase_add_test(tests, does_not_wait_for_ever);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
