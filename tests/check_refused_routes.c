// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of routes that the kernel refuses after zebra has
 * selected them.
 *
 * The kernel's refusal is noticed by the check that follows half a second
 * later. Most tests change something within that half second.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"

#define PREFIX "203.0.113.0/24"

/* Conflicts that were reported as new, changed or ended. */
static uint32_t reports;

static int conflict_hook(const struct vrfleak_conflict_event *event)
{
	reports++;
	return 0;
}

/* VRFs a and b export, t imports from both; a has the lower rank. */
static void setup(void)
{
	model_start();
	model_vrf_add("a", 11, 1);
	model_vrf_add("b", 12, 2);
	model_vrf_add("t", 13, 3);
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
	hook_register(vrfleak_conflict, conflict_hook);
	model_count_begin();
}

static void teardown(void)
{
	hook_unregister(vrfleak_conflict, conflict_hook);
	model_stop();
}

static void prefix_state_is(const char *prefix, const char *state)
{
	ck_assert_str_eq(model_state("t", prefix), state);
}

static void state_is(const char *state)
{
	prefix_state_is(PREFIX, state);
}

/* Zebra has selected the route of a. The kernel will refuse it. */
static void handed_over(void)
{
	model_react("t", "a", MODEL_KERNEL_REFUSES_LATER);
	model_native("a", PREFIX, 1);
	model_run(20);
	state_is("a.1");
}

/* The same, and a's route changes before the kernel has replied. */
static void metric_changed(void)
{
	handed_over();
	model.metric = 5;
	model_native("a", PREFIX, 1);
}

/* The kernel refuses the route of a, which the module does not know yet. */
static void refused_once(void)
{
	handed_over();
	model_run(80);
	ck_assert_uint_eq(model.counts.added, 1);
	state_is("-");
}

/* The kernel refuses the routes of a and b, and the module knows it. */
static void refused_both(void)
{
	model_react("t", "b", MODEL_KERNEL_REFUSES_LATER);
	refused_once();
	model_native("b", PREFIX, 2);
	model_run(5000);
}

START_TEST(alone)
{
	refused_once();
	model_run(600);
	state_is("- a=not-accepted");
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.1");
	model_check_all();
}
END_TEST

/*
 * Zebra selects the route, but does not hand it to the kernel, since the kernel
 * has refused the next-hop group. Once zebra does, it is leaked.
 */
START_TEST(not_handed_over)
{
	model_react("t", "a", MODEL_NOT_QUEUED);
	model_native("a", PREFIX, 1);
	model_run(1500);
	state_is("- a=not-accepted");
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.1");
	model_check_all();
}
END_TEST

/* The other source has the prefix instead. */
START_TEST(not_handed_over_and_other_source)
{
	model_react("t", "a", MODEL_NOT_QUEUED);
	model_native("a", PREFIX, 1);
	model_native("b", PREFIX, 2);
	model_settle();
	state_is("b.2 a=other-source");
	model_check_all();
}
END_TEST

/*
 * All is decided again before zebra has unlinked the refused route. Zebra must
 * not take the second route for an update of one that the kernel has.
 */
START_TEST(offered_again)
{
	refused_once();
	vrfleak_queue_target(model_vrf("t"), VRFLEAK_IPV4);
	model_run(300);
	state_is("-");
	model_run(2000);
	state_is("- a=not-accepted");
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.1");
	model_check_all();
}
END_TEST

/* Another source's change ends the attempt: that one is tried at once. */
START_TEST(other_source_changes)
{
	refused_once();
	model_native("b", PREFIX, 2);
	model_run(100);
	state_is("b.2 a=not-accepted");
	ck_assert_uint_eq(model.counts.added, 2);
	model_settle();
	state_is("b.2 a=other-source");
	model_check_all();
}
END_TEST

/* The source has another route: that one is tried, without a conflict. */
START_TEST(source_changes)
{
	refused_once();
	model_native("a", PREFIX, 7);
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.7");
	ck_assert_uint_eq(reports, 0);
	model_check_all();
}
END_TEST

