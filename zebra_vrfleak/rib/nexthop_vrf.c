// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: which VRF the next hops of a route lead to, see the header.
 */
#include <zebra.h>

#include "lib/if.h"
#include "lib/nexthop.h"

#include "zebra_vrfleak/rib/nexthop_vrf.h"

static vrf_id_t interface_vrf(const struct nexthop *leaf)
{
	const struct interface *ifp =
		leaf->ifindex ? if_lookup_by_index(leaf->ifindex, leaf->vrf_id)
			      : NULL;

	return ifp ? ifp->vrf->vrf_id : leaf->vrf_id;
}

vrf_id_t vrfleak_nexthop_vrf(const struct nexthop *leaf)
{
	return leaf->rparent ? interface_vrf(leaf) : leaf->vrf_id;
}

static bool is_recursive(const struct nexthop *nexthop)
{
	return CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_RECURSIVE);
}

static bool is_tunnel(const struct nexthop *nexthop)
{
	return nexthop->nh_label || nexthop->nh_srv6;
}

/*
 * A kernel route that zebra has read before it knew the VRF can have a next hop
 * in the default VRF, though its interface is in the VRF by now.
 */
static bool leaf_leads_to(const struct nexthop *leaf, vrf_id_t vrf_id)
{
	return CHECK_FLAG(leaf->flags, NEXTHOP_FLAG_ACTIVE) &&
	       leaf->type != NEXTHOP_TYPE_BLACKHOLE && !is_tunnel(leaf) &&
	       vrfleak_nexthop_vrf(leaf) == vrf_id &&
	       interface_vrf(leaf) == vrf_id;
}

bool vrfleak_nexthops_lead_to(const struct nexthop *nexthop, vrf_id_t vrf_id)
{
	for (; nexthop; nexthop = nexthop->next)
		if (is_recursive(nexthop) ? vrfleak_nexthops_lead_to(
						    nexthop->resolved, vrf_id)
					  : leaf_leads_to(nexthop, vrf_id))
			return true;
	return false;
}

/* The first active leaf, or NULL. */
static const struct nexthop *leaf_first(const struct nexthop *nexthop)
{
	const struct nexthop *leaf;

	for (; nexthop; nexthop = nexthop->next) {
		leaf = is_recursive(nexthop) ? leaf_first(nexthop->resolved)
					     : nexthop;
		if (leaf && CHECK_FLAG(leaf->flags, NEXTHOP_FLAG_ACTIVE))
			return leaf;
	}
	return NULL;
}

bool vrfleak_nexthops_discard(const struct nexthop *nexthop)
{
	const struct nexthop *leaf = leaf_first(nexthop);

	return !leaf || leaf->type == NEXTHOP_TYPE_BLACKHOLE;
}

vrf_id_t vrfleak_nexthops_vrf(const struct nexthop *nexthop)
{
	const struct nexthop *leaf = leaf_first(nexthop);

	return leaf && !is_tunnel(leaf) ? vrfleak_nexthop_vrf(leaf)
					: VRF_UNKNOWN;
}
