// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what differs between FRR versions. The only file with conditions
 * on the version; everything else uses the names that this one gives.
 *
 * The functions of the event loop go by the names that they have since FRR 9.
 */
#ifndef _VRFLEAK_COMPAT_H
#define _VRFLEAK_COMPAT_H

#include "lib/thread.h"
#include "lib/nexthop_group.h"
#include "zebra/rib.h"
#include "zebra/zebra_router.h"

#define vrfleak_event thread
#define vrfleak_event_loop thread_master
#define event_add_event thread_add_event
#define event_add_timer thread_add_timer
#define event_add_timer_msec thread_add_timer_msec
#define event_add_read thread_add_read
#define event_cancel thread_cancel

/*
 * Since FRR 10 the router's own addresses are routes of their own (type
 * local); before, a connected prefix must stand for them too.
 */
#define VRFLEAK_HAVE_LOCAL_ROUTES 0

/*
 * A new route entry, with a 16-bit instance: in FRR 8.4 the argument has 8.
 */
static inline struct route_entry *
vrfleak_route_entry_new(vrf_id_t vrf_id, int type, uint16_t instance,
			uint32_t table_id, uint32_t metric, uint32_t mtu,
			uint8_t distance, route_tag_t tag)
{
	struct route_entry *re;

	re = zebra_rib_route_entry_new(vrf_id, type, 0, 0, 0, table_id, metric,
				       mtu, distance, tag);
	re->instance = instance;
	return re;
}

/* The size of a route entry, as zebra allocates them. */
static inline size_t vrfleak_route_entry_size(void)
{
	struct route_entry *re;
	size_t size;

	re = zebra_rib_route_entry_new(VRF_DEFAULT, ZEBRA_ROUTE_TABLE, 0, 0, 0,
				       0, 0, 0, 0, 0);
	size = MTYPE_RE->size;
	XFREE(MTYPE_RE, re);
	return size;
}

/*
 * Hand a route to zebra, which takes re in any case; the next hops are
 * copied, and freed here. Returns whether it was taken.
 */
static inline bool vrfleak_route_add(afi_t afi, struct prefix *prefix,
				     struct route_entry *re,
				     struct nexthop_group *group)
{
	int ret = rib_add_multipath(afi, SAFI_UNICAST, prefix, NULL, re, group,
				    false);

	nexthop_group_delete(&group);
	return ret >= 0;
}

/* How many prefixes and routes wait for zebra to process them. */
static inline uint32_t vrfleak_zebra_backlog(void)
{
	return zrouter.mq ? zrouter.mq->size : 0;
}

/* Whether zebra has swept what it found in the kernel when it started. */
static inline bool vrfleak_zebra_is_swept(void)
{
	return !zrouter.sweeper;
}

#endif /* _VRFLEAK_COMPAT_H */
