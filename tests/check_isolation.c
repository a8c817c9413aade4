// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the isolation of VRFs: what policy rules mean, and how
 * the module's own rule is kept.
 *
 * The kernel is a model: it has a number of rules of the module, accepts or
 * refuses changes, and answers in later events. The clock is virtual.
 */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "zebra_vrfleak/core/isolation_rules.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/rib/kernel_rules.h"
#include "check_vrfleak.h"
#include "rib_model.h"

/* ---- the meaning of rules ---- */

static const struct vrfleak_kernel_rule own_table = {
	.family = AF_INET,
	.action = FR_ACT_TO_TBL,
	.l3mdev = true,
	.priority = 1000,
};
static const struct vrfleak_kernel_rule main_table = {
	.family = AF_INET,
	.action = FR_ACT_TO_TBL,
	.protocol = RTPROT_KERNEL,
	.priority = 32766,
	.table_id = RT_TABLE_MAIN,
};
static const struct vrfleak_kernel_rule module = {
	.family = AF_INET,
	.action = FR_ACT_UNREACHABLE,
	.protocol = RTPROT_ZEBRA,
	.l3mdev = true,
	.priority = 2000,
};

/* The usual rules and another one. */
static struct vrfleak_rules rules_with(struct vrfleak_kernel_rule rule)
{
	struct vrfleak_rules rules;

	vrfleak_rules_clear(&rules);
	vrfleak_rules_add(&rules, &own_table);
	vrfleak_rules_add(&rules, &rule);
	vrfleak_rules_add(&rules, &main_table);
	return rules;
}

#define RULE(...)                                                              \
	({                                                                     \
		struct vrfleak_kernel_rule rule = module;                      \
		__VA_ARGS__;                                                   \
		rule;                                                          \
	})

static bool isolates(struct vrfleak_kernel_rule rule)
{
	struct vrfleak_rules rules = rules_with(rule);

	return vrfleak_rules_isolate(&rules);
}

static uint32_t ours(struct vrfleak_kernel_rule rule)
{
	return rules_with(rule).ours;
}

START_TEST(rules_isolate)
{
	struct vrfleak_rules none;

	ck_assert(isolates(module));
	ck_assert(isolates(RULE(rule.protocol = RTPROT_BOOT)));
	ck_assert(isolates(RULE(rule.action = FR_ACT_PROHIBIT)));
	ck_assert(isolates(RULE(rule.action = FR_ACT_BLACKHOLE)));
	ck_assert(isolates(RULE(rule.priority = 32765)));
	/* Behind the main table, for some traffic, or not for VRFs. */
	ck_assert(!isolates(own_table));
	ck_assert(!isolates(RULE(rule.priority = 32766)));
	ck_assert(!isolates(RULE(rule.priority = 40000)));
	ck_assert(!isolates(RULE(rule.selective = true)));
	ck_assert(!isolates(RULE(rule.l3mdev = false)));
	ck_assert(!isolates(RULE(rule.action = FR_ACT_NOP)));

	/* Without a rule for the main table, no traffic reaches it. */
	vrfleak_rules_clear(&none);
	ck_assert(vrfleak_rules_isolate(&none));
}
END_TEST

/* A rule for the main table before that of the module, for all traffic. */
START_TEST(rules_main_first)
{
	struct vrfleak_kernel_rule first = main_table;
	struct vrfleak_rules rules = rules_with(module);

	first.priority = 1900;
	first.selective = true;
	vrfleak_rules_add(&rules, &first);
	ck_assert(vrfleak_rules_isolate(&rules));
	first.selective = false;
	first.table_id = 100;
	vrfleak_rules_add(&rules, &first);
	ck_assert(vrfleak_rules_isolate(&rules));
	first.table_id = RT_TABLE_MAIN;
	vrfleak_rules_add(&rules, &first);
	ck_assert(!vrfleak_rules_isolate(&rules));
}
END_TEST

