// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of pending routes: what happens between handing a route
 * to zebra and seeing it in the RIB.
 *
 * In most tests zebra is held, so that routes stay pending until the test lets
 * zebra process them.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define PREFIX "203.0.113.0/24"

/* VRFs a and b export, t imports from both; a has the lower rank. */
static void setup(void)
{
	model_start();
	model_vrf_add("a", 11, 1);
	model_vrf_add("b", 12, 2);
	model_vrf_add("t", 13, 3);
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	model_settle();
	model.auto_process = false;
	model_count_begin();
}

static void source_is_pending(const char *source)
{
	struct prefix prefix = P(PREFIX);

	ck_assert_uint_eq(vrfleak_pending_count(), 1);
	ck_assert_uint_eq(vrfleak_pending_source(model_vrf("t"), &prefix),
			  model_vrf(source)->index);
}

static void end_is(const char *state)
{
	model_settle();
	ck_assert_str_eq(model_state("t", PREFIX), state);
	model_check_all();
}

/* Zebra's hook confirms the route, and nothing is decided again. */
START_TEST(confirmed)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("a");
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	ck_assert(vrfleak_scheduler_busy());

	model_count_begin();
	model_process_all();
	ck_assert_uint_eq(vrfleak_pending_count(), 0);
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	end_is("a.1");
	ck_assert_uint_eq(model.counts.decisions, 0);
}
END_TEST

/* While the route is pending, zebra is not handed another one. */
START_TEST(pending_once)
{
	model_native("a", PREFIX, 1);
	model_run(5000);
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 1);
	vrfleak_queue_target(model_vrf("t"), VRFLEAK_IPV4);
	model_run(5000);
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 1);
	end_is("a.1");
}
END_TEST

/* The next source is tried, and the rejected one waits. */
START_TEST(rejected)
{
	model_react("t", "a", (enum model_reaction)_i);
	model_native("b", PREFIX, 2);
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("a");
	model_process_all();
	model_run(500);
	source_is_pending("b");
	/* Since FRR 10.7, b's route waits until a's is unlinked. */
	model_process_all();
	model_run(100);
	model_process_all();
	ck_assert_str_eq(model_state("t", PREFIX), "b.2 a=not-accepted");

	/* Once zebra accepts it, it still has to wait: b came first. */
	model_react("t", "a", MODEL_ACCEPT);
	end_is("b.2 a=other-source");
	model_native_delete("b", PREFIX);
	end_is("a.1");
}
END_TEST

/* Alone, it is tried again and again, and installed once zebra accepts it. */
START_TEST(rejected_alone)
{
	model_react("t", "a", (enum model_reaction)_i);
	model_native("a", PREFIX, 1);
	model.auto_process = true;
	model_run(600);
	ck_assert_str_eq(model_state("t", PREFIX), "- a=not-accepted");
	model_count_begin();
	model_run(300000);
	/* The pauses double up to a minute: not more than a dozen retries. */
	ck_assert_uint_ge(model.counts.added, 5);
	ck_assert_uint_le(model.counts.added, 24);
	ck_assert_str_eq(model_state("t", PREFIX), "- a=not-accepted");

	model_react("t", "a", MODEL_ACCEPT);
	end_is("a.1");
}
END_TEST

/* Zebra has not rejected a route that it has not processed yet. */
START_TEST(rejected_when_idle)
{
	model_react("t", "a", MODEL_INACTIVE);
	model_native("b", PREFIX, 2);
	model_native("a", PREFIX, 1);
	model_run(100);
	model.always_busy = true;
	model_process_all();
	model_run(2000);
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 1);
	model.always_busy = false;
	model_run(500);
	source_is_pending("b");
	end_is("b.2 a=other-source");
}
END_TEST

/* Zebra is never idle, and its hook was missed: the route is seen anyway. */
START_TEST(confirmed_while_busy)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	model.always_busy = true;
	model.hook_calls = 0;
	model_process_all();
	source_is_pending("a");
	model_run(1000);
	ck_assert_uint_eq(vrfleak_pending_count(), 0);
	model.always_busy = false;
	model.hook_calls = 2;
	end_is("a.1");
	ck_assert_uint_eq(model.counts.added, 1);
}
END_TEST

/* The source's route changes: the change is kept, and decided afterwards. */
START_TEST(changed)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	model_native("a", PREFIX, 7);
	model_run(1000);
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 1);

	model_process(1);
	model_run(100);
	/* The second route is pending, the first one in use. */
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 2);
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	end_is("a.7");
	ck_assert_uint_eq(model.counts.added, 2);
}
END_TEST

/* The old route in the RIB does not confirm the one that replaces it. */
START_TEST(replaced)
{
	struct prefix prefix = P(PREFIX);

	model_native("a", PREFIX, 1);
	model_settle();
	model.auto_process = false;
	model_native("a", PREFIX, 7);
	model_run(1000);
	source_is_pending("a");
	ck_assert_str_eq(model_state("t", PREFIX), "a.1");
	/* Something else happens at the node. */
	vrfleak_pending_confirm(model_vrf("t"),
				vrfleak_rib_node(model_vrf("t"), &prefix));
	source_is_pending("a");
	end_is("a.7");
}
END_TEST

/* The source withdraws its route meanwhile. */
START_TEST(withdrawn)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	model_native_delete("a", PREFIX);
	model_run(100);
	source_is_pending("a");
	end_is("-");
	ck_assert_uint_eq(model.counts.added, 1);
}
END_TEST

/* The source withdraws its route, and zebra does not accept it either. */
START_TEST(withdrawn_and_rejected)
{
	model_react("t", "a", (enum model_reaction)_i);
	model_native("a", PREFIX, 1);
	model_run(100);
	model_native_delete("a", PREFIX);
	model_run(100);
	end_is("-");
	ck_assert_uint_eq(model.counts.added, 1);
}
END_TEST

