// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the running totals.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/counters.h"

#define PREFIX "203.0.113.0/24"

/* a and b leak to t; t has nothing of its own. */
static void setup(void)
{
	model_start();
	model.auto_process = true;
	model_vrf_add("a", 10, 100);
	model_vrf_add("b", 11, 101);
	model_vrf_add("t", 12, 102);
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
}

/* "leaked replaced withdrawn refused" of a pair. */
static const char *totals(const char *target, const char *source)
{
	static char buf[64];
	struct vrfleak_totals of =
		vrfleak_counters_pair(model_vrf(target)->index,
				      model_vrf(source)->index, VRFLEAK_IPV4);

	snprintf(buf, sizeof(buf), "%ju %ju %ju %ju",
		 (uintmax_t)of.count[VRFLEAK_COUNT_LEAKED],
		 (uintmax_t)of.count[VRFLEAK_COUNT_REPLACED],
		 (uintmax_t)of.count[VRFLEAK_COUNT_WITHDRAWN],
		 (uintmax_t)vrfleak_totals_refused(&of));
	return buf;
}

static uint64_t refused(const char *source, enum vrfleak_reason reason)
{
	return vrfleak_counters_pair(model_vrf("t")->index,
				     model_vrf(source)->index, VRFLEAK_IPV4)
		.count[VRFLEAK_COUNT_REFUSED + reason];
}

/* Each step of a prefix's life is counted once, for the right source. */
START_TEST(steps)
{
	ck_assert_str_eq(totals("t", "a"), "0 0 0 0");
	model_native("a", PREFIX, 1);
	model_settle();
	ck_assert_str_eq(totals("t", "a"), "1 0 0 0");
	model_native("a", PREFIX, 2);
	model_settle();
	ck_assert_str_eq(totals("t", "a"), "1 1 0 0");
	model_native("b", PREFIX, 1);
	model_settle();
	ck_assert_str_eq(totals("t", "b"), "0 0 0 1");
	ck_assert_uint_eq(refused("b", VRFLEAK_OTHER_SOURCE), 1);
	model_native("t", PREFIX, 1);
	model_settle();
	ck_assert_str_eq(totals("t", "a"), "1 1 1 1");
	ck_assert_uint_eq(refused("a", VRFLEAK_NATIVE), 1);
	ck_assert_uint_eq(refused("b", VRFLEAK_NATIVE), 1);
	model_native_delete("t", PREFIX);
	model_native_delete("a", PREFIX);
	model_settle();
	ck_assert_uint_eq(vrfleak_counters_pair(model_vrf("t")->index,
						model_vrf("b")->index,
						VRFLEAK_IPV4)
				  .count[VRFLEAK_COUNT_LEAKED],
			  1);
	ck_assert_str_eq(totals("a", "t"), "0 0 0 0");
	model_check_all();
}
END_TEST

/* What changes nothing is not counted. */
START_TEST(nothing_changed)
{
	struct vrfleak_totals before, after;
	uint32_t target = model_vrf("t")->index;

	model_native("a", PREFIX, 1);
	model_native("b", PREFIX, 1);
	model_settle();
	before = vrfleak_counters_target(target, VRFLEAK_IPV4);
	model_native("a", PREFIX, 1);
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
	after = vrfleak_counters_target(target, VRFLEAK_IPV4);
	ck_assert_mem_eq(before.count, after.count, sizeof(before.count));
	ck_assert_uint_eq(before.count[VRFLEAK_COUNT_LEAKED], 1);
	ck_assert_uint_eq(vrfleak_totals_refused(&before), 1);
}
END_TEST

/* The totals of a VRF end with it: its index may be another VRF's next. */
START_TEST(forgotten)
{
	model_native("a", PREFIX, 1);
	model_settle();
	ck_assert_uint_eq(vrfleak_counters_pairs(), 1);
	model_vrf_delete("a");
	model_policy("b>2:2 t<2:2");
	model_settle();
	ck_assert_uint_eq(vrfleak_counters_pairs(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("counters");
	TCase *tests = tcase_create("counters");

	tcase_add_checked_fixture(tests, setup, model_stop);
	tcase_add_test(tests, steps);
	tcase_add_test(tests, nothing_changed);
	tcase_add_test(tests, forgotten);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
