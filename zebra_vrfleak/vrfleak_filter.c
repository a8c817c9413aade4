// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the route-maps of export and import lines.
 */
#include <zebra.h>

#include "lib/nexthop.h"
#include "lib/routemap.h"

#include "zebra_vrfleak/vrfleak_filter.h"
#include "zebra_vrfleak/vrfleak_slice.h"

bool vrfleak_filter_passes(const struct vrfleak_way *way,
			   const struct route_entry *re,
			   const struct prefix *prefix, struct nexthop *nexthop)
{
	const char *export = way->export->map, *import = way->import->map;

	if (export || import)
		vrfleak_slice_route_map();
	if (export && !vrfleak_route_map_permits(export, re, prefix, nexthop))
		return false;
	return !import ||
	       vrfleak_route_map_permits(import, re, prefix, nexthop);
}

static bool map_permits(const char *name, const struct route_entry *re,
			const struct prefix *prefix,
			const struct nexthop *nexthop)
{
	struct nexthop *copy = nexthop_dup_no_recurse(nexthop, NULL);
	bool permits = vrfleak_route_map_permits(name, re, prefix, copy);

	nexthop_free(copy);
	return permits;
}

/*
 * The entry that decides is the one whose verdict, turned round, turns the
 * map's round. libfrr does not tell, and 'call', 'continue' and 'on-match' make
 * it more than the first one that matches.
 */
static uint32_t map_denies_by(const char *name, const struct route_entry *re,
			      const struct prefix *prefix,
			      const struct nexthop *nexthop)
{
	const struct route_map *map = route_map_lookup_by_name(name);
	struct route_map_index *index;
	uint32_t sequence = 0;

	for (index = map ? map->head : NULL; index && !sequence;
	     index = index->next) {
		if (index->type != RMAP_DENY)
			continue;
		index->type = RMAP_PERMIT;
		if (map_permits(name, re, prefix, nexthop))
			sequence = (uint32_t)index->pref;
		index->type = RMAP_DENY;
	}
	return sequence;
}

struct vrfleak_denial vrfleak_filter_denial(const struct vrfleak_way *way,
					    const struct route_entry *re,
					    const struct prefix *prefix,
					    const struct nexthop *nexthop)
{
	struct vrfleak_denial denial = {.map = way->export->map};

	if (!denial.map || map_permits(denial.map, re, prefix, nexthop))
		denial.map = way->import->map;
	denial.exists = denial.map && vrfleak_filter_exists(denial.map);
	if (denial.exists)
		denial.sequence =
			map_denies_by(denial.map, re, prefix, nexthop);
	return denial;
}

bool vrfleak_filter_exists(const char *map)
{
	return route_map_lookup_by_name(map) != NULL;
}

static uint32_t rules_count(const struct route_map_rule_list *rules)
{
	const struct route_map_rule *rule;
	uint32_t count = 0;

	for (rule = rules->head; rule; rule = rule->next)
		count++;
	return count;
}

bool vrfleak_filter_clauses(const char *map, uint32_t sequence,
			    uint32_t *matches, uint32_t *sets)
{
	const struct route_map *found = route_map_lookup_by_name(map);
	const struct route_map_index *index;

	for (index = found ? found->head : NULL; index; index = index->next) {
		if ((uint32_t)index->pref != sequence)
			continue;
		*matches = rules_count(&index->match_list);
		*sets = rules_count(&index->set_list);
		return true;
	}
	return false;
}
