// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the debug commands, see the header.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"
#include "zebra/debug.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/cli/debug_commands.h"
#include "zebra_vrfleak/vrfleak_commands.h"

static const char *const names[] = {"events", "routes", "config"};
static struct debug *const debugs[] = {
	&vrfleak_debug_events,
	&vrfleak_debug_routes,
	&vrfleak_debug_config,
};

DEFUN(vrfleak_debug, vrfleak_debug_cmd, VRFLEAK_CMD_DEBUG, VRFLEAK_HELP_DEBUG)
{
	uint32_t mode = DEBUG_NODE2MODE(vty->node);
	bool on = strcmp(argv[0]->text, "no") != 0;
	const char *last = argv[argc - 1]->text;
	bool all = !strcmp(last, "route-leak");

	for (size_t i = 0; i < array_size(debugs); i++)
		if (all || !strcmp(last, names[i]))
			DEBUG_MODE_SET(debugs[i], mode, on);
	return CMD_SUCCESS;
}

int vrfleak_debug_config_write(struct vty *vty)
{
	int written = 0;

	if (VRFLEAK_DEBUG_BY_LIBFRR)
		return 0;
	for (size_t i = 0; i < array_size(debugs); i++) {
		if (!DEBUG_MODE_CHECK(debugs[i], DEBUG_MODE_CONF))
			continue;
		vty_out(vty, "debug zebra route-leak %s\n", names[i]);
		written++;
	}
	return written;
}

static int show_debugging(struct vty *vty)
{
	for (size_t i = 0; i < array_size(debugs); i++)
		if (DEBUG_MODE_CHECK(debugs[i], DEBUG_MODE_ALL))
			vty_out(vty, "  Zebra route leak %s debugging is on\n",
				names[i]);
	return 0;
}

void vrfleak_debug_init(void)
{
	VRFLEAK_COMMANDS_DEBUG(VRFLEAK_INSTALL)
	if (!VRFLEAK_DEBUG_BY_LIBFRR)
		hook_register(zebra_debug_show_debugging, show_debugging);
	vrfleak_debug_install(debugs, array_size(debugs));
}

void vrfleak_debug_finish(void)
{
	hook_unregister(zebra_debug_show_debugging, show_debugging);
}
