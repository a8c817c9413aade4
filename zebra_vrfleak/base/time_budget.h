// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: slices, how long an event of ours may hold zebra's main thread, and
 * how long they did.
 *
 * By the clock, and by the thread's own CPU time, as "show event cpu" has both:
 * where more threads are ready than there are CPUs, the main thread may lose
 * its CPU inside of a slice. Slices do not nest.
 */
#ifndef _VRFLEAK_BASE_TIME_BUDGET_H
#define _VRFLEAK_BASE_TIME_BUDGET_H

#include "zebra_vrfleak/core/prefix_queue.h"

/* Upper ends of the classes of durations, microseconds; the last has none. */
#define VRFLEAK_BUDGET_CLASSES 6
extern const uint32_t vrfleak_budget_class_usec[VRFLEAK_BUDGET_CLASSES - 1];

/* Durations of all slices since the start, microseconds. */
struct vrfleak_budget_figures {
	/* How many slices there were, by class. */
	uint64_t count[VRFLEAK_BUDGET_CLASSES];
	uint64_t longest;
	uint64_t total;
};

/* A slice from now on, of the time that one event may take. */
extern void vrfleak_budget_begin(struct vrfleak_budget *budget);

/* Count a prefix; whether there is time for another. */
extern bool vrfleak_budget_in_time(struct vrfleak_budget *budget);

/* Count an offer that was asked for a prefix: it may be hundreds. */
extern void vrfleak_budget_offer(void);

/*
 * A route-map was applied, which may have thousands of entries: the clock is
 * looked at when the next prefix is counted.
 */
extern void vrfleak_budget_route_map(void);

/* The slice that was begun last is over: count it. */
extern void vrfleak_budget_end(void);

/* monotime() seconds at the begin of the present slice. */
extern int64_t vrfleak_budget_now(void);

/* By the clock. */
extern const struct vrfleak_budget_figures *vrfleak_budget_elapsed(void);

/* By CPU time; all 0 under "no service cputime-stats". */
extern const struct vrfleak_budget_figures *vrfleak_budget_cpu(void);

#endif /* _VRFLEAK_BASE_TIME_BUDGET_H */
