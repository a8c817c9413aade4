// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of table walks: their order, and that they resume after
 * each time budget, whatever has happened to tables, VRFs and the policy.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define ROUTES 60

/* Prefix i of a range: 10.RANGE.i.0/24. */
static const char *route(unsigned int range, unsigned int i)
{
	static char text[PREFIX2STR_BUFFER];

	snprintf(text, sizeof(text), "10.%u.%u.0/24", range, i);
	return text;
}

static void routes_add(const char *vrf, unsigned int range, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		model_native(vrf, route(range, i), 1);
}

static void setup(void)
{
	model_start();
	model_vrf_add("a", 11, 101);
	model_vrf_add("b", 12, 102);
	model_vrf_add("t", 13, 103);
	model_vrf_add("u", 14, 104);
}

static void leaked_is(const char *vrf, uint32_t count)
{
	ck_assert_uint_eq(model_leaked_count(vrf, VRFLEAK_IPV4), count);
}

/* Each route is offered once, however short the budgets are. */
START_TEST(import_in_slices)
{
	routes_add("a", 1, ROUTES);
	model_policy("a>1:1");
	model_settle();
	model_count_begin();
	model.budget = 2 + (uint32_t)_i;
	model_policy("a>1:1 t<1:1");
	model_settle();
	leaked_is("t", ROUTES);
	ck_assert_uint_eq(model.counts.added, ROUTES);
	ck_assert_uint_eq(model_decisions("t"), ROUTES);
	ck_assert_uint_le(model.counts.longest, model.budget + 1);
	model_check_all();
}
END_TEST

/* Routes come and go before and behind the place where the walk waits. */
START_TEST(table_changes)
{
	routes_add("a", 1, ROUTES);
	model.budget = 5;
	model_policy("a>1:1 t<1:1");
	while (model_leaked_count("t", VRFLEAK_IPV4) < 10)
		model_step();
	ck_assert_uint_gt(vrfleak_queue_walks(), 0);
	for (unsigned int i = 0; i < ROUTES; i += 2)
		model_native_delete("a", route(1, i));
	routes_add("a", 0, 10);
	routes_add("a", 2, 10);
	model_settle();
	leaked_is("t", ROUTES / 2 + 20);
	model_check_all();
}
END_TEST

/* Let a walk from a to t begin, and stop in its middle. */
static void walk_begin(void)
{
	routes_add("a", 1, ROUTES);
	routes_add("b", 1, ROUTES);
	model_policy("a>1:1");
	model_settle();
	model.budget = 5;
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	while (model_leaked_count("t", VRFLEAK_IPV4) < 10)
		model_step();
	ck_assert_uint_eq(vrfleak_queue_sources(model_vrf("t"), VRFLEAK_IPV4,
						NULL, UINT32_MAX),
			  2);
	ck_assert_uint_lt(model_leaked_count("t", VRFLEAK_IPV4), ROUTES);
}

START_TEST(source_deleted)
{
	walk_begin();
	model_vrf_delete("a");
	model_scan();
	model_settle();
	leaked_is("t", ROUTES);
	ck_assert_str_eq(model_state("t", route(1, 0)), "b.1");
	model_check_all();
}
END_TEST

START_TEST(target_deleted)
{
	walk_begin();
	model_vrf_delete("t");
	model_scan();
	model_settle();
	ck_assert_uint_eq(vrfleak_queue_walks(), 0);
	model_vrf_add("t", 23, 203);
	model_scan();
	model_settle();
	leaked_is("t", ROUTES);
	ck_assert_str_eq(model_state("t", route(1, ROUTES - 1)),
			 "a.1 b=other-source");
	model_check_all();
}
END_TEST

/* Both are made again before anybody looks. */
START_TEST(made_again)
{
	walk_begin();
	model_vrf_delete("a");
	model_vrf_delete("t");
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	routes_add("a", 2, 7);
	model_scan();
	model_settle();
	leaked_is("t", ROUTES + 7);
	model_check_all();
}
END_TEST

