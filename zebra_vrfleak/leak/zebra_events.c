// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what zebra tells nobody.
 *
 * The kernel says that something has changed, zebra's interface hooks say it,
 * or a commit does; what zebra made of it is looked at then, and a few times
 * more, as zebra may not have come to it yet:
 *
 *   trigger ---> look, look again after 15 ms ... 2 s, until zebra is at rest
 *
 * VRFs: no hook tells that one came or went. Zebra's list is compared with
 * ours.
 *
 * Route-maps change without a word, and so do the lists that they use: the
 * northbound says that a commit touched them.
 *
 * Routes that zebra did not keep: they are tried again, each time after twice
 * as long, up to a minute, and soon after anything that may have helped.
 *
 * Only where the kernel cannot be listened to, or a VRF is refused because of
 * 'ip import-table', which no hook tells the end of, is there a look a second.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/if.h"

#include "zebra_vrfleak/rib/vrf_binding.h"
#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/kernel_monitor.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/leak/rib_ops.h"

#define RETRY_SECONDS_MAX 60
#define FILTERS_SECONDS 1
#define POLL_MSEC 1000

/*
 * The pauses before the looks. Of the early ones, the first gathers what comes
 * together, the second is a little longer than zebra's queue holds things back.
 * The late ones are not put off by what triggers early ones meanwhile.
 */
static const uint32_t early_msec[] = {10, 15};
static const uint32_t late_msec[] = {100, 1000, 2000};

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *early;
	struct vrfleak_event *late;
	/* Which look is next. */
	size_t early_step;
	size_t late_step;
	/* There was a trigger since the late looks began. */
	bool again;
	bool monitor_unavailable;
	struct vrfleak_event *filters;
	/* What the configuration said of route-maps when last looked at. */
	uint32_t filters_mark;
	bool filters_said;
	struct vrfleak_event *retry;
	uint32_t retry_seconds;
	/* A round of trying again is under way, and has found something. */
	bool trying;
	bool tried;
} watch;

/* The contest that this round has come to. */
static struct vrfleak_contest retry_at;

/* ---- looking ---- */

static void early_run(struct vrfleak_event *event);
static void late_run(struct vrfleak_event *event);

static void early_schedule(void)
{
	event_add_timer_msec(watch.loop, early_run, NULL,
			     early_msec[watch.early_step], &watch.early);
}

static void late_schedule(uint32_t msec)
{
	event_add_timer_msec(watch.loop, late_run, NULL, msec, &watch.late);
}

/* After a change: retry soon the routes that zebra did not keep. */
static void retry_soon(void)
{
	watch.retry_seconds = 1;
	if (!watch.retry || watch.trying ||
	    event_timer_remain_second(watch.retry) <= 1)
		return;
	event_cancel(&watch.retry);
	vrfleak_watch_not_accepted();
}

static void scan_late(void)
{
	watch.again = watch.late != NULL;
	if (watch.late)
		return;
	watch.late_step = 0;
	late_schedule(late_msec[0]);
}

static void scan_soon(void)
{
	if (!vrfleak_vrf_next(NULL))
		return;
	if (!watch.early || watch.early_step > 0) {
		event_cancel(&watch.early);
		watch.early_step = 0;
		early_schedule();
	}
	scan_late();
}

static void vrf_changed(struct vrfleak_vrf *vrf)
{
	VRFLEAK_DEBUG(events, "VRF %s: %s", vrf->name,
		      vrfleak_vrf_bound(vrf) ? "there" : "not there");
	retry_soon();
	if (!vrfleak_vrf_bound(vrf))
		vrfleak_route_count_forget(vrf);
	vrfleak_walk_vrf(vrf);
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
	vrfs_scan();
	vrfleak_silent_scan(true, false);
	if (++watch.early_step < array_size(early_msec))
		early_schedule();
}

static void late_run(struct vrfleak_event *event)
{
	bool refused = vrfs_scan();
	bool end = watch.late_step + 1 == array_size(late_msec);
	bool last = end && !watch.again && vrfleak_zebra_backlog() == 0;

	if (watch.monitor_unavailable)
		vrfleak_silent_invalidate(true);
	vrfleak_silent_scan(false, last);
	if (last || !vrfleak_vrf_next(NULL))
		vrfleak_links_forget(!vrfleak_vrf_next(NULL));
	if (!vrfleak_vrf_next(NULL))
		return;
	if (!end)
		watch.late_step++;
	else
		watch.again = false;
	if (!last)
		late_schedule(late_msec[watch.late_step]);
	else if (refused || watch.monitor_unavailable)
		late_schedule(POLL_MSEC);
}

static int interface_hook(struct interface *ifp)
{
	retry_soon();
	scan_soon();
	return 0;
}

