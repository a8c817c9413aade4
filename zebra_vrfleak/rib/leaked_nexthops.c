// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the next hops of a leaked route, see the header.
 */
#include <zebra.h>

#include "lib/if.h"
#include "lib/nexthop.h"

#include "zebra_vrfleak/rib/leaked_nexthops.h"
#include "zebra_vrfleak/rib/nexthop_vrf.h"
#include "zebra_vrfleak/rib/route_map.h"

struct maker {
	const struct prefix *prefix;
	const struct route_entry *re;
	const struct vrfleak_tag_match *match;
	const struct vrfleak_vrf *source;
	bool through_vrf;
	struct nexthop_group *group;
};

/*
 * Through the VRF device, traffic also reaches the router's own address.
 * Through the interface itself it would not: the router would send an ARP
 * request or neighbour solicitation for its own address.
 */
static void nexthop_through_vrf(struct nexthop *nexthop,
				const struct vrfleak_vrf *source)
{
	struct interface *ifp;

	ifp = if_lookup_by_name(source->name, source->vrf_id);
	if (ifp)
		nexthop->ifindex = ifp->ifindex;
}

/*
 * Whether the route-maps permit a next hop. Sets src to their 'set src', or 0,
 * and attributes to what they make of the route's.
 */
static bool nexthop_passes(const struct maker *maker,
			   const struct nexthop *nexthop, union g_addr *src,
			   struct vrfleak_attributes *attributes)
{
	/* 'set' clauses of zebra change nothing but rmap_src. */
	struct nexthop copy = *nexthop;
	bool passes;

	copy.next = copy.prev = copy.resolved = NULL;
	memset(&copy.rmap_src, 0, sizeof(copy.rmap_src));
	*attributes = vrfleak_entry_attributes(maker->re);
	passes = vrfleak_route_maps_permit(maker->match, maker->re,
					   maker->prefix, &copy, attributes);
	*src = copy.rmap_src;
	return passes;
}

static struct nexthop *nexthop_make(const struct maker *maker,
				    const struct nexthop *leaf,
				    const union g_addr *src)
{
	struct nexthop *nexthop = nexthop_dup_no_recurse(leaf, NULL);

	nexthop->flags &= NEXTHOP_FLAG_ONLINK;
	nexthop->backup_num = 0;
	nexthop->src = *src;
	memset(&nexthop->rmap_src, 0, sizeof(nexthop->rmap_src));

	if (nexthop->ifindex && nexthop->type == NEXTHOP_TYPE_IPV4)
		nexthop->type = NEXTHOP_TYPE_IPV4_IFINDEX;
	if (nexthop->ifindex && nexthop->type == NEXTHOP_TYPE_IPV6)
		nexthop->type = NEXTHOP_TYPE_IPV6_IFINDEX;

	/* For the leaked route, zebra looks the gateway up in that VRF. */
	nexthop->vrf_id = vrfleak_nexthop_vrf(leaf);
	if (nexthop->type == NEXTHOP_TYPE_IFINDEX && maker->through_vrf)
		nexthop_through_vrf(nexthop, maker->source);
	return nexthop;
}

/*
 * Whether a next hop can be beside the first one. The kernel accepts no group
 * with an unreachable one or a blackhole. For the source's route it has the
 * kind of the first next hop, and one kind of unreachable.
 */
static bool fits(const struct nexthop *first, const struct nexthop *leaf)
{
	return first->type != NEXTHOP_TYPE_BLACKHOLE &&
	       leaf->type != NEXTHOP_TYPE_BLACKHOLE;
}

static bool group_has(const struct nexthop_group *group,
		      const struct nexthop *wanted)
{
	const struct nexthop *nexthop;

	for (nexthop = group->nexthop; nexthop; nexthop = nexthop->next)
		if (nexthop_cmp(nexthop, wanted) == 0)
			return true;
	return false;
}

/*
 * Add a next hop to the leaked ones, unless it is there already, or does not
 * fit to the first. Zebra's NEXTHOP_FLAG_DUPLICATE cannot be used for this:
 * the first of two that resolve to the same leaf may be denied.
 */
static void leaf_add(const struct maker *maker, const struct nexthop *leaf,
		     const union g_addr *src)
{
	const struct nexthop *first = maker->group->nexthop;
	struct nexthop *nexthop;

	if (first && !fits(first, leaf))
		return;
	nexthop = nexthop_make(maker, leaf, src);
	if (group_has(maker->group, nexthop))
		nexthop_free(nexthop);
	else
		nexthop_group_add_sorted(maker->group, nexthop);
}

