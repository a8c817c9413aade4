// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the route-maps of export and import lines.
 *
 * They see the source's route: its protocol, instance, prefix, tag, and each
 * of its next hops for itself, as zebra's 'ip protocol' does. A next hop that
 * is denied is left out; a route without any is denied. 'set src' holds for the
 * leaked route.
 *
 * A route-map that does not exist denies everything.
 */
#ifndef _VRFLEAK_RIB_ROUTE_MAP_H
#define _VRFLEAK_RIB_ROUTE_MAP_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/policy.h"

/*
 * Whether the export's and then the import's route-map let a route pass with
 * one of its next hops, which is a copy: 'set' clauses change it.
 */
extern bool vrfleak_route_maps_permit(const struct vrfleak_tag_match *match,
				      const struct route_entry *re,
				      const struct prefix *prefix,
				      struct nexthop *nexthop);

/* Who denied. */
struct vrfleak_denial {
	const char *map;
	/* Whether there is such a route-map. */
	bool exists;
	/* Its entry, or 0 where none matches. */
	uint32_t sequence;
	/*
	 * The route-map that this entry calls, or that one's calls, and that
	 * denied, or NULL; and its entry, or 0.
	 */
	const char *called;
	uint32_t called_sequence;
};

/* The same question, to know who denies; only for what does not pass. */
extern struct vrfleak_denial vrfleak_route_maps_denial(
	const struct vrfleak_tag_match *match, const struct route_entry *re,
	const struct prefix *prefix, const struct nexthop *nexthop);

/* Whether there is a route-map of that name. */
extern bool vrfleak_route_map_exists(const char *map);

/*
 * How many match and set clauses of an entry zebra acts on, of those that are
 * configured; the others it ignores. False where there is no such entry.
 */
extern bool vrfleak_route_map_clauses(const char *map, uint32_t sequence,
				      uint32_t *matches, uint32_t *sets);

/*
 * Whether a route-map lets connected routes pass by 'match source-protocol',
 * but not the router's own addresses. Since FRR 10 those are routes of another
 * protocol, local.
 */
extern bool vrfleak_route_map_lacks_local(const char *map);

#endif /* _VRFLEAK_RIB_ROUTE_MAP_H */
