// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of import statements with a distance, and of preemption,
 * on the model of zebra.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/queue.h"

#define PREFIX "203.0.113.0/24"

/* Long enough for all that follows a change. The clock is virtual. */
#define RUN_MSEC 1000

/* blue and red import from shared, and from each other. */
static void setup(void)
{
	model_start();
	model_vrf_add("shared", 13, 13);
	model_vrf_add("blue", 12, 12);
	model_vrf_add("red", 11, 11);
}

static void native_add(const char *vrf, uint8_t gateway, uint8_t distance,
		       uint32_t metric)
{
	model.distance = distance;
	model.metric = metric;
	model_native(vrf, PREFIX, gateway);
	model_run(RUN_MSEC);
}

static void native_delete(const char *vrf)
{
	model_native_delete(vrf, PREFIX);
	model_run(RUN_MSEC);
}

static void policy_set(const char *text)
{
	model_policy(text);
	model_run(RUN_MSEC);
}

/* The native route stays as the backup, whichever route comes first. */
START_TEST(backup)
{
	policy_set("shared>1:1 red<1:1@20");
	native_add("red", 1, 250, 0);
	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 red=higher-distance");
	native_delete("shared");
	ck_assert_str_eq(model_state("red", PREFIX), "native.1");
	native_delete("red");

	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
	native_add("red", 1, 250, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 red=higher-distance");
	native_delete("red");
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
}
END_TEST

/* Up to the distance of the import, the native route wins. */
START_TEST(limit)
{
	static const struct {
		uint8_t distance;
		const char *state;
	} cases[] = {
		{1, "native.1 shared=native-route"},
		{19, "native.1 shared=native-route"},
		{20, "native.1 shared=native-route"},
		{21, "shared.3 red=higher-distance"},
		{254, "shared.3 red=higher-distance"},
		{255, "shared.3"},
	};

	policy_set("shared>1:1 red<1:1@20");
	native_add("shared", 3, 1, 0);
	for (size_t i = 0; i < array_size(cases); i++) {
		native_add("red", 1, cases[i].distance, 0);
		ck_assert_str_eq(model_state("red", PREFIX), cases[i].state);
	}
}
END_TEST

/*
 * With an equal distance zebra selects the lower metric, and calls no hook if
 * the leaked route stays selected. Still the native route wins; without a
 * distance, too.
 */
START_TEST(equal_distance)
{
	policy_set(_i ? "shared>1:1 red<1:1@20" : "shared>1:1 red<1:1");
	native_add("shared", 3, 1, 5);
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
	native_add("red", 1, _i ? 20 : 254, 100);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "native.1 shared=native-route");
	native_delete("red");
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
}
END_TEST

