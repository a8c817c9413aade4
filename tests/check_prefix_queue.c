// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the queue of prefixes (no duplicates, no losses, first
 * in, first out).
 */
#include <zebra.h>

#include "zebra_vrfleak/core/prefix_queue.h"
#include "check_vrfleak.h"

static struct vrfleak_prefix_queue queue;

static void setup(void)
{
	vrfleak_prefix_queue_init(&queue);
}

static void teardown(void)
{
	vrfleak_prefix_queue_finish(&queue);
}

static struct vrfleak_prefix_item *add(uint32_t scope, const char *prefix,
				       uint32_t vrf)
{
	struct prefix p = P(prefix);

	return vrfleak_prefix_queue_add(&queue, scope, &p, vrf);
}

static struct vrfleak_prefix_item *lookup(uint32_t scope, const char *prefix)
{
	struct prefix p = P(prefix);

	return vrfleak_prefix_queue_lookup(&queue, scope, &p);
}

/* Remove the oldest item. It must be this prefix, with so many VRFs. */
static void next_is(uint32_t scope, const char *prefix, uint32_t count)
{
	struct vrfleak_prefix_item *item = vrfleak_prefix_queue_pop(&queue);
	struct prefix p = P(prefix);

	ck_assert_ptr_nonnull(item);
	ck_assert_msg(prefix_same(&item->prefix, &p), "not %s", prefix);
	ck_assert_uint_eq(item->scope, scope);
	ck_assert_uint_eq(item->count, count);
	vrfleak_prefix_queue_free(item);
}

START_TEST(queue_in_turn)
{
	add(0, "192.0.2.0/24", 1);
	add(0, "2001:db8::/32", 1);
	add(0, "192.0.2.0/25", 2);
	add(0, "192.0.2.0/24", 3);
	add(5, "192.0.2.0/24", 1);

	next_is(0, "192.0.2.0/24", 2);
	ck_assert_ptr_null(lookup(0, "192.0.2.0/24"));
	ck_assert_ptr_nonnull(lookup(5, "192.0.2.0/24"));
	add(0, "192.0.2.0/24", 1);

	next_is(0, "2001:db8::/32", 1);
	next_is(0, "192.0.2.0/25", 1);
	next_is(5, "192.0.2.0/24", 1);
	next_is(0, "192.0.2.0/24", 1);
	ck_assert_ptr_null(vrfleak_prefix_queue_pop(&queue));
}
END_TEST

START_TEST(queue_merged)
{
	struct vrfleak_prefix_item *item = add(0, "192.0.2.0/24", 0);

	ck_assert_uint_eq(item->count, 0);
	for (uint32_t vrf = 1; vrf <= 10; vrf++)
		for (int again = 0; again < 3; again++)
			ck_assert_ptr_eq(add(0, "192.0.2.0/24", vrf), item);
	ck_assert_uint_eq(item->count, 10);
	ck_assert_uint_eq(queue.merged, 20);
	for (uint32_t vrf = 1; vrf <= 10; vrf++)
		ck_assert_uint_eq(item->vrfs[vrf - 1], vrf);
}
END_TEST

/* Prefixes are compared with their length. */
START_TEST(queue_host_bits)
{
	struct prefix p = P("192.0.2.0/24");
	struct vrfleak_prefix_item *item =
		vrfleak_prefix_queue_add(&queue, 0, &p, 1);

	ck_assert_ptr_eq(vrfleak_prefix_queue_lookup(&queue, 0, &p), item);
	p.prefixlen = 23;
	ck_assert_ptr_null(vrfleak_prefix_queue_lookup(&queue, 0, &p));
}
END_TEST

START_TEST(queue_put_back)
{
	struct vrfleak_prefix_item *item;

	add(0, "192.0.2.0/24", 1)->note = 7;
	add(0, "198.51.100.0/24", 1);
	item = vrfleak_prefix_queue_pop(&queue);
	vrfleak_prefix_queue_put(&queue, item);
	ck_assert_ptr_eq(lookup(0, "192.0.2.0/24"), item);
	ck_assert_uint_eq(item->note, 7);
	next_is(0, "198.51.100.0/24", 1);
	next_is(0, "192.0.2.0/24", 1);
}
END_TEST

/* Remove an item in the middle, and the last one, which is then added again. */
START_TEST(queue_taken)
{
	struct vrfleak_prefix_item *middle, *last;

	add(0, "192.0.2.0/24", 1);
	middle = add(0, "198.51.100.0/24", 1);
	last = add(0, "203.0.113.0/24", 1);
	ck_assert_ptr_eq(vrfleak_prefix_queue_first(&queue),
			 lookup(0, "192.0.2.0/24"));

	vrfleak_prefix_queue_take(&queue, middle);
	vrfleak_prefix_queue_free(middle);
	vrfleak_prefix_queue_take(&queue, last);
	vrfleak_prefix_queue_free(last);
	ck_assert_uint_eq(vrfleak_prefix_queue_count(&queue), 1);
	ck_assert_uint_eq(add(0, "203.0.113.0/24", 2)->count, 1);
	next_is(0, "192.0.2.0/24", 1);
	next_is(0, "203.0.113.0/24", 1);
	ck_assert_ptr_null(vrfleak_prefix_queue_first(&queue));
}
END_TEST

