// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: lists of native prefixes. While a source is scanned for several
 * targets, the list of its native prefixes replaces its table: most of a large
 * table may be routes that were leaked into it, which every scan would skip.
 *
 *   first scan of a source:   whole table ---> list
 *   further scans:            list
 *
 * The first scan collects the list. The list may be out of date, which is
 * harmless: the RIB is checked for each prefix, zebra reports each new route,
 * and any other reason for new offers (a VRF device up, a statement, a
 * route-map) queues a new import scan, which drops the list.
 *
 * Invariants:
 *  - A list is read only when it is complete.
 *  - A list has at most VRFLEAK_NATIVE_LIST_FREE prefixes, or one eighth of the
 *    table's if that is more. A longer one is abandoned. It is started again
 *    when the table has doubled, or when the list was dropped.
 *
 * A source is identified by its VRF's index.
 */
#ifndef _VRFLEAK_CORE_NATIVE_PREFIXES_H
#define _VRFLEAK_CORE_NATIVE_PREFIXES_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

#define VRFLEAK_NATIVE_LIST_FREE 1024

enum vrfleak_native_list_state {
	VRFLEAK_NATIVE_LIST_PARTIAL = 0,
	VRFLEAK_NATIVE_LIST_COMPLETE,
	/* Too many prefixes. */
	VRFLEAK_NATIVE_LIST_ABANDONED,
};

PREDECL_RBTREE_UNIQ(vrfleak_native_lists);

struct vrfleak_native_list {
	struct vrfleak_native_lists_item item;
	uint32_t source;
	enum vrfleak_af af;
	/* The target of the scan that collects the list. */
	uint32_t target;
	enum vrfleak_native_list_state state;
	/* The number of nodes in the table when the scan began. */
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
 * Begin a list with the scan from source to target. The source must have none.
 * table is the number of nodes in the source's table.
 */
extern struct vrfleak_native_list *
vrfleak_native_list_begin(struct vrfleak_native_lists_head *lists,
			  uint32_t source, enum vrfleak_af af, uint32_t target,
			  size_t table);

/* Add a native prefix to a list that is not complete. */
extern void vrfleak_native_list_add(struct vrfleak_native_list *list,
				    const struct prefix *prefix);

/* The scan has reached the end of the table. */
extern void vrfleak_native_list_complete(struct vrfleak_native_list *list);

/*
 * The first prefix of a complete list after another one, which need not be in
 * the list; the first of all if after is NULL. Returns NULL at the end. The
 * list keeps ownership.
 */
extern const struct prefix *
vrfleak_native_list_next(const struct vrfleak_native_list *list,
			 const struct prefix *after);

/* Whether an abandoned list should be started again. */
extern bool vrfleak_native_list_again(const struct vrfleak_native_list *list,
				      size_t table);

/* Drop a source's list, if there is one. */
extern void vrfleak_native_list_drop(struct vrfleak_native_lists_head *lists,
				     uint32_t source, enum vrfleak_af af);

/* Drop all lists. */
extern void vrfleak_native_lists_clear(struct vrfleak_native_lists_head *lists);

#endif /* _VRFLEAK_CORE_NATIVE_PREFIXES_H */
