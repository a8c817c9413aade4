// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: applies the route-maps of export and import statements, see the
 * header.
 */
#include <zebra.h>

#include "lib/nexthop.h"
#include "lib/routemap.h"

#include "zebra_vrfleak/rib/route_map.h"

bool vrfleak_route_maps_permit(const struct vrfleak_tag_match *match,
			       const struct route_entry *re,
			       const struct prefix *prefix,
			       struct nexthop *nexthop,
			       struct vrfleak_attributes *attributes)
{
	const char *export = match->export->map, *import = match->import->map;

	if (export &&
	    !vrfleak_route_map_apply(export, re, prefix, nexthop, attributes))
		return false;
	return !import ||
	       vrfleak_route_map_apply(import, re, prefix, nexthop, attributes);
}

/* As vrfleak_route_map_apply(), without a change of the next hop. */
static bool map_permits(const char *name, const struct route_entry *re,
			const struct prefix *prefix,
			const struct nexthop *nexthop,
			struct vrfleak_attributes *attributes)
{
	struct nexthop *copy = nexthop_dup_no_recurse(nexthop, NULL);
	bool permits =
		vrfleak_route_map_apply(name, re, prefix, copy, attributes);

	nexthop_free(copy);
	return permits;
}

/* ---- which entry denies ---- */

struct search {
	const struct prefix *prefix;
	/* The object by which match clauses see the route. */
	void *object;
	/* The depth of calls from route-map to route-map. */
	unsigned int depth;
	struct vrfleak_denial *denial;
};

/* As route_map_apply_match() in FRR's lib/routemap.c. */
static bool entry_matches(const struct search *search,
			  const struct route_map_index *index)
{
	const struct route_map_rule *rule = index->match_list.head;
	enum route_map_cmd_result_t result;
	bool matches = !rule;

	for (; rule; rule = rule->next) {
		result = (*rule->cmd->func_apply)(rule->value, search->prefix,
						  search->object);
		if (result == RMAP_NOMATCH)
			return false;
		matches = matches || result == RMAP_MATCH;
	}
	return matches;
}

/*
 * Record the entry that denies, or NULL if none matches. Always returns true.
 */
static bool denied_by(struct search *search, const struct route_map *map,
		      const struct route_map_index *index)
{
	uint32_t sequence = index ? (uint32_t)index->pref : 0;

	if (search->depth) {
		search->denial->called = map->name;
		search->denial->called_sequence = sequence;
	} else {
		search->denial->sequence = sequence;
	}
	return true;
}

static bool map_denies(struct search *search, const struct route_map *map);

/*
 * Whether the route-map that an entry calls denies. One that does not exist
 * does not deny.
 */
static bool call_denies(struct search *search,
			const struct route_map_index *index)
{
	const struct route_map *called =
		index->nextrm ? route_map_lookup_by_name(index->nextrm) : NULL;
	bool denies;

	if (!called)
		return false;
	search->depth++;
	denies = map_denies(search, called);
	search->depth--;
	if (denies && !search->depth)
		search->denial->sequence = (uint32_t)index->pref;
	return denies;
}

/* The entry after which 'on-match' continues, or NULL if there is none. */
static const struct route_map_index *
entry_onward(const struct route_map_index *index)
{
	int goto_pref = index->nextpref;

	if (index->exitpolicy == RMAP_NEXT)
		return index;
	if (index->exitpolicy != RMAP_GOTO)
		return NULL;
	while (index->next && index->next->pref < goto_pref)
		index = index->next;
	return index->next ? index : NULL;
}

/*
 * As route_map_apply_ext() in FRR's lib/routemap.c, but without 'set' clauses,
 * because no match clause of the same route-map depends on them. libfrr does
 * not report which entry has denied.
 */
static bool map_denies(struct search *search, const struct route_map *map)
{
	const struct route_map_index *index;
	bool matched = false;

	if (search->depth > RMAP_RECURSION_LIMIT)
		return denied_by(search, map, NULL);
	for (index = map->head; index; index = index->next) {
		matched = entry_matches(search, index);
		if (!matched)
			continue;
		if (index->type == RMAP_DENY)
			return denied_by(search, map, index);
		if (call_denies(search, index))
			return true;
		index = entry_onward(index);
		if (!index)
			return false;
	}
	return !matched && denied_by(search, map, NULL);
}

static void denial_search(void *object, void *arg)
{
	struct search *search = arg;
	const struct route_map *map =
		route_map_lookup_by_name(search->denial->map);

	search->object = object;
	if (map)
		map_denies(search, map);
}

struct vrfleak_denial vrfleak_route_maps_denial(
	const struct vrfleak_tag_match *match, const struct route_entry *re,
	const struct prefix *prefix, const struct nexthop *nexthop)
{
	struct vrfleak_denial denial = {.map = match->export->map};
	struct vrfleak_attributes attributes = vrfleak_entry_attributes(re);
	struct search search = {.prefix = prefix, .denial = &denial};
	struct nexthop *copy;

	if (!denial.map ||
	    map_permits(denial.map, re, prefix, nexthop, &attributes))
		denial.map = match->import->map;
	else
		attributes = vrfleak_entry_attributes(re);
	denial.exists = denial.map && vrfleak_route_map_exists(denial.map);
	if (denial.exists) {
		copy = nexthop_dup_no_recurse(nexthop, NULL);
		vrfleak_route_map_object(re, attributes.tag, prefix, copy,
					 denial_search, &search);
		nexthop_free(copy);
	}
	return denial;
}

/*
 * Whether a route-map, or what it uses, has one of the names. seen: the
 * route-maps that are done.
 */
static bool map_uses(const char *name, const struct vrfleak_name_set *names,
		     struct vrfleak_name_set *seen)
{
	const struct route_map *map = route_map_lookup_by_name(name);
	const struct route_map_index *index = map ? map->head : NULL;
	const struct route_map_rule *rule;

	if (vrfleak_names_have(names, name))
		return true;
	if (!vrfleak_names_insert(seen, name))
		return false;
	for (; index; index = index->next) {
		for (rule = index->match_list.head; rule; rule = rule->next)
			if (rule->rule_str &&
			    vrfleak_names_have(names, rule->rule_str))
				return true;
		if (index->nextrm && map_uses(index->nextrm, names, seen))
			return true;
	}
	return false;
}

bool vrfleak_route_map_uses(const char *map,
			    const struct vrfleak_name_set *names)
{
	struct vrfleak_name_set seen = {};
	bool uses = map_uses(map, names, &seen);

	vrfleak_names_clear(&seen);
	return uses;
}

bool vrfleak_route_map_exists(const char *map)
{
	return route_map_lookup_by_name(map) != NULL;
}

/* The value of an entry's 'match source-protocol', or NULL. */
static const char *entry_protocol(const struct route_map_index *index)
{
	const struct route_map_rule *rule;

	for (rule = index->match_list.head; rule; rule = rule->next)
		if (strmatch(rule->cmd->str, "source-protocol"))
			return rule->rule_str;
	return NULL;
}

bool vrfleak_route_map_lacks_local(const char *map)
{
	const struct route_map *found = route_map_lookup_by_name(map);
	const struct route_map_index *index;
	bool connected = false;
	const char *protocol;

	if (!VRFLEAK_HAVE_LOCAL_ROUTES)
		return false;
	for (index = found ? found->head : NULL; index; index = index->next) {
		protocol = entry_protocol(index);
		if (protocol && strmatch(protocol, "local"))
			return false;
		if (index->type != RMAP_PERMIT)
			continue;
		if (!protocol)
			return false;
		connected = connected || strmatch(protocol, "connected");
	}
	return connected;
}
