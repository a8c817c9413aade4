// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: walks of whole tables that wait to be done.
 *
 * Invariants:
 *  - There is one job for each thing to do, in the order in which they must be
 *    done, with the prefix up to which it has come, so that it can yield at any
 *    time.
 *  - One that is needed again while it is under way comes to its end first, and
 *    then gives way to the others.
 *
 * VRFs are numbers that the caller gives; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_WALK_QUEUE_H
#define _VRFLEAK_CORE_WALK_QUEUE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

/* In the order in which they are done. */
enum vrfleak_walk_kind {
	/* Look at all that was leaked to a target, and at all that waits. */
	VRFLEAK_WALK_REVALIDATE = 0,
	/* Ask those that wait in a target until there was room for them. */
	VRFLEAK_WALK_HEADROOM,
	/* Look for what went without a word in a target. */
	VRFLEAK_WALK_RESYNC,
	/* Offer all routes of a source to a target. */
	VRFLEAK_WALK_IMPORT,
};

PREDECL_RBTREE_UNIQ(vrfleak_walk_queue);

struct vrfleak_walk {
	struct vrfleak_walk_queue_item item;
	enum vrfleak_walk_kind kind;
	enum vrfleak_af af;
	uint32_t target;
	/* VRFLEAK_WALK_IMPORT: the source, and its rank in the target. */
	uint32_t rank;
	uint32_t source;
	/* The last prefix that is done, once any is; of the target's table
	 * first, in a sweep, and then of those that wait.
	 */
	bool table_done;
	bool started;
	struct prefix done;
	/* It was added again after it had started. */
	bool again;
	/* When it last came to an end and had to begin anew; 0 for never. */
	uint64_t turn;
};

extern int vrfleak_walk_cmp(const struct vrfleak_walk *a,
			    const struct vrfleak_walk *b);
DECLARE_RBTREE_UNIQ(vrfleak_walk_queue, struct vrfleak_walk, item,
		    vrfleak_walk_cmp);

/* Add a job; one that has started already begins anew at its end. */
extern void vrfleak_walk_enqueue(struct vrfleak_walk_queue_head *walks,
				 enum vrfleak_walk_kind kind,
				 enum vrfleak_af af, uint32_t target,
				 uint32_t rank, uint32_t source);

/*
 * The job to go on with, or NULL: the first one, but those that begin anew let
 * all others pass, and take turns, so that whoever comes again and again does
 * not stop them.
 */
extern struct vrfleak_walk *
vrfleak_walk_turn(struct vrfleak_walk_queue_head *walks);

/* The job has come to its end: it goes, unless it has to begin anew. */
extern void vrfleak_walk_complete(struct vrfleak_walk_queue_head *walks,
				  struct vrfleak_walk *walk);

/* Put the walks in order where rank() of one is not what it was. */
extern void
vrfleak_walk_queue_rerank(struct vrfleak_walk_queue_head *walks,
			  uint32_t (*rank)(const struct vrfleak_walk *walk));

/*
 * The first sources, size at the most, that are, or will be, walked to target;
 * returns how many. With sources NULL they are counted only.
 */
extern uint32_t
vrfleak_walk_queue_sources(struct vrfleak_walk_queue_head *walks,
			   enum vrfleak_af af, uint32_t target,
			   uint32_t *sources, uint32_t size);

extern void vrfleak_walk_queue_finish(struct vrfleak_walk_queue_head *walks);

#endif /* _VRFLEAK_CORE_WALK_QUEUE_H */
