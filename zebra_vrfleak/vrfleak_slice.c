// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: slices.
 *
 * The clock is asked at a slice's begin, at its end, and now and then between:
 * where asking is a system call, it would be a good part of a route's cost.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/vrfleak_slice.h"

/* How long the event loop is held. */
#define SLICE_USEC 3000

const uint32_t vrfleak_slice_class_usec[] = {1000, 2000, 4000, 10000, 100000};

static struct vrfleak_slice_figures figures;
static int64_t slice_now;

static int64_t clock_usec(void)
{
	struct timeval now;

	monotime(&now);
	return now.tv_sec * INT64_C(1000000) + now.tv_usec;
}

void vrfleak_slice_begin(struct vrfleak_slice *slice)
{
	int64_t now = clock_usec();

	*slice = (struct vrfleak_slice){.begin = now, .end = now + SLICE_USEC};
	slice_now = now / 1000000;
}

bool vrfleak_slice_in_time(struct vrfleak_slice *slice)
{
	return vrfleak_slice_step(slice, clock_usec);
}

void vrfleak_slice_end(const struct vrfleak_slice *slice)
{
	int64_t usec = clock_usec() - slice->begin;
	int class = 0;

	while (class < VRFLEAK_SLICE_CLASSES - 1 &&
	       usec >= vrfleak_slice_class_usec[class])
		class ++;
	figures.count[class]++;
	figures.total_usec += usec;
	figures.longest_usec = MAX(figures.longest_usec, usec);
}

int64_t vrfleak_slice_now(void)
{
	return slice_now;
}

const struct vrfleak_slice_figures *vrfleak_slice_figures(void)
{
	return &figures;
}
