// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the interfaces that leaked routes go by, and when each went down.
 *
 * When an interface goes down the kernel deletes the routes by it from all
 * tables. When it is up again, zebra installs those that its clients give it
 * anew. A leaked route of which nothing has changed is in zebra's RIB and not
 * in the kernel: it must be installed again. Zebra 10.7 does not tell the
 * kernel of a route that replaces one with the same next-hop group, so that
 * the old one must be withdrawn first.
 *
 * Invariants:
 *  - An interface is known from the first leaked route by it on, until it is
 *    deleted and all leaked routes have been checked since.
 *  - Whether it has gone down is asked of zebra, whenever that matters, so that
 *    no event can come too late. Times are in seconds, so that a route of the
 *    same second as the end of its interface may be installed once too often,
 *    and none is missed.
 */
#ifndef _VRFLEAK_LINK_H
#define _VRFLEAK_LINK_H

#include "zebra_vrfleak/vrfleak_compat.h"

extern void vrfleak_links_init(void);
extern void vrfleak_links_finish(void);

/* Zebra is about to be given a leaked route by these next hops. */
extern void vrfleak_link_note(const struct nexthop_group *nexthops);

/*
 * The kernel says that an interface has lost an IPv4 address. With the last one
 * it deletes the IPv4 routes by the interface.
 */
extern void vrfleak_link_address_gone(ifindex_t ifindex);

/*
 * Forget the interfaces that have gone, or all of them. To be called when no
 * leaked route goes by one that has gone.
 */
extern void vrfleak_links_forget(bool all);

/* Whether the kernel may have deleted a leaked route that zebra has. */
extern bool vrfleak_link_lost(const struct route_entry *leaked,
			      enum vrfleak_af af);

#endif /* _VRFLEAK_LINK_H */
