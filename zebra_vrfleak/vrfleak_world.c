// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it: numbers of VRFs become VRFs, the
 * policy says who may offer, the RIB what there is, and what is decided is done
 * and reported.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_limit.h"
#include "zebra_vrfleak/vrfleak_link.h"
#include "zebra_vrfleak/vrfleak_report.h"
#include "zebra_vrfleak/vrfleak_offer.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_watch.h"
#include "zebra_vrfleak/vrfleak_world.h"

static struct vrfleak_limits limits;

static struct vrfleak_held world_held(uint32_t target,
				      const struct prefix *prefix, void *arg)
{
	return vrfleak_rib_held(vrfleak_vrf_by_number(target), prefix);
}

/* What source offers target, and the way; no offer where there is no edge. */
static enum vrfleak_offer edge_offer(const struct vrfleak_vrf *from,
				     const struct vrfleak_vrf *to,
				     const struct prefix *prefix,
				     const struct vrfleak_way **way)
{
	const struct vrfleak_edge *edge;

	if (!from || !to || !to->node)
		return VRFLEAK_OFFER_NONE;

	edge = vrfleak_policy_source(to->node, vrfleak_prefix_af(prefix),
				     from->name);
	return edge ? vrfleak_offer_find(from, to, edge, prefix, way)
		    : VRFLEAK_OFFER_NONE;
}

static enum vrfleak_offer world_offer(uint32_t source, uint32_t target,
				      const struct prefix *prefix,
				      uint32_t *rank, void *arg)
{
	const struct vrfleak_way *way;
	enum vrfleak_offer offer =
		edge_offer(vrfleak_vrf_by_number(source),
			   vrfleak_vrf_by_number(target), prefix, &way);

	vrfleak_slice_offer();
	if (offer == VRFLEAK_OFFER_NONE)
		return offer;
	*rank = way->rank;
	return vrfleak_limits_room(&limits, target, prefix, way->import)
		       ? offer
		       : VRFLEAK_OFFER_FULL;
}

bool vrfleak_world_keeps(const struct vrfleak_vrf *target,
			 const struct prefix *prefix)
{
	struct vrfleak_held held = vrfleak_rib_held(target, prefix);
	enum vrfleak_offer offer = VRFLEAK_OFFER_NONE;
	uint32_t rank;

	if (held.source)
		offer = world_offer(held.source, target->number, prefix, &rank,
				    NULL);
	return held.native || offer == VRFLEAK_OFFER_ROUTE ||
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
	vrfleak_given_add(to->number, prefix, from->number, lost);
	vrfleak_given_defer(to, prefix, &from->number, 1);
}

static void world_install(uint32_t source, uint32_t target,
			  const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);
	const struct vrfleak_edge *edge = vrfleak_policy_source(
		to->node, vrfleak_prefix_af(prefix), from->name);
	const struct route_entry *old;

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, to->name);
	old = vrfleak_rib_leaked(from, to, prefix);
	if (VRFLEAK_HAVE_SKIPPED_REPLACE && old &&
	    vrfleak_link_lost(old, vrfleak_prefix_af(prefix))) {
		lost_withdraw(from, to, prefix, old);
		return;
	}
	if (!vrfleak_offer_install(from, to, edge, prefix))
		return;
	vrfleak_given_add(target, prefix, source, old);
	vrfleak_system_note(from, prefix, vrfleak_rib_node(from, prefix));
}

static void world_withdraw(uint32_t source, uint32_t target,
			   const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);

	VRFLEAK_DEBUG(routes, "%pFX: withdraw what VRF %s leaked to VRF %s",
		      prefix, from->name, to->name);
	vrfleak_rib_withdraw(from, to, prefix);
}

static void world_conflict(uint32_t target, const struct prefix *prefix,
			   uint32_t winner, uint32_t loser,
			   enum vrfleak_reason reason, bool raised, void *arg)
{
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(loser);

	vrfleak_report_conflict(to, prefix, vrfleak_vrf_by_number(winner),
				from, reason, raised);
	if (!raised)
		return;
	/* The conflict ends when either of these routes is deleted. */
	vrfleak_system_note(from, prefix, vrfleak_rib_node(from, prefix));
	if (reason == VRFLEAK_NOT_ACCEPTED)
		vrfleak_watch_not_accepted();
	else if (reason == VRFLEAK_NATIVE)
		vrfleak_system_note(to, prefix, vrfleak_rib_node(to, prefix));
}

/* ---- limits ---- */

bool vrfleak_world_counts(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	return (target->node && target->node->limited[af]) ||
	       vrfleak_limits_charged(&limits, target->number, af);
}

void vrfleak_world_settled(const struct vrfleak_vrf *target,
			   const struct prefix *prefix, uint32_t source)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	const struct vrfleak_line *line = NULL;
	const struct vrfleak_way *way;
	unsigned int events;

	if (edge_offer(vrfleak_vrf_by_number(source), target, prefix, &way) !=
		    VRFLEAK_OFFER_NONE &&
	    way->import->limit.max)
		line = way->import;
	events = vrfleak_limits_charge(&limits, target->number, prefix, line);
	if (line)
		vrfleak_report_limit(target, af, line,
				     vrfleak_world_charged(target, af, line),
				     events);
	if (CHECK_FLAG(events, VRFLEAK_LIMIT_ROOM))
		vrfleak_walk_room(target, af);
}

uint32_t vrfleak_world_charged(const struct vrfleak_vrf *target,
			       enum vrfleak_af af,
			       const struct vrfleak_line *line)
{
	return vrfleak_limits_count(&limits, target->number, af, line->tag);
}

bool vrfleak_world_has_room(const struct vrfleak_vrf *target,
			    enum vrfleak_af af)
{
	const struct vrfleak_lines *imports;

	if (!target->node)
		return false;
	imports = &target->node->imports[af];
	for (uint32_t i = 0; i < imports->count; i++)
		if (imports->line[i].limit.max &&
		    vrfleak_world_charged(target, af, &imports->line[i]) <
			    imports->line[i].limit.max)
			return true;
	return false;
}

void vrfleak_world_forget(const struct vrfleak_vrf *target)
{
	vrfleak_limits_forget(&limits, target->number);
}

void vrfleak_world_init(void)
{
	vrfleak_limits_init(&limits);
}

void vrfleak_world_finish(void)
{
	vrfleak_limits_finish(&limits);
}

static const struct vrfleak_world world = {
	.held = world_held,
	.offer = world_offer,
	.install = world_install,
	.withdraw = world_withdraw,
	.conflict = world_conflict,
};

struct vrfleak_court *
vrfleak_world_court(struct vrfleak_contests *contests)
{
	static struct vrfleak_court court = {
		.world = &world,
	};

	court.contests = contests;
	court.now = vrfleak_slice_now();
	return &court;
}
