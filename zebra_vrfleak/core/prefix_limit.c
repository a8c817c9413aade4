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

struct vrfleak_counted {
	struct vrfleak_counted_prefixes_item item;
	uint32_t target;
	struct prefix prefix;
	vrfleak_tag_t tag;
};

struct vrfleak_limit_count {
	struct vrfleak_counts_item item;
	uint32_t target;
	enum vrfleak_af af;
	vrfleak_tag_t tag;
	uint32_t count;
	struct vrfleak_limit limit;
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
	if (a->tag != b->tag)
		return a->tag < b->tag ? -1 : 1;
	return 0;
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

static struct vrfleak_limit_count *count_find(struct vrfleak_limits *limits,
					      uint32_t target,
					      enum vrfleak_af af,
					      vrfleak_tag_t tag)
{
	struct vrfleak_limit_count key = {
		.target = target, .af = af, .tag = tag};

	return vrfleak_counts_find(&limits->counts, &key);
}

static bool above_threshold(const struct vrfleak_limit_count *count)
{
	return (uint64_t)count->count * 100 >=
	       (uint64_t)count->limit.max * count->limit.threshold;
}

/* Increment the count of a statement. */
static unsigned int count_up(struct vrfleak_limits *limits, uint32_t target,
			     enum vrfleak_af af,
			     const struct vrfleak_statement *statement)
{
	struct vrfleak_limit_count *count =
		count_find(limits, target, af, statement->tag);
	unsigned int events = 0;
	bool above;

	if (!count) {
		count = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*count));
		count->target = target;
		count->af = af;
		count->tag = statement->tag;
		vrfleak_counts_add(&limits->counts, count);
	}
	count->limit = statement->limit;
	above = count->count > 0 && above_threshold(count);
	count->count++;
	if (!above && above_threshold(count))
		events |= VRFLEAK_LIMIT_THRESHOLD;
	if (count->limit.warning_only && count->count == count->limit.max + 1)
		events |= VRFLEAK_LIMIT_EXCEEDED;
	return events;
}

/* Decrement the count of a statement. */
static unsigned int count_down(struct vrfleak_limits *limits, uint32_t target,
			       enum vrfleak_af af, vrfleak_tag_t tag)
{
	struct vrfleak_limit_count *count = count_find(limits, target, af, tag);
	bool headroom;

	count->count--;
	headroom = count->count + 1 == count->limit.max;
	if (count->count == 0) {
		vrfleak_counts_del(&limits->counts, count);
		XFREE(MTYPE_VRFLEAK_LIMIT, count);
	}
	return headroom ? VRFLEAK_LIMIT_HEADROOM : 0;
}

unsigned int vrfleak_limits_assign(struct vrfleak_limits *limits,
				   uint32_t target, const struct prefix *prefix,
				   const struct vrfleak_statement *statement)
{
	struct vrfleak_counted *counted = counted_find(limits, target, prefix);
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	unsigned int events = 0;

	if (counted && statement && counted->tag == statement->tag) {
		count_find(limits, target, af, statement->tag)->limit =
			statement->limit;
		return 0;
	}
	if (counted) {
		events = count_down(limits, target, af, counted->tag);
		vrfleak_counted_prefixes_del(&limits->counted_prefixes,
					     counted);
		XFREE(MTYPE_VRFLEAK_LIMIT, counted);
	}
	if (!statement)
		return events;

	counted = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*counted));
	counted->target = target;
	prefix_copy(&counted->prefix, prefix);
	counted->tag = statement->tag;
	vrfleak_counted_prefixes_add(&limits->counted_prefixes, counted);
	return events | count_up(limits, target, af, statement);
}

bool vrfleak_limits_headroom(struct vrfleak_limits *limits, uint32_t target,
			     const struct prefix *prefix,
			     const struct vrfleak_statement *statement)
{
	const struct vrfleak_counted *counted;

	if (statement->limit.max == 0 || statement->limit.warning_only)
		return true;
	if (vrfleak_limits_count(limits, target, vrfleak_prefix_af(prefix),
				 statement->tag) < statement->limit.max)
		return true;
	counted = counted_find(limits, target, prefix);
	return counted && counted->tag == statement->tag;
}

uint32_t vrfleak_limits_count(struct vrfleak_limits *limits, uint32_t target,
			      enum vrfleak_af af, vrfleak_tag_t tag)
{
	const struct vrfleak_limit_count *count =
		count_find(limits, target, af, tag);

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
