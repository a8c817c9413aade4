// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of VRF binding: which of zebra's VRFs a name stands for,
 * and which instance its leaked routes get.
 *
 * The first part has the real scans of zebra's VRFs, the second one calls
 * rib/vrf.h directly.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/rib/vrf_binding.h"

#define PREFIX "203.0.113.0/24"
#define POLICY "a>1:1 b>2:2 t<1:1 t<2:2"

static void bound_is(const char *name, vrf_id_t vrf_id, uint32_t table_id,
		     uint16_t instance)
{
	const struct vrfleak_vrf *vrf = model_vrf(name);

	ck_assert_ptr_nonnull(vrf);
	ck_assert_uint_eq(vrf->vrf_id, vrf_id);
	ck_assert_uint_eq(vrf->instance, instance);
	if (!vrfleak_vrf_bound(vrf))
		return;
	ck_assert_uint_eq(vrf->table_id, table_id);
	ck_assert_ptr_eq(vrfleak_vrf_by_id(vrf_id), vrf);
	ck_assert_ptr_eq(vrfleak_vrf_by_table(table_id), vrf);
	ck_assert_ptr_eq(vrfleak_vrf_by_instance(instance), vrf);
}

static void scan(void)
{
	model_scan();
	model_settle();
}

/* A name may come before its VRF, outlive it, and meet it again. */
START_TEST(comes_and_goes)
{
	model_policy(POLICY);
	model_settle();
	bound_is("a", VRF_UNKNOWN, 0, 0);
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	scan();
	bound_is("a", 11, 101, 101);
	model_native("a", PREFIX, 1);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");

	model_vrf_delete("a");
	scan();
	bound_is("a", VRF_UNKNOWN, 0, 0);
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	model_vrf_add("a", 21, 201);
	model_native("a", PREFIX, 2);
	scan();
	bound_is("a", 21, 201, 201);
	ck_assert_str_eq(model_state("t", PREFIX), "a.2");
}
END_TEST

/*
 * A VRF is deleted and made again between two scans, with the same vrf_id and
 * table: that its table was closed tells it apart.
 */
START_TEST(made_again)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	model_vrf_delete("a");
	model_vrf_add("a", 11, 101);
	ck_assert(model_vrf("a")->table_closed);
	scan();
	bound_is("a", 11, 101, 101);
	ck_assert(!model_vrf("a")->table_closed);
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	model_native("a", PREFIX, 2);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "a.2");
	model_check_all();
}
END_TEST

/* The same for a target: what was leaked to the old table is leaked again. */
START_TEST(target_made_again)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	model_vrf_delete("t");
	model_vrf_add("t", 13, 103);
	scan();
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	model_check_all();
}
END_TEST

/*
 * The same with another table, and routes change before the next scan: none is
 * leaked to the old table, which zebra would create again.
 */
START_TEST(target_with_other_table)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	model_vrf_delete("t");
	model_vrf_add("t", 13, 203);
	model_native("a", PREFIX, 2);
	model_native("a", "198.51.100.0/24", 2);
	while (model_step())
		;
	bound_is("t", 13, 103, 103);
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	scan();
	bound_is("t", 13, 203, 203);
	ck_assert_str_eq(model_state("t", PREFIX), "a.2");
	ck_assert_str_eq(model_state("t", "198.51.100.0/24"), "a.2");
	model_check_all();
}
END_TEST

/*
 * A VRF without a policy gets the vrf_id and the table of a deleted target:
 * before the next scan, nothing is leaked to it either.
 */
START_TEST(target_taken_over)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	model_vrf_delete("t");
	model_vrf_add("other", 13, 103);
	model_native("a", PREFIX, 2);
	model_count_begin();
	while (model_step())
		;
	ck_assert_uint_eq(model.counts.added, 0);
	model_settle();
	ck_assert_uint_eq(model.counts.added, 0);
	model_check_all();
}
END_TEST

/* Between two scans, b takes over a's vrf_id and table, and a gets b's. */
START_TEST(exchanged)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("b", 12, 102);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_native("b", "198.51.100.0/24", 2);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	model_vrf_delete("a");
	model_vrf_delete("b");
	model_vrf_add("b", 11, 101);
	model_vrf_add("a", 12, 102);
	model_native("b", PREFIX, 3);
	scan();
	bound_is("a", 12, 102, 102);
	bound_is("b", 11, 101, 101);
	ck_assert_str_eq(model_state("t", PREFIX), "b.3");
	ck_assert_str_eq(model_state("t", "198.51.100.0/24"), "-");
	model_check_all();
}
END_TEST

