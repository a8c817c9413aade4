// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the queue of table walks.
 *
 * Invariants:
 *  - There is one walk for each key (kind, family, target, rank, source). Walks
 *    are sorted by this key.
 *  - A walk stores the last prefix that is done, so it can yield at any prefix.
 *  - A walk that is requested again while it is in progress is completed first.
 *    It then restarts, but after all other walks.
 *
 * A VRF is identified by its index; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_WALK_QUEUE_H
#define _VRFLEAK_CORE_WALK_QUEUE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

/* In the order of processing. */
enum vrfleak_walk_kind {
	/* Decide again about all leaked prefixes and conflicts of a target. */
	VRFLEAK_WALK_REVALIDATE = 0,
	/* Decide again about a target's routes by changed route-maps. */
	VRFLEAK_WALK_REFILTER,
	/* Decide about a target's conflicts while there is headroom. */
	VRFLEAK_WALK_HEADROOM,
	/* Find routes of a target that were deleted without an event. */
	VRFLEAK_WALK_RESYNC,
	/* Find routes leaked to a target that the kernel has refused. */
	VRFLEAK_WALK_REFUSED,
	/* Decide about all routes of a source in a target. */
	VRFLEAK_WALK_IMPORT,
};

PREDECL_RBTREE_UNIQ(vrfleak_walk_queue);

struct vrfleak_walk {
	struct vrfleak_walk_queue_item item;
	enum vrfleak_walk_kind kind;
	enum vrfleak_af af;
	uint32_t target;
	/* VRFLEAK_WALK_IMPORT only: the source and its rank in the target. */
	uint32_t rank;
	uint32_t source;
	/*
	 * VRFLEAK_WALK_IMPORT only: leave out the prefixes that are leaked from
	 * the source already.
	 */
	bool unleaked_only;
	/*
	 * A revalidation walks the target's table, and then, with table_done,
	 * its conflicts.
	 */
	bool table_done;
	/* The last prefix that is done; valid if started. */
	bool started;
	struct prefix done;
	/* The walk was requested again after it had started. */
	bool again;
	/* Counts up with each restart of any walk; 0: never restarted. */
	uint64_t turn;
};

extern int vrfleak_walk_cmp(const struct vrfleak_walk *a,
			    const struct vrfleak_walk *b);
DECLARE_RBTREE_UNIQ(vrfleak_walk_queue, struct vrfleak_walk, item,
		    vrfleak_walk_cmp);

/* Request a walk. One that has started restarts when it is complete. */
extern void vrfleak_walk_enqueue(struct vrfleak_walk_queue_head *walks,
				 enum vrfleak_walk_kind kind,
				 enum vrfleak_af af, uint32_t target,
				 uint32_t rank, uint32_t source);

/*
 * The same for an import scan that may leave out what is leaked already, unless
 * one that may not is queued.
 */
extern void vrfleak_walk_enqueue_unleaked(struct vrfleak_walk_queue_head *walks,
					  enum vrfleak_af af, uint32_t target,
					  uint32_t rank, uint32_t source);

/*
 * The walk to continue with, or NULL. It is the first one that was never
 * restarted, else the one whose restart is oldest. So a walk that is requested
 * again and again does not starve the others.
 */
extern struct vrfleak_walk *
vrfleak_walk_turn(struct vrfleak_walk_queue_head *walks);

/* A walk has reached its end: free it, or restart it if requested again. */
extern void vrfleak_walk_complete(struct vrfleak_walk_queue_head *walks,
				  struct vrfleak_walk *walk);

/* Sort the import scans again by the present rank(). */
extern void
vrfleak_walk_queue_rerank(struct vrfleak_walk_queue_head *walks,
			  uint32_t (*rank)(const struct vrfleak_walk *walk));

/*
 * Set sources to the first sources, at most size, with an import scan for
 * target in the queue. Returns their number. sources may be NULL to count only.
 */
extern uint32_t
vrfleak_walk_queue_sources(struct vrfleak_walk_queue_head *walks,
			   enum vrfleak_af af, uint32_t target,
			   uint32_t *sources, uint32_t size);

extern void vrfleak_walk_queue_finish(struct vrfleak_walk_queue_head *walks);

#endif /* _VRFLEAK_CORE_WALK_QUEUE_H */
