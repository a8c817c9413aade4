// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of changed prefixes: each target is decided once, and
 * only with the sources that matter there.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"

#define PREFIX "203.0.113.0/24"
#define PREFIX6 "2001:db8::/48"

#define MESH 20

static const char *mesh_name(unsigned int i)
{
	static char names[MESH][8];

	snprintf(names[i], sizeof(names[i]), "v%02u", i);
	return names[i];
}

/* All VRFs leak to each other. */
static void mesh_setup(void)
{
	char text[1024] = "";

	model_start();
	for (unsigned int i = 0; i < MESH; i++) {
		model_vrf_add(mesh_name(i), 10 + i, 100 + i);
		strlcat(text, mesh_name(i), sizeof(text));
		strlcat(text, ">1:1 ", sizeof(text));
		strlcat(text, mesh_name(i), sizeof(text));
		strlcat(text, "<1:1 ", sizeof(text));
	}
	model_policy(text);
	model_settle();
	model_count_begin();
}

/*
 * One VRF has the prefix: the others get it, at one decision each. The VRF
 * itself is decided, too, as others may leak to it.
 */
START_TEST(one_source)
{
	model_native(mesh_name(3), PREFIX, 1);
	model_settle();
	for (unsigned int i = 0; i < MESH; i++) {
		ck_assert_uint_eq(model_decisions(mesh_name(i)), 1);
		ck_assert_str_eq(model_state(mesh_name(i), PREFIX),
				 i == 3 ? "native.1" : "v03.1");
	}
	ck_assert_uint_eq(model.counts.added, MESH - 1);
	ck_assert_uint_eq(vrfleak_changed_count(), 0);
	model_check_all();
}
END_TEST

/*
 * Three VRFs get the prefix in the same moment. Each target is decided once,
 * and takes the best of the three: the first by name, as the import statements
 * are equal. The other two wait.
 */
START_TEST(several_sources)
{
	model.auto_process = false;
	model_native(mesh_name(9), PREFIX, 9);
	model_native(mesh_name(5), PREFIX, 5);
	model_native(mesh_name(7), PREFIX, 7);
	model_native(mesh_name(5), PREFIX, 5);
	ck_assert_uint_eq(vrfleak_changed_count(), 1);
	model_run(5);
	for (unsigned int i = 0; i < MESH; i++)
		ck_assert_uint_eq(model_decisions(mesh_name(i)), 1);
	ck_assert_uint_eq(model.counts.added, MESH - 3);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX),
			 "v05.5 v07=other-source v09=other-source");
	ck_assert_str_eq(model_state(mesh_name(7), PREFIX),
			 "native.7 v05=native-route v09=native-route");
	model_check_all();
}
END_TEST

/* A change before the prefix's turn is merged with it. */
START_TEST(merged)
{
	uint64_t merged = vrfleak_changed_merged();

	for (uint8_t gateway = 1; gateway <= 50; gateway++)
		model_native(mesh_name(3), PREFIX, gateway);
	ck_assert_uint_eq(vrfleak_changed_count(), 1);
	/* Zebra calls its hook twice for each. */
	ck_assert_uint_eq(vrfleak_changed_merged() - merged, 99);
	model_settle();
	ck_assert_uint_eq(model.counts.added, MESH - 1);
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX), "v03.50");
}
END_TEST

/* A route that is only refused costs the decision, and no search. */
START_TEST(cost_of_a_change)
{
	for (unsigned int i = 0; i < 4; i++)
		model_native(mesh_name(i), PREFIX, (uint8_t)i);
	model_settle();
	ck_assert_str_eq(
		model_state(mesh_name(0), PREFIX),
		"native.0 v01=native-route v02=native-route v03=native-route");
	model_count_begin();
	model_native(mesh_name(2), PREFIX, 88);
	model_settle();
	/*
	 * In each target the changed source is asked, and in those with a
	 * leaked route, its owner.
	 */
	ck_assert_uint_eq(model.counts.added, 0);
	ck_assert_uint_eq(model.counts.decisions, MESH);
	ck_assert_uint_le(model.counts.offers, 3 * MESH);
	model_check_all();
}
END_TEST

/* The owner's route goes: the candidates are asked, and the best one wins. */
START_TEST(successor)
{
	model_native(mesh_name(5), PREFIX, 5);
	model_settle();
	model_native(mesh_name(9), PREFIX, 9);
	model_native(mesh_name(7), PREFIX, 7);
	model_settle();
	model_count_begin();
	model_native_delete(mesh_name(5), PREFIX);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX),
			 "v07.7 v09=other-source");
	ck_assert_str_eq(model_state(mesh_name(5), PREFIX),
			 "v07.7 v09=other-source");
	ck_assert_str_eq(model_state(mesh_name(7), PREFIX),
			 "native.7 v09=native-route");
	model_check_all();
	model_native_delete(mesh_name(7), PREFIX);
	model_native_delete(mesh_name(9), PREFIX);
	model_settle();
	for (unsigned int i = 0; i < MESH; i++)
		ck_assert_str_eq(model_state(mesh_name(i), PREFIX), "-");
	model_check_all();
}
END_TEST

