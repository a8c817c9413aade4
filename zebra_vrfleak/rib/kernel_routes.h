// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: walks zebra's routes in the kernel over rtnetlink(7), and deletes
 * some of them. Leaked routes have protocol zebra.
 *
 * Zebra reads the kernel's routes only once, at its start. The module walks
 * them later to find old routes that zebra missed.
 */
#ifndef _VRFLEAK_RIB_KERNEL_ROUTES_H
#define _VRFLEAK_RIB_KERNEL_ROUTES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/netlink_reader.h"

/* Called for each route. Returns whether to delete it from the kernel. */
typedef bool (*vrfleak_kernel_visit)(const struct vrfleak_kernel_route *route);

/*
 * Called once at the end. complete: all routes were visited. It is false after
 * an error, which is logged, and if routes that changed during the walk may
 * have hidden others.
 */
typedef void (*vrfleak_kernel_done)(bool complete);

/*
 * Visit zebra's routes in all tables, IPv4 first, some hundred per event. A
 * walk in progress is cancelled.
 */
extern void vrfleak_kernel_walk(struct vrfleak_event_loop *loop,
				vrfleak_kernel_visit visit,
				vrfleak_kernel_done done);

/* Cancel the walk in progress, if any, without calling done. */
extern void vrfleak_kernel_stop(void);

#endif /* _VRFLEAK_RIB_KERNEL_ROUTES_H */
