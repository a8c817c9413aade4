// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: route-maps in the configuration.
 *
 * FRR has no hook for changes of a route-map or of a list that it uses. At the
 * end of each commit, the northbound calls apply_finish of each YANG node that
 * the commit touched, and of the nodes that contain it. This file installs
 * apply_finish at the containers of all route-maps and of all lists. A function
 * that a container has already is called, too.
 */
#include <zebra.h>

#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/route_map.h"

#define ROUTE_MAPS_XPATH "/frr-route-map:lib"

typedef void (*finish_cb)(struct nb_cb_apply_finish_args *args);

static struct {
	const char *xpath;
	struct nb_node *node;
	/* The function that the node had before, or NULL. */
	finish_cb previous;
} containers[] = {
	{ROUTE_MAPS_XPATH},
	{"/frr-filter:lib"},
};

static void (*filters_changed)(void);

static void filters_finish(struct nb_cb_apply_finish_args *args)
{
	for (size_t i = 0; i < array_size(containers); i++)
		if (containers[i].previous &&
		    args->dnode->schema->priv == containers[i].node)
			containers[i].previous(args);
	filters_changed();
}

void vrfleak_nb_filters_listen(void (*changed)(void))
{
	for (size_t i = 0; i < array_size(containers); i++) {
		if (containers[i].node)
			containers[i].node->cbs.apply_finish =
				containers[i].previous;
		containers[i].node = NULL;
		if (!changed)
			continue;
		containers[i].node = nb_node_find(containers[i].xpath);
		if (!containers[i].node)
			continue;
		containers[i].previous = containers[i].node->cbs.apply_finish;
		containers[i].node->cbs.apply_finish = filters_finish;
	}
	filters_changed = changed;
}

uint32_t vrfleak_nb_version(void)
{
	return running_config->version;
}

struct entry_reader {
	const char *map;
	vrfleak_nb_ignored_cb cb;
	void *arg;
};

static int child_count(const struct lyd_node *dnode, void *arg)
{
	uint32_t *count = arg;

	(*count)++;
	return YANG_ITER_CONTINUE;
}

static void entry_read(const struct lyd_node *dnode,
		       const struct entry_reader *reader)
{
	uint32_t sequence = yang_dnode_get_uint16(dnode, "./sequence");
	uint32_t matches = 0, sets = 0, known_matches, known_sets;

	yang_dnode_iterate(child_count, &matches, dnode, "./match-condition");
	yang_dnode_iterate(child_count, &sets, dnode, "./set-action");
	if (vrfleak_route_map_clauses(reader->map, sequence, &known_matches,
				      &known_sets) &&
	    (known_matches < matches || known_sets < sets))
		reader->cb(sequence, matches - MIN(matches, known_matches),
			   sets - MIN(sets, known_sets), reader->arg);
}

/*
 * The route-map in the configuration, or NULL. An XPath cannot be used: a name
 * may be longer than libfrr's XPath buffers, or contain both kinds of quotes.
 */
static const struct lyd_node *map_find(const char *name)
{
	const struct lyd_node *maps =
		yang_dnode_get(running_config->dnode, ROUTE_MAPS_XPATH);
	const struct lyd_node *map;

	LY_LIST_FOR (lyd_child(maps), map)
		/* The key is the first child. */
		if (strmatch(map->schema->name, "route-map") &&
		    strmatch(lyd_get_value(lyd_child(map)), name))
			return map;
	return NULL;
}

void vrfleak_nb_ignored(const char *map, vrfleak_nb_ignored_cb cb, void *arg)
{
	struct entry_reader reader = {map, cb, arg};
	const struct lyd_node *dnode, *entry;

	dnode = vrfleak_route_map_exists(map) ? map_find(map) : NULL;
	LY_LIST_FOR (lyd_child(dnode), entry)
		if (strmatch(entry->schema->name, "entry"))
			entry_read(entry, &reader);
}
