// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: makes and executes the decision about one prefix in one target, see
 * the header.
 *
 * This file implements the RIB operations of the decision (core/decision.h).
 * They map VRF indexes to VRFs, evaluate offers by the policy and the RIB, and
 * install, withdraw and log routes.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/counters.h"
#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/retry.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/unstable.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/stale_routes.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak sources");

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_OFFERS, "Route leak offers");

/* Most decisions need no more offers, and no more sources, than this. */
#define OFFERS_FEW 4
#define SOURCES_FEW 16

/*
 * The offers that a decision has resolved: a hash table by the source's index,
 * where the next free slot is used if a slot is taken. In a free slot the
 * offer's source is NULL.
 */
struct offers {
	struct vrfleak_offered *slots;
	/* A power of two. */
	uint32_t size;
	uint32_t count;
	struct vrfleak_offered few[OFFERS_FEW];
};

/* All that a decision works with; the argument of the RIB operations. */
struct decision {
	struct vrfleak_decision_context context;
	struct vrfleak_budget *budget;
	struct vrfleak_place place;
	const struct vrfleak_change *change;
	struct offers offers;
};

/* ---- offers ---- */

static void offers_init(struct offers *offers)
{
	offers->slots = offers->few;
	offers->size = OFFERS_FEW;
	offers->count = 0;
	for (uint32_t i = 0; i < OFFERS_FEW; i++)
		offers->few[i].source = NULL;
}

static void offers_finish(struct offers *offers)
{
	for (uint32_t i = 0; i < offers->size; i++)
		if (offers->slots[i].source)
			vrfleak_offer_release(&offers->slots[i]);
	if (offers->slots != offers->few)
		XFREE(MTYPE_VRFLEAK_OFFERS, offers->slots);
}

/* The slot of a source, which may be free. */
static struct vrfleak_offered *offers_slot(const struct offers *offers,
					   const struct vrfleak_vrf *source)
{
	uint32_t i = source->index & (offers->size - 1);

	while (offers->slots[i].source && offers->slots[i].source != source)
		i = (i + 1) & (offers->size - 1);
	return &offers->slots[i];
}

/* Make room for one more offer. One slot always stays free. */
static void offers_reserve(struct offers *offers)
{
	struct vrfleak_offered *old = offers->slots;
	uint32_t old_size = offers->size;

	if (offers->count + 1 < old_size)
		return;
	offers->size = 4 * old_size;
	offers->slots = XCALLOC(MTYPE_VRFLEAK_OFFERS,
				offers->size * sizeof(*offers->slots));
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i].source)
			*offers_slot(offers, old[i].source) = old[i];
	if (old != offers->few)
		XFREE(MTYPE_VRFLEAK_OFFERS, old);
}

/* The prefix's node in a source's table, or NULL. */
static struct route_node *source_node(const struct decision *decision,
				      const struct vrfleak_vrf *source)
{
	return source == decision->change->source
		       ? decision->change->rn
		       : vrfleak_rib_node(source, decision->place.prefix);
}

/*
 * The source's offer, which the first call in a decision resolves. Returns NULL
 * if the VRF or the source-target pair does not exist. Valid until the next
 * call.
 */
static struct vrfleak_offered *offer_get(struct decision *decision,
					 uint32_t source)
{
	const struct vrfleak_place *place = &decision->place;
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	struct vrfleak_offered *offered;
	const struct vrfleak_pair *pair;

	if (!from || !place->target->policy)
		return NULL;
	offered = offers_slot(&decision->offers, from);
	if (offered->source)
		return offered;

	pair = vrfleak_policy_source(place->target->policy,
				     vrfleak_prefix_af(place->prefix),
				     from->name);
	if (!pair)
		return NULL;
	offers_reserve(&decision->offers);
	offered = offers_slot(&decision->offers, from);
	decision->offers.count++;
	vrfleak_offer_resolve(offered, place, from, source_node(decision, from),
			      pair);
	vrfleak_budget_offer(decision->budget, offered->filtered);
	return offered;
}

