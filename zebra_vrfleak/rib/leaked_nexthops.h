// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the next hops of a leaked route.
 *
 * They are the source's active ones in the source's VRF: all of a group that
 * the route-maps let pass, with weights and labels, and recursion flattened to
 * its leaves. Source addresses and backups belong to the source and are left
 * out, unless a route-map sets a source address.
 */
#ifndef _VRFLEAK_RIB_LEAKED_NEXTHOPS_H
#define _VRFLEAK_RIB_LEAKED_NEXTHOPS_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

/*
 * Make those of a route; NULL where there is none. The caller frees them.
 * through_vrf: let a directly connected one go through the source's VRF device.
 */
extern struct nexthop_group *
vrfleak_nexthops_make(const struct prefix *prefix, const struct route_entry *re,
		      const struct vrfleak_tag_match *match,
		      const struct vrfleak_vrf *source, bool through_vrf);

/*
 * Whether a leaked route's next hops are those that were made, in the same
 * order. What zebra may have changed since is ignored: it may have set the
 * source address of an 'ip protocol' route-map, or found some next hops not
 * usable. For a route that replaced another, it may also have kept the older
 * group, of which only the unusable next hops differ.
 */
extern bool vrfleak_nexthops_same(const struct nexthop_group *leaked,
				  const struct nexthop_group *made);

#endif /* _VRFLEAK_RIB_LEAKED_NEXTHOPS_H */
