// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: pending routes, see the header.
 *
 * Most are confirmed in the rib_update hook, at no further cost. The others are
 * checked when their prefix changes, or when zebra's queue is empty. While
 * zebra is busy, some of them are checked now and then, in case its queue is
 * never empty.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/rib_view.h"

/* The maximum number of pending routes, and the interval of the checks. */
#define PENDING_MAX 4000
#define PENDING_MSEC 10

/* While zebra is busy: how many are checked, in one of how many intervals. */
#define PENDING_CHECKS 32
#define PENDING_RUNS 16

static struct {
	const struct vrfleak_pending_calls *calls;
	struct vrfleak_event_loop *loop;
	struct vrfleak_prefix_queue items;
	struct vrfleak_event *check;
	uint32_t runs;
	/* The node that was confirmed last, if no route was added since. */
	const struct route_node *confirmed;
	/*
	 * Of queue.revalidations, when the first route was added. If there were
	 * more since, some routes may no longer be wanted, though zebra uses
	 * them.
	 */
	uint64_t revalidations;
} pending;

/* The pointer of an item that waits until its route can be handed to zebra. */
#define WAITING ((const void *)&pending)

static void pending_run(struct vrfleak_event *event);

static void pending_schedule(void)
{
	if (!pending.check)
		event_add_timer_msec(pending.loop, pending_run, NULL,
				     PENDING_MSEC, &pending.check);
}

static struct vrfleak_prefix_item *
item_add(uint32_t target, const struct prefix *prefix, uint32_t source)
{
	struct vrfleak_prefix_item *item;

	if (vrfleak_prefix_queue_count(&pending.items) == 0)
		pending.revalidations = vrfleak_queue.revalidations;
	item = vrfleak_prefix_queue_add(&pending.items, target, prefix, 0);
	item->note = source;
	pending.confirmed = NULL;
	pending_schedule();
	return item;
}

void vrfleak_pending_add(uint32_t target, const struct prefix *prefix,
			 uint32_t source, const struct route_entry *old)
{
	item_add(target, prefix, source)->pointer = old;
}

void vrfleak_pending_wait(uint32_t target, const struct prefix *prefix,
			  uint32_t source)
{
	item_add(target, prefix, source)->pointer = WAITING;
	vrfleak_prefix_queue_add(&pending.items, target, prefix, source);
}

static void pending_end(struct vrfleak_prefix_item *item)
{
	vrfleak_prefix_queue_take(&pending.items, item);
	vrfleak_prefix_queue_recycle(&pending.items, item);
	if (vrfleak_prefix_queue_count(&pending.items) == PENDING_MAX / 2)
		vrfleak_queue_wake();
}

/*
 * Zebra did not keep the route. Returns whether another source's route is
 * pending instead, which takes over the sources that changed meanwhile.
 */
static bool pending_reject(struct vrfleak_budget *budget,
			   const struct vrfleak_vrf *target,
			   const struct vrfleak_prefix_item *item)
{
	pending.calls->reject(budget, target, &item->prefix, item->note);
	if (!vrfleak_prefix_queue_lookup(&pending.items, item->scope,
					 &item->prefix))
		return false;
	for (uint32_t i = 0; i < item->count; i++)
		vrfleak_prefix_queue_add(&pending.items, item->scope,
					 &item->prefix, item->vrfs[i]);
	return true;
}

/*
 * A route that was not accepted before is not confirmed until the kernel has
 * replied.
 */
static bool answer_awaited(const struct vrfleak_prefix_item *item,
			   const struct route_entry *leaked)
{
	return vrfleak_rib_answer_awaited(leaked) &&
	       vrfleak_conflict_is_not_accepted(&vrfleak_queue.conflicts,
						item->scope, &item->prefix,
						item->note);
}

/*
 * While a route is pending, the target's own one is not offered. Offer it
 * again. If the leaked route is seen, zebra's hook says what the target has.
 */
static void own_route_offer(const struct vrfleak_vrf *target,
			    const struct prefix *prefix)
{
	if (target->policy &&
	    target->policy->distance_min[vrfleak_prefix_af(prefix)] <
		    VRFLEAK_DISTANCE)
		vrfleak_queue_prefix(prefix, target->index);
}

/* End the item: decide about its prefix, without its source if rejected. */
static void item_end(struct vrfleak_budget *budget,
		     struct vrfleak_prefix_item *item, bool rejected)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_index(item->scope);
	const struct vrfleak_change change = {
		.prefix = &item->prefix,
		.sources = item->vrfs,
		.count = item->count,
		.scanned_too = true,
	};

	/* The decision may add another item for the same prefix. */
	vrfleak_prefix_queue_take(&pending.items, item);
	if (!rejected || !pending_reject(budget, target, item))
		pending.calls->decide(budget, target, &change);
	vrfleak_prefix_queue_free(item);
}

static bool source_has_changed(const struct vrfleak_prefix_item *item)
{
	for (uint32_t i = 0; i < item->count; i++)
		if (item->vrfs[i] == item->note)
			return true;
	return false;
}

