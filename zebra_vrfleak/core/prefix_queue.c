// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a queue of prefixes to process, see the header.
 *
 * Items are removed only by vrfleak_prefix_queue_take(), so that none is lost.
 */
#include <zebra.h>

#include "lib/jhash.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/prefix_queue.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_PREFIX_QUEUE, "Route leak changed prefix");

static int item_cmp(const struct vrfleak_prefix_item *a,
		    const struct vrfleak_prefix_item *b)
{
	if (a->scope != b->scope)
		return a->scope < b->scope ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

/*
 * Called several times for each route. For IPv4 a multiplication by the golden
 * ratio is enough, and faster than jhash: libfrr uses the upper bits.
 */
static uint32_t item_hash(const struct vrfleak_prefix_item *item)
{
	const struct prefix *p = &item->prefix;
	uint64_t key;

	if (p->family == AF_INET) {
		key = (uint64_t)item->scope << 40 |
		      (uint64_t)p->prefixlen << 32 | p->u.prefix4.s_addr;
		return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32);
	}
	return jhash2(p->u.val32, 4,
		      jhash_2words(item->scope, p->prefixlen, 0));
}

DECLARE_HASH(vrfleak_prefix_queue_index, struct vrfleak_prefix_item, index,
	     item_cmp, item_hash);
DECLARE_DLIST(vrfleak_prefix_queue_fifo, struct vrfleak_prefix_item, fifo);

/* The shard of a prefix, by bits that are not 0 in most prefixes. */
static struct vrfleak_prefix_queue_index_head *
shard_of(struct vrfleak_prefix_queue *queue, const struct prefix *prefix)
{
	const uint8_t *address = prefix->u.val;
	uint8_t bits = prefix->family == AF_INET
			       ? address[2] ^ address[1]
			       : address[5] ^ address[4] ^ address[3];

	return &queue->index[queue->sharded ? bits % VRFLEAK_PREFIX_QUEUE_SHARDS
					    : 0];
}

/*
 * Add an item to the index, unless one with the same key is there: returns that
 * one then. The table does not shrink until it is empty: libfrr shrinks a hash
 * table at almost the same number of items at which it grows it.
 */
static struct vrfleak_prefix_item *index_add(struct vrfleak_prefix_queue *queue,
					     struct vrfleak_prefix_item *item)
{
	struct vrfleak_prefix_queue_index_head *index =
		shard_of(queue, &item->prefix);
	struct vrfleak_prefix_item *old =
		vrfleak_prefix_queue_index_add(index, item);

	index->hh.minshift = index->hh.tabshift;
	return old;
}

/* Distribute the items over all shards once the queue is large. */
static void shard(struct vrfleak_prefix_queue *queue)
{
	struct vrfleak_prefix_item *item;

	if (queue->sharded ||
	    vrfleak_prefix_queue_count(queue) < VRFLEAK_PREFIX_QUEUE_SHARD_MIN)
		return;
	queue->sharded = true;
	frr_each (vrfleak_prefix_queue_fifo, &queue->fifo, item) {
		vrfleak_prefix_queue_index_del(&queue->index[0], item);
		index_add(queue, item);
	}
}

/* Append an item, unless its key is in the queue: returns that item then. */
static struct vrfleak_prefix_item *item_put(struct vrfleak_prefix_queue *queue,
					    struct vrfleak_prefix_item *item)
{
	struct vrfleak_prefix_item *old;

	shard(queue);
	old = index_add(queue, item);
	if (!old)
		vrfleak_prefix_queue_fifo_add_tail(&queue->fifo, item);
	return old;
}

void vrfleak_prefix_queue_init(struct vrfleak_prefix_queue *queue)
{
	memset(queue, 0, sizeof(*queue));
	for (int i = 0; i < VRFLEAK_PREFIX_QUEUE_SHARDS; i++)
		vrfleak_prefix_queue_index_init(&queue->index[i]);
	vrfleak_prefix_queue_fifo_init(&queue->fifo);
	vrfleak_prefix_queue_fifo_init(&queue->spare);
}

void vrfleak_prefix_queue_finish(struct vrfleak_prefix_queue *queue)
{
	struct vrfleak_prefix_item *item;

	while ((item = vrfleak_prefix_queue_pop(queue)))
		vrfleak_prefix_queue_free(item);
	for (int i = 0; i < VRFLEAK_PREFIX_QUEUE_SHARDS; i++)
		vrfleak_prefix_queue_index_fini(&queue->index[i]);
	vrfleak_prefix_queue_fifo_fini(&queue->fifo);
	vrfleak_prefix_queue_fifo_fini(&queue->spare);
}

size_t vrfleak_prefix_queue_count(const struct vrfleak_prefix_queue *queue)
{
	return vrfleak_prefix_queue_fifo_count(&queue->fifo);
}

struct vrfleak_prefix_item *
vrfleak_prefix_queue_lookup(struct vrfleak_prefix_queue *queue, uint32_t scope,
			    const struct prefix *prefix)
{
	struct vrfleak_prefix_item key;

	/* Not zeroed as a whole, for speed. */
	key.scope = scope;
	prefix_copy(&key.prefix, prefix);
	return vrfleak_prefix_queue_index_find(shard_of(queue, prefix), &key);
}

