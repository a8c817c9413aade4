// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: offers and their installation, see the header.
 *
 * Without route-maps, all routes of a source with the same next-hop group are
 * leaked with one shared group (nhg_cache.h). With route-maps, the next hops of
 * each route are made separately, because each may be denied or changed.
 */
#include <zebra.h>

#include "zebra_vrfleak/rib/leaked_nexthops.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/nhg_cache.h"

/*
 * Make the next hops of an offer, by the first tag match of the pair that
 * permits the route. Returns false if none does.
 */
static bool offer_nexthops(struct vrfleak_offered *offered,
			   const struct vrfleak_pair *pair,
			   const struct prefix *prefix)
{
	const struct vrfleak_vrf *source = offered->source;
	const struct route_entry *re = offered->re;

	for (uint32_t i = 0; i < pair->matches_count && !offered->nexthops;
	     i++) {
		offered->match = &pair->matches[i];
		offered->nexthops = vrfleak_nexthops_make(
			prefix, re, offered->match, source,
			vrfleak_rib_through_vrf(re, source),
			&offered->attributes);
	}
	return offered->nexthops;
}

static struct vrfleak_nhg_key group_key(const struct vrfleak_offered *offered,
					enum vrfleak_af af)
{
	return (struct vrfleak_nhg_key){
		.source = offered->source->index,
		.id = offered->re->nhe_id,
		.af = af,
		.through_vrf =
			vrfleak_rib_through_vrf(offered->re, offered->source),
	};
}

/* Whether a leaked route is as the offer makes it, except next hops. */
static bool entry_is_like(const struct route_entry *leaked,
			  const struct vrfleak_offered *offered)
{
	return leaked->metric == offered->attributes.metric &&
	       leaked->mtu == offered->re->mtu &&
	       leaked->tag == offered->attributes.tag &&
	       leaked->distance == offered->match->import->distance;
}

/* Whether a leaked route is known to use the shared group. */
static bool entry_is_shared(const struct route_entry *leaked,
			    const struct vrfleak_offered *offered,
			    const struct vrfleak_place *place)
{
	struct vrfleak_nhg_key key =
		group_key(offered, vrfleak_prefix_af(place->prefix));

	return place->may_cache && entry_is_like(leaked, offered) &&
	       vrfleak_nhg_is_same(&key, leaked->nhe_id);
}

/*
 * Whether zebra could not use some of a leaked route's next hops when it
 * resolved them, but has processed the source's route since.
 */
static bool entry_is_outdated(const struct route_entry *leaked,
			      const struct route_entry *re)
{
	const struct nexthop_group *group = &leaked->nhe->nhg;

	return (int32_t)(leaked->dplane_sequence - re->dplane_sequence) < 0 &&
	       nexthop_group_active_nexthop_num(group) <
		       nexthop_group_nexthop_num(group);
}

/*
 * Resolve an offer with a known route entry. leaked is the installed route of
 * the source in the target, or NULL.
 */
static enum vrfleak_offer entry_resolve(struct vrfleak_offered *offered,
					const struct route_entry *leaked,
					const struct vrfleak_place *place,
					const struct vrfleak_pair *pair)
{
	enum vrfleak_af af = vrfleak_prefix_af(place->prefix);
	const struct route_entry *re = offered->re;
	bool lost = leaked && (entry_is_outdated(leaked, re) ||
			       vrfleak_link_lost(leaked, af));
	struct vrfleak_nhg_key key;
	bool same;

	offered->match = &pair->matches[0];
	offered->attributes = vrfleak_entry_attributes(re);
	offered->filtered = vrfleak_pair_filters(pair);
	if ((!leaked || lost) && !offered->filtered)
		return VRFLEAK_OFFER_ROUTE;
	if (!offered->filtered && entry_is_shared(leaked, offered, place))
		return VRFLEAK_OFFER_SAME;

	if (!offer_nexthops(offered, pair, place->prefix))
		return VRFLEAK_OFFER_NONE;
	same = leaked && !lost && entry_is_like(leaked, offered) &&
	       vrfleak_nexthops_same(&leaked->nhe->nhg, offered->nexthops);
	if (same && !offered->filtered && place->may_cache) {
		key = group_key(offered, af);
		vrfleak_nhg_cache_same(&key, leaked->nhe_id);
	}
	return same ? VRFLEAK_OFFER_SAME : VRFLEAK_OFFER_ROUTE;
}

