// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts the routes of import statements with maximum-prefix.
 *
 * A route counts for the import statement that permits it. Statements without a
 * limit are not counted. See core/prefix_limit.h for the rules.
 */
#ifndef _VRFLEAK_LEAK_ROUTE_COUNT_H
#define _VRFLEAK_LEAK_ROUTE_COUNT_H

#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_route_count_init(void);
extern void vrfleak_route_count_finish(void);

/* Whether prefixes of target are counted, or were and may still be. */
extern bool vrfleak_route_counts_any(const struct vrfleak_vrf *target,
				     enum vrfleak_af af);

/* Whether the limit of the import statement permits the prefix. */
extern bool vrfleak_route_count_allows(const struct vrfleak_vrf *target,
				       const struct prefix *prefix,
				       const struct vrfleak_statement *import);

/*
 * After a decision about a prefix of target: count it for the import statement
 * of its leaked route, if that has a limit. statement is NULL if no route is
 * leaked. If a statement has headroom again, queues the target's conflicts.
 */
extern void
vrfleak_route_count_update(const struct vrfleak_vrf *target,
			   const struct prefix *prefix,
			   const struct vrfleak_statement *statement);

/* The number of routes of an import statement with a limit. */
extern uint32_t vrfleak_route_count(const struct vrfleak_vrf *target,
				    enum vrfleak_af af,
				    const struct vrfleak_statement *statement);

/* Whether any import statement with a limit has headroom. */
extern bool vrfleak_route_count_headroom(const struct vrfleak_vrf *target,
					 enum vrfleak_af af);

/* Drop all counts of a target that was deleted. */
extern void vrfleak_route_count_forget(const struct vrfleak_vrf *target);

#endif /* _VRFLEAK_LEAK_ROUTE_COUNT_H */
