// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: conflicts, see the header.
 *
 * A conflict is allocated with its first candidate and freed with its last. So
 * memory use grows with the number of refused routes, not of leaked ones.
 *
 * Adding or removing a candidate reallocates the conflict, which invalidates
 * pointers to it.
 */
#include <zebra.h>

#include "lib/jhash.h"

#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/core/memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_CONFLICT_ENTRY, "Route leak conflict");
DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_CONFLICT_ENTRY_PAIR,
		    "Route leak conflict count");

static int conflict_cmp(const struct vrfleak_conflict *a,
			const struct vrfleak_conflict *b)
{
	int order;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(&a->address, &b->address, sizeof(a->address));
	if (order)
		return order;
	return (int)a->prefixlen - (int)b->prefixlen;
}

DECLARE_RBTREE_UNIQ(vrfleak_conflict_tree, struct vrfleak_conflict, item,
		    conflict_cmp);

static void key_set(struct vrfleak_conflict *key, uint32_t target,
		    const struct prefix *prefix)
{
	memset(key, 0, sizeof(*key));
	key->target = target;
	key->family = prefix->family;
	key->prefixlen = (uint8_t)prefix->prefixlen;
	if (prefix->family == AF_INET)
		memcpy(&key->address, &prefix->u.prefix4,
		       sizeof(prefix->u.prefix4));
	else
		key->address = prefix->u.prefix6;
}

void vrfleak_conflict_prefix(const struct vrfleak_conflict *conflict,
			     struct prefix *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = conflict->family;
	prefix->prefixlen = conflict->prefixlen;
	if (conflict->family == AF_INET)
		memcpy(&prefix->u.prefix4, &conflict->address,
		       sizeof(prefix->u.prefix4));
	else
		prefix->u.prefix6 = conflict->address;
}

/* ---- the number of candidates ---- */

uint32_t vrfleak_conflicts_count(const struct vrfleak_conflict_table *conflicts,
				 uint32_t target, enum vrfleak_af af)
{
	return target < conflicts->targets
		       ? conflicts->candidates_count[target][af]
		       : 0;
}

struct pair {
	struct vrfleak_conflict_pairs_item item;
	uint32_t target;
	uint32_t source;
	enum vrfleak_af af;
	uint32_t candidates_count;
};

static int pair_cmp(const struct pair *a, const struct pair *b)
{
	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return (int)a->af - (int)b->af;
}

static uint32_t pair_hash(const struct pair *pair)
{
	return jhash_3words(pair->target, pair->source, pair->af, 0);
}

DECLARE_HASH(vrfleak_conflict_pairs, struct pair, item, pair_cmp, pair_hash);

uint32_t
vrfleak_conflicts_count_from(const struct vrfleak_conflict_table *conflicts,
			     uint32_t target, enum vrfleak_af af,
			     uint32_t source)
{
	struct pair key = {.target = target, .source = source, .af = af};
	const struct pair *pair =
		vrfleak_conflict_pairs_const_find(&conflicts->pairs, &key);

	return pair ? pair->candidates_count : 0;
}

uint32_t
vrfleak_conflicts_refused(const struct vrfleak_conflict_table *conflicts,
			  uint32_t target, enum vrfleak_af af)
{
	return vrfleak_conflicts_count(conflicts, target, af) -
	       vrfleak_conflicts_count_from(conflicts, target, af, target);
}

static void pair_add(struct vrfleak_conflict_table *conflicts, uint32_t target,
		     enum vrfleak_af af, uint32_t source, int count)
{
	struct pair key = {.target = target, .source = source, .af = af};
	struct pair *pair =
		vrfleak_conflict_pairs_find(&conflicts->pairs, &key);

	if (!pair) {
		pair = XCALLOC(MTYPE_VRFLEAK_CONFLICT_ENTRY_PAIR,
			       sizeof(*pair));
		*pair = key;
		vrfleak_conflict_pairs_add(&conflicts->pairs, pair);
	}
	pair->candidates_count += (uint32_t)count;
	if (pair->candidates_count)
		return;
	vrfleak_conflict_pairs_del(&conflicts->pairs, pair);
	XFREE(MTYPE_VRFLEAK_CONFLICT_ENTRY_PAIR, pair);
}

