// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the commands while no build is loaded.
 *
 * They accept any further words: the daemon that answers knows none of the
 * arguments, and vtysh may know them all.
 */
#include <zebra.h>

#include "zebra_vrfleak/gate/inert_commands.h"

/* The gate for vtysh must load into a program without libfrr, too. */
#pragma weak _install_element

/* The same in all FRR versions. */
_Static_assert(VIEW_NODE == 1 && ENABLE_NODE == 3, "node_type");
_Static_assert(CMD_SUCCESS == 0 && CMD_WARNING == 1, "status of a command");
_Static_assert(offsetof(struct cmd_element, daemon) == 2 * sizeof(void *) &&
		       offsetof(struct cmd_element, func) ==
			       2 * sizeof(void *) + 2 * sizeof(int) &&
		       offsetof(struct cmd_element, xref) ==
			       4 * sizeof(void *) + 2 * sizeof(int),
	       "cmd_element");

#define LEAK_STR "Route leaking between VRFs\n"
#define ANY_STR "Arguments of the command\n"
#define SHOW_HELP SHOW_STR IP_STR IPV6_STR LEAK_STR

static struct cmd_element show = {
	.string = "show <ip|ipv6> route-leak",
	.doc = SHOW_HELP,
	.name = "vrfleak_inert_show_cmd",
};

static struct cmd_element show_any = {
	.string = "show <ip|ipv6> route-leak LINE...",
	.doc = SHOW_HELP ANY_STR,
	.name = "vrfleak_inert_show_any_cmd",
};

static struct cmd_element show_json = {
	.string =
		"show <ip|ipv6> route-leak [<routes|conflicts>] [vrf NAME] json",
	.doc = SHOW_HELP
	"Leaked routes\n"
	"Refused routes\n"
	"Specify the VRF\n"
	"The VRF name\n"
	"JavaScript Object Notation\n",
	.name = "vrfleak_inert_show_json_cmd",
};

static struct cmd_element show_global = {
	.string = "show route-leak LINE...",
	.doc = SHOW_STR LEAK_STR ANY_STR,
	.name = "vrfleak_inert_show_global_cmd",
};

static struct cmd_element clear_any = {
	.string = "clear <ip|ipv6> route-leak LINE...",
	.doc = CLEAR_STR IP_STR IPV6_STR LEAK_STR ANY_STR,
	.name = "vrfleak_inert_clear_cmd",
};

static void install(enum node_type node, struct cmd_element *element,
		    int daemon, vrfleak_inert_fn *func)
{
	element->daemon = daemon;
	element->func = func;
	_install_element(node, element);
}

void vrfleak_inert_commands_install(int daemon, vrfleak_inert_fn *text,
				    vrfleak_inert_fn *json,
				    vrfleak_inert_fn *clear)
{
	install(VIEW_NODE, &show, daemon, text);
	install(VIEW_NODE, &show_any, daemon, text);
	install(VIEW_NODE, &show_json, daemon, json);
	install(VIEW_NODE, &show_global, daemon, text);
	install(ENABLE_NODE, &clear_any, daemon, clear);
}
