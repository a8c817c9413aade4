// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the table walks, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/native_prefixes.h"
#include "zebra_vrfleak/core/walk_queue.h"
#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/refused_routes.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/rib/rib_view.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_SOURCES, "Route leak candidates");

struct visit {
	struct vrfleak_budget *budget;
	const struct vrfleak_walk *walk;
	struct vrfleak_vrf *target;
	/* For an import scan: the source. */
	struct vrfleak_vrf *source;
	/* For a filter revalidation: the last source, and whether it is affected. */
	const struct vrfleak_vrf *last;
	bool last_affected;
	/* Another source may have a tag match of a lower rank. */
	bool better_matches;
	/* The list that the scan collects, or NULL. */
	struct vrfleak_native_list *collects;
};

/* Whether an import scan leaves out a prefix, which is leaked already. */
static bool import_skips(const struct visit *visit, const struct prefix *prefix)
{
	return visit->walk->unleaked_only &&
	       vrfleak_rib_leaked(vrfleak_rib_node(visit->target, prefix),
				  visit->source);
}

/*
 * Import scans are in the order of the ranks of the sources' first tag matches.
 * So other sources with a queued scan take part only if one of them may have a
 * better tag match.
 */
static bool import_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;
	const struct vrfleak_change change = {
		.prefix = at->prefix,
		.sources = &visit->walk->source,
		.count = 1,
		.scanned_too = visit->better_matches,
		.source = visit->source,
		.rn = at->rn,
	};

	/*
	 * Skips routes leaked to the source; revalidation withdraws the rest.
	 */
	if (vrfleak_rib_offered(visit->source, at->rn)) {
		if (visit->collects)
			vrfleak_native_list_add(visit->collects, at->prefix);
		if (!import_skips(visit, at->prefix))
			vrfleak_leak_decide(visit->budget, visit->target,
					    &change);
	}
	return vrfleak_pending_in_budget(visit->budget);
}

/* Decide about a prefix after a change in one source. */
static void source_decide(const struct visit *visit,
			  const struct prefix *prefix, uint32_t source,
			  bool scanned_too)
{
	const struct vrfleak_change change = {
		.prefix = prefix,
		.sources = &source,
		.count = 1,
		.scanned_too = scanned_too,
	};

	vrfleak_leak_decide(visit->budget, visit->target, &change);
}

static bool revalidate_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	if (at->source)
		source_decide(visit, at->prefix, at->source->index, true);
	return vrfleak_pending_in_budget(visit->budget);
}

static bool is_changed(const char *map)
{
	return map && vrfleak_names_have(&vrfleak_queue.changed_filters, map);
}

/* Whether a route-map between source and the target has changed. */
static bool source_affected(const struct visit *visit,
			    const struct vrfleak_vrf *source)
{
	const struct vrfleak_vrf_policy *policy = visit->target->policy;
	const struct vrfleak_pair *pair =
		policy ? vrfleak_policy_source(policy, visit->walk->af,
					       source->name)
		       : NULL;

	for (uint32_t i = 0; pair && i < pair->matches_count; i++)
		if (is_changed(pair->matches[i].export->map) ||
		    is_changed(pair->matches[i].import->map))
			return true;
	return false;
}

static bool refilter_visit(const struct vrfleak_rib_at *at, void *arg)
{
	struct visit *visit = arg;

	if (at->source && at->source != visit->last) {
		visit->last = at->source;
		visit->last_affected = source_affected(visit, at->source);
	}
	if (at->source && visit->last_affected)
		source_decide(visit, at->prefix, at->source->index, true);
	return vrfleak_pending_in_budget(visit->budget);
}

static bool resync_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	vrfleak_zebra_requeue(at->rn);
	if (vrfleak_refused_visit(visit->budget, visit->target, at))
		return vrfleak_pending_in_budget(visit->budget);
	vrfleak_silent_check_leaked(visit->target, at);
	return vrfleak_budget_in_time(visit->budget);
}

static bool refused_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;

	if (vrfleak_refused_visit(visit->budget, visit->target, at))
		return vrfleak_pending_in_budget(visit->budget);
	if (!at->leaked)
		vrfleak_silent_check_leaked(visit->target, at);
	return vrfleak_budget_in_time(visit->budget);
}

/*
 * Whether the walk decides about a candidate. One that was over its limit may
 * have another reason since another source owns the prefix, or because its
 * route was not accepted before; without an owner it is next.
 */