START_TEST(rules_ours)
{
	ck_assert_uint_eq(ours(module), 1);
	ck_assert_uint_eq(ours(RULE(rule.protocol = RTPROT_BOOT)), 0);
	ck_assert_uint_eq(ours(RULE(rule.protocol = RTPROT_UNSPEC)), 0);
	ck_assert_uint_eq(ours(RULE(rule.priority = 2001)), 0);
	ck_assert_uint_eq(ours(RULE(rule.selective = true)), 0);
	ck_assert_uint_eq(ours(RULE(rule.action = FR_ACT_PROHIBIT)), 0);
	ck_assert_uint_eq(ours(RULE(rule.l3mdev = false)), 0);
}
END_TEST

/* The lowest lookup of all traffic counts, and must come before 2000. */
START_TEST(rules_lookup_late)
{
	struct vrfleak_kernel_rule lookup = own_table;
	struct vrfleak_rules rules;

	vrfleak_rules_clear(&rules);
	ck_assert(!vrfleak_rules_lookup_late(&rules));
	ck_assert_int_eq(vrfleak_rules_change(&rules, true), VRFLEAK_RULES_ADD);
	lookup.priority = 3000;
	vrfleak_rules_add(&rules, &lookup);
	lookup.priority = 1000;
	lookup.selective = true;
	vrfleak_rules_add(&rules, &lookup);
	ck_assert(vrfleak_rules_lookup_late(&rules));
	lookup.selective = false;
	lookup.priority = 2000;
	vrfleak_rules_add(&rules, &lookup);
	ck_assert(vrfleak_rules_lookup_late(&rules));
	ck_assert_uint_eq(rules.lookup, 2000);
	lookup.priority = 1999;
	vrfleak_rules_add(&rules, &lookup);
	ck_assert(!vrfleak_rules_lookup_late(&rules));
}
END_TEST

/* ---- the module's own rule ---- */

/* A retry is once a minute, the configuration quiet after some seconds. */
#define SOON 100
#define QUIET 20000
#define MINUTE 61000

static struct {
	const struct vrfleak_rules_calls *calls;
	bool running;
	/* Rules of the module, by family. */
	uint32_t ours[VRFLEAK_AF_MAX];
	/* The priority of the rule for the VRFs' own tables, or 0. */
	uint32_t lookup;
	/* The errors of changes and of reading. */
	int refuses;
	int unreadable[VRFLEAK_AF_MAX];
	/* The error of a start, by which nothing is read. */
	int unstartable;
	/* The module does not recognize its rule. */
	bool unknown;
	uint32_t changes;
	uint32_t version;
	struct vrfleak_event *read;
	struct vrfleak_event *answer;
	int answer_error;
	enum vrfleak_af answer_af;
} kernel;

static void kernel_read(struct vrfleak_event *event)
{
	struct vrfleak_kernel_rule lookup = own_table;
	struct vrfleak_rules rules;

	for (int af = 0; af < VRFLEAK_AF_MAX && kernel.running; af++) {
		vrfleak_rules_clear(&rules);
		lookup.priority = kernel.lookup;
		if (kernel.lookup)
			vrfleak_rules_add(&rules, &lookup);
		vrfleak_rules_add(&rules, &main_table);
		for (uint32_t i = 0; !kernel.unknown && i < kernel.ours[af];
		     i++)
			vrfleak_rules_add(&rules, &module);
		kernel.calls->read(af, &rules, kernel.unreadable[af]);
	}
}

static void kernel_changed(void)
{
	if (kernel.running)
		event_add_event(model.loop, kernel_read, NULL, 0, &kernel.read);
}

static void kernel_answer(struct vrfleak_event *event)
{
	kernel.calls->answered(kernel.answer_af, kernel.answer_error);
}

int vrfleak_kernel_rules_start(struct vrfleak_event_loop *loop,
			       const struct vrfleak_rules_calls *calls)
{
	if (kernel.unstartable)
		return kernel.unstartable;
	kernel.calls = calls;
	kernel.running = true;
	kernel_changed();
	return 0;
}

void vrfleak_kernel_rules_stop(void)
{
	kernel.running = false;
	event_cancel(&kernel.read);
	event_cancel(&kernel.answer);
}

