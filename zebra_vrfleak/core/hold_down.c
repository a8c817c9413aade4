// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hold-down of routes that come and go, see the header.
 *
 * A second tree has each record by the time at which it is released or
 * forgotten.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/hold_down.h"
#include "zebra_vrfleak/core/memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_FLAPPING, "Route leak flapping route");

struct flapping_route {
	struct vrfleak_flapping_routes_item item;
	struct vrfleak_flapping_timeouts_item timeout;
	struct vrfleak_flapping_key key;
	/* When it was lost, the last time first; unused ones are NEVER. */
	int64_t lost[VRFLEAK_HOLD_DOWN_LOSSES];
	/* When it is released if held, else forgotten. */
	int64_t until;
	bool held;
	/* The source has a route. */
	bool there;
};

#define NEVER (INT64_MIN / 2)

static int route_cmp(const struct flapping_route *a,
		     const struct flapping_route *b)
{
	if (a->key.target != b->key.target)
		return numcmp(a->key.target, b->key.target);
	/* By family first; there is no family below AF_UNSPEC. */
	if (a->key.prefix.family != b->key.prefix.family)
		return numcmp(a->key.prefix.family, b->key.prefix.family);
	if (a->key.prefix.family != AF_UNSPEC) {
		int order = prefix_cmp(&a->key.prefix, &b->key.prefix);

		if (order)
			return order;
	}
	return numcmp(a->key.source, b->key.source);
}

static int timeout_cmp(const struct flapping_route *a,
		       const struct flapping_route *b)
{
	return numcmp(a->until, b->until);
}

DECLARE_RBTREE_UNIQ(vrfleak_flapping_routes, struct flapping_route, item,
		    route_cmp);
DECLARE_RBTREE_NONUNIQ(vrfleak_flapping_timeouts, struct flapping_route,
		       timeout, timeout_cmp);

void vrfleak_hold_down_init(struct vrfleak_hold_down *table)
{
	vrfleak_flapping_routes_init(&table->routes);
	vrfleak_flapping_timeouts_init(&table->timeouts);
}

static void route_free(struct vrfleak_hold_down *table,
		       struct flapping_route *route)
{
	vrfleak_flapping_routes_del(&table->routes, route);
	vrfleak_flapping_timeouts_del(&table->timeouts, route);
	XFREE(MTYPE_VRFLEAK_FLAPPING, route);
}

void vrfleak_hold_down_finish(struct vrfleak_hold_down *table)
{
	struct flapping_route *route;

	while ((route = vrfleak_flapping_routes_first(&table->routes)))
		route_free(table, route);
	vrfleak_flapping_routes_fini(&table->routes);
	vrfleak_flapping_timeouts_fini(&table->timeouts);
}

bool vrfleak_hold_down_any(const struct vrfleak_hold_down *table)
{
	return vrfleak_flapping_routes_count(&table->routes) > 0;
}

static const struct flapping_route *
route_find(const struct vrfleak_hold_down *table,
	   const struct vrfleak_flapping_key *key)
{
	const struct flapping_route wanted = {.key = *key};

	return vrfleak_flapping_routes_const_find(&table->routes, &wanted);
}

/* Whether there is room for a record, if need be in place of the oldest. */
static bool room_make(struct vrfleak_hold_down *table)
{
	struct flapping_route *oldest =
		vrfleak_flapping_timeouts_first(&table->timeouts);

	if (vrfleak_flapping_routes_count(&table->routes) <
	    VRFLEAK_HOLD_DOWN_MAX)
		return true;
	if (oldest->held)
		return false;
	route_free(table, oldest);
	return true;
}

static struct flapping_route *route_get(struct vrfleak_hold_down *table,
					const struct vrfleak_flapping_key *key,
					bool create)
{
	struct flapping_route wanted = {.key = *key};
	struct flapping_route *route =
		vrfleak_flapping_routes_find(&table->routes, &wanted);

	if (route || !create || !room_make(table))
		return route;
	route = XCALLOC(MTYPE_VRFLEAK_FLAPPING, sizeof(*route));
	route->key = *key;
	route->there = true;
	for (int i = 0; i < VRFLEAK_HOLD_DOWN_LOSSES; i++)
		route->lost[i] = NEVER;
	vrfleak_flapping_routes_add(&table->routes, route);
	vrfleak_flapping_timeouts_add(&table->timeouts, route);
	return route;
}