/* A candidate was added (count 1) or removed (-1). */
static void candidates_count_add(struct vrfleak_conflict_table *conflicts,
				 const struct vrfleak_conflict *conflict,
				 uint32_t source, int count)
{
	enum vrfleak_af af = vrfleak_family_af(conflict->family);
	uint32_t targets = conflicts->targets;

	if (conflict->target >= targets) {
		targets = MAX(conflict->target + 1, targets * 2);
		conflicts->candidates_count = XREALLOC(
			MTYPE_VRFLEAK_CONFLICT_ENTRY_PAIR,
			conflicts->candidates_count,
			targets * sizeof(*conflicts->candidates_count));
		memset(conflicts->candidates_count[conflicts->targets], 0,
		       (targets - conflicts->targets) *
			       sizeof(*conflicts->candidates_count));
		conflicts->targets = targets;
	}
	conflicts->candidates_count[conflict->target][af] += (uint32_t)count;
	pair_add(conflicts, conflict->target, af, source, count);
}

/* ---- conflicts ---- */

static struct vrfleak_conflict *
conflict_find(struct vrfleak_conflict_table *conflicts, uint32_t target,
	      const struct prefix *prefix)
{
	struct vrfleak_conflict key;

	if (!vrfleak_conflicts_count(conflicts, target,
				     vrfleak_prefix_af(prefix)))
		return NULL;
	key_set(&key, target, prefix);
	return vrfleak_conflict_tree_find(&conflicts->tree, &key);
}

