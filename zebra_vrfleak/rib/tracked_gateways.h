// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: gateways that only a leaked route leads to.
 *
 * Zebra resolves no next hop by a route of type table, so that a static or BGP
 * route of such a gateway stays inactive (nexthop_active() in
 * zebra/zebra_nhg.c). Staticd and bgpd register their gateways, and bgpd its
 * peers, for next-hop tracking. So the gateways are found in zebra's list of
 * tracked next hops, without a walk of the RIB.
 */
#ifndef _VRFLEAK_RIB_TRACKED_GATEWAYS_H
#define _VRFLEAK_RIB_TRACKED_GATEWAYS_H

#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_gateways {
	/* How many there are; the first one is: */
	uint32_t count;
	struct prefix gateway;
	/* The leaked prefix that it lies in, and its source. */
	struct prefix leaked;
	const struct vrfleak_vrf *source;
};

/*
 * The gateways of a VRF. Examines at most 1,000 tracked next hops.
 */
extern struct vrfleak_gateways
vrfleak_gateways_find(const struct vrfleak_vrf *vrf, enum vrfleak_af af);

#endif /* _VRFLEAK_RIB_TRACKED_GATEWAYS_H */
