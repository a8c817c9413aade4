// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the state of the interfaces that leaked routes use: when each went
 * down.
 *
 * When an interface goes down, the kernel deletes the routes through it from
 * all tables. When it is up again, zebra installs only the routes that its
 * clients send again. A leaked route that has not changed is then in zebra's
 * RIB, but not in the kernel: it must be installed again. Zebra 10.7 does not
 * update the kernel when a route replaces one with the same next-hop group, so
 * the old one must be withdrawn first.
 *
 * Invariants:
 *  - An interface is known from the first leaked route through it until it is
 *    deleted and all leaked routes have been checked since.
 *  - Whether it has gone down is read from zebra each time that it is needed,
 *    so no event can be late.
 *  - A lost route is installed again once for each time that its interface was
 *    found to have gone down. Times are in seconds; within a second, zebra's
 *    dataplane sequence determines the order.
 */
#ifndef _VRFLEAK_RIB_LINK_STATE_H
#define _VRFLEAK_RIB_LINK_STATE_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_links_init(void);
extern void vrfleak_links_finish(void);

/* A leaked route with these next hops is about to be handed to zebra. */
extern void vrfleak_link_note(const struct nexthop_group *nexthops);

/*
 * The kernel has reported that an interface lost an IPv4 address. With the last
 * address, the kernel deletes the IPv4 routes through the interface.
 */
extern void vrfleak_link_address_gone(ifindex_t ifindex);

/*
 * Forget the interfaces that were deleted, or all of them. Call this when no
 * leaked route uses a deleted one.
 */
extern void vrfleak_links_forget(bool all);

/* Whether the kernel may have deleted a leaked route that zebra has. */
extern bool vrfleak_link_lost(const struct route_entry *leaked,
			      enum vrfleak_af af);

#endif /* _VRFLEAK_RIB_LINK_STATE_H */