/* ---- RIB operations ---- */

static bool sources_have(const uint32_t *sources, uint32_t count,
			 uint32_t source)
{
	for (uint32_t i = 0; i < count; i++)
		if (sources[i] == source)
			return true;
	return false;
}

static struct vrfleak_installed
ops_installed(uint32_t target, const struct prefix *prefix, void *arg)
{
	const struct decision *decision = arg;

	return vrfleak_rib_installed(decision->place.rn);
}

/*
 * Whether zebra has yet to process a leaked route in the source, which may win
 * over the source's native route. If that one were offered meanwhile, two VRFs
 * that prefer each other's routes could both lose theirs, again and again.
 */
static bool source_is_pending(const struct vrfleak_vrf *source,
			      const struct prefix *prefix)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);

	return source->policy &&
	       source->policy->distance_min[af] < VRFLEAK_DISTANCE &&
	       vrfleak_pending_source(source, prefix);
}

/*
 * Whether the source may have had a route to the prefix until now. Otherwise
 * it has none because its import scan has not come to the prefix.
 */
static bool was_offered(const struct decision *decision,
			const struct vrfleak_vrf *source)
{
	const struct vrfleak_place *place = &decision->place;

	return sources_have(decision->change->sources, decision->change->count,
			    source->index) ||
	       vrfleak_rib_leaked(place->rn, source) ||
	       vrfleak_conflict_candidate(
		       vrfleak_conflict_find(&vrfleak_queue.conflicts,
					     place->target->index,
					     place->prefix),
		       source->index);
}

/* Count the losses of the source's route. Returns whether it is held down. */
static bool is_held_down(const struct decision *decision,
			 const struct vrfleak_offered *offered)
{
	const struct vrfleak_place *place = &decision->place;
	const struct vrfleak_vrf *source = offered->source;
	int64_t now = decision->context.now;

	if (!vrfleak_held_configured(place->target, place->prefix))
		return false;
	if (offered->kind != VRFLEAK_OFFER_NONE)
		return vrfleak_held_seen(source, place->target, place->prefix,
					 now) &&
		       !vrfleak_rib_leaked(place->rn, source);
	/* A route that a route-map denies is not lost. */
	if (!vrfleak_rib_offered(source, offered->rn) &&
	    was_offered(decision, source))
		vrfleak_held_lost(source, place->target, place->prefix, now);
	return false;
}

static enum vrfleak_offer ops_offer(uint32_t source, uint32_t target,
				    const struct prefix *prefix,
				    struct vrfleak_preference *preference,
				    void *arg)
{
	struct decision *decision = arg;
	const struct vrfleak_offered *offered = offer_get(decision, source);
	bool held_down = offered && is_held_down(decision, offered);

	if (!offered || offered->kind == VRFLEAK_OFFER_NONE ||
	    source_is_pending(offered->source, prefix))
		return VRFLEAK_OFFER_NONE;
	preference->rank = offered->match->rank;
	preference->distance = offered->match->import->distance;
	if (held_down)
		return VRFLEAK_OFFER_HELD_DOWN;
	return vrfleak_route_count_allows(decision->place.target, prefix,
					  offered->match->import)
		       ? offered->kind
		       : VRFLEAK_OFFER_FULL;
}

/* Whether the prefix will keep its owner, or its native route, in target. */
static bool is_kept(struct decision *decision)
{
	struct vrfleak_installed installed =
		vrfleak_rib_installed(decision->place.rn);
	enum vrfleak_offer offer = VRFLEAK_OFFER_NONE;
	struct vrfleak_preference preference = {};

	if (vrfleak_native_wins(&installed, decision->context.distance_min))
		return true;
	if (installed.source)
		offer = ops_offer(
			installed.source, decision->place.target->index,
			decision->place.prefix, &preference, decision);
	return (offer == VRFLEAK_OFFER_ROUTE || offer == VRFLEAK_OFFER_SAME) &&
	       !vrfleak_native_wins(&installed, preference.distance);
}

