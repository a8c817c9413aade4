// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the queue of table walks, see the header.
 *
 * Walks leave the queue only by vrfleak_walk_complete(), so that none is lost.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/walk_queue.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_WALK_ITEM, "Route leak table walk");

int vrfleak_walk_cmp(const struct vrfleak_walk *a, const struct vrfleak_walk *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return 0;
}

/* Add a walk with this key, or request the queued one again. */
static void walk_request(struct vrfleak_walk_queue_head *walks,
			 const struct vrfleak_walk *key)
{
	struct vrfleak_walk *walk = vrfleak_walk_queue_find(walks, key);

	if (walk) {
		walk->again = walk->started || walk->table_done;
		walk->unleaked_only = walk->unleaked_only && key->unleaked_only;
		return;
	}
	walk = XCALLOC(MTYPE_VRFLEAK_WALK_ITEM, sizeof(*walk));
	*walk = *key;
	vrfleak_walk_queue_add(walks, walk);
}

void vrfleak_walk_enqueue(struct vrfleak_walk_queue_head *walks,
			  enum vrfleak_walk_kind kind, enum vrfleak_af af,
			  uint32_t target, uint32_t rank, uint32_t source)
{
	walk_request(walks, &(struct vrfleak_walk){
				    .kind = kind,
				    .af = af,
				    .target = target,
				    .rank = rank,
				    .source = source,
			    });
}

void vrfleak_walk_enqueue_unleaked(struct vrfleak_walk_queue_head *walks,
				   enum vrfleak_af af, uint32_t target,
				   uint32_t rank, uint32_t source)
{
	walk_request(walks, &(struct vrfleak_walk){
				    .kind = VRFLEAK_WALK_IMPORT,
				    .af = af,
				    .target = target,
				    .rank = rank,
				    .source = source,
				    .unleaked_only = true,
			    });
}

struct vrfleak_walk *vrfleak_walk_turn(struct vrfleak_walk_queue_head *walks)
{
	struct vrfleak_walk *walk, *next = NULL;

	frr_each (vrfleak_walk_queue, walks, walk) {
		if (walk->turn == 0)
			return walk;
		if (!next || walk->turn < next->turn)
			next = walk;
	}
	return next;
}

/* The number of restarts. */
static uint64_t turns;

void vrfleak_walk_complete(struct vrfleak_walk_queue_head *walks,
			   struct vrfleak_walk *walk)
{
	if (!walk->again) {
		vrfleak_walk_queue_del(walks, walk);
		XFREE(MTYPE_VRFLEAK_WALK_ITEM, walk);
		return;
	}
	walk->again = false;
	walk->turn = ++turns;
	walk->table_done = false;
	walk->started = false;
}

void vrfleak_walk_queue_rerank(
	struct vrfleak_walk_queue_head *walks,
	uint32_t (*rank)(const struct vrfleak_walk *walk))
{
	struct vrfleak_walk *walk;
	uint32_t new;

	/* A walk that moves back is visited again, but unchanged then. */
	frr_each_safe (vrfleak_walk_queue, walks, walk) {
		if (walk->kind != VRFLEAK_WALK_IMPORT)
			continue;
		new = rank(walk);
		if (new == walk->rank)
			continue;
		vrfleak_walk_queue_del(walks, walk);
		walk->rank = new;
		vrfleak_walk_queue_add(walks, walk);
	}
}

uint32_t vrfleak_walk_queue_sources(struct vrfleak_walk_queue_head *walks,
				    enum vrfleak_af af, uint32_t target,
				    uint32_t *sources, uint32_t size)
{
	struct vrfleak_walk key = {
		.kind = VRFLEAK_WALK_IMPORT,
		.af = af,
		.target = target,
	};
	struct vrfleak_walk *walk;
	uint32_t count = 0;

	if (vrfleak_walk_queue_count(walks) == 0)
		return 0;
	for (walk = vrfleak_walk_queue_find_gteq(walks, &key);
	     count < size && walk && walk->kind == VRFLEAK_WALK_IMPORT &&
	     walk->af == af && walk->target == target;
	     walk = vrfleak_walk_queue_next(walks, walk)) {
		if (sources)
			sources[count] = walk->source;
		count++;
	}
	return count;
}

void vrfleak_walk_queue_finish(struct vrfleak_walk_queue_head *walks)
{
	struct vrfleak_walk *walk;

	while ((walk = vrfleak_walk_queue_pop(walks)))
		XFREE(MTYPE_VRFLEAK_WALK_ITEM, walk);
	vrfleak_walk_queue_fini(walks);
}
