// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: small numbers that stand for things.
 *
 * Invariants:
 *  - Index 0 is nobody's.
 *  - What is taken is the lowest free index, so an array by index is as large
 *    as the largest number of things that there were at once.
 *
 * An index that is released comes to mean another thing: whoever keeps one
 * must have forgotten it by then.
 */
#ifndef _VRFLEAK_INDEX_H
#define _VRFLEAK_INDEX_H

#include <stdint.h>

/* All zero at first. */
struct vrfleak_indexes {
	/* By index; NULL where the index is free. */
	void **things;
	/* All that are in use are below this. */
	uint32_t end;
	uint32_t room;
	/* All below this are in use, but for index 0. */
	uint32_t full_below;
};

/* Frees the table, and none of the things. */
extern void vrfleak_indexes_finish(struct vrfleak_indexes *indexes);

/* Give a thing an index, which is its own until it is released. */
extern uint32_t vrfleak_index_take(struct vrfleak_indexes *indexes,
				   void *thing);
extern void vrfleak_index_release(struct vrfleak_indexes *indexes,
				  uint32_t index);

/* The thing, or NULL. O(1). */
static inline void *vrfleak_index_find(const struct vrfleak_indexes *indexes,
				       uint32_t index)
{
	return index < indexes->end ? indexes->things[index] : NULL;
}

#endif /* _VRFLEAK_INDEX_H */
