// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the indexes: a released index is reused, and an index
 * belongs to one object.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/index_pool.h"
#include "check_vrfleak.h"

static struct vrfleak_indexes indexes;
static int objects[1000];

static void teardown(void)
{
	vrfleak_indexes_finish(&indexes);
}

START_TEST(index_lowest_free)
{
	for (uint32_t i = 1; i <= 5; i++)
		ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[i]), i);
	vrfleak_index_release(&indexes, 4);
	vrfleak_index_release(&indexes, 2);
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 2));
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 4));
	ck_assert_ptr_eq(vrfleak_index_find(&indexes, 3), &objects[3]);
	ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[20]), 2);
	ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[40]), 4);
	ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[60]), 6);
	ck_assert_ptr_eq(vrfleak_index_find(&indexes, 2), &objects[20]);
	ck_assert_ptr_eq(vrfleak_index_find(&indexes, 4), &objects[40]);
}
END_TEST

START_TEST(index_unused)
{
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 0));
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 1));
	ck_assert_ptr_null(vrfleak_index_find(&indexes, UINT32_MAX));
	ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[1]), 1);
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 0));
	ck_assert_ptr_null(vrfleak_index_find(&indexes, 2));
}
END_TEST

/* With one object after another, the table does not grow. */
START_TEST(index_reused)
{
	vrfleak_index_take(&indexes, &objects[1]);
	vrfleak_index_take(&indexes, &objects[2]);
	for (int i = 0; i < 20000; i++) {
		ck_assert_uint_eq(vrfleak_index_take(&indexes, &objects[3]), 3);
		vrfleak_index_release(&indexes, 3);
	}
	ck_assert_uint_eq(indexes.end, 3);
	ck_assert_uint_le(indexes.size, 8);
}
END_TEST

/* Compared with a naive table. */
START_TEST(index_random)
{
	uint32_t owner[1000] = {}, taken, expected, most = 0;
	size_t count = 0;

	srandom(_i);
	for (int step = 0; step < 5000; step++) {
		uint32_t i = 1 + random() % 200;

		if (owner[i]) {
			ck_assert_ptr_eq(vrfleak_index_find(&indexes, i),
					 &objects[owner[i]]);
			vrfleak_index_release(&indexes, i);
			owner[i] = 0;
			count--;
			continue;
		}
		for (expected = 1; owner[expected];)
			expected++;
		taken = vrfleak_index_take(&indexes, &objects[1 + step % 999]);
		ck_assert_uint_eq(taken, expected);
		owner[taken] = 1 + step % 999;
		most = MAX(most, (uint32_t)++count);
		ck_assert_uint_le(indexes.end, most + 1);
	}
	for (uint32_t i = 1; i < 1000; i++)
		ck_assert_ptr_eq(vrfleak_index_find(&indexes, i),
				 owner[i] ? &objects[owner[i]] : NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("index");
	TCase *tcase = tcase_create("index");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, index_lowest_free);
	tcase_add_test(tcase, index_unused);
	tcase_add_test(tcase, index_reused);
	tcase_add_loop_test(tcase, index_random, 0, 20);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
