// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the prefixes that a source has of its own.
 */
#include <zebra.h>

#include "table.h"

#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_own.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_OWN, "Route leak source's own prefixes");

int vrfleak_own_cmp(const struct vrfleak_own *a, const struct vrfleak_own *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	return 0;
}

struct vrfleak_own *vrfleak_own_find(struct vrfleak_owns_head *owns,
				     uint32_t source, enum vrfleak_af af)
{
	const struct vrfleak_own key = {
		.source = source,
		.af = af,
	};

	return vrfleak_owns_find(owns, &key);
}

struct vrfleak_own *vrfleak_own_begin(struct vrfleak_owns_head *owns,
				      uint32_t source, enum vrfleak_af af,
				      uint32_t target, size_t table)
{
	struct vrfleak_own *own = XCALLOC(MTYPE_VRFLEAK_OWN, sizeof(*own));

	own->source = source;
	own->af = af;
	own->target = target;
	own->table = table;
	vrfleak_owns_add(owns, own);
	return own;
}

static void own_empty(struct vrfleak_own *own)
{
	XFREE(MTYPE_VRFLEAK_OWN, own->prefixes);
	own->count = own->size = 0;
}

static void own_append(struct vrfleak_own *own, const struct prefix *prefix)
{
	if (own->count == own->size) {
		own->size = own->size ? own->size * 2 : 16;
		own->prefixes = XREALLOC(MTYPE_VRFLEAK_OWN, own->prefixes,
					 own->size * sizeof(*own->prefixes));
	}
	prefix_copy(&own->prefixes[own->count++], prefix);
}

void vrfleak_own_gather(struct vrfleak_own *own, const struct prefix *prefix)
{
	if (own->state != VRFLEAK_OWN_GATHERING)
		return;
	if (own->count >= MAX(VRFLEAK_OWN_FREE, own->table / 8)) {
		own_empty(own);
		own->state = VRFLEAK_OWN_GIVEN_UP;
		return;
	}
	own_append(own, prefix);
}

bool vrfleak_own_again(const struct vrfleak_own *own, size_t table)
{
	return own->state == VRFLEAK_OWN_GIVEN_UP && table / 2 >= own->table;
}

void vrfleak_own_complete(struct vrfleak_own *own)
{
	if (own->state == VRFLEAK_OWN_GATHERING)
		own->state = VRFLEAK_OWN_COMPLETE;
}

const struct prefix *vrfleak_own_next(const struct vrfleak_own *own,
				      const struct prefix *after)
{
	uint32_t low = 0, high = own->count, middle;

	while (after && low < high) {
		middle = low + (high - low) / 2;
		if (route_table_prefix_iter_cmp(&own->prefixes[middle],
						after) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < own->count ? &own->prefixes[low] : NULL;
}

static void own_free(struct vrfleak_own *own)
{
	own_empty(own);
	XFREE(MTYPE_VRFLEAK_OWN, own);
}

void vrfleak_own_drop(struct vrfleak_owns_head *owns, uint32_t source,
		      enum vrfleak_af af)
{
	struct vrfleak_own *own = vrfleak_own_find(owns, source, af);

	if (!own)
		return;
	vrfleak_owns_del(owns, own);
	own_free(own);
}

void vrfleak_owns_clear(struct vrfleak_owns_head *owns)
{
	struct vrfleak_own *own;

	while ((own = vrfleak_owns_pop(owns)))
		own_free(own);
}
