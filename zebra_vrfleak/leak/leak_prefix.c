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
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/retry.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/unstable.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/stale_routes.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak sources");

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_OFFERS, "Route leak offers");

struct source_offer {
	struct vrfleak_vrf *source;
	struct vrfleak_offered offered;
};

/* The state of the current decision. The memory is reused. */
static struct {
	/* Changed sources, and those with a queued import scan. */
	uint32_t *sources;
	uint32_t sources_size;
	/* The offers that the decision has resolved. */
	struct source_offer *offers;
	uint32_t offers_count;
	uint32_t offers_size;
} scratch;

/* ---- RIB operations ---- */

static struct vrfleak_installed
ops_installed(uint32_t target, const struct prefix *prefix, void *arg)
{
	return vrfleak_rib_installed(vrfleak_vrf_by_index(target), prefix);
}

/*
 * The source's offer to target in the current decision, which the first call
 * resolves. Returns NULL if the VRF or the source-target pair does not exist.
 * Valid until the next call.
 */
static struct vrfleak_offered *offer_get(uint32_t source,
					 const struct vrfleak_vrf *target,
					 const struct prefix *prefix)
{
	struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	const struct vrfleak_pair *pair;

	if (!from || !target || !target->policy)
		return NULL;
	if (from->offer)
		return &scratch.offers[from->offer - 1].offered;

	pair = vrfleak_policy_source(target->policy, vrfleak_prefix_af(prefix),
				     from->name);
	if (!pair)
		return NULL;
	if (scratch.offers_count == scratch.offers_size) {
		scratch.offers_size = MAX(8, 2 * scratch.offers_size);
		scratch.offers =
			XREALLOC(MTYPE_VRFLEAK_OFFERS, scratch.offers,
				 scratch.offers_size * sizeof(*scratch.offers));
	}
	scratch.offers[scratch.offers_count].source = from;
	from->offer = ++scratch.offers_count;
	vrfleak_offer_resolve(&scratch.offers[from->offer - 1].offered, from,
			      target, pair, prefix);
	vrfleak_budget_offer();
	return &scratch.offers[from->offer - 1].offered;
}

/* Drop the resolved offers at the end of a decision. */
static void offers_release(void)
{
	for (uint32_t i = 0; i < scratch.offers_count; i++) {
		scratch.offers[i].source->offer = 0;
		vrfleak_offer_release(&scratch.offers[i].offered);
	}
	scratch.offers_count = 0;
}

static enum vrfleak_offer ops_offer(uint32_t source, uint32_t target,
				    const struct prefix *prefix, uint32_t *rank,
				    void *arg)
{
	const struct vrfleak_vrf *to = vrfleak_vrf_by_index(target);
	const struct vrfleak_offered *offered = offer_get(source, to, prefix);

	if (!offered || offered->kind == VRFLEAK_OFFER_NONE)
		return VRFLEAK_OFFER_NONE;
	*rank = offered->match->rank;
	return vrfleak_route_count_allows(to, prefix, offered->match->import)
		       ? offered->kind
		       : VRFLEAK_OFFER_FULL;
}

/* Whether the prefix will keep its owner, or its native route, in target. */
static bool is_kept(const struct vrfleak_vrf *target,
		    const struct prefix *prefix)
{
	struct vrfleak_installed installed =
		vrfleak_rib_installed(target, prefix);
	enum vrfleak_offer offer = VRFLEAK_OFFER_NONE;
	uint32_t rank;

	if (installed.source)
		offer = ops_offer(installed.source, target->index, prefix,
				  &rank, NULL);
	return installed.native || offer == VRFLEAK_OFFER_ROUTE ||
	       offer == VRFLEAK_OFFER_SAME;
}

/*
 * The kernel may have deleted the leaked route, and zebra would not send it a
 * replacement. Withdraw the route, and decide again when zebra has deleted it.
 */
