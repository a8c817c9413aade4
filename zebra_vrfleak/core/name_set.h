// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a set of names, of route-maps and of lists.
 */
#ifndef _VRFLEAK_CORE_NAME_SET_H
#define _VRFLEAK_CORE_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/typesafe.h"

PREDECL_HASH(vrfleak_names);

/* Initialise with zeroes. */
struct vrfleak_name_set {
	struct vrfleak_names_head names;
};

/* Add a copy of a name. Returns false if the set has it already. */
extern bool vrfleak_names_insert(struct vrfleak_name_set *set,
				 const char *name);

extern bool vrfleak_names_have(const struct vrfleak_name_set *set,
			       const char *name);

extern size_t vrfleak_names_size(const struct vrfleak_name_set *set);

/* Remove all names. The set can be used again. */
extern void vrfleak_names_clear(struct vrfleak_name_set *set);

#endif /* _VRFLEAK_CORE_NAME_SET_H */
