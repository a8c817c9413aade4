// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that the kernel refuses, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define CHECK_MAX 4000
#define CHECK_MSEC 500
#define CHECK_MSEC_MAX 2000

/*
 * While zebra or the dataplane has work queued, most answers are outstanding:
 * check only each so many times.
 */
#define WAITS_MAX 8

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_REFUSED, "Route leak routes to check");

struct item {
	uint32_t target;
	struct prefix prefix;
};

static struct {
	struct vrfleak_event_loop *loop;
	/*
	 * A prefix may be in more than once: to find that out would cost more
	 * than a second check.
	 */
	struct item *items;
	uint32_t count;
	uint32_t size;
	/*
	 * In a round of checks: the next item to check, and how many before it
	 * stay for the next round. These are moved to the front.
	 */
	uint32_t next;
	uint32_t kept;
	/* More than CHECK_MAX: check all leaked routes later. */
	bool all;
	struct vrfleak_event *check;
	uint32_t msec;
	uint32_t waits;
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
		if (vrfleak_route_is_leaked(re) &&
		    !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			return true;
	return false;
}

static void items_free(void)
{
	XFREE(MTYPE_VRFLEAK_REFUSED, refused.items);
	refused.count = refused.size = 0;
	refused.next = refused.kept = 0;
}

static void item_add(uint32_t target, const struct prefix *prefix)
{
	/* The item added last, unless it has been checked. */
	const struct item *last = refused.count > refused.next
					  ? &refused.items[refused.count - 1]
					  : NULL;

	if (last && last->target == target &&
	    prefix_same(&last->prefix, prefix))
		return;
	if (refused.count == CHECK_MAX) {
		refused.all = true;
		return;
	}
	if (refused.count == refused.size) {
		refused.size = MAX(64, 2 * refused.size);
		refused.items = XREALLOC(MTYPE_VRFLEAK_REFUSED, refused.items,
					 refused.size * sizeof(*refused.items));
	}
	refused.items[refused.count].target = target;
	prefix_copy(&refused.items[refused.count++].prefix, prefix);
}

void vrfleak_refused_check(const struct vrfleak_vrf *vrf, struct route_node *rn)
{
	if (refused.all || !node_has_leaked(rn))
		return;
	item_add(vrf->index, &rn->p);
	if (refused.check)
		return;
	refused.msec = CHECK_MSEC;
	check_schedule();
}

bool vrfleak_refused_visit(struct vrfleak_budget *budget,
			   const struct vrfleak_vrf *target,
			   const struct vrfleak_rib_at *at)
{
	/* Most are in use; the cheap tests come first. */
	if (!at->source ||
	    (at->leaked && !vrfleak_rib_answer_awaited(at->leaked)) ||
	    vrfleak_pending_source(target, at->prefix))
		return false;
	if (at->leaked)
		vrfleak_refused_check(target, at->rn);
	if (at->leaked || !vrfleak_rib_refused(at->rn, at->source))
		return false;
	vrfleak_leak_rejected(budget, target, at->prefix, at->source->index);
	return true;
}

/* Returns whether the check is complete. */
static bool item_check(struct vrfleak_budget *budget, const struct item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(item->target);
	const struct vrfleak_vrf *source;
	const struct route_entry *leaked;
	struct route_node *rn;

	if (!vrf || !vrf->policy)
		return true;
	rn = vrfleak_rib_node(vrf, &item->prefix);
	leaked = vrfleak_rib_leaked(rn, NULL);
	if (leaked)
		return !vrfleak_rib_answer_awaited(leaked);
	source = vrfleak_vrf_by_index(vrfleak_rib_unused(rn));
	if (!source)
		return true;
	if (vrfleak_pending_source(vrf, &item->prefix))
		return false;
	/*
	 * Zebra may still select a route that the kernel has not refused. Each
	 * rejection adds to the backlog.
	 */
	if (!vrfleak_rib_refused(rn, source) && vrfleak_zebra_backlog())
		return false;
	vrfleak_leak_rejected(budget, vrf, &item->prefix, source->index);
	return true;
}

/* Continue the round within the time budget. Returns whether it is done. */
static bool items_check(void)
{
	struct vrfleak_budget budget;
	struct item item;

	vrfleak_budget_begin(&budget);
	while (refused.next < refused.count &&
	       vrfleak_budget_in_time(&budget)) {
		/* The check may add items. */
		item = refused.items[refused.next++];
		if (!item_check(&budget, &item))
			refused.items[refused.kept++] = item;
	}
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end(&budget);
	if (refused.next < refused.count)
		return false;
	refused.count = refused.kept;
	refused.next = refused.kept = 0;
	return true;
}

static void check_run(struct vrfleak_event *event)
{
	bool idle = vrfleak_zebra_idle();

	/* The walk will check the stored routes, too. */
	if (refused.all)
		items_free();
	/* A walk in progress may have passed some of the routes. */
	if (refused.all && idle && vrfleak_queue_walks() == 0) {
		refused.all = false;
		vrfleak_queue_refused_all();
		return;
	}
	if (!refused.all && (idle || ++refused.waits >= WAITS_MAX)) {
		if (!items_check()) {
			event_add_event(refused.loop, check_run, NULL, 0,
					&refused.check);
			return;
		}
		refused.waits = 0;
	}
	refused.msec = MIN(refused.msec * 2, CHECK_MSEC_MAX);
	if (refused.all || refused.count)
		check_schedule();
	else
		items_free();
}

void vrfleak_refused_init(struct vrfleak_event_loop *loop)
{
	refused.loop = loop;
}

void vrfleak_refused_finish(void)
{
	event_cancel(&refused.check);
	items_free();
	refused.all = false;
}
