// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the time budget of an event, which limits how long it may block
 * zebra's main thread; and statistics of the time that events took.
 *
 * Time is measured by the clock and by the thread's CPU time, as in "show event
 * cpu". They differ if the thread has lost its CPU during the event.
 *
 * An event begins a budget, passes it to all that it calls, and ends it.
 */
#ifndef _VRFLEAK_BASE_TIME_BUDGET_H
#define _VRFLEAK_BASE_TIME_BUDGET_H

#include "zebra_vrfleak/base/compat.h"

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

/* The time budget of one event. */
struct vrfleak_budget {
	/* When it began, by the clock and by CPU time. */
	RUSAGE_T begun;
	/* monotime() microseconds. */
	int64_t end;
	/* When the clock was last read, and the steps since then. */
	int64_t read;
	uint32_t steps;
	/* There was an offer with route-maps since then. */
	bool filtered;
	/* The steps for which an offer with route-maps counts. */
	uint32_t filtered_steps;
	bool over;
};

extern void vrfleak_budget_begin(struct vrfleak_budget *budget);

/*
 * Count a prefix. Returns whether there is time for another one; after it has
 * returned false, it always does.
 */
extern bool vrfleak_budget_in_time(struct vrfleak_budget *budget);

/*
 * Count the resolution of an offer: a prefix may have hundreds. filtered:
 * route-maps were applied, which may have thousands of entries. Then the clock
 * is read when the next prefix is counted, or, while they turn out to be quick,
 * after a few prefixes.
 */
extern void vrfleak_budget_offer(struct vrfleak_budget *budget, bool filtered);

/* Add to the statistics. */
extern void vrfleak_budget_end(struct vrfleak_budget *budget);

/*
 * The time that an answer to a query may take. It is CPU time of this thread,
 * so that the answer does not depend on other load. In a virtual machine this
 * clock may run on while the machine waits. So each answer has some entries
 * whatever the time: short answers are always complete.
 */
struct vrfleak_answer {
	/* In microseconds of CPU time. */
	int64_t end;
	/* The entries left for which the time does not count. */
	uint32_t least;
	/* Its time is up; the remaining entries are omitted. */
	bool over;
};

/* To collect what is shown. Printing it takes about as long again. */
#define VRFLEAK_ANSWER_USEC 20000

/* least: how many entries, in the caller's unit, the answer has at least. */
extern void vrfleak_answer_begin(struct vrfleak_answer *answer, uint32_t usec,
				 uint32_t least);

/*
 * Returns whether there is time for an entry; after false, it always returns
 * false.
 */
extern bool vrfleak_answer_in_time(struct vrfleak_answer *answer);

/* monotime() seconds at the start of the budget. */
static inline int64_t vrfleak_budget_now(const struct vrfleak_budget *budget)
{
	return budget->begun.real.tv_sec;
}

/* By the clock. */
extern const struct vrfleak_budget_figures *vrfleak_budget_elapsed(void);

/* By CPU time; all 0 under "no service cputime-stats". */
extern const struct vrfleak_budget_figures *vrfleak_budget_cpu(void);

#endif /* _VRFLEAK_BASE_TIME_BUDGET_H */
