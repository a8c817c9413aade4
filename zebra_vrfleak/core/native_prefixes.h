// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the prefixes that a source has of its own, in the order of its
 * table, kept while it is walked to several targets: a table may be full of
 * what was leaked to it, which every walk would have to pass by.
 *
 * The first walk gathers them. They are a hint where to look: a route that goes
 * is asked for in vain, one that comes is told by zebra, and whatever else lets
 * a source offer more (its device comes up, a line, a route-map) asks for walks
 * of it, which drops the list.
 *
 * Invariants:
 *  - A list is read only when it is complete.
 *  - It has at most VRFLEAK_NATIVE_LIST_FREE prefixes, or one for each eight of
 * the table; where there are more, it is given up, and not begun again before
 *    the table is twice as large, or the list was dropped.
 *
 * Sources are numbers that the caller gives.
 */
#ifndef _VRFLEAK_CORE_NATIVE_PREFIXES_H
#define _VRFLEAK_CORE_NATIVE_PREFIXES_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

#define VRFLEAK_NATIVE_LIST_FREE 1024

enum vrfleak_native_list_state {
	VRFLEAK_NATIVE_LIST_GATHERING = 0,
	VRFLEAK_NATIVE_LIST_COMPLETE,
	/* There were too many. */
	VRFLEAK_NATIVE_LIST_GIVEN_UP,
};

PREDECL_RBTREE_UNIQ(vrfleak_native_lists);

struct vrfleak_native_list {
	struct vrfleak_native_lists_item item;
	uint32_t source;
	enum vrfleak_af af;
	/* The target of the walk that gathers. */
	uint32_t target;
	enum vrfleak_native_list_state state;
	/* How large the table was when the walk began. */
	size_t table;
	uint32_t count;
	uint32_t size;
	struct prefix *prefixes;
};

extern int vrfleak_native_list_cmp(const struct vrfleak_native_list *a,
				   const struct vrfleak_native_list *b);
DECLARE_RBTREE_UNIQ(vrfleak_native_lists, struct vrfleak_native_list, item,
		    vrfleak_native_list_cmp);

/* The source's list, or NULL. */
extern struct vrfleak_native_list *
vrfleak_native_list_find(struct vrfleak_native_lists_head *lists,
			 uint32_t source, enum vrfleak_af af);

/*
 * Begin a list, for the walk from source to target; there must be none. table
 * is how many nodes the source's table has.
 */
extern struct vrfleak_native_list *
vrfleak_native_list_begin(struct vrfleak_native_lists_head *lists,
			  uint32_t source, enum vrfleak_af af, uint32_t target,
			  size_t table);

/* The walk comes by a prefix of the source's own. */
extern void vrfleak_native_list_gather(struct vrfleak_native_list *list,
				       const struct prefix *prefix);

/* The walk is at the table's end. */
extern void vrfleak_native_list_complete(struct vrfleak_native_list *list);

/*
 * Of a complete list, the first prefix after another, which need not be in it
 * (the first of all after NULL), or NULL at the end. Stays owned by the list.
 */
extern const struct prefix *
vrfleak_native_list_next(const struct vrfleak_native_list *list,
			 const struct prefix *after);

/* Whether it was given up, and would not be any more. */
extern bool vrfleak_native_list_again(const struct vrfleak_native_list *list,
				      size_t table);

/* Drop a source's list, if there is one. */
extern void vrfleak_native_list_drop(struct vrfleak_native_lists_head *lists,
				     uint32_t source, enum vrfleak_af af);

/* Drop all. */
extern void vrfleak_native_lists_clear(struct vrfleak_native_lists_head *lists);

#endif /* _VRFLEAK_CORE_NATIVE_PREFIXES_H */
