// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: changes in zebra and in the kernel, see the header.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/if.h"

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/leak/retry.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/rib/kernel_monitor.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/vrf_binding.h"

#define POLL_MSEC 1000

/*
 * The pauses before the scans. The first early pause collects simultaneous
 * triggers. The second one is a little longer than the delay of zebra's queue.
 * Further triggers do not delay the late scans. The last one is repeated until
 * zebra, which may be far behind the kernel, has caught up.
 */
static const uint32_t early_msec[] = {10, 15};
static const uint32_t late_msec[] = {100, 1000, 2000};

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *early;
	struct vrfleak_event *late;
	/* The next scan. */
	size_t early_step;
	size_t late_step;
	/* There was a trigger since the late scans began. */
	bool again;
	/* As of the previous late scan, zebra had caught up with the kernel. */
	bool caught_up;
	/* No netlink socket could be opened: poll. */
	bool monitor_unavailable;
	/* The hooks of zebra's RIB are registered. */
	bool hooked;
} events;

/* ---- scans of zebra's VRFs and interface routes ---- */

static void early_run(struct vrfleak_event *event);
static void late_run(struct vrfleak_event *event);

static void early_schedule(void)
{
	event_add_timer_msec(events.loop, early_run, NULL,
			     early_msec[events.early_step], &events.early);
}

static void late_schedule(uint32_t msec)
{
	event_add_timer_msec(events.loop, late_run, NULL, msec, &events.late);
}

static void scan_late(void)
{
	events.again = events.late != NULL;
	if (events.late)
		return;
	events.late_step = 0;
	late_schedule(late_msec[0]);
}

static void scan_soon(void)
{
	if (!vrfleak_vrf_next(NULL))
		return;
	if (!events.early || events.early_step > 0) {
		event_cancel(&events.early);
		events.early_step = 0;
		early_schedule();
	}
	scan_late();
}

static void vrf_changed(struct vrfleak_vrf *vrf)
{
	VRFLEAK_DEBUG(events, "VRF %s: %s", vrf->name,
		      vrfleak_vrf_bound(vrf) ? "exists" : "does not exist");
	vrfleak_retry_soon();
	if (!vrfleak_vrf_bound(vrf))
		vrfleak_route_count_forget(vrf);
	vrfleak_queue_vrf(vrf);
}

/* Unbind all changed VRFs, then bind. Returns whether a VRF is refused. */
static bool vrfs_scan(void)
{
	struct vrfleak_vrf *vrf;
	bool refused = false;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		if (vrfleak_vrf_drop_changed(vrf))
			vrf_changed(vrf);
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrfleak_vrf_in_use(vrf))
			continue;
		if (vrfleak_vrf_refresh(vrf))
			vrf_changed(vrf);
		refused = refused || vrf->refused;
	}
	return refused;
}

static void early_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	vrfs_scan();
	vrfleak_silent_scan(true, false);
	vrfleak_budget_end(&budget);
	if (++events.early_step < array_size(early_msec))
		early_schedule();
}

static void scan_late_run(void)
{
	bool refused = vrfs_scan();
	bool end = events.late_step + 1 == array_size(late_msec);
	bool caught_up = vrfleak_zebra_caught_up();
	bool last = end && !events.again && caught_up && events.caught_up;

	events.caught_up = caught_up;
	if (events.monitor_unavailable)
		vrfleak_silent_invalidate(true);
	vrfleak_silent_scan(false, last);
	if (last || !vrfleak_vrf_next(NULL))
		vrfleak_links_forget(!vrfleak_vrf_next(NULL));
	if (!vrfleak_vrf_next(NULL))
		return;
	if (!end)
		events.late_step++;
	else
		events.again = false;
	if (!last)
		late_schedule(late_msec[events.late_step]);
	else if (refused || events.monitor_unavailable)
		late_schedule(POLL_MSEC);
}

static void late_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	scan_late_run();
	vrfleak_budget_end(&budget);
}

static int interface_hook(struct interface *ifp)
{
	vrfleak_retry_soon();
	scan_soon();
	return 0;
}

