// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: compares two compiled policies, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/policy_diff.h"

static bool maps_same(const char *one, const char *two)
{
	return one && two ? strcmp(one, two) == 0 : one == two;
}

static bool limits_same(const struct vrfleak_statement *one,
			const struct vrfleak_statement *two)
{
	if (one->limit.max == 0 && two->limit.max == 0)
		return true;
	return vrfleak_statement_cmp(one, two) == 0 &&
	       one->limit.max == two->limit.max &&
	       one->limit.threshold == two->limit.threshold &&
	       one->limit.warning_only == two->limit.warning_only;
}

static bool matches_same(const struct vrfleak_pair *one,
			 const struct vrfleak_pair *two)
{
	if (one->matches_count != two->matches_count)
		return false;
	for (uint32_t i = 0; i < one->matches_count; i++) {
		const struct vrfleak_tag_match *a = &one->matches[i],
					       *b = &two->matches[i];

		if (!maps_same(a->export->map, b->export->map) ||
		    !maps_same(a->import->map, b->import->map) ||
		    a->import->distance != b->import->distance ||
		    !limits_same(a->import, b->import))
			return false;
	}
	return true;
}

static bool ranks_same(const struct vrfleak_pair *one,
		       const struct vrfleak_pair *two)
{
	for (uint32_t i = 0; i < one->matches_count; i++)
		if (one->matches[i].rank != two->matches[i].rank)
			return false;
	return true;
}

/* The pair of the same two VRFs in the other policy, or NULL. */
static const struct vrfleak_pair *
pair_twin(const struct vrfleak_policy *other,
	  const struct vrfleak_vrf_policy *target, enum vrfleak_af af,
	  const struct vrfleak_pair *pair)
{
	const struct vrfleak_vrf_policy *twin =
		vrfleak_policy_find(other, target->name);

	return twin ? vrfleak_policy_source(twin, af, pair->peer->name) : NULL;
}

struct diff {
	const struct vrfleak_policy *other;
	vrfleak_policy_diff_cb cb;
	void *arg;
};

static void pair_removed(enum vrfleak_af af, const struct vrfleak_pair *pair,
			 struct vrfleak_vrf_policy *target, void *arg)
{
	const struct diff *diff = arg;

	if (!pair_twin(diff->other, target, af, pair))
		diff->cb(af, pair->peer, target, VRFLEAK_PAIR_REMOVED,
			 diff->arg);
}

static bool target_preempts(const struct vrfleak_policy *policy,
			    const struct vrfleak_vrf_policy *target,
			    enum vrfleak_af af)
{
	const struct vrfleak_vrf_policy *twin =
		vrfleak_policy_find(policy, target->name);

	return twin && twin->preempt[af];
}

static void pair_added(enum vrfleak_af af, const struct vrfleak_pair *pair,
		       struct vrfleak_vrf_policy *target, void *arg)
{
	const struct diff *diff = arg;
	const struct vrfleak_pair *twin =
		pair_twin(diff->other, target, af, pair);

	if (!twin)
		diff->cb(af, pair->peer, target, VRFLEAK_PAIR_ADDED, diff->arg);
	else if (!matches_same(pair, twin))
		diff->cb(af, pair->peer, target, VRFLEAK_PAIR_CHANGED,
			 diff->arg);
	else if (target->preempt[af] &&
		 (!target_preempts(diff->other, target, af) ||
		  !ranks_same(pair, twin)))
		diff->cb(af, pair->peer, target, VRFLEAK_PAIR_PREEMPTS,
			 diff->arg);
}

void vrfleak_policy_diff(const struct vrfleak_policy *old,
			 const struct vrfleak_policy *new,
			 vrfleak_policy_diff_cb cb, void *arg)
{
	struct diff diff = {new, cb, arg};

	vrfleak_policy_each_pair(old, pair_removed, &diff);
	diff.other = old;
	vrfleak_policy_each_pair(new, pair_added, &diff);
}
