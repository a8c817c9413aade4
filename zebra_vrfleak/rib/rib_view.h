// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra's RIB: what is in it, and taking out of it. vrfleak_offer puts
 * in, and nothing else touches it.
 *
 * The RIB is the database: a leaked route is a route entry of type table with
 * the source's instance, in the target's own table, distance 254. Nothing else
 * says that a route is leaked.
 *
 * Three kinds of route entry in a VRF:
 *   leaked   type table, with the instance of a known VRF and distance 254.
 *            Only one that is in use counts as leaked: zebra has selected it,
 *            has a usable next hop for it, and the kernel has not refused it.
 *            Any other is unused: it is not shown and not counted, and the
 *            next decision about its prefix withdraws it, unless zebra has yet
 *            to process it.
 *   guard    the unreachable kernel route of distance 255 that keeps a VRF
 *            from falling through to the main table, or a route from before
 *            zebra's start (stale_routes.h): it is not leaked, and does not
 *            block a leak
 *   native   every other
 */
#ifndef _VRFLEAK_RIB_RIB_VIEW_H
#define _VRFLEAK_RIB_RIB_VIEW_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/vrf.h"

#define VRFLEAK_DISTANCE 254

/* The kernel's answer counts as lost after so many seconds. */
#define VRFLEAK_ANSWER_SECONDS 300

/* Whether zebra still waits for the kernel's answer about a leaked route. */
extern bool vrfleak_rib_answer_awaited(const struct route_entry *leaked);

/* The VRF's own unicast table; NULL when the VRF is not there. */
extern struct route_table *vrfleak_rib_table(const struct vrfleak_vrf *vrf,
					     enum vrfleak_af af);

/*
 * The VRF whose own unicast table the node is in, or NULL where the policy
 * names no such VRF. For the rib_update hook: O(1).
 */
extern struct vrfleak_vrf *vrfleak_rib_node_vrf(struct route_node *rn);

/*
 * The VRF number of the source of a leaked route of the node that is being
 * removed, or 0. Zebra may be doing so of its own, so the source is asked.
 */
extern uint32_t vrfleak_rib_node_lost(struct route_node *rn);

/*
 * The node's route, and its source, if it is a leaked one in use and the
 * node's only route; else NULL. For the rib_update hook: O(1).
 */
extern const struct route_entry *
vrfleak_rib_node_confirmed(struct route_node *rn, struct vrfleak_vrf **source);

/*
 * A decision about a prefix of target begins, and ends: between, the event loop
 * does not go on, so that each table need be searched for the prefix only once.
 * What is asked in between is asked with this same pointer. rn is the node in
 * source's table, where that is known; else both are NULL.
 */
extern void vrfleak_rib_lookup_begin(const struct prefix *prefix,
				     const struct vrfleak_vrf *target,
				     const struct vrfleak_vrf *source,
				     struct route_node *rn);
extern void vrfleak_rib_lookup_end(void);

/* Whether a decision about this prefix, by this pointer, is going on. */
extern bool vrfleak_rib_lookup_active(const struct prefix *prefix);

/* Whether the VRF's table for the prefix's family is there. */
extern bool vrfleak_rib_has_table(const struct vrfleak_vrf *vrf,
				  const struct prefix *prefix);

/* The prefix's node in the VRF, or NULL; valid until the event loop goes on. */
extern struct route_node *vrfleak_rib_node(const struct vrfleak_vrf *vrf,
					   const struct prefix *prefix);

/* What the target has for a prefix. */
extern struct vrfleak_installed
vrfleak_rib_installed(const struct vrfleak_vrf *target,
		      const struct prefix *prefix);

/*
 * The route that the VRF may leak for a prefix, policy apart, or NULL. Valid
 * until the event loop goes on.
 */
extern struct route_entry *vrfleak_rib_offered(const struct vrfleak_vrf *source,
					       const struct prefix *prefix);

/* Whether there is one, at a node of the source's table. */
extern bool vrfleak_rib_node_offers(const struct vrfleak_vrf *source,
				    struct route_node *rn);

/* Whether a prefix is one that is leaked at all. */
extern bool vrfleak_rib_leakable(const struct prefix *prefix);

/* From where in the system a node's active native routes are; NULL: none. */
struct vrfleak_origin {
	/* Connected or local. */
	bool interface;
	bool kernel;
};
extern struct vrfleak_origin vrfleak_rib_node_origin(struct route_node *rn);

/* Whether a leaked route of the entry goes through the source's VRF device. */
extern bool vrfleak_rib_through_vrf(const struct route_entry *re,
				    const struct vrfleak_vrf *source);

/* Withdraw the leaked route, if there is one, in use or not. */
extern void vrfleak_rib_withdraw(const struct vrfleak_vrf *source,
				 const struct vrfleak_vrf *target,
				 const struct prefix *prefix);

/* The source of a leaked route that is not in use, or 0. */
extern uint32_t vrfleak_rib_unused(const struct vrfleak_vrf *target,
				   const struct prefix *prefix);

/*
 * The route leaked from source in target, in use, or NULL. Valid until the
 * event loop goes on.
 */
extern struct route_entry *vrfleak_rib_leaked(const struct vrfleak_vrf *source,
					      const struct vrfleak_vrf *target,
					      const struct prefix *prefix);

/* The active native route of a prefix, or NULL; valid as above. */
extern struct route_entry *vrfleak_rib_native(const struct vrfleak_vrf *vrf,
					      const struct prefix *prefix);

/*
 * Walk a VRF's table from after *done (from its start if !*started) until
 * visit returns false or the table ends; sets *done and *started. Returns
 * whether the end was reached. source is the VRF that the node's leaked route
 * came from, or NULL; leaked is that route, or NULL if it is not in use.
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
