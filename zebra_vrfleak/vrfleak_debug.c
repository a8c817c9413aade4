// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: debug output.
 *
 * As everywhere in FRR, 'debug' in configuration mode is written to the
 * configuration, and elsewhere lasts until zebra ends.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"
#include "zebra/debug.h"

#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/vrfleak_debug.h"

struct debug vrfleak_debug_events = {0, "Route leak events"};
struct debug vrfleak_debug_routes = {0, "Route leak routes"};
struct debug vrfleak_debug_config = {0, "Route leak configuration"};

static const struct {
	const char *name;
	struct debug *debug;
} kinds[] = {
	{"events", &vrfleak_debug_events},
	{"routes", &vrfleak_debug_routes},
	{"config", &vrfleak_debug_config},
};

DEFUN (vrfleak_debug,
       vrfleak_debug_cmd,
       VRFLEAK_CMD_DEBUG,
       VRFLEAK_HELP_DEBUG)
{
	uint32_t mode = DEBUG_NODE2MODE(vty->node);
	bool on = strcmp(argv[0]->text, "no") != 0;
	const char *last = argv[argc - 1]->text;
	bool all = !strcmp(last, "route-leak");

	for (size_t i = 0; i < array_size(kinds); i++)
		if (all || !strcmp(last, kinds[i].name))
			DEBUG_MODE_SET(kinds[i].debug, mode, on);
	return CMD_SUCCESS;
}

int vrfleak_debug_config_write(struct vty *vty)
{
	int written = 0;

	for (size_t i = 0; i < array_size(kinds); i++) {
		if (!DEBUG_MODE_CHECK(kinds[i].debug, DEBUG_MODE_CONF))
			continue;
		vty_out(vty, "debug zebra route-leak %s\n", kinds[i].name);
		written++;
	}
	return written;
}

static int show_debugging(struct vty *vty)
{
	for (size_t i = 0; i < array_size(kinds); i++)
		if (DEBUG_MODE_CHECK(kinds[i].debug, DEBUG_MODE_ALL))
			vty_out(vty, "  Zebra route leak %s debugging is on\n",
				kinds[i].name);
	return 0;
}

static void debug_set_all(uint32_t flags, bool set)
{
	for (size_t i = 0; i < array_size(kinds); i++)
		DEBUG_FLAGS_SET(kinds[i].debug, flags, set);
}

static struct debug_callbacks debug_callbacks = {
	.debug_set_all = debug_set_all,
};

void vrfleak_debug_init(void)
{
	VRFLEAK_COMMANDS_DEBUG(VRFLEAK_INSTALL)
	hook_register(zebra_debug_show_debugging, show_debugging);
	debug_init(&debug_callbacks);
}

void vrfleak_debug_finish(void)
{
	hook_unregister(zebra_debug_show_debugging, show_debugging);
}
