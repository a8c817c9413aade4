// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a table that assigns small numbers (indexes) to objects.
 */
#include <zebra.h>

#include <string.h>

#include "zebra_vrfleak/core/index_pool.h"
#include "zebra_vrfleak/core/memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_INDEX, "Route leak index");

#define ROOM_MIN 8

void vrfleak_indexes_finish(struct vrfleak_indexes *indexes)
{
	XFREE(MTYPE_VRFLEAK_INDEX, indexes->things);
	memset(indexes, 0, sizeof(*indexes));
}

static void room_make(struct vrfleak_indexes *indexes)
{
	if (indexes->end < indexes->headroom)
		return;
	indexes->headroom = MAX(indexes->headroom * 2, ROOM_MIN);
	indexes->things =
		XREALLOC(MTYPE_VRFLEAK_INDEX, indexes->things,
			 indexes->headroom * sizeof(*indexes->things));
}

uint32_t vrfleak_index_take(struct vrfleak_indexes *indexes, void *thing)
{
	uint32_t index = MAX(indexes->full_below, 1);

	while (vrfleak_index_find(indexes, index))
		index++;
	while (indexes->end <= index) {
		room_make(indexes);
		indexes->things[indexes->end++] = NULL;
	}
	indexes->things[index] = thing;
	indexes->full_below = index + 1;
	return index;
}

void vrfleak_index_release(struct vrfleak_indexes *indexes, uint32_t index)
{
	indexes->things[index] = NULL;
	indexes->full_below = MIN(indexes->full_below, index);
	while (indexes->end > 0 && !indexes->things[indexes->end - 1])
		indexes->end--;
}
