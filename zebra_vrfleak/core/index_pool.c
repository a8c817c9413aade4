// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a table that assigns indexes to objects, see the header.
 */
#include <zebra.h>

#include <string.h>

#include "zebra_vrfleak/core/index_pool.h"
#include "zebra_vrfleak/core/memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_INDEX, "Route leak index");

#define SIZE_MIN 8

void vrfleak_indexes_finish(struct vrfleak_indexes *indexes)
{
	XFREE(MTYPE_VRFLEAK_INDEX, indexes->objects);
	memset(indexes, 0, sizeof(*indexes));
}

static void array_grow(struct vrfleak_indexes *indexes)
{
	if (indexes->end < indexes->size)
		return;
	indexes->size = MAX(indexes->size * 2, SIZE_MIN);
	indexes->objects = XREALLOC(MTYPE_VRFLEAK_INDEX, indexes->objects,
				    indexes->size * sizeof(*indexes->objects));
}

uint32_t vrfleak_index_take(struct vrfleak_indexes *indexes, void *object)
{
	uint32_t index = MAX(indexes->full_below, 1);

	while (vrfleak_index_find(indexes, index))
		index++;
	while (indexes->end <= index) {
		array_grow(indexes);
		indexes->objects[indexes->end++] = NULL;
	}
	indexes->objects[index] = object;
	indexes->full_below = index + 1;
	return index;
}

void vrfleak_index_release(struct vrfleak_indexes *indexes, uint32_t index)
{
	indexes->objects[index] = NULL;
	indexes->full_below = MIN(indexes->full_below, index);
	while (indexes->end > 0 && !indexes->objects[indexes->end - 1])
		indexes->end--;
}
