// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: contested prefixes.
 *
 * A contest is made for its first waiter and freed with its last, so memory
 * is in proportion to what is refused, not to what is leaked. It is one piece
 * of memory with its waiters, so that whoever holds a pointer to one loses it
 * when a waiter comes or goes.
 */
#include <zebra.h>

#include "jhash.h"

#include "zebra_vrfleak/vrfleak_contest.h"
#include "zebra_vrfleak/vrfleak_memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_CONTEST, "Route leak contest");
DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_CONTEST_PAIR, "Route leak contest count");

static int contest_cmp(const struct vrfleak_contest *a,
		       const struct vrfleak_contest *b)
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

DECLARE_RBTREE_UNIQ(vrfleak_contest_tree, struct vrfleak_contest, item,
		    contest_cmp);

static void key_set(struct vrfleak_contest *key, uint32_t target,
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

void vrfleak_contest_prefix(const struct vrfleak_contest *contest,
			    struct prefix *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = contest->family;
	prefix->prefixlen = contest->prefixlen;
	if (contest->family == AF_INET)
		memcpy(&prefix->u.prefix4, &contest->address,
		       sizeof(prefix->u.prefix4));
	else
		prefix->u.prefix6 = contest->address;
}

/* ---- how many wait ---- */

uint32_t vrfleak_contests_waiting(const struct vrfleak_contests *contests,
				  uint32_t target, enum vrfleak_af af)
{
	return target < contests->targets ? contests->waiting[target][af] : 0;
}

struct pair {
	struct vrfleak_contest_pairs_item item;
	uint32_t target;
	uint32_t source;
	enum vrfleak_af af;
	uint32_t waiting;
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

DECLARE_HASH(vrfleak_contest_pairs, struct pair, item, pair_cmp, pair_hash);

uint32_t vrfleak_contests_waiting_from(const struct vrfleak_contests *contests,
				       uint32_t target, enum vrfleak_af af,
				       uint32_t source)
{
	struct pair key = {.target = target, .source = source, .af = af};
	const struct pair *pair =
		vrfleak_contest_pairs_const_find(&contests->pairs, &key);

	return pair ? pair->waiting : 0;
}

static void pair_add(struct vrfleak_contests *contests, uint32_t target,
		     enum vrfleak_af af, uint32_t source, int count)
{
	struct pair key = {.target = target, .source = source, .af = af};
	struct pair *pair = vrfleak_contest_pairs_find(&contests->pairs, &key);

	if (!pair) {
		pair = XCALLOC(MTYPE_VRFLEAK_CONTEST_PAIR, sizeof(*pair));
		*pair = key;
		vrfleak_contest_pairs_add(&contests->pairs, pair);
	}
	pair->waiting += (uint32_t)count;
	if (pair->waiting)
		return;
	vrfleak_contest_pairs_del(&contests->pairs, pair);
	XFREE(MTYPE_VRFLEAK_CONTEST_PAIR, pair);
}

/* A source begins (count 1) or ends (-1) to wait. */
static void waiting_add(struct vrfleak_contests *contests,
			const struct vrfleak_contest *contest, uint32_t source,
			int count)
{
	enum vrfleak_af af = vrfleak_family_af(contest->family);
	uint32_t targets = contests->targets;

	if (contest->target >= targets) {
		targets = MAX(contest->target + 1, targets * 2);
		contests->waiting =
			XREALLOC(MTYPE_VRFLEAK_CONTEST_PAIR, contests->waiting,
				 targets * sizeof(*contests->waiting));
		memset(contests->waiting[contests->targets], 0,
		       (targets - contests->targets) *
			       sizeof(*contests->waiting));
		contests->targets = targets;
	}
	contests->waiting[contest->target][af] += (uint32_t)count;
	pair_add(contests, contest->target, af, source, count);
}

/* ---- contests ---- */

static struct vrfleak_contest *contest_find(struct vrfleak_contests *contests,
					    uint32_t target,
					    const struct prefix *prefix)
{
	struct vrfleak_contest key;

	if (!vrfleak_contests_waiting(contests, target,
				      vrfleak_prefix_af(prefix)))
		return NULL;
	key_set(&key, target, prefix);
	return vrfleak_contest_tree_find(&contests->tree, &key);
}

static struct vrfleak_waiter *waiter_find(struct vrfleak_contest *contest,
					  uint32_t source)
{
	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (contest->waiters[i].source == source)
			return &contest->waiters[i];
	return NULL;
}

void vrfleak_contests_init(struct vrfleak_contests *contests)
{
	memset(contests, 0, sizeof(*contests));
	vrfleak_contest_tree_init(&contests->tree);
	vrfleak_contest_pairs_init(&contests->pairs);
}

void vrfleak_contests_finish(struct vrfleak_contests *contests)
{
	struct vrfleak_contest *contest;
	struct pair *pair;

	while ((contest = vrfleak_contest_tree_pop(&contests->tree)))
		XFREE(MTYPE_VRFLEAK_CONTEST, contest);
	/* pop() of a hash table would look for each from its beginning. */
	frr_each_safe (vrfleak_contest_pairs, &contests->pairs, pair) {
		vrfleak_contest_pairs_del(&contests->pairs, pair);
		XFREE(MTYPE_VRFLEAK_CONTEST_PAIR, pair);
	}
	vrfleak_contest_pairs_fini(&contests->pairs);
	vrfleak_contest_tree_fini(&contests->tree);
	XFREE(MTYPE_VRFLEAK_CONTEST_PAIR, contests->waiting);
	contests->targets = 0;
}

/* The contest's memory moves with its size, and it must not be in the tree. */
static struct vrfleak_contest *contest_resize(struct vrfleak_contest *contest,
					      uint16_t count)
{
	contest = XREALLOC(MTYPE_VRFLEAK_CONTEST, contest,
			   sizeof(*contest) +
				   count * sizeof(contest->waiters[0]));
	contest->count = count;
	return contest;
}

static void waiter_add(struct vrfleak_contests *contests, uint32_t target,
		       const struct prefix *prefix,
		       struct vrfleak_waiter waiter)
{
	struct vrfleak_contest *contest =
		contest_find(contests, target, prefix);
	struct vrfleak_contest key;

	if (contest) {
		vrfleak_contest_tree_del(&contests->tree, contest);
		contest = contest_resize(contest, contest->count + 1);
	} else {
		key_set(&key, target, prefix);
		contest = contest_resize(NULL, 1);
		memcpy(contest, &key, sizeof(key));
		contest->count = 1;
	}
	contest->waiters[contest->count - 1] = waiter;
	vrfleak_contest_tree_add(&contests->tree, contest);
	waiting_add(contests, contest, waiter.source, 1);
}

bool vrfleak_contest_wait(struct vrfleak_contests *contests, uint32_t target,
			  const struct prefix *prefix, uint32_t source,
			  enum vrfleak_reason reason, int64_t now)
{
	struct vrfleak_waiter *waiter =
		waiter_find(contest_find(contests, target, prefix), source);

	if (!waiter) {
		waiter_add(contests, target, prefix,
			   (struct vrfleak_waiter){source, reason, now});
		return true;
	}
	if (waiter->reason == reason)
		return false;
	waiter->reason = reason;
	waiter->since = now;
	return true;
}

bool vrfleak_contest_leave(struct vrfleak_contests *contests, uint32_t target,
			   const struct prefix *prefix, uint32_t source)
{
	struct vrfleak_contest *contest =
		contest_find(contests, target, prefix);
	struct vrfleak_waiter *waiter = waiter_find(contest, source);

	if (!waiter)
		return false;

	waiting_add(contests, contest, source, -1);
	*waiter = contest->waiters[contest->count - 1];
	vrfleak_contest_tree_del(&contests->tree, contest);
	if (contest->count == 1) {
		XFREE(MTYPE_VRFLEAK_CONTEST, contest);
		return true;
	}
	contest = contest_resize(contest, contest->count - 1);
	vrfleak_contest_tree_add(&contests->tree, contest);
	return true;
}

const struct vrfleak_contest *
vrfleak_contest_find(struct vrfleak_contests *contests, uint32_t target,
		     const struct prefix *prefix)
{
	return contest_find(contests, target, prefix);
}

bool vrfleak_contest_is_not_accepted(struct vrfleak_contests *contests,
				     uint32_t target,
				     const struct prefix *prefix,
				     uint32_t source)
{
	const struct vrfleak_contest *contest =
		contest_find(contests, target, prefix);

	for (uint16_t i = 0; contest && i < contest->count; i++)
		if (contest->waiters[i].source == source)
			return contest->waiters[i].reason ==
			       VRFLEAK_NOT_ACCEPTED;
	return false;
}

/* The first contest after a key that may be there or not. */
static struct vrfleak_contest *contest_beyond(struct vrfleak_contests *contests,
					      const struct vrfleak_contest *key)
{
	struct vrfleak_contest *contest =
		vrfleak_contest_tree_find_gteq(&contests->tree, key);

	if (contest && contest_cmp(contest, key) == 0)
		contest = vrfleak_contest_tree_next(&contests->tree, contest);
	return contest;
}

const struct vrfleak_contest *
vrfleak_contest_next(struct vrfleak_contests *contests, uint32_t target,
		     int family, const struct prefix *after)
{
	struct vrfleak_contest key, *contest;

	if (after) {
		key_set(&key, target, after);
		contest = contest_beyond(contests, &key);
	} else {
		memset(&key, 0, sizeof(key));
		key.target = target;
		key.family = (uint8_t)family;
		contest = vrfleak_contest_tree_find_gteq(&contests->tree, &key);
	}

	if (!contest || contest->target != target || contest->family != family)
		return NULL;
	return contest;
}

const struct vrfleak_contest *
vrfleak_contest_after(struct vrfleak_contests *contests,
		      const struct vrfleak_contest *after)
{
	return after ? contest_beyond(contests, after)
		     : vrfleak_contest_tree_first(&contests->tree);
}
