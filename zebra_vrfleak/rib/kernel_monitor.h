// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: monitors the kernel's events over rtnetlink(7): changes of links,
 * and deletions of addresses and routes.
 *
 * Zebra receives the same events independently, and may process them later. So
 * an event only means that zebra's state must be compared again, now and later.
 *
 * Not reported: routes of the protocols that zebra itself installs.
 */
#ifndef _VRFLEAK_RIB_KERNEL_MONITOR_H
#define _VRFLEAK_RIB_KERNEL_MONITOR_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/kernel_routes.h"

struct vrfleak_monitor_calls {
	/* A link was added, changed or deleted. down: it carries no traffic. */
	void (*link)(bool down);
	/* An address was deleted; ifindex is 0 unless it was an IPv4 one. */
	void (*address_gone)(ifindex_t ifindex);
	void (*route_gone)(const struct vrfleak_kernel_route *route);
	/* Events were lost, because the socket's buffer was full. */
	void (*lost)(void);
};

/*
 * Start the monitor. Route deletions are monitored only if zebra does not
 * report all of them (VRFLEAK_HAVE_SILENT_WITHDRAWALS). calls must stay valid.
 * If the socket cannot be opened, logs an error and returns false.
 */
extern bool vrfleak_monitor_start(struct vrfleak_event_loop *loop,
				  const struct vrfleak_monitor_calls *calls);
extern void vrfleak_monitor_stop(void);

#endif /* _VRFLEAK_RIB_KERNEL_MONITOR_H */
