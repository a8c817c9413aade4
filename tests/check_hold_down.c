// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the hold-down of routes that come and go: examples,
 * and random operations compared with a model that keeps all losses.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/hold_down.h"
#include "check_vrfleak.h"

#define SECONDS 30

static struct vrfleak_hold_down table;

static void table_init(void)
{
	vrfleak_hold_down_init(&table);
}

static void table_finish(void)
{
	vrfleak_hold_down_finish(&table);
}

static struct vrfleak_flapping_key key_make(uint32_t target, uint32_t source,
					    const char *prefix)
{
	struct vrfleak_flapping_key key = {.target = target, .source = source};

	str2prefix(prefix, &key.prefix);
	return key;
}

/* The route is lost at this time, and is there again a second later. */
static bool flap(const struct vrfleak_flapping_key *key, int64_t now)
{
	bool begins = vrfleak_hold_down_lost(&table, key, now, SECONDS);

	vrfleak_hold_down_seen(&table, key, now + 1);
	return begins;
}

static unsigned int expire_all(int64_t now, unsigned int *released)
{
	struct vrfleak_flapping_key key;
	unsigned int expired = 0;
	bool was_held;

	*released = 0;
	while (vrfleak_hold_down_expire(&table, now, &key, &was_held)) {
		expired++;
		*released += was_held;
	}
	return expired;
}

START_TEST(fourth_loss)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "192.0.2.0/24");
	unsigned int released;

	ck_assert(!vrfleak_hold_down_any(&table));
	ck_assert(!vrfleak_hold_down_seen(&table, &key, 999));
	ck_assert(!vrfleak_hold_down_any(&table));
	ck_assert_int_eq(vrfleak_hold_down_next(&table, 999), -1);
	for (int64_t now = 1000; now < 1060; now += 20)
		ck_assert(!flap(&key, now));
	ck_assert(!vrfleak_hold_down_seen(&table, &key, 1058));
	/* Three within a minute before it: 1000 is 59 seconds ago. */
	ck_assert(flap(&key, 1059));
	ck_assert(vrfleak_hold_down_seen(&table, &key, 1060));
	ck_assert_uint_eq(vrfleak_hold_down_left(&table, &key, 1069), 20);
	ck_assert_int_eq(vrfleak_hold_down_next(&table, 1069), 20);

	/* One more loss starts the time again, but does not begin it. */
	ck_assert(!flap(&key, 1080));
	ck_assert_uint_eq(expire_all(1109, &released), 0);
	ck_assert(vrfleak_hold_down_seen(&table, &key, 1109));
	ck_assert(!vrfleak_hold_down_seen(&table, &key, 1110));
	ck_assert_uint_eq(expire_all(1110, &released), 1);
	ck_assert_uint_eq(released, 1);
	ck_assert(!vrfleak_hold_down_seen(&table, &key, 1110));
	ck_assert_uint_eq(vrfleak_hold_down_left(&table, &key, 1110), 0);

	/* Forgotten a minute after the last loss. */
	ck_assert_int_eq(vrfleak_hold_down_next(&table, 1110), 30);
	ck_assert_uint_eq(expire_all(1140, &released), 1);
	ck_assert_uint_eq(released, 0);
	ck_assert(!vrfleak_hold_down_any(&table));
}
END_TEST

/* A minute between the first and the fourth loss is long enough. */
START_TEST(slow)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "192.0.2.0/24");

	for (int64_t now = 1000; now < 3000; now += 20)
		ck_assert(!flap(&key, now));
}
END_TEST

/* A loss counts once until the route is seen. */
START_TEST(counted_once)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "2001:db8::/32");

	for (int64_t now = 1000; now < 1020; now++)
		ck_assert(!vrfleak_hold_down_lost(&table, &key, now, SECONDS));
	vrfleak_hold_down_seen(&table, &key, 1020);
	ck_assert(!flap(&key, 1021));
	ck_assert(!flap(&key, 1022));
	ck_assert(flap(&key, 1023));
}
END_TEST

