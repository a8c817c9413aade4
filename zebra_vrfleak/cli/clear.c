// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the clear command, which calls the RPC of the YANG model, and
 * zebra's part of the running configuration.
 *
 * Since FRR 10 mgmtd writes the export and import statements, and zebra writes
 * only the debug commands.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/northbound_cli.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/cli/clear.h"
#include "zebra_vrfleak/cli/debug_commands.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/* A cmd_node for the running configuration, one past those of FRR. */
#define VRFLEAK_NODE (NODE_TYPE_MAX + 1)

DEFUN_YANG(vrfleak_clear, vrfleak_clear_cmd, VRFLEAK_CMD_CLEAR,
	   VRFLEAK_HELP_CLEAR)
{
	const char *family = strcmp(argv[1]->text, "ip") ? "ipv6" : "ipv4";
	const char *name = NULL, *prefix = NULL;
	char wrong[256] = "the YANG model refuses the arguments";
	int idx = 0;

	if (argv_find(argv, argc, "NAME", &idx))
		name = argv[idx]->arg;
	if (argv_find(argv, argc, "A.B.C.D/M", &idx) ||
	    argv_find(argv, argc, "X:X::X:X/M", &idx))
		prefix = argv[idx]->arg;

	if (vrfleak_rpc_call(VRFLEAK_XPATH_CLEAR,
			     (const char *[]){"family", "vrf", "prefix"},
			     (const char *[]){family, name, prefix}, 3, wrong,
			     sizeof(wrong)))
		return CMD_SUCCESS;
	vty_out(vty, "%% %s\n", wrong);
	return CMD_WARNING;
}

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

void vrfleak_clear_init(void)
{
	install_node(&vrfleak_node);
	VRFLEAK_COMMANDS_CLEAR(VRFLEAK_INSTALL)
}