static void link_changed(bool down)
{
	if (down)
		vrfleak_silent_invalidate(false);
	vrfleak_retry_soon();
	scan_soon();
}

static void address_gone(ifindex_t ifindex)
{
	if (ifindex)
		vrfleak_link_address_gone(ifindex);
	vrfleak_silent_invalidate(false);
	scan_soon();
}

static void route_gone(const struct vrfleak_kernel_route *route)
{
	if (vrfleak_silent_gone(route))
		scan_soon();
}

void vrfleak_events_rescan_routes(void)
{
	vrfleak_silent_invalidate(true);
	scan_soon();
}

static const struct vrfleak_monitor_calls monitor_calls = {
	.link = link_changed,
	.address_gone = address_gone,
	.route_gone = route_gone,
	.lost = vrfleak_events_rescan_routes,
};

/* ---- zebra's RIB ---- */

/* Scan if the node has a route from an imported table of a known VRF. */
static void imported_check(struct route_node *rn)
{
	const struct vrfleak_vrf *source = vrfleak_vrf_imported(rn);

	if (source && !source->refused &&
	    vrfleak_table_is_imported(source->table_id))
		scan_soon();
}

static int rib_update_hook(struct route_node *rn, const char *reason)
{
	struct vrfleak_vrf *vrf = vrfleak_rib_node_vrf(rn);
	uint32_t lost;

	/* 'ip import-table' imports into the default VRF. */
	if (!vrf || !vrf->policy || vrf->vrf_id == VRF_DEFAULT)
		imported_check(rn);
	if (!vrf || !vrf->policy)
		return 0;
	vrfleak_refused_check(vrf, rn);
	if (vrfleak_pending_confirm(vrf, rn))
		return 0;

	vrfleak_queue_prefix(&rn->p, vrf->index);
	lost = vrfleak_rib_node_lost(rn);
	/* A route that was not accepted is retried later, not on removal. */
	if (lost && !vrfleak_conflict_is_not_accepted(&vrfleak_queue.conflicts,
						      vrf->index, &rn->p, lost))
		vrfleak_queue_prefix(&rn->p, lost);
	return 0;
}

/*
 * Zebra calls no hook if the leaked route stays selected when a native one
 * comes or goes.
 */
static void processing_watch(struct route_node *rn)
{
	const struct vrfleak_vrf *vrf;

	if (!vrfleak_rib_node_shared(rn))
		return;
	vrf = vrfleak_rib_node_vrf(rn);
	if (vrf && vrf->policy)
		vrfleak_queue_prefix(&rn->p, vrf->index);
}

static int rib_shutdown_hook(struct route_node *rn)
{
	if (vrfleak_vrf_closed(rn))
		scan_soon();
	return 0;
}

static void hooks_register(bool enable)
{
	if (enable == events.hooked)
		return;
	events.hooked = enable;
	vrfleak_zebra_watch(enable ? processing_watch : NULL);
	if (enable) {
		hook_register(rib_update, rib_update_hook);
		hook_register(rib_shutdown, rib_shutdown_hook);
	} else {
		hook_unregister(rib_update, rib_update_hook);
		hook_unregister(rib_shutdown, rib_shutdown_hook);
	}
}

void vrfleak_events_rescan(void)
{
	bool any = vrfleak_queue.policy->count > 0;

	hooks_register(any);
	events.monitor_unavailable =
		any && !vrfleak_monitor_start(events.loop, &monitor_calls);
	if (!any)
		vrfleak_monitor_stop();
	vrfleak_retry_reset();
	events.early_step = 0;
	event_cancel(&events.early);
	event_add_event(events.loop, early_run, NULL, 0, &events.early);
	scan_late();
}

void vrfleak_events_init(struct vrfleak_event_loop *loop)
{
	events.loop = loop;
	vrfleak_silent_init(loop);
	hook_register(if_add, interface_hook);
	hook_register(if_del, interface_hook);
}

void vrfleak_events_finish(void)
{
	hooks_register(false);
	hook_unregister(if_add, interface_hook);
	hook_unregister(if_del, interface_hook);
	vrfleak_monitor_stop();
	event_cancel(&events.early);
	event_cancel(&events.late);
	vrfleak_silent_finish();
}