static struct prefix host(uint32_t index)
{
	struct prefix p = P("10.0.0.0/32");

	p.u.prefix4.s_addr = htonl(0x0a000000 + index);
	return p;
}

/* An item that is used again looks like a new one. */
START_TEST(queue_recycled)
{
	struct vrfleak_prefix_item *item = add(3, "192.0.2.0/24", 1), *again;

	item->note = 7;
	item->pointer = &queue;
	add(4, "192.0.2.0/24", 2);
	vrfleak_prefix_queue_take(&queue, item);
	vrfleak_prefix_queue_recycle(&queue, item);
	ck_assert_ptr_null(lookup(3, "192.0.2.0/24"));
	ck_assert_uint_eq(vrfleak_prefix_queue_count(&queue), 1);

	again = add(5, "2001:db8::/32", 9);
	ck_assert_ptr_eq(again, item);
	ck_assert_uint_eq(again->note, 0);
	ck_assert_ptr_null(again->pointer);
	next_is(4, "192.0.2.0/24", 1);
	next_is(5, "2001:db8::/32", 1);

	/* The last one is freed, with all that were to be used again. */
	item = add(1, "192.0.2.0/24", 1);
	again = add(2, "192.0.2.0/24", 1);
	vrfleak_prefix_queue_take(&queue, item);
	vrfleak_prefix_queue_recycle(&queue, item);
	vrfleak_prefix_queue_take(&queue, again);
	vrfleak_prefix_queue_recycle(&queue, again);
	ck_assert_uint_eq(vrfleak_prefix_queue_count(&queue), 0);
}
END_TEST

/* Numbers of items around the threshold for shards. */
static const uint32_t many[] = {
	VRFLEAK_PREFIX_QUEUE_SHARD_MIN - 1, VRFLEAK_PREFIX_QUEUE_SHARD_MIN,
	VRFLEAK_PREFIX_QUEUE_SHARD_MIN + 1, 5 * VRFLEAK_PREFIX_QUEUE_SHARD_MIN};

static bool is_three(uint32_t scope)
{
	return scope == 3;
}

START_TEST(queue_forget)
{
	add(3, "192.0.2.0/24", 0);
	add(4, "192.0.2.0/24", 5);
	add(3, "192.0.2.0/25", 7);
	add(0, "192.0.2.0/24", 3);
	vrfleak_prefix_queue_forget(&queue, is_three);
	ck_assert_uint_eq(vrfleak_prefix_queue_count(&queue), 2);
	ck_assert_ptr_null(lookup(3, "192.0.2.0/24"));
	ck_assert_ptr_null(lookup(3, "192.0.2.0/25"));
	/* The next VRF with the same index starts without items. */
	add(3, "192.0.2.0/25", 0);
	next_is(4, "192.0.2.0/24", 1);
	next_is(0, "192.0.2.0/24", 1);
	next_is(3, "192.0.2.0/25", 0);
}
END_TEST

/* No item is lost while they are added, moved to the end, and removed. */
START_TEST(queue_many)
{
	struct vrfleak_prefix_item *item;
	struct prefix p;

	for (uint32_t i = 0; i < 2 * many[_i]; i++) {
		p = host(i % many[_i]);
		vrfleak_prefix_queue_add(&queue, 0, &p, 1 + i / many[_i]);
	}
	ck_assert_uint_eq(vrfleak_prefix_queue_count(&queue), many[_i]);
	for (uint32_t i = 0; i < many[_i]; i++) {
		p = host(i);
		item = vrfleak_prefix_queue_pop(&queue);
		ck_assert(prefix_same(&item->prefix, &p));
		ck_assert_ptr_null(vrfleak_prefix_queue_lookup(&queue, 0, &p));
		vrfleak_prefix_queue_put(&queue, item);
		ck_assert_ptr_eq(vrfleak_prefix_queue_lookup(&queue, 0, &p),
				 item);
	}
	for (uint32_t i = 0; i < many[_i]; i++) {
		p = host(i);
		item = vrfleak_prefix_queue_pop(&queue);
		ck_assert(prefix_same(&item->prefix, &p));
		ck_assert_uint_eq(item->count, 2);
		vrfleak_prefix_queue_free(item);
		p = host(many[_i] - 1);
		ck_assert_int_eq(!vrfleak_prefix_queue_lookup(&queue, 0, &p),
				 i == many[_i] - 1);
	}
	ck_assert_ptr_null(vrfleak_prefix_queue_pop(&queue));
	ck_assert_uint_eq(add(0, "192.0.2.0/24", 1)->count, 1);
	next_is(0, "192.0.2.0/24", 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("prefix_queue");
	TCase *tests = tcase_create("prefix_queue");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, queue_in_turn);
	tcase_add_test(tests, queue_merged);
	tcase_add_test(tests, queue_host_bits);
	tcase_add_test(tests, queue_put_back);
	tcase_add_test(tests, queue_taken);
	tcase_add_test(tests, queue_forget);
	tcase_add_test(tests, queue_recycled);
	tcase_add_loop_test(tests, queue_many, 0, array_size(many));
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
