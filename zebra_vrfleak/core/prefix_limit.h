// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts the routes of import statements with a limit
 * (maximum-prefix).
 *
 *   counted prefix (target, prefix) ---> count (target, family, statement)
 *   count (target, family, statement): the number of its counted prefixes
 *
 * Invariants:
 *  - A prefix of a target counts for at most one statement.
 *  - Only statements with a limit are counted. Others cost no memory or time.
 *  - A count exists only while it is above 0.
 *  - A statement is identified by what it imports, so its count stays when its
 *    options change (vrfleak_statement_cmp()).
 *
 * A target is identified by its VRF's index.
 */
#ifndef _VRFLEAK_CORE_PREFIX_LIMIT_H
#define _VRFLEAK_CORE_PREFIX_LIMIT_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/policy.h"

PREDECL_RBTREE_UNIQ(vrfleak_counted_prefixes);
PREDECL_RBTREE_UNIQ(vrfleak_counts);

struct vrfleak_limits {
	struct vrfleak_counted_prefixes_head counted_prefixes;
	struct vrfleak_counts_head counts;
};

extern void vrfleak_limits_init(struct vrfleak_limits *limits);
extern void vrfleak_limits_finish(struct vrfleak_limits *limits);

/* What a change of a count has caused: flags. */
enum vrfleak_limit_event {
	/* The count has reached the threshold. */
	VRFLEAK_LIMIT_THRESHOLD = 1 << 0,
	/* The count has exceeded a limit that only warns. */
	VRFLEAK_LIMIT_EXCEEDED = 1 << 1,
	/* A statement at its limit has headroom again. */
	VRFLEAK_LIMIT_HEADROOM = 1 << 2,
};

/*
 * Count the prefix for an import statement with a limit, and no longer for
 * another one. With NULL, the prefix is not counted any more. Returns flags of
 * enum vrfleak_limit_event.
 */
extern unsigned int
vrfleak_limits_assign(struct vrfleak_limits *limits, uint32_t target,
		      const struct prefix *prefix,
		      const struct vrfleak_statement *statement);

/* Whether the limit permits the prefix. It does if the prefix is counted. */
extern bool vrfleak_limits_headroom(struct vrfleak_limits *limits,
				    uint32_t target,
				    const struct prefix *prefix,
				    const struct vrfleak_statement *statement);

/* The number of prefixes that are counted for a statement. */
extern uint32_t vrfleak_limits_count(struct vrfleak_limits *limits,
				     uint32_t target, enum vrfleak_af af,
				     const struct vrfleak_statement *statement);

/* Whether any prefix of a target is counted. */
extern bool vrfleak_limits_any(const struct vrfleak_limits *limits,
			       uint32_t target, enum vrfleak_af af);

/* Drop all counts of a target that was deleted. */
extern void vrfleak_limits_forget(struct vrfleak_limits *limits,
				  uint32_t target);

#endif /* _VRFLEAK_CORE_PREFIX_LIMIT_H */
