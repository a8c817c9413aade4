// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the queue of table walks: no duplicates, no losses,
 * and no starvation.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/walk_queue.h"
#include "check_vrfleak.h"

static struct vrfleak_walk_queue_head walks;

static void setup(void)
{
	vrfleak_walk_queue_init(&walks);
}

static void teardown(void)
{
	vrfleak_walk_queue_finish(&walks);
}

struct walk_case {
	enum vrfleak_walk_kind kind;
	enum vrfleak_af af;
	uint32_t target;
	uint32_t rank;
	uint32_t source;
};

/* In the order of processing. */
static const struct walk_case in_order[] = {
	{VRFLEAK_WALK_REVALIDATE, VRFLEAK_IPV4, 2, 0, 0},
	{VRFLEAK_WALK_REVALIDATE, VRFLEAK_IPV4, 9, 0, 0},
	{VRFLEAK_WALK_REVALIDATE, VRFLEAK_IPV6, 1, 0, 0},
	{VRFLEAK_WALK_REFUSED, VRFLEAK_IPV4, 3, 0, 0},
	{VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4, 1, 0, 7},
	{VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4, 1, 1, 3},
	{VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4, 1, 2, 5},
	{VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4, 2, 0, 1},
	{VRFLEAK_WALK_IMPORT, VRFLEAK_IPV6, 1, 0, 3},
};

static void walk_add(const struct walk_case *c)
{
	vrfleak_walk_enqueue(&walks, c->kind, c->af, c->target, c->rank,
			     c->source);
}

START_TEST(walks_in_order)
{
	/* Added in another order, some twice. */
	for (size_t i = 0; i < array_size(in_order) * 2; i++)
		walk_add(&in_order[(i * 7 + 5) % array_size(in_order)]);
	ck_assert_uint_eq(vrfleak_walk_queue_count(&walks),
			  array_size(in_order));

	for (size_t i = 0; i < array_size(in_order); i++) {
		struct vrfleak_walk *walk = vrfleak_walk_queue_first(&walks);
		const struct walk_case *c = &in_order[i];

		ck_assert_msg(walk->kind == c->kind && walk->af == c->af &&
				      walk->target == c->target &&
				      walk->rank == c->rank &&
				      walk->source == c->source,
			      "walk %zu differs", i);
		ck_assert_ptr_eq(vrfleak_walk_turn(&walks), walk);
		vrfleak_walk_complete(&walks, walk);
	}
	ck_assert_ptr_null(vrfleak_walk_queue_first(&walks));
}
END_TEST

/* Requesting a walk again before it has started has no effect. */
START_TEST(walk_once)
{
	struct vrfleak_walk *walk;

	walk_add(&in_order[3]);
	walk_add(&in_order[3]);
	walk = vrfleak_walk_turn(&walks);
	ck_assert(!walk->started && !walk->table_done);
	vrfleak_walk_complete(&walks, walk);
	ck_assert_ptr_null(vrfleak_walk_turn(&walks));
}
END_TEST

/*
 * A walk that is requested again after it has started is completed, and
 * restarts after all others. So repeated requests do not starve the others.
 */
START_TEST(walk_restarts)
{
	struct vrfleak_walk *walk, *other;

	walk_add(&in_order[3]);
	walk_add(&in_order[5]);
	walk = vrfleak_walk_turn(&walks);
	walk->started = true;
	walk->table_done = true;
	walk->done = P("192.0.2.0/24");
	walk_add(&in_order[3]);
	ck_assert_ptr_eq(vrfleak_walk_turn(&walks), walk);
	ck_assert(walk->started && walk->table_done);

	vrfleak_walk_complete(&walks, walk);
	other = vrfleak_walk_turn(&walks);
	ck_assert_ptr_ne(other, walk);
	other->started = true;
	walk_add(&in_order[5]);
	vrfleak_walk_complete(&walks, other);

	ck_assert_ptr_eq(vrfleak_walk_turn(&walks), walk);
	ck_assert(!walk->started && !walk->table_done);
	walk->started = true;
	walk_add(&in_order[3]);
	vrfleak_walk_complete(&walks, walk);
	ck_assert_ptr_eq(vrfleak_walk_turn(&walks), other);
	ck_assert(!other->started);
	vrfleak_walk_complete(&walks, other);
	ck_assert_ptr_eq(vrfleak_walk_turn(&walks), walk);
	vrfleak_walk_complete(&walks, walk);
	ck_assert_ptr_null(vrfleak_walk_turn(&walks));
}
END_TEST

