// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: how many routes came by the import statements that have
 * maximum-prefix.
 *
 * A route counts for the import statement that let it pass. Statements without
 * a limit are not counted. See core/prefix_limit.h for the rules.
 */
#ifndef _VRFLEAK_LEAK_ROUTE_COUNT_H
#define _VRFLEAK_LEAK_ROUTE_COUNT_H

#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_route_count_init(void);
extern void vrfleak_route_count_finish(void);

/* Whether a prefix of target may be counted, now or before. */
extern bool vrfleak_route_counts_any(const struct vrfleak_vrf *target,
				     enum vrfleak_af af);

/* Whether the import statement may take the prefix. */
extern bool vrfleak_route_count_allows(const struct vrfleak_vrf *target,
				       const struct prefix *prefix,
				       const struct vrfleak_statement *import);

/*
 * A prefix of target has been decided: count it for the import statement that
 * its route came by, if that has a limit. NULL: nothing is leaked there. Queues
 * the target's conflicts if a full statement has headroom again.
 */
extern void
vrfleak_route_count_update(const struct vrfleak_vrf *target,
			   const struct prefix *prefix,
			   const struct vrfleak_statement *statement);

/* How many routes came by an import statement that has a limit. */
extern uint32_t vrfleak_route_count(const struct vrfleak_vrf *target,
				    enum vrfleak_af af,
				    const struct vrfleak_statement *statement);

/* Whether any import statement with a limit has headroom. */
extern bool vrfleak_route_count_headroom(const struct vrfleak_vrf *target,
					 enum vrfleak_af af);

/* The target's routes were deleted with it. */
extern void vrfleak_route_count_forget(const struct vrfleak_vrf *target);

#endif /* _VRFLEAK_LEAK_ROUTE_COUNT_H */
