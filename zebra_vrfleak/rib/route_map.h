// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: applies the route-maps of export and import statements.
 *
 * They match the source's route: its protocol, instance, prefix, tag and next
 * hops. As with zebra's 'ip protocol', they are applied to each next hop
 * separately. A denied next hop is left out; a route without next hops is
 * denied. 'set src', 'set metric' and 'set tag' apply to the leaked route.
 *
 * The import's route-map is applied to what the export's has set: its 'match
 * tag' sees that tag, and its own 'set' clauses prevail. Within a route-map,
 * match clauses see the route as it was before this route-map.
 *
 * A route-map that does not exist denies all routes.
 */
#ifndef _VRFLEAK_RIB_ROUTE_MAP_H
#define _VRFLEAK_RIB_ROUTE_MAP_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/name_set.h"
#include "zebra_vrfleak/core/policy.h"
#include "zebra_vrfleak/rib/route_map_set.h"

/*
 * Whether the export's and then the import's route-map permit a route with one
 * of its next hops. nexthop must be a copy, because 'set' clauses change it.
 * They also change attributes, which are those of the route before. Both are
 * undefined if the route is denied.
 */
extern bool vrfleak_route_maps_permit(const struct vrfleak_tag_match *match,
				      const struct route_entry *re,
				      const struct prefix *prefix,
				      struct nexthop *nexthop,
				      struct vrfleak_attributes *attributes);

/* What denied a route. */
struct vrfleak_denial {
	const char *map;
	/* Whether this route-map exists. */
	bool exists;
	/* The sequence number of its entry, or 0 if none matches. */
	uint32_t sequence;
	/*
	 * If a route-map that this entry calls, directly or indirectly, has
	 * denied: that route-map, and its entry or 0. Else NULL.
	 */
	const char *called;
	uint32_t called_sequence;
};

/* What denies a route. Only for routes that are not permitted. */
extern struct vrfleak_denial vrfleak_route_maps_denial(
	const struct vrfleak_tag_match *match, const struct route_entry *re,
	const struct prefix *prefix, const struct nexthop *nexthop);

/*
 * Whether a route-map, a route-map that it calls, or the argument of one of
 * their match clauses, such as the name of a list, has one of the names. A
 * number in a clause may happen to be the name of a list.
 */
extern bool vrfleak_route_map_uses(const char *map,
				   const struct vrfleak_name_set *names);

/* Whether a route-map exists. */
extern bool vrfleak_route_map_exists(const char *map);

/*
 * Whether a route-map permits connected routes with 'match source-protocol',
 * but not the router's own addresses. Since FRR 10, these are routes of a
 * separate protocol, local.
 */
extern bool vrfleak_route_map_lacks_local(const char *map);

#endif /* _VRFLEAK_RIB_ROUTE_MAP_H */
