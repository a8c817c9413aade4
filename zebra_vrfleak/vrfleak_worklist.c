// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: prefixes that wait to be looked at, see the header.
 *
 * Losing nothing matters more here than order: an item leaves only by
 * vrfleak_dirty_take().
 */
#include <zebra.h>

#include "jhash.h"

#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_worklist.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_DIRTY, "Route leak changed prefix");

static int dirty_cmp(const struct vrfleak_dirty_item *a,
		     const struct vrfleak_dirty_item *b)
{
	if (a->scope != b->scope)
		return a->scope < b->scope ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

/* Asked several times for each route: cheaper than prefix_hash_key(). */
static uint32_t dirty_hash(const struct vrfleak_dirty_item *item)
{
	const struct prefix *p = &item->prefix;

	if (p->family == AF_INET)
		return jhash_3words(item->scope, p->prefixlen,
				    p->u.prefix4.s_addr, 0);
	return jhash2(p->u.val32, 4,
		      jhash_2words(item->scope, p->prefixlen, 0));
}

DECLARE_HASH(vrfleak_dirty_index, struct vrfleak_dirty_item, index, dirty_cmp,
	     dirty_hash);
DECLARE_DLIST(vrfleak_dirty_fifo, struct vrfleak_dirty_item, fifo);

/* The part of the index that has a prefix: by bits that most prefixes have. */
static struct vrfleak_dirty_index_head *shard_of(struct vrfleak_dirty *dirty,
						 const struct prefix *prefix)
{
	const uint8_t *address = prefix->u.val;
	uint8_t bits = prefix->family == AF_INET
			       ? address[2] ^ address[1]
			       : address[5] ^ address[4] ^ address[3];

	return &dirty->index[dirty->sharded ? bits % VRFLEAK_DIRTY_SHARDS : 0];
}

/*
 * Put an item into the index; returns one of the same identity that was there.
 * The index keeps its size until it is empty: libfrr's hash tables would shrink
 * below the very number of items at which they grow.
 */
static struct vrfleak_dirty_item *index_add(struct vrfleak_dirty *dirty,
					    struct vrfleak_dirty_item *item)
{
	struct vrfleak_dirty_index_head *index = shard_of(dirty, &item->prefix);
	struct vrfleak_dirty_item *old = vrfleak_dirty_index_add(index, item);

	index->hh.minshift = index->hh.tabshift;
	return old;
}

/* Use all parts of the index, once there is much to put in. */
static void shard(struct vrfleak_dirty *dirty)
{
	struct vrfleak_dirty_item *item;

	if (dirty->sharded || vrfleak_dirty_count(dirty) < VRFLEAK_DIRTY_ALONE)
		return;
	dirty->sharded = true;
	frr_each (vrfleak_dirty_fifo, &dirty->fifo, item) {
		vrfleak_dirty_index_del(&dirty->index[0], item);
		index_add(dirty, item);
	}
}

/* Put an item in at the end, unless its prefix is in: returns that item then. */
static struct vrfleak_dirty_item *item_put(struct vrfleak_dirty *dirty,
					   struct vrfleak_dirty_item *item)
{
	struct vrfleak_dirty_item *old;

	shard(dirty);
	old = index_add(dirty, item);
	if (!old)
		vrfleak_dirty_fifo_add_tail(&dirty->fifo, item);
	return old;
}

void vrfleak_dirty_init(struct vrfleak_dirty *dirty)
{
	memset(dirty, 0, sizeof(*dirty));
	for (int i = 0; i < VRFLEAK_DIRTY_SHARDS; i++)
		vrfleak_dirty_index_init(&dirty->index[i]);
	vrfleak_dirty_fifo_init(&dirty->fifo);
}

void vrfleak_dirty_finish(struct vrfleak_dirty *dirty)
{
	struct vrfleak_dirty_item *item;

	while ((item = vrfleak_dirty_pop(dirty)))
		vrfleak_dirty_free(item);
	for (int i = 0; i < VRFLEAK_DIRTY_SHARDS; i++)
		vrfleak_dirty_index_fini(&dirty->index[i]);
	vrfleak_dirty_fifo_fini(&dirty->fifo);
}

size_t vrfleak_dirty_count(const struct vrfleak_dirty *dirty)
{
	return vrfleak_dirty_fifo_count(&dirty->fifo);
}

struct vrfleak_dirty_item *vrfleak_dirty_lookup(struct vrfleak_dirty *dirty,
						uint32_t scope,
						const struct prefix *prefix)
{
	struct vrfleak_dirty_item key = {.scope = scope};

	prefix_copy(&key.prefix, prefix);
	return vrfleak_dirty_index_find(shard_of(dirty, prefix), &key);
}

static struct vrfleak_dirty_item *item_new(uint32_t scope,
					   const struct prefix *prefix)
{
	/* One for each route: not cleared as a whole, which costs much more. */
	struct vrfleak_dirty_item *item =
		XMALLOC(MTYPE_VRFLEAK_DIRTY, sizeof(*item));

	item->scope = scope;
	prefix_copy(&item->prefix, prefix);
	item->note = 0;
	item->pointer = NULL;
	item->count = 0;
	item->vrfs = item->few;
	return item;
}

/* The prefix's item, added where there is none. */
static struct vrfleak_dirty_item *item_get(struct vrfleak_dirty *dirty,
					   uint32_t scope,
					   const struct prefix *prefix)
{
	struct vrfleak_dirty_item *item, *old;

	if (dirty->last && dirty->last->scope == scope &&
	    prefix_same(&dirty->last->prefix, prefix))
		return dirty->last;

	/* Most are new: looking for them first would cost as much again. */
	item = item_new(scope, prefix);
	old = item_put(dirty, item);
	if (old) {
		vrfleak_dirty_free(item);
		return old;
	}
	dirty->last = item;
	return item;
}

static void item_append(struct vrfleak_dirty_item *item, uint32_t vrf)
{
	uint32_t count = item->count;

	if (count == VRFLEAK_DIRTY_FEW) {
		item->vrfs =
			XMALLOC(MTYPE_VRFLEAK_DIRTY, (count + 1) * sizeof(vrf));
		memcpy(item->vrfs, item->few, sizeof(item->few));
	} else if (count > VRFLEAK_DIRTY_FEW) {
		item->vrfs = XREALLOC(MTYPE_VRFLEAK_DIRTY, item->vrfs,
				      (count + 1) * sizeof(vrf));
	}
	item->vrfs[item->count++] = vrf;
}

struct vrfleak_dirty_item *vrfleak_dirty_add(struct vrfleak_dirty *dirty,
					     uint32_t scope,
					     const struct prefix *prefix,
					     uint32_t vrf)
{
	struct vrfleak_dirty_item *item = item_get(dirty, scope, prefix);

	if (vrf == 0)
		return item;

	for (uint32_t i = 0; i < item->count; i++)
		if (item->vrfs[i] == vrf) {
			dirty->merged++;
			return item;
		}
	item_append(item, vrf);
	return item;
}

void vrfleak_dirty_forget(struct vrfleak_dirty *dirty,
			  bool (*is_gone)(uint32_t scope))
{
	struct vrfleak_dirty_item *item;

	frr_each_safe (vrfleak_dirty_fifo, &dirty->fifo, item) {
		if (!is_gone(item->scope))
			continue;
		vrfleak_dirty_take(dirty, item);
		vrfleak_dirty_free(item);
	}
}

void vrfleak_dirty_put(struct vrfleak_dirty *dirty,
		       struct vrfleak_dirty_item *item)
{
	item_put(dirty, item);
}

void vrfleak_dirty_take(struct vrfleak_dirty *dirty,
			struct vrfleak_dirty_item *item)
{
	if (dirty->last == item)
		dirty->last = NULL;
	vrfleak_dirty_index_del(shard_of(dirty, &item->prefix), item);
	vrfleak_dirty_fifo_del(&dirty->fifo, item);
	if (vrfleak_dirty_count(dirty) == 0)
		dirty->sharded = false;
}

struct vrfleak_dirty_item *vrfleak_dirty_first(struct vrfleak_dirty *dirty)
{
	return vrfleak_dirty_fifo_first(&dirty->fifo);
}

struct vrfleak_dirty_item *vrfleak_dirty_pop(struct vrfleak_dirty *dirty)
{
	struct vrfleak_dirty_item *item = vrfleak_dirty_first(dirty);

	if (item)
		vrfleak_dirty_take(dirty, item);
	return item;
}

void vrfleak_dirty_free(struct vrfleak_dirty_item *item)
{
	if (item->vrfs != item->few)
		XFREE(MTYPE_VRFLEAK_DIRTY, item->vrfs);
	XFREE(MTYPE_VRFLEAK_DIRTY, item);
}

bool vrfleak_slice_step(struct vrfleak_slice *slice, uint32_t steps,
			int64_t (*clock)(void))
{
	slice->steps += steps;
	if (!slice->over && slice->steps >= VRFLEAK_SLICE_STEPS) {
		slice->steps = 0;
		slice->over = clock() >= slice->end;
	}
	return !slice->over;
}
