// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: access to zebra's RIB, see the header.
 *
 * An entry that zebra has marked as removed is ignored. A native route is
 * active if zebra could select it: it has an active next hop and a distance
 * below 255 (rib_process() in zebra/zebra_rib.c).
 *
 * A leaked route is in use if zebra has selected it, has a usable next hop for
 * it, has handed it to the kernel, and the kernel has not refused it. Other
 * leaked routes may stay: when a link goes down, zebra marks the next hops in
 * shared groups, but does not process the routes that use them.
 *
 * Deleting a route marks its entry as removed, which takes effect immediately.
 *
 * Never leaked: IPv6 link-local and all multicast prefixes, source-specific
 * routes, leaked routes, routes that may have been leaked before zebra's start,
 * and routes in tables other than the VRF's own.
 */
#include <zebra.h>

#include <string.h>

#include "lib/if.h"
#include "lib/monotime.h"
#include "lib/srcdest_table.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/nexthop_vrf.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/stale_routes.h"

struct route_table *vrfleak_rib_table(const struct vrfleak_vrf *vrf,
				      enum vrfleak_af af)
{
	const struct rib_table_info *info;
	struct route_table *table;

	if (!vrfleak_vrf_bound(vrf) || vrf->table_closed)
		return NULL;
	table = zebra_vrf_table(vrfleak_af_afi(af), SAFI_UNICAST, vrf->vrf_id);
	info = table ? route_table_get_info(table) : NULL;
	return info && info->table_id == vrf->table_id ? table : NULL;
}

struct vrfleak_vrf *vrfleak_rib_node_vrf(struct route_node *rn)
{
	struct rib_table_info *info = srcdest_rnode_table_info(rn);
	struct vrfleak_vrf *vrf;

	if (!info || info->safi != SAFI_UNICAST || rnode_is_srcnode(rn))
		return NULL;

	/*
	 * Before FRR 10.7, a table that had a route before zebra knew its VRF
	 * stays assigned to the default VRF.
	 */
	vrf = vrfleak_vrf_by_table(info->table_id);
	if (!vrf || (vrf->vrf_id != zvrf_id(info->zvrf) &&
		     rn->table != zebra_vrf_table(info->afi, SAFI_UNICAST,
						  vrf->vrf_id)))
		return NULL;
	return vrf;
}

static struct vrfleak_vrf *entry_source(const struct route_entry *re)
{
	if (!vrfleak_route_is_leaked(re))
		return NULL;
	return vrfleak_vrf_by_instance(re->instance);
}

/* Whether a node has a leaked route of the source that is not removed. */
static bool node_keeps(struct route_node *rn, const struct vrfleak_vrf *source)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    entry_source(re) == source)
			return true;
	return false;
}

/* The kernel has refused the route, and no newer reply is outstanding. */
static bool entry_refused(const struct route_entry *re)
{
	return CHECK_FLAG(re->status, ROUTE_ENTRY_FAILED) &&
	       !CHECK_FLAG(re->status, ROUTE_ENTRY_QUEUED);
}

/*
 * Zebra has selected the route, but did not hand it to the kernel, for example
 * because the kernel has no such next-hop group. It logs "Failed to enqueue
 * dataplane install". Not for the rib_update hook: zebra calls it just before.
 */
static bool entry_not_handed_over(const struct route_entry *re)
{
	return CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED) &&
	       !CHECK_FLAG(re->status, ROUTE_ENTRY_QUEUED |
					       ROUTE_ENTRY_INSTALLED |
					       ROUTE_ENTRY_FAILED);
}

static bool entry_usable(const struct route_entry *re)
{
	return CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED) &&
	       !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
	       !entry_refused(re) &&
	       nexthop_group_active_nexthop_num(&re->nhe->nhg) > 0;
}

static bool entry_in_use(const struct route_entry *re)
{
	return entry_usable(re) && !entry_not_handed_over(re);
}

uint32_t vrfleak_rib_node_lost(struct route_node *rn)
{
	struct vrfleak_vrf *source;
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		source = entry_source(re);
		/* A replaced route is not lost. */
		if (source && CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    !node_keeps(rn, source))
			return source->index;
	}
	return 0;
}

