// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: looks at each prefix before zebra processes it. Zebra's work queue
 * processes one item in each step. The module wraps its work function.
 *
 * This is how the module learns of native routes that zebra does not select:
 * zebra calls rib_update only if the selected route changes.
 *
 * It also prevents two aborts of zebra that route leaking makes certain or
 * likely.
 *
 * 'ip import-table': before FRR 10.7, zebra copies the SELECTED flag of a
 * connected or local route into the entry that it imports. If the default VRF
 * has another selected route of that prefix, rib_process() finds two selected
 * entries and aborts:
 *
 *   rib_process: Assertion `old_selected == NULL' failed
 *
 * A route that was leaked from the same VRF makes this certain. Zebra links an
 * imported entry in one step and processes the prefix in a later one. In
 * between, the module clears the flag of the imported entry, as FRR 10.7 does.
 *
 * Sub-queues: FRR 8.4 may have a prefix in two of them, one for a leaked route
 * and one for a native one. When both routes are deleted, the first step frees
 * the prefix's dest, and the second one aborts:
 *
 *   process_subq_route: assertion (dest) failed
 *
 * The module removes a prefix without a dest from the queue instead. Since FRR
 * 10, a prefix is in one sub-queue only.
 *
 * Invariants:
 *  - The flag is cleared only in entries of type table that are not in the FIB,
 *    and only if another entry is selected.
 *  - Only prefixes without any route are removed from the queue.
 */
#include <zebra.h>

#include "lib/linklist.h"
#include "lib/workqueue.h"

#include "zebra_vrfleak/base/compat.h"

/* The sub-queues of prefixes: enum meta_queue_indexes in zebra/zebra_rib.c. */
#define QUEUE_CONNECTED 4
#define QUEUE_OTHER 9

/* FRR 8.4 to 10.8 have 10 to 12, with these numbers. */
_Static_assert(MQ_SIZE <= 12, "the sub-queues of this FRR are not known");

/* A proxy: the release with this sub-queue has no fault of the two. */
#ifdef HAVE_FRR_RIB_FINISHED_STARTUP
#define QUEUE_MAY_ABORT 0
#else
#define QUEUE_MAY_ABORT 1
#endif

static wq_item_status (*zebra_workfunc)(struct work_queue *queue, void *data);
static void (*watcher)(struct route_node *rn);

/* The sub-queue of prefixes from which the next step takes, or NULL. */
static struct list *next_subqueue(const struct meta_queue *queue)
{
	for (unsigned int i = 0; i < MQ_SIZE; i++)
		if (listcount(queue->subq[i]) > 0)
			return i >= QUEUE_CONNECTED && i <= QUEUE_OTHER
				       ? queue->subq[i]
				       : NULL;
	return NULL;
}

/*
 * The prefix that the next step processes, or NULL. In versions that may abort,
 * removes prefixes without a route from the queue.
 */
static struct route_node *next_node(struct meta_queue *queue)
{
	struct list *subqueue;
	struct route_node *rn;

	while ((subqueue = next_subqueue(queue))) {
		rn = listgetdata(listhead(subqueue));
		if (rib_dest_from_rnode(rn))
			return rn;
		if (!QUEUE_MAY_ABORT)
			break;
		list_delete_node(subqueue, listhead(subqueue));
		route_unlock_node(rn);
		queue->size--;
	}
	return NULL;
}

/* The entry that rib_process() must treat as the selected one, or NULL. */
static const struct route_entry *entry_selected(struct route_node *rn)
{
	const struct route_entry *selected = NULL;
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		if (!CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED))
			continue;
		/* New entries come first. */
		selected = re;
		if (re == rib_dest_from_rnode(rn)->selected_fib)
			break;
	}
	return selected;
}

static void imported_deselect(struct route_node *rn)
{
	rib_dest_t *dest = rib_dest_from_rnode(rn);
	const struct route_entry *selected;
	struct route_entry *re = re_list_first(&dest->routes);

	/* Most prefixes have one route. */
	if (!re || !re_list_next(&dest->routes, re))
		return;
	selected = entry_selected(rn);
	RNODE_FOREACH_RE (rn, re)
		if (re != selected && re->type == ZEBRA_ROUTE_TABLE)
			UNSET_FLAG(re->flags, ZEBRA_FLAG_SELECTED);
}

static wq_item_status workfunc(struct work_queue *queue, void *data)
{
	struct route_node *rn = NULL;

	if (QUEUE_MAY_ABORT || watcher)
		rn = next_node(data);
	if (rn && QUEUE_MAY_ABORT)
		imported_deselect(rn);
	if (rn && watcher)
		watcher(rn);
	return zebra_workfunc(queue, data);
}

void vrfleak_zebra_watch(void (*watch)(struct route_node *rn))
{
	watcher = watch;
}

void vrfleak_zebra_queue_init(void)
{
	zebra_workfunc = zrouter.ribq->spec.workfunc;
	zrouter.ribq->spec.workfunc = workfunc;
}

void vrfleak_zebra_queue_finish(void)
{
	watcher = NULL;
	if (zrouter.ribq)
		zrouter.ribq->spec.workfunc = zebra_workfunc;
}
