// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it: numbers of VRFs become VRFs, the
 * policy says who may offer, the RIB what there is, and what is decided is done
 * and reported.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/core/prefix_limit.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/leak/rib_ops.h"

static struct vrfleak_limits limits;

static struct vrfleak_installed
ops_installed(uint32_t target, const struct prefix *prefix, void *arg)
{
	return vrfleak_rib_installed(vrfleak_vrf_by_index(target), prefix);
}

/* What source offers target, and the way; no offer where there is no edge. */
static enum vrfleak_offer pair_offer(const struct vrfleak_vrf *from,
				     const struct vrfleak_vrf *to,
				     const struct prefix *prefix,
				     const struct vrfleak_tag_match **match)
{
	const struct vrfleak_pair *pair;

	if (!from || !to || !to->policy)
		return VRFLEAK_OFFER_NONE;

	pair = vrfleak_policy_source(to->policy, vrfleak_prefix_af(prefix),
				     from->name);
	return pair ? vrfleak_offer_find(from, to, pair, prefix, match)
		    : VRFLEAK_OFFER_NONE;
}

static enum vrfleak_offer ops_offer(uint32_t source, uint32_t target,
				    const struct prefix *prefix, uint32_t *rank,
				    void *arg)
{
	const struct vrfleak_tag_match *match;
	enum vrfleak_offer offer =
		pair_offer(vrfleak_vrf_by_index(source),
			   vrfleak_vrf_by_index(target), prefix, &match);

	vrfleak_budget_offer();
	if (offer == VRFLEAK_OFFER_NONE)
		return offer;
	*rank = match->rank;
	return vrfleak_limits_headroom(&limits, target, prefix, match->import)
		       ? offer
		       : VRFLEAK_OFFER_FULL;
}

bool vrfleak_rib_ops_keeps(const struct vrfleak_vrf *target,
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
 * The kernel may have lost the leaked route, and zebra would not send it a
 * replacement: withdraw the route, and decide again when it is gone.
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
	const struct vrfleak_pair *pair = vrfleak_policy_source(
		to->policy, vrfleak_prefix_af(prefix), from->name);
	const struct route_entry *old;

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, to->name);
	old = vrfleak_rib_leaked(from, to, prefix);
	if (VRFLEAK_HAVE_SKIPPED_REPLACE && old &&
	    vrfleak_link_lost(old, vrfleak_prefix_af(prefix))) {
		lost_withdraw(from, to, prefix, old);
		return;
	}
	if (!vrfleak_offer_install(from, to, pair, prefix))
		return;
	vrfleak_pending_add(target, prefix, source, old);
	vrfleak_silent_note(from, prefix, vrfleak_rib_node(from, prefix));
}

static void ops_withdraw(uint32_t source, uint32_t target,
			 const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_index(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_index(target);

	VRFLEAK_DEBUG(routes, "%pFX: withdraw what VRF %s leaked to VRF %s",
		      prefix, from->name, to->name);
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
		vrfleak_watch_not_accepted();
	else if (reason == VRFLEAK_NATIVE)
		vrfleak_silent_note(to, prefix, vrfleak_rib_node(to, prefix));
}

/* ---- limits ---- */

bool vrfleak_route_counts_any(const struct vrfleak_vrf *target,
			      enum vrfleak_af af)
{
	return (target->policy && target->policy->limited[af]) ||
	       vrfleak_limits_any(&limits, target->index, af);
}

void vrfleak_route_count_update(const struct vrfleak_vrf *target,
				const struct prefix *prefix, uint32_t source)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	const struct vrfleak_statement *statement = NULL;
	const struct vrfleak_tag_match *match;
	unsigned int events;

	if (pair_offer(vrfleak_vrf_by_index(source), target, prefix, &match) !=
		    VRFLEAK_OFFER_NONE &&
	    match->import->limit.max)
		statement = match->import;
	events = vrfleak_limits_assign(&limits, target->index, prefix,
				       statement);
	if (statement)
		vrfleak_limit_log(target, af, statement,
				  vrfleak_route_count(target, af, statement),
				  events);
	if (CHECK_FLAG(events, VRFLEAK_LIMIT_HEADROOM))
		vrfleak_walk_headroom(target, af);
}

uint32_t vrfleak_route_count(const struct vrfleak_vrf *target,
			     enum vrfleak_af af,
			     const struct vrfleak_statement *statement)
{
	return vrfleak_limits_count(&limits, target->index, af, statement->tag);
}

bool vrfleak_route_count_headroom(const struct vrfleak_vrf *target,
				  enum vrfleak_af af)
{
	const struct vrfleak_statements *imports;

	if (!target->policy)
		return false;
	imports = &target->policy->imports[af];
	for (uint32_t i = 0; i < imports->count; i++)
		if (imports->statement[i].limit.max &&
		    vrfleak_route_count(target, af, &imports->statement[i]) <
			    imports->statement[i].limit.max)
			return true;
	return false;
}

void vrfleak_route_count_forget(const struct vrfleak_vrf *target)
{
	vrfleak_limits_forget(&limits, target->index);
}

void vrfleak_rib_ops_init(void)
{
	vrfleak_limits_init(&limits);
}

void vrfleak_rib_ops_finish(void)
{
	vrfleak_limits_finish(&limits);
}

static const struct vrfleak_rib_ops ops = {
	.installed = ops_installed,
	.offer = ops_offer,
	.install = ops_install,
	.withdraw = ops_withdraw,
	.conflict = ops_conflict,
};

struct vrfleak_decision_context *
vrfleak_rib_ops_context(struct vrfleak_conflict_table *conflicts)
{
	static struct vrfleak_decision_context context = {
		.ops = &ops,
	};

	context.conflicts = conflicts;
	context.now = vrfleak_budget_now();
	return &context;
}
