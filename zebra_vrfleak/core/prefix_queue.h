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
#ifndef _VRFLEAK_CORE_PREFIX_QUEUE_H
#define _VRFLEAK_CORE_PREFIX_QUEUE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

PREDECL_HASH(vrfleak_prefix_queue_index);
PREDECL_DLIST(vrfleak_prefix_queue_fifo);

#define VRFLEAK_PREFIX_QUEUE_FEW 2

struct vrfleak_prefix_item {
	struct vrfleak_prefix_queue_index_item index;
	struct vrfleak_prefix_queue_fifo_item fifo;
	struct prefix prefix;
	/* Whom it concerns: part of the identity; 0 for everybody. */
	uint32_t scope;
	/* For the caller. */
	uint32_t note;
	const void *pointer;
	/* Where the prefix changed, each VRF once; mostly they are few. */
	uint32_t count;
	uint32_t *vrfs;
	uint32_t few[VRFLEAK_PREFIX_QUEUE_FEW];
};

/*
 * A hash table grows all at once: several small ones are quick at it, where
 * there is much in them. With little in them they would do nothing else, as
 * each is empty now and then: up to so many items are all in the first one.
 */
#define VRFLEAK_PREFIX_QUEUE_SHARDS 64
#define VRFLEAK_PREFIX_QUEUE_ALONE 4096

struct vrfleak_prefix_queue {
	struct vrfleak_prefix_queue_index_head
		index[VRFLEAK_PREFIX_QUEUE_SHARDS];
	/* Whether all of them are used; until the last item is taken out. */
	bool sharded;
	struct vrfleak_prefix_queue_fifo_head fifo;
	/* What was added last, as the same often comes again at once; or NULL.
	 */
	struct vrfleak_prefix_item *last;
	/* How many additions found the same VRF there already. */
	uint64_t merged;
};

extern void vrfleak_prefix_queue_init(struct vrfleak_prefix_queue *queue);
extern void vrfleak_prefix_queue_finish(struct vrfleak_prefix_queue *queue);

/*
 * Add a prefix, and to it a VRF (none if vrf is 0). Returns the item, which
 * stays owned by dirty.
 */
extern struct vrfleak_prefix_item *
vrfleak_prefix_queue_add(struct vrfleak_prefix_queue *queue, uint32_t scope,
			 const struct prefix *prefix, uint32_t vrf);

extern size_t
vrfleak_prefix_queue_count(const struct vrfleak_prefix_queue *queue);

/* The item for a prefix, or NULL. */
extern struct vrfleak_prefix_item *
vrfleak_prefix_queue_lookup(struct vrfleak_prefix_queue *queue, uint32_t scope,
			    const struct prefix *prefix);

/* The oldest item, or NULL. */
extern struct vrfleak_prefix_item *
vrfleak_prefix_queue_first(struct vrfleak_prefix_queue *queue);

/* Take the oldest item out, or NULL; free it with vrfleak_prefix_queue_free().
 */
extern struct vrfleak_prefix_item *
vrfleak_prefix_queue_pop(struct vrfleak_prefix_queue *queue);

extern void vrfleak_prefix_queue_take(struct vrfleak_prefix_queue *queue,
				      struct vrfleak_prefix_item *item);
extern void vrfleak_prefix_queue_free(struct vrfleak_prefix_item *item);

/* Free all items of the scopes that are gone. Costs the number of all items. */
extern void vrfleak_prefix_queue_forget(struct vrfleak_prefix_queue *queue,
					bool (*is_gone)(uint32_t scope));

/* Put an item back at the end. Its prefix must not be in. */
extern void vrfleak_prefix_queue_put(struct vrfleak_prefix_queue *queue,
				     struct vrfleak_prefix_item *item);

/* The clock is read each time after so many steps. */
#define VRFLEAK_BUDGET_STEPS 32

/* A turn; its end is in microseconds of the caller's clock. */
struct vrfleak_budget {
	int64_t end;
	/* Since the clock was looked at. */
	uint32_t steps;
	bool over;
};

/*
 * Count steps. Returns whether there is time for another; once false, it stays
 * false. A step that may have taken long counts as VRFLEAK_BUDGET_STEPS.
 */
extern bool vrfleak_budget_step(struct vrfleak_budget *budget, uint32_t steps,
				int64_t (*clock)(void));

#endif /* _VRFLEAK_CORE_PREFIX_QUEUE_H */
