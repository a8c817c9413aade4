// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: evaluates the offer of a source to a target for a prefix, and
 * installs it in the target's RIB.
 */
#ifndef _VRFLEAK_RIB_LEAKED_ROUTE_H
#define _VRFLEAK_RIB_LEAKED_ROUTE_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/rib_view.h"

/*
 * The source's offer to the target for a prefix, by their source-target pair.
 * VRFLEAK_OFFER_SAME if it is already installed unchanged, also in the kernel.
 * Sets match to the tag match that permits the route, unless there is no offer.
 */
extern enum vrfleak_offer
vrfleak_offer_find(const struct vrfleak_vrf *source,
		   const struct vrfleak_vrf *target,
		   const struct vrfleak_pair *pair, const struct prefix *prefix,
		   const struct vrfleak_tag_match **match);

/*
 * The same with the pair of the running policy; no offer if there is none.
 * source and target may be NULL.
 */
extern enum vrfleak_offer vrfleak_offer_by_policy(
	const struct vrfleak_vrf *source, const struct vrfleak_vrf *target,
	const struct prefix *prefix, const struct vrfleak_tag_match **match);

/*
 * Hand the source's route to zebra. It stays pending until zebra has processed
 * its RIB queue. Returns false if there is no route to leak.
 */
extern bool vrfleak_offer_install(const struct vrfleak_vrf *source,
				  const struct vrfleak_vrf *target,
				  const struct vrfleak_pair *pair,
				  const struct prefix *prefix);

#endif /* _VRFLEAK_RIB_LEAKED_ROUTE_H */