/* A change of the distance replaces the route, without a withdrawal before. */
START_TEST(changed_in_place)
{
	policy_set("shared>1:1 red<1:1");
	native_add("shared", 3, 1, 0);
	model_count_begin();
	policy_set("shared>1:1 red<1:1@20");
	ck_assert_uint_eq(model.counts.added, 1);
	ck_assert_uint_eq(model.counts.withdrawn, 0);
	policy_set("shared>1:1 red<1:1@20");
	ck_assert_uint_eq(model.counts.added, 1);

	native_add("red", 1, 100, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 red=higher-distance");
	policy_set("shared>1:1 red<1:1@110");
	ck_assert_str_eq(model_state("red", PREFIX),
			 "native.1 shared=native-route");
	policy_set("shared>1:1 red<1:1@99");
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 red=higher-distance");
	policy_set("shared>1:1 red<2:2@99");
	ck_assert_str_eq(model_state("red", PREFIX), "native.1");
}
END_TEST

/* Each line has its own distance: the second one may win where the first may
 * not. */
START_TEST(second_line)
{
	policy_set("shared>1:1 blue>2:2 red<1:1@200 red<2:2@20");
	native_add("shared", 3, 1, 0);
	native_add("blue", 2, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 blue=other-source");
	native_add("red", 1, 100, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 red=higher-distance shared=other-source");
	native_delete("blue");
	ck_assert_str_eq(model_state("red", PREFIX),
			 "native.1 shared=native-route");
}
END_TEST

/*
 * red and blue prefer each other's route to their own one. One of them keeps
 * its native route, and the routes do not change again and again.
 */
START_TEST(mutual)
{
	model.auto_process = false;
	model.distance = 200;
	model_policy("red>1:1 blue>2:2 red<2:2@20 blue<1:1@20");
	model_native("red", PREFIX, 1);
	model_native("blue", PREFIX, 2);
	model_count_begin();
	for (int i = 0; i < 20; i++) {
		model_run(20);
		model_process_all();
	}
	model.auto_process = true;
	model_settle();
	ck_assert_uint_le(model.counts.added, 2);
	if (strmatch(model_state("red", PREFIX), "native.1")) {
		ck_assert_str_eq(model_state("blue", PREFIX),
				 "red.1 blue=higher-distance");
	} else {
		ck_assert_str_eq(model_state("red", PREFIX),
				 "blue.2 red=higher-distance");
		ck_assert_str_eq(model_state("blue", PREFIX), "native.2");
	}
}
END_TEST

/* Zebra drops the leaked route: the native one stays, and is offered again. */
START_TEST(dropped)
{
	model_react("red", "blue", MODEL_DROP);
	policy_set("red>1:1 blue>2:2 red<2:2@20 shared<1:1");
	native_add("red", 1, 200, 0);
	native_add("blue", 2, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "native.1 blue=not-accepted");
	ck_assert_str_eq(model_state("shared", PREFIX), "red.1");
}
END_TEST

/*
 * Zebra drops the leaked route before it has processed it, as its source has
 * lost the route. Meanwhile the native one was not offered.
 */
START_TEST(dropped_with_source)
{
	model_react("blue", "shared", MODEL_DROP);
	model_react("red", "shared", MODEL_DROP);
	policy_set("shared>1:1 blue>2:2 blue<1:1@20 red<2:2 red<1:1");
	native_add("blue", 2, 110, 0);
	ck_assert_str_eq(model_state("red", PREFIX), "blue.2");
	model.auto_process = false;
	native_add("shared", 3, 1, 0);
	native_delete("shared");
	model_settle();
	ck_assert_str_eq(model_state("blue", PREFIX), "native.2");
	ck_assert_str_eq(model_state("red", PREFIX), "blue.2");
}
END_TEST

/*
 * bgpd redistributes the leaked route in blue, and red imports it by bgpd, with
 * the leaked route's distance. When red loses its own route, that one must not
 * keep the leaked route alive. Another BGP route that discards is leaked.
 */
START_TEST(imported_discard)
{
	policy_set("red>1:1 blue<1:1@20");
	model.discard_routes = true;
	native_add("red", 1, 1, 0);
	ck_assert_str_eq(model_state("blue", PREFIX), "red.0");
	model.bgp_routes = true;
	native_add("red", 1, 20, 0);
	native_delete("red");
	ck_assert_str_eq(model_state("red", PREFIX), "native.0");
	ck_assert_str_eq(model_state("blue", PREFIX), "-");
	native_add("red", 1, 30, 0);
	ck_assert_str_eq(model_state("blue", PREFIX), "red.0");
}
END_TEST

#define OTHER_PREFIX "198.51.100.0/24"

/* The better source was over its limit, and preempts when there is room. */
START_TEST(preempt_headroom)
{
	policy_set(_i ? "shared>1:1 blue>2:2 red<1:1#1 red<2:2 red!"
		      : "shared>1:1 blue>2:2 red<1:1#1 red<2:2");
	model.distance = 1;
	model_native("shared", OTHER_PREFIX, 3);
	model_run(RUN_MSEC);
	native_add("blue", 2, 1, 0);
	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=other-source");
	model_native_delete("shared", OTHER_PREFIX);
	model_run(RUN_MSEC);
	ck_assert_str_eq(model_state("red", PREFIX),
			 _i ? "shared.3 blue=other-source"
			    : "blue.2 shared=other-source");
}
END_TEST

/* The earlier import takes over, if it preempts; the old one is replaced. */
START_TEST(preempt)
{
	policy_set("shared>1:1 blue>2:2 red<1:1 red<2:2");
	native_add("blue", 2, 1, 0);
	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=other-source");
	policy_set("shared>1:1 blue>2:2 red<1:1 red<2:2 red!");
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 blue=other-source");
	policy_set("shared>1:1 blue>2:2 red<2:2 red<1:1 red!");
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=other-source");
	native_delete("blue");
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
	model_count_begin();
	native_add("blue", 2, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=other-source");
	ck_assert_uint_eq(model.counts.added, 1);
	ck_assert_uint_eq(model.counts.withdrawn_first, 0);
}
END_TEST

/* The better source's route is not kept: the other one's is not disturbed. */
START_TEST(preempt_rejected)
{
	model_react("red", "shared", MODEL_DROP);
	policy_set("shared>1:1 blue>2:2 red<1:1 red<2:2 red!");
	native_add("blue", 2, 1, 0);
	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=not-accepted");
	model_count_begin();
	/* The retries. */
	model_run(300000);
	native_add("blue", 2, 1, 0);
	ck_assert_uint_eq(model.counts.added, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=not-accepted");

	model_react("red", "shared", MODEL_ACCEPT);
	native_delete("shared");
	native_add("shared", 3, 1, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "shared.3 blue=other-source");
}
END_TEST

/*
 * While the other source's route is in use, the better one is not retried. Then
 * it is, until its route is kept.
 */
START_TEST(preempt_retried)
{
	model_react("red", "shared", MODEL_DROP);
	policy_set("shared>1:1 blue>2:2 red<1:1 red<2:2 red!");
	native_add("blue", 2, 1, 0);
	native_add("shared", 3, 1, 0);
	model_run(300000);
	model_count_begin();
	model_run(300000);
	ck_assert_uint_eq(model.counts.decisions, 0);
	ck_assert_str_eq(model_state("red", PREFIX),
			 "blue.2 shared=not-accepted");

	native_delete("blue");
	ck_assert_str_eq(model_state("red", PREFIX), "- shared=not-accepted");
	ck_assert_uint_eq(model.counts.added, 1);
	model_react("red", "shared", MODEL_ACCEPT);
	model_run(300000);
	ck_assert_str_eq(model_state("red", PREFIX), "shared.3");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preference");
	TCase *tests = tcase_create("preference");

	tcase_add_checked_fixture(tests, setup, model_stop);
	tcase_add_test(tests, backup);
	tcase_add_test(tests, limit);
	tcase_add_loop_test(tests, equal_distance, 0, 2);
	tcase_add_test(tests, changed_in_place);
	tcase_add_test(tests, second_line);
	tcase_add_test(tests, mutual);
	tcase_add_test(tests, dropped);
	tcase_add_test(tests, dropped_with_source);
	tcase_add_test(tests, imported_discard);
	tcase_add_loop_test(tests, preempt_headroom, 0, 2);
	tcase_add_test(tests, preempt);
	tcase_add_test(tests, preempt_rejected);
	tcase_add_test(tests, preempt_retried);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
