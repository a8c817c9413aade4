// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the kernel tells everybody: that links change, and that
 * addresses and routes go.
 *
 * Zebra hears of it, too, at a time of its own, and may not have come to it
 * when we are told. So this says when to look at zebra, and nothing about what
 * zebra will then have.
 *
 * Routes of protocols that zebra itself installs are not told: zebra knows.
 */
#ifndef _VRFLEAK_RIB_KERNEL_MONITOR_H
#define _VRFLEAK_RIB_KERNEL_MONITOR_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/kernel_routes.h"

struct vrfleak_monitor_calls {
	/* A link has come, changed or gone; down if it carries nothing now. */
	void (*link)(bool down);
	/* The interface that has lost an IPv4 address, or 0. */
	void (*address_gone)(ifindex_t ifindex);
	void (*route_gone)(const struct vrfleak_kernel_route *route);
	/* The kernel had more to tell than there was room for. */
	void (*lost)(void);
};

/*
 * Listen; to routes only if zebra does not report all changes (see
 * VRFLEAK_HAVE_SILENT_WITHDRAWALS). calls stays the caller's. Returns false,
 * with a log line, where the kernel cannot be listened to.
 */
extern bool vrfleak_monitor_start(struct vrfleak_event_loop *loop,
				  const struct vrfleak_monitor_calls *calls);
extern void vrfleak_monitor_stop(void);

#endif /* _VRFLEAK_RIB_KERNEL_MONITOR_H */
