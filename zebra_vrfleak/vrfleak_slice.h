// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: slices, how long an event of ours may hold zebra's main thread, and
 * how long they did.
 */
#ifndef _VRFLEAK_SLICE_H
#define _VRFLEAK_SLICE_H

#include "zebra_vrfleak/vrfleak_worklist.h"

/* Upper ends of the classes of durations, in microseconds; the last has none. */
#define VRFLEAK_SLICE_CLASSES 6
extern const uint32_t vrfleak_slice_class_usec[VRFLEAK_SLICE_CLASSES - 1];

/* What was measured since the start. */
struct vrfleak_slice_figures {
	/* How many slices there were, by duration. */
	uint64_t count[VRFLEAK_SLICE_CLASSES];
	int64_t longest_usec;
	int64_t total_usec;
};

/* A slice from now on, of the time that one event may take. */
extern void vrfleak_slice_begin(struct vrfleak_slice *slice);

/* Count a prefix; whether there is time for another. */
extern bool vrfleak_slice_in_time(struct vrfleak_slice *slice);

/* The slice is over: count it. */
extern void vrfleak_slice_end(const struct vrfleak_slice *slice);

/* monotime() seconds at the begin of the present slice. */
extern int64_t vrfleak_slice_now(void);

extern const struct vrfleak_slice_figures *vrfleak_slice_figures(void);

#endif /* _VRFLEAK_SLICE_H */