static void link_changed(bool down)
{
	if (down)
		vrfleak_silent_invalidate(false);
	retry_soon();
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

static void kernel_lost(void)
{
	vrfleak_silent_invalidate(true);
	scan_soon();
}

static const struct vrfleak_monitor_calls monitor_calls = {
	.link = link_changed,
	.address_gone = address_gone,
	.route_gone = route_gone,
	.lost = kernel_lost,
};

void vrfleak_watch_policy(void)
{
	bool any = vrfleak_engine_policy()->count > 0;

	vrfleak_scheduler_listen(any);
	watch.monitor_unavailable =
		any && !vrfleak_monitor_start(watch.loop, &monitor_calls);
	if (!any)
		vrfleak_monitor_stop();
	watch.retry_seconds = 1;
	watch.early_step = 0;
	event_cancel(&watch.early);
	event_add_event(watch.loop, early_run, NULL, 0, &watch.early);
	scan_late();
}

void vrfleak_watch_closed(struct route_node *rn)
{
	if (vrfleak_vrf_closed(rn))
		scan_soon();
}

void vrfleak_watch_other(struct route_node *rn)
{
	const struct vrfleak_vrf *source = vrfleak_vrf_imported(rn);

	if (source && !source->refused &&
	    vrfleak_table_is_imported(source->table_id))
		scan_soon();
}

/* ---- route-maps ---- */

/*
 * What a commit leaves behind is looked at a second after the last one, and
 * complained of a second later.
 */
static void filters_run(struct vrfleak_event *event)
{
	uint32_t mark;

	if (watch.filters_said) {
		vrfleak_hints_maps(vrfleak_route_map_log);
		return;
	}
	watch.filters_said = true;
	event_add_timer(watch.loop, filters_run, NULL, FILTERS_SECONDS,
			&watch.filters);
	if (!vrfleak_engine_filters())
		return;
	mark = vrfleak_nb_filters_mark();
	if (mark == watch.filters_mark)
		return;
	watch.filters_mark = mark;
	VRFLEAK_DEBUG(events, "route-maps or their lists changed");
	vrfleak_engine_refilter();
}

void vrfleak_watch_filters(void)
{
	if (!vrfleak_engine_filters() || (watch.filters && !watch.filters_said))
		return;
	watch.filters_said = false;
	event_cancel(&watch.filters);
	event_add_timer(watch.loop, filters_run, NULL, FILTERS_SECONDS,
			&watch.filters);
}

/* ---- what zebra did not keep ---- */

static void conflict_retry(const struct vrfleak_contest *conflict)
{
	struct prefix prefix;

	vrfleak_conflict_prefix(conflict, &prefix);
	for (uint16_t i = 0; i < conflict->count; i++) {
		if (conflict->candidates[i].reason != VRFLEAK_NOT_ACCEPTED)
			continue;
		vrfleak_engine_changed(&prefix, conflict->candidates[i].source);
		watch.tried = true;
	}
}

/* Try again, for a slice; and again later what is not kept then, either. */
static void retry_run(struct vrfleak_event *event)
{
	const struct vrfleak_contest *conflict;
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	do {
		conflict =
			vrfleak_conflict_after(vrfleak_engine_contests(),
					       watch.trying ? &retry_at : NULL);
		watch.trying = conflict != NULL;
		if (!conflict)
			break;
		retry_at = *conflict;
		conflict_retry(conflict);
	} while (vrfleak_budget_in_time(&budget));
	vrfleak_budget_end();

	if (watch.trying) {
		event_add_event(watch.loop, retry_run, NULL, 0, &watch.retry);
		return;
	}
	watch.retry_seconds = MIN(watch.retry_seconds * 2, RETRY_SECONDS_MAX);
	if (watch.tried)
		vrfleak_watch_not_accepted();
	watch.tried = false;
}

void vrfleak_watch_not_accepted(void)
{
	if (!watch.retry)
		event_add_timer(watch.loop, retry_run, NULL,
				watch.retry_seconds, &watch.retry);
}

void vrfleak_watch_init(struct vrfleak_event_loop *loop)
{
	watch.loop = loop;
	watch.retry_seconds = 1;
	vrfleak_silent_init(loop);
	vrfleak_nb_filters_listen(vrfleak_watch_filters);
	hook_register(if_add, interface_hook);
	hook_register(if_del, interface_hook);
}

void vrfleak_watch_finish(void)
{
	hook_unregister(if_add, interface_hook);
	hook_unregister(if_del, interface_hook);
	vrfleak_nb_filters_listen(NULL);
	vrfleak_monitor_stop();
	event_cancel(&watch.early);
	event_cancel(&watch.late);
	event_cancel(&watch.filters);
	event_cancel(&watch.retry);
	vrfleak_silent_finish();
}
