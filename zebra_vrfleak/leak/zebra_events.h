// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: notices changes in zebra and in the kernel, and queues what they
 * concern.
 *
 *   rib_update hook ---> the prefix is queued; nothing is decided in the hook
 *   rib_shutdown hook, interface hooks, netlink messages
 *                   ---> scan zebra's VRFs and interface routes: soon, and
 * again after 15 ms ... 2 s, as zebra may not have processed the change yet
 *
 * Zebra has no hook for a VRF that is created or deleted: its list of VRFs is
 * compared with ours. It has none for connected, local and kernel routes that
 * are withdrawn either (silent_withdrawals.h).
 *
 * Invariants:
 *  - A hook costs O(1), and does nothing for a VRF without tags. Without a
 *    policy no hook is registered.
 *  - When nothing changes, nothing is scanned and no timer runs. There are two
 *    exceptions, with one scan a second: no netlink socket can be opened, or
 *    'ip import-table' uses a VRF's table, as no hook tells when that ends.
 */
#ifndef _VRFLEAK_LEAK_ZEBRA_EVENTS_H
#define _VRFLEAK_LEAK_ZEBRA_EVENTS_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_events_init(struct vrfleak_event_loop *loop);
extern void vrfleak_events_finish(void);

/* The policy has changed, or VRFs may be bound again: scan now. */
extern void vrfleak_events_rescan(void);

#endif /* _VRFLEAK_LEAK_ZEBRA_EVENTS_H */
