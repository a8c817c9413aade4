// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the commands for vtysh.
 *
 * vtysh has only the commands that FRR was built with. This library is preloaded
 * into vtysh and defines vty_init_vtysh(), an empty function of libfrr. vtysh
 * calls it once, at the end of its initialisation, when all cmd_nodes exist:
 *
 *   vtysh-vrfleak (wrapper) --LD_PRELOAD--> vtysh
 *                                             main() -> vty_init_vtysh(), here
 *                          "ip route-export 1:1" -> the daemon that configures
 *
 * Invariants:
 *  - The commands are those of vrfleak_commands.h and have no function: vtysh
 *    parses and completes them, shows their help, and sends them to the daemon.
 *  - The library's constructors use no symbol of libfrr. zebra's headers must not
 *    be included: some of them define such constructors.
 *  - Programs that vtysh starts (a pager, ping, a shell) do not inherit the
 *    library.
 *
 * Refuses another FRR version than it was built for, with one line: the
 * structures may differ. vtysh then works without the commands.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/module.h"
#include "lib/vrf.h"
#include "lib/vty.h"

#include "zebra_vrfleak/base/compat_mgmtd.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/* The daemons' bits of vtysh/vtysh.h, which FRR does not install. */
#define VTYSH_ZEBRA 0x00001
#define VTYSH_MGMTD 0x200000

/*
 * Without libfrr the library loads and does nothing: the vtysh that the wrapper
 * found may be a script of the operator.
 */
#pragma weak frrmod_list
#pragma weak _install_element

/* The wrapper saves the user's LD_PRELOAD in this variable. */
#define USER_PRELOAD "VRFLEAK_USER_LD_PRELOAD"

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

/*
 * Runs before main(): vtysh must not preload this library into the programs
 * that it starts. A program without libfrr may be a site's own script that
 * starts vtysh, and that vtysh needs the commands.
 */
static void __attribute__((constructor)) preload_restore(void)
{
	const char *user = getenv(USER_PRELOAD);

	if (!&frrmod_list)
		return;
	if (user && *user)
		setenv("LD_PRELOAD", user, 1);
	else
		unsetenv("LD_PRELOAD");
	unsetenv(USER_PRELOAD);
}

void vty_init_vtysh(void)
{
	const char *running = frrmod_list->info->version;

	if (strcmp(running, VRFLEAK_FRR_VERSION) != 0) {
		fprintf(stderr,
			"vtysh_vrfleak: built for FRR %s, but this is FRR %s; the route-leak commands are not available. Build the module against the installed FRR version.\n",
			VRFLEAK_FRR_VERSION, running);
		return;
	}

	for (size_t i = 0; i < array_size(commands); i++)
		_install_element(commands[i].node, &commands[i].element);
}
