// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: prefixes that were given to zebra, see the header.
 *
 * Most are settled by the hook that tells of them, at no further cost. The
 * others are looked at again when their prefix changes, or when zebra has
 * nothing left to do; and now and then while it is busy, in case it never
 * rests.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_group.h"
#include "zebra_vrfleak/vrfleak_offer.h"
#include "zebra_vrfleak/vrfleak_refused.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_worklist.h"
#include "zebra_vrfleak/vrfleak_world.h"

/* How much may wait for zebra, and how often that is looked at. */
#define GIVEN_MAX 4000
#define GIVEN_MSEC 10

/* How many of them are looked at while zebra is busy, and how seldom. */
#define GIVEN_LOOK 32
#define GIVEN_SELDOM 16

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_dirty items;
	struct vrfleak_event *check;
	uint32_t runs;
	/* The node that was settled last, if nothing was given since. */
	const struct route_node *settled;
	/* Some may no longer be wanted, though they are seen. */
	bool doubt;
} given;

static void given_run(struct vrfleak_event *event);

static void given_schedule(void)
{
	if (!given.check)
		event_add_timer_msec(given.loop, given_run, NULL, GIVEN_MSEC,
				     &given.check);
}

void vrfleak_given_add(uint32_t target, const struct prefix *prefix,
		       uint32_t source, const struct route_entry *old)
{
	struct vrfleak_dirty_item *item =
		vrfleak_dirty_add(&given.items, target, prefix, 0);

	item->note = source;
	item->pointer = old;
	given.settled = NULL;
	given_schedule();
}

static void given_take(struct vrfleak_dirty_item *item)
{
	vrfleak_dirty_take(&given.items, item);
	if (vrfleak_dirty_count(&given.items) == 0)
		given.doubt = false;
}

static void given_end(struct vrfleak_dirty_item *item)
{
	given_take(item);
	vrfleak_dirty_free(item);
	if (vrfleak_dirty_count(&given.items) == GIVEN_MAX / 2)
		vrfleak_engine_wake();
}

/*
 * Zebra did not keep it. Whether it was given another source's route instead,
 * which is to be waited for with what changed meanwhile.
 */
static bool given_reject(const struct vrfleak_vrf *target,
			 const struct vrfleak_dirty_item *item)
{
	vrfleak_engine_rejected(target, &item->prefix, item->note);
	if (!vrfleak_dirty_lookup(&given.items, item->scope, &item->prefix))
		return false;
	for (uint32_t i = 0; i < item->count; i++)
		vrfleak_dirty_add(&given.items, item->scope, &item->prefix,
				  item->vrfs[i]);
	return true;
}

/*
 * A route that was not accepted before is still not accepted while the kernel
 * has not answered.
 */
static bool answer_awaited(const struct vrfleak_dirty_item *item,
			   const struct route_entry *leaked)
{
	return vrfleak_refused_awaited(leaked) &&
	       vrfleak_contest_is_not_accepted(vrfleak_engine_contests(),
					       item->scope, &item->prefix,
					       item->note);
}

/* If it is settled, decide again, end it, and return true. */
static bool given_settle(struct vrfleak_dirty_item *item, bool zebra_idle)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_number(item->scope);
	const struct vrfleak_vrf *source = vrfleak_vrf_by_number(item->note);
	const struct route_entry *leaked;
	bool seen, again = false;
	struct route_node *rn;

	leaked = vrfleak_rib_leaked(source, target, &item->prefix);
	seen = leaked && leaked != item->pointer;
	if (seen ? answer_awaited(item, leaked) : !zebra_idle)
		return false;
	rn = vrfleak_rib_node(target, &item->prefix);
	if (!seen && rn && vrfleak_zebra_requeue(rn))
		return false;

	for (uint32_t i = 0; i < item->count; i++)
		again = again || item->vrfs[i] == source->number;

	/* What is decided may be given to zebra, as another item. */
	given_take(item);
	vrfleak_rib_look(&item->prefix, target, NULL, NULL);
	if (seen || again || !given_reject(target, item))
		vrfleak_engine_decide_now(target, &item->prefix, item->vrfs,
					  item->count, true);
	vrfleak_rib_look_end();
	vrfleak_dirty_free(item);
	return true;
}

bool vrfleak_given_seen(const struct vrfleak_vrf *target, struct route_node *rn)
{
	const struct route_entry *re;
	struct vrfleak_dirty_item *item;
	struct vrfleak_vrf *source;

	re = vrfleak_rib_node_settled(rn, &source);
	if (!re)
		return false;
	/* Zebra's hooks tell twice of a new route. */
	if (rn == given.settled)
		return true;
	if (vrfleak_contest_find(vrfleak_engine_contests(), target->number,
				 &rn->p))
		return false;

	item = vrfleak_dirty_lookup(&given.items, target->number, &rn->p);
	if (!item || given.doubt || item->count || item->pointer == re ||
	    item->note != source->number)
		return false;
	given_end(item);
	given.settled = rn;
	return true;
}

void vrfleak_given_doubt(void)
{
	given.doubt = vrfleak_dirty_count(&given.items) > 0;
	given.settled = NULL;
}

static void given_run(struct vrfleak_event *event)
{
	bool zebra_idle = vrfleak_zebra_backlog() == 0;
	size_t left = vrfleak_dirty_count(&given.items);
	struct vrfleak_dirty_item *item;
	struct vrfleak_slice slice;

	if (!zebra_idle)
		left = ++given.runs % GIVEN_SELDOM ? 0 : MIN(left, GIVEN_LOOK);
	/* What is not looked at now comes first the next time. */
	vrfleak_slice_begin(&slice);
	while (left-- > 0 && vrfleak_slice_in_time(&slice)) {
		item = vrfleak_dirty_first(&given.items);
		if (item && !given_settle(item, zebra_idle)) {
			vrfleak_dirty_take(&given.items, item);
			vrfleak_dirty_put(&given.items, item);
		}
	}
	vrfleak_groups_doubt();
	vrfleak_slice_end();

	if (vrfleak_dirty_count(&given.items))
		given_schedule();
	else
		vrfleak_groups_release();
	vrfleak_engine_wake();
}

bool vrfleak_given_defer(const struct vrfleak_vrf *target,
			 const struct prefix *prefix, const uint32_t *sources,
			 uint32_t count)
{
	struct vrfleak_dirty_item *item;

	if (vrfleak_dirty_count(&given.items) == 0)
		return false;
	item = vrfleak_dirty_lookup(&given.items, target->number, prefix);
	if (!item)
		return false;
	for (uint32_t i = 0; i < count; i++)
		vrfleak_dirty_add(&given.items, target->number, prefix,
				  sources[i]);
	given_settle(item, false);
	return true;
}

uint32_t vrfleak_given_source(const struct vrfleak_vrf *target,
			      const struct prefix *prefix)
{
	const struct vrfleak_dirty_item *item =
		vrfleak_dirty_lookup(&given.items, target->number, prefix);

	return item ? item->note : 0;
}

size_t vrfleak_given_count(void)
{
	return vrfleak_dirty_count(&given.items);
}

bool vrfleak_given_full(void)
{
	return vrfleak_given_count() >= GIVEN_MAX;
}

void vrfleak_given_init(struct vrfleak_event_loop *loop)
{
	given.loop = loop;
	vrfleak_dirty_init(&given.items);
}

void vrfleak_given_finish(void)
{
	event_cancel(&given.check);
	vrfleak_dirty_finish(&given.items);
}
