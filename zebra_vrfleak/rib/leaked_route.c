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
 * The next hops of a source's route in a target, by the first tag match of the
 * pair that permits the route. Returns NULL if none does.
 */
static struct nexthop_group *
entry_nexthops(const struct route_entry *re, const struct vrfleak_vrf *source,
	       const struct vrfleak_pair *pair, const struct prefix *prefix,
	       const struct vrfleak_tag_match **match)
{
	struct nexthop_group *group = NULL;

	for (uint32_t i = 0; i < pair->matches_count && !group; i++) {
		*match = &pair->matches[i];
		group = vrfleak_nexthops_make(
			prefix, re, *match, source,
			vrfleak_rib_through_vrf(re, source));
	}
	return group;
}

static struct vrfleak_nhg_key group_key(const struct route_entry *re,
					const struct vrfleak_vrf *source,
					enum vrfleak_af af)
{
	return (struct vrfleak_nhg_key){
		.source = source->index,
		.id = re->nhe_id,
		.af = af,
		.through_vrf = vrfleak_rib_through_vrf(re, source),
	};
}

/* Whether a leaked route equals the source's route, except next hops. */
static bool entry_is_like(const struct route_entry *leaked,
			  const struct route_entry *re)
{
	return leaked->metric == re->metric && leaked->mtu == re->mtu &&
	       leaked->tag == re->tag;
}

/* Whether a leaked route is known to use the shared group. */
static bool entry_is_shared(const struct route_entry *leaked,
			    const struct route_entry *re,
			    const struct vrfleak_vrf *source,
			    const struct prefix *prefix)
{
	struct vrfleak_nhg_key key =
		group_key(re, source, vrfleak_prefix_af(prefix));

	return vrfleak_rib_lookup_active(prefix) && entry_is_like(leaked, re) &&
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

static enum vrfleak_offer
entry_offer(const struct route_entry *re, const struct route_entry *leaked,
	    const struct vrfleak_vrf *source, const struct vrfleak_pair *pair,
	    const struct prefix *prefix, const struct vrfleak_tag_match **match)
{
	enum vrfleak_offer offer = VRFLEAK_OFFER_ROUTE;
	bool filters = vrfleak_pair_filters(pair);
	bool lost = leaked &&
		    (entry_is_outdated(leaked, re) ||
		     vrfleak_link_lost(leaked, vrfleak_prefix_af(prefix)));
	struct vrfleak_nhg_key key;
	struct nexthop_group *group;

	*match = &pair->matches[0];
	if ((!leaked || lost) && !filters)
		return VRFLEAK_OFFER_ROUTE;
	if (!filters && entry_is_shared(leaked, re, source, prefix))
		return VRFLEAK_OFFER_SAME;

	group = entry_nexthops(re, source, pair, prefix, match);
	if (!group)
		return VRFLEAK_OFFER_NONE;
	if (leaked && !lost && entry_is_like(leaked, re) &&
	    vrfleak_nexthops_same(&leaked->nhe->nhg, group))
		offer = VRFLEAK_OFFER_SAME;
	if (offer == VRFLEAK_OFFER_SAME && !filters &&
	    vrfleak_rib_lookup_active(prefix)) {
		key = group_key(re, source, vrfleak_prefix_af(prefix));
		vrfleak_nhg_cache_same(&key, leaked->nhe_id);
	}
	nexthop_group_delete(&group);
	return offer;
}

enum vrfleak_offer vrfleak_offer_find(const struct vrfleak_vrf *source,
				      const struct vrfleak_vrf *target,
				      const struct vrfleak_pair *pair,
				      const struct prefix *prefix,
				      const struct vrfleak_tag_match **match)
{
	const struct route_entry *re;

	/*
	 * The target may have been deleted since its VRF was last compared with
	 * zebra's. If the target's table is imported, zebra would import the
	 * leaked route into the same table again.
	 */
	if (!vrfleak_rib_has_table(target, prefix) ||
	    !vrfleak_rib_leakable(prefix) || source->refused ||
	    target->refused || source->instance == 0)
		return VRFLEAK_OFFER_NONE;

	re = vrfleak_rib_offered(source, prefix);
	if (!re)
		return VRFLEAK_OFFER_NONE;
	return entry_offer(re, vrfleak_rib_leaked(source, target, prefix),
			   source, pair, prefix, match);
}

/* Leak the source's route with the shared group. */
static bool install_shared(const struct route_entry *re,
			   const struct vrfleak_vrf *source,
			   const struct vrfleak_pair *pair,
			   struct prefix *prefix, struct route_entry *new)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	struct vrfleak_nhg_key key = group_key(re, source, af);
	uint32_t id = vrfleak_nhg_find(&key);
	const struct vrfleak_tag_match *match;
	struct nexthop_group *group;

	if (!id) {
		group = entry_nexthops(re, source, pair, prefix, &match);
		if (group) {
			vrfleak_link_note(group);
			id = vrfleak_nhg_cache(&key, group);
		}
		nexthop_group_delete(&group);
	}
	if (!id) {
		vrfleak_route_entry_free(new);
		return false;
	}
	return vrfleak_route_add_by_group(vrfleak_af_afi(af), prefix, new, id);
}

static bool install_filtered(const struct route_entry *re,
			     const struct vrfleak_vrf *source,
			     const struct vrfleak_pair *pair,
			     struct prefix *prefix, struct route_entry *new)
{
	const struct vrfleak_tag_match *match;
	struct nexthop_group *group =
		entry_nexthops(re, source, pair, prefix, &match);

	if (!group) {
		vrfleak_route_entry_free(new);
		return false;
	}
	vrfleak_link_note(group);
	return vrfleak_route_add(vrfleak_af_afi(vrfleak_prefix_af(prefix)),
				 prefix, new, group);
}

bool vrfleak_offer_install(const struct vrfleak_vrf *source,
			   const struct vrfleak_vrf *target,
			   const struct vrfleak_pair *pair,
			   const struct prefix *prefix)
{
	const struct route_entry *re = vrfleak_rib_offered(source, prefix);
	struct route_entry *new;
	struct prefix copy;

	if (!re)
		return false;
	prefix_copy(&copy, prefix);
	new = vrfleak_route_entry_new(target->vrf_id, ZEBRA_ROUTE_TABLE,
				      source->instance, target->table_id,
				      re->metric, re->mtu, VRFLEAK_DISTANCE,
				      re->tag);
	return vrfleak_pair_filters(pair)
		       ? install_filtered(re, source, pair, &copy, new)
		       : install_shared(re, source, pair, &copy, new);
}

enum vrfleak_offer vrfleak_offer_by_policy(
	const struct vrfleak_vrf *source, const struct vrfleak_vrf *target,
	const struct prefix *prefix, const struct vrfleak_tag_match **match)
{
	const struct vrfleak_pair *pair;

	if (!source || !target || !target->policy)
		return VRFLEAK_OFFER_NONE;

	pair = vrfleak_policy_source(target->policy, vrfleak_prefix_af(prefix),
				     source->name);
	return pair ? vrfleak_offer_find(source, target, pair, prefix, match)
		    : VRFLEAK_OFFER_NONE;
}