const struct route_entry *
vrfleak_rib_node_confirmed(struct route_node *rn, struct vrfleak_vrf **source)
{
	const rib_dest_t *dest = rib_dest_from_rnode(rn);
	const struct route_entry *re =
		dest ? re_list_const_first(&dest->routes) : NULL;

	if (!re || re_list_const_next(&dest->routes, re) || !entry_usable(re))
		return NULL;
	*source = entry_source(re);
	return *source ? re : NULL;
}

bool vrfleak_rib_node_shared(struct route_node *rn)
{
	const rib_dest_t *dest = rib_dest_from_rnode(rn);
	const struct route_entry *first =
		dest ? re_list_const_first(&dest->routes) : NULL;
	struct route_entry *re;

	if (!first || !re_list_const_next(&dest->routes, first))
		return false;
	RNODE_FOREACH_RE (rn, re)
		if (entry_source(re) && entry_in_use(re))
			return true;
	return false;
}

struct route_node *vrfleak_rib_table_node(struct route_table *table,
					  const struct prefix *prefix)
{
	struct route_node *rn = table ? route_node_lookup(table, prefix) : NULL;

	/* Its entries keep the node; none is deleted before the event ends. */
	if (rn)
		route_unlock_node(rn);
	return rn;
}

struct route_node *vrfleak_rib_node(const struct vrfleak_vrf *vrf,
				    const struct prefix *prefix)
{
	return vrfleak_rib_table_node(
		vrfleak_rib_table(vrf, vrfleak_prefix_af(prefix)), prefix);
}

bool vrfleak_rib_leakable(const struct prefix *prefix)
{
	if (prefix->family == AF_INET)
		return !IN_MULTICAST(ntohl(prefix->u.prefix4.s_addr));
	return !IN6_IS_ADDR_LINKLOCAL(&prefix->u.prefix6) &&
	       !IN6_IS_ADDR_MULTICAST(&prefix->u.prefix6);
}

static bool entry_is_unreachable_default(const struct route_entry *re)
{
	return re->distance == DISTANCE_INFINITY || vrfleak_stale_ignored(re);
}

bool vrfleak_rib_has_unreachable_default(const struct vrfleak_vrf *vrf,
					 enum vrfleak_af af)
{
	const struct prefix all = {.family = vrfleak_af_family(af)};
	struct route_node *rn = vrfleak_rib_node(vrf, &all);
	const struct nexthop *nexthop;
	struct route_entry *re;

	if (!rn)
		return false;
	RNODE_FOREACH_RE (rn, re) {
		nexthop = re->nhe ? re->nhe->nhg.nexthop : NULL;
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) && nexthop &&
		    nexthop->type == NEXTHOP_TYPE_BLACKHOLE)
			return true;
	}
	return false;
}

static bool entry_is_native(const struct route_entry *re)
{
	return !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
	       !entry_source(re) && !entry_is_unreachable_default(re) &&
	       nexthop_group_active_nexthop_num(&re->nhe->nhg) > 0;
}

static bool entry_is_interface(const struct route_entry *re)
{
	return re->type == ZEBRA_ROUTE_CONNECT || re->type == ZEBRA_ROUTE_LOCAL;
}

/*
 * The distance with which a native route competes with leaked ones. Zebra
 * prefers connected and local routes, and installs a route that overrides the
 * selected one, whatever the distances.
 */
static uint8_t entry_distance(const struct route_entry *re)
{
	return entry_is_interface(re) ||
			       CHECK_FLAG(re->flags, ZEBRA_FLAG_FIB_OVERRIDE)
		       ? 0
		       : re->distance;
}

/*
 * The active native route. If there are several, the selected one; else, as a
 * leaked route is selected, the one of the lowest distance.
 */
static struct route_entry *node_native(struct route_node *rn)
{
	struct route_entry *re, *native = NULL;

	RNODE_FOREACH_RE (rn, re) {
		if (!entry_is_native(re))
			continue;
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED))
			return re;
		if (!native || entry_distance(re) < entry_distance(native))
			native = re;
	}
	return native;
}

