// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a cache of the next-hop groups of leaked routes, see the header.
 */
#include <zebra.h>

#include "lib/jhash.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/rib/nhg_cache.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_GROUP, "Route leak next-hop group");

PREDECL_HASH(cached_groups);

struct cached_group {
	struct cached_groups_item item;
	struct vrfleak_nhg_key key;
	/* Zebra's group with one reference of the module's, or NULL. */
	struct nhg_hash_entry *nhe;
	/* The event in which it was cached. */
	uint32_t event;
	/* The id of the group that leaked routes already use, and its event. */
	uint32_t same;
	uint32_t same_event;
};

PREDECL_LIST(replaced_groups);

/* A group that pending routes may still use, replaced in the cache. */
struct replaced_group {
	struct replaced_groups_item item;
	struct nhg_hash_entry *nhe;
};

DECLARE_LIST(replaced_groups, struct replaced_group, item);

static struct replaced_groups_head replaced;

/* With so many groups, the module waits for zebra before it goes on. */
#define GROUPS_MAX 4000

static uint32_t event_now;

static int cached_group_cmp(const struct cached_group *a,
			    const struct cached_group *b)
{
	if (a->key.source != b->key.source)
		return numcmp(a->key.source, b->key.source);
	if (a->key.id != b->key.id)
		return numcmp(a->key.id, b->key.id);
	if (a->key.af != b->key.af)
		return numcmp(a->key.af, b->key.af);
	return numcmp(a->key.through_vrf, b->key.through_vrf);
}

static uint32_t cached_group_hash(const struct cached_group *group)
{
	return jhash_3words(
		group->key.source, group->key.id,
		(uint32_t)group->key.af * 2 + group->key.through_vrf, 0);
}

DECLARE_HASH(cached_groups, struct cached_group, item, cached_group_cmp,
	     cached_group_hash);

static struct cached_groups_head cached;

/* The group found last: most routes of a walk have the same one. */
static struct cached_group *last;

static struct cached_group *group_find(const struct vrfleak_nhg_key *key)
{
	struct cached_group wanted = {.key = *key};

	if (last && cached_group_cmp(last, &wanted) == 0)
		return last;
	last = cached_groups_find(&cached, &wanted);
	return last;
}

uint32_t vrfleak_nhg_find(const struct vrfleak_nhg_key *key)
{
	const struct cached_group *group = group_find(key);

	return group && group->nhe && group->event == event_now ? group->nhe->id
								: 0;
}

bool vrfleak_nhg_is_same(const struct vrfleak_nhg_key *key, uint32_t id)
{
	const struct cached_group *group = group_find(key);

	return group && group->same_event == event_now && group->same == id;
}

static struct cached_group *group_get(const struct vrfleak_nhg_key *key)
{
	struct cached_group *group = group_find(key);

	if (group)
		return group;
	group = XCALLOC(MTYPE_VRFLEAK_GROUP, sizeof(*group));
	group->key = *key;
	/* Not valid yet. */
	group->event = group->same_event = event_now - 1;
	cached_groups_add(&cached, group);
	return group;
}

static void group_keep_replaced(struct nhg_hash_entry *nhe)
{
	struct replaced_group *old = XCALLOC(MTYPE_VRFLEAK_GROUP, sizeof(*old));

	old->nhe = nhe;
	replaced_groups_add_tail(&replaced, old);
}

uint32_t vrfleak_nhg_cache(const struct vrfleak_nhg_key *key,
			   struct nexthop_group *nexthops)
{
	struct nhg_hash_entry *nhe = vrfleak_nhe_hold(key->af, nexthops);
	struct cached_group *group;

	if (!nhe)
		return 0;
	group = group_get(key);
	if (group->nhe == nhe)
		vrfleak_nhe_release(nhe);
	else if (group->nhe)
		group_keep_replaced(group->nhe);
	group->nhe = nhe;
	group->event = event_now;
	return nhe->id;
}

void vrfleak_nhg_cache_same(const struct vrfleak_nhg_key *key, uint32_t id)
{
	struct cached_group *group = group_get(key);

	group->same = id;
	group->same_event = event_now;
}

void vrfleak_nhgs_invalidate(void)
{
	event_now++;
}

void vrfleak_nhgs_release(void)
{
	struct cached_group *group;
	struct replaced_group *old;

	last = NULL;
	while ((group = cached_groups_pop(&cached))) {
		if (group->nhe)
			vrfleak_nhe_release(group->nhe);
		XFREE(MTYPE_VRFLEAK_GROUP, group);
	}
	while ((old = replaced_groups_pop(&replaced))) {
		vrfleak_nhe_release(old->nhe);
		XFREE(MTYPE_VRFLEAK_GROUP, old);
	}
}

size_t vrfleak_nhgs_count(void)
{
	return cached_groups_count(&cached) + replaced_groups_count(&replaced);
}

bool vrfleak_nhgs_full(void)
{
	return vrfleak_nhgs_count() >= GROUPS_MAX;
}

void vrfleak_nhgs_init(void)
{
	cached_groups_init(&cached);
	replaced_groups_init(&replaced);
}

void vrfleak_nhgs_finish(void)
{
	vrfleak_nhgs_release();
	cached_groups_fini(&cached);
	replaced_groups_fini(&replaced);
}
