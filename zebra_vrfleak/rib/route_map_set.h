// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the clauses 'set metric' and 'set tag' of route-maps, which zebra
 * itself does not have; and applying a route-map with them.
 *
 * They change only what vrfleak_route_map_apply() is given. Where zebra applies
 * a route-map with them, such as that of 'ip protocol', they do nothing.
 *
 * Of 'set metric', N, +N and -N are supported. The other forms depend on
 * protocols that zebra does not run; an entry with one of them has no rule.
 */
#ifndef _VRFLEAK_RIB_ROUTE_MAP_SET_H
#define _VRFLEAK_RIB_ROUTE_MAP_SET_H

#include "zebra_vrfleak/base/compat.h"

/* What a route-map may change in a route, besides its next hops. */
struct vrfleak_attributes {
	uint32_t metric;
	route_tag_t tag;
};

/* Register the clauses. Call it before zebra reads its configuration. */
extern void vrfleak_route_map_set_init(void);

/*
 * Whether a route-map permits a route with one of its next hops, which must be
 * a copy: 'set' clauses change it, and attributes. 'match tag' compares the
 * tag that attributes has before. If the route is denied, both are undefined.
 */
extern bool vrfleak_route_map_apply(const char *map,
				    const struct route_entry *re,
				    const struct prefix *prefix,
				    struct nexthop *nexthop,
				    struct vrfleak_attributes *attributes);

static inline struct vrfleak_attributes
vrfleak_entry_attributes(const struct route_entry *re)
{
	return (struct vrfleak_attributes){.metric = re->metric,
					   .tag = re->tag};
}

#endif /* _VRFLEAK_RIB_ROUTE_MAP_SET_H */
