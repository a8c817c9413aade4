// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a table that assigns small numbers (indexes) to objects.
 *
 * Invariants:
 *  - Index 0 is never assigned.
 *  - The lowest free index is assigned first. So an array by index is never
 *    larger than the largest number of objects that existed at the same time.
 *
 * A released index is reused for another object. Its users must drop it before
 * it is released.
 */
#ifndef _VRFLEAK_CORE_INDEX_POOL_H
#define _VRFLEAK_CORE_INDEX_POOL_H

#include <stdint.h>

/* Initialise with zeroes. */
struct vrfleak_indexes {
	/* By index; NULL where the index is free. */
	void **objects;
	/* All indexes in use are below this. */
	uint32_t end;
	uint32_t size;
	/* All indexes below this are in use, except 0. */
	uint32_t full_below;
};

/* Free the table, but not the objects. */
extern void vrfleak_indexes_finish(struct vrfleak_indexes *indexes);

/* Assign an index to an object, until it is released. */
extern uint32_t vrfleak_index_take(struct vrfleak_indexes *indexes,
				   void *object);
extern void vrfleak_index_release(struct vrfleak_indexes *indexes,
				  uint32_t index);

/* The object, or NULL. O(1). */
static inline void *vrfleak_index_find(const struct vrfleak_indexes *indexes,
				       uint32_t index)
{
	return index < indexes->end ? indexes->objects[index] : NULL;
}

#endif /* _VRFLEAK_CORE_INDEX_POOL_H */