static void count(const struct decision *decision, uint32_t source,
		  enum vrfleak_count what)
{
	vrfleak_counters_add(decision->place.target->index, source,
			     vrfleak_prefix_af(decision->place.prefix), what,
			     decision->context.now);
}

static void withdraw(const struct decision *decision,
		     const struct vrfleak_vrf *from)
{
	if (vrfleak_rib_withdraw(decision->place.rn, from))
		count(decision, from->index, VRFLEAK_COUNT_WITHDRAWN);
}

/*
 * If zebra might skip the update of the kernel for a route that replaces one
 * which the kernel does not have, wait until zebra has finished that one, and
 * return true. Until the kernel has replied about it, from's route, old, stays.
 */
static bool install_waits(const struct decision *decision,
			  const struct vrfleak_vrf *from,
			  const struct route_entry *old)
{
	const struct vrfleak_place *place = &decision->place;

	if (!VRFLEAK_HAVE_SKIPPED_REPLACE ||
	    !vrfleak_rib_missing(place->rn, vrfleak_prefix_af(place->prefix)))
		return false;
	if (!old || !vrfleak_rib_answer_awaited(old))
		withdraw(decision, from);
	vrfleak_pending_wait(place->target->index, place->prefix, from->index);
	return true;
}

static bool ops_install(uint32_t source, uint32_t target,
			const struct prefix *prefix, void *arg)
{
	struct decision *decision = arg;
	const struct vrfleak_place *place = &decision->place;
	struct vrfleak_offered *offered = offer_get(decision, source);
	const struct vrfleak_vrf *from = offered->source;
	const struct route_entry *old;
	bool handed;

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, place->target->name);
	old = vrfleak_rib_leaked(place->rn, from);
	if (install_waits(decision, from, old))
		return true;
	handed = (old || !vrfleak_unstable(place->target, prefix)) &&
		 vrfleak_offer_install(offered, place);
	if (handed)
		count(decision, source,
		      old ? VRFLEAK_COUNT_REPLACED : VRFLEAK_COUNT_LEAKED);
	else
		withdraw(decision, from);
	/* If it was not handed over, zebra will be found not to keep it. */
	vrfleak_pending_add(target, prefix, source, old);
	vrfleak_silent_note(from, prefix, offered->rn);
	return handed;
}

static void ops_withdraw(uint32_t source, uint32_t target,
			 const struct prefix *prefix, void *arg)
{
	const struct decision *decision = arg;
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	const struct vrfleak_vrf *to = decision->place.target;

	VRFLEAK_DEBUG(routes,
		      "%pFX: withdraw the route leaked from VRF %s to VRF %s",
		      prefix, from->name, to->name);
	vrfleak_unstable_count(from, to, prefix);
	withdraw(decision, from);
}

static void ops_conflict(uint32_t target, const struct prefix *prefix,
			 uint32_t winner, uint32_t loser,
			 enum vrfleak_reason reason, bool raised, void *arg)
{
	const struct decision *decision = arg;
	const struct vrfleak_vrf *to = decision->place.target;
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(loser);

	vrfleak_conflict_changed(to, prefix, vrfleak_vrf_by_index(winner), from,
				 reason, raised);
	if (!raised)
		return;
	/* A native route that is the backup of a leaked one is not refused. */
	if (from != to)
		count(decision, loser, VRFLEAK_COUNT_REFUSED + reason);
	/* The conflict ends when either of these routes is deleted. */
	if (from != to)
		vrfleak_silent_note(from, prefix, source_node(decision, from));
	if (reason == VRFLEAK_NOT_ACCEPTED)
		vrfleak_retry_schedule();
	else if (reason == VRFLEAK_NATIVE || reason == VRFLEAK_HIGHER_DISTANCE)
		vrfleak_silent_note(to, prefix, decision->place.rn);
}

static const struct vrfleak_rib_ops ops = {
	.installed = ops_installed,
	.offer = ops_offer,
	.install = ops_install,
	.withdraw = ops_withdraw,
	.conflict = ops_conflict,
};

