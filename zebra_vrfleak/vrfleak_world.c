// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it: numbers of VRFs become VRFs, the
 * policy says who may offer, the RIB what there is, and what is decided is done
 * and reported.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_report.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_watch.h"
#include "zebra_vrfleak/vrfleak_world.h"

static struct vrfleak_held world_held(uint32_t target,
				      const struct prefix *prefix, void *arg)
{
	return vrfleak_rib_held(vrfleak_vrf_by_number(target), prefix);
}

static enum vrfleak_offer world_offer(uint32_t source, uint32_t target,
				      const struct prefix *prefix,
				      uint32_t *rank, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);
	const struct vrfleak_edge *edge;

	if (!from || !to || !to->node)
		return VRFLEAK_OFFER_NONE;

	edge = vrfleak_policy_source(to->node, vrfleak_prefix_af(prefix),
				     from->name);
	if (!edge)
		return VRFLEAK_OFFER_NONE;

	*rank = edge->rank;
	return vrfleak_rib_offer(from, to, prefix);
}

static void world_install(uint32_t source, uint32_t target,
			  const struct prefix *prefix, void *arg)
{
	const struct vrfleak_vrf *from = vrfleak_vrf_by_number(source);
	const struct vrfleak_vrf *to = vrfleak_vrf_by_number(target);

	VRFLEAK_DEBUG(routes, "%pFX: leak from VRF %s to VRF %s", prefix,
		      from->name, to->name);
	if (!vrfleak_rib_install(from, to, prefix))
		return;
	vrfleak_engine_given(target, prefix, source);
	vrfleak_watch_route(from, prefix);
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
	if (raised && reason == VRFLEAK_NOT_ACCEPTED)
		vrfleak_watch_not_accepted();
	else if (raised && reason == VRFLEAK_NATIVE)
		vrfleak_watch_route(to, prefix);
}

static const struct vrfleak_world world = {
	.held = world_held,
	.offer = world_offer,
	.install = world_install,
	.withdraw = world_withdraw,
	.conflict = world_conflict,
};

struct vrfleak_court *
vrfleak_world_court(struct vrfleak_contests_head *contests)
{
	static struct vrfleak_court court = {
		.world = &world,
	};

	court.contests = contests;
	court.now = monotime(NULL);
	return &court;
}
