// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that the kernel refuses, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define CHECK_MAX 4000
#define CHECK_MSEC 50
#define CHECK_MSEC_MAX 2000

static struct {
	struct vrfleak_event_loop *loop;
	/* The scope of an item is the target's index. */
	struct vrfleak_prefix_queue items;
	/* More than CHECK_MAX: check all leaked routes later. */
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
	if (vrfleak_prefix_queue_count(&refused.items) < CHECK_MAX)
		vrfleak_prefix_queue_add(&refused.items, vrf->index, &rn->p, 0);
	else
		refused.all = true;
	if (refused.check)
		return;
	refused.msec = CHECK_MSEC;
	check_schedule();
}

/* Returns whether the check is complete. */
static bool item_check(const struct vrfleak_prefix_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(item->scope);
	const struct route_entry *leaked;
	uint32_t source;

	if (!vrf || !vrf->policy)
		return true;
	leaked = vrfleak_rib_leaked(NULL, vrf, &item->prefix);
	if (leaked)
		return !vrfleak_rib_answer_awaited(leaked);
	source = vrfleak_rib_unused(vrf, &item->prefix);
	if (!source)
		return true;
	if (vrfleak_zebra_backlog() ||
	    vrfleak_pending_source(vrf, &item->prefix))
		return false;
	vrfleak_leak_rejected(vrf, &item->prefix, source);
	return true;
}

static void check_run(struct vrfleak_event *event)
{
	size_t left = vrfleak_prefix_queue_count(&refused.items);
	struct vrfleak_prefix_item *item;
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	while (left-- > 0 && vrfleak_budget_in_time(&budget)) {
		item = vrfleak_prefix_queue_pop(&refused.items);
		if (!item_check(item))
			vrfleak_prefix_queue_put(&refused.items, item);
		else
			vrfleak_prefix_queue_free(item);
	}
	vrfleak_budget_end();

	if (refused.all && vrfleak_zebra_idle()) {
		refused.all = false;
		vrfleak_queue_resync_all();
	}
	refused.msec = MIN(refused.msec * 2, CHECK_MSEC_MAX);
	if (refused.all || vrfleak_prefix_queue_count(&refused.items))
		check_schedule();
}

void vrfleak_refused_init(struct vrfleak_event_loop *loop)
{
	refused.loop = loop;
	vrfleak_prefix_queue_init(&refused.items);
}

void vrfleak_refused_finish(void)
{
	event_cancel(&refused.check);
	vrfleak_prefix_queue_finish(&refused.items);
}
