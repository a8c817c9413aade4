// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the decision.
 *
 * Each call costs the number of sources that changed; only where the prefix
 * becomes free are those who wait asked again, and nobody else. That is enough
 * because whoever offers a prefix and does not hold it waits for it.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_decide.h"

/* The best of those that were asked. */
struct choice {
	uint32_t source;
	uint32_t rank;
	enum vrfleak_offer offer;
};

static enum vrfleak_offer offer_ask(struct vrfleak_court *court,
				    uint32_t source, uint32_t target,
				    const struct prefix *prefix,
				    uint32_t *rank)
{
	return court->world->offer(source, target, prefix, rank, court->arg);
}

static void wait_begin(struct vrfleak_court *court, uint32_t target,
		       const struct prefix *prefix, uint32_t source,
		       uint32_t winner, enum vrfleak_reason reason)
{
	if (vrfleak_contest_wait(court->contests, target, prefix, source,
				 reason, court->now))
		court->world->conflict(target, prefix, winner, source, reason,
				       true, court->arg);
}

static const struct vrfleak_waiter *
waiter_find(struct vrfleak_court *court, uint32_t target,
	    const struct prefix *prefix, uint32_t source)
{
	const struct vrfleak_contest *contest =
		vrfleak_contest_find(court->contests, target, prefix);

	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (contest->waiters[i].source == source)
			return &contest->waiters[i];
	return NULL;
}

static void wait_end(struct vrfleak_court *court, uint32_t target,
		     const struct prefix *prefix, uint32_t source,
		     uint32_t winner)
{
	const struct vrfleak_waiter *waiter =
		waiter_find(court, target, prefix, source);
	enum vrfleak_reason reason;

	if (!waiter)
		return;

	reason = waiter->reason;
	vrfleak_contest_leave(court->contests, target, prefix, source);
	court->world->conflict(target, prefix, winner, source, reason, false,
			       court->arg);
}

/* Those that changed wait if they offer the prefix, and else no longer. */
static void changed_wait(struct vrfleak_court *court, uint32_t target,
			 const struct prefix *prefix, const uint32_t *sources,
			 uint32_t count, uint32_t winner,
			 enum vrfleak_reason reason)
{
	enum vrfleak_offer offer;
	uint32_t rank;

	for (uint32_t i = 0; i < count; i++) {
		if (sources[i] == winner)
			continue;
		offer = offer_ask(court, sources[i], target, prefix, &rank);
		if (offer == VRFLEAK_OFFER_NONE)
			wait_end(court, target, prefix, sources[i], winner);
		else
			wait_begin(court, target, prefix, sources[i], winner,
				   offer == VRFLEAK_OFFER_FULL &&
						   winner == 0 &&
						   reason == VRFLEAK_HELD
					   ? VRFLEAK_FULL
					   : reason);
	}
}

/* Those that wait do so for the winner now, save those that were rejected. */
static void waiting_update(struct vrfleak_court *court, uint32_t target,
			   const struct prefix *prefix, uint32_t winner,
			   enum vrfleak_reason reason)
{
	const struct vrfleak_contest *contest =
		vrfleak_contest_find(court->contests, target, prefix);

	if (!contest)
		return;

	for (uint16_t i = 0; i < contest->count; i++)
		if (contest->waiters[i].reason != VRFLEAK_NOT_ACCEPTED)
			wait_begin(court, target, prefix,
				   contest->waiters[i].source, winner, reason);
}

static void choice_try(struct vrfleak_court *court, struct choice *choice,
		       uint32_t source, uint32_t target,
		       const struct prefix *prefix)
{
	uint32_t rank = 0;
	enum vrfleak_offer offer =
		offer_ask(court, source, target, prefix, &rank);

	if (offer == VRFLEAK_OFFER_NONE || offer == VRFLEAK_OFFER_FULL)
		return;
	if (choice->source && choice->rank <= rank)
		return;
	*choice = (struct choice){source, rank, offer};
}

/* The best of those that changed and those that wait, except one. */
static struct choice choice_make(struct vrfleak_court *court, uint32_t target,
				 const struct prefix *prefix,
				 const uint32_t *sources, uint32_t count,
				 uint32_t except)
{
	const struct vrfleak_contest *contest =
		vrfleak_contest_find(court->contests, target, prefix);
	struct choice choice = {};

	for (uint32_t i = 0; i < count; i++)
		if (sources[i] != except)
			choice_try(court, &choice, sources[i], target, prefix);

	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (contest->waiters[i].source != except &&
		    contest->waiters[i].reason != VRFLEAK_NOT_ACCEPTED)
			choice_try(court, &choice, contest->waiters[i].source,
				   target, prefix);
	return choice;
}