static bool candidate_is_due(const struct visit *visit,
			     const struct vrfleak_candidate *candidate)
{
	const struct vrfleak_vrf *target = visit->target;

	if (candidate->source == target->index)
		return false;
	return visit->walk->kind != VRFLEAK_WALK_HEADROOM ||
	       candidate->reason == VRFLEAK_FULL ||
	       ((candidate->reason == VRFLEAK_OTHER_SOURCE ||
		 candidate->is_next) &&
		target->policy && target->policy->preempt[visit->walk->af]);
}

/* Decide about a conflict's prefix as if all its candidates had changed. */
static void candidates_decide(const struct visit *visit,
			      const struct prefix *prefix,
			      const struct vrfleak_conflict *conflict)
{
	const struct vrfleak_candidate *candidates = conflict->candidates;
	struct vrfleak_change change = {
		.prefix = prefix,
		.scanned_too = true,
	};
	uint32_t *sources;

	sources = XMALLOC(MTYPE_VRFLEAK_SOURCES,
			  conflict->count * sizeof(*sources));
	for (uint16_t i = 0; i < conflict->count; i++)
		if (candidate_is_due(visit, &candidates[i]))
			sources[change.count++] = candidates[i].source;
	change.sources = sources;
	if (change.count || visit->walk->kind != VRFLEAK_WALK_HEADROOM)
		vrfleak_leak_decide(visit->budget, visit->target, &change);
	XFREE(MTYPE_VRFLEAK_SOURCES, sources);
}

/* The walk's next conflict or NULL. Sets walk->done to its prefix. */
static const struct vrfleak_conflict *conflict_step(struct vrfleak_walk *walk)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_next(&vrfleak_queue.conflicts, walk->target,
				      vrfleak_af_family(walk->af),
				      walk->started ? &walk->done : NULL);

	if (conflict)
		vrfleak_conflict_prefix(conflict, &walk->done);
	walk->started = true;
	return conflict;
}

/* Decide about the candidates in the target. Returns whether all are done. */
static bool candidates_revalidate(const struct visit *visit,
				  struct vrfleak_walk *walk)
{
	const struct vrfleak_conflict *conflict;

	do {
		if (walk->kind == VRFLEAK_WALK_HEADROOM &&
		    !vrfleak_route_count_headroom(visit->target, walk->af))
			return true;
		conflict = conflict_step(walk);
		if (!conflict)
			return true;
		candidates_decide(visit, &walk->done, conflict);
	} while (vrfleak_pending_in_budget(visit->budget));
	return false;
}

/* Check the conflicts in the target. Returns whether all are done. */
static bool candidates_resync(const struct visit *visit,
			      struct vrfleak_walk *walk)
{
	const struct vrfleak_conflict *conflict;

	do {
		conflict = conflict_step(walk);
		if (!conflict)
			return true;
		vrfleak_silent_check_conflict(visit->target, &walk->done,
					      conflict);
	} while (vrfleak_budget_in_time(visit->budget));
	return false;
}

/*
 * Walk the target's table, then its conflicts. Returns whether both are done.
 */
static bool target_run(struct visit *visit, struct vrfleak_walk *walk,
		       vrfleak_rib_visit each,
		       bool (*candidates)(const struct visit *visit,
					  struct vrfleak_walk *walk))
{
	if (!walk->table_done) {
		if (!vrfleak_rib_walk(visit->target, walk->af, &walk->done,
				      &walk->started, each, visit))
			return false;
		walk->table_done = true;
		walk->started = false;
	}
	return candidates(visit, walk);
}

/* The source-target pair of an import scan, or NULL. */
static const struct vrfleak_pair *walk_pair(const struct vrfleak_walk *walk)
{
	const struct vrfleak_vrf *target = vrfleak_vrf_by_index(walk->target);
	const struct vrfleak_vrf *source = vrfleak_vrf_by_index(walk->source);

	return target->policy ? vrfleak_policy_source(target->policy, walk->af,
						      source->name)
			      : NULL;
}

static uint32_t walk_rank(const struct vrfleak_walk *walk)
{
	const struct vrfleak_pair *pair = walk_pair(walk);

	return pair ? pair->rank : walk->rank;
}

void vrfleak_walk_rerank(void)
{
	vrfleak_walk_queue_rerank(&vrfleak_queue.walks, walk_rank);
}

/* The number of nodes in the table of the scan's source. */
static size_t table_size(const struct visit *visit)
{
	struct route_table *table =
		vrfleak_rib_table(visit->source, visit->walk->af);

	return table ? route_table_count(table) : 0;
}