/* The import statements change places: b's scan now comes before a's. */
START_TEST(ranked_again)
{
	uint32_t sources[2];

	walk_begin();
	model_policy("a>1:1 b>2:2 t<2:2 t<1:1");
	ck_assert_uint_eq(
		vrfleak_queue_sources(model_vrf("t"), VRFLEAK_IPV4, sources, 2),
		2);
	ck_assert_uint_eq(sources[0], model_vrf("b")->index);
	ck_assert_uint_eq(sources[1], model_vrf("a")->index);
	model_settle();
	leaked_is("t", ROUTES);
	/* What is installed stays; the rest goes by the new order. */
	ck_assert_str_eq(model_state("t", route(1, 0)), "a.1 b=other-source");
	ck_assert_str_eq(model_state("t", route(1, ROUTES - 1)),
			 "b.1 a=other-source");
	model_check_all();
}
END_TEST

/* The pair that is walked is removed from the policy. */
START_TEST(pair_removed)
{
	walk_begin();
	model_policy("a>3:3 b>2:2 t<1:1 t<2:2");
	model_settle();
	leaked_is("t", ROUTES);
	ck_assert_str_eq(model_state("t", route(1, 0)), "b.1");
	model_policy("a>3:3 b>3:3 t<1:1 t<2:2");
	model_settle();
	leaked_is("t", 0);
	model_check_all();
}
END_TEST

/* Several sources become possible at once: the rank decides, by any path. */
START_TEST(ranks)
{
	routes_add("b", 1, ROUTES);
	routes_add("a", 1, ROUTES);
	model.budget = 3;
	model_policy("a>1:1 b>2:2 b>3:3 t<3:3 t<1:1 t<2:2 u<1:1 u<2:2");
	model_settle();
	for (unsigned int i = 0; i < ROUTES; i++) {
		ck_assert_str_eq(model_state("t", route(1, i)),
				 "b.1 a=other-source");
		ck_assert_str_eq(model_state("u", route(1, i)),
				 "a.1 b=other-source");
	}
}
END_TEST

/* By its first tag match b is the best; where that denies, it is the last. */
START_TEST(later_tag_match)
{
	model.denying_map = "DENY";
	routes_add("a", 1, ROUTES);
	routes_add("b", 1, ROUTES);
	model_policy("a>1:1 b>2:2/DENY b>3:3 t<2:2 t<1:1 t<3:3");
	model_settle();
	for (unsigned int i = 0; i < ROUTES; i++)
		ck_assert_str_eq(model_state("t", route(1, i)),
				 "a.1 b=other-source");
	model_check_all();
}
END_TEST

/* What must no longer be leaked is withdrawn before anything is imported. */
START_TEST(revalidation_first)
{
	routes_add("a", 1, ROUTES);
	routes_add("b", 2, ROUTES);
	model_policy("a>1:1 b>2:2 t<1:1");
	model_settle();
	leaked_is("t", ROUTES);
	model_count_begin();
	model.budget = 4;
	model_policy("a>1:1 b>2:2 t<2:2");
	model_settle();
	ck_assert_uint_eq(model.counts.withdrawn, ROUTES);
	ck_assert_uint_eq(model.counts.withdrawn_first, ROUTES);
	leaked_is("t", ROUTES);
	model_check_all();
}
END_TEST

/* A denying route-map withdraws what is there, and gives it back. */
START_TEST(revalidation_of_candidates)
{
	routes_add("a", 1, ROUTES);
	routes_add("b", 1, ROUTES);
	routes_add("t", 1, ROUTES / 2);
	model.budget = 4;
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
	ck_assert_str_eq(model_state("t", route(1, 0)),
			 "native.1 a=native-route b=native-route");
	model.denying_map = "DENY";
	model_policy("a>1:1/DENY b>2:2 t<1:1 t<2:2");
	model_settle();
	ck_assert_str_eq(model_state("t", route(1, 0)),
			 "native.1 b=native-route");
	ck_assert_str_eq(model_state("t", route(1, ROUTES - 1)), "b.1");
	model_check_all();
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
	ck_assert_str_eq(model_state("t", route(1, ROUTES - 1)),
			 "b.1 a=other-source");
	model_check_all();
}
END_TEST

static uint32_t leaked_metric(const char *vrf, const char *prefix)
{
	const struct route_entry *re;
	struct prefix p;

	ck_assert_int_eq(str2prefix(prefix, &p), 1);
	re = vrfleak_rib_leaked(vrfleak_rib_node(model_vrf(vrf), &p),
				model_vrf("a"));
	ck_assert_ptr_nonnull(re);
	return re->metric;
}