int vrfleak_kernel_rules_change(enum vrfleak_af af, bool add)
{
	bool none = !add && kernel.ours[af] == 0;
	int error = none ? ENOENT : kernel.refuses;

	/* The virtual clock stands still in a loop of events. */
	ck_assert_uint_lt(kernel.changes, 1000);
	kernel.changes++;
	if (!error) {
		kernel.ours[af] += add ? 1 : -1;
		kernel_changed();
	}
	kernel.answer_af = af;
	kernel.answer_error = error;
	event_add_event(model.loop, kernel_answer, NULL, 0, &kernel.answer);
	return 0;
}

static uint32_t config_version(void)
{
	return kernel.version;
}

static void start(void)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.lookup = own_table.priority;
	model_start();
	vrfleak_isolation_init(model.loop, config_version);
}

static void stop(void)
{
	vrfleak_isolation_finish();
	model_stop();
}

static void configure(bool ipv4, bool ipv6)
{
	const bool wanted[] = {ipv4, ipv6};

	kernel.version++;
	vrfleak_isolation_configure(wanted);
}

static void expect_rules(uint32_t ipv4, uint32_t ipv6)
{
	ck_assert_uint_eq(kernel.ours[VRFLEAK_IPV4], ipv4);
	ck_assert_uint_eq(kernel.ours[VRFLEAK_IPV6], ipv6);
}

static void expect_error(enum vrfleak_af af, const char *text)
{
	struct vrfleak_isolation state = vrfleak_isolation_state(af);

	ck_assert_str_eq(state.error, text);
}

/* Each family on its own; a rule is added once, and deleted with the line. */
START_TEST(rule_kept)
{
	configure(true, false);
	model_run(SOON);
	expect_rules(1, 0);
	ck_assert(vrfleak_isolation_state(VRFLEAK_IPV4).installed);
	ck_assert(vrfleak_isolation_state(VRFLEAK_IPV4).effective);
	ck_assert(!vrfleak_isolation_state(VRFLEAK_IPV6).effective);
	configure(true, true);
	model_run(QUIET);
	expect_rules(1, 1);
	configure(false, true);
	model_run(SOON);
	expect_rules(0, 1);
	ck_assert_uint_eq(kernel.changes, 3);
	ck_assert(kernel.running);
}
END_TEST

/* A rule of the module from before the start: none is added, none deleted. */
START_TEST(rule_survives)
{
	kernel.ours[VRFLEAK_IPV4] = 1;
	configure(true, false);
	model_run(QUIET);
	expect_rules(1, 0);
	ck_assert_uint_eq(kernel.changes, 0);
}
END_TEST

/* It is deleted if the configuration, once it is complete, does not have it. */
START_TEST(rule_left)
{
	kernel.ours[VRFLEAK_IPV4] = kernel.ours[VRFLEAK_IPV6] = 1;
	/* Without any configuration nobody knows: zebra may wait for mgmtd. */
	model_run(QUIET);
	expect_rules(1, 1);
	configure(false, true);
	model_run(SOON);
	expect_rules(1, 1);
	/* More of the configuration follows: it is not complete. */
	for (int i = 0; i < 10; i++) {
		kernel.version++;
		model_run(2000);
		expect_rules(1, 1);
	}
	model_run(QUIET);
	expect_rules(0, 1);
}
END_TEST

/* zebra has no configuration at all, and gets none. */
START_TEST(rule_left_empty)
{
	kernel.ours[VRFLEAK_IPV6] = 1;
	model_run(700000);
	expect_rules(0, 0);
	ck_assert(!kernel.running);
}
END_TEST

/* Where nothing is configured, nothing is monitored. */
START_TEST(monitor_stops)
{
	configure(true, true);
	model_run(QUIET);
	ck_assert(kernel.running);
	configure(false, false);
	model_run(SOON);
	expect_rules(0, 0);
	ck_assert(!kernel.running);
	model_policy("red>1:1");
	configure(false, false);
	model_run(QUIET);
	ck_assert(kernel.running);
}
END_TEST

static void deleted_by_hand(void)
{
	kernel.ours[VRFLEAK_IPV4]--;
	kernel.calls->ours_gone(VRFLEAK_IPV4);
	kernel_changed();
}

