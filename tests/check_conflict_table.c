// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the table of conflicts: its candidates with reason and
 * time, and the order of the conflicts.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/conflict_table.h"
#include "check_vrfleak.h"

static struct vrfleak_conflict_table conflicts;

static void setup(void)
{
	vrfleak_conflict_table_init(&conflicts);
}

static void teardown(void)
{
	vrfleak_conflict_table_finish(&conflicts);
}

static bool add(uint32_t target, const char *prefix, uint32_t source,
		enum vrfleak_reason reason, int64_t now)
{
	struct prefix p = P(prefix);

	return vrfleak_conflict_raise(&conflicts, target, &p, source, reason,
				      now);
}

static bool remove_candidate(uint32_t target, const char *prefix,
			     uint32_t source)
{
	struct prefix p = P(prefix);

	return vrfleak_conflict_end(&conflicts, target, &p, source);
}

static const struct vrfleak_conflict *find(uint32_t target, const char *prefix)
{
	struct prefix p = P(prefix);

	return vrfleak_conflict_find(&conflicts, target, &p);
}

static const struct vrfleak_candidate *
candidate(uint32_t target, const char *prefix, uint32_t source)
{
	return vrfleak_conflict_candidate(find(target, prefix), source);
}

START_TEST(comes_and_goes)
{
	ck_assert_ptr_null(find(1, "192.0.2.0/24"));
	ck_assert(add(1, "192.0.2.0/24", 2, VRFLEAK_NATIVE, 10));
	ck_assert(add(1, "192.0.2.0/24", 3, VRFLEAK_OTHER_SOURCE, 20));
	ck_assert_uint_eq(find(1, "192.0.2.0/24")->count, 2);

	/* No other target, prefix or source. */
	ck_assert_ptr_null(find(2, "192.0.2.0/24"));
	ck_assert_ptr_null(find(1, "192.0.2.0/25"));
	ck_assert_ptr_null(find(1, "2001:db8::/24"));
	ck_assert(!remove_candidate(1, "192.0.2.0/24", 4));
	ck_assert(!remove_candidate(1, "192.0.2.0/25", 2));
	ck_assert(!remove_candidate(2, "192.0.2.0/24", 2));

	ck_assert(remove_candidate(1, "192.0.2.0/24", 2));
	ck_assert(!remove_candidate(1, "192.0.2.0/24", 2));
	ck_assert_ptr_nonnull(candidate(1, "192.0.2.0/24", 3));
	ck_assert(remove_candidate(1, "192.0.2.0/24", 3));
	ck_assert_ptr_null(find(1, "192.0.2.0/24"));
	ck_assert_uint_eq(vrfleak_conflicts_count(&conflicts, 1, VRFLEAK_IPV4),
			  0);
}
END_TEST

START_TEST(reason_and_since)
{
	const struct vrfleak_candidate *w;

	ck_assert(add(1, "192.0.2.0/24", 2, VRFLEAK_NATIVE, 10));
	ck_assert(!add(1, "192.0.2.0/24", 2, VRFLEAK_NATIVE, 20));
	w = candidate(1, "192.0.2.0/24", 2);
	ck_assert_int_eq(w->reason, VRFLEAK_NATIVE);
	ck_assert_int_eq(w->since, 10);

	ck_assert(add(1, "192.0.2.0/24", 2, VRFLEAK_OTHER_SOURCE, 30));
	w = candidate(1, "192.0.2.0/24", 2);
	ck_assert_int_eq(w->reason, VRFLEAK_OTHER_SOURCE);
	ck_assert_int_eq(w->since, 30);
	ck_assert_uint_eq(find(1, "192.0.2.0/24")->count, 1);
}
END_TEST

/* The prefixes in the order of insertion, and in sorted order. */
static const char *const inserted[] = {
	"2001:db8:1::/48", "192.0.2.0/25", "0.0.0.0/0",
	"198.51.100.0/24", "::/0",	   "192.0.2.0/24",
	"2001:db8::1/128", "192.0.2.0/32", "2001:db8:1::/64",
	"192.0.2.128/25",
};
static const char *const sorted4[] = {
	"0.0.0.0/0",	"192.0.2.0/24",	  "192.0.2.0/25",
	"192.0.2.0/32", "192.0.2.128/25", "198.51.100.0/24",
};
static const char *const sorted6[] = {
	"::/0",
	"2001:db8::1/128",
	"2001:db8:1::/48",
	"2001:db8:1::/64",
};

static void walk(uint32_t target, int family, const char *const *wanted,
		 size_t count)
{
	const struct vrfleak_conflict *conflict;
	struct prefix at, *after = NULL;

	for (size_t i = 0; i < count; i++) {
		struct prefix want = P(wanted[i]);

		conflict = vrfleak_conflict_next(&conflicts, target, family,
						 after);
		ck_assert_msg(conflict != NULL, "no %s", wanted[i]);
		vrfleak_conflict_prefix(conflict, &at);
		ck_assert_msg(prefix_same(&at, &want), "not %s", wanted[i]);
		after = &at;
	}
	ck_assert_ptr_null(
		vrfleak_conflict_next(&conflicts, target, family, after));
}

START_TEST(order)
{
	for (int target = 3; target > 0; target -= 2)
		for (size_t i = 0; i < array_size(inserted); i++)
			add((uint32_t)target, inserted[i], 9,
			    VRFLEAK_OTHER_SOURCE, 0);

	for (uint32_t target = 1; target < 4; target += 2) {
		walk(target, AF_INET, sorted4, array_size(sorted4));
		walk(target, AF_INET6, sorted6, array_size(sorted6));
	}
	walk(2, AF_INET, NULL, 0);
	walk(4, AF_INET6, NULL, 0);
}
END_TEST

