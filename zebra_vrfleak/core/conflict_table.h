// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: conflicts. For each prefix of a target VRF, the candidates: sources
 * that offer the prefix but whose route is not installed, and the target itself
 * if its native route is the backup of a leaked route.
 *
 *   conflict (target, prefix) ---> candidate (source, reason, since)
 *                                  candidate (source, reason, since)
 *
 * Invariants:
 *  - A conflict has at least one candidate.
 *  - The owner of the prefix is not stored here. It is read from the RIB.
 *  - Conflicts are sorted by target, then by prefix in the order of
 *    prefix_cmp(). So they are shown in order, and a walk can be resumed.
 *  - The candidates of a conflict are sorted by their source, so one is found
 *    in O(log n).
 *  - The number of candidates of each target is known, so a target without
 *    conflicts costs no lookup.
 *
 * There may be as many conflicts as routes. So a conflict and its candidates
 * share one allocation: 80 bytes for one candidate, with malloc()'s overhead.
 *
 * A VRF is identified by its index; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_CONFLICT_TABLE_H
#define _VRFLEAK_CORE_CONFLICT_TABLE_H

#include "lib/prefix.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/af.h"

enum vrfleak_reason {
	/* The target has an active native route. */
	VRFLEAK_NATIVE = 0,
	/* Another source owns the prefix. */
	VRFLEAK_OTHER_SOURCE,
	/* Zebra did not keep the route when it was installed. */
	VRFLEAK_NOT_ACCEPTED,
	/* The import statement has reached its maximum-prefix. */
	VRFLEAK_FULL,
	/*
	 * A native route of the target: the distance of the leaked route in use
	 * is lower. Such a candidate's source is the target itself.
	 */
	VRFLEAK_HIGHER_DISTANCE,
	/* The source lost the route too often (hold-down). */
	VRFLEAK_HELD_DOWN,
	/* How many there are. */
	VRFLEAK_REASONS,
};

/* The reason's name in the YANG model. */
extern const char *vrfleak_reason2str(enum vrfleak_reason reason);

struct vrfleak_candidate {
	uint32_t source;
	enum vrfleak_reason reason : 16;
	/*
	 * Not accepted, but to be tried next if the route that is being
	 * installed is not accepted either.
	 */
	bool is_next : 1;
	/* monotime() seconds. */
	int64_t since;
};

PREDECL_RBTREE_UNIQ(vrfleak_conflict_tree);

struct vrfleak_conflict {
	struct vrfleak_conflict_tree_item item;
	uint32_t target;
	/* AF_INET or AF_INET6; an IPv4 address is in the first 4 bytes. */
	uint8_t family;
	uint8_t prefixlen;
	uint16_t count;
	struct in6_addr address;
	struct vrfleak_candidate candidates[];
};

PREDECL_HASH(vrfleak_conflict_pairs);

struct vrfleak_conflict_table {
	struct vrfleak_conflict_tree_head tree;
	/* The number of candidates, by target and family. */
	uint32_t (*candidates_count)[VRFLEAK_AF_MAX];
	uint32_t targets;
	/* The same for each source-target pair that has any. */
	struct vrfleak_conflict_pairs_head pairs;
};

/* The caller owns the table; finish frees its content. */
extern void
vrfleak_conflict_table_init(struct vrfleak_conflict_table *conflicts);
extern void
vrfleak_conflict_table_finish(struct vrfleak_conflict_table *conflicts);

/* The number of candidates for all prefixes of target. O(1). */
extern uint32_t
vrfleak_conflicts_count(const struct vrfleak_conflict_table *conflicts,
			uint32_t target, enum vrfleak_af af);

/* For how many prefixes of target the source is a candidate. O(1). */
extern uint32_t
vrfleak_conflicts_count_from(const struct vrfleak_conflict_table *conflicts,
			     uint32_t target, enum vrfleak_af af,
			     uint32_t source);

/* The number of refused routes of target: without backups. O(1). */
extern uint32_t
vrfleak_conflicts_refused(const struct vrfleak_conflict_table *conflicts,
			  uint32_t target, enum vrfleak_af af);

/*
 * Make source a candidate, or change its reason. Returns whether anything
 * changed. now is in monotime() seconds.
 */
extern bool vrfleak_conflict_raise(struct vrfleak_conflict_table *conflicts,
				   uint32_t target, const struct prefix *prefix,
				   uint32_t source, enum vrfleak_reason reason,
				   int64_t now);

/* Set the is_next flag of a candidate. Does nothing if source is none. */
extern void vrfleak_conflict_set_next(struct vrfleak_conflict_table *conflicts,
				      uint32_t target,
				      const struct prefix *prefix,
				      uint32_t source, bool is_next);

/* Remove a candidate. Returns false if source was none. */
extern bool vrfleak_conflict_end(struct vrfleak_conflict_table *conflicts,
				 uint32_t target, const struct prefix *prefix,
				 uint32_t source);

/* The conflict for a prefix, or NULL. Valid until the next change. */
extern const struct vrfleak_conflict *
vrfleak_conflict_find(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      const struct prefix *prefix);

/* The candidate of a source, or NULL. conflict may be NULL. */
extern const struct vrfleak_candidate *
vrfleak_conflict_candidate(const struct vrfleak_conflict *conflict,
			   uint32_t source);

/* Whether source is a candidate because its route was not accepted. */
extern bool
vrfleak_conflict_is_not_accepted(struct vrfleak_conflict_table *conflicts,
				 uint32_t target, const struct prefix *prefix,
				 uint32_t source);

/*
 * The target's first conflict in a family (AF_INET, AF_INET6) after a prefix;
 * the first of all if after is NULL. Returns NULL at the end.
 */
extern const struct vrfleak_conflict *
vrfleak_conflict_next(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      int family, const struct prefix *after);

/*
 * The next conflict of any target after another one; the first of all if after
 * is NULL. Returns NULL at the end. after need not be in the table any more.
 */
extern const struct vrfleak_conflict *
vrfleak_conflict_after(struct vrfleak_conflict_table *conflicts,
		       const struct vrfleak_conflict *after);

/* Set prefix to the conflict's prefix. */
extern void vrfleak_conflict_prefix(const struct vrfleak_conflict *conflict,
				    struct prefix *prefix);

#endif /* _VRFLEAK_CORE_CONFLICT_TABLE_H */
