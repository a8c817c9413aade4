// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: routes that are held down, see the header.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/hold_down.h"
#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/queue.h"

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_hold_down table;
	/* Runs when the first route is to be released or forgotten. */
	struct vrfleak_event *timer;
	/* When that is, in monotime() seconds. */
	int64_t due;
} held;

static void timer_run(struct vrfleak_event *event);

static struct vrfleak_flapping_key key_make(const struct vrfleak_vrf *source,
					    const struct vrfleak_vrf *target,
					    const struct prefix *prefix)
{
	struct vrfleak_flapping_key key = {
		.target = target->index,
		.source = source->index,
	};

	prefix_copy(&key.prefix, prefix);
	return key;
}

/* Make the timer run when the next route is due, and not while there is none.
 */
static void timer_set(int64_t now)
{
	int64_t next = vrfleak_hold_down_next(&held.table, now);

	if (held.timer && next >= 0 && held.due == now + next)
		return;
	event_cancel(&held.timer);
	if (next < 0)
		return;
	held.due = now + next;
	event_add_timer(held.loop, timer_run, NULL, next, &held.timer);
}

static void timer_run(struct vrfleak_event *event)
{
	int64_t now = monotime(NULL);
	struct vrfleak_flapping_key key;
	struct vrfleak_budget budget;
	bool released;

	vrfleak_budget_begin(&budget);
	do {
		if (!vrfleak_hold_down_expire(&held.table, now, &key,
					      &released))
			break;
		if (!released)
			continue;
		VRFLEAK_DEBUG(routes, "%pFX: no longer held down", &key.prefix);
		vrfleak_queue_prefix(&key.prefix, key.source);
	} while (vrfleak_budget_in_time(&budget));
	vrfleak_budget_end(&budget);
	timer_set(now);
}

static uint32_t seconds_of(const struct vrfleak_vrf *target,
			   const struct prefix *prefix)
{
	return target->policy
		       ? target->policy->hold_down[vrfleak_prefix_af(prefix)]
		       : 0;
}

bool vrfleak_held_configured(const struct vrfleak_vrf *target,
			     const struct prefix *prefix)
{
	return seconds_of(target, prefix) != 0;
}

void vrfleak_held_lost(const struct vrfleak_vrf *source,
		       const struct vrfleak_vrf *target,
		       const struct prefix *prefix, int64_t now)
{
	struct vrfleak_flapping_key key = key_make(source, target, prefix);

	if (vrfleak_hold_down_lost(&held.table, &key, now,
				   seconds_of(target, prefix)))
		VRFLEAK_DEBUG(routes, "%pFX: from VRF %s held down in VRF %s",
			      prefix, source->name, target->name);
	timer_set(now);
}

bool vrfleak_held_seen(const struct vrfleak_vrf *source,
		       const struct vrfleak_vrf *target,
		       const struct prefix *prefix, int64_t now)
{
	struct vrfleak_flapping_key key;

	if (!vrfleak_hold_down_any(&held.table))
		return false;
	key = key_make(source, target, prefix);
	return vrfleak_hold_down_seen(&held.table, &key, now);
}

uint32_t vrfleak_held_left(const struct vrfleak_vrf *source,
			   const struct vrfleak_vrf *target,
			   const struct prefix *prefix)
{
	struct vrfleak_flapping_key key = key_make(source, target, prefix);

	return vrfleak_hold_down_left(&held.table, &key, monotime(NULL));
}

static void release(const struct vrfleak_flapping_key *key, void *arg)
{
	vrfleak_queue_prefix(&key->prefix, key->source);
}

void vrfleak_held_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			const struct prefix *prefix)
{
	vrfleak_hold_down_clear(&held.table, target->index, af, prefix, release,
				NULL);
	timer_set(monotime(NULL));
}

void vrfleak_held_forget(void)
{
	vrfleak_hold_down_forget(&held.table, vrfleak_vrf_without_policy);
	timer_set(monotime(NULL));
}

void vrfleak_held_init(struct vrfleak_event_loop *loop)
{
	held.loop = loop;
	vrfleak_hold_down_init(&held.table);
}

void vrfleak_held_finish(void)
{
	event_cancel(&held.timer);
	vrfleak_hold_down_finish(&held.table);
}