static void context_begin(struct vrfleak_decision_context *context,
			  const struct vrfleak_vrf_policy *policy,
			  enum vrfleak_af af)
{
	context->distance_min =
		policy ? policy->distance_min[af] : VRFLEAK_DISTANCE;
	context->preempt = policy && policy->preempt[af];
}

static void decision_begin(struct decision *decision,
			   struct vrfleak_budget *budget,
			   const struct vrfleak_vrf *target,
			   const struct vrfleak_change *change)
{
	decision->context = (struct vrfleak_decision_context){
		.ops = &ops,
		.conflicts = &vrfleak_queue.conflicts,
		.arg = decision,
		.now = vrfleak_budget_now(budget),
	};
	context_begin(&decision->context, target->policy,
		      vrfleak_prefix_af(change->prefix));
	decision->budget = budget;
	decision->place = vrfleak_place_find(target, change->prefix);
	decision->place.may_cache = true;
	decision->change = change;
	offers_init(&decision->offers);
}

/*
 * Count the prefix for the import statement of its leaked or pending route. A
 * route that was not accepted before is not counted until it is.
 */
static void count_update(struct decision *decision)
{
	const struct vrfleak_vrf *target = decision->place.target;
	const struct prefix *prefix = decision->place.prefix;
	uint32_t source = vrfleak_pending_source(target, prefix);
	const struct vrfleak_offered *offered;

	if (!source ||
	    vrfleak_conflict_is_not_accepted(&vrfleak_queue.conflicts,
					     target->index, prefix, source))
		source = vrfleak_rib_installed(decision->place.rn).source;
	offered = offer_get(decision, source);
	vrfleak_route_count_update(target, prefix,
				   offered && offered->kind !=
							   VRFLEAK_OFFER_NONE
					   ? offered->match->import
					   : NULL);
}

static void decision_end(struct decision *decision)
{
	const struct vrfleak_place *place = &decision->place;

	vrfleak_stale_decided(place->target, place->rn);
	if (vrfleak_route_counts_any(place->target,
				     vrfleak_prefix_af(place->prefix)))
		count_update(decision);
	offers_finish(&decision->offers);
}

/* ---- decisions ---- */

/* Up to so many queued sources, evaluating all offers is cheap enough. */
#define QUEUED_FEW 4

/*
 * The maximum number of sources with a queued import scan that take part in the
 * decision. If the prefix keeps its owner, there are none: their scans make
 * them candidates later.
 */
static uint32_t sources_queued(struct decision *decision)
{
	uint32_t queued =
		vrfleak_queue_sources(decision->place.target,
				      vrfleak_prefix_af(decision->place.prefix),
				      NULL, QUEUED_FEW + 1);

	if (queued <= QUEUED_FEW)
		return queued;
	return is_kept(decision) ? 0 : vrfleak_queue_walks();
}

/*
 * Withdraw a leaked route that zebra does not use and has finished processing.
 * Returns its source, or 0. refused is set if the kernel has refused the route.
 */
static uint32_t unused_discard(const struct decision *decision, bool *refused)
{
	struct route_node *rn = decision->place.rn;
	uint32_t source = vrfleak_rib_unused(rn);
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);

	*refused = from && vrfleak_rib_refused(rn, from);
	if (from)
		withdraw(decision, from);
	return source;
}

/*
 * Of the sources with a queued scan, keep those that may be tried before their
 * scan comes to the prefix: not except, and none whose route was not accepted.
 */
static uint32_t queued_eligible(const struct decision *decision,
				uint32_t *sources, uint32_t count,
				uint32_t except)
{
	const struct vrfleak_place *place = &decision->place;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++)
		if (sources[i] != except &&
		    !vrfleak_conflict_is_not_accepted(
			    &vrfleak_queue.conflicts, place->target->index,
			    place->prefix, sources[i]))
			sources[kept++] = sources[i];
	return kept;
}

/*
 * Decide about the changed sources, at most so many queued ones, and the source
 * of an unused route unless it is 0. That source may become the owner again. If
 * the kernel has refused the route, then only if the source has changed since.
 */
