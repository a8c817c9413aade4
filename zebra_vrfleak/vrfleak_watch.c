// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what zebra tells nobody.
 *
 * VRFs: no hook tells that one came or went. They are looked at when an
 * interface comes or goes, and once a second while the policy names any.
 *
 * Routes of the system (connected, local, kernel): since FRR 10 some go without
 * a rib_update. Those that matter are looked at once a second, in slices: a
 * prefix is watched for as long as a VRF has such a route for it, and leaks it
 * or refuses others' because of it.
 *
 * Routes that zebra did not keep: they are tried again, each time after twice
 * as long, up to a minute, and soon after anything that may have helped.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/if.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_hints.h"
#include "zebra_vrfleak/vrfleak_nb.h"
#include "zebra_vrfleak/vrfleak_report.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_watch.h"
#include "zebra_vrfleak/vrfleak_worklist.h"
#include "zebra_vrfleak/vrfleak_world.h"

#define REFRESH_SECONDS 1
#define RETRY_SECONDS_MAX 60
#define AUDIT_SECONDS 1

static struct vrfleak_event_loop *watch_loop;
static struct vrfleak_event *watch_refresh;
static struct vrfleak_event *watch_retry;
static uint32_t retry_seconds = 1;

/* The configuration, and what it says of route-maps, when last looked at. */
static uint32_t watch_version;
static uint32_t watch_filters;
static bool watch_complain;

/* By the VRF that has the route, as scope; how many are left of this round. */
static struct vrfleak_dirty watch_system;
static uint32_t audit_left;
static struct vrfleak_event *watch_audit;

/*
 * Route-maps change without a word, and so do the lists that they use. What a
 * commit leaves behind is looked at a second after it at the latest, and
 * complained of only when no other commit came after it.
 */
static void filters_refresh(void)
{
	uint32_t mark;

	if (watch_version != vrfleak_nb_version()) {
		watch_version = vrfleak_nb_version();
		watch_complain = true;
		if (!vrfleak_engine_filters())
			return;
		mark = vrfleak_nb_filters_mark();
		if (mark == watch_filters)
			return;
		watch_filters = mark;
		VRFLEAK_DEBUG(events, "route-maps or their lists changed");
		vrfleak_engine_refilter();
	} else if (watch_complain) {
		watch_complain = false;
		vrfleak_hints_maps(vrfleak_report_map);
	}
}

static void refresh_run(struct vrfleak_event *event)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrfleak_vrf_refresh(vrf))
			continue;
		VRFLEAK_DEBUG(events, "VRF %s: %s", vrf->name,
			      vrfleak_vrf_bound(vrf) ? "there" : "not there");
		retry_seconds = 1;
		if (!vrfleak_vrf_bound(vrf))
			vrfleak_world_forget(vrf);
		vrfleak_walk_vrf(vrf);
	}
	filters_refresh();

	if (vrfleak_vrf_next(NULL))
		event_add_timer(watch_loop, refresh_run, NULL, REFRESH_SECONDS,
				&watch_refresh);
}

static void refresh_now(void)
{
	event_cancel(&watch_refresh);
	event_add_event(watch_loop, refresh_run, NULL, 0, &watch_refresh);
}

static int interface_hook(struct interface *ifp)
{
	if (vrfleak_vrf_next(NULL))
		refresh_now();
	return 0;
}

void vrfleak_watch_policy(void)
{
	retry_seconds = 1;
	refresh_now();
}

static void retry_run(struct vrfleak_event *event)
{
	struct vrfleak_contests_head *contests = vrfleak_engine_contests();
	struct vrfleak_contest *contest;
	struct prefix prefix;

	retry_seconds = MIN(retry_seconds * 2, RETRY_SECONDS_MAX);
	frr_each (vrfleak_contests, contests, contest) {
		vrfleak_contest_prefix(contest, &prefix);
		for (uint16_t i = 0; i < contest->count; i++) {
			if (contest->waiters[i].reason != VRFLEAK_NOT_ACCEPTED)
				continue;
			vrfleak_engine_changed(&prefix,
					       contest->waiters[i].source);
			vrfleak_watch_not_accepted();
		}
	}
}

void vrfleak_watch_not_accepted(void)
{
	if (!watch_retry)
		event_add_timer(watch_loop, retry_run, NULL, retry_seconds,
				&watch_retry);
}

static bool route_matters(const struct vrfleak_vrf *vrf,
			  const struct prefix *prefix)
{
	if (!vrf || !vrf->node)
		return false;
	return vrf->node->targets[vrfleak_prefix_af(prefix)].count ||
	       vrfleak_contest_find(vrfleak_engine_contests(), vrf->number,
				    prefix);
}

static void audit_item(struct vrfleak_dirty_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(item->scope);

	if (route_matters(vrf, &item->prefix)) {
		if (vrfleak_rib_has_system(vrf, &item->prefix)) {
			vrfleak_dirty_put(&watch_system, item);
			return;
		}
		vrfleak_engine_changed(&item->prefix, vrf->number);
	}
	vrfleak_dirty_free(item);
}

static void audit_run(struct vrfleak_event *event)
{
	struct vrfleak_slice slice;

	if (audit_left == 0)
		audit_left = vrfleak_dirty_count(&watch_system);

	vrfleak_slice_begin(&slice);
	while (audit_left > 0 && vrfleak_slice_in_time(&slice)) {
		audit_left--;
		audit_item(vrfleak_dirty_pop(&watch_system));
	}

	if (audit_left > 0)
		event_add_event(watch_loop, audit_run, NULL, 0, &watch_audit);
	else if (vrfleak_dirty_count(&watch_system) > 0)
		event_add_timer(watch_loop, audit_run, NULL, AUDIT_SECONDS,
				&watch_audit);
}

void vrfleak_watch_route(const struct vrfleak_vrf *vrf,
			 const struct prefix *prefix)
{
	if (!VRFLEAK_HAVE_SILENT_WITHDRAWALS || !route_matters(vrf, prefix) ||
	    !vrfleak_rib_has_system(vrf, prefix))
		return;
	vrfleak_dirty_add(&watch_system, vrf->number, prefix, 0);
	if (!watch_audit)
		event_add_timer(watch_loop, audit_run, NULL, AUDIT_SECONDS,
				&watch_audit);
}

void vrfleak_watch_init(struct vrfleak_event_loop *loop)
{
	watch_loop = loop;
	vrfleak_dirty_init(&watch_system);
	hook_register(if_add, interface_hook);
	hook_register(if_del, interface_hook);
}

void vrfleak_watch_finish(void)
{
	hook_unregister(if_add, interface_hook);
	hook_unregister(if_del, interface_hook);
	event_cancel(&watch_refresh);
	event_cancel(&watch_retry);
	event_cancel(&watch_audit);
	vrfleak_dirty_finish(&watch_system);
}
