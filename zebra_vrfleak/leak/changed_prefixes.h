// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: processes changed prefixes.
 *
 * A prefix is processed with all VRFs in which it changed. There is one
 * decision for each of their targets, with only those changed VRFs that concern
 * it: that offer the prefix, have a route there (in use, unused or pending), or
 * are a candidate. So if a prefix changed in all of N VRFs that leak to each
 * other, there are N decisions, most of them about one source.
 *
 * A VRF may have thousands of targets, so the time budget is checked within a
 * prefix, too.
 */
#ifndef _VRFLEAK_LEAK_CHANGED_PREFIXES_H
#define _VRFLEAK_LEAK_CHANGED_PREFIXES_H

#include "lib/prefix.h"

struct vrfleak_budget;

extern void vrfleak_changed_finish(void);

/*
 * Process the oldest prefix within the budget. Returns whether there was any.
 */
extern bool vrfleak_changed_run(struct vrfleak_budget *budget);

/* After a change of the policy: restart the prefix in progress. */
extern void vrfleak_changed_restart(void);

/* The number of changed prefixes, and of changes merged with another one. */
extern size_t vrfleak_changed_count(void);
extern uint64_t vrfleak_changed_merged(void);

#endif /* _VRFLEAK_LEAK_CHANGED_PREFIXES_H */
