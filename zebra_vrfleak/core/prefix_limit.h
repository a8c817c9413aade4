// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: how many routes came by the import lines that have a limit.
 *
 *   charge (target, prefix) ---> tag of the import line
 *   count  (target, family, tag): how many charges there are
 *
 * Invariants:
 *  - A prefix of a target is charged to one line at most.
 *  - Only lines with a limit are charged: the others cost nothing.
 *  - A count is the number of its charges; it is gone when that is 0.
 *
 * VRFs are numbers that the caller gives.
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

/* What a change of a charge has led to: flags. */
enum vrfleak_limit_event {
	/* The threshold was reached. */
	VRFLEAK_LIMIT_THRESHOLD = 1 << 0,
	/* There are more than the limit, which only warns. */
	VRFLEAK_LIMIT_EXCEEDED = 1 << 1,
	/* A line that was full has room again. */
	VRFLEAK_LIMIT_HEADROOM = 1 << 2,
};

/*
 * Charge the prefix to an import line with a limit (NULL: to none), instead of
 * the line that it was charged to. Returns what that led to.
 */
extern unsigned int
vrfleak_limits_assign(struct vrfleak_limits *limits, uint32_t target,
		      const struct prefix *prefix,
		      const struct vrfleak_statement *statement);

/* Whether the line may take the prefix; always, if it has done so already. */
extern bool vrfleak_limits_headroom(struct vrfleak_limits *limits,
				    uint32_t target,
				    const struct prefix *prefix,
				    const struct vrfleak_statement *statement);

/* How many prefixes are charged to a line. */
extern uint32_t vrfleak_limits_count(struct vrfleak_limits *limits,
				     uint32_t target, enum vrfleak_af af,
				     vrfleak_tag_t tag);

/* Whether anything is charged in a target. */
extern bool vrfleak_limits_any(const struct vrfleak_limits *limits,
			       uint32_t target, enum vrfleak_af af);

/* A target has gone, and its routes with it. */
extern void vrfleak_limits_forget(struct vrfleak_limits *limits,
				  uint32_t target);

#endif /* _VRFLEAK_CORE_PREFIX_LIMIT_H */
