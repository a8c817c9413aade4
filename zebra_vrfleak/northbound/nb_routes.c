// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the state lists: sources, leaked routes and conflicts.
 *
 * The northbound iterates over a list with a pointer to the last entry. The
 * module has no record of a leaked route, and a conflict may move in memory.
 * Therefore the entry is a cursor with the prefix. Each list has one cursor:
 * the northbound finishes with an entry, and with what is below it, before it
 * uses another one.
 */
#include <zebra.h>

#include "lib/monotime.h"
#include "lib/nexthop.h"

#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/counters.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/rib/rib_view.h"

struct cursor {
	const struct vrfleak_family *family;
	struct prefix prefix;
	/* The index of a conflict's loser. */
	uint32_t loser;
};

static bool prefix_read(const struct vrfleak_family *family, const char *str,
			struct prefix *prefix)
{
	return str2prefix(str, prefix) &&
	       vrfleak_prefix_af(prefix) == family->af;
}

/* ---- sources ---- */

static const struct vrfleak_pairs *
family_sources(const struct vrfleak_family *family)
{
	static const struct vrfleak_pairs none;

	return family->vrf->policy ? &family->vrf->policy->sources[family->af]
				   : &none;
}

/* The family whose sources were asked for last. */
static const struct vrfleak_family *sources_of;

/* Whether the VRFs' counters are current for the family. */
static bool sources_counted;

const void *vrfleak_nb_source_next(struct nb_cb_get_next_args *args)
{
	const struct vrfleak_family *family = args->parent_list_entry;
	const struct vrfleak_pairs *sources = family_sources(family);
	const struct vrfleak_pair *pair = args->list_entry;

	sources_of = family;
	if (!pair) {
		vrfleak_nb_list_begin();
		sources_counted =
			vrfleak_leaked_count(family->vrf, family->af).age >= 0;
		return sources->count ? &sources->pair[0] : NULL;
	}
	pair++;
	return pair < sources->pair + sources->count &&
			       vrfleak_nb_in_time(false)
		       ? pair
		       : NULL;
}

