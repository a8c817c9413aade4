// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what differs between FRR versions about routes, behind functions
 * that are the same in all. Included by compat.h alone.
 */
#ifndef _VRFLEAK_BASE_COMPAT_ROUTE_H
#define _VRFLEAK_BASE_COMPAT_ROUTE_H

static inline afi_t vrfleak_af_afi(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? AFI_IP : AFI_IP6;
}

/* A new route entry, with a 16-bit instance: zebra's argument has 8. */
extern struct route_entry *
vrfleak_route_entry_new(vrf_id_t vrf_id, int type, uint16_t instance,
			uint32_t table_id, uint32_t metric, uint32_t mtu,
			uint8_t distance, route_tag_t tag);

/* For one that zebra has not been given. */
extern void vrfleak_route_entry_free(struct route_entry *re);

/* The size of a route entry, as zebra allocates them. */
extern size_t vrfleak_route_entry_size(void);

/*
 * Hand a route to zebra, which takes re in any case; the next hops are
 * copied, and freed here. Returns whether it was taken.
 */
extern bool vrfleak_route_add(afi_t afi, struct prefix *prefix,
			      struct route_entry *re,
			      struct nexthop_group *group);

/* The same, by a group that zebra has, by its id. */
extern bool vrfleak_route_add_by_group(afi_t afi, struct prefix *prefix,
				       struct route_entry *re, uint32_t group);

/*
 * Zebra's group of some next hops, made if need be, with a reference that is
 * the caller's; NULL where there is none. The next hops stay with the caller.
 */
extern struct nhg_hash_entry *vrfleak_nhe_hold(enum vrfleak_af af,
					       struct nexthop_group *nexthops);
extern void vrfleak_nhe_release(struct nhg_hash_entry *nhe);

/*
 * Whether a route-map lets a route pass with one of its next hops, which its
 * 'set' clauses change. One that does not exist lets nothing pass.
 */
extern bool vrfleak_route_map_permits(const char *name,
				      const struct route_entry *re,
				      const struct prefix *prefix,
				      struct nexthop *nexthop);

/*
 * Call visit once with the object by which zebra's match clauses see a route
 * with one of its next hops. The object is valid until visit returns.
 */
extern void vrfleak_route_map_object(const struct route_entry *re,
				     const struct prefix *prefix,
				     struct nexthop *nexthop,
				     void (*visit)(void *object, void *arg),
				     void *arg);

/* How many IPv4 addresses zebra knows of an interface. */
static inline uint32_t vrfleak_ipv4_addresses(const struct interface *ifp)
{
	const struct connected *connected;
	uint32_t count = 0;
#if VRFLEAK_FRR_VERSION_NUMBER < 1000
	struct listnode *node;

	for (ALL_LIST_ELEMENTS_RO(ifp->connected, node, connected))
		count += connected->address->family == AF_INET;
#else
	frr_each (if_connected_const, ifp->connected, connected)
		count += connected->address->family == AF_INET;
#endif
	return count;
}

/* How many prefixes and routes wait for zebra to process them. */
extern uint32_t vrfleak_zebra_backlog(void);

/* Whether nothing waits for zebra, or for the kernel. */
extern bool vrfleak_zebra_idle(void);

/*
 * When a VRF is deleted, zebra (since 10.4) drops its nodes from the queue. It
 * keeps the nodes with kernel routes for a later VRF of the same table. They
 * stay marked as queued, so zebra never processes them again. If the node is
 * one of these, queue it and return true. This can be determined only while
 * zebra's queue is empty.
 */
static inline bool vrfleak_zebra_requeue(struct route_node *rn)
{
#if VRFLEAK_FRR_VERSION_NUMBER >= 1004
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

/* Whether zebra has swept what it found in the kernel when it started. */
extern bool vrfleak_zebra_is_swept(void);

/* Whether 'ip import-table' uses a table. */
extern bool vrfleak_table_is_imported(uint32_t table_id);

/*
 * compat_import.c: prevent zebra's aborts, until
 * vrfleak_import_finish().
 */
extern void vrfleak_import_init(void);
extern void vrfleak_import_finish(void);

#endif /* _VRFLEAK_BASE_COMPAT_ROUTE_H */
