// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: retries of routes that zebra or the kernel did not accept, see the
 * header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/retry.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define RETRY_SECONDS_MAX 60

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *event;
	uint32_t seconds;
	/* A round is in progress. */
	bool trying;
	/* The round has found a route to retry. */
	bool tried;
} retry;

/* The last conflict that is done in this round. */
static struct vrfleak_conflict retry_at;

/* Whether another source's route is in use, and the target preempts. */
static bool has_owner(const struct vrfleak_conflict *conflict,
		      const struct prefix *prefix)
{
	const struct vrfleak_vrf *target =
		vrfleak_vrf_by_index(conflict->target);

	return target && target->policy &&
	       target->policy->preempt[vrfleak_prefix_af(prefix)] &&
	       vrfleak_rib_installed(vrfleak_rib_node(target, prefix)).source;
}

static void conflict_retry(const struct vrfleak_conflict *conflict)
{
	const struct vrfleak_candidate *candidate;
	struct prefix prefix;

	vrfleak_conflict_prefix(conflict, &prefix);
	for (uint16_t i = 0; i < conflict->count; i++) {
		candidate = &conflict->candidates[i];
		if (candidate->reason != VRFLEAK_NOT_ACCEPTED)
			continue;
		/* It will be tried when the owner's route goes. */
		if (candidate->is_next && has_owner(conflict, &prefix))
			continue;
		vrfleak_queue_prefix(&prefix, candidate->source);
		retry.tried = true;
	}
}

/* Run a round within the time budget, then schedule the next one if needed. */
static void retry_run(struct vrfleak_event *event)
{
	const struct vrfleak_conflict *conflict;
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	do {
		conflict =
			vrfleak_conflict_after(&vrfleak_queue.conflicts,
					       retry.trying ? &retry_at : NULL);
		retry.trying = conflict != NULL;
		if (!conflict)
			break;
		retry_at = *conflict;
		conflict_retry(conflict);
	} while (vrfleak_budget_in_time(&budget));
	vrfleak_budget_end(&budget);

	if (retry.trying) {
		event_add_event(retry.loop, retry_run, NULL, 0, &retry.event);
		return;
	}
	retry.seconds = MIN(retry.seconds * 2, RETRY_SECONDS_MAX);
	if (retry.tried)
		vrfleak_retry_schedule();
	retry.tried = false;
}

void vrfleak_retry_schedule(void)
{
	/* The running round may have passed this conflict. */
	if (retry.trying)
		retry.tried = true;
	if (!retry.event)
		event_add_timer(retry.loop, retry_run, NULL, retry.seconds,
				&retry.event);
}

void vrfleak_retry_soon(void)
{
	retry.seconds = 1;
	if (!retry.event || retry.trying ||
	    event_timer_remain_second(retry.event) <= 1)
		return;
	event_cancel(&retry.event);
	vrfleak_retry_schedule();
}

void vrfleak_retry_reset(void)
{
	retry.seconds = 1;
}

void vrfleak_retry_init(struct vrfleak_event_loop *loop)
{
	retry.loop = loop;
	retry.seconds = 1;
}

void vrfleak_retry_finish(void)
{
	event_cancel(&retry.event);
	retry.trying = false;
	retry.tried = false;
}
