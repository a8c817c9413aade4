// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: runs the queued table walks (queue.h) within time budgets.
 *
 * Between two events, a walk stores only its last prefix, and no pointer to
 * data of zebra. So tables and VRFs may change or be deleted meanwhile.
 */
#ifndef _VRFLEAK_LEAK_TABLE_WALK_H
#define _VRFLEAK_LEAK_TABLE_WALK_H

#include "zebra_vrfleak/base/time_budget.h"

/* Continue the first walk within the budget. Returns whether there was any. */
extern bool vrfleak_walk_run(struct vrfleak_budget *budget);

/* Sort the queued import scans by the ranks of a new policy. */
extern void vrfleak_walk_rerank(void);

#endif /* _VRFLEAK_LEAK_TABLE_WALK_H */
