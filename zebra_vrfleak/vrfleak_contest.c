// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: contested prefixes.
 *
 * A contest is made for its first waiter and freed with its last, so memory
 * is in proportion to what is refused, not to what is leaked.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_contest.h"
#include "zebra_vrfleak/vrfleak_memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_CONTEST, "Route leak contest");

int vrfleak_contest_cmp(const struct vrfleak_contest *a,
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

static struct vrfleak_contest *
contest_find(struct vrfleak_contests_head *contests, uint32_t target,
	     const struct prefix *prefix)
{
	struct vrfleak_contest key;

	key_set(&key, target, prefix);
	return vrfleak_contests_find(contests, &key);
}

static struct vrfleak_contest *
contest_get(struct vrfleak_contests_head *contests, uint32_t target,
	    const struct prefix *prefix)
{
	struct vrfleak_contest *contest;

	contest = contest_find(contests, target, prefix);
	if (contest)
		return contest;

	contest = XCALLOC(MTYPE_VRFLEAK_CONTEST, sizeof(*contest));
	key_set(contest, target, prefix);
	vrfleak_contests_add(contests, contest);
	return contest;
}

static void contest_free(struct vrfleak_contest *contest)
{
	XFREE(MTYPE_VRFLEAK_CONTEST, contest->waiters);
	XFREE(MTYPE_VRFLEAK_CONTEST, contest);
}

static struct vrfleak_waiter *waiter_find(struct vrfleak_contest *contest,
					  uint32_t source)
{
	for (uint16_t i = 0; i < contest->count; i++)
		if (contest->waiters[i].source == source)
			return &contest->waiters[i];
	return NULL;
}

void vrfleak_contests_finish(struct vrfleak_contests_head *contests)
{
	struct vrfleak_contest *contest;

	while ((contest = vrfleak_contests_pop(contests)))
		contest_free(contest);
	vrfleak_contests_fini(contests);
}

bool vrfleak_contest_wait(struct vrfleak_contests_head *contests,
			  uint32_t target, const struct prefix *prefix,
			  uint32_t source, enum vrfleak_reason reason,
			  int64_t now)
{
	struct vrfleak_contest *contest = contest_get(contests, target, prefix);
	struct vrfleak_waiter *waiter = waiter_find(contest, source);

	if (waiter) {
		if (waiter->reason == reason)
			return false;
		waiter->reason = reason;
		waiter->since = now;
		return true;
	}

	contest->waiters =
		XREALLOC(MTYPE_VRFLEAK_CONTEST, contest->waiters,
			 (contest->count + 1U) * sizeof(*contest->waiters));
	contest->waiters[contest->count++] =
		(struct vrfleak_waiter){source, reason, now};
	return true;
}

bool vrfleak_contest_leave(struct vrfleak_contests_head *contests,
			   uint32_t target, const struct prefix *prefix,
			   uint32_t source)
{
	struct vrfleak_contest *contest =
		contest_find(contests, target, prefix);
	struct vrfleak_waiter *waiter;

	if (!contest)
		return false;

	waiter = waiter_find(contest, source);
	if (!waiter)
		return false;

	*waiter = contest->waiters[--contest->count];
	if (contest->count == 0) {
		vrfleak_contests_del(contests, contest);
		contest_free(contest);
	}
	return true;
}

const struct vrfleak_contest *
vrfleak_contest_find(struct vrfleak_contests_head *contests, uint32_t target,
		     const struct prefix *prefix)
{
	return contest_find(contests, target, prefix);
}

const struct vrfleak_contest *
vrfleak_contest_next(struct vrfleak_contests_head *contests, uint32_t target,
		     int family, const struct prefix *after)
{
	struct vrfleak_contest key, *contest;

	if (after) {
		key_set(&key, target, after);
		contest = vrfleak_contests_find_gteq(contests, &key);
		if (contest && vrfleak_contest_cmp(contest, &key) == 0)
			contest = vrfleak_contests_next(contests, contest);
	} else {
		memset(&key, 0, sizeof(key));
		key.target = target;
		key.family = (uint8_t)family;
		contest = vrfleak_contests_find_gteq(contests, &key);
	}

	if (!contest || contest->target != target || contest->family != family)
		return NULL;
	return contest;
}
