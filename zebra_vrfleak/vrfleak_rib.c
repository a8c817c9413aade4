// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra's RIB.
 *
 * Reading: an entry that zebra has marked as removed is not there. A native
 * route is active if zebra could select it: it has an active next hop and a
 * distance below 255 (rib_process() in zebra/zebra_rib.c).
 *
 * Writing: a route is added by way of zebra's queue, and is not to be seen in
 * the RIB before its turn has come; it is deleted by marking its entry, which
 * is seen at once.
 *
 * Never leaked: IPv6 link-local and all multicast prefixes, source-specific
 * routes, leaked routes, and whatever is not in a VRF's own table.
 */
#include <zebra.h>

#include "lib/srcdest_table.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/vrfleak_nexthop.h"
#include "zebra_vrfleak/vrfleak_rib.h"

static afi_t af_afi(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? AFI_IP : AFI_IP6;
}

struct route_table *vrfleak_rib_table(const struct vrfleak_vrf *vrf,
				      enum vrfleak_af af)
{
	if (!vrfleak_vrf_bound(vrf))
		return NULL;
	return zebra_vrf_table(af_afi(af), SAFI_UNICAST, vrf->vrf_id);
}

struct vrfleak_vrf *vrfleak_rib_node_vrf(struct route_node *rn)
{
	struct rib_table_info *info = srcdest_rnode_table_info(rn);
	struct vrfleak_vrf *vrf;

	if (!info || info->safi != SAFI_UNICAST || rnode_is_srcnode(rn))
		return NULL;

	vrf = vrfleak_vrf_by_id(zvrf_id(info->zvrf));
	if (!vrf || info->table_id != vrf->table_id)
		return NULL;
	return vrf;
}

static struct vrfleak_vrf *entry_source(const struct route_entry *re)
{
	if (re->type != ZEBRA_ROUTE_TABLE)
		return NULL;
	return vrfleak_vrf_by_instance(re->instance);
}

uint32_t vrfleak_rib_node_lost(struct route_node *rn)
{
	struct vrfleak_vrf *source;
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		source = entry_source(re);
		if (source && CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			return source->number;
	}
	return 0;
}

/* The prefix's node in the VRF, locked, or NULL. */
static struct route_node *node_lookup(const struct vrfleak_vrf *vrf,
				      const struct prefix *prefix)
{
	struct route_table *table =
		vrfleak_rib_table(vrf, vrfleak_prefix_af(prefix));

	return table ? route_node_lookup(table, prefix) : NULL;
}

bool vrfleak_rib_leakable(const struct prefix *prefix)
{
	if (prefix->family == AF_INET)
		return !IN_MULTICAST(ntohl(prefix->u.prefix4.s_addr));
	return !IN6_IS_ADDR_LINKLOCAL(&prefix->u.prefix6) &&
	       !IN6_IS_ADDR_MULTICAST(&prefix->u.prefix6);
}

static bool entry_is_guard(const struct route_entry *re)
{
	if (re->distance == DISTANCE_INFINITY)
		return true;
	return CHECK_FLAG(re->flags, ZEBRA_FLAG_SELFROUTE) &&
	       re->uptime <= zrouter.startup_time;
}

static bool entry_is_native(const struct route_entry *re)
{
	return !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
	       !entry_source(re) && !entry_is_guard(re) &&
	       nexthop_group_active_nexthop_num(&re->nhe->nhg) > 0;
}

/* The selected one where there are several. */
static struct route_entry *node_native(struct route_node *rn)
{
	struct route_entry *re, *native = NULL;

	RNODE_FOREACH_RE (rn, re)
		if (entry_is_native(re) &&
		    (!native || CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED)))
			native = re;
	return native;
}

static struct route_entry *node_leaked(struct route_node *rn,
				       const struct vrfleak_vrf *source)
{
	struct vrfleak_vrf *from;
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		if (CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			continue;
		from = entry_source(re);
		if (from && (!source || from == source))
			return re;
	}
	return NULL;
}

