// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts the routes of limited import statements, see the header.
 *
 * Reaching the threshold is reported once, and again only after the count has
 * fallen below it. The same is true for a limit that only warns.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/prefix_limit.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_LIMIT, "Route leak limited prefix");

struct vrfleak_limit_count {
	struct vrfleak_counts_item item;
	uint32_t target;
	enum vrfleak_af af;
	/* A copy without the route-map. Its limit is the last one known. */
	struct vrfleak_statement statement;
	uint32_t count;
};

struct vrfleak_counted {
	struct vrfleak_counted_prefixes_item item;
	uint32_t target;
	struct prefix prefix;
	/* The count that includes this prefix. */
	struct vrfleak_limit_count *count;
};

static int counted_cmp(const struct vrfleak_counted *a,
		       const struct vrfleak_counted *b)
{
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

static int count_cmp(const struct vrfleak_limit_count *a,
		     const struct vrfleak_limit_count *b)
{
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	return vrfleak_statement_cmp(&a->statement, &b->statement);
}

DECLARE_RBTREE_UNIQ(vrfleak_counted_prefixes, struct vrfleak_counted, item,
		    counted_cmp);
DECLARE_RBTREE_UNIQ(vrfleak_counts, struct vrfleak_limit_count, item,
		    count_cmp);

void vrfleak_limits_init(struct vrfleak_limits *limits)
{
	vrfleak_counted_prefixes_init(&limits->counted_prefixes);
	vrfleak_counts_init(&limits->counts);
}

void vrfleak_limits_finish(struct vrfleak_limits *limits)
{
	struct vrfleak_counted *counted;
	struct vrfleak_limit_count *count;

	while ((counted = vrfleak_counted_prefixes_pop(
			&limits->counted_prefixes)))
		XFREE(MTYPE_VRFLEAK_LIMIT, counted);
	while ((count = vrfleak_counts_pop(&limits->counts)))
		XFREE(MTYPE_VRFLEAK_LIMIT, count);
	vrfleak_counted_prefixes_fini(&limits->counted_prefixes);
	vrfleak_counts_fini(&limits->counts);
}

static struct vrfleak_counted *counted_find(struct vrfleak_limits *limits,
					    uint32_t target,
					    const struct prefix *prefix)
{
	struct vrfleak_counted key = {.target = target};

	prefix_copy(&key.prefix, prefix);
	return vrfleak_counted_prefixes_find(&limits->counted_prefixes, &key);
}

static struct vrfleak_limit_count *
count_find(struct vrfleak_limits *limits, uint32_t target, enum vrfleak_af af,
	   const struct vrfleak_statement *statement)
{
	struct vrfleak_limit_count key = {
		.target = target, .af = af, .statement = *statement};

	return vrfleak_counts_find(&limits->counts, &key);
}

static struct vrfleak_limit_count *
count_get(struct vrfleak_limits *limits, uint32_t target, enum vrfleak_af af,
	  const struct vrfleak_statement *statement)
{
	struct vrfleak_limit_count *count =
		count_find(limits, target, af, statement);

	if (count)
		return count;
	count = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*count));
	count->target = target;
	count->af = af;
	count->statement = *statement;
	count->statement.map = NULL;
	vrfleak_counts_add(&limits->counts, count);
	return count;
}

static bool above_threshold(const struct vrfleak_limit_count *count)
{
	const struct vrfleak_limit *limit = &count->statement.limit;

	return (uint64_t)count->count * 100 >=
	       (uint64_t)limit->max * limit->threshold;
}

static unsigned int count_up(struct vrfleak_limit_count *count,
			     const struct vrfleak_limit *limit)
{
	unsigned int events = 0;
	bool above;

	count->statement.limit = *limit;
	above = count->count > 0 && above_threshold(count);
	count->count++;
	if (!above && above_threshold(count))
		events |= VRFLEAK_LIMIT_THRESHOLD;
	if (limit->warning_only && count->count == limit->max + 1)
		events |= VRFLEAK_LIMIT_EXCEEDED;
	return events;
}

/* Decrement a count, which is freed if it is 0. */
static unsigned int count_down(struct vrfleak_limits *limits,
			       struct vrfleak_limit_count *count)
{
	bool headroom;

	count->count--;
	headroom = count->count + 1 == count->statement.limit.max;
	if (count->count == 0) {
		vrfleak_counts_del(&limits->counts, count);
		XFREE(MTYPE_VRFLEAK_LIMIT, count);
	}
	return headroom ? VRFLEAK_LIMIT_HEADROOM : 0;
}

static bool counted_for(const struct vrfleak_counted *counted,
			const struct vrfleak_statement *statement)
{
	return statement && vrfleak_statement_cmp(&counted->count->statement,
						  statement) == 0;
}

unsigned int vrfleak_limits_assign(struct vrfleak_limits *limits,
				   uint32_t target, const struct prefix *prefix,
				   const struct vrfleak_statement *statement)
{
	struct vrfleak_counted *counted = counted_find(limits, target, prefix);
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	unsigned int events = 0;

	if (counted && counted_for(counted, statement)) {
		counted->count->statement.limit = statement->limit;
		return 0;
	}
	if (counted) {
		events = count_down(limits, counted->count);
		vrfleak_counted_prefixes_del(&limits->counted_prefixes,
					     counted);
		XFREE(MTYPE_VRFLEAK_LIMIT, counted);
	}
	if (!statement)
		return events;

	counted = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*counted));
	counted->target = target;
	prefix_copy(&counted->prefix, prefix);
	counted->count = count_get(limits, target, af, statement);
	vrfleak_counted_prefixes_add(&limits->counted_prefixes, counted);
	return events | count_up(counted->count, &statement->limit);
}

bool vrfleak_limits_headroom(struct vrfleak_limits *limits, uint32_t target,
			     const struct prefix *prefix,
			     const struct vrfleak_statement *statement)
{
	const struct vrfleak_counted *counted;

	if (statement->limit.max == 0 || statement->limit.warning_only)
		return true;
	if (vrfleak_limits_count(limits, target, vrfleak_prefix_af(prefix),
				 statement) < statement->limit.max)
		return true;
	counted = counted_find(limits, target, prefix);
	return counted && counted_for(counted, statement);
}

uint32_t vrfleak_limits_count(struct vrfleak_limits *limits, uint32_t target,
			      enum vrfleak_af af,
			      const struct vrfleak_statement *statement)
{
	const struct vrfleak_limit_count *count =
		count_find(limits, target, af, statement);

	return count ? count->count : 0;
}

bool vrfleak_limits_any(const struct vrfleak_limits *limits, uint32_t target,
			enum vrfleak_af af)
{
	const struct vrfleak_limit_count key = {.target = target, .af = af};
	const struct vrfleak_limit_count *count;

	if (vrfleak_counts_count(&limits->counts) == 0)
		return false;
	count = vrfleak_counts_const_find_gteq(&limits->counts, &key);
	return count && count->target == target && count->af == af;
}

void vrfleak_limits_forget(struct vrfleak_limits *limits, uint32_t target)
{
	const struct vrfleak_counted key = {.target = target};
	struct vrfleak_counted *counted, *next;

	/* Family 0 sorts before AF_INET and AF_INET6. */
	next = vrfleak_counted_prefixes_find_gteq(&limits->counted_prefixes,
						  &key);
	frr_each_from (vrfleak_counted_prefixes, &limits->counted_prefixes,
		       counted, next) {
		if (counted->target != target)
			return;
		vrfleak_limits_assign(limits, target, &counted->prefix, NULL);
	}
}
