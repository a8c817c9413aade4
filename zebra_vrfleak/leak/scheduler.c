// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: runs the queued work, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/counters.h"
#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/leak/retry.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/leak/unstable.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/vrf.h"

/* vrfleak_vrfs_forget() has forgotten a VRF. */
static bool forgotten;

/* Drop all data with the index of a VRF that is about to be forgotten. */
static void vrf_forget(const struct vrfleak_vrf *vrf)
{
	vrfleak_route_count_forget(vrf);
	vrfleak_leaked_count_forget(vrf);
	vrfleak_counters_forget(vrf);
	forgotten = true;
}

/* No work is left, and zebra has processed all pending routes. */
static void work_done(void)
{
	bool released = vrfleak_vrfs_forget(vrf_forget);

	/* Before their indexes are reused. */
	if (forgotten) {
		vrfleak_silent_forget();
		vrfleak_unstable_forget();
		vrfleak_held_forget();
	}
	forgotten = false;
	if (released)
		vrfleak_events_rescan();
}

/*
 * Changed prefixes come first. While zebra has too many pending routes, an
 * event has one step: then walks take turns with changed prefixes, since the
 * pending routes themselves may change without end.
 */
static bool work_step(struct vrfleak_budget *budget, bool walk_first)
{
	if (walk_first)
		return vrfleak_walk_run(budget) || vrfleak_changed_run(budget);
	return vrfleak_changed_run(budget) || vrfleak_walk_run(budget);
}

static void work_run(void)
{
	static bool walk_first;
	struct vrfleak_budget budget;

	walk_first = vrfleak_pending_full() && !walk_first;
	vrfleak_budget_begin(&budget);
	do {
		if (!work_step(&budget, walk_first))
			break;
	} while (vrfleak_pending_in_budget(&budget));
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end(&budget);

	/* Else they are released when no route is pending any more. */
	if (vrfleak_pending_count() == 0)
		vrfleak_nhgs_release();
	if (!vrfleak_scheduler_busy())
		work_done();
	else if (!vrfleak_pending_full() &&
		 (vrfleak_changed_count() || vrfleak_queue_walks()))
		vrfleak_queue_wake();
}

bool vrfleak_scheduler_busy(void)
{
	return vrfleak_changed_count() || vrfleak_pending_count() ||
	       vrfleak_queue_walks();
}

void vrfleak_scheduler_init(struct vrfleak_event_loop *loop)
{
	vrfleak_queue_init(loop, work_run);
	vrfleak_policy_apply_init();
	vrfleak_route_count_init();
	vrfleak_counters_init();
	vrfleak_vrfs_init();
	vrfleak_nhgs_init();
	vrfleak_links_init();
	vrfleak_retry_init(loop);
	vrfleak_leak_init(loop);
	vrfleak_refused_init(loop);
	vrfleak_unstable_init(loop);
	vrfleak_held_init(loop);
	vrfleak_events_init(loop);
}

void vrfleak_scheduler_finish(void)
{
	vrfleak_events_finish();
	vrfleak_held_finish();
	vrfleak_unstable_finish();
	vrfleak_refused_finish();
	vrfleak_leak_finish();
	vrfleak_retry_finish();
	vrfleak_changed_finish();
	vrfleak_queue_finish();
	vrfleak_route_count_finish();
	vrfleak_counters_finish();
	vrfleak_nhgs_finish();
	vrfleak_links_finish();
	vrfleak_policy_apply_finish();
	vrfleak_vrfs_finish();
}
