// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a source offers to a target, and leaking it.
 *
 * An offer is resolved once: the source's route, the tag match that permits it
 * and, with route-maps, its next hops. What was resolved is compared by the
 * decision and then installed as it is, so that route-maps run once per route
 * and decision.
 */
#ifndef _VRFLEAK_RIB_LEAKED_ROUTE_H
#define _VRFLEAK_RIB_LEAKED_ROUTE_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/rib_view.h"

struct vrfleak_offered {
	enum vrfleak_offer kind;
	/* The source's route: valid until the event loop goes on. */
	const struct route_entry *re;
	/* The tag match that lets the route pass. */
	const struct vrfleak_tag_match *match;
	/* Whether the pair has route-maps. */
	bool filtered;
	/* Made when they were needed to resolve the offer, or NULL. Owned. */
	struct nexthop_group *nexthops;
};

/*
 * What the source offers the target for a prefix by their source-target pair,
 * and whether the target already has exactly that, in the kernel, too. All
 * members but kind are undefined if there is no offer. Free with
 * vrfleak_offer_release() in any case.
 */
extern enum vrfleak_offer vrfleak_offer_resolve(
	struct vrfleak_offered *offered, const struct vrfleak_vrf *source,
	const struct vrfleak_vrf *target, const struct vrfleak_pair *pair,
	const struct prefix *prefix);
extern void vrfleak_offer_release(struct vrfleak_offered *offered);

/* Whether there is an offer, for those who only show it. */
extern bool vrfleak_offer_exists(const struct vrfleak_vrf *source,
				 const struct vrfleak_vrf *target,
				 const struct vrfleak_pair *pair,
				 const struct prefix *prefix);

/*
 * Leak an offer that was resolved before, in the same event: hand it to zebra.
 * It is pending until zebra has processed its queue. A filtered offer can be
 * installed once. Returns false if zebra refuses the next hops.
 */
extern bool vrfleak_offer_install(struct vrfleak_offered *offered,
				  const struct vrfleak_vrf *source,
				  const struct vrfleak_vrf *target,
				  const struct prefix *prefix);

#endif /* _VRFLEAK_RIB_LEAKED_ROUTE_H */
