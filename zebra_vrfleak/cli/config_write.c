// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra's part of the running configuration.
 *
 * Since FRR 10 mgmtd writes the export and import statements, and zebra writes
 * only the debug commands.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/northbound_cli.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/cli/debug_commands.h"
#include "zebra_vrfleak/northbound/nb.h"

/* A cmd_node for the running configuration, one past those of FRR. */
#define VRFLEAK_NODE (NODE_TYPE_MAX + 1)

static int config_write(struct vty *vty)
{
	const struct lyd_node *dnode = NULL;
	int written = vrfleak_debug_config_write(vty);

	if (!VRFLEAK_HAVE_MGMTD)
		dnode = yang_dnode_get(running_config->dnode, VRFLEAK_XPATH);
	if (!dnode)
		return written;
	nb_cli_show_dnode_cmds(vty, dnode, false);
	return written + 1;
}

static struct cmd_node vrfleak_node = {
	.name = "route-leak",
	.node = VRFLEAK_NODE,
	.prompt = "",
	.config_write = config_write,
};

void vrfleak_config_write_init(void)
{
	install_node(&vrfleak_node);
}