/* A walk resumes after a conflict that was removed. */
START_TEST(order_resumed)
{
	struct prefix gone = P("192.0.2.0/25"), at, next = P("192.0.2.0/32");
	const struct vrfleak_conflict *conflict;

	for (size_t i = 0; i < array_size(inserted); i++)
		add(1, inserted[i], 9, VRFLEAK_OTHER_SOURCE, 0);
	ck_assert(remove_candidate(1, "192.0.2.0/25", 9));
	conflict = vrfleak_conflict_next(&conflicts, 1, AF_INET, &gone);
	ck_assert_ptr_nonnull(conflict);
	vrfleak_conflict_prefix(conflict, &at);
	ck_assert(prefix_same(&at, &next));
}
END_TEST

START_TEST(many_candidates)
{
	const struct vrfleak_conflict *conflict;

	/* In an order of their own: 7 and 1009 have no common divisor. */
	for (uint32_t i = 1; i < 1009; i++)
		ck_assert(add(7, "2001:db8::/32", i * 7 % 1009,
			      VRFLEAK_OTHER_SOURCE, i * 7 % 1009));
	for (uint32_t source = 1; source <= 1000; source += 2)
		ck_assert(remove_candidate(7, "2001:db8::/32", source));
	conflict = find(7, "2001:db8::/32");
	ck_assert_uint_eq(conflict->count, 1008 - 500);
	for (uint16_t i = 1; i < conflict->count; i++)
		ck_assert_uint_lt(conflict->candidates[i - 1].source,
				  conflict->candidates[i].source);
	for (uint32_t source = 1; source <= 1000; source++) {
		const struct vrfleak_candidate *w =
			candidate(7, "2001:db8::/32", source);

		ck_assert_int_eq(w != NULL, source % 2 == 0);
		if (w)
			ck_assert_int_eq(w->since, source);
	}
}
END_TEST

static uint32_t candidates_count(uint32_t target, enum vrfleak_af af,
				 uint32_t source)
{
	return vrfleak_conflicts_count_from(&conflicts, target, af, source);
}

/* The number of candidates, by target and by source. */
START_TEST(counted)
{
	add(1, "192.0.2.0/24", 2, VRFLEAK_OTHER_SOURCE, 0);
	add(1, "192.0.2.0/24", 3, VRFLEAK_OTHER_SOURCE, 0);
	add(1, "192.0.2.0/24", 3, VRFLEAK_NATIVE, 0);
	add(1, "192.0.2.0/25", 2, VRFLEAK_OTHER_SOURCE, 0);
	add(1, "2001:db8::/32", 2, VRFLEAK_OTHER_SOURCE, 0);
	add(900, "192.0.2.0/24", 2, VRFLEAK_OTHER_SOURCE, 0);

	ck_assert_uint_eq(vrfleak_conflicts_count(&conflicts, 1, VRFLEAK_IPV4),
			  3);
	ck_assert_uint_eq(vrfleak_conflicts_count(&conflicts, 1, VRFLEAK_IPV6),
			  1);
	ck_assert_uint_eq(
		vrfleak_conflicts_count(&conflicts, 900, VRFLEAK_IPV4), 1);
	ck_assert_uint_eq(
		vrfleak_conflicts_count(&conflicts, 901, VRFLEAK_IPV4), 0);
	ck_assert_uint_eq(candidates_count(1, VRFLEAK_IPV4, 2), 2);
	ck_assert_uint_eq(candidates_count(1, VRFLEAK_IPV4, 3), 1);
	ck_assert_uint_eq(candidates_count(1, VRFLEAK_IPV6, 2), 1);
	ck_assert_uint_eq(candidates_count(900, VRFLEAK_IPV4, 3), 0);

	ck_assert(remove_candidate(1, "192.0.2.0/24", 2));
	ck_assert(remove_candidate(1, "192.0.2.0/24", 3));
	ck_assert_uint_eq(vrfleak_conflicts_count(&conflicts, 1, VRFLEAK_IPV4),
			  1);
	ck_assert_uint_eq(candidates_count(1, VRFLEAK_IPV4, 2), 1);
	ck_assert_uint_eq(candidates_count(1, VRFLEAK_IPV4, 3), 0);
}
END_TEST

/* A walk that removes each conflict that it visits. */
START_TEST(after_each)
{
	const struct vrfleak_conflict *conflict = NULL;
	struct vrfleak_conflict at;
	struct prefix prefix;
	int seen = 0;

	for (uint32_t target = 1; target <= 3; target++)
		for (size_t i = 0; i < array_size(inserted); i++)
			add(target, inserted[i], 9, VRFLEAK_OTHER_SOURCE, 0);
	while ((conflict = vrfleak_conflict_after(&conflicts,
						  conflict ? &at : NULL))) {
		at = *conflict;
		vrfleak_conflict_prefix(conflict, &prefix);
		ck_assert(vrfleak_conflict_end(&conflicts, conflict->target,
					       &prefix, 9));
		conflict = &at;
		seen++;
	}
	ck_assert_int_eq(seen, 3 * (int)array_size(inserted));
}
END_TEST

/* A conflict with one candidate takes less than 100 bytes with malloc()'s. */
START_TEST(small)
{
	size_t size = sizeof(struct vrfleak_conflict) +
		      sizeof(struct vrfleak_candidate);

	ck_assert_uint_le(size + sizeof(size_t), 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conflict_table");
	TCase *tests = tcase_create("conflict_table");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, comes_and_goes);
	tcase_add_test(tests, reason_and_since);
	tcase_add_test(tests, order);
	tcase_add_test(tests, order_resumed);
	tcase_add_test(tests, many_candidates);
	tcase_add_test(tests, counted);
	tcase_add_test(tests, after_each);
	tcase_add_test(tests, small);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
