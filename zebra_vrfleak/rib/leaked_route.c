// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: offers and their installation, see the header.
 *
 * All routes of a source with the same next-hop group are leaked with one
 * shared group (nhg_cache.h), unless a route-map denies or changes some of the
 * next hops. Then the next hops of that route are made separately.
 */
#include <zebra.h>

#include "zebra_vrfleak/rib/leaked_nexthops.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/nhg_cache.h"

/*
 * Apply the route-maps of the pair's tag matches. Returns whether one of them
 * permits the route; the offer is made by the first one that does.
 */
static bool offer_filter(struct vrfleak_offered *offered,
			 const struct vrfleak_pair *pair,
			 const struct prefix *prefix)
{
	const struct vrfleak_vrf *source = offered->source;
	const struct route_entry *re = offered->re;
	enum vrfleak_passed passed = VRFLEAK_PASSED_NONE;

	for (uint32_t i = 0; i < pair->matches_count && !passed; i++) {
		offered->match = &pair->matches[i];
		passed = vrfleak_nexthops_filter(
			prefix, re, offered->match, source,
			vrfleak_rib_through_vrf(re, source), &offered->nexthops,
			&offered->attributes);
	}
	offered->changed = passed == VRFLEAK_PASSED_CHANGED;
	return passed;
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
 * The kind of an offer with a leaked route. If no route-map changes the next
 * hops, they are compared once for all routes with the same groups.
 */
static enum vrfleak_offer entry_compare(const struct route_entry *leaked,
					struct vrfleak_offered *offered,
					const struct vrfleak_place *place)
{
	struct vrfleak_nhg_key key =
		group_key(offered, vrfleak_prefix_af(place->prefix));
	bool cached = place->may_cache && !offered->changed;

	if (!entry_is_like(leaked, offered))
		return VRFLEAK_OFFER_ROUTE;
	if (cached && vrfleak_nhg_is_same(&key, leaked->nhe_id))
		return VRFLEAK_OFFER_SAME;
	if (!offered->nexthops)
		offered->nexthops = vrfleak_nexthops_make(
			offered->re, offered->source, key.through_vrf);
	if (!offered->nexthops)
		return VRFLEAK_OFFER_NONE;
	if (!vrfleak_nexthops_same(&leaked->nhe->nhg, offered->nexthops))
		return VRFLEAK_OFFER_ROUTE;
	if (cached)
		vrfleak_nhg_cache_same(&key, leaked->nhe_id);
	return VRFLEAK_OFFER_SAME;
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

	offered->match = &pair->matches[0];
	offered->attributes = vrfleak_entry_attributes(re);
	offered->filtered = vrfleak_pair_filters(pair);
	if (offered->filtered && !offer_filter(offered, pair, place->prefix))
		return VRFLEAK_OFFER_NONE;
	if (!leaked || entry_is_outdated(leaked, re) ||
	    vrfleak_link_lost(leaked, af))
		return VRFLEAK_OFFER_ROUTE;
	return entry_compare(leaked, offered, place);
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
			offered->re, offered->source, key.through_vrf);
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

	if (!offered->changed)
		id = shared_group(offered, place->prefix);
	if (offered->changed ? !offered->nexthops : !id)
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
