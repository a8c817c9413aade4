// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: next-hop groups of leaked routes, shared; see the header.
 */
#include <zebra.h>

#include "lib/jhash.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/core/memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_GROUP, "Route leak next-hop group");

PREDECL_HASH(held_groups);

struct held_group {
	struct held_groups_item item;
	struct vrfleak_nhg_key key;
	/* Zebra's, or NULL; one reference is ours. */
	struct nhg_hash_entry *nhe;
	/* In which event it was learned. */
	uint32_t event;
	/* The id of the group that leaked routes already go by, and its event.
	 */
	uint32_t same;
	uint32_t same_event;
};

PREDECL_LIST(old_groups);

/* One that routes were given to zebra with, before the source's changed. */
struct old_group {
	struct old_groups_item item;
	struct nhg_hash_entry *nhe;
};

DECLARE_LIST(old_groups, struct old_group, item);

static struct old_groups_head old_installed;

/* So many are held at the most before zebra is waited for. */
#define GROUPS_MAX 4000

static uint32_t event_now;

static int held_group_cmp(const struct held_group *a,
			  const struct held_group *b)
{
	if (a->key.source != b->key.source)
		return numcmp(a->key.source, b->key.source);
	if (a->key.id != b->key.id)
		return numcmp(a->key.id, b->key.id);
	if (a->key.af != b->key.af)
		return numcmp(a->key.af, b->key.af);
	return numcmp(a->key.through_vrf, b->key.through_vrf);
}

static uint32_t held_group_hash(const struct held_group *group)
{
	return jhash_3words(
		group->key.source, group->key.id,
		(uint32_t)group->key.af * 2 + group->key.through_vrf, 0);
}

DECLARE_HASH(held_groups, struct held_group, item, held_group_cmp,
	     held_group_hash);

static struct held_groups_head installed;

/* The one that was found last: most routes of a walk have the same. */
static struct held_group *last;

static struct held_group *group_find(const struct vrfleak_nhg_key *key)
{
	struct held_group wanted = {.key = *key};

	if (last && held_group_cmp(last, &wanted) == 0)
		return last;
	last = held_groups_find(&installed, &wanted);
	return last;
}

uint32_t vrfleak_nhg_find(const struct vrfleak_nhg_key *key)
{
	const struct held_group *group = group_find(key);

	return group && group->nhe && group->event == event_now ? group->nhe->id
								: 0;
}

bool vrfleak_nhg_is_same(const struct vrfleak_nhg_key *key, uint32_t id)
{
	const struct held_group *group = group_find(key);

	return group && group->same_event == event_now && group->same == id;
}

static struct held_group *group_get(const struct vrfleak_nhg_key *key)
{
	struct held_group *group = group_find(key);

	if (group)
		return group;
	group = XCALLOC(MTYPE_VRFLEAK_GROUP, sizeof(*group));
	group->key = *key;
	/* Nothing is known yet. */
	group->event = group->same_event = event_now - 1;
	held_groups_add(&installed, group);
	return group;
}

static void group_keep_old(struct nhg_hash_entry *nhe)
{
	struct old_group *old = XCALLOC(MTYPE_VRFLEAK_GROUP, sizeof(*old));

	old->nhe = nhe;
	old_groups_add_tail(&old_installed, old);
}

uint32_t vrfleak_nhg_cache(const struct vrfleak_nhg_key *key,
			   struct nexthop_group *nexthops)
{
	struct nhg_hash_entry *nhe = vrfleak_nhe_hold(key->af, nexthops);
	struct held_group *group;

	if (!nhe)
		return 0;
	group = group_get(key);
	if (group->nhe == nhe)
		vrfleak_nhe_release(nhe);
	else if (group->nhe)
		group_keep_old(group->nhe);
	group->nhe = nhe;
	group->event = event_now;
	return nhe->id;
}

void vrfleak_nhg_cache_same(const struct vrfleak_nhg_key *key, uint32_t id)
{
	struct held_group *group = group_get(key);

	group->same = id;
	group->same_event = event_now;
}

void vrfleak_nhgs_invalidate(void)
{
	event_now++;
}

void vrfleak_nhgs_release(void)
{
	struct held_group *group;
	struct old_group *old;

	last = NULL;
	while ((group = held_groups_pop(&installed))) {
		if (group->nhe)
			vrfleak_nhe_release(group->nhe);
		XFREE(MTYPE_VRFLEAK_GROUP, group);
	}
	while ((old = old_groups_pop(&old_installed))) {
		vrfleak_nhe_release(old->nhe);
		XFREE(MTYPE_VRFLEAK_GROUP, old);
	}
}

size_t vrfleak_nhgs_count(void)
{
	return held_groups_count(&installed) + old_groups_count(&old_installed);
}

bool vrfleak_nhgs_full(void)
{
	return vrfleak_nhgs_count() >= GROUPS_MAX;
}

void vrfleak_nhgs_init(void)
{
	held_groups_init(&installed);
	old_groups_init(&old_installed);
}

void vrfleak_nhgs_finish(void)
{
	vrfleak_nhgs_release();
	held_groups_fini(&installed);
	old_groups_fini(&old_installed);
}
