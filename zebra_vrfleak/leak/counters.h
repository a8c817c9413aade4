// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: running totals of what the decisions did, for each target, address
 * family and source.
 *
 * They count what the module does: routes that zebra deletes by itself, for
 * example with their VRF, are not in them. So the number of leaked routes
 * cannot be computed from them. See rib/leaked_count.h for that.
 *
 * A pair of VRFs has totals from its first route on until one of the two VRFs
 * is forgotten. A count costs one lookup in a hash table, or none if the last
 * count was for the same pair. VRFs are identified by their index.
 */
#ifndef _VRFLEAK_LEAK_COUNTERS_H
#define _VRFLEAK_LEAK_COUNTERS_H

#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/rib/vrf.h"

enum vrfleak_count {
	/* Routes added where the pair had none for the prefix. */
	VRFLEAK_COUNT_LEAKED = 0,
	/* Routes that replaced an older one of the same pair. */
	VRFLEAK_COUNT_REPLACED,
	VRFLEAK_COUNT_WITHDRAWN,
	/* Refusals; the reason is added: VRFLEAK_COUNT_REFUSED + reason. */
	VRFLEAK_COUNT_REFUSED,
	VRFLEAK_COUNTS = VRFLEAK_COUNT_REFUSED + VRFLEAK_REASONS,
};

struct vrfleak_totals {
	uint64_t count[VRFLEAK_COUNTS];
	/* When the last one was counted, monotime() seconds; 0: never. */
	int64_t last;
};

extern void vrfleak_counters_init(void);
extern void vrfleak_counters_finish(void);

/* Count one. now is in monotime() seconds. */
extern void vrfleak_counters_add(uint32_t target, uint32_t source,
				 enum vrfleak_af af, enum vrfleak_count what,
				 int64_t now);

/* The totals of a pair; all 0 if it has none. */
extern struct vrfleak_totals
vrfleak_counters_pair(uint32_t target, uint32_t source, enum vrfleak_af af);

/* Those of all sources of a target. Costs a search of all pairs. */
extern struct vrfleak_totals vrfleak_counters_target(uint32_t target,
						     enum vrfleak_af af);

/* The number of pairs that have totals. */
extern size_t vrfleak_counters_pairs(void);

/* Call visit for each pair that has totals, in no order. */
extern void vrfleak_counters_each(
	void (*visit)(uint32_t target, uint32_t source, enum vrfleak_af af,
		      const struct vrfleak_totals *totals, void *arg),
	void *arg);

/* Add totals to others. The last count is the newer of the two. */
extern void vrfleak_totals_add(struct vrfleak_totals *sum,
			       const struct vrfleak_totals *totals);

/* All refusals together. */
extern uint64_t vrfleak_totals_refused(const struct vrfleak_totals *totals);

/* Before a VRF is forgotten: drop its totals as target and as source. */
extern void vrfleak_counters_forget(const struct vrfleak_vrf *vrf);

#endif /* _VRFLEAK_LEAK_COUNTERS_H */
