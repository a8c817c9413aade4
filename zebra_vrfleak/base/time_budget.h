// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the time budget of an event, which limits how long it may block
 * zebra's main thread; and statistics of the time that events took.
 *
 * Time is measured by the clock and by the thread's CPU time, as in "show event
 * cpu". They differ if the thread has lost its CPU during the event.
 *
 * Invariant: budgets do not nest.
 */
#ifndef _VRFLEAK_BASE_TIME_BUDGET_H
#define _VRFLEAK_BASE_TIME_BUDGET_H

#include "zebra_vrfleak/core/prefix_queue.h"

/* Upper bounds of the histogram's classes, microseconds; the last has none. */
#define VRFLEAK_BUDGET_CLASSES 6
extern const uint32_t vrfleak_budget_class_usec[VRFLEAK_BUDGET_CLASSES - 1];

/* Durations of all events with a budget since the start, microseconds. */
struct vrfleak_budget_figures {
	/* The number of events, by class of duration. */
	uint64_t count[VRFLEAK_BUDGET_CLASSES];
	uint64_t longest;
	uint64_t total;
};

/* Start the budget of an event. */
extern void vrfleak_budget_begin(struct vrfleak_budget *budget);

/* Count a prefix. Returns whether there is time for another one. */
extern bool vrfleak_budget_in_time(struct vrfleak_budget *budget);

/* Count the evaluation of an offer: a prefix may have hundreds. */
extern void vrfleak_budget_offer(void);

/*
 * Count the application of a route-map, which may have thousands of entries:
 * the clock is read when the next prefix is counted.
 */
extern void vrfleak_budget_route_map(void);

/* End the budget that was started last, and add to the statistics. */
extern void vrfleak_budget_end(void);

/* monotime() seconds at the start of the present budget. */
extern int64_t vrfleak_budget_now(void);

/* By the clock. */
extern const struct vrfleak_budget_figures *vrfleak_budget_elapsed(void);

/* By CPU time; all 0 under "no service cputime-stats". */
extern const struct vrfleak_budget_figures *vrfleak_budget_cpu(void);

#endif /* _VRFLEAK_BASE_TIME_BUDGET_H */