/* Added again at once, before any event. Not without end. */
START_TEST(rule_restored)
{
	configure(true, false);
	model_run(QUIET);
	for (int times = 0; times < 5; times++) {
		for (int i = 0; i < 3; i++) {
			deleted_by_hand();
			expect_rules(1, 0);
		}
		model_run(SOON);
		expect_rules(1, 0);
	}
	for (int i = 0; i < 4; i++)
		deleted_by_hand();
	kernel.changes = 0;
	model_run(MINUTE - 2000);
	expect_rules(0, 0);
	ck_assert_uint_eq(kernel.changes, 0);
	expect_error(VRFLEAK_IPV4, "added 3 times, but not there");
	model_run(2000);
	expect_rules(1, 0);
	expect_error(VRFLEAK_IPV4, "");
	/* The event comes after 'no'. */
	configure(false, false);
	model_run(SOON);
	kernel.calls->ours_gone(VRFLEAK_IPV4);
	model_run(SOON);
	expect_rules(0, 0);
}
END_TEST

/* A rule that the module does not recognize is not added without end. */
START_TEST(rule_unknown)
{
	kernel.unknown = true;
	configure(true, false);
	model_run(SOON);
	expect_rules(0, 0);
	expect_error(VRFLEAK_IPV4, "added 3 times, but not there");
	ck_assert_uint_eq(kernel.changes, 6);
	/* Once more when the configuration is quiet, then once a minute. */
	model_run(10 * MINUTE);
	ck_assert_uint_le(kernel.changes, 12 * 6);
	expect_rules(0, 0);
	kernel.unknown = false;
	model_run(MINUTE);
	expect_rules(1, 0);
	expect_error(VRFLEAK_IPV4, "");
}
END_TEST

static void lookup_move(uint32_t priority)
{
	kernel.lookup = priority;
	kernel_changed();
	model_run(SOON);
}

/* The VRFs' own tables would come after the rule, which refuses all then. */
START_TEST(rule_no_room)
{
	const char *late = "the rule for VRFs, pref 3000, comes after 2000";

	configure(true, false);
	model_run(QUIET);
	lookup_move(3000);
	expect_rules(0, 0);
	expect_error(VRFLEAK_IPV4, late);
	expect_error(VRFLEAK_IPV6, "");
	ck_assert(!vrfleak_isolation_state(VRFLEAK_IPV4).installed);
	kernel.calls->ours_gone(VRFLEAK_IPV4);
	configure(true, true);
	model_run(10 * MINUTE);
	expect_rules(0, 0);
	expect_error(VRFLEAK_IPV6, late);
	ck_assert_uint_eq(kernel.changes, 2);
	lookup_move(1000);
	expect_rules(1, 1);
	expect_error(VRFLEAK_IPV4, "");
	/* No VRF has been there yet. */
	lookup_move(0);
	expect_rules(1, 1);
	ck_assert_uint_eq(kernel.changes, 4);
}
END_TEST

/* Too many rules become one, or none. */
START_TEST(rule_twice)
{
	kernel.ours[VRFLEAK_IPV4] = 3;
	configure(true, false);
	model_run(SOON);
	expect_rules(1, 0);
	kernel.ours[VRFLEAK_IPV4] = 3;
	configure(false, false);
	model_run(QUIET);
	expect_rules(0, 0);
}
END_TEST

/* Tried once a minute, and with each change of the configuration. */
START_TEST(kernel_refuses)
{
	struct vrfleak_isolation state;

	kernel.refuses = EPERM;
	configure(true, false);
	model_run(MINUTE - 2000);
	ck_assert_uint_eq(kernel.changes, 2);
	state = vrfleak_isolation_state(VRFLEAK_IPV4);
	ck_assert(state.configured && !state.installed && !state.effective);
	ck_assert_str_eq(state.error, safe_strerror(EPERM));
	model_run(10 * MINUTE);
	ck_assert_uint_ge(kernel.changes, 10);
	ck_assert_uint_le(kernel.changes, 13);
	kernel.refuses = 0;
	model_run(MINUTE);
	expect_rules(1, 0);
	state = vrfleak_isolation_state(VRFLEAK_IPV4);
	ck_assert(state.installed && state.effective);
	ck_assert_str_eq(state.error, "");
}
END_TEST

