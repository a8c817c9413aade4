// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a source offers to a target, and putting it into the target's
 * RIB.
 */
#ifndef _VRFLEAK_RIB_LEAKED_ROUTE_H
#define _VRFLEAK_RIB_LEAKED_ROUTE_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/rib_view.h"

/*
 * What the source offers the target for a prefix by their source-target pair,
 * and whether the target already has exactly that, in the kernel, too. Sets
 * way to the tag match that lets the route pass, unless there is no offer.
 */
extern enum vrfleak_offer
vrfleak_offer_find(const struct vrfleak_vrf *source,
		   const struct vrfleak_vrf *target,
		   const struct vrfleak_pair *pair, const struct prefix *prefix,
		   const struct vrfleak_tag_match **match);

/*
 * The same by the policy in force. No offer if the policy has no such pair;
 * source and target may be NULL.
 */
extern enum vrfleak_offer vrfleak_offer_by_policy(
	const struct vrfleak_vrf *source, const struct vrfleak_vrf *target,
	const struct prefix *prefix, const struct vrfleak_tag_match **match);

/*
 * Leak the source's route: it is given to zebra, and in the RIB when zebra's
 * queue has come to it. Returns false when there is none to leak.
 */
extern bool vrfleak_offer_install(const struct vrfleak_vrf *source,
				  const struct vrfleak_vrf *target,
				  const struct vrfleak_pair *pair,
				  const struct prefix *prefix);

#endif /* _VRFLEAK_RIB_LEAKED_ROUTE_H */
