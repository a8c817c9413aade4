// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the routes that the kernel has from zebra (protocol zebra, as
 * leaked ones are), over rtnetlink(7).
 *
 * Zebra reads the kernel's routes once, at its start; this is for looking
 * again at what it may have missed then.
 */
#ifndef _VRFLEAK_RIB_KERNEL_ROUTES_H
#define _VRFLEAK_RIB_KERNEL_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/netlink_reader.h"

/* Called for each route; whether the kernel shall delete it. */
typedef bool (*vrfleak_kernel_visit)(const struct vrfleak_kernel_route *route);

/*
 * Called once at the end. complete: all routes were visited. It is false if
 * the kernel reports an error, which is in the log, and if routes changed
 * meanwhile in a way that may have hidden others.
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

#endif /* _VRFLEAK_RIB_KERNEL_ROUTES_H */