/* Commits have changed a route-map, and an entry of a list if there is one. */
static void map_changes(const char *map, const char *entry)
{
	struct vrfleak_filter_changes changes = {};

	vrfleak_names_insert(&changes.names, map);
	if (entry)
		changes.prefixes_count =
			str2prefix(entry, &changes.prefixes[0]);
	vrfleak_policy_reapply_route_maps(&changes);
	vrfleak_names_clear(&changes.names);
}

/*
 * Routes that a route-map passes with their next hops share the groups of those
 * without a route-map, whatever else it sets.
 */
START_TEST(filtered_groups)
{
	routes_add("a", 1, ROUTES);
	model.adding_map = "ADD";
	model.metric_added = 100;
	model.src_map = "SRC";
	model_policy("a>1:1");
	model_settle();
	model_count_begin();
	model_policy("a>1:1 t<1:1/PASS u<1:1/ADD");
	model_settle();
	ck_assert_uint_eq(model.counts.added, 2 * ROUTES);
	ck_assert_uint_eq(model.counts.grouped, 2 * ROUTES);

	model_count_begin();
	model_policy("a>1:1 t<1:1/SRC u<1:1/ADD");
	model_settle();
	ck_assert_uint_eq(model.counts.added, ROUTES);
	ck_assert_uint_eq(model.counts.grouped, 0);

	/* Decided again, they are found to be as they must be. */
	model_count_begin();
	map_changes("SRC", NULL);
	map_changes("ADD", NULL);
	model_settle();
	ck_assert_uint_eq(model_decisions("t"), ROUTES);
	ck_assert_uint_eq(model_decisions("u"), ROUTES);
	ck_assert_uint_eq(model.counts.added + model.counts.withdrawn, 0);
	model_check_all();
}
END_TEST

/* A metric that a route-map sets is compared: only a change is installed. */
START_TEST(revalidation_of_metrics)
{
	model.adding_map = "ADD";
	model.metric_added = 100;
	model.metric = 20;
	routes_add("a", 1, ROUTES);
	model_policy("a>1:1/ADD t<1:1/ADD");
	model_settle();
	ck_assert_uint_eq(leaked_metric("t", route(1, 0)), 220);

	model_count_begin();
	map_changes("ADD", NULL);
	model_settle();
	ck_assert_uint_eq(model.counts.added, 0);

	model.metric_added = 1;
	map_changes("ADD", NULL);
	model_settle();
	ck_assert_uint_eq(model.counts.added, ROUTES);
	ck_assert_uint_eq(model.counts.withdrawn, 0);
	ck_assert_uint_eq(leaked_metric("t", route(1, ROUTES - 1)), 22);
	model_check_all();
}
END_TEST

/* One decision for each route that the changed route-map leaks. */
START_TEST(changed_map)
{
	routes_add("a", 1, ROUTES);
	routes_add("b", 2, ROUTES);
	model_policy("a>1:1 b>2:2 t<1:1/M t<2:2/N u<1:1");
	model_settle();
	leaked_is("t", 2 * ROUTES);

	model_count_begin();
	model.denying_map = "M";
	map_changes("M", NULL);
	model_settle();
	leaked_is("t", ROUTES);
	leaked_is("u", ROUTES);
	ck_assert_uint_eq(model.counts.withdrawn, ROUTES);

	/* It permits them again: an import scan of the source finds them. */
	model_count_begin();
	model.denying_map = NULL;
	map_changes("M", NULL);
	model_settle();
	leaked_is("t", 2 * ROUTES);
	ck_assert_uint_eq(model.counts.added, ROUTES);

	/* It changes nothing: one decision for each of its routes. */
	model_count_begin();
	map_changes("M", NULL);
	model_settle();
	ck_assert_uint_eq(model.counts.added + model.counts.withdrawn, 0);
	ck_assert_uint_eq(model_decisions("t"), ROUTES);
	ck_assert_uint_eq(model_decisions("u"), 0);
	model_check_all();
}
END_TEST

/* A change of what no statement uses costs nothing. */
START_TEST(unrelated_map)
{
	routes_add("a", 1, ROUTES);
	model_policy("a>1:1/M t<1:1");
	model_settle();
	model_count_begin();
	map_changes("OTHER", route(1, 0));
	ck_assert_uint_eq(vrfleak_queue_walks(), 0);
	model_settle();
	ck_assert_uint_eq(model_decisions("t"), 0);
	model_check_all();
}
END_TEST

