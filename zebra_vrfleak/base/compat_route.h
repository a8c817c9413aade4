// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: functions for routes that hide the differences between FRR versions.
 * Only compat.h includes this file.
 */
#ifndef _VRFLEAK_BASE_COMPAT_ROUTE_H
#define _VRFLEAK_BASE_COMPAT_ROUTE_H

static inline afi_t vrfleak_af_afi(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? AFI_IP : AFI_IP6;
}

/*
 * Create a route entry with an instance of 16 bits; the argument of zebra's
 * function has only 8.
 */
extern struct route_entry *
vrfleak_route_entry_new(vrf_id_t vrf_id, int type, uint16_t instance,
			uint32_t table_id, uint32_t metric, uint32_t mtu,
			uint8_t distance, route_tag_t tag);

/* Free a route entry that was not handed to zebra. */
extern void vrfleak_route_entry_free(struct route_entry *re);

/*
 * Hand a route to zebra. It takes ownership of re and group in any case.
 * Returns whether zebra accepted the route.
 */
extern bool vrfleak_route_add(afi_t afi, struct prefix *prefix,
			      struct route_entry *re,
			      struct nexthop_group *group);

/* The same with an existing next-hop group, by its id. */
extern bool vrfleak_route_add_by_group(afi_t afi, struct prefix *prefix,
				       struct route_entry *re, uint32_t group);

/*
 * Find or create zebra's group of next hops, with a reference that the caller
 * releases. Returns NULL on failure. The caller keeps nexthops.
 */
extern struct nhg_hash_entry *vrfleak_nhe_hold(enum vrfleak_af af,
					       struct nexthop_group *nexthops);
extern void vrfleak_nhe_release(struct nhg_hash_entry *nhe);

/*
 * Whether a route-map permits a route with one of its next hops, which the
 * 'set' clauses change. 'match tag' compares tag instead of the route's. A
 * route-map that does not exist permits nothing.
 */
extern bool vrfleak_route_map_permits(const char *name,
				      const struct route_entry *re,
				      route_tag_t tag,
				      const struct prefix *prefix,
				      struct nexthop *nexthop);

/*
 * Call visit once with the object by which zebra's match clauses see a route
 * with tag instead of its own and one of its next hops. The object is valid
 * until visit returns.
 */
extern void
vrfleak_route_map_object(const struct route_entry *re, route_tag_t tag,
			 const struct prefix *prefix, struct nexthop *nexthop,
			 void (*visit)(void *object, void *arg), void *arg);

/* The number of an interface's IPv4 addresses in zebra. */
static inline uint32_t vrfleak_ipv4_addresses(const struct interface *ifp)
{
	const struct connected *connected;
	uint32_t count = 0;
#ifdef HAVE_FRR_CONNECTED_TYPESAFE
	frr_each (if_connected_const, ifp->connected, connected)
		count += connected->address->family == AF_INET;
#else
	struct listnode *node;

	for (ALL_LIST_ELEMENTS_RO(ifp->connected, node, connected))
		count += connected->address->family == AF_INET;
#endif
	return count;
}

/*
 * Whether an address that is up is the one of a local route, or makes a
 * connected route.
 */
static inline bool vrfleak_connected_is(const struct connected *connected,
					const struct prefix *prefix, bool local)
{
	struct prefix route;

	if (CHECK_FLAG(connected->conf, ZEBRA_IFC_DOWN) ||
	    connected->address->family != prefix->family)
		return false;
	prefix_copy(&route,
		    local ? connected->address : CONNECTED_PREFIX(connected));
	if (local)
		route.prefixlen = prefix->prefixlen;
	apply_mask(&route);
	return prefix_same(&route, prefix);
}

/* Whether an interface has an address for a local or connected route. */
static inline bool vrfleak_has_address(const struct interface *ifp,
				       const struct prefix *prefix, bool local)
{
	const struct connected *connected;
#ifdef HAVE_FRR_CONNECTED_TYPESAFE
	frr_each (if_connected_const, ifp->connected, connected)
#else
	struct listnode *node;

	for (ALL_LIST_ELEMENTS_RO(ifp->connected, node, connected))
#endif
		if (vrfleak_connected_is(connected, prefix, local))
			return true;
	return false;
}

/* The number of entries in zebra's queue of prefixes and routes. */
extern uint32_t vrfleak_zebra_backlog(void);

/* How many next hops zebra allows in a route: MULTIPATH_NUM, or zebra's -e. */
extern uint32_t vrfleak_zebra_multipath(void);

/* Whether zebra's queue and its queue to the kernel are empty. */
extern bool vrfleak_zebra_idle(void);

/*
 * Whether zebra has read all messages of the kernel and its queue is empty. Its
 * dataplane thread may still work on what it has read: to be sure, ask again
 * later.
 */
extern bool vrfleak_zebra_caught_up(void);

/*
 * When a VRF is deleted, zebra drops its nodes from the queue. FRR 10.4 and
 * later keep the nodes with kernel routes for a later VRF of the same table; up
 * to FRR 10.7 they stay marked as queued, so zebra never processes them again.
 * If the node is one of these, queue it and return true. This can be determined
 * only while zebra's queue is empty, when no node should have the mark. Without
 * MQ_BIT_MASK in zebra's headers, no version keeps nodes.
 */
static inline bool vrfleak_zebra_requeue(struct route_node *rn)
{
#ifdef MQ_BIT_MASK
	rib_dest_t *dest = rib_dest_from_rnode(rn);

	if (!dest || vrfleak_zebra_backlog() ||
	    !CHECK_FLAG(dest->flags, MQ_BIT_MASK))
		return false;
	UNSET_FLAG(dest->flags, MQ_BIT_MASK);
	rib_queue_add(rn);
	return true;
#else
	return false;
#endif
}

/* Whether zebra has swept the routes that it read from the kernel at start. */
extern bool vrfleak_zebra_is_swept(void);

/*
 * The flag of a route that the module has leaked, in route_entry.flags. FRR
 * uses the low bits (lib/zclient.h). 'ip import-table' makes routes of the same
 * type and instance, with any distance. It copies this flag only from a table
 * that has leaked routes already when it is configured.
 */
#define VRFLEAK_ZEBRA_FLAG_LEAKED 0x80000000U

static inline bool vrfleak_route_is_leaked(const struct route_entry *re)
{
	return re->type == ZEBRA_ROUTE_TABLE &&
	       CHECK_FLAG(re->flags, VRFLEAK_ZEBRA_FLAG_LEAKED);
}

/* Whether 'ip import-table' imports the table. */
extern bool vrfleak_table_is_imported(uint32_t table_id);

/* Whether 'ip import-table' imports any table. */
extern bool vrfleak_any_table_is_imported(void);

/*
 * compat_queue.c: watch zebra's queue of prefixes, and prevent aborts of zebra
 * there, until vrfleak_zebra_queue_finish().
 */
extern void vrfleak_zebra_queue_init(void);
extern void vrfleak_zebra_queue_finish(void);

/*
 * Have watch called with each prefix that zebra is about to process, perhaps
 * more than once; NULL for no calls. It must not change the RIB.
 */
extern void vrfleak_zebra_watch(void (*watch)(struct route_node *rn));

#endif /* _VRFLEAK_BASE_COMPAT_ROUTE_H */