/* The route that a VRF may leak from a node, or NULL. */
static struct route_entry *node_offer(struct route_node *rn)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED))
			return entry_is_native(re) ? re : NULL;
	return NULL;
}

/* Whether a leaked route of the entry goes through the source's VRF device. */
static bool entry_through_vrf(const struct route_entry *re,
			      const struct vrfleak_vrf *source)
{
	int type = VRFLEAK_HAVE_LOCAL_ROUTES ? ZEBRA_ROUTE_LOCAL
					     : ZEBRA_ROUTE_CONNECT;

	return re->type == type && source->vrf_id != VRF_DEFAULT;
}

/*
 * The same, for a source: what would go through a VRF device that is down is
 * not offered, as the kernel drops such routes and says nothing.
 */
static struct route_entry *source_offer(const struct vrfleak_vrf *source,
					struct route_node *rn)
{
	struct route_entry *re = node_offer(rn);

	if (re && !source->device_up && entry_through_vrf(re, source))
		return NULL;
	return re;
}

struct vrfleak_held vrfleak_rib_held(const struct vrfleak_vrf *target,
				     const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(target, prefix);
	struct vrfleak_held held = {};
	struct route_entry *leaked;

	if (!rn)
		return held;

	held.native = node_native(rn) != NULL;
	leaked = node_leaked(rn, NULL);
	if (leaked)
		held.source = entry_source(leaked)->number;
	route_unlock_node(rn);
	return held;
}

/*
 * The next hops of a source's route in a target, by the first way of the edge
 * that lets it pass; NULL where none does.
 */
static struct nexthop_group *entry_nexthops(const struct route_entry *re,
					    const struct vrfleak_vrf *source,
					    const struct vrfleak_edge *edge,
					    const struct prefix *prefix,
					    const struct vrfleak_way **way)
{
	struct nexthop_group *group = NULL;

	for (uint32_t i = 0; i < edge->ways_count && !group; i++) {
		*way = &edge->ways[i];
		group = vrfleak_nexthops_make(prefix, re, *way, source,
					      entry_through_vrf(re, source));
	}
	return group;
}

static bool entry_is_copy(const struct route_entry *leaked,
			  const struct route_entry *re,
			  const struct nexthop_group *group)
{
	return leaked->metric == re->metric && leaked->mtu == re->mtu &&
	       leaked->tag == re->tag &&
	       vrfleak_nexthops_same(group, &leaked->nhe->nhg);
}

static enum vrfleak_offer entry_offer(const struct route_entry *re,
				      const struct route_entry *leaked,
				      const struct vrfleak_vrf *source,
				      const struct vrfleak_edge *edge,
				      const struct prefix *prefix,
				      const struct vrfleak_way **way)
{
	enum vrfleak_offer offer = VRFLEAK_OFFER_ROUTE;
	struct nexthop_group *group;

	if (!leaked && !vrfleak_edge_filters(edge)) {
		*way = &edge->ways[0];
		return VRFLEAK_OFFER_ROUTE;
	}

	group = entry_nexthops(re, source, edge, prefix, way);
	if (!group)
		return VRFLEAK_OFFER_NONE;
	if (leaked && entry_is_copy(leaked, re, group))
		offer = VRFLEAK_OFFER_SAME;
	nexthop_group_delete(&group);
	return offer;
}

enum vrfleak_offer vrfleak_rib_offer(const struct vrfleak_vrf *source,
				     const struct vrfleak_vrf *target,
				     const struct vrfleak_edge *edge,
				     const struct prefix *prefix,
				     const struct vrfleak_way **way)
{
	enum vrfleak_offer offer = VRFLEAK_OFFER_NONE;
	struct route_entry *re;
	struct route_node *rn;

	/* The target may have gone before anybody has looked at its VRF. */
	if (!vrfleak_rib_table(target, vrfleak_prefix_af(prefix)) ||
	    !vrfleak_rib_leakable(prefix) || source->refused ||
	    source->instance == 0)
		return VRFLEAK_OFFER_NONE;

	rn = node_lookup(source, prefix);
	if (!rn)
		return VRFLEAK_OFFER_NONE;

	re = source_offer(source, rn);
	if (re)
		offer = entry_offer(re,
				    vrfleak_rib_leaked(source, target, prefix),
				    source, edge, prefix, way);
	route_unlock_node(rn);
	return offer;
}