static void decide_more(struct decision *decision, uint32_t queued,
			uint32_t unused, bool refused)
{
	const struct vrfleak_place *place = &decision->place;
	const struct vrfleak_change *change = decision->change;
	uint32_t count = change->count, few[SOURCES_FEW], *sources = few;
	bool rejected =
		refused && !sources_have(change->sources, count, unused);

	if (count + queued + 1 > SOURCES_FEW)
		sources = XMALLOC(MTYPE_VRFLEAK_SOURCES,
				  (count + queued + 1) * sizeof(*sources));
	if (count)
		memcpy(sources, change->sources, count * sizeof(*sources));
	if (queued) {
		queued = vrfleak_queue_sources(place->target,
					       vrfleak_prefix_af(place->prefix),
					       sources + count, queued);
		count += queued_eligible(decision, sources + count, queued,
					 rejected ? unused : 0);
	}
	if (unused && !refused)
		sources[count++] = unused;
	if (rejected)
		vrfleak_decide_rejected(&decision->context,
					place->target->index, place->prefix,
					unused, sources, count);
	else
		vrfleak_decide(&decision->context, place->target->index,
			       place->prefix, sources, count);
	if (sources != few)
		XFREE(MTYPE_VRFLEAK_SOURCES, sources);
}

static void decide_now(struct vrfleak_budget *budget,
		       const struct vrfleak_vrf *target,
		       const struct vrfleak_change *change)
{
	struct decision decision;
	uint32_t queued, unused;
	bool refused;

	decision_begin(&decision, budget, target, change);
	queued = change->scanned_too ? sources_queued(&decision) : 0;
	unused = unused_discard(&decision, &refused);
	if (queued || unused)
		decide_more(&decision, queued, unused, refused);
	else
		vrfleak_decide(&decision.context, target->index, change->prefix,
			       change->sources, change->count);
	decision_end(&decision);
}

void vrfleak_leak_rejected(struct vrfleak_budget *budget,
			   const struct vrfleak_vrf *target,
			   const struct prefix *prefix, uint32_t source)
{
	const struct vrfleak_change change = {.prefix = prefix};
	struct decision decision;
	bool refused;

	decision_begin(&decision, budget, target, &change);
	unused_discard(&decision, &refused);
	vrfleak_decide_rejected(&decision.context, target->index, prefix,
				source, NULL, 0);
	decision_end(&decision);
	/* Its reason may be the same as before, without a timer. */
	vrfleak_retry_schedule();
}

void vrfleak_leak_decide(struct vrfleak_budget *budget,
			 const struct vrfleak_vrf *target,
			 const struct vrfleak_change *change)
{
	if (!vrfleak_pending_defer(budget, target, change))
		decide_now(budget, target, change);
}

static void decide_clear(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	const struct vrfleak_change change = {.prefix = prefix};
	struct vrfleak_budget budget;
	struct decision decision;

	vrfleak_budget_begin(&budget);
	decision_begin(&decision, &budget, target, &change);
	vrfleak_decide_clear(&decision.context, target->index, prefix);
	decision_end(&decision);
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end(&budget);
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->policy)
		return;
	vrfleak_held_clear(target, af, prefix);
	if (!prefix)
		vrfleak_queue_target(target, af);
	else if (!vrfleak_pending_source(target, prefix))
		decide_clear(target, prefix);
}

void vrfleak_leak_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
			const struct prefix *prefix)
{
	struct vrfleak_vrf *vrf;

	if (target) {
		target_clear(target, af, prefix);
		return;
	}
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		target_clear(vrf, af, prefix);
}

void vrfleak_leak_init(struct vrfleak_event_loop *loop)
{
	static const struct vrfleak_pending_calls calls = {
		.decide = decide_now,
		.reject = vrfleak_leak_rejected,
	};

	vrfleak_pending_init(loop, &calls);
}

void vrfleak_leak_finish(void)
{
	vrfleak_pending_finish();
}
