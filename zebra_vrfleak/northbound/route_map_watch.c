// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: detects changes of route-maps, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/route_map_watch.h"

#define PAUSE_SECONDS 1

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *timer;
	/* The hash of all route-maps when last compared. */
	uint32_t hash;
	/* Whether they have been compared; the hints are logged next. */
	bool compared;
} watch;

static void watch_run(struct vrfleak_event *event)
{
	uint32_t hash;

	if (watch.compared) {
		vrfleak_hints_maps(vrfleak_route_map_log);
		return;
	}
	watch.compared = true;
	event_add_timer(watch.loop, watch_run, NULL, PAUSE_SECONDS,
			&watch.timer);
	if (!vrfleak_policy_has_route_maps())
		return;
	hash = vrfleak_nb_filters_hash();
	if (hash == watch.hash)
		return;
	watch.hash = hash;
	VRFLEAK_DEBUG(events, "route-maps or their lists changed");
	vrfleak_policy_reapply_route_maps();
}

void vrfleak_route_map_watch_changed(void)
{
	if (!vrfleak_policy_has_route_maps() ||
	    (watch.timer && !watch.compared))
		return;
	watch.compared = false;
	event_cancel(&watch.timer);
	event_add_timer(watch.loop, watch_run, NULL, PAUSE_SECONDS,
			&watch.timer);
}

void vrfleak_route_map_watch_init(struct vrfleak_event_loop *loop)
{
	watch.loop = loop;
	vrfleak_nb_filters_listen(vrfleak_route_map_watch_changed);
}

void vrfleak_route_map_watch_finish(void)
{
	vrfleak_nb_filters_listen(NULL);
	event_cancel(&watch.timer);
}
