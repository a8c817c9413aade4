// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the next hops of a leaked route.
 *
 * They are the active next hops of the source's route, in the source's VRF,
 * that the route-maps permit. Weights and labels are kept. A recursive next hop
 * is replaced by the next hops to which it resolves, each in the VRF of its
 * interface. Source addresses and backup next hops are left out, except a
 * source address that a route-map sets.
 *
 * The metric and the tag are those that the route-maps set for the first of
 * these next hops: a route has one of each.
 */
#ifndef _VRFLEAK_RIB_LEAKED_NEXTHOPS_H
#define _VRFLEAK_RIB_LEAKED_NEXTHOPS_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/route_map_set.h"
#include "zebra_vrfleak/rib/vrf.h"

/*
 * Make the next hops of a route that no route-map changes. Returns NULL if
 * there is none. The caller frees them. through_vrf: direct those of type
 * interface through the source's VRF device.
 */
extern struct nexthop_group *
vrfleak_nexthops_make(const struct route_entry *re,
		      const struct vrfleak_vrf *source, bool through_vrf);

enum vrfleak_passed {
	/* All next hops are denied. */
	VRFLEAK_PASSED_NONE = 0,
	/* Some are denied, or have another source address. */
	VRFLEAK_PASSED_CHANGED,
	/* All are permitted, unchanged. */
	VRFLEAK_PASSED_ALL,
};

/*
 * Apply the route-maps of a tag match, if any, to a route's next hops. Sets
 * group to the next hops if they are changed, else to NULL; the caller frees
 * them. Sets attributes to those of the leaked route, unless all are denied.
 */
extern enum vrfleak_passed vrfleak_nexthops_filter(
	const struct prefix *prefix, const struct route_entry *re,
	const struct vrfleak_tag_match *match, const struct vrfleak_vrf *source,
	bool through_vrf, struct nexthop_group **group,
	struct vrfleak_attributes *attributes);

/*
 * Whether a leaked route's next hops are those that were made, in the same
 * order. Changes by zebra are ignored: it may have set the source address of an
 * 'ip protocol' route-map, or marked some next hops as unusable. For a route
 * that replaced another one, zebra may also have kept the older group if it
 * differs only in unusable next hops.
 */
extern bool vrfleak_nexthops_same(const struct nexthop_group *leaked,
				  const struct nexthop_group *made);

#endif /* _VRFLEAK_RIB_LEAKED_NEXTHOPS_H */