struct route_entry *vrfleak_rib_offered(const struct vrfleak_vrf *source,
					const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(source, prefix);
	struct route_entry *re;

	if (!rn)
		return NULL;
	re = source_offer(source, rn);
	route_unlock_node(rn);
	return re;
}

bool vrfleak_rib_has_system(const struct vrfleak_vrf *vrf,
			    const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(vrf, prefix);
	bool is_system = false;
	struct route_entry *re;

	if (!rn)
		return false;
	RNODE_FOREACH_RE (rn, re)
		if (entry_is_native(re) && (re->type == ZEBRA_ROUTE_CONNECT ||
					    re->type == ZEBRA_ROUTE_LOCAL ||
					    re->type == ZEBRA_ROUTE_KERNEL))
			is_system = true;
	route_unlock_node(rn);
	return is_system;
}

bool vrfleak_rib_install(const struct vrfleak_vrf *source,
			 const struct vrfleak_vrf *target,
			 const struct vrfleak_edge *edge,
			 const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(source, prefix);
	const struct vrfleak_way *way;
	struct nexthop_group *group;
	struct route_entry *re, *new;
	struct prefix copy;

	if (!rn)
		return false;
	re = source_offer(source, rn);
	group = re ? entry_nexthops(re, source, edge, prefix, &way) : NULL;
	route_unlock_node(rn);
	if (!group)
		return false;

	prefix_copy(&copy, prefix);
	new = vrfleak_route_entry_new(target->vrf_id, ZEBRA_ROUTE_TABLE,
				      source->instance, target->table_id,
				      re->metric, re->mtu, VRFLEAK_DISTANCE,
				      re->tag);
	return vrfleak_route_add(af_afi(vrfleak_prefix_af(prefix)), &copy, new,
				 group);
}

void vrfleak_rib_withdraw(const struct vrfleak_vrf *source,
			  const struct vrfleak_vrf *target,
			  const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(target, prefix);
	struct route_entry *re;

	if (!rn)
		return;
	re = node_leaked(rn, source);
	if (re)
		rib_delnode(rn, re);
	route_unlock_node(rn);
}

struct route_entry *vrfleak_rib_leaked(const struct vrfleak_vrf *source,
				       const struct vrfleak_vrf *target,
				       const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(target, prefix);
	struct route_entry *re;

	if (!rn)
		return NULL;
	re = node_leaked(rn, source);
	route_unlock_node(rn);
	return re;
}

struct route_entry *vrfleak_rib_native(const struct vrfleak_vrf *vrf,
				       const struct prefix *prefix)
{
	struct route_node *rn = node_lookup(vrf, prefix);
	struct route_entry *re;

	if (!rn)
		return NULL;
	re = node_native(rn);
	route_unlock_node(rn);
	return re;
}

bool vrfleak_rib_walk(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
		      struct prefix *done, bool *started,
		      vrfleak_rib_visit visit, void *arg)
{
	struct route_table *table = vrfleak_rib_table(vrf, af);
	struct route_entry *leaked;
	struct route_node *rn;

	if (!table)
		return true;

	rn = *started ? route_table_get_next(table, done) : route_top(table);
	for (; rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		prefix_copy(done, &rn->p);
		*started = true;
		leaked = node_leaked(rn, NULL);
		if (!visit(done, leaked, leaked ? entry_source(leaked) : NULL,
			   arg)) {
			route_unlock_node(rn);
			return false;
		}
	}
	return true;
}