/* A table that 'ip import-table' uses: nothing leaks, until that ends. */
START_TEST(imported)
{
	model.imported_table = 101;
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	ck_assert(model_vrf("a")->refused);
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	model.imported_table = 0;
	model_settle();
	ck_assert(!model_vrf("a")->refused);
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	model.imported_table = 103;
	scan();
	ck_assert_str_eq(model_state("t", PREFIX), "-");
}
END_TEST

/* A VRF whose device is down offers nothing. */
START_TEST(device_down)
{
	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	model_vrf_device("a", false);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	model_vrf_device("a", true);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
}
END_TEST

/* Where the policy names a VRF no more, nothing of it is left. */
START_TEST(forgotten)
{
	uint32_t index;

	model_vrf_add("a", 11, 101);
	model_vrf_add("t", 13, 103);
	model_policy(POLICY);
	model_native("a", PREFIX, 1);
	model_settle();
	index = model_vrf("a")->index;
	model_policy("c>1:1 t<1:1");
	/* Its index and its instance stay until its routes are withdrawn. */
	ck_assert_ptr_nonnull(vrfleak_vrf_by_instance(101));
	ck_assert_uint_ne(model_vrf("c")->index, index);
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	ck_assert_ptr_null(model_vrf("a"));
	ck_assert_ptr_null(vrfleak_vrf_by_index(index));
	ck_assert_ptr_null(vrfleak_vrf_by_instance(101));
	ck_assert_ptr_null(vrfleak_vrf_by_table(101));
	ck_assert_ptr_null(vrfleak_vrf_by_id(11));
	/* Now they are for others. */
	model_policy("c>1:1 d>1:1 e>1:1 t<1:1");
	ck_assert_ptr_nonnull(vrfleak_vrf_by_index(index));
	model_vrf_delete("a");
	model_vrf_add("d", 31, 101);
	scan();
	bound_is("d", 31, 101, 101);
}
END_TEST

/* ---- rib/vrf.h alone ---- */

static uint32_t forgotten_count;

static void count_forgotten(const struct vrfleak_vrf *vrf)
{
	forgotten_count++;
}

static struct vrfleak_vrf *vrf_bound(const char *name, vrf_id_t vrf_id,
				     uint32_t table_id)
{
	struct vrfleak_vrf *vrf = vrfleak_vrf_get(name);

	ck_assert(vrfleak_vrf_bind(vrf, vrf_id, table_id));
	return vrf;
}

/* The table's number if it fits and is free, else the highest free one. */
START_TEST(instances)
{
	model.imported_table = 65534;
	ck_assert_uint_eq(vrf_bound("a", 11, 100)->instance, 100);
	ck_assert_uint_eq(vrf_bound("b", 12, 65535)->instance, 65535);
	/* 65534 is that of an imported table. */
	ck_assert_uint_eq(vrf_bound("c", 13, 65536)->instance, 65533);
	ck_assert_uint_eq(vrf_bound("d", 14, 4000000000)->instance, 65532);
	/* Taken by c, which is bound. */
	ck_assert_uint_eq(vrf_bound("e", 15, 65533)->instance, 65531);
}
END_TEST

/* An instance is not used for another VRF before it is forgotten. */
START_TEST(instance_kept)
{
	struct vrfleak_vrf *a = vrf_bound("a", 11, 100);
	struct vrfleak_vrf *b = vrfleak_vrf_get("b");

	/* The same vrf_id, or the same table. */
	ck_assert(!vrfleak_vrf_bind(b, 11, 200));
	ck_assert(!vrfleak_vrf_bind(b, 12, 100));
	vrfleak_vrf_unbind(a);
	ck_assert_uint_eq(a->instance, 100);
	ck_assert_ptr_eq(vrfleak_vrf_by_instance(100), a);
	ck_assert_ptr_null(vrfleak_vrf_by_id(11));
	ck_assert_ptr_null(vrfleak_vrf_by_table(100));
	/* Neither for b, nor for a itself. */
	ck_assert(!vrfleak_vrf_bind(b, 12, 100));
	ck_assert(!vrfleak_vrf_bind(a, 11, 100));
	ck_assert(!vrfleak_vrf_bound(a) && !vrfleak_vrf_bound(b));

	/* Both are without a policy: they are freed, and return an instance. */
	forgotten_count = 0;
	ck_assert(vrfleak_vrfs_forget(count_forgotten));
	ck_assert_uint_eq(forgotten_count, 2);
	ck_assert_ptr_null(vrfleak_vrf_by_name("a"));
	ck_assert_ptr_null(vrfleak_vrf_by_instance(100));
	ck_assert(!vrfleak_vrfs_forget(count_forgotten));
	ck_assert_uint_eq(vrf_bound("b", 12, 100)->instance, 100);
}
END_TEST

