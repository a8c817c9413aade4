// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: does the table walks that are queued (queue.h), within time budgets.
 *
 * A walk keeps the prefix up to which it has come, and nothing of zebra's, so
 * that tables and VRFs may change or be deleted while it waits.
 */
#ifndef _VRFLEAK_LEAK_TABLE_WALK_H
#define _VRFLEAK_LEAK_TABLE_WALK_H

#include "zebra_vrfleak/base/time_budget.h"

/* Continue the walks until the budget is used; returns whether there are any.
 */
extern bool vrfleak_walk_run(struct vrfleak_budget *budget);

/* Put the queued import scans in the order of a new policy. */
extern void vrfleak_walk_rerank(void);

#endif /* _VRFLEAK_LEAK_TABLE_WALK_H */
