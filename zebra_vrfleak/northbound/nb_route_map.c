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

#include "lib/routemap.h"
#include "lib/vty.h"

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