/* One with a policy keeps its index, even if it is not bound. */
START_TEST(index_kept)
{
	static struct vrfleak_vrf_policy policy;
	struct vrfleak_vrf *a = vrf_bound("a", 11, 100);
	struct vrfleak_vrf *b = vrf_bound("b", 12, 200);
	uint32_t index = a->index, other = b->index;

	a->policy = &policy;
	vrfleak_vrf_unbind(a);
	vrfleak_vrf_unbind(b);
	ck_assert_ptr_eq(vrfleak_vrf_by_index(other), b);
	forgotten_count = 0;
	ck_assert(vrfleak_vrfs_forget(count_forgotten));
	ck_assert_uint_eq(forgotten_count, 1);
	ck_assert_ptr_eq(vrfleak_vrf_by_index(index), a);
	ck_assert_uint_eq(a->instance, 0);
	ck_assert_ptr_null(vrfleak_vrf_by_index(other));
	ck_assert_uint_eq(vrfleak_vrf_get("c")->index, other);
	a->policy = NULL;
}
END_TEST

/* A VRF that the northbound has queried keeps its name for a while. */
START_TEST(queried)
{
	struct vrfleak_vrf *a = vrf_bound("a", 11, 100);

	vrfleak_vrf_note_query(a);
	vrfleak_vrf_unbind(a);
	forgotten_count = 0;
	ck_assert(vrfleak_vrfs_forget(count_forgotten));
	ck_assert_ptr_eq(vrfleak_vrf_by_name("a"), a);
	ck_assert(!vrfleak_vrf_in_use(a));
	model_run(700000);
	vrfleak_vrfs_forget(count_forgotten);
	ck_assert_ptr_null(vrfleak_vrf_by_name("a"));
}
END_TEST

/* All VRFs by name, from any name on. */
START_TEST(by_name)
{
	static const char *const names[] = {"red", "blue", "green"};

	for (size_t i = 0; i < array_size(names); i++)
		vrfleak_vrf_get(names[i]);
	ck_assert_ptr_eq(vrfleak_vrf_get("red"), vrfleak_vrf_by_name("red"));
	ck_assert_str_eq(vrfleak_vrf_next(NULL)->name, "blue");
	ck_assert_str_eq(vrfleak_vrf_after("")->name, "blue");
	ck_assert_str_eq(vrfleak_vrf_after("blue")->name, "green");
	ck_assert_str_eq(vrfleak_vrf_after("c")->name, "green");
	ck_assert_ptr_null(vrfleak_vrf_after("red"));
	ck_assert_ptr_null(vrfleak_vrf_by_name(
		"a-name-that-is-longer-than-a-VRF-may-have-in-zebra"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("VRF binding");
	TCase *tests = tcase_create("VRF binding");

	tcase_add_checked_fixture(tests, model_start, model_stop);
	tcase_add_test(tests, comes_and_goes);
	tcase_add_test(tests, made_again);
	tcase_add_test(tests, target_made_again);
	tcase_add_test(tests, target_with_other_table);
	tcase_add_test(tests, target_taken_over);
	tcase_add_test(tests, exchanged);
	tcase_add_test(tests, imported);
	tcase_add_test(tests, device_down);
	tcase_add_test(tests, forgotten);
	tcase_add_test(tests, instances);
	tcase_add_test(tests, instance_kept);
	tcase_add_test(tests, index_kept);
	tcase_add_test(tests, queried);
	tcase_add_test(tests, by_name);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
