// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: withdrawals of interface and kernel routes, see the header.
 *
 * There is an entry for each relevant connected and local route. Of kernel
 * routes there may be a million, so a VRF only has a flag that it has relevant
 * ones.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/prefix_queue.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/rib/link_state.h"
#include "zebra_vrfleak/rib/rib_view.h"

/* With more deleted routes, whole tables are scanned instead. */
#define GONE_MAX 10000

static struct {
	struct vrfleak_event_loop *loop;
	/*
	 * The relevant connected and local routes, and the routes that the
	 * kernel has deleted. The scope of an item is the VRF's index.
	 */
	struct vrfleak_prefix_queue known;
	struct vrfleak_prefix_queue gone;
	/* To scan: interface routes, and all other routes. */
	bool interfaces;
	bool all;
	/* The number of items of both queues that are left in this scan. */
	size_t left;
	size_t gone_left;
	/* This is the last scan. */
	bool last;
	struct vrfleak_event *scan;
} watched;

static struct vrfleak_origin origin_of(const struct vrfleak_vrf *vrf,
				       const struct prefix *prefix)
{
	return vrfleak_rib_origin(vrfleak_rib_node(vrf, prefix));
}

static bool route_is_relevant(const struct vrfleak_vrf *vrf,
			      const struct prefix *prefix)
{
	if (!vrf || !vrf->policy)
		return false;
	return vrf->policy->targets[vrfleak_prefix_af(prefix)].count ||
	       vrfleak_conflict_find(&vrfleak_queue.conflicts, vrf->index,
				     prefix);
}

void vrfleak_silent_note(const struct vrfleak_vrf *vrf,
			 const struct prefix *prefix, struct route_node *rn)
{
	struct vrfleak_origin origin;

	if (!route_is_relevant(vrf, prefix))
		return;
	origin = vrfleak_rib_origin(rn);
	if (origin.interface)
		vrfleak_prefix_queue_add(&watched.known, vrf->index, prefix, 0);
	if (VRFLEAK_HAVE_SILENT_WITHDRAWALS && origin.kernel)
		vrfleak_vrf_note_kernel(vrf, vrfleak_prefix_af(prefix));
}

bool vrfleak_silent_gone(const struct vrfleak_kernel_route *route)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_table(route->table_id);

	if (!vrf || !route_is_relevant(vrf, &route->prefix))
		return false;
	if (watched.all)
		return true;
	if (vrfleak_prefix_queue_count(&watched.gone) >= GONE_MAX)
		vrfleak_silent_invalidate(true);
	else
		vrfleak_prefix_queue_add(&watched.gone, vrf->index,
					 &route->prefix, 0)
			->note = 0;
	return true;
}

void vrfleak_silent_invalidate(bool all)
{
	watched.interfaces = true;
	watched.all = watched.all || all;
}

/* ---- scans of the stored routes ---- */

static void known_check(struct vrfleak_prefix_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(item->scope);
	struct vrfleak_origin origin = {};

	if (route_is_relevant(vrf, &item->prefix)) {
		origin = origin_of(vrf, &item->prefix);
		if (!origin.interface || origin.left_over)
			vrfleak_queue_prefix(&item->prefix, vrf->index);
	}
	if (origin.interface)
		vrfleak_prefix_queue_put(&watched.known, item);
	else
		vrfleak_prefix_queue_free(item);
}

/*
 * Queue the prefix when zebra no longer has the route. It may not have read yet
 * that the route was added, and add and delete it later: so the item is kept,
 * and the prefix queued once more, until the last scan. The item's note is 1 if
 * the prefix was queued since zebra had the route.
 */
static void gone_check(struct vrfleak_prefix_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(item->scope);
	bool present = vrf && origin_of(vrf, &item->prefix).kernel;

	if (vrf && (watched.last || (!present && !item->note)))
		vrfleak_queue_prefix(&item->prefix, vrf->index);
	item->note = !present;
	if (vrf && !watched.last)
		vrfleak_prefix_queue_put(&watched.gone, item);
	else
		vrfleak_prefix_queue_free(item);
}

/*
 * Check *left items of a list within the budget. Returns whether all are done.
 */
