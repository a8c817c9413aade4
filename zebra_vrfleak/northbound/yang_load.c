// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: loads the YANG model into a running daemon.
 *
 * FRR creates the northbound nodes of all its models when it starts and has no
 * function to add some later. Those of this model are created here, as
 * nb_nodes_create() in lib/northbound.c does. They are detached and freed
 * before libfrr ends: it would free them with its own memory type.
 *
 * The model must not import, augment or refer to another model: libyang would
 * compile that model again, and its northbound nodes would be lost.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/yang_load.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_NB_NODE, "Route leak northbound node");

static struct yang_module *schema_module;

static int state_find(const struct lysc_node *snode, void *arg)
{
	bool *config_only = arg;

	if (!CHECK_FLAG(snode->flags, LYS_CONFIG_R))
		return YANG_ITER_CONTINUE;
	*config_only = false;
	return YANG_ITER_STOP;
}

static bool snode_is_config_only(const struct lysc_node *snode)
{
	bool config_only = true;

	yang_snodes_iterate_subtree(snode, NULL, state_find, 0, &config_only);
	return config_only;
}

static int node_attach(const struct lysc_node *snode, void *arg)
{
	const struct frr_yang_module_info *info = arg;
	struct lysc_node *parent = yang_snode_real_parent(snode);
	struct lysc_node *list = yang_snode_parent_list(snode);
	struct nb_node *node;

	node = XCALLOC(MTYPE_VRFLEAK_NB_NODE, sizeof(*node));
	yang_snode_get_path(snode, YANG_PATH_DATA, node->xpath,
			    sizeof(node->xpath));
	node->priority = NB_DFLT_PRIORITY;
	node->parent = parent ? parent->priv : NULL;
	node->parent_list = list ? list->priv : NULL;
	if (CHECK_FLAG(snode->nodetype, LYS_CONTAINER | LYS_LIST) &&
	    snode_is_config_only(snode))
		SET_FLAG(node->flags, F_NB_NODE_CONFIG_ONLY);
	vrfleak_nb_node_flags(node, info);
	node->snode = snode;
	((struct lysc_node *)snode)->priv = node;
	return YANG_ITER_CONTINUE;
}

static int node_detach(const struct lysc_node *snode, void *arg)
{
	struct nb_node *node = snode->priv;

	((struct lysc_node *)snode)->priv = NULL;
	XFREE(MTYPE_VRFLEAK_NB_NODE, node);
	return YANG_ITER_CONTINUE;
}

void vrfleak_yang_load(const struct frr_yang_module_info *info)
{
	schema_module = vrfleak_yang_module_load(info->name);
	yang_snodes_iterate(schema_module->info, node_attach, 0, (void *)info);

	for (size_t i = 0; info->nodes[i].xpath; i++) {
		struct nb_node *node = nb_node_find(info->nodes[i].xpath);

		assert(node);
		node->cbs = info->nodes[i].cbs;
	}
}

void vrfleak_yang_unload(void)
{
	if (!schema_module)
		return;
	yang_snodes_iterate(schema_module->info, node_detach, 0, NULL);
	schema_module = NULL;
}
