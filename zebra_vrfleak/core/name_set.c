// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a set of names, see the header.
 */
#include <zebra.h>

#include "lib/jhash.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/name_set.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_NAME, "Route leak name");

struct set_name {
	struct vrfleak_names_item item;
	const char *name;
	/* The copy; empty in a key for a lookup. */
	char copy[];
};

static int set_name_cmp(const struct set_name *a, const struct set_name *b)
{
	return strcmp(a->name, b->name);
}

static uint32_t set_name_hash(const struct set_name *name)
{
	return jhash(name->name, strlen(name->name), 0);
}

DECLARE_HASH(vrfleak_names, struct set_name, item, set_name_cmp, set_name_hash);

bool vrfleak_names_have(const struct vrfleak_name_set *set, const char *name)
{
	const struct set_name key = {.name = name};

	return vrfleak_names_const_find(&set->names, &key);
}

bool vrfleak_names_insert(struct vrfleak_name_set *set, const char *name)
{
	size_t size = strlen(name) + 1;
	struct set_name *new;

	if (vrfleak_names_have(set, name))
		return false;
	new = XCALLOC(MTYPE_VRFLEAK_NAME, sizeof(*new) + size);
	memcpy(new->copy, name, size);
	new->name = new->copy;
	vrfleak_names_add(&set->names, new);
	return true;
}

size_t vrfleak_names_size(const struct vrfleak_name_set *set)
{
	return vrfleak_names_count(&set->names);
}

void vrfleak_names_clear(struct vrfleak_name_set *set)
{
	struct set_name *name;

	while ((name = vrfleak_names_pop(&set->names)))
		XFREE(MTYPE_VRFLEAK_NAME, name);
	vrfleak_names_fini(&set->names);
}
