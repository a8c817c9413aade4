// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the lists of native prefixes: a list is complete and
 * sorted, or is not used.
 */
#include <zebra.h>

#include "table.h"

#include "zebra_vrfleak/core/native_prefixes.h"
#include "check_vrfleak.h"

static struct vrfleak_native_lists_head lists;

static void setup(void)
{
	vrfleak_native_lists_init(&lists);
}

static void teardown(void)
{
	vrfleak_native_lists_clear(&lists);
	ck_assert_uint_eq(vrfleak_native_lists_count(&lists), 0);
	vrfleak_native_lists_fini(&lists);
}

static void next_is(const struct vrfleak_native_list *list, const char *after,
		    const char *expected)
{
	struct prefix from = P(after), to = P(expected);
	const struct prefix *next = vrfleak_native_list_next(list, &from);

	ck_assert_msg(next && prefix_same(next, &to), "after %s comes not %s",
		      after, expected);
}

START_TEST(list_in_table_order)
{
	/* In the order of a table: a prefix precedes those that it contains. */
	static const char *const walk[] = {
		"0.0.0.0/0",	"10.0.0.0/8",	  "10.0.0.0/16",
		"10.0.0.0/24",	"10.128.0.0/9",	  "192.0.2.0/24",
		"192.0.2.0/25", "192.0.2.128/25", "255.255.255.255/32",
	};
	struct vrfleak_native_list *list =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV4, 2, 0);
	struct route_table *table = route_table_init();
	struct prefix first = P(walk[0]), last = P(walk[8]);
	struct route_node *rn;
	size_t at = 0;

	for (size_t i = array_size(walk); i-- > 0;) {
		struct prefix p = P(walk[i]);

		route_node_get(table, &p)->info = (void *)walk[i];
	}
	for (rn = route_top(table); rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		ck_assert_str_eq(rn->info, walk[at++]);
		vrfleak_native_list_add(list, &rn->p);
		rn->info = NULL;
		route_unlock_node(rn);
	}
	vrfleak_native_list_complete(list);
	ck_assert_uint_eq(at, array_size(walk));
	ck_assert_uint_eq(list->count, array_size(walk));

	ck_assert(prefix_same(vrfleak_native_list_next(list, NULL), &first));
	for (size_t i = 1; i < array_size(walk); i++)
		next_is(list, walk[i - 1], walk[i]);
	ck_assert_ptr_null(vrfleak_native_list_next(list, &last));

	/* After a prefix that is not in the list, in the same order. */
	next_is(list, "9.0.0.0/8", "10.0.0.0/8");
	next_is(list, "10.0.0.0/12", "10.0.0.0/16");
	next_is(list, "10.0.0.7/32", "10.128.0.0/9");
	next_is(list, "192.0.2.127/32", "192.0.2.128/25");
	route_table_finish(table);
}
END_TEST

START_TEST(list_ipv6)
{
	struct vrfleak_native_list *list =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV6, 2, 0);
	struct prefix a = P("2001:db8::/32"), b = P("2001:db8:1::/48");

	vrfleak_native_list_add(list, &a);
	vrfleak_native_list_add(list, &b);
	vrfleak_native_list_complete(list);
	next_is(list, "2001:db8::/32", "2001:db8:1::/48");
	next_is(list, "::/0", "2001:db8::/32");
	ck_assert_ptr_null(vrfleak_native_list_next(list, &b));
}
END_TEST

/* One list for each source and family, even if it is empty. */
START_TEST(list_by_source)
{
	struct vrfleak_native_list *first =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV4, 2, 0);
	struct vrfleak_native_list *second =
		vrfleak_native_list_begin(&lists, 2, VRFLEAK_IPV4, 1, 0);
	struct vrfleak_native_list *other =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV6, 2, 0);

	vrfleak_native_list_complete(first);
	ck_assert_ptr_null(vrfleak_native_list_next(first, NULL));
	ck_assert_ptr_eq(vrfleak_native_list_find(&lists, 1, VRFLEAK_IPV4),
			 first);
	ck_assert_ptr_eq(vrfleak_native_list_find(&lists, 2, VRFLEAK_IPV4),
			 second);
	ck_assert_ptr_eq(vrfleak_native_list_find(&lists, 1, VRFLEAK_IPV6),
			 other);
	ck_assert_ptr_null(vrfleak_native_list_find(&lists, 2, VRFLEAK_IPV6));

	vrfleak_native_list_drop(&lists, 1, VRFLEAK_IPV4);
	vrfleak_native_list_drop(&lists, 1, VRFLEAK_IPV4);
	ck_assert_ptr_null(vrfleak_native_list_find(&lists, 1, VRFLEAK_IPV4));
	ck_assert_ptr_eq(vrfleak_native_list_find(&lists, 1, VRFLEAK_IPV6),
			 other);
}
END_TEST

/* Add prefixes until the list is abandoned. Returns how many it had. */
static uint32_t add_all(struct vrfleak_native_list *list)
{
	struct prefix p = P("10.0.0.0/32");
	uint32_t i = 0;

	while (list->state == VRFLEAK_NATIVE_LIST_PARTIAL && i < 1000000) {
		p.u.prefix4.s_addr = htonl(0x0a000000 + i++);
		vrfleak_native_list_add(list, &p);
	}
	return i - 1;
}

/* A table that has mostly native prefixes needs no list. */
START_TEST(list_abandoned)
{
	const size_t table = 4 * VRFLEAK_NATIVE_LIST_FREE;
	struct vrfleak_native_list *list =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV4, 2, table);
	struct prefix p = P("192.0.2.0/24");

	ck_assert_uint_eq(add_all(list), VRFLEAK_NATIVE_LIST_FREE);
	ck_assert_int_eq(list->state, VRFLEAK_NATIVE_LIST_ABANDONED);
	ck_assert_ptr_null(list->prefixes);

	vrfleak_native_list_add(list, &p);
	vrfleak_native_list_complete(list);
	ck_assert_int_eq(list->state, VRFLEAK_NATIVE_LIST_ABANDONED);
	ck_assert_uint_eq(list->count, 0);

	/* The list is started again when the table has doubled. */
	ck_assert(!vrfleak_native_list_again(list, 2 * table - 1));
	ck_assert(vrfleak_native_list_again(list, 2 * table));
}
END_TEST

START_TEST(list_large_table)
{
	const size_t table = 80 * VRFLEAK_NATIVE_LIST_FREE;
	struct vrfleak_native_list *list =
		vrfleak_native_list_begin(&lists, 1, VRFLEAK_IPV4, 2, table);

	ck_assert(!vrfleak_native_list_again(list, 1000 * table));
	ck_assert_uint_eq(add_all(list), 10 * VRFLEAK_NATIVE_LIST_FREE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("native_prefixes");
	TCase *tests = tcase_create("native_prefixes");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, list_in_table_order);
	tcase_add_test(tests, list_ipv6);
	tcase_add_test(tests, list_by_source);
	tcase_add_test(tests, list_abandoned);
	tcase_add_test(tests, list_large_table);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