static void until_set(struct vrfleak_hold_down *table,
		      struct flapping_route *route, int64_t until)
{
	vrfleak_flapping_timeouts_del(&table->timeouts, route);
	route->until = until;
	vrfleak_flapping_timeouts_add(&table->timeouts, route);
}

bool vrfleak_hold_down_lost(struct vrfleak_hold_down *table,
			    const struct vrfleak_flapping_key *key, int64_t now,
			    uint32_t seconds)
{
	struct flapping_route *route = route_get(table, key, true);
	bool was_held;

	if (!route || !route->there)
		return false;
	route->there = false;
	memmove(&route->lost[1], &route->lost[0],
		sizeof(route->lost) - sizeof(route->lost[0]));
	route->lost[0] = now;
	was_held = route->held;
	route->held |= now - route->lost[VRFLEAK_HOLD_DOWN_LOSSES - 1] <
		       VRFLEAK_HOLD_DOWN_PERIOD;
	until_set(table, route,
		  now + (route->held ? seconds : VRFLEAK_HOLD_DOWN_PERIOD));
	return route->held && !was_held;
}

bool vrfleak_hold_down_seen(struct vrfleak_hold_down *table,
			    const struct vrfleak_flapping_key *key, int64_t now)
{
	struct flapping_route *route = route_get(table, key, false);

	if (!route)
		return false;
	route->there = true;
	return route->held && route->until > now;
}

uint32_t vrfleak_hold_down_left(const struct vrfleak_hold_down *table,
				const struct vrfleak_flapping_key *key,
				int64_t now)
{
	const struct flapping_route *route = route_find(table, key);

	return route && route->held && route->until > now ? route->until - now
							  : 0;
}

bool vrfleak_hold_down_expire(struct vrfleak_hold_down *table, int64_t now,
			      struct vrfleak_flapping_key *key, bool *released)
{
	struct flapping_route *route =
		vrfleak_flapping_timeouts_first(&table->timeouts);
	int64_t forget;

	if (!route || route->until > now)
		return false;
	*key = route->key;
	*released = route->held;
	route->held = false;
	forget = route->lost[0] + VRFLEAK_HOLD_DOWN_PERIOD;
	if (forget > now)
		until_set(table, route, forget);
	else
		route_free(table, route);
	return true;
}

int64_t vrfleak_hold_down_next(const struct vrfleak_hold_down *table,
			       int64_t now)
{
	const struct flapping_route *route =
		vrfleak_flapping_timeouts_const_first(&table->timeouts);

	if (!route)
		return -1;
	return route->until > now ? route->until - now : 0;
}

void vrfleak_hold_down_clear(struct vrfleak_hold_down *table, uint32_t target,
			     enum vrfleak_af af, const struct prefix *prefix,
			     void (*cb)(const struct vrfleak_flapping_key *key,
					void *arg),
			     void *arg)
{
	const struct flapping_route from = {.key.target = target};
	struct flapping_route *route, *next;

	next = vrfleak_flapping_routes_find_gteq(&table->routes, &from);
	frr_each_from (vrfleak_flapping_routes, &table->routes, route, next) {
		if (route->key.target != target)
			return;
		if (vrfleak_prefix_af(&route->key.prefix) != af ||
		    (prefix && !prefix_same(prefix, &route->key.prefix)))
			continue;
		if (route->held)
			cb(&route->key, arg);
		route_free(table, route);
	}
}

void vrfleak_hold_down_forget(struct vrfleak_hold_down *table,
			      bool (*is_gone)(uint32_t vrf))
{
	struct flapping_route *route;

	frr_each_safe (vrfleak_flapping_routes, &table->routes, route)
		if (is_gone(route->key.target) || is_gone(route->key.source))
			route_free(table, route);
}
