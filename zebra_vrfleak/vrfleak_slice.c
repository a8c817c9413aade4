// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: slices.
 *
 * The clock is asked at a slice's begin, at its end, and now and then between:
 * where asking is a system call, it would be a good part of a route's cost.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/vrfleak_compat.h"
#include "zebra_vrfleak/vrfleak_slice.h"

/* How long the event loop is held. */
#define SLICE_USEC 3000

const uint32_t vrfleak_slice_class_usec[] = {1000, 2000, 4000, 10000, 100000};

static struct vrfleak_slice_figures elapsed, cpu;
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

void vrfleak_slice_begin(struct vrfleak_slice *slice)
{
	offers = 0;
	GETRUSAGE(&begun);
	*slice = (struct vrfleak_slice){.end = usec(&begun.real) + SLICE_USEC};
}

void vrfleak_slice_offer(void)
{
	offers++;
}

void vrfleak_slice_route_map(void)
{
	offers += VRFLEAK_SLICE_STEPS;
}

bool vrfleak_slice_in_time(struct vrfleak_slice *slice)
{
	uint32_t steps = 1 + offers;

	offers = 0;
	return vrfleak_slice_step(slice, steps, clock_usec);
}

static void count(struct vrfleak_slice_figures *figures, unsigned long duration)
{
	int i = 0;

	while (i < VRFLEAK_SLICE_CLASSES - 1 &&
	       duration >= vrfleak_slice_class_usec[i])
		i++;
	figures->count[i]++;
	figures->total += duration;
	figures->longest = MAX(figures->longest, duration);
}

void vrfleak_slice_end(void)
{
	unsigned long by_clock, by_cpu;
	RUSAGE_T now;

	GETRUSAGE(&now);
	by_clock = event_consumed_time(&now, &begun, &by_cpu);
	count(&elapsed, by_clock);
	count(&cpu, by_cpu);
}

int64_t vrfleak_slice_now(void)
{
	return begun.real.tv_sec;
}

const struct vrfleak_slice_figures *vrfleak_slice_elapsed(void)
{
	return &elapsed;
}

const struct vrfleak_slice_figures *vrfleak_slice_cpu(void)
{
	return &cpu;
}