static bool list_check(struct vrfleak_prefix_queue *list, size_t *left,
		       void (*each)(struct vrfleak_prefix_item *item),
		       struct vrfleak_budget *budget)
{
	struct vrfleak_prefix_item *item;

	while (*left > 0 && vrfleak_budget_in_time(budget)) {
		(*left)--;
		item = vrfleak_prefix_queue_pop(list);
		if (item)
			each(item);
	}
	return *left == 0;
}

static void lists_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;
	bool done;

	vrfleak_budget_begin(&budget);
	done = list_check(&watched.gone, &watched.gone_left, gone_check,
			  &budget) &&
	       list_check(&watched.known, &watched.left, known_check, &budget);
	vrfleak_budget_end(&budget);
	if (!done)
		event_add_event(watched.loop, lists_run, NULL, 0,
				&watched.scan);
}

static bool offers(const struct vrfleak_vrf *source,
		   const struct prefix *prefix)
{
	return vrfleak_rib_offered(source, vrfleak_rib_node(source, prefix)) !=
	       NULL;
}

/* ---- scans of whole tables: only kernel routes need a lookup ---- */

void vrfleak_silent_check_leaked(const struct vrfleak_vrf *target,
				 const struct vrfleak_rib_at *at)
{
	enum vrfleak_af af = vrfleak_prefix_af(at->prefix);
	bool unused = at->source && !at->leaked &&
		      !vrfleak_pending_source(target, at->prefix);

	if (!at->source)
		return;
	if (unused || (at->leaked && vrfleak_link_lost(at->leaked, af)) ||
	    (at->source->has_kernel[af] && !offers(at->source, at->prefix)))
		vrfleak_queue_prefix(at->prefix, at->source->index);
}

void vrfleak_silent_check_conflict(const struct vrfleak_vrf *target,
				   const struct prefix *prefix,
				   const struct vrfleak_conflict *conflict)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	const struct vrfleak_vrf *source;
	bool native = false;

	for (uint16_t i = 0; i < conflict->count; i++) {
		source = vrfleak_vrf_by_index(conflict->candidates[i].source);
		native = native || source == target ||
			 conflict->candidates[i].reason == VRFLEAK_NATIVE;
		if (source != target && source->has_kernel[af] &&
		    !offers(source, prefix))
			vrfleak_queue_prefix(prefix, source->index);
	}
	if (native && target->has_kernel[af] &&
	    !vrfleak_rib_native(vrfleak_rib_node(target, prefix)))
		vrfleak_queue_prefix(prefix, target->index);
}

void vrfleak_silent_scan(bool early, bool last)
{
	watched.last = last;
	watched.gone_left = vrfleak_prefix_queue_count(&watched.gone);
	if (watched.interfaces)
		watched.left = vrfleak_prefix_queue_count(&watched.known);
	if (watched.gone_left || watched.left)
		event_add_event(watched.loop, lists_run, NULL, 0,
				&watched.scan);
	/* Not early: it is expensive, and zebra may not be ready yet. */
	if (watched.interfaces && !early)
		vrfleak_queue_resync_all();
	if (last) {
		watched.interfaces = false;
		watched.all = false;
	}
}

void vrfleak_silent_forget(void)
{
	vrfleak_prefix_queue_forget(&watched.known, vrfleak_vrf_without_policy);
	vrfleak_prefix_queue_forget(&watched.gone, vrfleak_vrf_without_policy);
}

size_t vrfleak_silent_known(void)
{
	return vrfleak_prefix_queue_count(&watched.known);
}

size_t vrfleak_silent_rechecks(void)
{
	return vrfleak_prefix_queue_count(&watched.gone);
}

void vrfleak_silent_init(struct vrfleak_event_loop *loop)
{
	watched.loop = loop;
	vrfleak_prefix_queue_init(&watched.known);
	vrfleak_prefix_queue_init(&watched.gone);
}

void vrfleak_silent_finish(void)
{
	event_cancel(&watched.scan);
	vrfleak_prefix_queue_finish(&watched.known);
	vrfleak_prefix_queue_finish(&watched.gone);
}