/* The prefixes that a changed entry covers come first. */
START_TEST(covered_first)
{
	routes_add("a", 1, ROUTES);
	routes_add("a", 2, 4);
	model_policy("a>1:1 t<1:1/M");
	model_settle();
	model.budget = 5;
	model.denying_map = "M";
	map_changes("M", "10.2.0.0/16");
	while (model_leaked_count("t", VRFLEAK_IPV4) > ROUTES)
		model_step();
	for (unsigned int i = 0; i < 4; i++)
		ck_assert_str_eq(model_state("t", route(2, i)), "-");
	model_settle();
	leaked_is("t", 0);
	model_check_all();
}
END_TEST

/* A scan that may leave out leaked prefixes becomes one that may not. */
START_TEST(changed_map_and_policy)
{
	routes_add("a", 1, ROUTES);
	routes_add("b", 2, 10);
	model_policy("a>1:1 t<1:1/M");
	model_settle();
	model.budget = 5;
	map_changes("M", NULL);
	model_step();
	model.denying_map = "M";
	model_policy("a>1:1 b>1:1 t<1:1/M u<1:1/N");
	map_changes("M", NULL);
	model_settle();
	leaked_is("t", 0);
	leaked_is("u", ROUTES + 10);
	ck_assert_uint_eq(vrfleak_names_size(&vrfleak_queue.changed_filters),
			  0);
	model_check_all();
}
END_TEST

#define LIMIT 5

/* A full import statement has headroom for one: one more candidate gets in. */
START_TEST(headroom)
{
	routes_add("a", 1, ROUTES);
	model_policy("a>1:1 t<1:1#5");
	model_settle();
	leaked_is("t", LIMIT);
	ck_assert_str_eq(model_state("t", route(1, LIMIT)),
			 "- a=maximum-prefix");
	model_count_begin();
	model_native_delete("a", route(1, 0));
	model_settle();
	leaked_is("t", LIMIT);
	ck_assert_uint_eq(model.counts.added, 1);
	ck_assert_str_eq(model_state("t", route(1, LIMIT)), "a.1");
	/* The walk stops when the statement is full again. */
	ck_assert_uint_lt(model.counts.offers, ROUTES / 2);

	/* A higher limit, then none. */
	model_policy("a>1:1 t<1:1#20");
	model_settle();
	leaked_is("t", 20);
	model_policy("a>1:1 t<1:1");
	model_settle();
	leaked_is("t", ROUTES - 1);
}
END_TEST

#define SOURCES 40

/*
 * Many sources offer the same prefix, and the limit is reached: a revalidation
 * evaluates each offer once.
 */
START_TEST(revalidation_of_many_candidates)
{
	char policy[1024] = "t<1:1#1", name[16];

	for (vrf_id_t i = 0; i < SOURCES; i++) {
		snprintf(name, sizeof(name), "s%02u", i);
		model_vrf_add(name, 100 + i, 1000 + i);
		strlcat(policy, " ", sizeof(policy));
		strlcat(policy, name, sizeof(policy));
		strlcat(policy, ">1:1", sizeof(policy));
	}
	model_policy(policy);
	model_native("s00", route(1, 1), 1);
	model_settle();
	leaked_is("t", 1);
	for (vrf_id_t i = 0; i < SOURCES; i++) {
		snprintf(name, sizeof(name), "s%02u", i);
		model_native(name, route(1, 2), 1);
	}
	model_settle();
	model_count_begin();
	vrfleak_queue_revalidation(model_vrf("t"), VRFLEAK_IPV4);
	model_settle();
	ck_assert_uint_eq(vrfleak_conflicts_count(&vrfleak_queue.conflicts,
						  model_vrf("t")->index,
						  VRFLEAK_IPV4),
			  SOURCES);
	/* And that of the route that is leaked. */
	ck_assert_uint_le(model.counts.offers, SOURCES + 2);
}
END_TEST