/* A leaked route of source (NULL: of any source), in use or not. */
static struct route_entry *node_present(struct route_node *rn,
					const struct vrfleak_vrf *source)
{
	struct vrfleak_vrf *from;
	struct route_entry *re, *present = NULL;

	RNODE_FOREACH_RE (rn, re) {
		if (CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			continue;
		from = entry_source(re);
		if (!from || (source && from != source))
			continue;
		present = re;
		if (entry_in_use(re))
			break;
	}
	return present;
}

static struct route_entry *node_leaked(struct route_node *rn,
				       const struct vrfleak_vrf *source)
{
	struct route_entry *re = node_present(rn, source);

	return re && entry_in_use(re) ? re : NULL;
}

bool vrfleak_rib_left_over(const struct route_entry *re,
			   const struct prefix *prefix)
{
	const struct nexthop *nexthop = re->nhe->nhg.nexthop;
	const struct interface *ifp;

	if (!entry_is_interface(re) || !nexthop)
		return false;
	/* The interface of the next-hop group saves a search in two trees. */
	ifp = re->nhe->ifp;
	if (!ifp)
		ifp = if_lookup_by_index(nexthop->ifindex, re->vrf_id);
	return !ifp || ifp->vrf->vrf_id != re->vrf_id ||
	       !vrfleak_has_address(ifp, prefix, re->type == ZEBRA_ROUTE_LOCAL);
}

bool vrfleak_rib_returns(const struct route_entry *re,
			 const struct vrfleak_vrf *target)
{
	return vrfleak_nexthops_lead_to(re->nhe->nhg.nexthop, target->vrf_id);
}

/* Whether a VRF has a leaked route for the prefix. */
static bool vrf_has_leaked(vrf_id_t vrf_id, const struct prefix *prefix)
{
	struct route_table *table = zebra_vrf_table(family2afi(prefix->family),
						    SAFI_UNICAST, vrf_id);

	return vrfleak_rib_leaked(vrfleak_rib_table_node(table, prefix), NULL);
}

static bool leaked_distances[VRFLEAK_AF_MAX][UINT8_MAX + 1];

void vrfleak_rib_distances_set(const struct vrfleak_policy *policy)
{
	memcpy(leaked_distances, policy->distances, sizeof(leaked_distances));
}

/*
 * Whether a leaked route may have the distance of a BGP route. No other route
 * has 254. That of an import may be bgpd's own, too, such as 20: it counts only
 * for a route of the type that bgpd gives to copies that discard packets.
 */
static bool distance_is_leaked(const struct route_entry *re,
			       const struct prefix *prefix)
{
	return re->distance == VRFLEAK_DISTANCE ||
	       (re->nhe->nhg.nexthop->type == NEXTHOP_TYPE_BLACKHOLE &&
		leaked_distances[vrfleak_prefix_af(prefix)][re->distance]);
}

/*
 * bgpd (not that of FRR 8.4) keeps the distance of a route that it
 * redistributes, also where it is imported. That tells an imported leaked route
 * if its next hop does not say the VRF, because it discards packets, or if that
 * VRF has lost the route a moment ago.
 */
bool vrfleak_rib_imported(const struct route_entry *re,
			  const struct prefix *prefix)
{
	const struct nexthop *nexthop = re->nhe->nhg.nexthop;
	vrf_id_t from;

	if (re->type != ZEBRA_ROUTE_BGP)
		return false;
	from = vrfleak_nexthops_vrf(nexthop);
	if (from == VRF_UNKNOWN ||
	    (from == re->vrf_id && !vrfleak_nexthops_discard(nexthop)))
		return false;
	return distance_is_leaked(re, prefix) ||
	       (from != re->vrf_id && vrf_has_leaked(from, prefix));
}

static bool entry_may_leak(const struct route_entry *re,
			   const struct prefix *prefix)
{
	return entry_is_native(re) && !vrfleak_stale_maybe_leaked(re) &&
	       !vrfleak_rib_left_over(re, prefix) &&
	       !vrfleak_rib_imported(re, prefix);
}

/* The route that a VRF may leak from a node, or NULL. */
static struct route_entry *node_offer(struct route_node *rn)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED))
			return entry_may_leak(re, &rn->p) ? re : NULL;
	return NULL;
}

bool vrfleak_rib_through_vrf(const struct route_entry *re,
			     const struct vrfleak_vrf *source)
{
	int type = VRFLEAK_HAVE_LOCAL_ROUTES ? ZEBRA_ROUTE_LOCAL
					     : ZEBRA_ROUTE_CONNECT;

	return re->type == type && source->vrf_id != VRF_DEFAULT;
}

/*
 * A VRF whose device is down offers nothing: the kernel has deleted the routes
 * through the device. Shutting down the device shuts down the whole VRF.
 */
struct route_entry *vrfleak_rib_offered(const struct vrfleak_vrf *source,
					struct route_node *rn)
{
	return rn && source->device_up ? node_offer(rn) : NULL;
}