/* The fourth loss in a minute after a release holds the route at once. */
START_TEST(again)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "192.0.2.0/24");
	unsigned int released;

	for (int64_t now = 1000; now < 1004; now++)
		flap(&key, now);
	expire_all(1003 + SECONDS, &released);
	ck_assert_uint_eq(released, 1);
	ck_assert(flap(&key, 1003 + SECONDS + 1));
}
END_TEST

static void key_count(const struct vrfleak_flapping_key *key, void *arg)
{
	unsigned int *count = arg;

	(*count)++;
}

static bool is_seven(uint32_t vrf)
{
	return vrf == 7;
}

START_TEST(clear_and_forget)
{
	struct vrfleak_flapping_key keys[] = {
		key_make(1, 2, "192.0.2.0/24"),
		key_make(1, 3, "192.0.2.0/24"),
		key_make(1, 2, "192.0.2.0/25"),
		key_make(1, 2, "2001:db8::/32"),
		key_make(2, 2, "192.0.2.0/24"),
		key_make(7, 1, "192.0.2.0/24"),
		key_make(2, 7, "2001:db8::/32"),
	};
	unsigned int count = 0, released;

	for (size_t i = 0; i < array_size(keys); i++)
		for (int64_t now = 1000; now < 1004; now++)
			flap(&keys[i], now);
	flap(&(struct vrfleak_flapping_key){.target = 1,
					    .source = 4,
					    .prefix = keys[0].prefix},
	     1000);

	vrfleak_hold_down_clear(&table, 1, VRFLEAK_IPV4, &keys[0].prefix,
				key_count, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert(!vrfleak_hold_down_seen(&table, &keys[0], 1005));
	ck_assert(!vrfleak_hold_down_seen(&table, &keys[1], 1005));
	ck_assert(vrfleak_hold_down_seen(&table, &keys[2], 1005));
	ck_assert(vrfleak_hold_down_seen(&table, &keys[4], 1005));
	vrfleak_hold_down_clear(&table, 1, VRFLEAK_IPV4, NULL, key_count,
				&count);
	ck_assert_uint_eq(count, 3);
	ck_assert(!vrfleak_hold_down_seen(&table, &keys[2], 1005));
	ck_assert(vrfleak_hold_down_seen(&table, &keys[3], 1005));

	vrfleak_hold_down_forget(&table, is_seven);
	ck_assert(!vrfleak_hold_down_seen(&table, &keys[5], 1005));
	ck_assert(!vrfleak_hold_down_seen(&table, &keys[6], 1005));
	ck_assert_uint_eq(expire_all(1003 + SECONDS, &released), 2);
	ck_assert_uint_eq(released, 2);
}
END_TEST

/* ---- random operations ---- */

#define ROUTES 12
#define LOSSES 4096

/* What is known of a route, with all its losses. */
struct model_route {
	struct vrfleak_flapping_key key;
	int64_t losses[LOSSES];
	unsigned int count;
	int64_t released_at;
	bool known;
	bool there;
	bool held;
};

static struct model_route model[ROUTES];

static int64_t last_loss(const struct model_route *route)
{
	return route->losses[route->count - 1];
}

static bool model_lost(struct model_route *route, int64_t now, uint32_t seconds)
{
	unsigned int recent = 0;
	bool was_held = route->held;

	if (!route->known) {
		route->known = true;
		route->there = true;
		route->count = 0;
	}
	if (!route->there)
		return false;
	route->there = false;
	route->losses[route->count++] = now;
	for (unsigned int i = 0; i < route->count; i++)
		recent += route->losses[i] > now - 60;
	route->held |= recent >= 4;
	route->released_at = now + seconds;
	return route->held && !was_held;
}

/* What expires now: returns how many are released. */
static unsigned int model_expire(int64_t now)
{
	unsigned int released = 0;

	for (int i = 0; i < ROUTES; i++) {
		struct model_route *route = &model[i];

		if (route->held && route->released_at <= now) {
			route->held = false;
			released++;
		}
		if (route->known && !route->held &&
		    last_loss(route) + 60 <= now)
			route->known = false;
	}
	return released;
}

static void model_check(int64_t now)
{
	int64_t next = -1;
	bool any = false;

	for (int i = 0; i < ROUTES; i++) {
		const struct model_route *route = &model[i];
		int64_t due;

		ck_assert_uint_eq(
			vrfleak_hold_down_left(&table, &route->key, now),
			route->held ? route->released_at - now : 0);
		any |= route->known;
		if (!route->known)
			continue;
		due = route->held ? route->released_at : last_loss(route) + 60;
		if (next < 0 || due - now < next)
			next = due - now;
	}
	ck_assert_int_eq(any, vrfleak_hold_down_any(&table));
	ck_assert_int_eq(next, vrfleak_hold_down_next(&table, now));
}

static void model_clear(uint32_t target, unsigned int *held)
{
	*held = 0;
	for (int i = 0; i < ROUTES; i++) {
		struct model_route *route = &model[i];

		if (route->key.target != target ||
		    route->key.prefix.family != AF_INET)
			continue;
		*held += route->held;
		route->held = false;
		route->known = false;
	}
}

START_TEST(random_operations)
{
	static const char *const prefixes[] = {"192.0.2.0/24", "192.0.2.0/25",
					       "2001:db8::/32"};
	unsigned int held, count, released;
	int64_t now = 100000;

	srand((unsigned int)_i);
	memset(model, 0, sizeof(model));
	for (int i = 0; i < ROUTES; i++)
		model[i].key = key_make(1 + i / 6, 5 + i % 2, prefixes[i % 3]);
	for (int step = 0; step < LOSSES - 1; step++) {
		struct model_route *route = &model[rand() % ROUTES];
		uint32_t seconds = 1 + rand() % 100;

		now += rand() % 4 ? 0 : rand() % (1 + _i);
		expire_all(now, &released);
		ck_assert_uint_eq(released, model_expire(now));
		switch (rand() % 20) {
		case 0 ... 8:
			ck_assert_int_eq(vrfleak_hold_down_lost(&table,
								&route->key,
								now, seconds),
					 model_lost(route, now, seconds));
			break;
		case 9 ... 18:
			route->there = true;
			ck_assert_int_eq(vrfleak_hold_down_seen(
						 &table, &route->key, now),
					 route->held);
			break;
		default:
			if (rand() % 10)
				break;
			count = 0;
			vrfleak_hold_down_clear(&table, 1, VRFLEAK_IPV4, NULL,
						key_count, &count);
			model_clear(1, &held);
			ck_assert_uint_eq(count, held);
		}
		model_check(now);
	}
}
END_TEST

/* There is an end to the memory that mass changes may take. */
START_TEST(maximum)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "10.0.0.0/32");

	for (uint32_t i = 0; i <= VRFLEAK_HOLD_DOWN_MAX; i++) {
		key.prefix.u.prefix4.s_addr = htonl(0x0a000000 + i);
		for (int64_t now = 1000; now < 1004; now++)
			flap(&key, now);
	}
	ck_assert(!vrfleak_hold_down_seen(&table, &key, 1005));
	key.prefix.u.prefix4.s_addr = htonl(0x0a000000);
	ck_assert(vrfleak_hold_down_seen(&table, &key, 1005));
}
END_TEST

/* Many routes that were lost once do not hide one that comes and goes. */
START_TEST(maximum_of_single_losses)
{
	struct vrfleak_flapping_key key = key_make(1, 2, "10.0.0.0/32");

	for (uint32_t i = 0; i <= VRFLEAK_HOLD_DOWN_MAX; i++) {
		key.prefix.u.prefix4.s_addr = htonl(0x0a000000 + i);
		flap(&key, 1000);
	}
	key.prefix.u.prefix4.s_addr = htonl(0x0b000000);
	for (int64_t now = 1001; now < 1005; now++)
		flap(&key, now);
	ck_assert(vrfleak_hold_down_seen(&table, &key, 1006));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hold_down");
	TCase *tests = tcase_create("hold_down");

	tcase_set_timeout(tests, 0);
	tcase_add_checked_fixture(tests, table_init, table_finish);
	tcase_add_test(tests, fourth_loss);
	tcase_add_test(tests, slow);
	tcase_add_test(tests, counted_once);
	tcase_add_test(tests, again);
	tcase_add_test(tests, clear_and_forget);
	tcase_add_loop_test(tests, random_operations, 0, 40);
	tcase_add_test(tests, maximum);
	tcase_add_test(tests, maximum_of_single_losses);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
