// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what differs between FRR versions about 'ip import-table'.
 *
 * Before FRR 10.7, zebra copies the SELECTED flag of a connected or local route
 * into the entry that it imports. Where the default VRF has another selected
 * route of that prefix, rib_process() finds two selected entries and aborts:
 *
 *   rib_process: Assertion `old_selected == NULL' failed
 *
 * A route that was leaked from the same VRF makes this certain. Zebra links an
 * imported entry in one step of its work queue and processes the prefix in a
 * later one, so its work function is wrapped: before each step, the prefix that
 * is next is looked at, and the imported entry loses the flag, as in FRR 10.7.
 *
 * Invariant: only entries of type table that are not in the FIB are touched,
 * and only where another entry is selected.
 */
#include <zebra.h>

#include "lib/linklist.h"
#include "lib/workqueue.h"

#include "zebra_vrfleak/vrfleak_compat.h"

#if VRFLEAK_FRR_VERSION_NUMBER < 1006

/* The sub-queues of prefixes: enum meta_queue_indexes in zebra/zebra_rib.c. */
#define QUEUE_CONNECTED 4
#define QUEUE_OTHER 9

static wq_item_status (*zebra_workfunc)(struct work_queue *queue, void *data);

/* The prefix that the next step processes, or NULL. */
static struct route_node *next_node(const struct meta_queue *queue)
{
	for (unsigned int i = 0; i < MQ_SIZE; i++) {
		const struct listnode *node = listhead(queue->subq[i]);

		if (node)
			return i >= QUEUE_CONNECTED && i <= QUEUE_OTHER
				       ? listgetdata(node)
				       : NULL;
	}
	return NULL;
}

/* The entry that rib_process() shall take for the selected one, or NULL. */
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
	const struct route_entry *selected = entry_selected(rn);
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (re != selected && re->type == ZEBRA_ROUTE_TABLE)
			UNSET_FLAG(re->flags, ZEBRA_FLAG_SELECTED);
}

static wq_item_status workfunc(struct work_queue *queue, void *data)
{
	struct route_node *rn = next_node(data);

	if (rn && rib_dest_from_rnode(rn))
		imported_deselect(rn);
	return zebra_workfunc(queue, data);
}

void vrfleak_import_init(void)
{
	zebra_workfunc = zrouter.ribq->spec.workfunc;
	zrouter.ribq->spec.workfunc = workfunc;
}

void vrfleak_import_finish(void)
{
	if (zrouter.ribq)
		zrouter.ribq->spec.workfunc = zebra_workfunc;
}

#else

void vrfleak_import_init(void)
{
}

void vrfleak_import_finish(void)
{
}

#endif
