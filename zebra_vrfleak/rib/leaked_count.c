// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts leaked routes, see the header.
 *
 *   small table:  counted immediately
 *   large table:  counted in the background, with a time budget per event; the
 *                 result (a counter for each source) is kept until the next one
 */
#include <zebra.h>

#include "lib/monotime.h"
#include "lib/table.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/rib/rib_view.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_COUNT, "Route leak count");

/*
 * A table of at most NODES_FEW nodes is always counted immediately; larger ones
 * while they have at most NODES_AT_ONCE nodes in total in AT_ONCE_MSEC.
 */
#define NODES_AT_ONCE 100000
#define NODES_FEW 1000
#define AT_ONCE_MSEC 50

PREDECL_LIST(counts);

/* The last count of a large table, and the one in progress, if any. */
struct count {
	struct counts_item item;
	uint32_t target;
	enum vrfleak_af af;
	/* By the source's index, below counted_size; the sum is in 0. */
	uint32_t *counted;
	uint32_t counted_size;
	/* monotime() seconds. */
	int64_t when;
	uint32_t *counting;
	uint32_t counting_size;
	struct prefix done;
	bool started;
};

static struct counts_head counts;
static struct vrfleak_event_loop *count_loop;
static struct vrfleak_event *count_event;

DECLARE_LIST(counts, struct count, item);

/*
 * The number of the last count. Counters of earlier ones stand for 0, so that
 * they need not be cleared.
 */
static uint32_t count_number;

static void counter_add(struct vrfleak_vrf *source, uint32_t routes)
{
	if (source->counter_of != count_number)
		source->counter = 0;
	source->counter_of = count_number;
	source->counter += routes;
}

uint32_t vrfleak_leaked_from(const struct vrfleak_vrf *source)
{
	return source->counter_of == count_number ? source->counter : 0;
}

/* ---- immediate counts ---- */

static bool leaked_count(const struct vrfleak_rib_at *at, void *arg)
{
	uint32_t *sum = arg;

	if (at->leaked) {
		counter_add(at->source, 1);
		(*sum)++;
	}
	return true;
}

/* Whether a table of so many nodes may be counted immediately. */
static bool may_count(size_t nodes)
{
	static size_t left;
	static struct timeval last;

	if (nodes <= NODES_FEW)
		return true;
	if (monotime_since(&last, NULL) > AT_ONCE_MSEC * 1000) {
		left = NODES_AT_ONCE;
		monotime(&last);
	}
	if (nodes > left)
		return false;
	left -= nodes;
	return true;
}

/* ---- background counts ---- */

static struct count *count_find(uint32_t target, enum vrfleak_af af)
{
	struct count *count;

	frr_each (counts, &counts, count)
		if (count->target == target && count->af == af)
			return count;
	return NULL;
}

static void count_free(struct count *count)
{
	counts_del(&counts, count);
	XFREE(MTYPE_VRFLEAK_COUNT, count->counted);
	XFREE(MTYPE_VRFLEAK_COUNT, count->counting);
	XFREE(MTYPE_VRFLEAK_COUNT, count);
}

static void count_end(struct count *count)
{
	XFREE(MTYPE_VRFLEAK_COUNT, count->counted);
	count->counted = count->counting;
	count->counted_size = count->counting_size;
	count->when = monotime(NULL);
	count->counting = NULL;
}

struct visit {
	struct count *count;
	struct vrfleak_budget *budget;
};

static bool count_visit(const struct vrfleak_rib_at *at, void *arg)
{
	const struct visit *visit = arg;
	struct count *count = visit->count;

	if (at->leaked) {
		count->counting[0]++;
		if (at->source->index < count->counting_size)
			count->counting[at->source->index]++;
	}
	return vrfleak_budget_in_time(visit->budget);
}

static struct count *count_in_progress(void)
{
	struct count *count;

	frr_each (counts, &counts, count)
		if (count->counting)
			return count;
	return NULL;
}

static void count_run(struct vrfleak_event *event)
{
	struct count *count = count_in_progress();
	struct vrfleak_budget budget;
	struct visit visit = {count, &budget};

	if (!count)
		return;
	vrfleak_budget_begin(&budget);
	if (vrfleak_rib_walk(vrfleak_vrf_by_index(count->target), count->af,
			     &count->done, &count->started, count_visit,
			     &visit))
		count_end(count);
	vrfleak_budget_end(&budget);
	event_add_event(count_loop, count_run, NULL, 0, &count_event);
}

static void count_begin(struct count *count)
{
	if (count->counting)
		return;
	count->counting_size = vrfleak_vrf_index_end();
	count->counting =
		XCALLOC(MTYPE_VRFLEAK_COUNT,
			count->counting_size * sizeof(*count->counting));
	count->started = false;
	event_add_event(count_loop, count_run, NULL, 0, &count_event);
}

static struct vrfleak_leaked_total count_last(const struct vrfleak_vrf *target,
					      enum vrfleak_af af)
{
	struct count *count = count_find(target->index, af);
	struct vrfleak_leaked_total last = {.age = -1};
	const uint32_t *counted;
	struct vrfleak_vrf *vrf;
	uint32_t size;

	if (!count) {
		count = XCALLOC(MTYPE_VRFLEAK_COUNT, sizeof(*count));
		count->target = target->index;
		count->af = af;
		counts_add_tail(&counts, count);
	}
	count_begin(count);
	counted = count->counted ? count->counted : count->counting;
	size = count->counted ? count->counted_size : count->counting_size;
	last.routes = counted[0];
	if (count->counted)
		last.age = monotime(NULL) - count->when;
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		if (vrf->index < size)
			counter_add(vrf, counted[vrf->index]);
	return last;
}

/* ---- the interface ---- */

struct vrfleak_leaked_total
vrfleak_leaked_count(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	struct route_table *table = vrfleak_rib_table(target, af);
	struct vrfleak_leaked_total now = {};
	struct count *count;
	struct prefix done;
	bool started = false;

	count_number++;
	if (!table)
		return now;
	if (!may_count(route_table_count(table)))
		return count_last(target, af);
	count = count_find(target->index, af);
	if (count && !count->counting)
		count_free(count);
	vrfleak_rib_walk(target, af, &done, &started, leaked_count,
			 &now.routes);
	return now;
}

void vrfleak_leaked_count_forget(const struct vrfleak_vrf *vrf)
{
	struct count *count;

	frr_each_safe (counts, &counts, count) {
		if (count->target == vrf->index) {
			count_free(count);
			continue;
		}
		if (count->counted && vrf->index < count->counted_size)
			count->counted[vrf->index] = 0;
		if (count->counting && vrf->index < count->counting_size)
			count->counting[vrf->index] = 0;
	}
}

void vrfleak_leaked_count_init(struct vrfleak_event_loop *loop)
{
	count_loop = loop;
	counts_init(&counts);
}

void vrfleak_leaked_count_finish(void)
{
	struct count *count;

	event_cancel(&count_event);
	while ((count = counts_first(&counts)))
		count_free(count);
	counts_fini(&counts);
}
