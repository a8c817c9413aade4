// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: which VRF the next hops of a route lead to.
 *
 * It is the VRF of the interface that traffic leaves through. A static route
 * with 'nexthop-vrf', or a route that bgpd has imported, leads to another VRF
 * than its own.
 *
 * A next hop with labels or segments leads to a tunnel, not to a VRF. So does
 * the route of an MPLS VPN, whose next hop is in the default VRF.
 */
#ifndef _VRFLEAK_RIB_NEXTHOP_VRF_H
#define _VRFLEAK_RIB_NEXTHOP_VRF_H

#include "zebra_vrfleak/base/compat.h"

/*
 * The VRF of a next hop, or of one to which a recursive next hop resolves.
 * Zebra gives the latter the VRF of the recursive one, but its interface may be
 * in another VRF.
 */
extern vrf_id_t vrfleak_nexthop_vrf(const struct nexthop *leaf);

/* Whether an active next hop of the list leads to the VRF. */
extern bool vrfleak_nexthops_lead_to(const struct nexthop *nexthop,
				     vrf_id_t vrf_id);

/* Whether no next hop of the list is active, except unreachable ones. */
extern bool vrfleak_nexthops_discard(const struct nexthop *nexthop);

/*
 * The VRF of the first active next hop, which may be an unreachable one. It is
 * VRF_UNKNOWN if that leads to a tunnel, or if there is none.
 */
extern vrf_id_t vrfleak_nexthops_vrf(const struct nexthop *nexthop);

#endif /* _VRFLEAK_RIB_NEXTHOP_VRF_H */
