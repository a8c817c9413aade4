// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what zebra tells nobody.
 *
 * VRFs: no hook tells that one came or went. They are looked at when an
 * interface comes or goes, and once a second while the policy names any.
 *
 * Routes that zebra did not keep: they are tried again, each time after twice
 * as long, up to a minute, and soon after anything that may have helped.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/if.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_watch.h"

#define REFRESH_SECONDS 1
#define RETRY_SECONDS_MAX 60

static struct vrfleak_event_loop *watch_loop;
static struct vrfleak_event *watch_refresh;
static struct vrfleak_event *watch_retry;
static uint32_t retry_seconds = 1;

static void refresh_run(struct vrfleak_event *event)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrfleak_vrf_refresh(vrf))
			continue;
		VRFLEAK_DEBUG(events, "VRF %s: %s", vrf->name,
			      vrfleak_vrf_bound(vrf) ? "there" : "not there");
		retry_seconds = 1;
		vrfleak_walk_vrf(vrf);
	}

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

void vrfleak_watch_init(struct vrfleak_event_loop *loop)
{
	watch_loop = loop;
	hook_register(if_add, interface_hook);
	hook_register(if_del, interface_hook);
}

void vrfleak_watch_finish(void)
{
	hook_unregister(if_add, interface_hook);
	hook_unregister(if_del, interface_hook);
	event_cancel(&watch_refresh);
	event_cancel(&watch_retry);
}
