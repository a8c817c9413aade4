// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the next hops of a leaked route.
 */
#include <zebra.h>

#include "lib/if.h"
#include "lib/nexthop.h"

#include "zebra_vrfleak/vrfleak_nexthop.h"

/*
 * A connected prefix must reach the router's own address in it too, which its
 * interface does not: the router would ask the wire for itself.
 */
static void nexthop_through_vrf(struct nexthop *nexthop,
				const struct vrfleak_vrf *source)
{
	struct interface *ifp;

	ifp = if_lookup_by_name(source->name, source->vrf_id);
	if (ifp)
		nexthop->ifindex = ifp->ifindex;
}

static struct nexthop *nexthop_make(const struct nexthop *leaf,
				    const struct vrfleak_vrf *source,
				    bool through_vrf)
{
	struct nexthop *nexthop = nexthop_dup_no_recurse(leaf, NULL);

	nexthop->flags &= NEXTHOP_FLAG_ONLINK;
	nexthop->backup_num = 0;
	memset(&nexthop->src, 0, sizeof(nexthop->src));
	memset(&nexthop->rmap_src, 0, sizeof(nexthop->rmap_src));

	if (nexthop->ifindex && nexthop->type == NEXTHOP_TYPE_IPV4)
		nexthop->type = NEXTHOP_TYPE_IPV4_IFINDEX;
	if (nexthop->ifindex && nexthop->type == NEXTHOP_TYPE_IPV6)
		nexthop->type = NEXTHOP_TYPE_IPV6_IFINDEX;

	if (nexthop->type == NEXTHOP_TYPE_IFINDEX && through_vrf)
		nexthop_through_vrf(nexthop, source);
	return nexthop;
}

struct nexthop_group *
vrfleak_nexthops_make(const struct nexthop_group *from,
		      const struct vrfleak_vrf *source, bool through_vrf)
{
	struct nexthop_group *group = nexthop_group_new();
	const struct nexthop *leaf;

	for (ALL_NEXTHOPS_PTR(from, leaf)) {
		if (!CHECK_FLAG(leaf->flags, NEXTHOP_FLAG_ACTIVE) ||
		    CHECK_FLAG(leaf->flags, NEXTHOP_FLAG_RECURSIVE) ||
		    CHECK_FLAG(leaf->flags, NEXTHOP_FLAG_DUPLICATE))
			continue;
		nexthop_group_add_sorted(
			group, nexthop_make(leaf, source, through_vrf));
	}

	if (!group->nexthop)
		nexthop_group_delete(&group);
	return group;
}

bool vrfleak_nexthops_same(const struct nexthop_group *one,
			   const struct nexthop_group *two)
{
	const struct nexthop *a = one->nexthop, *b = two->nexthop;

	while (a && b && nexthop_cmp(a, b) == 0) {
		a = a->next;
		b = b->next;
	}
	return !a && !b;
}
