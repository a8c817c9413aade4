// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: applies the route-maps of export and import statements.
 *
 * They match the source's route: its protocol, instance, prefix, tag and next
 * hops. As with zebra's 'ip protocol', they are applied to each next hop
 * separately. A denied next hop is left out; a route without next hops is
 * denied. 'set src' applies to the leaked route.
 *
 * A route-map that does not exist denies all routes.
 */
#ifndef _VRFLEAK_RIB_ROUTE_MAP_H
#define _VRFLEAK_RIB_ROUTE_MAP_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/policy.h"

/*
 * Whether the export's and then the import's route-map permit a route with one
 * of its next hops. nexthop must be a copy, because 'set' clauses change it.
 */
extern bool vrfleak_route_maps_permit(const struct vrfleak_tag_match *match,
				      const struct route_entry *re,
				      const struct prefix *prefix,
				      struct nexthop *nexthop);

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

/* Whether a route-map exists. */
extern bool vrfleak_route_map_exists(const char *map);

/*
 * The number of match and set clauses of an entry that zebra supports; it
 * ignores all others. Returns false if the entry does not exist.
 */
extern bool vrfleak_route_map_clauses(const char *map, uint32_t sequence,
				      uint32_t *matches, uint32_t *sets);

/*
 * Whether a route-map permits connected routes with 'match source-protocol',
 * but not the router's own addresses. Since FRR 10, these are routes of a
 * separate protocol, local.
 */
extern bool vrfleak_route_map_lacks_local(const char *map);

#endif /* _VRFLEAK_RIB_ROUTE_MAP_H */
