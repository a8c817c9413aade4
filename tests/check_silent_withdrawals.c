// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of withdrawals for which zebra calls no hook.
 *
 * The kernel reports a deleted route to the module and to zebra. Zebra may be
 * far behind: the module must not stop looking before zebra has deleted it.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"

#define PREFIX "203.0.113.0/24"

static void setup(void)
{
	model_start();
	model_vrf_add("a", 11, 1);
	model_vrf_add("t", 13, 3);
	model_policy("a>1:1 t<1:1");
	model.kernel_routes = true;
	model_native("a", PREFIX, 1);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
}

static void zebra_deletes_later(void)
{
	model.behind = true;
	model_run(60000);
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	model_native_delete("a", PREFIX);
	model.behind = false;
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	model_check_all();
}

START_TEST(one)
{
	model_kernel_deletes("a", PREFIX);
	zebra_deletes_later();
}
END_TEST

/* More than are stored (GONE_MAX): whole tables are scanned. */
START_TEST(many)
{
	char prefix[PREFIX2STR_BUFFER];

	for (unsigned int i = 0; i < 10100; i++) {
		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256,
			 i % 256);
		model_kernel_deletes("a", prefix);
	}
	model_kernel_deletes("a", PREFIX);
	zebra_deletes_later();
}
END_TEST

/* Zebra has not even read that the deleted route was added. */
START_TEST(before_it_was_added)
{
	const char *late = "198.51.100.0/24";

	model.behind = true;
	model_kernel_deletes("a", late);
	model_run(4000);
	model_native("a", late, 5);
	model_run(100);
	ck_assert_str_eq(model_state("t", late), "a.5");
	model_native_delete("a", late);
	model.behind = false;
	model_settle();
	ck_assert_str_eq(model_state("t", late), "-");
	model_check_all();
}
END_TEST

/* The route is there again: nothing changes, and the module stops looking. */
START_TEST(added_again)
{
	model_kernel_deletes("a", PREFIX);
	model_settle();
	model_count_begin();
	model_run(60000);
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	ck_assert_uint_eq(model.counts.added, 0);
	ck_assert_uint_eq(model.counts.decisions, 0);
	model_check_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("silent withdrawals");
	TCase *tests = tcase_create("silent withdrawals");

	tcase_add_checked_fixture(tests, setup, model_stop);
	tcase_add_test(tests, one);
	tcase_add_test(tests, many);
	tcase_add_test(tests, before_it_was_added);
	tcase_add_test(tests, added_again);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
