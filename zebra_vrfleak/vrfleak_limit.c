// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counting the routes of limited import lines.
 *
 * A threshold is told of once, and again only after the count had fallen below
 * it; so is a limit that only warns.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_limit.h"
#include "zebra_vrfleak/vrfleak_memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_LIMIT, "Route leak limited prefix");

struct vrfleak_charge {
	struct vrfleak_charges_item item;
	uint32_t target;
	struct prefix prefix;
	vrfleak_tag_t tag;
};

struct vrfleak_count {
	struct vrfleak_counts_item item;
	uint32_t target;
	enum vrfleak_af af;
	vrfleak_tag_t tag;
	uint32_t count;
	struct vrfleak_limit limit;
};

static int charge_cmp(const struct vrfleak_charge *a,
		      const struct vrfleak_charge *b)
{
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	return prefix_cmp(&a->prefix, &b->prefix);
}

static int count_cmp(const struct vrfleak_count *a,
		     const struct vrfleak_count *b)
{
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	if (a->tag != b->tag)
		return a->tag < b->tag ? -1 : 1;
	return 0;
}

DECLARE_RBTREE_UNIQ(vrfleak_charges, struct vrfleak_charge, item, charge_cmp);
DECLARE_RBTREE_UNIQ(vrfleak_counts, struct vrfleak_count, item, count_cmp);

void vrfleak_limits_init(struct vrfleak_limits *limits)
{
	vrfleak_charges_init(&limits->charges);
	vrfleak_counts_init(&limits->counts);
}

void vrfleak_limits_finish(struct vrfleak_limits *limits)
{
	struct vrfleak_charge *charge;
	struct vrfleak_count *count;

	while ((charge = vrfleak_charges_pop(&limits->charges)))
		XFREE(MTYPE_VRFLEAK_LIMIT, charge);
	while ((count = vrfleak_counts_pop(&limits->counts)))
		XFREE(MTYPE_VRFLEAK_LIMIT, count);
	vrfleak_charges_fini(&limits->charges);
	vrfleak_counts_fini(&limits->counts);
}

static struct vrfleak_charge *charge_find(struct vrfleak_limits *limits,
					  uint32_t target,
					  const struct prefix *prefix)
{
	struct vrfleak_charge key = {.target = target};

	prefix_copy(&key.prefix, prefix);
	return vrfleak_charges_find(&limits->charges, &key);
}

static struct vrfleak_count *count_find(struct vrfleak_limits *limits,
					uint32_t target, enum vrfleak_af af,
					vrfleak_tag_t tag)
{
	struct vrfleak_count key = {.target = target, .af = af, .tag = tag};

	return vrfleak_counts_find(&limits->counts, &key);
}

static bool above_threshold(const struct vrfleak_count *count)
{
	return (uint64_t)count->count * 100 >=
	       (uint64_t)count->limit.max * count->limit.threshold;
}

/* Add one to a line's count. */
static unsigned int count_up(struct vrfleak_limits *limits, uint32_t target,
			     enum vrfleak_af af,
			     const struct vrfleak_line *line)
{
	struct vrfleak_count *count =
		count_find(limits, target, af, line->tag);
	unsigned int events = 0;
	bool above;

	if (!count) {
		count = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*count));
		count->target = target;
		count->af = af;
		count->tag = line->tag;
		vrfleak_counts_add(&limits->counts, count);
	}
	count->limit = line->limit;
	above = count->count > 0 && above_threshold(count);
	count->count++;
	if (!above && above_threshold(count))
		events |= VRFLEAK_LIMIT_THRESHOLD;
	if (count->limit.warning_only && count->count == count->limit.max + 1)
		events |= VRFLEAK_LIMIT_EXCEEDED;
	return events;
}

/* Take one from a line's count. */
static unsigned int count_down(struct vrfleak_limits *limits, uint32_t target,
			       enum vrfleak_af af, vrfleak_tag_t tag)
{
	struct vrfleak_count *count = count_find(limits, target, af, tag);
	bool room;

	count->count--;
	room = count->count + 1 == count->limit.max;
	if (count->count == 0) {
		vrfleak_counts_del(&limits->counts, count);
		XFREE(MTYPE_VRFLEAK_LIMIT, count);
	}
	return room ? VRFLEAK_LIMIT_ROOM : 0;
}

unsigned int vrfleak_limits_charge(struct vrfleak_limits *limits,
				   uint32_t target, const struct prefix *prefix,
				   const struct vrfleak_line *line)
{
	struct vrfleak_charge *charge = charge_find(limits, target, prefix);
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	unsigned int events = 0;

	if (charge && line && charge->tag == line->tag) {
		count_find(limits, target, af, line->tag)->limit = line->limit;
		return 0;
	}
	if (charge) {
		events = count_down(limits, target, af, charge->tag);
		vrfleak_charges_del(&limits->charges, charge);
		XFREE(MTYPE_VRFLEAK_LIMIT, charge);
	}
	if (!line)
		return events;

	charge = XCALLOC(MTYPE_VRFLEAK_LIMIT, sizeof(*charge));
	charge->target = target;
	prefix_copy(&charge->prefix, prefix);
	charge->tag = line->tag;
	vrfleak_charges_add(&limits->charges, charge);
	return events | count_up(limits, target, af, line);
}

bool vrfleak_limits_room(struct vrfleak_limits *limits, uint32_t target,
			 const struct prefix *prefix,
			 const struct vrfleak_line *line)
{
	const struct vrfleak_charge *charge;

	if (line->limit.max == 0 || line->limit.warning_only)
		return true;
	if (vrfleak_limits_count(limits, target, vrfleak_prefix_af(prefix),
				 line->tag) < line->limit.max)
		return true;
	charge = charge_find(limits, target, prefix);
	return charge && charge->tag == line->tag;
}

uint32_t vrfleak_limits_count(struct vrfleak_limits *limits, uint32_t target,
			      enum vrfleak_af af, vrfleak_tag_t tag)
{
	const struct vrfleak_count *count =
		count_find(limits, target, af, tag);

	return count ? count->count : 0;
}

bool vrfleak_limits_charged(const struct vrfleak_limits *limits,
			    uint32_t target, enum vrfleak_af af)
{
	const struct vrfleak_count key = {.target = target, .af = af};
	const struct vrfleak_count *count;

	if (vrfleak_counts_count(&limits->counts) == 0)
		return false;
	count = vrfleak_counts_const_find_gteq(&limits->counts, &key);
	return count && count->target == target && count->af == af;
}

void vrfleak_limits_forget(struct vrfleak_limits *limits, uint32_t target)
{
	const struct vrfleak_charge key = {.target = target};
	struct vrfleak_charge *charge, *next;

	/* No family is before all others. */
	next = vrfleak_charges_find_gteq(&limits->charges, &key);
	frr_each_from (vrfleak_charges, &limits->charges, charge, next) {
		if (charge->target != target)
			return;
		vrfleak_limits_charge(limits, target, &charge->prefix, NULL);
	}
}