/* A kernel without IPv6: no error and no retry, if nothing of it is wanted. */
START_TEST(kernel_without_ipv6)
{
	kernel.unreadable[VRFLEAK_IPV6] = EAFNOSUPPORT;
	configure(true, false);
	model_run(QUIET);
	expect_rules(1, 0);
	expect_error(VRFLEAK_IPV6, "");
	configure(false, false);
	model_run(SOON);
	ck_assert(!kernel.running);
	configure(false, true);
	model_run(SOON);
	expect_error(VRFLEAK_IPV6, safe_strerror(EAFNOSUPPORT));
}
END_TEST

/* The rules cannot be read: the error is shown. */
START_TEST(kernel_unreadable)
{
	kernel.unreadable[VRFLEAK_IPV4] = ENOBUFS;
	configure(true, false);
	model_run(QUIET);
	ck_assert_uint_eq(kernel.changes, 0);
	expect_error(VRFLEAK_IPV4, safe_strerror(ENOBUFS));
	ck_assert(!vrfleak_isolation_state(VRFLEAK_IPV4).installed);
	kernel.unreadable[VRFLEAK_IPV4] = 0;
	model_run(MINUTE);
	expect_rules(1, 0);
}
END_TEST

/* The monitor cannot start: there are no rules to look at. */
START_TEST(kernel_unstartable)
{
	kernel.unstartable = EAFNOSUPPORT;
	configure(false, true);
	model_run(QUIET);
	expect_error(VRFLEAK_IPV6, safe_strerror(EAFNOSUPPORT));
	expect_error(VRFLEAK_IPV4, "");
	kernel.unstartable = 0;
	model_run(MINUTE);
	expect_rules(0, 1);
}
END_TEST

/* A VRF is not isolated by itself; the default VRF needs no isolation. */
START_TEST(lacks)
{
	model_vrf_add("red", 7, 20);
	model_policy("red>1:1 default<1:1");
	ck_assert(!vrfleak_isolation_lacks(model_vrf("red"), VRFLEAK_IPV4));
	configure(false, false);
	model_run(SOON);
	ck_assert(vrfleak_isolation_lacks(model_vrf("red"), VRFLEAK_IPV4));
	ck_assert(!vrfleak_isolation_lacks(model_vrf("default"), VRFLEAK_IPV4));
	model_native("red", "0.0.0.0/0", 1);
	ck_assert(vrfleak_isolation_lacks(model_vrf("red"), VRFLEAK_IPV4));
	configure(true, false);
	model_run(SOON);
	ck_assert(!vrfleak_isolation_lacks(model_vrf("red"), VRFLEAK_IPV4));
	ck_assert(vrfleak_isolation_lacks(model_vrf("red"), VRFLEAK_IPV6));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("isolation");
	TCase *rules = tcase_create("rules");
	TCase *own = tcase_create("own rule");

	tcase_add_test(rules, rules_isolate);
	tcase_add_test(rules, rules_main_first);
	tcase_add_test(rules, rules_ours);
	tcase_add_test(rules, rules_lookup_late);
	suite_add_tcase(suite, rules);
	tcase_add_checked_fixture(own, start, stop);
	tcase_add_test(own, rule_kept);
	tcase_add_test(own, rule_survives);
	tcase_add_test(own, rule_left);
	tcase_add_test(own, rule_left_empty);
	tcase_add_test(own, monitor_stops);
	tcase_add_test(own, rule_restored);
	tcase_add_test(own, rule_unknown);
	tcase_add_test(own, rule_no_room);
	tcase_add_test(own, rule_twice);
	tcase_add_test(own, kernel_refuses);
	tcase_add_test(own, kernel_without_ipv6);
	tcase_add_test(own, kernel_unreadable);
	tcase_add_test(own, kernel_unstartable);
	tcase_add_test(own, lacks);
	suite_add_tcase(suite, own);
	return check_run(suite);
}
