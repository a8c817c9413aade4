// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: prefixes that wait to be looked at, and the slices in which work is
 * done.
 *
 * Invariants:
 *  - A prefix at which something changed is in once, first in first out, with
 *    the VRFs in which it changed. One that changes again before its turn is
 *    counted, not queued again.
 *
 * VRFs are numbers that the caller gives; 0 is no VRF.
 */
#ifndef _VRFLEAK_WORKLIST_H
#define _VRFLEAK_WORKLIST_H

#include "prefix.h"
#include "typesafe.h"

PREDECL_HASH(vrfleak_dirty_index);
PREDECL_DLIST(vrfleak_dirty_fifo);

#define VRFLEAK_DIRTY_FEW 2

struct vrfleak_dirty_item {
	struct vrfleak_dirty_index_item index;
	struct vrfleak_dirty_fifo_item fifo;
	struct prefix prefix;
	/* Whom it concerns: part of the identity; 0 for everybody. */
	uint32_t scope;
	/* For the caller. */
	uint32_t note;
	const void *pointer;
	/* Where the prefix changed, each VRF once; mostly they are few. */
	uint32_t count;
	uint32_t *vrfs;
	uint32_t few[VRFLEAK_DIRTY_FEW];
};

/*
 * A hash table grows all at once: several small ones are quick at it, where
 * there is much in them. With little in them they would do nothing else, as
 * each is empty now and then: up to so many items are all in the first one.
 */
#define VRFLEAK_DIRTY_SHARDS 64
#define VRFLEAK_DIRTY_ALONE 4096

struct vrfleak_dirty {
	struct vrfleak_dirty_index_head index[VRFLEAK_DIRTY_SHARDS];
	/* Whether all of them are used; until the last item is taken out. */
	bool sharded;
	struct vrfleak_dirty_fifo_head fifo;
	/* What was added last, as the same often comes again at once; or NULL. */
	struct vrfleak_dirty_item *last;
	/* How many additions found the same VRF there already. */
	uint64_t merged;
};

extern void vrfleak_dirty_init(struct vrfleak_dirty *dirty);
extern void vrfleak_dirty_finish(struct vrfleak_dirty *dirty);

/*
 * Add a prefix, and to it a VRF (none if vrf is 0). Returns the item, which
 * stays owned by dirty.
 */
extern struct vrfleak_dirty_item *
vrfleak_dirty_add(struct vrfleak_dirty *dirty, uint32_t scope,
		  const struct prefix *prefix, uint32_t vrf);

extern size_t vrfleak_dirty_count(const struct vrfleak_dirty *dirty);

/* The item for a prefix, or NULL. */
extern struct vrfleak_dirty_item *
vrfleak_dirty_lookup(struct vrfleak_dirty *dirty, uint32_t scope,
		     const struct prefix *prefix);

/* The oldest item, or NULL. */
extern struct vrfleak_dirty_item *
vrfleak_dirty_first(struct vrfleak_dirty *dirty);

/* Take the oldest item out, or NULL; free it with vrfleak_dirty_free(). */
extern struct vrfleak_dirty_item *vrfleak_dirty_pop(struct vrfleak_dirty *dirty);

extern void vrfleak_dirty_take(struct vrfleak_dirty *dirty,
			       struct vrfleak_dirty_item *item);
extern void vrfleak_dirty_free(struct vrfleak_dirty_item *item);

/* Free all items of the scopes that are gone. Costs the number of all items. */
extern void vrfleak_dirty_forget(struct vrfleak_dirty *dirty,
				 bool (*is_gone)(uint32_t scope));

/* Put an item back at the end. Its prefix must not be in. */
extern void vrfleak_dirty_put(struct vrfleak_dirty *dirty,
			      struct vrfleak_dirty_item *item);

/* The clock is read each time after so many steps. */
#define VRFLEAK_SLICE_STEPS 32

/* A turn; its end is in microseconds of the caller's clock. */
struct vrfleak_slice {
	int64_t end;
	/* Since the clock was looked at. */
	uint32_t steps;
	bool over;
};

/*
 * Count steps. Returns whether there is time for another; once false, it stays
 * false. A step that may have taken long counts as VRFLEAK_SLICE_STEPS.
 */
extern bool vrfleak_slice_step(struct vrfleak_slice *slice, uint32_t steps,
			       int64_t (*clock)(void));

#endif /* _VRFLEAK_WORKLIST_H */
