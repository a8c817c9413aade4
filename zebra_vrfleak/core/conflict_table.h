// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: contested prefixes, and the sources that wait for them.
 *
 *   contest (target, prefix) ---> waiter (source, reason, since)
 *                                 waiter (source, reason, since)
 *
 * A contest is there only while somebody waits. Who holds the prefix is not
 * kept here: the RIB knows. VRFs are numbers that the caller gives; 0 is no
 * VRF.
 *
 * Contests are sorted by target, then by prefix as prefix_cmp() sorts, so
 * that a target's contests are shown in order and a walk can be resumed. How
 * many sources wait in a target is counted, so that it costs nothing to see
 * that nobody does.
 *
 * There may be as many contests as routes, so a contest and its waiters are one
 * piece of memory: 80 bytes with malloc()'s own for one waiter.
 */
#ifndef _VRFLEAK_CORE_CONFLICT_TABLE_H
#define _VRFLEAK_CORE_CONFLICT_TABLE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

enum vrfleak_reason {
	/* The target has an active native route. */
	VRFLEAK_NATIVE = 0,
	/* Another source holds the prefix. */
	VRFLEAK_OTHER_SOURCE,
	/* Zebra did not keep the route when it was tried. */
	VRFLEAK_NOT_ACCEPTED,
	/* The import line has as many routes as it may. */
	VRFLEAK_FULL,
};

/* The reason as in the YANG model. */
extern const char *vrfleak_reason2str(enum vrfleak_reason reason);

struct vrfleak_candidate {
	uint32_t source;
	enum vrfleak_reason reason;
	/* monotime() seconds. */
	int64_t since;
};

PREDECL_RBTREE_UNIQ(vrfleak_conflict_tree);

struct vrfleak_conflict {
	struct vrfleak_conflict_tree_item item;
	uint32_t target;
	/* IPv4 or IPv6, in the low bytes that struct prefix would have. */
	uint8_t family;
	uint8_t prefixlen;
	uint16_t count;
	struct in6_addr address;
	struct vrfleak_candidate candidates[];
};

PREDECL_HASH(vrfleak_conflict_pairs);

struct vrfleak_conflict_table {
	struct vrfleak_conflict_tree_head tree;
	/* By target and family: how many wait. */
	uint32_t (*candidates_count)[VRFLEAK_AF_MAX];
	uint32_t targets;
	/* The same, by source too; pairs with none are left out. */
	struct vrfleak_conflict_pairs_head pairs;
};

/* The caller owns contests; finish frees what is in it. */
extern void
vrfleak_conflict_table_init(struct vrfleak_conflict_table *conflicts);
extern void
vrfleak_conflict_table_finish(struct vrfleak_conflict_table *conflicts);

/* How many sources wait for a prefix of target. O(1). */
extern uint32_t
vrfleak_conflicts_count(const struct vrfleak_conflict_table *conflicts,
			uint32_t target, enum vrfleak_af af);

/* For how many prefixes of target a source waits. O(1). */
extern uint32_t
vrfleak_conflicts_count_from(const struct vrfleak_conflict_table *conflicts,
			     uint32_t target, enum vrfleak_af af,
			     uint32_t source);

/* Let source wait, or change its reason. Returns true if anything changed. */
extern bool vrfleak_conflict_raise(struct vrfleak_conflict_table *conflicts,
				   uint32_t target, const struct prefix *prefix,
				   uint32_t source, enum vrfleak_reason reason,
				   int64_t now);

/* Let source wait no longer. Returns false if it did not wait. */
extern bool vrfleak_conflict_end(struct vrfleak_conflict_table *conflicts,
				 uint32_t target, const struct prefix *prefix,
				 uint32_t source);

/* The contest for a prefix, or NULL. Valid until the next change. */
extern const struct vrfleak_conflict *
vrfleak_conflict_find(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      const struct prefix *prefix);

/* Whether source waits for the prefix because its route was not accepted. */
extern bool
vrfleak_conflict_is_not_accepted(struct vrfleak_conflict_table *conflicts,
				 uint32_t target, const struct prefix *prefix,
				 uint32_t source);

/*
 * The target's first contest in a family (AF_INET, AF_INET6) after a prefix,
 * or from the start where after is NULL; NULL at the end.
 */
extern const struct vrfleak_conflict *
vrfleak_conflict_next(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      int family, const struct prefix *after);

/*
 * The contest after another, of any target, or the first one where after is
 * NULL; NULL at the end. after need not be there any more.
 */
extern const struct vrfleak_conflict *
vrfleak_conflict_after(struct vrfleak_conflict_table *conflicts,
		       const struct vrfleak_conflict *after);

/* The contest's prefix. */
extern void vrfleak_conflict_prefix(const struct vrfleak_conflict *conflict,
				    struct prefix *prefix);

#endif /* _VRFLEAK_CORE_CONFLICT_TABLE_H */
