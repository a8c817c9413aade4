// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: runs the queued work within time budgets.
 *
 *   zebra_events, policy_apply, clear ---> queue
 *                                            |
 *         scheduler: changed_prefixes, then table_walk
 *                                            |
 *                                       leak_prefix ---> RIB, conflicts
 *
 * Invariants:
 *  - An event blocks the event loop for a few milliseconds at most.
 *  - A lost event may delay a change, but never causes a wrong route: each
 *    decision is computed from the RIB and the policy.
 */
#ifndef _VRFLEAK_LEAK_SCHEDULER_H
#define _VRFLEAK_LEAK_SCHEDULER_H

#include "zebra_vrfleak/base/compat.h"

/* Start and stop the whole layer. */
extern void vrfleak_scheduler_init(struct vrfleak_event_loop *loop);
extern void vrfleak_scheduler_finish(void);

/* Whether work is left, so that routes and conflicts may still change. */
extern bool vrfleak_scheduler_busy(void);

#endif /* _VRFLEAK_LEAK_SCHEDULER_H */