/*
 * The source's route changes before the kernel has replied, but not its next
 * hops. Zebra must not take the second route for an update of one that the
 * kernel has.
 */
START_TEST(metric_changes)
{
	metric_changed();
	model_run(1000);
	state_is("- a=not-accepted");
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.1");
	model_check_all();
}
END_TEST

/* The same, and the kernel accepts the first route: there is no gap. */
START_TEST(metric_changes_and_accepted)
{
	metric_changed();
	model_run(10);
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("a.1");
	ck_assert_uint_eq(model.counts.added, 2);
	ck_assert_uint_eq(model.counts.withdrawn, 0);
	ck_assert_uint_eq(reports, 0);
	model_check_all();
}
END_TEST

/* The source withdraws its route meanwhile: nothing waits for the kernel. */
START_TEST(metric_changes_and_withdrawn)
{
	metric_changed();
	model_run(5);
	model_native_delete("a", PREFIX);
	model_run(5);
	state_is("-");
	ck_assert_uint_eq(model.counts.withdrawn, 1);
	ck_assert_uint_eq(reports, 0);
	model_settle();
	model_check_all();
}
END_TEST

/* The source withdraws its route and adds it again. */
START_TEST(source_returns)
{
	handed_over();
	model.auto_process = false;
	model_native_delete("a", PREFIX);
	model_run(10);
	ck_assert_uint_eq(model.counts.withdrawn, 1);
	model_native("a", PREFIX, 1);
	model_run(10);
	model.auto_process = true;
	model_run(1000);
	state_is("- a=not-accepted");
	model_check_all();
}
END_TEST

/* Zebra is never idle: only the refused route has to be unlinked first. */
START_TEST(source_changes_while_busy)
{
	refused_once();
	model.always_busy = true;
	model_react("t", "a", MODEL_ACCEPT);
	model_native("a", PREFIX, 7);
	model_run(1000);
	state_is("a.7");
	model.always_busy = false;
	model_settle();
	state_is("a.7");
	model_check_all();
}
END_TEST

START_TEST(source_withdraws)
{
	refused_once();
	model_native_delete("a", PREFIX);
	model_settle();
	state_is("-");
	ck_assert_uint_eq(model.counts.added, 1);
	model_check_all();
}
END_TEST

START_TEST(native_route_added)
{
	refused_once();
	model_native("t", PREFIX, 9);
	model_run(100);
	state_is("native.9 a=native-route");
	model_react("t", "a", MODEL_ACCEPT);
	model_native_delete("t", PREFIX);
	model_settle();
	state_is("a.1");
	model_check_all();
}
END_TEST

/*
 * Each retry tries both sources, the one with the lower rank first. As long as
 * the kernel refuses both, nothing is reported again.
 */
START_TEST(both_refused)
{
	refused_both();
	state_is("- a=not-accepted b=not-accepted");

	reports = 0;
	model_count_begin();
	model_run(600000);
	state_is("- a=not-accepted b=not-accepted");
	ck_assert_uint_eq(reports, 0);
	/* Retried each minute at the least. */
	ck_assert_uint_ge(model.counts.added, 2 * 9);

	/* What the kernel accepts first is installed, whatever its rank. */
	model_react("t", "b", MODEL_ACCEPT);
	model_run(130000);
	state_is("b.2 a=other-source");
	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	state_is("b.2 a=other-source");
	model_check_all();
}
END_TEST

/* Both become acceptable: the one with the lower rank is tried first. */
START_TEST(both_accepted_later)
{
	refused_both();
	model_react("t", "a", MODEL_ACCEPT);
	model_react("t", "b", MODEL_ACCEPT);
	model_settle();
	state_is("a.1 b=other-source");
	model_check_all();
}
END_TEST

/*
 * All are refused, and the limit allows one route. As long as nothing changes,
 * nothing is reported again. Then the kernel accepts all: one is installed.
 */