static void lost_withdraw(const struct vrfleak_vrf *from,
			  const struct vrfleak_vrf *to,
			  const struct prefix *prefix,
			  const struct route_entry *lost)
{
	vrfleak_rib_withdraw(from, to, prefix);
	vrfleak_pending_add(to->index, prefix, from->index, lost);
	vrfleak_pending_defer(to, prefix, &from->index, 1);
}

static void ops_install(uint32_t source, uint32_t target,
			const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_index(target);
	const struct route_entry *old;

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, to->name);
	old = vrfleak_rib_leaked(from, to, prefix);
	if (VRFLEAK_HAVE_SKIPPED_REPLACE && old &&
	    vrfleak_link_lost(old, vrfleak_prefix_af(prefix))) {
		lost_withdraw(from, to, prefix, old);
		return;
	}
	/* Not installed, it will be found not accepted. */
	if ((old || !vrfleak_unstable(to, prefix)) &&
	    !vrfleak_offer_install(offer_get(source, to, prefix), from, to,
				   prefix))
		return;
	vrfleak_pending_add(target, prefix, source, old);
	vrfleak_silent_note(from, prefix, vrfleak_rib_node(from, prefix));
}

static void ops_withdraw(uint32_t source, uint32_t target,
			 const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_index(target);

	VRFLEAK_DEBUG(routes,
		      "%pFX: withdraw the route leaked from VRF %s to VRF %s",
		      prefix, from->name, to->name);
	vrfleak_unstable_count(from, to, prefix);
	vrfleak_rib_withdraw(from, to, prefix);
}

static void ops_conflict(uint32_t target, const struct prefix *prefix,
			 uint32_t winner, uint32_t loser,
			 enum vrfleak_reason reason, bool raised, void *arg)
{
	const struct vrfleak_vrf *to = vrfleak_vrf_by_index(target);
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(loser);

	vrfleak_conflict_changed(to, prefix, vrfleak_vrf_by_index(winner), from,
				 reason, raised);
	if (!raised)
		return;
	/* The conflict ends when either of these routes is deleted. */
	vrfleak_silent_note(from, prefix, vrfleak_rib_node(from, prefix));
	if (reason == VRFLEAK_NOT_ACCEPTED)
		vrfleak_retry_schedule();
	else if (reason == VRFLEAK_NATIVE)
		vrfleak_silent_note(to, prefix, vrfleak_rib_node(to, prefix));
}

static const struct vrfleak_rib_ops ops = {
	.installed = ops_installed,
	.offer = ops_offer,
	.install = ops_install,
	.withdraw = ops_withdraw,
	.conflict = ops_conflict,
};

static struct vrfleak_decision_context *decision_context(void)
{
	static struct vrfleak_decision_context context = {
		.ops = &ops,
	};

	context.conflicts = &vrfleak_queue.conflicts;
	context.now = vrfleak_budget_now();
	return &context;
}

/* ---- decisions ---- */

static void sources_reserve(uint32_t size)
{
	if (size <= scratch.sources_size)
		return;
	scratch.sources = XREALLOC(MTYPE_VRFLEAK_SOURCES, scratch.sources,
				   size * sizeof(*scratch.sources));
	scratch.sources_size = size;
}

/* Count the prefix for the import statement of its leaked or pending route. */
static void count_update(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	const struct vrfleak_offered *offered;
	uint32_t source = vrfleak_pending_source(target, prefix);

	if (!source)
		source = vrfleak_rib_installed(target, prefix).source;
	offered = offer_get(source, target, prefix);
	vrfleak_route_count_update(target, prefix,
				   offered && offered->kind !=
							   VRFLEAK_OFFER_NONE
					   ? offered->match->import
					   : NULL);
}

/* Called at the end of each decision. */
static void prefix_decided(const struct vrfleak_vrf *target,
			   const struct prefix *prefix)
{
	vrfleak_stale_decided(target, vrfleak_rib_node(target, prefix));
	if (vrfleak_route_counts_any(target, vrfleak_prefix_af(prefix)))
		count_update(target, prefix);
	offers_release();
}

