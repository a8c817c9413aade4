// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that come and go without end, see the header.
 *
 * An item's note counts withdrawals in this period up to the limit. From
 * there on it counts periods.
 */
#include <zebra.h>

#include "lib/log.h"

#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/leak/unstable.h"

#define COUNTED_MAX 4000
#define PERIOD_SECONDS 10
#define WITHDRAWALS_MAX 100
/* For how many periods a prefix is held back. */
#define PERIODS 6
/* After that, so many withdrawals are allowed in a period. */
#define WITHDRAWALS_AGAIN 2
#define LINES_PER_PERIOD 5

static struct {
	struct vrfleak_event_loop *loop;
	/* By the target, as scope. */
	struct vrfleak_prefix_queue items;
	struct vrfleak_event *period;
	uint32_t lines;
} unstable;

static void period_end(struct vrfleak_event *event)
{
	size_t left = vrfleak_prefix_queue_count(&unstable.items);
	struct vrfleak_prefix_item *item;

	unstable.lines = 0;
	while (left-- > 0) {
		item = vrfleak_prefix_queue_pop(&unstable.items);
		if (item->note < WITHDRAWALS_MAX) {
			vrfleak_prefix_queue_free(item);
			continue;
		}
		if (++item->note == WITHDRAWALS_MAX + PERIODS)
			item->note = WITHDRAWALS_MAX - WITHDRAWALS_AGAIN;
		vrfleak_prefix_queue_put(&unstable.items, item);
	}
	if (vrfleak_prefix_queue_count(&unstable.items))
		event_add_timer(unstable.loop, period_end, NULL, PERIOD_SECONDS,
				&unstable.period);
}

void vrfleak_unstable_count(const struct vrfleak_vrf *source,
			    const struct vrfleak_vrf *target,
			    const struct prefix *prefix)
{
	struct vrfleak_prefix_item *item;

	item = vrfleak_prefix_queue_lookup(&unstable.items, target->index,
					   prefix);
	if (!item && vrfleak_prefix_queue_count(&unstable.items) >= COUNTED_MAX)
		return;
	if (!item)
		item = vrfleak_prefix_queue_add(&unstable.items, target->index,
						prefix, 0);
	if (!unstable.period)
		event_add_timer(unstable.loop, period_end, NULL, PERIOD_SECONDS,
				&unstable.period);
	if (item->note >= WITHDRAWALS_MAX || ++item->note < WITHDRAWALS_MAX)
		return;
	if (unstable.lines++ < LINES_PER_PERIOD)
		flog_err(
			EC_VRFLEAK_UNSTABLE,
			"%pFX from VRF %s is installed in VRF %s and withdrawn again and again; not leaked for %d seconds",
			prefix, source->name, target->name,
			PERIODS * PERIOD_SECONDS);
}

bool vrfleak_unstable(const struct vrfleak_vrf *target,
		      const struct prefix *prefix)
{
	const struct vrfleak_prefix_item *item;

	if (vrfleak_prefix_queue_count(&unstable.items) == 0)
		return false;
	item = vrfleak_prefix_queue_lookup(&unstable.items, target->index,
					   prefix);
	return item && item->note >= WITHDRAWALS_MAX;
}

void vrfleak_unstable_forget(void)
{
	vrfleak_prefix_queue_forget(&unstable.items,
				    vrfleak_vrf_without_policy);
}

void vrfleak_unstable_init(struct vrfleak_event_loop *loop)
{
	unstable.loop = loop;
	vrfleak_prefix_queue_init(&unstable.items);
}

void vrfleak_unstable_finish(void)
{
	event_cancel(&unstable.period);
	vrfleak_prefix_queue_finish(&unstable.items);
}
