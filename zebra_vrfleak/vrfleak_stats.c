// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counting.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_stats.h"

static bool leaked_count(const struct prefix *prefix, struct route_entry *leaked,
			 struct vrfleak_vrf *source, void *arg)
{
	uint32_t *count = arg;

	if (leaked) {
		source->tally++;
		(*count)++;
	}
	return true;
}

static void tallies_clear(void)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		vrf->tally = 0;
}

uint32_t vrfleak_stats_leaked(const struct vrfleak_vrf *target,
			      enum vrfleak_af af)
{
	struct prefix done;
	bool started = false;
	uint32_t count = 0;

	tallies_clear();
	vrfleak_rib_walk(target, af, &done, &started, leaked_count, &count);
	return count;
}

void vrfleak_stats_waiting(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	int family = vrfleak_af_family(af);
	const struct vrfleak_contest *contest;
	struct prefix done;

	tallies_clear();
	contest = vrfleak_contest_next(vrfleak_engine_contests(),
				       target->number, family, NULL);
	while (contest) {
		for (uint16_t i = 0; i < contest->count; i++)
			vrfleak_vrf_by_number(contest->waiters[i].source)
				->tally++;
		vrfleak_contest_prefix(contest, &done);
		contest = vrfleak_contest_next(vrfleak_engine_contests(),
					       target->number, family, &done);
	}
}

uint32_t vrfleak_stats_conflicts(const struct vrfleak_vrf *target,
				 enum vrfleak_af af)
{
	int family = vrfleak_af_family(af);
	const struct vrfleak_contest *contest;
	struct prefix done;
	uint32_t count = 0;

	contest = vrfleak_contest_next(vrfleak_engine_contests(),
				       target->number, family, NULL);
	while (contest) {
		count += contest->count;
		vrfleak_contest_prefix(contest, &done);
		contest = vrfleak_contest_next(vrfleak_engine_contests(),
					       target->number, family, &done);
	}
	return count;
}
