// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: reads zebra's RIB, and withdraws leaked routes from it. Only
 * leaked_route.c installs routes.
 *
 * The RIB is the only database of leaked routes. A leaked route is a route
 * entry of type table with the source's instance and the module's flag, in the
 * target's own table. The module has no other record of it.
 *
 * Three kinds of route entry in a VRF:
 *   leaked   type table, with the instance of a known VRF and the flag.
 *            Only one that is in use counts as leaked: zebra has selected it,
 *            has a usable next hop for it, and the kernel has not refused it.
 *            Any other is unused: it is not shown and not counted, and the
 *            next decision about its prefix withdraws it, unless zebra has yet
 *            to process it.
 *   ignored  the unreachable default: the kernel route of distance 255 that
 *            keeps a VRF's traffic from falling through to the main table; and
 *            routes from before zebra's start (stale_routes.h). They are not
 *            leaked, and do not block a leaked route.
 *   native   every other.
 */
#ifndef _VRFLEAK_RIB_RIB_VIEW_H
#define _VRFLEAK_RIB_RIB_VIEW_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/vrf.h"

/*
 * The kernel's reply is considered lost after so many seconds, if zebra is
 * idle.
 */
#define VRFLEAK_ANSWER_SECONDS 300

/* Whether zebra still waits for the kernel's reply about a leaked route. */
extern bool vrfleak_rib_answer_awaited(const struct route_entry *leaked);

/*
 * The VRF's own unicast table, or NULL if the VRF is not bound. Also NULL if
 * its table was closed, or its vrf_id has another table by now: zebra would add
 * a route for the vrf_id and the old table to a table that no VRF owns.
 */
extern struct route_table *vrfleak_rib_table(const struct vrfleak_vrf *vrf,
					     enum vrfleak_af af);

/*
 * The known VRF whose own unicast table the node is in, or NULL. O(1), for the
 * rib_update hook.
 */
extern struct vrfleak_vrf *vrfleak_rib_node_vrf(struct route_node *rn);

/*
 * If a leaked route of the node is being removed, the index of its source, else
 * 0. Zebra may have removed it on its own, so the source must be checked again.
 */
extern uint32_t vrfleak_rib_node_lost(struct route_node *rn);

/*
 * The node's route, and its source, if it is a leaked route in use and the
 * node's only route; else NULL. O(1), for the rib_update hook.
 */
extern const struct route_entry *
vrfleak_rib_node_confirmed(struct route_node *rn, struct vrfleak_vrf **source);

/*
 * Whether the node has a leaked route in use, and other routes. Then a change
 * of the others may not change what zebra has selected. O(1) for nodes with one
 * route.
 */
extern bool vrfleak_rib_node_shared(struct route_node *rn);

/*
 * The prefix's node in the VRF's table, or NULL. The functions below read it,
 * or withdraw a route from it. Their rn may be NULL. What they return is valid
 * until the event ends, and so is the node.
 */
extern struct route_node *vrfleak_rib_node(const struct vrfleak_vrf *vrf,
					   const struct prefix *prefix);

/* The same with its table, which may be NULL. */
extern struct route_node *vrfleak_rib_table_node(struct route_table *table,
						 const struct prefix *prefix);

/* What is installed in a target for a prefix. */
extern struct vrfleak_installed vrfleak_rib_installed(struct route_node *rn);

/*
 * Whether a route is a connected or local route that zebra has kept, although
 * its interface is down, has left the VRF, or no longer has the address. It is
 * not leaked.
 */
extern bool vrfleak_rib_left_over(const struct route_entry *re,
				  const struct prefix *prefix);

/* The route that a VRF could leak, whatever the policy, or NULL. */
extern struct route_entry *vrfleak_rib_offered(const struct vrfleak_vrf *source,
					       struct route_node *rn);

/* The route in use that is leaked from source (NULL: from any), or NULL. */
extern struct route_entry *vrfleak_rib_leaked(struct route_node *rn,
					      const struct vrfleak_vrf *source);

/*
 * Whether the kernel has refused the route leaked from source. It may have been
 * withdrawn, but not unlinked yet.
 */
extern bool vrfleak_rib_refused(struct route_node *rn,
				const struct vrfleak_vrf *source);

/*
 * Whether the kernel may not have a leaked route of the node: zebra did not
 * hand the route over, or the kernel has refused it, has not replied yet, or
 * has deleted it with a link or an address. The route may have been withdrawn,
 * but not unlinked yet.
 */
extern bool vrfleak_rib_missing(struct route_node *rn, enum vrfleak_af af);

/*
 * Whether zebra has yet to unlink a withdrawn leaked route of the node, or
 * waits for the kernel's reply about one.
 */
extern bool vrfleak_rib_unfinished(struct route_node *rn);

/* The source of a leaked route that is not in use, or 0. */
extern uint32_t vrfleak_rib_unused(struct route_node *rn);

/* The active native route, the best one if there are several, or NULL. */
extern struct route_entry *vrfleak_rib_native(struct route_node *rn);

/*
 * Whether the VRF has a default route without next hops (unreachable, blackhole
 * or prohibit), in use or not: without another default, zebra or the kernel
 * uses it.
 */
extern bool vrfleak_rib_has_unreachable_default(const struct vrfleak_vrf *vrf,
						enum vrfleak_af af);

/*
 * Withdraw the route leaked from source, in use or not. Returns whether there
 * was one.
 */
extern bool vrfleak_rib_withdraw(struct route_node *rn,
				 const struct vrfleak_vrf *source);

/* Which active native routes of the system there are. */
struct vrfleak_origin {
	/* A connected or local route. */
	bool interface;
	/* One of these whose interface no longer has the address. */
	bool left_over;
	bool kernel;
};
extern struct vrfleak_origin vrfleak_rib_origin(struct route_node *rn);

/*
 * Split horizon: whether a source's route leads into the target, so that it is
 * not leaked there. The target has that route itself, or has had it.
 */
extern bool vrfleak_rib_returns(const struct route_entry *re,
				const struct vrfleak_vrf *target);

/*
 * Whether bgpd has imported a route from a VRF where it is a leaked one: it was
 * redistributed there into BGP. It is not leaked on, like any leaked route.
 */
extern bool vrfleak_rib_imported(const struct route_entry *re,
				 const struct prefix *prefix);

/* Set the distances of leaked routes, for vrfleak_rib_imported(); copied. */
extern void vrfleak_rib_distances_set(const struct vrfleak_policy *policy);

/* Whether routes of a prefix may be leaked at all. */
extern bool vrfleak_rib_leakable(const struct prefix *prefix);

/* Whether a leaked route of the entry goes through the source's VRF device. */
extern bool vrfleak_rib_through_vrf(const struct route_entry *re,
				    const struct vrfleak_vrf *source);

/*
 * Walk a VRF's table from after *done (from its start if !*started) until
 * visit returns false, and then sets *done, or the table ends. Sets *started
 * before the first visit. Returns whether the end was reached. source is the
 * VRF that the node's leaked route came from, or NULL; leaked is that route, or
 * NULL if it is not in use.
 */
struct vrfleak_rib_at {
	/* Valid, as a pointer too, until visit returns. */
	const struct prefix *prefix;
	struct route_node *rn;
	struct route_entry *leaked;
	struct vrfleak_vrf *source;
};
typedef bool (*vrfleak_rib_visit)(const struct vrfleak_rib_at *at, void *arg);
extern bool vrfleak_rib_walk(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
			     struct prefix *done, bool *started,
			     vrfleak_rib_visit visit, void *arg);

#endif /* _VRFLEAK_RIB_RIB_VIEW_H */
