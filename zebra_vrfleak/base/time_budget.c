// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the time budget of an event, see the header.
 *
 * The clock is read at the start and the end of an event, and only once in some
 * steps in between. Where reading the clock is a system call, it would
 * otherwise be a considerable part of the cost of a route.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/time_budget.h"

/* How long an event may block the event loop. */
#define BUDGET_USEC 3000

const uint32_t vrfleak_budget_class_usec[] = {1000, 2000, 4000, 10000, 100000};

static struct vrfleak_budget_figures elapsed, cpu;
static RUSAGE_T begun;

/* Offers since the last step; expensive work counts as several. */
static uint32_t offers;

static int64_t usec(const struct timeval *time)
{
	return time->tv_sec * INT64_C(1000000) + time->tv_usec;
}

static int64_t clock_usec(void)
{
	struct timeval now;

	monotime(&now);
	return usec(&now);
}

void vrfleak_budget_begin(struct vrfleak_budget *budget)
{
	offers = 0;
	GETRUSAGE(&begun);
	*budget =
		(struct vrfleak_budget){.end = usec(&begun.real) + BUDGET_USEC};
}

void vrfleak_budget_offer(void)
{
	offers++;
}

void vrfleak_budget_route_map(void)
{
	offers += VRFLEAK_BUDGET_STEPS;
}

bool vrfleak_budget_in_time(struct vrfleak_budget *budget)
{
	uint32_t steps = 1 + offers;

	offers = 0;
	return vrfleak_budget_step(budget, steps, clock_usec);
}

static void count(struct vrfleak_budget_figures *figures,
		  unsigned long duration)
{
	int i = 0;

	while (i < VRFLEAK_BUDGET_CLASSES - 1 &&
	       duration >= vrfleak_budget_class_usec[i])
		i++;
	figures->count[i]++;
	figures->total += duration;
	figures->longest = MAX(figures->longest, duration);
}

void vrfleak_budget_end(void)
{
	unsigned long by_clock, by_cpu;
	RUSAGE_T now;

	GETRUSAGE(&now);
	by_clock = event_consumed_time(&now, &begun, &by_cpu);
	count(&elapsed, by_clock);
	count(&cpu, by_cpu);
}

int64_t vrfleak_budget_now(void)
{
	return begun.real.tv_sec;
}

const struct vrfleak_budget_figures *vrfleak_budget_elapsed(void)
{
	return &elapsed;
}

const struct vrfleak_budget_figures *vrfleak_budget_cpu(void)
{
	return &cpu;
}