/* Zebra no longer uses a leaked route, and calls no hook. */
START_TEST(resynchronisation)
{
	routes_add("a", 1, ROUTES);
	model.budget = 4;
	model_policy("a>1:1 t<1:1");
	model_settle();
	for (unsigned int i = 0; i < ROUTES; i += 20)
		model_lose_silently("t", route(1, i));
	model_count_begin();
	vrfleak_queue_resync_all();
	/* One of a target that is queued already is not queued again. */
	vrfleak_queue_resync_all();
	ck_assert_uint_eq(vrfleak_queue_walks(), 1);
	model_settle();
	leaked_is("t", ROUTES);
	ck_assert_uint_eq(model.counts.added, 3);
	model_check_all();
}
END_TEST

/*
 * A source whose table is full of leaked routes is scanned for several targets
 * by a list of its own prefixes, which a change of the source drops.
 */
START_TEST(list_of_native_prefixes)
{
	routes_add("b", 1, 250);
	routes_add("b", 2, 250);
	routes_add("b", 3, 250);
	routes_add("a", 4, 10);
	model_policy("a>1:1 a<2:2 b>2:2");
	model_settle();
	leaked_is("a", 750);
	model.budget = 10;
	model_count_begin();
	model_policy("a>1:1 a<2:2 b>2:2 t<1:1 u<1:1");
	model_settle();
	leaked_is("t", 10);
	leaked_is("u", 10);
	/* The second scan does not walk all of a's table. */
	ck_assert_uint_lt(model.counts.budgets, 2 * 760 / 10);

	/* While a list is kept, a gets more routes, and all are found. */
	model_policy("a>3:3 a<2:2 b>2:2 t<1:1 u<1:1");
	model_settle();
	leaked_is("t", 0);
	model.budget = 5;
	model_policy("a>1:1 a<2:2 b>2:2 t<1:1 u<1:1");
	while (model_leaked_count("t", VRFLEAK_IPV4) < 10 ||
	       vrfleak_queue_sources(model_vrf("t"), VRFLEAK_IPV4, NULL, 1))
		model_step();
	routes_add("a", 5, 10);
	model_settle();
	leaked_is("t", 20);
	leaked_is("u", 20);
	model_check_all();
}
END_TEST

/* A route that was denied while the list was made is found once it is
 * permitted. */
START_TEST(changed_map_and_list)
{
	routes_add("b", 1, 250);
	routes_add("b", 2, 250);
	routes_add("b", 3, 250);
	routes_add("a", 4, 10);
	model_policy("a>1:1 a<2:2 b>2:2");
	model_settle();
	model.budget = 5;
	model.denying_map = "M";
	model_policy("a>1:1 a<2:2 b>2:2 t<1:1/M u<1:1/M");
	while (vrfleak_queue_sources(model_vrf("t"), VRFLEAK_IPV4, NULL, 1) ||
	       !vrfleak_queue_sources(model_vrf("u"), VRFLEAK_IPV4, NULL, 1))
		model_step();
	routes_add("a", 5, 10);
	while (vrfleak_changed_count())
		model_step();
	ck_assert_uint_gt(vrfleak_queue_walks(), 0);
	model.denying_map = NULL;
	map_changes("M", NULL);
	model_settle();
	leaked_is("t", 20);
	leaked_is("u", 20);
	model_check_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table walks");
	TCase *tests = tcase_create("table walks");

	tcase_add_checked_fixture(tests, setup, model_stop);
	tcase_add_loop_test(tests, import_in_slices, 0, 8);
	tcase_add_test(tests, table_changes);
	tcase_add_test(tests, source_deleted);
	tcase_add_test(tests, target_deleted);
	tcase_add_test(tests, made_again);
	tcase_add_test(tests, ranked_again);
	tcase_add_test(tests, pair_removed);
	tcase_add_test(tests, ranks);
	tcase_add_test(tests, later_tag_match);
	tcase_add_test(tests, revalidation_first);
	tcase_add_test(tests, revalidation_of_candidates);
	tcase_add_test(tests, revalidation_of_metrics);
	tcase_add_test(tests, filtered_groups);
	tcase_add_test(tests, changed_map);
	tcase_add_test(tests, unrelated_map);
	tcase_add_test(tests, covered_first);
	tcase_add_test(tests, changed_map_and_policy);
	tcase_add_test(tests, headroom);
	tcase_add_test(tests, revalidation_of_many_candidates);
	tcase_add_test(tests, resynchronisation);
	tcase_add_test(tests, list_of_native_prefixes);
	tcase_add_test(tests, changed_map_and_list);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