/* The target gets a route of its own meanwhile. */
START_TEST(native_meanwhile)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	model_native("t", PREFIX, 9);
	model_run(100);
	end_is("native.9 a=native-route");
	model_native_delete("t", PREFIX);
	end_is("a.1");
}
END_TEST

/* A better source comes too late; it waits, and is not asked before its turn.
 */
START_TEST(other_source_meanwhile)
{
	model_native("b", PREFIX, 2);
	model_run(100);
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("b");
	ck_assert_uint_eq(model.counts.added, 1);
	end_is("b.2 a=other-source");
}
END_TEST

/*
 * The route is rejected, but the source has another one by then: that one is
 * tried at once, and the source does not wait.
 */
START_TEST(changed_and_rejected)
{
	model_react("t", "a", MODEL_DROP);
	model_native("a", PREFIX, 1);
	model_run(100);
	model_native("a", PREFIX, 7);
	model_run(100);
	model_process_all();
	model_react("t", "a", MODEL_ACCEPT);
	model_process_all();
	model_run(50);
	source_is_pending("a");
	ck_assert_uint_eq(model.counts.added, 2);
	ck_assert_str_eq(model_state("t", PREFIX), "-");
	end_is("a.7");
}
END_TEST

/* What is rejected is replaced by the source that came meanwhile. */
START_TEST(rejected_and_changed)
{
	model_react("t", "b", (enum model_reaction)_i);
	model_native("b", PREFIX, 2);
	model_run(100);
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("b");
	model_process_all();
	model_run(500);
	source_is_pending("a");
	end_is("a.1 b=other-source");
}
END_TEST

/*
 * The policy stops leaking the route while it is pending. Zebra's hook does
 * not confirm it then: it is decided again, and withdrawn.
 */
START_TEST(recheck_after_revalidation)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("a");
	model_policy("b>2:2 t<1:1 t<2:2");
	model_run(100);
	source_is_pending("a");
	model.hook_calls = 1;
	model_process_all();
	model.hook_calls = 2;
	end_is("-");
	ck_assert_uint_eq(model.counts.withdrawn, 1);
}
END_TEST

/* The target VRF is deleted, with what is pending for it. */
START_TEST(target_deleted)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("a");
	model_vrf_delete("t");
	model_settle();
	ck_assert_uint_eq(vrfleak_pending_count(), 0);
	model_vrf_add("t", 14, 3);
	model_policy("a>1:1 b>2:2 t<1:1 t<2:2");
	end_is("a.1");
}
END_TEST

/* The source VRF is deleted, and another one gets its table. */
START_TEST(source_deleted)
{
	model_native("a", PREFIX, 1);
	model_run(100);
	source_is_pending("a");
	model_vrf_delete("a");
	model_vrf_add("c", 15, 1);
	model_policy("a>1:1 b>2:2 c>2:2 t<1:1 t<2:2");
	model_run(5000);
	model_native("c", PREFIX, 3);
	model_run(5000);
	end_is("c.3");
}
END_TEST

#define MANY 9000
/* PENDING_MAX in pending_routes.c. */
#define FULL 4000

/* Zebra's queue stays short, and the worker sleeps until there is headroom. */
START_TEST(many)
{
	char prefix[PREFIX2STR_BUFFER];

	for (unsigned int i = 0; i < MANY; i++) {
		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256,
			 i % 256);
		model_native("a", prefix, 1);
	}
	model_run(1000);
	ck_assert(vrfleak_pending_full());
	ck_assert_uint_ge(vrfleak_pending_count(), FULL);
	ck_assert_uint_le(vrfleak_pending_count(), FULL + 100);
	model_count_begin();
	model_run(1000);
	/* A check each 10 ms, and one step of the worker, which it wakes. */
	ck_assert_uint_le(model.counts.added, 100);
	ck_assert_uint_le(model.counts.budgets, 250);

	model_process(FULL / 2);
	ck_assert(!vrfleak_pending_full());
	model_settle();
	ck_assert_uint_eq(model_leaked_count("t", VRFLEAK_IPV4), MANY);
	ck_assert(!vrfleak_pending_full());
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pending routes");
	TCase *tests = tcase_create("pending routes");

	tcase_add_checked_fixture(tests, setup, model_stop);
	tcase_add_test(tests, confirmed);
	tcase_add_test(tests, pending_once);
	tcase_add_loop_test(tests, rejected, MODEL_INACTIVE,
			    MODEL_KERNEL_REFUSES + 1);
	tcase_add_loop_test(tests, rejected_alone, MODEL_INACTIVE,
			    MODEL_KERNEL_REFUSES + 1);
	tcase_add_test(tests, rejected_when_idle);
	tcase_add_test(tests, confirmed_while_busy);
	tcase_add_test(tests, changed);
	tcase_add_test(tests, changed_and_rejected);
	tcase_add_test(tests, replaced);
	tcase_add_test(tests, withdrawn);
	tcase_add_loop_test(tests, withdrawn_and_rejected, MODEL_INACTIVE,
			    MODEL_KERNEL_REFUSES + 1);
	tcase_add_test(tests, native_meanwhile);
	tcase_add_test(tests, other_source_meanwhile);
	tcase_add_loop_test(tests, rejected_and_changed, MODEL_INACTIVE,
			    MODEL_KERNEL_REFUSES + 1);
	tcase_add_test(tests, recheck_after_revalidation);
	tcase_add_test(tests, target_deleted);
	tcase_add_test(tests, source_deleted);
	tcase_add_test(tests, many);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
