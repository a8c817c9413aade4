// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: random changes of routes, policies, VRFs and of what zebra accepts,
 * at random moments and with small time budgets. When all is done, tables and
 * conflicts must be those that the rules give for the routes and the policy
 * that are left (model_check_all()), and doing it all again must not touch a
 * route.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/leak_prefix.h"

#define VRFS 5
#define PREFIXES 12
#define OPERATIONS 400
#define ROUNDS 40

static const char *const names[VRFS] = {"a", "b", "c", "d", "e"};
static bool there[VRFS];
static bool refusing;

static unsigned int random_below(unsigned int end)
{
	return (unsigned int)rand() % end;
}

static const char *random_prefix(void)
{
	static char text[PREFIX2STR_BUFFER];
	unsigned int i = random_below(PREFIXES);

	if (i % 3)
		snprintf(text, sizeof(text), "10.0.%u.0/24", i);
	else
		snprintf(text, sizeof(text), "2001:db8:%u::/48", i);
	return text;
}

/*
 * A VRF prefers the routes of later VRFs only: where VRFs prefer each other's
 * routes in a circle, there is no stable result.
 */
static const char *random_distance(unsigned int target, unsigned int source)
{
	static const char *const distances[] = {"", "", "@20", "@100"};

	return source > target ? distances[random_below(array_size(distances))]
			       : "";
}

/*
 * Each VRF exports its own tag and imports some of the others, in any order,
 * and may preempt.
 */
static void policy_change(void)
{
	char text[1024] = "", statement[32];
	const char *six[] = {"", "6"};

	for (unsigned int i = 0; i < VRFS; i++)
		for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
			if (random_below(8) == 0)
				continue;
			snprintf(statement, sizeof(statement), "%s%s>%u:1 ",
				 six[af], names[i], i);
			strlcat(text, statement, sizeof(text));
			if (random_below(3) == 0) {
				snprintf(statement, sizeof(statement), "%s%s! ",
					 six[af], names[i]);
				strlcat(text, statement, sizeof(text));
			}
			for (unsigned int j = random_below(VRFS); j > 0; j--) {
				unsigned int from = random_below(VRFS);

				snprintf(statement, sizeof(statement),
					 "%s%s<%u:1%s%s ", six[af], names[i],
					 from, random_below(6) ? "" : "/DENY",
					 random_distance(i, from));
				strlcat(text, statement, sizeof(text));
			}
		}
	model_policy(text);
}

/* The same VRF always has the same table, but not the same vrf_id. */
static void vrf_change(void)
{
	static vrf_id_t next_id = 100;
	unsigned int i = random_below(VRFS);

	if (there[i])
		model_vrf_delete(names[i]);
	if (!there[i] || random_below(2)) {
		model_vrf_add(names[i], ++next_id, 10 + i);
		there[i] = true;
	} else {
		there[i] = false;
	}
}

static void reaction_change(void)
{
	static const enum model_reaction reactions[] = {
		MODEL_ACCEPT, MODEL_ACCEPT,	    MODEL_ACCEPT,
		MODEL_DROP,   MODEL_KERNEL_REFUSES, MODEL_INACTIVE,
	};
	unsigned int target = random_below(VRFS);

	model_react(names[target], names[random_below(VRFS)],
		    reactions[random_below(array_size(reactions))]);
}

static void route_change(void)
{
	static const uint8_t distances[] = {1, 1, 20, 30, 150};
	unsigned int i = random_below(VRFS);

	if (!there[i])
		return;
	model.distance = distances[random_below(array_size(distances))];
	if (random_below(3))
		model_native(names[i], random_prefix(),
			     (uint8_t)(1 + random_below(250)));
	else
		model_native_delete(names[i], random_prefix());
}

static void operation(void)
{
	unsigned int which = random_below(100);
	enum vrfleak_af af = random_below(2) ? VRFLEAK_IPV4 : VRFLEAK_IPV6;

	/* One step is always possible, as the clock is not read before. */
	model.budget = 2 + random_below(20);
	if (which < 60)
		route_change();
	else if (which < 66)
		policy_change();
	else if (which < 69)
		vrf_change();
	else if (which < 72 && refusing)
		reaction_change();
	else if (which < 76)
		vrfleak_leak_clear(af, NULL, NULL);
	else if (which < 86)
		model_process(random_below(10));
	else if (which < 96)
		model_step();
	else
		model_run(random_below(300));
}

static void again_changes_nothing(void)
{
	model_count_begin();
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		vrfleak_leak_clear((enum vrfleak_af)af, NULL, NULL);
	model_settle();
	ck_assert_uint_eq(model.counts.added, 0);
	ck_assert_uint_eq(model.counts.withdrawn, 0);
	model_check_all();
}

static void random_run(unsigned int seed)
{
	srand(seed);
	model.denying_map = "DENY";
	for (unsigned int i = 0; i < VRFS; i++) {
		model_vrf_add(names[i], 1 + i, 10 + i);
		there[i] = true;
	}
	for (unsigned int i = 1; i <= OPERATIONS; i++) {
		model.auto_process = false;
		operation();
		if (i % 80)
			continue;
		model_scan();
		model_settle();
		model_check_all();
	}
	if (!refusing)
		again_changes_nothing();
}

START_TEST(all_accepted)
{
	refusing = false;
	random_run((unsigned int)_i);
}
END_TEST

/* Zebra and the kernel refuse some routes, and accept them again. */
START_TEST(some_refused)
{
	refusing = true;
	random_run((unsigned int)_i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("leak random");
	TCase *tests = tcase_create("leak random");

	tcase_add_checked_fixture(tests, model_start, model_stop);
	tcase_add_loop_test(tests, all_accepted, 0, ROUNDS);
	tcase_add_loop_test(tests, some_refused, 0, ROUNDS);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