START_TEST(limited)
{
	static const char *const prefixes[] = {PREFIX, "10.1.0.0/16",
					       "10.2.0.0/16"};
	uint32_t full = 0;

	model_policy("a>1:1 b>2:2 t<1:1#1 t<2:2");
	model_react("t", "a", MODEL_KERNEL_REFUSES_LATER);
	for (size_t i = 0; i < array_size(prefixes); i++)
		model_native("a", prefixes[i], 1);
	model_run(10000);
	for (size_t i = 0; i < array_size(prefixes); i++)
		prefix_state_is(prefixes[i], "- a=not-accepted");
	reports = 0;
	model_count_begin();
	model_run(600000);
	for (size_t i = 0; i < array_size(prefixes); i++)
		prefix_state_is(prefixes[i], "- a=not-accepted");
	ck_assert_uint_eq(reports, 0);
	ck_assert_uint_ge(model.counts.added, 9 * array_size(prefixes));

	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	ck_assert_uint_eq(model_leaked_count("t", VRFLEAK_IPV4), 1);
	for (size_t i = 0; i < array_size(prefixes); i++)
		full += strmatch(model_state("t", prefixes[i]),
				 "- a=maximum-prefix");
	ck_assert_uint_eq(full, 2);
}
END_TEST

/* As many as are noticed in one round of checks. */
START_TEST(several)
{
	char prefix[PREFIX2STR_BUFFER];

	model_react("t", "a", MODEL_KERNEL_REFUSES_LATER);
	for (unsigned int i = 0; i < 200; i++) {
		snprintf(prefix, sizeof(prefix), "10.1.%u.0/24", i);
		model_native("a", prefix, 1);
	}
	model_run(1000);
	ck_assert_uint_eq(vrfleak_conflicts_count(&vrfleak_queue.conflicts,
						  model_vrf("t")->index,
						  VRFLEAK_IPV4),
			  200);
}
END_TEST

/* More than are kept for the check (CHECK_MAX in refused_routes.c). */
#define MANY 6000

START_TEST(many)
{
	char prefix[PREFIX2STR_BUFFER];
	uint32_t conflicts;

	model_react("t", "a", MODEL_KERNEL_REFUSES_LATER);
	for (unsigned int i = 0; i < MANY; i++) {
		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256,
			 i % 256);
		model_native("a", prefix, 1);
	}
	/* The first check is while they are still being handed to zebra. */
	model_run(60000);
	conflicts = vrfleak_conflicts_count(
		&vrfleak_queue.conflicts, model_vrf("t")->index, VRFLEAK_IPV4);
	ck_assert_uint_eq(conflicts, MANY);
	ck_assert_uint_eq(reports, MANY);
	/* Once each, and the retries after 1, 2, 4 ... seconds. */
	ck_assert_uint_le(model.counts.added, 8 * MANY);

	/* All is decided again, by a scan of the source: tried once each. */
	model_count_begin();
	reports = 0;
	vrfleak_queue_target(model_vrf("t"), VRFLEAK_IPV4);
	model_run(60000);
	ck_assert_uint_eq(vrfleak_queue_walks(), 0);
	ck_assert_uint_eq(reports, 0);
	ck_assert_uint_le(model.counts.added, 8 * MANY);

	model_react("t", "a", MODEL_ACCEPT);
	model_settle();
	ck_assert_uint_eq(model_leaked_count("t", VRFLEAK_IPV4), MANY);
	model_check_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refused routes");
	TCase *tests = tcase_create("refused routes");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, alone);
	tcase_add_test(tests, not_handed_over);
	tcase_add_test(tests, not_handed_over_and_other_source);
	tcase_add_test(tests, offered_again);
	tcase_add_test(tests, other_source_changes);
	tcase_add_test(tests, source_changes);
	tcase_add_test(tests, metric_changes);
	tcase_add_test(tests, metric_changes_and_accepted);
	tcase_add_test(tests, metric_changes_and_withdrawn);
	tcase_add_test(tests, source_returns);
	tcase_add_test(tests, source_changes_while_busy);
	tcase_add_test(tests, source_withdraws);
	tcase_add_test(tests, native_route_added);
	tcase_add_test(tests, both_refused);
	tcase_add_test(tests, both_accepted_later);
	tcase_add_test(tests, limited);
	tcase_add_test(tests, several);
	tcase_add_test(tests, many);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
