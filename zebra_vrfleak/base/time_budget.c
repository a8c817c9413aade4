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

/* The clock is read once in so many steps. */
#define BUDGET_STEPS 32

/*
 * Route-maps are quick as long as the clock advances less between two reads.
 * Then a filtered offer counts less, but at least so many steps.
 */
#define QUICK_USEC 200
#define FILTERED_STEPS_MIN 4

const uint32_t vrfleak_budget_class_usec[] = {1000, 2000, 4000, 10000, 100000};

static struct vrfleak_budget_figures elapsed, cpu;

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
	GETRUSAGE(&budget->begun);
	budget->end = usec(&budget->begun.real) + BUDGET_USEC;
	budget->read = usec(&budget->begun.real);
	budget->steps = 0;
	budget->filtered = false;
	budget->filtered_steps = BUDGET_STEPS;
	budget->over = false;
}

void vrfleak_budget_offer(struct vrfleak_budget *budget, bool filtered)
{
	budget->steps += filtered ? budget->filtered_steps : 1;
	budget->filtered = budget->filtered || filtered;
}

static void budget_read(struct vrfleak_budget *budget)
{
	int64_t now = clock_usec();

	if (now - budget->read >= QUICK_USEC)
		budget->filtered_steps = BUDGET_STEPS;
	else if (budget->filtered)
		budget->filtered_steps =
			MAX(budget->filtered_steps / 2, FILTERED_STEPS_MIN);
	budget->filtered = false;
	budget->read = now;
	budget->steps = 0;
	budget->over = now >= budget->end;
}

bool vrfleak_budget_in_time(struct vrfleak_budget *budget)
{
	budget->steps++;
	if (!budget->over && budget->steps >= BUDGET_STEPS)
		budget_read(budget);
	return !budget->over;
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

void vrfleak_budget_end(struct vrfleak_budget *budget)
{
	unsigned long by_clock, by_cpu;
	RUSAGE_T now;

	GETRUSAGE(&now);
	by_clock = event_consumed_time(&now, &budget->begun, &by_cpu);
	count(&elapsed, by_clock);
	count(&cpu, by_cpu);
}

static int64_t cpu_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

void vrfleak_answer_begin(struct vrfleak_answer *answer, uint32_t usec,
			  uint32_t least)
{
	answer->least = least;
	answer->end = cpu_usec() + usec;
	answer->over = false;
}

bool vrfleak_answer_in_time(struct vrfleak_answer *answer)
{
	if (answer->least > 0) {
		answer->least--;
		return true;
	}
	answer->over = answer->over || cpu_usec() >= answer->end;
	return !answer->over;
}

const struct vrfleak_budget_figures *vrfleak_budget_elapsed(void)
{
	return &elapsed;
}

const struct vrfleak_budget_figures *vrfleak_budget_cpu(void)
{
	return &cpu;
}
