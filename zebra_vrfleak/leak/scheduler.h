// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: runs what is queued, within time budgets.
 *
 *   zebra_events, policy_apply, clear ---> queue
 *                                            |
 *         scheduler: changed_prefixes, then table_walk
 *                                            |
 *                                       leak_prefix ---> RIB, conflicts
 *
 * Invariants:
 *  - The event loop is held for no longer than a few milliseconds at a time.
 *  - Losing an event may delay, never corrupt: everything is computed again
 *    from the RIB and the policy.
 */
#ifndef _VRFLEAK_LEAK_SCHEDULER_H
#define _VRFLEAK_LEAK_SCHEDULER_H

#include "zebra_vrfleak/base/compat.h"

/* Start and stop the whole layer. */
extern void vrfleak_scheduler_init(struct vrfleak_event_loop *loop);
extern void vrfleak_scheduler_finish(void);

/* Whether work is left, so that what is shown may still change. */
extern bool vrfleak_scheduler_busy(void);

#endif /* _VRFLEAK_LEAK_SCHEDULER_H */