/* Not zeroed as a whole, for speed: there is an item for each route. */
static struct vrfleak_prefix_item *item_new(struct vrfleak_prefix_queue *queue,
					    uint32_t scope,
					    const struct prefix *prefix)
{
	struct vrfleak_prefix_item *item =
		vrfleak_prefix_queue_fifo_pop(&queue->spare);

	if (!item)
		item = XMALLOC(MTYPE_VRFLEAK_PREFIX_QUEUE, sizeof(*item));
	item->scope = scope;
	prefix_copy(&item->prefix, prefix);
	item->note = 0;
	item->pointer = NULL;
	item->count = 0;
	item->vrfs = item->inline_vrfs;
	return item;
}

/* Find or add the item of a prefix. */
static struct vrfleak_prefix_item *item_get(struct vrfleak_prefix_queue *queue,
					    uint32_t scope,
					    const struct prefix *prefix)
{
	struct vrfleak_prefix_item *item, *old;

	if (queue->last && queue->last->scope == scope &&
	    prefix_same(&queue->last->prefix, prefix))
		return queue->last;

	/* Most prefixes are new, so add without a lookup first. */
	item = item_new(queue, scope, prefix);
	old = item_put(queue, item);
	if (old) {
		vrfleak_prefix_queue_free(item);
		return old;
	}
	queue->last = item;
	return item;
}

static void item_append(struct vrfleak_prefix_item *item, uint32_t vrf)
{
	uint32_t count = item->count;

	if (count == VRFLEAK_PREFIX_QUEUE_INLINE) {
		item->vrfs = XMALLOC(MTYPE_VRFLEAK_PREFIX_QUEUE,
				     (count + 1) * sizeof(vrf));
		memcpy(item->vrfs, item->inline_vrfs,
		       sizeof(item->inline_vrfs));
	} else if (count > VRFLEAK_PREFIX_QUEUE_INLINE) {
		item->vrfs = XREALLOC(MTYPE_VRFLEAK_PREFIX_QUEUE, item->vrfs,
				      (count + 1) * sizeof(vrf));
	}
	item->vrfs[item->count++] = vrf;
}

struct vrfleak_prefix_item *
vrfleak_prefix_queue_add(struct vrfleak_prefix_queue *queue, uint32_t scope,
			 const struct prefix *prefix, uint32_t vrf)
{
	struct vrfleak_prefix_item *item = item_get(queue, scope, prefix);

	if (vrf == 0)
		return item;

	for (uint32_t i = 0; i < item->count; i++)
		if (item->vrfs[i] == vrf) {
			queue->merged++;
			return item;
		}
	item_append(item, vrf);
	return item;
}

void vrfleak_prefix_queue_forget(struct vrfleak_prefix_queue *queue,
				 bool (*is_gone)(uint32_t scope))
{
	struct vrfleak_prefix_item *item;

	frr_each_safe (vrfleak_prefix_queue_fifo, &queue->fifo, item) {
		if (!is_gone(item->scope))
			continue;
		vrfleak_prefix_queue_take(queue, item);
		vrfleak_prefix_queue_free(item);
	}
}

void vrfleak_prefix_queue_put(struct vrfleak_prefix_queue *queue,
			      struct vrfleak_prefix_item *item)
{
	item_put(queue, item);
}

void vrfleak_prefix_queue_take(struct vrfleak_prefix_queue *queue,
			       struct vrfleak_prefix_item *item)
{
	if (queue->last == item)
		queue->last = NULL;
	vrfleak_prefix_queue_index_del(shard_of(queue, &item->prefix), item);
	vrfleak_prefix_queue_fifo_del(&queue->fifo, item);
	if (vrfleak_prefix_queue_count(queue) > 0)
		return;
	queue->sharded = false;
	while ((item = vrfleak_prefix_queue_fifo_pop(&queue->spare)))
		vrfleak_prefix_queue_free(item);
}

struct vrfleak_prefix_item *
vrfleak_prefix_queue_first(struct vrfleak_prefix_queue *queue)
{
	return vrfleak_prefix_queue_fifo_first(&queue->fifo);
}

struct vrfleak_prefix_item *
vrfleak_prefix_queue_pop(struct vrfleak_prefix_queue *queue)
{
	struct vrfleak_prefix_item *item = vrfleak_prefix_queue_first(queue);

	if (item)
		vrfleak_prefix_queue_take(queue, item);
	return item;
}

void vrfleak_prefix_queue_free(struct vrfleak_prefix_item *item)
{
	if (item->vrfs != item->inline_vrfs)
		XFREE(MTYPE_VRFLEAK_PREFIX_QUEUE, item->vrfs);
	XFREE(MTYPE_VRFLEAK_PREFIX_QUEUE, item);
}

void vrfleak_prefix_queue_recycle(struct vrfleak_prefix_queue *queue,
				  struct vrfleak_prefix_item *item)
{
	if (vrfleak_prefix_queue_count(queue) == 0 ||
	    item->vrfs != item->inline_vrfs)
		vrfleak_prefix_queue_free(item);
	else
		vrfleak_prefix_queue_fifo_add_head(&queue->spare, item);
}
