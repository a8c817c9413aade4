// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: route-maps in the configuration.
 *
 * FRR has no hook for changes of a route-map or of a list that it uses. This
 * file wraps two callbacks of their YANG nodes:
 *
 *   apply_finish  at the end of a commit, for each route-map, list and entry of
 *                 which it has changed something
 *   destroy       for each that is deleted
 *
 * The callback that a node has already is called, too.
 */
#include <zebra.h>

#include "lib/routemap.h"
#include "lib/vty.h"

#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/route_map.h"

#define ROUTE_MAPS_XPATH "/frr-route-map:lib"

static struct filter_node {
	const char *xpath;
	/* It is an entry of a prefix list. */
	bool is_entry;
	struct nb_node *node;
	/* The callbacks that the node had before, or NULL. */
	void (*finish)(struct nb_cb_apply_finish_args *args);
	int (*destroy)(struct nb_cb_destroy_args *args);
} filter_nodes[] = {
	{ROUTE_MAPS_XPATH "/route-map"},
	{"/frr-filter:lib/access-list"},
	{"/frr-filter:lib/prefix-list"},
	{"/frr-filter:lib/prefix-list/entry", .is_entry = true},
};

static vrfleak_nb_filter_cb filter_changed;

static const struct filter_node *filter_node_find(const struct lyd_node *dnode)
{
	for (size_t i = 0; i < array_size(filter_nodes); i++)
		if (filter_nodes[i].node == dnode->schema->priv)
			return &filter_nodes[i];
	return NULL;
}

/* The value of a child of a data node, or NULL. */
static const char *child_value(const struct lyd_node *dnode, const char *name)
{
	const struct lyd_node *child;

	LY_LIST_FOR (lyd_child(dnode), child)
		if (strmatch(child->schema->name, name))
			return lyd_get_value(child);
	return NULL;
}

/* The prefix of a list's entry. Returns false for 'any'. */
static bool entry_prefix(const struct lyd_node *entry, struct prefix *prefix)
{
	const char *value = child_value(entry, "ipv4-prefix");

	if (!value)
		value = child_value(entry, "ipv6-prefix");
	if (!value || !str2prefix(value, prefix))
		return false;
	apply_mask(prefix);
	return true;
}

static void filter_notify(const struct filter_node *node,
			  const struct lyd_node *dnode)
{
	const char *name;
	struct prefix prefix;

	if (node->is_entry) {
		if (entry_prefix(dnode, &prefix))
			filter_changed(NULL, &prefix);
		return;
	}
	name = child_value(dnode, "name");
	if (name)
		filter_changed(name, NULL);
}

static void filter_finish(struct nb_cb_apply_finish_args *args)
{
	const struct filter_node *node = filter_node_find(args->dnode);

	if (node->finish)
		node->finish(args);
	filter_notify(node, args->dnode);
}

static int filter_destroy(struct nb_cb_destroy_args *args)
{
	const struct filter_node *node = filter_node_find(args->dnode);

	/* The data node may not outlive the callback. */
	if (args->event == NB_EV_APPLY)
		filter_notify(node, args->dnode);
	return node->destroy(args);
}

static void filter_node_wrap(struct filter_node *node)
{
	node->node = nb_node_find(node->xpath);
	if (!node->node)
		return;
	node->finish = node->node->cbs.apply_finish;
	node->destroy = node->node->cbs.destroy;
	node->node->cbs.apply_finish = filter_finish;
	if (node->destroy)
		node->node->cbs.destroy = filter_destroy;
}

static void filter_node_unwrap(struct filter_node *node)
{
	if (!node->node)
		return;
	node->node->cbs.apply_finish = node->finish;
	node->node->cbs.destroy = node->destroy;
	node->node = NULL;
}

void vrfleak_nb_filters_listen(vrfleak_nb_filter_cb changed)
{
	for (size_t i = 0; i < array_size(filter_nodes); i++) {
		filter_node_unwrap(&filter_nodes[i]);
		if (changed)
			filter_node_wrap(&filter_nodes[i]);
	}
	filter_changed = changed;
}

uint32_t vrfleak_nb_version(void)
{
	return running_config->version;
}

static bool rules_have(const struct route_map_rule_list *rules,
		       const char *name)
{
	const struct route_map_rule *rule;

	for (rule = rules->head; rule; rule = rule->next)
		if (strmatch(rule->cmd->str, name))
			return true;
	return false;
}

/*
 * Whether a clause has no rule. libfrr's callbacks note in the context which
 * rule they have made of it; none, if zebra has no hook for the clause.
 */
static bool clause_ignored(const struct lyd_node *clause, bool is_match)
{
	const struct routemap_hook_context *context =
		nb_running_get_entry_non_rec(clause, NULL, false);

	if (!context || !context->rhc_rule)
		return true;
	return is_match ? !rules_have(&context->rhc_rmi->match_list,
				      context->rhc_rule)
			: !rules_have(&context->rhc_rmi->set_list,
				      context->rhc_rule);
}

/*
 * A clause as 'show running-config' prints it, but without blanks around it.
 * The caller frees it (free(), not XFREE()). Returns NULL if that fails.
 */
static char *clause_text(const struct lyd_node *clause, bool is_match)
{
	struct vty vty = {.type = VTY_SHELL};
	char *text = NULL, *end;
	size_t size = 0;

	vty.of = open_memstream(&text, &size);
	if (!vty.of)
		return NULL;
	if (is_match)
		route_map_condition_show(&vty, clause, false);
	else
		route_map_action_show(&vty, clause, false);
	if (fclose(vty.of)) {
		free(text);
		return NULL;
	}
	end = text + size;
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	memmove(text, text + strspn(text, " "),
		end + 1 - text - strspn(text, " "));
	return text;
}

static void entry_read(const struct lyd_node *entry, vrfleak_nb_ignored_cb cb,
		       void *arg)
{
	uint32_t sequence = yang_dnode_get_uint16(entry, "./sequence");
	const struct lyd_node *clause;
	bool is_match;
	char *text;

	LY_LIST_FOR (lyd_child(entry), clause) {
		is_match = strmatch(clause->schema->name, "match-condition");
		if (!is_match && !strmatch(clause->schema->name, "set-action"))
			continue;
		if (!clause_ignored(clause, is_match))
			continue;
		text = clause_text(clause, is_match);
		if (text)
			cb(sequence, text, arg);
		free(text);
	}
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
	const struct lyd_node *dnode, *entry;

	dnode = vrfleak_route_map_exists(map) ? map_find(map) : NULL;
	LY_LIST_FOR (lyd_child(dnode), entry)
		if (strmatch(entry->schema->name, "entry"))
			entry_read(entry, cb, arg);
}
