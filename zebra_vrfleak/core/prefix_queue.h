// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a queue of prefixes to process.
 *
 *   item (scope, prefix) ---> VRFs in which the prefix changed
 *
 * Invariants:
 *  - A prefix is in the queue once for each scope. If it changes again before
 *    it is processed, the VRF is added to the existing item.
 *  - Items are processed first in, first out.
 *
 * A VRF is identified by its index; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_PREFIX_QUEUE_H
#define _VRFLEAK_CORE_PREFIX_QUEUE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

PREDECL_HASH(vrfleak_prefix_queue_index);
PREDECL_DLIST(vrfleak_prefix_queue_fifo);

#define VRFLEAK_PREFIX_QUEUE_INLINE 2

struct vrfleak_prefix_item {
	struct vrfleak_prefix_queue_index_item index;
	struct vrfleak_prefix_queue_fifo_item fifo;
	struct prefix prefix;
	/* Part of the key; the user of the queue defines its meaning. */
	uint32_t scope;
	/* For the user of the queue. */
	uint32_t note;
	const void *pointer;
	/* The VRFs in which the prefix changed, each once. */
	uint32_t count;
	uint32_t *vrfs;
	uint32_t inline_vrfs[VRFLEAK_PREFIX_QUEUE_INLINE];
};

/*
 * A libfrr hash table is resized in one step: 35 ms for a million items. So a
 * large queue is split into shards, each of which is resized in less than 1 ms.
 * A small queue uses the first shard only: with few items, shards would often
 * become empty, and each time free and allocate their tables again.
 */
#define VRFLEAK_PREFIX_QUEUE_SHARDS 64
#define VRFLEAK_PREFIX_QUEUE_SHARD_MIN 4096

struct vrfleak_prefix_queue {
	struct vrfleak_prefix_queue_index_head
		index[VRFLEAK_PREFIX_QUEUE_SHARDS];
	/* All shards are in use, until the queue is empty. */
	bool sharded;
	struct vrfleak_prefix_queue_fifo_head fifo;
	/* Items to be used again, until the queue is empty. */
	struct vrfleak_prefix_queue_fifo_head spare;
	/* The item added last, or NULL: the next addition is often the same. */
	struct vrfleak_prefix_item *last;
	/* The number of additions for which the item had the VRF already. */
	uint64_t merged;
};

extern void vrfleak_prefix_queue_init(struct vrfleak_prefix_queue *queue);
extern void vrfleak_prefix_queue_finish(struct vrfleak_prefix_queue *queue);

/*
 * Add a prefix, and a VRF to its item unless vrf is 0. Returns the item, which
 * the queue owns.
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

/*
 * Remove and return the oldest item, or NULL. The caller frees it with
 * vrfleak_prefix_queue_free().
 */
extern struct vrfleak_prefix_item *
vrfleak_prefix_queue_pop(struct vrfleak_prefix_queue *queue);

/* Remove an item, which the caller owns then. */
extern void vrfleak_prefix_queue_take(struct vrfleak_prefix_queue *queue,
				      struct vrfleak_prefix_item *item);
extern void vrfleak_prefix_queue_free(struct vrfleak_prefix_item *item);

/*
 * The same, for a queue to which items are added as fast as they are removed:
 * the next addition uses the item again.
 */
extern void vrfleak_prefix_queue_recycle(struct vrfleak_prefix_queue *queue,
					 struct vrfleak_prefix_item *item);

/* Free all items of the scopes for which is_gone() returns true. O(items). */
extern void vrfleak_prefix_queue_forget(struct vrfleak_prefix_queue *queue,
					bool (*is_gone)(uint32_t scope));

/* Append an item that was removed. Its prefix must not be in the queue. */
extern void vrfleak_prefix_queue_put(struct vrfleak_prefix_queue *queue,
				     struct vrfleak_prefix_item *item);

#endif /* _VRFLEAK_CORE_PREFIX_QUEUE_H */
