// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that the kernel refuses, see the header.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_refused.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_worklist.h"

#define CHECK_MAX 4000
#define CHECK_MSEC 50
#define CHECK_MSEC_MAX 2000

static struct {
	struct vrfleak_event_loop *loop;
	/* By the target, as scope. */
	struct vrfleak_dirty items;
	/* There were more than the list may hold. */
	bool all;
	struct vrfleak_event *check;
	uint32_t msec;
} refused;

static void check_run(struct vrfleak_event *event);

static void check_schedule(void)
{
	event_add_timer_msec(refused.loop, check_run, NULL, refused.msec,
			     &refused.check);
}

static bool node_has_leaked(struct route_node *rn)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (re->type == ZEBRA_ROUTE_TABLE &&
		    re->distance == VRFLEAK_DISTANCE &&
		    !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			return true;
	return false;
}

void vrfleak_refused_check(const struct vrfleak_vrf *vrf, struct route_node *rn)
{
	if (refused.all || !node_has_leaked(rn))
		return;
	if (vrfleak_dirty_count(&refused.items) < CHECK_MAX)
		vrfleak_dirty_add(&refused.items, vrf->number, &rn->p, 0);
	else
		refused.all = true;
	if (refused.check)
		return;
	refused.msec = CHECK_MSEC;
	check_schedule();
}

bool vrfleak_refused_awaited(const struct route_entry *leaked)
{
	return CHECK_FLAG(leaked->status, ROUTE_ENTRY_QUEUED) &&
	       monotime(NULL) - leaked->uptime < VRFLEAK_ANSWER_SECONDS;
}

/* Returns whether nothing more is to be waited for. */
static bool item_check(const struct vrfleak_dirty_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(item->scope);
	const struct route_entry *leaked;
	uint32_t source;

	if (!vrf || !vrf->node)
		return true;
	leaked = vrfleak_rib_leaked(NULL, vrf, &item->prefix);
	if (leaked)
		return !vrfleak_refused_awaited(leaked);
	source = vrfleak_rib_unused(vrf, &item->prefix);
	if (!source)
		return true;
	if (vrfleak_zebra_backlog() || vrfleak_given_source(vrf, &item->prefix))
		return false;
	vrfleak_engine_rejected(vrf, &item->prefix, source);
	return true;
}

static void check_run(struct vrfleak_event *event)
{
	size_t left = vrfleak_dirty_count(&refused.items);
	struct vrfleak_dirty_item *item;
	struct vrfleak_slice slice;

	vrfleak_slice_begin(&slice);
	while (left-- > 0 && vrfleak_slice_in_time(&slice)) {
		item = vrfleak_dirty_pop(&refused.items);
		if (!item_check(item))
			vrfleak_dirty_put(&refused.items, item);
		else
			vrfleak_dirty_free(item);
	}
	vrfleak_slice_end();

	if (refused.all && vrfleak_zebra_idle()) {
		refused.all = false;
		vrfleak_system_check_all();
	}
	refused.msec = MIN(refused.msec * 2, CHECK_MSEC_MAX);
	if (refused.all || vrfleak_dirty_count(&refused.items))
		check_schedule();
}

void vrfleak_refused_init(struct vrfleak_event_loop *loop)
{
	refused.loop = loop;
	vrfleak_dirty_init(&refused.items);
}

void vrfleak_refused_finish(void)
{
	event_cancel(&refused.check);
	vrfleak_dirty_finish(&refused.items);
}