struct vrfleak_place vrfleak_place_find(const struct vrfleak_vrf *target,
					const struct prefix *prefix)
{
	struct route_table *table =
		vrfleak_rib_table(target, vrfleak_prefix_af(prefix));

	return (struct vrfleak_place){
		.target = target,
		.prefix = prefix,
		.table = table,
		.rn = vrfleak_rib_table_node(table, prefix),
	};
}

enum vrfleak_offer vrfleak_offer_resolve(struct vrfleak_offered *offered,
					 const struct vrfleak_place *place,
					 const struct vrfleak_vrf *source,
					 struct route_node *rn,
					 const struct vrfleak_pair *pair)
{
	*offered = (struct vrfleak_offered){.source = source, .rn = rn};

	/*
	 * The target may have been deleted since its VRF was last compared with
	 * zebra's. If the target's table is imported, zebra would import the
	 * leaked route into the same table again.
	 */
	if (!place->table || !vrfleak_rib_leakable(place->prefix) ||
	    source->refused || place->target->refused || source->instance == 0)
		return VRFLEAK_OFFER_NONE;

	offered->re = vrfleak_rib_offered(source, rn);
	if (!offered->re || vrfleak_rib_returns(offered->re, place->target))
		return VRFLEAK_OFFER_NONE;
	offered->kind = entry_resolve(
		offered, vrfleak_rib_leaked(place->rn, source), place, pair);
	return offered->kind;
}

const struct vrfleak_tag_match *vrfleak_offer_match(
	const struct vrfleak_vrf *source, const struct vrfleak_vrf *target,
	const struct vrfleak_pair *pair, const struct prefix *prefix,
	struct vrfleak_attributes *attributes)
{
	struct vrfleak_place place = vrfleak_place_find(target, prefix);
	struct vrfleak_offered offered;
	enum vrfleak_offer kind;

	kind = vrfleak_offer_resolve(&offered, &place, source,
				     vrfleak_rib_node(source, prefix), pair);
	vrfleak_offer_release(&offered);
	if (attributes && kind != VRFLEAK_OFFER_NONE)
		*attributes = offered.attributes;
	return kind == VRFLEAK_OFFER_NONE ? NULL : offered.match;
}

void vrfleak_offer_release(struct vrfleak_offered *offered)
{
	if (offered->nexthops)
		nexthop_group_delete(&offered->nexthops);
}

/* The id of the group that all routes with these next hops share, or 0. */
static uint32_t shared_group(struct vrfleak_offered *offered,
			     const struct prefix *prefix)
{
	struct vrfleak_nhg_key key =
		group_key(offered, vrfleak_prefix_af(prefix));
	uint32_t id = vrfleak_nhg_find(&key);

	if (id)
		return id;
	if (!offered->nexthops)
		offered->nexthops = vrfleak_nexthops_make(
			prefix, offered->re, offered->match, offered->source,
			key.through_vrf, &offered->attributes);
	if (!offered->nexthops)
		return 0;
	vrfleak_link_note(offered->nexthops);
	return vrfleak_nhg_cache(&key, offered->nexthops);
}

bool vrfleak_offer_install(struct vrfleak_offered *offered,
			   const struct vrfleak_place *place)
{
	afi_t afi = vrfleak_af_afi(vrfleak_prefix_af(place->prefix));
	const struct vrfleak_vrf *target = place->target;
	const struct route_entry *re = offered->re;
	struct nexthop_group *nexthops;
	struct route_entry *new;
	struct prefix copy;
	uint32_t id = 0;

	if (!offered->filtered)
		id = shared_group(offered, place->prefix);
	if (offered->filtered ? !offered->nexthops : !id)
		return false;
	prefix_copy(&copy, place->prefix);
	new = vrfleak_route_entry_new(
		target->vrf_id, ZEBRA_ROUTE_TABLE, offered->source->instance,
		target->table_id, offered->attributes.metric, re->mtu,
		offered->match->import->distance, offered->attributes.tag);
	if (id)
		return vrfleak_route_add_by_group(afi, &copy, new, id);

	nexthops = offered->nexthops;
	offered->nexthops = NULL;
	vrfleak_link_note(nexthops);
	return vrfleak_route_add(afi, &copy, new, nexthops);
}
