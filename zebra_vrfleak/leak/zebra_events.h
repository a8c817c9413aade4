// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: notices changes in zebra and in the kernel, and queues the affected
 * prefixes and VRFs.
 *
 *   rib_update hook ---> queue the prefix; no decision is made in the hook
 *   rib_shutdown hook, interface hooks, netlink messages
 *                   ---> scan zebra's VRFs and interface routes: soon, and
 *                        again after 15 ms ... 2 s, because zebra may not
 *                        have processed the change yet
 *
 * Zebra has no hook for the creation or deletion of a VRF, so its list of VRFs
 * is compared with the module's. It has no hook for the withdrawal of
 * connected, local and kernel routes either (silent_withdrawals.h).
 *
 * Invariants:
 *  - A hook costs O(1), and does nothing for a VRF without tags. While no VRF
 *    has tags, only the interface hooks (if_add, if_del) are registered.
 *  - Without changes, there are no scans and no timers. There are two
 *    exceptions, with one scan a second: no netlink socket can be opened, or
 *    'ip import-table' imports a VRF's table. No hook reports their end.
 */
#ifndef _VRFLEAK_LEAK_ZEBRA_EVENTS_H
#define _VRFLEAK_LEAK_ZEBRA_EVENTS_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_events_init(struct vrfleak_event_loop *loop);
extern void vrfleak_events_finish(void);

/* The policy has changed, or VRFs may be bound again: scan now. */
extern void vrfleak_events_rescan(void);

/* Kernel routes may have gone from the RIB without a report: scan all. */
extern void vrfleak_events_rescan_routes(void);

#endif /* _VRFLEAK_LEAK_ZEBRA_EVENTS_H */