/*
 * If the item is confirmed or rejected, or has waited long enough, end it and
 * return true.
 */
static bool pending_confirm(struct vrfleak_budget *budget,
			    struct vrfleak_prefix_item *item, bool zebra_idle)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_index(item->scope);
	const struct vrfleak_vrf *source = vrfleak_vrf_by_index(item->note);
	struct route_node *rn = vrfleak_rib_node(target, &item->prefix);
	const struct route_entry *leaked = vrfleak_rib_leaked(rn, source);
	bool waiting = item->pointer == WAITING;
	bool seen = !waiting && leaked && leaked != item->pointer;

	if (!seen && rn && vrfleak_zebra_requeue(rn))
		return false;
	if (waiting ? vrfleak_rib_unfinished(rn)
		    : (seen ? answer_awaited(item, leaked) : !zebra_idle))
		return false;
	if (!seen)
		own_route_offer(target, &item->prefix);
	item_end(budget, item, !seen && !source_has_changed(item));
	return true;
}

bool vrfleak_pending_confirm(const struct vrfleak_vrf *target,
			     struct route_node *rn)
{
	const struct route_entry *re;
	struct vrfleak_prefix_item *item;
	bool is_recheck = vrfleak_queue.revalidations != pending.revalidations;
	struct vrfleak_vrf *source;

	re = vrfleak_rib_node_confirmed(rn, &source);
	if (!re)
		return false;
	/* Zebra calls the hook twice for a new route. */
	if (rn == pending.confirmed && !is_recheck)
		return true;
	if (vrfleak_conflict_find(&vrfleak_queue.conflicts, target->index,
				  &rn->p))
		return false;

	item = vrfleak_prefix_queue_lookup(&pending.items, target->index,
					   &rn->p);
	if (!item || is_recheck || item->count || item->pointer == re ||
	    item->note != source->index)
		return false;
	pending_end(item);
	pending.confirmed = rn;
	return true;
}

static void pending_run(struct vrfleak_event *event)
{
	bool zebra_idle = vrfleak_zebra_backlog() == 0;
	size_t left = vrfleak_prefix_queue_count(&pending.items);
	struct vrfleak_prefix_item *item;
	struct vrfleak_budget budget;

	if (!zebra_idle)
		left = ++pending.runs % PENDING_RUNS
			       ? 0
			       : MIN(left, PENDING_CHECKS);
	/* Items that are not checked now are first the next time. */
	vrfleak_budget_begin(&budget);
	while (left-- > 0 && vrfleak_budget_in_time(&budget)) {
		item = vrfleak_prefix_queue_first(&pending.items);
		if (item && !pending_confirm(&budget, item, zebra_idle)) {
			vrfleak_prefix_queue_take(&pending.items, item);
			vrfleak_prefix_queue_put(&pending.items, item);
		}
	}
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end(&budget);

	if (vrfleak_prefix_queue_count(&pending.items))
		pending_schedule();
	else
		vrfleak_nhgs_release();
	vrfleak_queue_wake();
}

bool vrfleak_pending_defer(struct vrfleak_budget *budget,
			   const struct vrfleak_vrf *target,
			   const struct vrfleak_change *change)
{
	struct vrfleak_prefix_item *item;

	if (vrfleak_prefix_queue_count(&pending.items) == 0)
		return false;
	item = vrfleak_prefix_queue_lookup(&pending.items, target->index,
					   change->prefix);
	if (!item)
		return false;
	for (uint32_t i = 0; i < change->count; i++)
		vrfleak_prefix_queue_add(&pending.items, target->index,
					 change->prefix, change->sources[i]);
	/* Nothing has been handed to zebra yet. */
	if (item->pointer == WAITING) {
		own_route_offer(target, change->prefix);
		item_end(budget, item, false);
	} else {
		pending_confirm(budget, item, false);
	}
	return true;
}

uint32_t vrfleak_pending_source(const struct vrfleak_vrf *target,
				const struct prefix *prefix)
{
	const struct vrfleak_prefix_item *item = vrfleak_prefix_queue_lookup(
		&pending.items, target->index, prefix);

	return item ? item->note : 0;
}

size_t vrfleak_pending_count(void)
{
	return vrfleak_prefix_queue_count(&pending.items);
}

bool vrfleak_pending_full(void)
{
	return vrfleak_pending_count() >= PENDING_MAX || vrfleak_nhgs_full();
}

bool vrfleak_pending_in_budget(struct vrfleak_budget *budget)
{
	return vrfleak_budget_in_time(budget) && !vrfleak_pending_full();
}

void vrfleak_pending_init(struct vrfleak_event_loop *loop,
			  const struct vrfleak_pending_calls *calls)
{
	pending.calls = calls;
	pending.loop = loop;
	vrfleak_prefix_queue_init(&pending.items);
}

void vrfleak_pending_finish(void)
{
	event_cancel(&pending.check);
	vrfleak_prefix_queue_finish(&pending.items);
}