/* Add a next hop, or the leaves that it resolves to. */
static void nexthop_add(const struct maker *maker,
			const struct nexthop *nexthop, const union g_addr *src)
{
	const struct nexthop *resolved;

	if (CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_RECURSIVE)) {
		for (resolved = nexthop->resolved; resolved;
		     resolved = resolved->next)
			nexthop_add(maker, resolved, src);
		return;
	}
	if (CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_ACTIVE))
		leaf_add(maker, nexthop, src);
}

/* Whether a leaked route has any of a next hop's leaves. */
static bool nexthop_counts(const struct nexthop *nexthop)
{
	const struct nexthop *resolved;

	if (!CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_RECURSIVE))
		return CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_ACTIVE);
	for (resolved = nexthop->resolved; resolved; resolved = resolved->next)
		if (nexthop_counts(resolved))
			return true;
	return false;
}

static const union g_addr no_src;

/* Add the next hops before end (NULL: all), as they are. */
static void nexthops_add(const struct maker *maker, const struct nexthop *end)
{
	const struct nexthop *nexthop = maker->re->nhe->nhg.nexthop;

	for (; nexthop != end; nexthop = nexthop->next)
		nexthop_add(maker, nexthop, &no_src);
}

/*
 * Apply the route-maps to each next hop. The group is made only once one of
 * them is denied or changed; then those before it are added first.
 */
static enum vrfleak_passed
nexthops_filter(struct maker *maker, struct vrfleak_attributes *attributes)
{
	const struct nexthop *nexthop = maker->re->nhe->nhg.nexthop;
	struct vrfleak_attributes set;
	bool passes, any = false;
	union g_addr src;

	for (; nexthop; nexthop = nexthop->next) {
		if (!nexthop_counts(nexthop))
			continue;
		passes = nexthop_passes(maker, nexthop, &src, &set);
		if (passes && !any)
			*attributes = set;
		if (!maker->group &&
		    (!passes || memcmp(&src, &no_src, sizeof(src)) != 0)) {
			maker->group = nexthop_group_new();
			if (any)
				nexthops_add(maker, nexthop);
		}
		any = any || passes;
		if (passes && maker->group)
			nexthop_add(maker, nexthop, &src);
	}
	if (!any)
		return VRFLEAK_PASSED_NONE;
	return maker->group ? VRFLEAK_PASSED_CHANGED : VRFLEAK_PASSED_ALL;
}

struct nexthop_group *vrfleak_nexthops_make(const struct route_entry *re,
					    const struct vrfleak_vrf *source,
					    bool through_vrf)
{
	const struct maker maker = {
		.re = re,
		.source = source,
		.through_vrf = through_vrf,
		.group = nexthop_group_new(),
	};
	struct nexthop_group *group = maker.group;

	nexthops_add(&maker, NULL);
	if (!group->nexthop)
		nexthop_group_delete(&group);
	return group;
}

enum vrfleak_passed vrfleak_nexthops_filter(
	const struct prefix *prefix, const struct route_entry *re,
	const struct vrfleak_tag_match *match, const struct vrfleak_vrf *source,
	bool through_vrf, struct nexthop_group **group,
	struct vrfleak_attributes *attributes)
{
	struct maker maker = {
		.prefix = prefix,
		.re = re,
		.match = match,
		.source = source,
		.through_vrf = through_vrf,
	};
	enum vrfleak_passed passed = VRFLEAK_PASSED_ALL;

	if (match->export->map || match->import->map)
		passed = nexthops_filter(&maker, attributes);
	else
		*attributes = vrfleak_entry_attributes(re);
	if (passed != VRFLEAK_PASSED_CHANGED && maker.group)
		nexthop_group_delete(&maker.group);
	*group = maker.group;
	return passed;
}

/* Compare without the source address that zebra's 'ip protocol' has set. */
static bool nexthop_is(const struct nexthop *leaked, const struct nexthop *made)
{
	struct nexthop installed = *leaked;

	installed.rmap_src = made->rmap_src;
	return nexthop_cmp(&installed, made) == 0;
}

bool vrfleak_nexthops_same(const struct nexthop_group *leaked,
			   const struct nexthop_group *made)
{
	const struct nexthop *a, *b = made->nexthop;

	for (a = leaked->nexthop; a; a = a->next) {
		if (b && nexthop_is(a, b))
			b = b->next;
		else if (CHECK_FLAG(a->flags, NEXTHOP_FLAG_ACTIVE))
			return false;
	}
	return !b;
}