/* The position of the first candidate whose source is not below this one. */
static uint32_t candidate_position(const struct vrfleak_conflict *conflict,
				   uint32_t source)
{
	uint32_t low = 0, high = conflict->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (conflict->candidates[middle].source < source)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct vrfleak_candidate *
candidate_find(struct vrfleak_conflict *conflict, uint32_t source)
{
	uint32_t i = conflict ? candidate_position(conflict, source) : 0;

	return conflict && i < conflict->count &&
			       conflict->candidates[i].source == source
		       ? &conflict->candidates[i]
		       : NULL;
}

void vrfleak_conflict_table_init(struct vrfleak_conflict_table *conflicts)
{
	memset(conflicts, 0, sizeof(*conflicts));
	vrfleak_conflict_tree_init(&conflicts->tree);
	vrfleak_conflict_pairs_init(&conflicts->pairs);
}

void vrfleak_conflict_table_finish(struct vrfleak_conflict_table *conflicts)
{
	struct vrfleak_conflict *conflict;
	struct pair *pair;

	while ((conflict = vrfleak_conflict_tree_pop(&conflicts->tree)))
		XFREE(MTYPE_VRFLEAK_CONFLICT_ENTRY, conflict);
	/* pop() would search the hash table from its start each time. */
	frr_each_safe (vrfleak_conflict_pairs, &conflicts->pairs, pair) {
		vrfleak_conflict_pairs_del(&conflicts->pairs, pair);
		XFREE(MTYPE_VRFLEAK_CONFLICT_ENTRY_PAIR, pair);
	}
	vrfleak_conflict_pairs_fini(&conflicts->pairs);
	vrfleak_conflict_tree_fini(&conflicts->tree);
	XFREE(MTYPE_VRFLEAK_CONFLICT_ENTRY_PAIR, conflicts->candidates_count);
	conflicts->targets = 0;
}

/* The conflict must not be in the tree, because its memory may move. */
static struct vrfleak_conflict *
conflict_resize(struct vrfleak_conflict *conflict, uint16_t count)
{
	conflict = XREALLOC(MTYPE_VRFLEAK_CONFLICT_ENTRY, conflict,
			    sizeof(*conflict) +
				    count * sizeof(conflict->candidates[0]));
	conflict->count = count;
	return conflict;
}

static void candidate_add(struct vrfleak_conflict_table *conflicts,
			  uint32_t target, const struct prefix *prefix,
			  struct vrfleak_candidate candidate)
{
	struct vrfleak_conflict *conflict =
		conflict_find(conflicts, target, prefix);
	struct vrfleak_candidate *place;
	struct vrfleak_conflict key;
	uint32_t position = 0;

	if (conflict) {
		position = candidate_position(conflict, candidate.source);
		vrfleak_conflict_tree_del(&conflicts->tree, conflict);
		conflict = conflict_resize(conflict, conflict->count + 1);
	} else {
		key_set(&key, target, prefix);
		conflict = conflict_resize(NULL, 1);
		memcpy(conflict, &key, sizeof(key));
		conflict->count = 1;
	}
	place = &conflict->candidates[position];
	memmove(place + 1, place,
		(conflict->count - 1 - position) * sizeof(*place));
	*place = candidate;
	vrfleak_conflict_tree_add(&conflicts->tree, conflict);
	candidates_count_add(conflicts, conflict, candidate.source, 1);
}

bool vrfleak_conflict_raise(struct vrfleak_conflict_table *conflicts,
			    uint32_t target, const struct prefix *prefix,
			    uint32_t source, enum vrfleak_reason reason,
			    int64_t now)
{
	struct vrfleak_candidate *candidate = candidate_find(
		conflict_find(conflicts, target, prefix), source);

	if (!candidate) {
		candidate_add(conflicts, target, prefix,
			      (struct vrfleak_candidate){.source = source,
							 .reason = reason,
							 .since = now});
		return true;
	}
	candidate->is_next = false;
	if (candidate->reason == reason)
		return false;
	candidate->reason = reason;
	candidate->since = now;
	return true;
}

void vrfleak_conflict_set_next(struct vrfleak_conflict_table *conflicts,
			       uint32_t target, const struct prefix *prefix,
			       uint32_t source, bool is_next)
{
	struct vrfleak_candidate *candidate = candidate_find(
		conflict_find(conflicts, target, prefix), source);

	if (candidate)
		candidate->is_next = is_next;
}

bool vrfleak_conflict_end(struct vrfleak_conflict_table *conflicts,
			  uint32_t target, const struct prefix *prefix,
			  uint32_t source)
{
	struct vrfleak_conflict *conflict =
		conflict_find(conflicts, target, prefix);
	struct vrfleak_candidate *candidate = candidate_find(conflict, source);

	if (!candidate)
		return false;

	candidates_count_add(conflicts, conflict, source, -1);
	memmove(candidate, candidate + 1,
		(size_t)(conflict->candidates + conflict->count - 1 -
			 candidate) *
			sizeof(*candidate));
	vrfleak_conflict_tree_del(&conflicts->tree, conflict);
	if (conflict->count == 1) {
		XFREE(MTYPE_VRFLEAK_CONFLICT_ENTRY, conflict);
		return true;
	}
	conflict = conflict_resize(conflict, conflict->count - 1);
	vrfleak_conflict_tree_add(&conflicts->tree, conflict);
	return true;
}

const struct vrfleak_conflict *
vrfleak_conflict_find(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      const struct prefix *prefix)
{
	return conflict_find(conflicts, target, prefix);
}

const struct vrfleak_candidate *
vrfleak_conflict_candidate(const struct vrfleak_conflict *conflict,
			   uint32_t source)
{
	return candidate_find((struct vrfleak_conflict *)conflict, source);
}

bool vrfleak_conflict_is_not_accepted(struct vrfleak_conflict_table *conflicts,
				      uint32_t target,
				      const struct prefix *prefix,
				      uint32_t source)
{
	const struct vrfleak_candidate *candidate = candidate_find(
		conflict_find(conflicts, target, prefix), source);

	return candidate && candidate->reason == VRFLEAK_NOT_ACCEPTED;
}

/* The first conflict after a key, which need not be in the table. */
static struct vrfleak_conflict *
conflict_beyond(struct vrfleak_conflict_table *conflicts,
		const struct vrfleak_conflict *key)
{
	struct vrfleak_conflict *conflict =
		vrfleak_conflict_tree_find_gteq(&conflicts->tree, key);

	if (conflict && conflict_cmp(conflict, key) == 0)
		conflict =
			vrfleak_conflict_tree_next(&conflicts->tree, conflict);
	return conflict;
}

const struct vrfleak_conflict *
vrfleak_conflict_next(struct vrfleak_conflict_table *conflicts, uint32_t target,
		      int family, const struct prefix *after)
{
	struct vrfleak_conflict key, *conflict;

	if (after) {
		key_set(&key, target, after);
		conflict = conflict_beyond(conflicts, &key);
	} else {
		memset(&key, 0, sizeof(key));
		key.target = target;
		key.family = (uint8_t)family;
		conflict =
			vrfleak_conflict_tree_find_gteq(&conflicts->tree, &key);
	}

	if (!conflict || conflict->target != target ||
	    conflict->family != family)
		return NULL;
	return conflict;
}

const struct vrfleak_conflict *
vrfleak_conflict_after(struct vrfleak_conflict_table *conflicts,
		       const struct vrfleak_conflict *after)
{
	return after ? conflict_beyond(conflicts, after)
		     : vrfleak_conflict_tree_first(&conflicts->tree);
}

const char *vrfleak_reason2str(enum vrfleak_reason reason)
{
	switch (reason) {
	case VRFLEAK_NATIVE:
		return "native-route";
	case VRFLEAK_OTHER_SOURCE:
		return "other-source";
	case VRFLEAK_NOT_ACCEPTED:
		return "not-accepted";
	case VRFLEAK_FULL:
		return "maximum-prefix";
	case VRFLEAK_HIGHER_DISTANCE:
		return "higher-distance";
	case VRFLEAK_HELD_DOWN:
		return "held-down";
	case VRFLEAK_REASONS:
		break;
	}
	return "unknown";
}