int vrfleak_nb_source_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrfleak_pair *pair = args->list_entry;

	args->keys->num = 1;
	strlcpy(args->keys->key[0], pair->peer->name,
		sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *vrfleak_nb_source_lookup(struct nb_cb_lookup_entry_args *args)
{
	const struct vrfleak_family *family = args->parent_list_entry;

	if (!family->vrf->policy)
		return NULL;
	sources_of = family;
	sources_counted =
		vrfleak_leaked_count(family->vrf, family->af).age >= 0;
	return vrfleak_policy_source(family->vrf->policy, family->af,
				     args->keys->key[0]);
}

struct yang_data *
vrfleak_nb_source_leaked_routes(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_pair *pair = args->list_entry;
	const struct vrfleak_vrf *source = pair->peer->vrf;

	return sources_counted
		       ? yang_data_new_uint32(args->xpath,
					      vrfleak_leaked_from(source))
		       : NULL;
}

/* A running total, by the name of its leaf. */
struct yang_data *vrfleak_nb_source_total(struct nb_cb_get_elem_args *args)
{
	static const char *const names[] = {"leaked", "replaced", "withdrawn"};
	const struct vrfleak_pair *pair = args->list_entry;
	const struct vrfleak_vrf *source = pair->peer->vrf;
	const char *leaf = strrchr(args->xpath, '/') + 1;
	const struct vrfleak_totals totals = vrfleak_counters_pair(
		sources_of->vrf->index, source->index, sources_of->af);

	for (size_t i = 0; i < array_size(names); i++)
		if (strmatch(leaf, names[i]))
			return yang_data_new_uint64(args->xpath,
						    totals.count[i]);
	for (int i = 0; i < VRFLEAK_REASONS; i++)
		if (strmatch(leaf + strcspn(leaf, "-") + 1,
			     vrfleak_reason2str(i)))
			return yang_data_new_uint64(
				args->xpath,
				totals.count[VRFLEAK_COUNT_REFUSED + i]);
	return totals.last ? yang_data_new_uint32(args->xpath,
						  monotime(NULL) - totals.last)
			   : NULL;
}

/* ---- leaked routes ---- */

/* Stop at a leaked route. */
static bool leaked_stop(const struct vrfleak_rib_at *at, void *arg)
{
	return at->leaked == NULL;
}

/* The family's first leaked route; if started, the first after prefix. */
static const void *leaked_next(const struct vrfleak_family *family,
			       const struct prefix *prefix, bool started)
{
	static struct cursor cursor;

	cursor.family = family;
	if (started)
		cursor.prefix = *prefix;
	return vrfleak_rib_walk(family->vrf, family->af, &cursor.prefix,
				&started, leaked_stop, NULL)
		       ? NULL
		       : &cursor;
}

const void *vrfleak_nb_route_next(struct nb_cb_get_next_args *args)
{
	const struct cursor *last = args->list_entry;

	if (last && !vrfleak_nb_in_time(true))
		return NULL;
	return leaked_next(args->parent_list_entry, last ? &last->prefix : NULL,
			   last != NULL);
}

const void *vrfleak_nb_route_after(struct nb_cb_lookup_entry_args *args)
{
	struct prefix prefix;

	return prefix_read(args->parent_list_entry, args->keys->key[0], &prefix)
		       ? leaked_next(args->parent_list_entry, &prefix, true)
		       : NULL;
}

int vrfleak_nb_route_keys(struct nb_cb_get_keys_args *args)
{
	const struct cursor *cursor = args->list_entry;

	args->keys->num = 1;
	prefix2str(&cursor->prefix, args->keys->key[0],
		   sizeof(args->keys->key[0]));
	return NB_OK;
}

static struct route_node *cursor_node(const struct cursor *cursor)
{
	return vrfleak_rib_node(cursor->family->vrf, &cursor->prefix);
}

static const struct route_entry *cursor_leaked(const struct cursor *cursor)
{
	return vrfleak_rib_leaked(cursor_node(cursor), NULL);
}

const void *vrfleak_nb_route_lookup(struct nb_cb_lookup_entry_args *args)
{
	static struct cursor cursor;

	cursor.family = args->parent_list_entry;
	if (!prefix_read(cursor.family, args->keys->key[0], &cursor.prefix) ||
	    !cursor_leaked(&cursor))
		return NULL;
	return &cursor;
}

static const struct vrfleak_vrf *cursor_source(const struct cursor *cursor)
{
	return vrfleak_vrf_by_index(
		vrfleak_rib_installed(cursor_node(cursor)).source);
}

struct yang_data *vrfleak_nb_route_source(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_vrf *source = cursor_source(args->list_entry);

	return source ? yang_data_new_string(args->xpath, source->name) : NULL;
}

struct yang_data *vrfleak_nb_route_protocol(struct nb_cb_get_elem_args *args)
{
	const struct cursor *cursor = args->list_entry;
	const struct vrfleak_vrf *source = cursor_source(cursor);
	const struct route_entry *re =
		source ? vrfleak_rib_native(
				 vrfleak_rib_node(source, &cursor->prefix))
		       : NULL;

	return re ? yang_data_new_string(args->xpath,
					 zebra_route_string(re->type))
		  : NULL;
}

struct yang_data *vrfleak_nb_route_metric(struct nb_cb_get_elem_args *args)
{
	const struct route_entry *re = cursor_leaked(args->list_entry);

	return re ? yang_data_new_uint32(args->xpath, re->metric) : NULL;
}

struct yang_data *vrfleak_nb_route_tag(struct nb_cb_get_elem_args *args)
{
	const struct route_entry *re = cursor_leaked(args->list_entry);

	return re ? yang_data_new_uint32(args->xpath, re->tag) : NULL;
}

struct yang_data *vrfleak_nb_route_age(struct nb_cb_get_elem_args *args)
{
	const struct route_entry *re = cursor_leaked(args->list_entry);

	return re ? yang_data_new_uint32(args->xpath,
					 monotime(NULL) - re->uptime)
		  : NULL;
}

const void *vrfleak_nb_nexthop_next(struct nb_cb_get_next_args *args)
{
	const struct nexthop *nexthop = args->list_entry;
	const struct route_entry *re;

	if (nexthop)
		return nexthop->next;
	re = cursor_leaked(args->parent_list_entry);
	return re ? re->nhe->nhg.nexthop : NULL;
}

struct yang_data *vrfleak_nb_nexthop(struct nb_cb_get_elem_args *args)
{
	const struct nexthop *nexthop = args->list_entry;
	char text[128];

	snprintfrr(text, sizeof(text), "%pNHvv", nexthop);
	return yang_data_new_string(args->xpath, text);
}

/* ---- conflicts ---- */

static const struct vrfleak_candidate *
cursor_candidate(const struct cursor *cursor)
{
	const struct vrfleak_conflict *conflict = vrfleak_conflict_find(
		&vrfleak_queue.conflicts, cursor->family->vrf->index,
		&cursor->prefix);

	return vrfleak_conflict_candidate(conflict, cursor->loser);
}

const void *vrfleak_nb_conflict_next(struct nb_cb_get_next_args *args)
{
	static struct cursor cursor;
	const struct cursor *last = args->list_entry;
	const struct vrfleak_family *family = args->parent_list_entry;
	const struct vrfleak_conflict *conflict = NULL;
	uint16_t next = 0;

	if (!last)
		vrfleak_nb_list_begin();
	else if (!vrfleak_nb_in_time(false))
		return NULL;
	if (last) {
		conflict = vrfleak_conflict_find(&vrfleak_queue.conflicts,
						 family->vrf->index,
						 &last->prefix);
		while (conflict && next < conflict->count &&
		       conflict->candidates[next].source <= last->loser)
			next++;
	}
	if (!conflict || next >= conflict->count) {
		conflict = vrfleak_conflict_next(&vrfleak_queue.conflicts,
						 family->vrf->index,
						 vrfleak_af_family(family->af),
						 last ? &last->prefix : NULL);
		next = 0;
	}
	if (!conflict)
		return NULL;
	cursor.family = family;
	vrfleak_conflict_prefix(conflict, &cursor.prefix);
	cursor.loser = conflict->candidates[next].source;
	return &cursor;
}

int vrfleak_nb_conflict_keys(struct nb_cb_get_keys_args *args)
{
	const struct cursor *cursor = args->list_entry;

	args->keys->num = 2;
	prefix2str(&cursor->prefix, args->keys->key[0],
		   sizeof(args->keys->key[0]));
	strlcpy(args->keys->key[1], vrfleak_vrf_by_index(cursor->loser)->name,
		sizeof(args->keys->key[1]));
	return NB_OK;
}

const void *vrfleak_nb_conflict_lookup(struct nb_cb_lookup_entry_args *args)
{
	static struct cursor cursor;
	const struct vrfleak_vrf *loser =
		vrfleak_vrf_by_name(args->keys->key[1]);

	cursor.family = args->parent_list_entry;
	if (!loser ||
	    !prefix_read(cursor.family, args->keys->key[0], &cursor.prefix))
		return NULL;
	cursor.loser = loser->index;
	return cursor_candidate(&cursor) ? &cursor : NULL;
}

struct yang_data *vrfleak_nb_conflict_winner(struct nb_cb_get_elem_args *args)
{
	const struct cursor *cursor = args->list_entry;
	const struct vrfleak_vrf *target = cursor->family->vrf;
	const struct vrfleak_vrf *winner = cursor_source(cursor);

	if (!winner && vrfleak_rib_installed(cursor_node(cursor)).native)
		winner = target;
	return winner ? yang_data_new_string(args->xpath, winner->name) : NULL;
}

struct yang_data *vrfleak_nb_conflict_reason(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_candidate *candidate =
		cursor_candidate(args->list_entry);

	return candidate ? yang_data_new_string(
				   args->xpath,
				   vrfleak_reason2str(candidate->reason))
			 : NULL;
}

struct yang_data *vrfleak_nb_conflict_age(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_candidate *candidate =
		cursor_candidate(args->list_entry);

	return candidate
		       ? yang_data_new_uint32(args->xpath,
					      monotime(NULL) - candidate->since)
		       : NULL;
}
