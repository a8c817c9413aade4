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
 *  - It has at most VRFLEAK_OWN_FREE prefixes, or one for each eight of the
 *    table; where there are more, it is given up, and not begun again before
 *    the table is twice as large, or the list was dropped.
 *
 * Sources are numbers that the caller gives.
 */
#ifndef _VRFLEAK_OWN_H
#define _VRFLEAK_OWN_H

#include "prefix.h"
#include "typesafe.h"

#include "zebra_vrfleak/vrfleak_af.h"

#define VRFLEAK_OWN_FREE 1024

enum vrfleak_own_state {
	VRFLEAK_OWN_GATHERING = 0,
	VRFLEAK_OWN_COMPLETE,
	/* There were too many. */
	VRFLEAK_OWN_GIVEN_UP,
};

PREDECL_RBTREE_UNIQ(vrfleak_owns);

struct vrfleak_own {
	struct vrfleak_owns_item item;
	uint32_t source;
	enum vrfleak_af af;
	/* The target of the walk that gathers. */
	uint32_t target;
	enum vrfleak_own_state state;
	/* How large the table was when the walk began. */
	size_t table;
	uint32_t count;
	uint32_t size;
	struct prefix *prefixes;
};

extern int vrfleak_own_cmp(const struct vrfleak_own *a,
			   const struct vrfleak_own *b);
DECLARE_RBTREE_UNIQ(vrfleak_owns, struct vrfleak_own, item, vrfleak_own_cmp);

/* The source's list, or NULL. */
extern struct vrfleak_own *vrfleak_own_find(struct vrfleak_owns_head *owns,
					    uint32_t source,
					    enum vrfleak_af af);

/*
 * Begin a list, for the walk from source to target; there must be none. table
 * is how many nodes the source's table has.
 */
extern struct vrfleak_own *vrfleak_own_begin(struct vrfleak_owns_head *owns,
					     uint32_t source,
					     enum vrfleak_af af,
					     uint32_t target, size_t table);

/* The walk comes by a prefix of the source's own. */
extern void vrfleak_own_gather(struct vrfleak_own *own,
			       const struct prefix *prefix);

/* The walk is at the table's end. */
extern void vrfleak_own_complete(struct vrfleak_own *own);

/*
 * Of a complete list, the first prefix after another, which need not be in it
 * (the first of all after NULL), or NULL at the end. Stays owned by the list.
 */
extern const struct prefix *vrfleak_own_next(const struct vrfleak_own *own,
					     const struct prefix *after);

/* Whether it was given up, and would not be any more. */
extern bool vrfleak_own_again(const struct vrfleak_own *own, size_t table);

/* Drop a source's list, if there is one. */
extern void vrfleak_own_drop(struct vrfleak_owns_head *owns, uint32_t source,
			     enum vrfleak_af af);

/* Drop all. */
extern void vrfleak_owns_clear(struct vrfleak_owns_head *owns);

#endif /* _VRFLEAK_OWN_H */
