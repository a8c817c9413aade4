// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: running totals, see the header.
 */
#include <zebra.h>

#include "lib/jhash.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/leak/counters.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_COUNTERS, "Route leak counters");

PREDECL_HASH(pairs);

struct pair {
	struct pairs_item item;
	uint32_t target;
	uint32_t source;
	enum vrfleak_af af;
	struct vrfleak_totals totals;
};

static int pair_cmp(const struct pair *a, const struct pair *b)
{
	if (a->target != b->target)
		return numcmp(a->target, b->target);
	if (a->source != b->source)
		return numcmp(a->source, b->source);
	return numcmp(a->af, b->af);
}

static uint32_t pair_hash(const struct pair *pair)
{
	return jhash_3words(pair->target, pair->source, pair->af, 0);
}

DECLARE_HASH(pairs, struct pair, item, pair_cmp, pair_hash);

static struct pairs_head pairs;

/* The pair found last: a table walk is for one pair. */
static struct pair *last;

static struct pair *pair_find(uint32_t target, uint32_t source,
			      enum vrfleak_af af)
{
	const struct pair wanted = {
		.target = target, .source = source, .af = af};

	if (!last || pair_cmp(last, &wanted) != 0)
		last = pairs_find(&pairs, &wanted);
	return last;
}

static struct pair *pair_get(uint32_t target, uint32_t source,
			     enum vrfleak_af af)
{
	struct pair *pair = pair_find(target, source, af);

	if (pair)
		return pair;
	pair = XCALLOC(MTYPE_VRFLEAK_COUNTERS, sizeof(*pair));
	pair->target = target;
	pair->source = source;
	pair->af = af;
	pairs_add(&pairs, pair);
	last = pair;
	return pair;
}

void vrfleak_counters_add(uint32_t target, uint32_t source, enum vrfleak_af af,
			  enum vrfleak_count what, int64_t now)
{
	struct pair *pair = pair_get(target, source, af);

	pair->totals.count[what]++;
	pair->totals.last = now;
}

struct vrfleak_totals vrfleak_counters_pair(uint32_t target, uint32_t source,
					    enum vrfleak_af af)
{
	const struct pair *pair = pair_find(target, source, af);

	return pair ? pair->totals : (struct vrfleak_totals){};
}

struct vrfleak_totals vrfleak_counters_target(uint32_t target,
					      enum vrfleak_af af)
{
	struct vrfleak_totals sum = {};
	struct pair *pair;

	frr_each (pairs, &pairs, pair)
		if (pair->target == target && pair->af == af)
			vrfleak_totals_add(&sum, &pair->totals);
	return sum;
}

size_t vrfleak_counters_pairs(void)
{
	return pairs_count(&pairs);
}

void vrfleak_counters_each(void (*visit)(uint32_t target, uint32_t source,
					 enum vrfleak_af af,
					 const struct vrfleak_totals *totals,
					 void *arg),
			   void *arg)
{
	struct pair *pair;

	frr_each (pairs, &pairs, pair)
		visit(pair->target, pair->source, pair->af, &pair->totals, arg);
}

void vrfleak_totals_add(struct vrfleak_totals *sum,
			const struct vrfleak_totals *totals)
{
	for (int i = 0; i < VRFLEAK_COUNTS; i++)
		sum->count[i] += totals->count[i];
	sum->last = MAX(sum->last, totals->last);
}

uint64_t vrfleak_totals_refused(const struct vrfleak_totals *totals)
{
	uint64_t refused = 0;

	for (int i = VRFLEAK_COUNT_REFUSED; i < VRFLEAK_COUNTS; i++)
		refused += totals->count[i];
	return refused;
}

static void pair_free(struct pair *pair)
{
	pairs_del(&pairs, pair);
	XFREE(MTYPE_VRFLEAK_COUNTERS, pair);
}

void vrfleak_counters_forget(const struct vrfleak_vrf *vrf)
{
	struct pair *pair;

	last = NULL;
	frr_each_safe (pairs, &pairs, pair)
		if (pair->target == vrf->index || pair->source == vrf->index)
			pair_free(pair);
}

void vrfleak_counters_init(void)
{
	pairs_init(&pairs);
}

void vrfleak_counters_finish(void)
{
	struct pair *pair;

	last = NULL;
	while ((pair = pairs_first(&pairs)))
		pair_free(pair);
	pairs_fini(&pairs);
}
