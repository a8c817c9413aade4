// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: resolves the offer of a source to a target for a prefix, and
 * installs it in the target's RIB.
 *
 * Resolving an offer finds the source's route, the tag match that permits it
 * and, with route-maps, its next hops. The decision compares the resolved
 * offer, and installs it without resolving it again. So route-maps are applied
 * once for each route and decision.
 */
#ifndef _VRFLEAK_RIB_LEAKED_ROUTE_H
#define _VRFLEAK_RIB_LEAKED_ROUTE_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/route_map_set.h"

/* A prefix in a target VRF, looked up once for all offers. */
struct vrfleak_place {
	const struct vrfleak_vrf *target;
	const struct prefix *prefix;
	/* The target's table for the prefix's family, or NULL. */
	const struct route_table *table;
	/* The prefix's node in this table, or NULL. */
	struct route_node *rn;
	/* Next-hop groups may be cached until the event ends (nhg_cache.h). */
	bool may_cache;
};

struct vrfleak_offered {
	enum vrfleak_offer kind;
	const struct vrfleak_vrf *source;
	/* The prefix's node in the source's table, or NULL. */
	struct route_node *rn;
	/* The source's route. Valid until the event ends. */
	const struct route_entry *re;
	/* The tag match that permits the route. */
	const struct vrfleak_tag_match *match;
	/* The metric and the tag of the leaked route. */
	struct vrfleak_attributes attributes;
	/* Whether the pair has route-maps. */
	bool filtered;
	/* Whether one of them denies or changes some of the next hops. */
	bool changed;
	/* Owned. NULL unless they were needed to resolve the offer. */
	struct nexthop_group *nexthops;
};

/* may_cache is false. Both pointers must stay valid while the place is used. */
extern struct vrfleak_place vrfleak_place_find(const struct vrfleak_vrf *target,
					       const struct prefix *prefix);

/*
 * Resolve the source's offer to the place, by their source-target pair. rn is
 * the prefix's node in the source's table, or NULL. The offer is
 * VRFLEAK_OFFER_SAME if it is already installed unchanged, also in the kernel.
 * Without an offer, only kind, source, rn and filtered are defined. The caller
 * calls vrfleak_offer_release() in any case.
 */
extern enum vrfleak_offer
vrfleak_offer_resolve(struct vrfleak_offered *offered,
		      const struct vrfleak_place *place,
		      const struct vrfleak_vrf *source, struct route_node *rn,
		      const struct vrfleak_pair *pair);
extern void vrfleak_offer_release(struct vrfleak_offered *offered);

/*
 * The tag match by which there is an offer, or NULL if there is none. For show
 * commands. If there is one and attributes is not NULL, it is set to the metric
 * and the tag of the leaked route.
 */
extern const struct vrfleak_tag_match *vrfleak_offer_match(
	const struct vrfleak_vrf *source, const struct vrfleak_vrf *target,
	const struct vrfleak_pair *pair, const struct prefix *prefix,
	struct vrfleak_attributes *attributes);

/*
 * Hand an offer that was resolved for the place in the same event to zebra. It
 * stays pending until zebra has processed its RIB queue. A changed offer can be
 * installed only once. Returns false if zebra refuses the next hops.
 */
extern bool vrfleak_offer_install(struct vrfleak_offered *offered,
				  const struct vrfleak_place *place);

#endif /* _VRFLEAK_RIB_LEAKED_ROUTE_H */