static struct vrfleak_native_list *list_find(const struct visit *visit)
{
	return vrfleak_native_list_find(&vrfleak_queue.native_lists,
					visit->walk->source, visit->walk->af);
}

/* The list that this scan begins, or continues, to collect; or NULL. */
static struct vrfleak_native_list *list_to_collect(const struct visit *visit)
{
	const struct vrfleak_walk *walk = visit->walk;
	struct vrfleak_native_list *list = list_find(visit);

	if (list && (walk->started ||
		     !vrfleak_native_list_again(list, table_size(visit))))
		return list->target == walk->target ? list : NULL;
	if (walk->started || !visit->source->policy ||
	    visit->source->policy->targets[walk->af].count < 2)
		return NULL;
	vrfleak_native_list_drop(&vrfleak_queue.native_lists, walk->source,
				 walk->af);
	return vrfleak_native_list_begin(&vrfleak_queue.native_lists,
					 walk->source, walk->af, walk->target,
					 table_size(visit));
}

/* The list to use in place of the table if it is much shorter, or NULL. */
static const struct vrfleak_native_list *list_usable(const struct visit *visit)
{
	const struct vrfleak_native_list *list = list_find(visit);

	if (!list || list->state != VRFLEAK_NATIVE_LIST_COMPLETE ||
	    table_size(visit) / 2 < list->count)
		return NULL;
	return list;
}

static bool list_walk(const struct visit *visit, struct vrfleak_walk *walk,
		      const struct vrfleak_native_list *list)
{
	const struct prefix *prefix;

	do {
		prefix = vrfleak_native_list_next(
			list, walk->started ? &walk->done : NULL);
		if (!prefix)
			return true;
		prefix_copy(&walk->done, prefix);
		walk->started = true;
		if (!import_skips(visit, &walk->done))
			source_decide(visit, &walk->done, walk->source,
				      visit->better_matches);
	} while (vrfleak_pending_in_budget(visit->budget));
	return false;
}

static bool import_walk(struct visit *visit, struct vrfleak_walk *walk)
{
	const struct vrfleak_native_list *list = list_usable(visit);
	const struct vrfleak_pair *pair = walk_pair(walk);
	uint32_t first = walk->source;
	bool done;

	/*
	 * With another tag match than the first one, a later source may be
	 * better; so may an earlier one that is scanned again.
	 */
	vrfleak_queue_sources(visit->target, walk->af, &first, 1);
	visit->better_matches =
		first != walk->source || (pair && pair->matches_count > 1);
	if (list)
		return list_walk(visit, walk, list);
	visit->collects = list_to_collect(visit);
	done = vrfleak_rib_walk(visit->source, walk->af, &walk->done,
				&walk->started, import_visit, visit);
	if (done && visit->collects)
		vrfleak_native_list_complete(visit->collects);
	return done;
}

/* Continue a walk. Returns whether it is done. */
static bool walk_run(struct vrfleak_budget *budget, struct vrfleak_walk *walk)
{
	struct visit visit = {
		.budget = budget,
		.walk = walk,
		.target = vrfleak_vrf_by_index(walk->target),
		.source = vrfleak_vrf_by_index(walk->source),
	};

	switch (walk->kind) {
	case VRFLEAK_WALK_REVALIDATE:
		return target_run(&visit, walk, revalidate_visit,
				  candidates_revalidate);
	case VRFLEAK_WALK_REFILTER:
		return vrfleak_rib_walk(visit.target, walk->af, &walk->done,
					&walk->started, refilter_visit, &visit);
	case VRFLEAK_WALK_HEADROOM:
		return candidates_revalidate(&visit, walk);
	case VRFLEAK_WALK_RESYNC:
		return target_run(&visit, walk, resync_visit,
				  candidates_resync);
	case VRFLEAK_WALK_REFUSED:
		return vrfleak_rib_walk(visit.target, walk->af, &walk->done,
					&walk->started, refused_visit, &visit);
	case VRFLEAK_WALK_IMPORT:
		break;
	}
	return import_walk(&visit, walk);
}

bool vrfleak_walk_run(struct vrfleak_budget *budget)
{
	struct vrfleak_walk *walk = vrfleak_walk_turn(&vrfleak_queue.walks);

	if (!walk)
		return false;
	if (walk_run(budget, walk))
		vrfleak_walk_complete(&vrfleak_queue.walks, walk);
	if (vrfleak_walk_queue_count(&vrfleak_queue.walks) == 0) {
		vrfleak_native_lists_clear(&vrfleak_queue.native_lists);
		vrfleak_names_clear(&vrfleak_queue.changed_filters);
	}
	return true;
}
