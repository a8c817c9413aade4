// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the commands for vtysh.
 *
 * vtysh knows the commands that FRR was built with and no others. This
 * library is preloaded into it and defines vty_init_vtysh(), an empty function
 * of libfrr that vtysh calls once, last in its set-up, when all nodes are
 * there:
 *
 *   vtysh-vrfleak (wrapper) --LD_PRELOAD--> vtysh
 *                                             main() -> vty_init_vtysh(), here
 *                          "ip route-export 1:1" -> the daemon that configures
 *
 * Invariants:
 *  - The commands are those of vrfleak_commands.h and have no function: vtysh
 *    parses, completes and helps, and sends the line to the daemon.
 *  - Its constructors need no symbol of libfrr's. zebra's headers must not be
 *    included: they bring some that do.
 *  - The library stays in the process that it was preloaded into: what vtysh
 *    starts (a pager, ping, a shell) does not inherit it.
 *
 * Refuses an FRR of another version than it was built for, with one line:
 * the structures may differ. vtysh then works without the commands.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/module.h"
#include "lib/vrf.h"
#include "lib/vty.h"

#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/base/compat_mgmtd.h"

/* vtysh's bits; vtysh/vtysh.h is not among FRR's public headers. */
#define VTYSH_ZEBRA 0x00001
#define VTYSH_MGMTD 0x200000

/*
 * Where there is no libfrr, the library still loads, and does nothing: the
 * wrapper may have found a vtysh that is the site's own script.
 */
#pragma weak frrmod_list
#pragma weak _install_element

/* The wrapper keeps the user's own LD_PRELOAD in this one. */
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
			"vtysh_vrfleak: built for FRR %s, this is %s: no route-leak commands\n",
			VRFLEAK_FRR_VERSION, running);
		return;
	}

	for (size_t i = 0; i < array_size(commands); i++)
		_install_element(commands[i].node, &commands[i].element);
}