/* Up to so many queued sources, evaluating all offers is cheap enough. */
#define QUEUED_FEW 4

/*
 * The maximum number of sources with a queued import scan that take part in the
 * decision. If the prefix keeps its owner, there are none: their scans make
 * them candidates later.
 */
static uint32_t sources_queued(const struct vrfleak_vrf *target,
			       const struct prefix *prefix)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	uint32_t queued =
		vrfleak_queue_sources(target, af, NULL, QUEUED_FEW + 1);

	if (queued <= QUEUED_FEW)
		return queued;
	return is_kept(target, prefix) ? 0 : vrfleak_queue_walks();
}

/*
 * Withdraw a leaked route that zebra does not use and has finished processing.
 * Returns its source, which may become the owner again, or 0.
 */
static uint32_t unused_discard(const struct vrfleak_vrf *target,
			       const struct prefix *prefix)
{
	uint32_t source = vrfleak_rib_unused(target, prefix);

	if (source)
		vrfleak_rib_withdraw(vrfleak_vrf_by_index(source), target,
				     prefix);
	return source;
}

static void decide_now(const struct vrfleak_vrf *target,
		       const struct prefix *prefix, const uint32_t *sources,
		       uint32_t count, bool scanned_too)
{
	uint32_t queued = scanned_too ? sources_queued(target, prefix) : 0;
	uint32_t unused = unused_discard(target, prefix);

	if (queued || unused) {
		sources_reserve(count + queued + 1);
		if (count)
			memcpy(scratch.sources, sources,
			       count * sizeof(*sources));
		if (unused)
			scratch.sources[count++] = unused;
		if (queued)
			queued = vrfleak_queue_sources(
				target, vrfleak_prefix_af(prefix),
				scratch.sources + count, queued);
		sources = scratch.sources;
	}
	vrfleak_decide(decision_context(), target->index, prefix, sources,
		       count + queued);
	prefix_decided(target, prefix);
}

void vrfleak_leak_rejected(const struct vrfleak_vrf *target,
			   const struct prefix *prefix, uint32_t source)
{
	unused_discard(target, prefix);
	vrfleak_decide_rejected(decision_context(), target->index, prefix,
				source);
	prefix_decided(target, prefix);
}

void vrfleak_leak_decide_at(const struct vrfleak_vrf *target,
			    const struct prefix *prefix,
			    const struct vrfleak_vrf *source,
			    struct route_node *rn, const uint32_t *sources,
			    uint32_t count, bool scanned_too)
{
	if (vrfleak_pending_defer(target, prefix, sources, count))
		return;
	vrfleak_rib_lookup_begin(prefix, target, source, rn);
	decide_now(target, prefix, sources, count, scanned_too);
	vrfleak_rib_lookup_end();
}

void vrfleak_leak_decide(const struct vrfleak_vrf *target,
			 const struct prefix *prefix, const uint32_t *sources,
			 uint32_t count, bool scanned_too)
{
	vrfleak_leak_decide_at(target, prefix, NULL, NULL, sources, count,
			       scanned_too);
}

static void decide_clear(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	vrfleak_rib_lookup_begin(prefix, target, NULL, NULL);
	vrfleak_decide_clear(decision_context(), target->index, prefix);
	prefix_decided(target, prefix);
	vrfleak_rib_lookup_end();
	vrfleak_nhgs_invalidate();
	vrfleak_budget_end();
}

static void target_clear(const struct vrfleak_vrf *target, enum vrfleak_af af,
			 const struct prefix *prefix)
{
	if (!target->policy)
		return;
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
	XFREE(MTYPE_VRFLEAK_SOURCES, scratch.sources);
	XFREE(MTYPE_VRFLEAK_OFFERS, scratch.offers);
	scratch.offers_size = 0;
	scratch.sources_size = 0;
}
