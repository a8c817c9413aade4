// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: detects changes of route-maps, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/route_map_watch.h"

#define PAUSE_SECONDS 1

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *timer;
	/* The changes since the last revalidation. */
	struct vrfleak_filter_changes changes;
	/* Whether the next call of watch_run() logs the hints. */
	bool hints_next;
} watch;

static void watch_schedule(void);

static void changes_clear(void)
{
	vrfleak_names_clear(&watch.changes.names);
	watch.changes.prefixes_count = 0;
}

static void watch_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;

	if (watch.hints_next) {
		vrfleak_hints_maps(vrfleak_route_map_log);
		return;
	}
	watch_schedule();
	watch.hints_next = true;
	if (vrfleak_names_size(&watch.changes.names) == 0)
		return;
	VRFLEAK_DEBUG(events, "route-maps or their lists changed");
	vrfleak_budget_begin(&budget);
	vrfleak_policy_reapply_route_maps(&watch.changes);
	vrfleak_budget_end(&budget);
	changes_clear();
}

static void watch_schedule(void)
{
	event_add_timer(watch.loop, watch_run, NULL, PAUSE_SECONDS,
			&watch.timer);
}

void vrfleak_route_map_watch_statements(void)
{
	if (!vrfleak_policy_has_route_maps() ||
	    (watch.timer && !watch.hints_next))
		return;
	watch.hints_next = false;
	event_cancel(&watch.timer);
	watch_schedule();
}

/*
 * That the route-maps are the same again as at the last revalidation says
 * nothing: routes may have been decided meanwhile. Without route-maps in the
 * policy, there is nothing to revalidate.
 */
static void filter_changed(const char *name, const struct prefix *entry)
{
	struct vrfleak_filter_changes *changes = &watch.changes;

	if (!vrfleak_policy_has_route_maps())
		return;
	if (name)
		vrfleak_names_insert(&changes->names, name);
	else if (changes->prefixes_count < array_size(changes->prefixes))
		prefix_copy(&changes->prefixes[changes->prefixes_count++],
			    entry);
	vrfleak_route_map_watch_statements();
}

void vrfleak_route_map_watch_init(struct vrfleak_event_loop *loop)
{
	watch.loop = loop;
	vrfleak_nb_filters_listen(filter_changed);
}

void vrfleak_route_map_watch_finish(void)
{
	vrfleak_nb_filters_listen(NULL);
	event_cancel(&watch.timer);
	changes_clear();
}