struct vrfleak_installed vrfleak_rib_installed(struct route_node *rn)
{
	struct vrfleak_installed installed = {};
	struct route_entry *leaked, *re;

	if (!rn)
		return installed;

	RNODE_FOREACH_RE (rn, re) {
		if (!entry_is_native(re))
			continue;
		if (!installed.native ||
		    entry_distance(re) < installed.native_distance)
			installed.native_distance = entry_distance(re);
		installed.native = true;
	}
	leaked = node_leaked(rn, NULL);
	if (leaked)
		installed.source = entry_source(leaked)->index;
	return installed;
}

struct vrfleak_origin vrfleak_rib_origin(struct route_node *rn)
{
	struct vrfleak_origin origin = {};
	struct route_entry *re;

	if (!rn)
		return origin;
	RNODE_FOREACH_RE (rn, re) {
		if (!entry_is_native(re))
			continue;
		if (re->type == ZEBRA_ROUTE_KERNEL)
			origin.kernel = true;
		if (!entry_is_interface(re))
			continue;
		origin.interface = true;
		if (vrfleak_rib_left_over(re, &rn->p))
			origin.left_over = true;
	}
	return origin;
}

bool vrfleak_rib_withdraw(struct route_node *rn,
			  const struct vrfleak_vrf *source)
{
	struct route_entry *re = rn ? node_present(rn, source) : NULL;

	if (re)
		rib_delnode(rn, re);
	return re;
}

uint32_t vrfleak_rib_unused(struct route_node *rn)
{
	const struct vrfleak_vrf *source;
	struct route_entry *re;

	if (!rn)
		return 0;
	RNODE_FOREACH_RE (rn, re) {
		source = entry_source(re);
		if (source && !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    !entry_in_use(re))
			return source->index;
	}
	return 0;
}

bool vrfleak_rib_refused(struct route_node *rn,
			 const struct vrfleak_vrf *source)
{
	struct route_entry *re;

	if (!rn)
		return false;
	RNODE_FOREACH_RE (rn, re)
		if (entry_refused(re) && entry_source(re) == source)
			return true;
	return false;
}

bool vrfleak_rib_missing(struct route_node *rn, enum vrfleak_af af)
{
	struct route_entry *re;

	if (!rn)
		return false;
	RNODE_FOREACH_RE (rn, re)
		if (entry_source(re) &&
		    (entry_refused(re) || entry_not_handed_over(re) ||
		     vrfleak_rib_answer_awaited(re) ||
		     vrfleak_link_lost(re, af)))
			return true;
	return false;
}

bool vrfleak_rib_unfinished(struct route_node *rn)
{
	struct route_entry *re;

	if (!rn)
		return false;
	RNODE_FOREACH_RE (rn, re)
		if (entry_source(re) &&
		    (CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) ||
		     vrfleak_rib_answer_awaited(re)))
			return true;
	return false;
}

struct route_entry *vrfleak_rib_leaked(struct route_node *rn,
				       const struct vrfleak_vrf *source)
{
	return rn ? node_leaked(rn, source) : NULL;
}

struct route_entry *vrfleak_rib_native(struct route_node *rn)
{
	return rn ? node_native(rn) : NULL;
}

bool vrfleak_rib_walk(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
		      struct prefix *done, bool *started,
		      vrfleak_rib_visit visit, void *arg)
{
	struct route_table *table = vrfleak_rib_table(vrf, af);
	struct vrfleak_rib_at at;
	struct route_node *rn;

	if (!table)
		return true;

	rn = *started ? route_table_get_next(table, done) : route_top(table);
	for (; rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		*started = true;
		at.prefix = &rn->p;
		at.rn = rn;
		at.leaked = node_present(rn, NULL);
		at.source = at.leaked ? entry_source(at.leaked) : NULL;
		if (at.leaked && !entry_in_use(at.leaked))
			at.leaked = NULL;
		if (!visit(&at, arg)) {
			prefix_copy(done, &rn->p);
			route_unlock_node(rn);
			return false;
		}
	}
	return true;
}

bool vrfleak_rib_answer_awaited(const struct route_entry *leaked)
{
	return CHECK_FLAG(leaked->status, ROUTE_ENTRY_QUEUED) &&
	       (monotime(NULL) - leaked->uptime < VRFLEAK_ANSWER_SECONDS ||
		!vrfleak_zebra_idle());
}