static void native_wins(struct vrfleak_court *court, uint32_t target,
			const struct prefix *prefix, const uint32_t *sources,
			uint32_t count, uint32_t holder)
{
	waiting_update(court, target, prefix, target, VRFLEAK_NATIVE);
	changed_wait(court, target, prefix, sources, count, target,
		     VRFLEAK_NATIVE);
	if (holder) {
		changed_wait(court, target, prefix, &holder, 1, target,
			     VRFLEAK_NATIVE);
		court->world->withdraw(holder, target, prefix, court->arg);
	}
}

/*
 * Give the prefix to the choice, in place of the holder if there is one. One
 * that zebra did not keep before waits on until its route is seen in the RIB.
 */
static void source_wins(struct vrfleak_court *court, uint32_t target,
			const struct prefix *prefix, struct choice *choice,
			uint32_t holder)
{
	const struct vrfleak_waiter *waiter =
		waiter_find(court, target, prefix, choice->source);

	if (choice->offer != VRFLEAK_OFFER_SAME || choice->source != holder)
		court->world->install(choice->source, target, prefix,
				      court->arg);
	if (waiter && (waiter->reason != VRFLEAK_NOT_ACCEPTED ||
		       choice->source == holder))
		wait_end(court, target, prefix, choice->source,
			 choice->source);
	waiting_update(court, target, prefix, choice->source, VRFLEAK_HELD);
}

/* Nobody got the prefix: whoever waits does so for room. */
static void waiting_full(struct vrfleak_court *court, uint32_t target,
			 const struct prefix *prefix)
{
	const struct vrfleak_contest *contest =
		vrfleak_contest_find(court->contests, target, prefix);
	uint32_t rank;

	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (contest->waiters[i].reason != VRFLEAK_NOT_ACCEPTED &&
		    offer_ask(court, contest->waiters[i].source, target, prefix,
			      &rank) == VRFLEAK_OFFER_FULL)
			wait_begin(court, target, prefix,
				   contest->waiters[i].source, 0, VRFLEAK_FULL);
}

/* Take out the sources that wait and offer the prefix no more. */
static void waiting_prune(struct vrfleak_court *court, uint32_t target,
			  const struct prefix *prefix)
{
	const struct vrfleak_contest *contest =
		vrfleak_contest_find(court->contests, target, prefix);
	uint32_t rank, source;

	/* From the end: whoever leaves is replaced by the last one. */
	for (uint16_t i = contest ? contest->count : 0; i-- > 0;) {
		source = contest->waiters[i].source;
		if (offer_ask(court, source, target, prefix, &rank) !=
		    VRFLEAK_OFFER_NONE)
			continue;
		wait_end(court, target, prefix, source, 0);
		contest = vrfleak_contest_find(court->contests, target, prefix);
	}
}

void vrfleak_decide(struct vrfleak_court *court, uint32_t target,
		    const struct prefix *prefix, const uint32_t *sources,
		    uint32_t count)
{
	struct vrfleak_held held =
		court->world->held(target, prefix, court->arg);
	struct choice choice = {};

	if (held.native) {
		native_wins(court, target, prefix, sources, count,
			    held.source);
		return;
	}

	if (held.source)
		choice_try(court, &choice, held.source, target, prefix);
	if (!choice.source) {
		waiting_prune(court, target, prefix);
		choice = choice_make(court, target, prefix, sources, count, 0);
	}

	if (choice.source)
		source_wins(court, target, prefix, &choice, held.source);
	if (held.source && held.source != choice.source) {
		court->world->withdraw(held.source, target, prefix,
				       court->arg);
		changed_wait(court, target, prefix, &held.source, 1,
			     choice.source, VRFLEAK_HELD);
	}
	changed_wait(court, target, prefix, sources, count, choice.source,
		     VRFLEAK_HELD);
	if (!choice.source)
		waiting_full(court, target, prefix);
}

void vrfleak_decide_rejected(struct vrfleak_court *court, uint32_t target,
			     const struct prefix *prefix, uint32_t source)
{
	struct vrfleak_held held =
		court->world->held(target, prefix, court->arg);

	if (held.native) {
		vrfleak_decide(court, target, prefix, &source, 1);
		return;
	}

	changed_wait(court, target, prefix, &source, 1, 0,
		     VRFLEAK_NOT_ACCEPTED);
	vrfleak_decide(court, target, prefix, NULL, 0);
}

bool vrfleak_decide_clear(struct vrfleak_court *court, uint32_t target,
			  const struct prefix *prefix)
{
	struct vrfleak_held held =
		court->world->held(target, prefix, court->arg);
	struct choice choice;

	if (held.native || !held.source)
		return false;

	choice = choice_make(court, target, prefix, NULL, 0, held.source);
	if (!choice.source)
		return false;

	source_wins(court, target, prefix, &choice, held.source);
	court->world->withdraw(held.source, target, prefix, court->arg);
	changed_wait(court, target, prefix, &held.source, 1, choice.source,
		     VRFLEAK_HELD);
	return true;
}