/* Both families work alike, and apart from each other. */
START_TEST(families)
{
	model_native(mesh_name(1), PREFIX6, 1);
	model_native(mesh_name(1), PREFIX, 1);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX), "v01.1");
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX6), "-");
	model_policy("6v01>1:1 6v00<1:1");
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX), "-");
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX6), "v01.1");
	model_native_delete(mesh_name(1), PREFIX6);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX6), "-");
	model_check_all();
}
END_TEST

/* Many targets are decided in slices, each target once. */
START_TEST(slices)
{
	model.auto_process = false;
	model.budget = 3;
	model_native(mesh_name(5), PREFIX, 5);
	model_native(mesh_name(7), PREFIX, 7);
	ck_assert(model_step());
	ck_assert_uint_ge(model.counts.decisions, 1);
	/* The VRF itself, and three of its targets. */
	ck_assert_uint_le(model.counts.decisions, 4);
	ck_assert_uint_eq(vrfleak_changed_count(), 1);
	model_run(5);
	ck_assert_uint_eq(vrfleak_changed_count(), 0);
	ck_assert_uint_le(model.counts.longest, 4);
	for (unsigned int i = 0; i < MESH; i++)
		ck_assert_uint_eq(model_decisions(mesh_name(i)), 1);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(0), PREFIX),
			 "v05.5 v07=other-source");
	model_check_all();
}
END_TEST

/* A change between two slices is another one, and is not lost. */
START_TEST(changed_between_slices)
{
	model.budget = 3;
	model_native(mesh_name(5), PREFIX, 5);
	ck_assert(model_step());
	model_native(mesh_name(5), PREFIX, 55);
	ck_assert_uint_eq(vrfleak_changed_count(), 2);
	model_settle();
	for (unsigned int i = 0; i < MESH; i++)
		ck_assert_str_eq(model_state(mesh_name(i), PREFIX),
				 i == 5 ? "native.55" : "v05.55");
}
END_TEST

/*
 * The policy changes between two slices, and keeps a target that was not
 * decided yet: nothing else would decide it.
 */
START_TEST(policy_between_slices)
{
	model.budget = 3;
	model_native(mesh_name(5), PREFIX, 5);
	ck_assert(model_step());
	model_policy("v05>1:1 v19<1:1");
	model_settle();
	for (unsigned int i = 0; i < MESH; i++)
		ck_assert_str_eq(model_state(mesh_name(i), PREFIX),
				 i == 5	   ? "native.5"
				 : i == 19 ? "v05.5"
					   : "-");
	model_check_all();
}
END_TEST

/* The VRF in which the prefix changed goes between two slices. */
START_TEST(vrf_deleted_between_slices)
{
	model.budget = 3;
	model_native(mesh_name(5), PREFIX, 5);
	model_native(mesh_name(7), PREFIX, 7);
	ck_assert(model_step());
	model_vrf_delete(mesh_name(5));
	model_vrf_delete(mesh_name(6));
	model_settle();
	for (unsigned int i = 0; i < MESH; i++)
		if (i != 5 && i != 6)
			ck_assert_str_eq(model_state(mesh_name(i), PREFIX),
					 i == 7 ? "native.7" : "v07.7");
	model_check_all();
}
END_TEST

/* VRFs without tags cost nothing; nor does one that has lost its tags. */
START_TEST(vrf_without_tags)
{
	model_vrf_add("plain", 77, 777);
	model_native("plain", PREFIX, 1);
	ck_assert_uint_eq(vrfleak_changed_count(), 0);

	model_native(mesh_name(5), PREFIX, 5);
	model_policy("v01>1:1 v02<1:1");
	ck_assert_uint_eq(vrfleak_changed_count(), 1);
	model_settle();
	ck_assert_uint_eq(model.counts.added, 0);
	ck_assert_ptr_null(model_vrf(mesh_name(5)));
	model_check_all();
}
END_TEST

/* The target's own route replaces the leaked one, and gives it back. */
START_TEST(native_of_target)
{
	model_native(mesh_name(5), PREFIX, 5);
	model_settle();
	model_count_begin();
	model_native(mesh_name(6), PREFIX, 6);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(6), PREFIX),
			 "native.6 v05=native-route");
	/* The other targets are asked, and keep what they have. */
	ck_assert_uint_eq(model.counts.withdrawn, 1);
	ck_assert_uint_eq(model.counts.added, 0);
	model_native_delete(mesh_name(6), PREFIX);
	model_settle();
	ck_assert_str_eq(model_state(mesh_name(6), PREFIX), "v05.5");
	model_check_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("changed prefixes");
	TCase *tests = tcase_create("changed prefixes");

	tcase_add_checked_fixture(tests, mesh_setup, model_stop);
	tcase_add_test(tests, one_source);
	tcase_add_test(tests, several_sources);
	tcase_add_test(tests, merged);
	tcase_add_test(tests, cost_of_a_change);
	tcase_add_test(tests, successor);
	tcase_add_test(tests, families);
	tcase_add_test(tests, slices);
	tcase_add_test(tests, changed_between_slices);
	tcase_add_test(tests, policy_between_slices);
	tcase_add_test(tests, vrf_deleted_between_slices);
	tcase_add_test(tests, vrf_without_tags);
	tcase_add_test(tests, native_of_target);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
