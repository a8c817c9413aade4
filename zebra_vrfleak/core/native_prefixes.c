// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: lists of native prefixes, see the header.
 */
#include <zebra.h>

#include "lib/table.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/native_prefixes.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_NATIVE_LIST, "Route leak native prefixes");

int vrfleak_native_list_cmp(const struct vrfleak_native_list *a,
			    const struct vrfleak_native_list *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	return 0;
}

struct vrfleak_native_list *
vrfleak_native_list_find(struct vrfleak_native_lists_head *lists,
			 uint32_t source, enum vrfleak_af af)
{
	const struct vrfleak_native_list key = {
		.source = source,
		.af = af,
	};

	return vrfleak_native_lists_find(lists, &key);
}

struct vrfleak_native_list *
vrfleak_native_list_begin(struct vrfleak_native_lists_head *lists,
			  uint32_t source, enum vrfleak_af af, uint32_t target,
			  size_t table)
{
	struct vrfleak_native_list *list =
		XCALLOC(MTYPE_VRFLEAK_NATIVE_LIST, sizeof(*list));

	list->source = source;
	list->af = af;
	list->target = target;
	list->table = table;
	vrfleak_native_lists_add(lists, list);
	return list;
}

static void list_empty(struct vrfleak_native_list *list)
{
	XFREE(MTYPE_VRFLEAK_NATIVE_LIST, list->prefixes);
	list->count = list->size = 0;
}

static void list_append(struct vrfleak_native_list *list,
			const struct prefix *prefix)
{
	if (list->count == list->size) {
		list->size = list->size ? list->size * 2 : 16;
		list->prefixes =
			XREALLOC(MTYPE_VRFLEAK_NATIVE_LIST, list->prefixes,
				 list->size * sizeof(*list->prefixes));
	}
	prefix_copy(&list->prefixes[list->count++], prefix);
}

void vrfleak_native_list_add(struct vrfleak_native_list *list,
			     const struct prefix *prefix)
{
	if (list->state != VRFLEAK_NATIVE_LIST_PARTIAL)
		return;
	if (list->count >= MAX(VRFLEAK_NATIVE_LIST_FREE, list->table / 8)) {
		list_empty(list);
		list->state = VRFLEAK_NATIVE_LIST_ABANDONED;
		return;
	}
	list_append(list, prefix);
}

bool vrfleak_native_list_again(const struct vrfleak_native_list *list,
			       size_t table)
{
	return list->state == VRFLEAK_NATIVE_LIST_ABANDONED &&
	       table / 2 >= list->table;
}

void vrfleak_native_list_complete(struct vrfleak_native_list *list)
{
	if (list->state == VRFLEAK_NATIVE_LIST_PARTIAL)
		list->state = VRFLEAK_NATIVE_LIST_COMPLETE;
}

const struct prefix *
vrfleak_native_list_next(const struct vrfleak_native_list *list,
			 const struct prefix *after)
{
	uint32_t low = 0, high = list->count, middle;

	while (after && low < high) {
		middle = low + (high - low) / 2;
		if (route_table_prefix_iter_cmp(&list->prefixes[middle],
						after) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->count ? &list->prefixes[low] : NULL;
}

static void list_free(struct vrfleak_native_list *list)
{
	list_empty(list);
	XFREE(MTYPE_VRFLEAK_NATIVE_LIST, list);
}

void vrfleak_native_list_drop(struct vrfleak_native_lists_head *lists,
			      uint32_t source, enum vrfleak_af af)
{
	struct vrfleak_native_list *list =
		vrfleak_native_list_find(lists, source, af);

	if (!list)
		return;
	vrfleak_native_lists_del(lists, list);
	list_free(list);
}

void vrfleak_native_lists_clear(struct vrfleak_native_lists_head *lists)
{
	struct vrfleak_native_list *list;

	while ((list = vrfleak_native_lists_pop(lists)))
		list_free(list);
}
