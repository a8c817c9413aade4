// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: comparing policies, so that a commit touches only what it changed.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_policy_diff.h"

static bool maps_same(const char *one, const char *two)
{
	return one && two ? strcmp(one, two) == 0 : one == two;
}

static bool limits_same(const struct vrfleak_line *one,
			const struct vrfleak_line *two)
{
	if (one->limit.max == 0 && two->limit.max == 0)
		return true;
	return one->tag == two->tag && one->limit.max == two->limit.max &&
	       one->limit.threshold == two->limit.threshold &&
	       one->limit.warning_only == two->limit.warning_only;
}

static bool ways_same(const struct vrfleak_edge *one,
		      const struct vrfleak_edge *two)
{
	if (one->ways_count != two->ways_count)
		return false;
	for (uint32_t i = 0; i < one->ways_count; i++) {
		const struct vrfleak_way *a = &one->ways[i], *b = &two->ways[i];

		if (!maps_same(a->export->map, b->export->map) ||
		    !maps_same(a->import->map, b->import->map) ||
		    !limits_same(a->import, b->import))
			return false;
	}
	return true;
}

/* The edge that other has for an edge to target, or NULL. */
static const struct vrfleak_edge *edge_twin(const struct vrfleak_policy *other,
					    const struct vrfleak_node *target,
					    enum vrfleak_af af,
					    const struct vrfleak_edge *edge)
{
	const struct vrfleak_node *twin =
		vrfleak_policy_find(other, target->name);

	return twin ? vrfleak_policy_source(twin, af, edge->node->name) : NULL;
}

struct diff {
	const struct vrfleak_policy *other;
	vrfleak_policy_diff_cb cb;
	void *arg;
};

static void edge_removed(enum vrfleak_af af, const struct vrfleak_edge *edge,
			 struct vrfleak_node *target, void *arg)
{
	const struct diff *diff = arg;

	if (!edge_twin(diff->other, target, af, edge))
		diff->cb(af, edge->node, target, VRFLEAK_EDGE_REMOVED,
			 diff->arg);
}

static void edge_added(enum vrfleak_af af, const struct vrfleak_edge *edge,
		       struct vrfleak_node *target, void *arg)
{
	const struct diff *diff = arg;
	const struct vrfleak_edge *twin =
		edge_twin(diff->other, target, af, edge);

	if (!twin)
		diff->cb(af, edge->node, target, VRFLEAK_EDGE_ADDED, diff->arg);
	else if (!ways_same(edge, twin))
		diff->cb(af, edge->node, target, VRFLEAK_EDGE_CHANGED,
			 diff->arg);
}

void vrfleak_policy_diff(const struct vrfleak_policy *old,
			 const struct vrfleak_policy *new,
			 vrfleak_policy_diff_cb cb, void *arg)
{
	struct diff diff = {new, cb, arg};

	vrfleak_policy_each_edge(old, edge_removed, &diff);
	diff.other = old;
	vrfleak_policy_each_edge(new, edge_added, &diff);
}
