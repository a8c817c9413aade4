// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it; see decision.h.
 */
#ifndef _VRFLEAK_LEAK_RIB_OPS_H
#define _VRFLEAK_LEAK_RIB_OPS_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_rib_ops_init(void);
extern void vrfleak_rib_ops_finish(void);

/*
 * What a decision needs, with contests as those who wait. Valid until the next
 * call; the caller keeps contests.
 */
extern struct vrfleak_decision_context *
vrfleak_rib_ops_context(struct vrfleak_conflict_table *conflicts);

/* Whether nobody can take the prefix from who has it in target. */
extern bool vrfleak_rib_ops_keeps(const struct vrfleak_vrf *target,
				  const struct prefix *prefix);

/* Whether what is leaked to target is counted: for the next one. */
extern bool vrfleak_route_counts_any(const struct vrfleak_vrf *target,
				     enum vrfleak_af af);

/*
 * A prefix of target has been decided: count it for the import line that
 * source's route came by, if that has a limit. 0: nothing is leaked there.
 */
extern void vrfleak_route_count_update(const struct vrfleak_vrf *target,
				       const struct prefix *prefix,
				       uint32_t source);

/* How many routes came by an import line that has a limit. */
extern uint32_t vrfleak_route_count(const struct vrfleak_vrf *target,
				    enum vrfleak_af af,
				    const struct vrfleak_statement *statement);

/* Whether an import line that has a limit has room. */
extern bool vrfleak_route_count_headroom(const struct vrfleak_vrf *target,
					 enum vrfleak_af af);

/* The target's routes have gone with it. */
extern void vrfleak_route_count_forget(const struct vrfleak_vrf *target);

#endif /* _VRFLEAK_LEAK_RIB_OPS_H */