/* Reverse the order of the sources. */
static uint32_t rank_reversed(const struct vrfleak_walk *walk)
{
	return 100 - walk->source;
}

/* A new order keeps the progress of walks. Revalidations have no rank. */
START_TEST(walks_reordered)
{
	struct vrfleak_walk *walk;
	uint32_t before = 100;

	for (uint32_t source = 1; source < 20; source++)
		vrfleak_walk_enqueue(&walks, VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4,
				     30, source, source);
	vrfleak_walk_enqueue(&walks, VRFLEAK_WALK_REVALIDATE, VRFLEAK_IPV4, 30,
			     0, 0);
	frr_each (vrfleak_walk_queue, &walks, walk)
		walk->started = walk->source == 7;
	vrfleak_walk_queue_rerank(&walks, rank_reversed);
	ck_assert_uint_eq(vrfleak_walk_queue_count(&walks), 20);
	ck_assert_int_eq(vrfleak_walk_turn(&walks)->kind,
			 VRFLEAK_WALK_REVALIDATE);
	vrfleak_walk_complete(&walks, vrfleak_walk_turn(&walks));
	frr_each (vrfleak_walk_queue, &walks, walk) {
		ck_assert_uint_lt(walk->source, before);
		ck_assert_uint_eq(walk->rank, 100 - walk->source);
		ck_assert_int_eq(walk->started, walk->source == 7);
		before = walk->source;
	}
	/* A request with the new rank finds the existing walk. */
	vrfleak_walk_enqueue(&walks, VRFLEAK_WALK_IMPORT, VRFLEAK_IPV4, 30, 97,
			     3);
	ck_assert_uint_eq(vrfleak_walk_queue_count(&walks), 19);
}
END_TEST

START_TEST(walks_sources)
{
	uint32_t sources[4] = {};

	for (size_t i = 0; i < array_size(in_order); i++)
		walk_add(&in_order[i]);
	ck_assert_uint_eq(vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV4, 1,
						     sources,
						     array_size(sources)),
			  3);
	ck_assert_uint_eq(sources[0], 7);
	ck_assert_uint_eq(sources[1], 3);
	ck_assert_uint_eq(sources[2], 5);
	ck_assert_uint_eq(sources[3], 0);

	/* At most size sources; with NULL, only their number. */
	memset(sources, 0, sizeof(sources));
	ck_assert_uint_eq(
		vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV4, 1, sources, 1),
		1);
	ck_assert_uint_eq(sources[0], 7);
	ck_assert_uint_eq(sources[1], 0);
	ck_assert_uint_eq(
		vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV4, 1, NULL, 2),
		2);
	ck_assert_uint_eq(vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV4, 1,
						     NULL, UINT32_MAX),
			  3);
	ck_assert_uint_eq(
		vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV4, 9, sources, 4),
		0);
	ck_assert_uint_eq(
		vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV6, 1, sources, 4),
		1);
	ck_assert_uint_eq(
		vrfleak_walk_queue_sources(&walks, VRFLEAK_IPV6, 2, sources, 4),
		0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("walk_queue");
	TCase *tests = tcase_create("walk_queue");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, walks_in_order);
	tcase_add_test(tests, walk_once);
	tcase_add_test(tests, walk_restarts);
	tcase_add_test(tests, walks_reordered);
	tcase_add_test(tests, walks_sources);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
