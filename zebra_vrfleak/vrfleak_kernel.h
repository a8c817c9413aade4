// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the routes that the kernel has from zebra (protocol zebra, as
 * leaked ones are), over rtnetlink(7).
 *
 * Zebra reads the kernel's routes once, at its start; this is for looking
 * again at what it may have missed then.
 */
#ifndef _VRFLEAK_KERNEL_H
#define _VRFLEAK_KERNEL_H

#include "lib/prefix.h"

#include "zebra_vrfleak/vrfleak_compat.h"

struct vrfleak_kernel_route {
	struct prefix prefix;
	uint32_t table_id;
	/* The kernel's own metric; 0 where the route has none. */
	uint32_t priority;
	/* Of the kernel's next-hop object; 0 where the route has none. */
	uint32_t nexthop_id;
	/* RTPROT_... */
	uint8_t protocol;
	uint8_t type, scope;
};

struct nlmsghdr;

/* Read a message about a route; false where it is not about one of ours. */
extern bool vrfleak_kernel_route_read(struct nlmsghdr *header,
				      struct vrfleak_kernel_route *route);

/* Called for each route; whether the kernel shall delete it. */
typedef bool (*vrfleak_kernel_visit)(const struct vrfleak_kernel_route *route);

/*
 * Called once at the end, with whether all went well. What did not is in the
 * log.
 */
typedef void (*vrfleak_kernel_done)(bool complete);

/*
 * Look at all of zebra's routes in all tables, IPv4 first, some hundred of
 * them per event. A walk that is under way is given up for the new one.
 */
extern void vrfleak_kernel_walk(struct vrfleak_event_loop *loop,
				vrfleak_kernel_visit visit,
				vrfleak_kernel_done done);

/* Give up the walk that is under way, if any; done is not called. */
extern void vrfleak_kernel_stop(void);

#endif /* _VRFLEAK_KERNEL_H */
