// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: vtysh_vrfleak.so of a build, which the gate in vtysh opens.
 *
 * It installs the commands of vrfleak_commands.h. They have no function: vtysh
 * parses and completes them, shows their help, and sends them to the daemon.
 *
 * zebra's headers must not be included: some of them define constructors that
 * need zebra.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"
#include "lib/vty.h"

#include "zebra_vrfleak/base/compat_mgmtd.h"
#include "zebra_vrfleak/gate/build.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/* The daemons' bits of vtysh/vtysh.h, which FRR does not install. */
#define VTYSH_ZEBRA 0x00001
#define VTYSH_MGMTD 0x200000

struct vtysh_command {
	enum node_type node;
	struct cmd_element element;
};

#define VTYSH_COMMAND(cmdname, text, cmdnode, to)                              \
	{                                                                      \
		.node = cmdnode,                                               \
		.element =                                                     \
			{                                                      \
				.string = VRFLEAK_CMD_##text,                  \
				.doc = VRFLEAK_HELP_##text,                    \
				.daemon = to,                                  \
				.name = #cmdname "_cmd",                       \
			},                                                     \
	},

#define CONFIG_COMMAND(name, text, node)                                       \
	VTYSH_COMMAND(name, text, node,                                        \
		      VRFLEAK_HAVE_MGMTD ? VTYSH_MGMTD : VTYSH_ZEBRA)
#define ZEBRA_COMMAND(name, text, node)                                        \
	VTYSH_COMMAND(name, text, node, VTYSH_ZEBRA)

static const struct vtysh_command commands[] = {VRFLEAK_COMMANDS_CONFIG(
	CONFIG_COMMAND) VRFLEAK_COMMANDS_ZEBRA(ZEBRA_COMMAND)};

extern vrfleak_build_vtysh_fn vrfleak_build_vtysh;

/* Called at the end of vtysh's initialisation. */
void vrfleak_build_vtysh(void)
{
	for (size_t i = 0; i < array_size(commands); i++)
		_install_element(commands[i].node, &commands[i].element);
}
