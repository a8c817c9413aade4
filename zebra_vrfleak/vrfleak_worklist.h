// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the work that waits to be done.
 *
 * Two kinds, both free of duplicates:
 *
 *  dirty   prefixes at which something changed, first in first out, each with
 *          the VRFs in which it changed. A prefix that changes again before
 *          its turn is counted, not queued again.
 *  jobs    walks of whole tables, in the order in which they must be done,
 *          each with the prefix up to which it has come, so that it can yield
 *          at any time. One that is needed again while it is under way comes
 *          to its end first, and then gives way to the others.
 *
 * VRFs are numbers that the caller gives; 0 is no VRF. Work is done in slices.
 */
#ifndef _VRFLEAK_WORKLIST_H
#define _VRFLEAK_WORKLIST_H

#include "prefix.h"
#include "typesafe.h"

#include "zebra_vrfleak/vrfleak_policy.h"

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

/* Put an item back at the end. Its prefix must not be in. */
extern void vrfleak_dirty_put(struct vrfleak_dirty *dirty,
			      struct vrfleak_dirty_item *item);

/* In the order in which they are done. */
enum vrfleak_job_kind {
	/* Look at all that was leaked to a target, and at all that waits. */
	VRFLEAK_SWEEP = 0,
	/* Ask those that wait in a target until there was room for them. */
	VRFLEAK_ROOM,
	/* Look for what went without a word in a target. */
	VRFLEAK_AUDIT,
	/* Offer all routes of a source to a target. */
	VRFLEAK_WALK,
};

PREDECL_RBTREE_UNIQ(vrfleak_jobs);

struct vrfleak_job {
	struct vrfleak_jobs_item item;
	enum vrfleak_job_kind kind;
	enum vrfleak_af af;
	uint32_t target;
	/* VRFLEAK_WALK: the source, and its rank in the target. */
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

extern int vrfleak_job_cmp(const struct vrfleak_job *a,
			   const struct vrfleak_job *b);
DECLARE_RBTREE_UNIQ(vrfleak_jobs, struct vrfleak_job, item, vrfleak_job_cmp);

/* Add a job; one that has started already begins anew at its end. */
extern void vrfleak_job_add(struct vrfleak_jobs_head *jobs,
			    enum vrfleak_job_kind kind, enum vrfleak_af af,
			    uint32_t target, uint32_t rank, uint32_t source);

/*
 * The job to go on with, or NULL: the first one, but those that begin anew let
 * all others pass, and take turns, so that whoever comes again and again does
 * not stop them.
 */
extern struct vrfleak_job *vrfleak_job_turn(struct vrfleak_jobs_head *jobs);

/* The job has come to its end: it goes, unless it has to begin anew. */
extern void vrfleak_job_end(struct vrfleak_jobs_head *jobs,
			    struct vrfleak_job *job);

/* Put the walks in order where rank() of one is not what it was. */
extern void vrfleak_jobs_rerank(struct vrfleak_jobs_head *jobs,
				uint32_t (*rank)(const struct vrfleak_job *job));

/*
 * The first sources, size at the most, that are, or will be, walked to target;
 * returns how many. With sources NULL they are counted only.
 */
extern uint32_t vrfleak_jobs_pending(struct vrfleak_jobs_head *jobs,
				     enum vrfleak_af af, uint32_t target,
				     uint32_t *sources, uint32_t size);

extern void vrfleak_jobs_finish(struct vrfleak_jobs_head *jobs);

/* A turn; its end is in microseconds of the caller's clock. */
struct vrfleak_slice {
	int64_t end;
	/* Since the clock was looked at. */
	uint32_t steps;
	bool over;
};

/* Count steps; whether there is time for another. Once over it stays so. */
extern bool vrfleak_slice_step(struct vrfleak_slice *slice, uint32_t steps,
			       int64_t (*clock)(void));

#endif /* _VRFLEAK_WORKLIST_H */
