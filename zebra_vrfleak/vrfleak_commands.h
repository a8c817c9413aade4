// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the commands, as text, for the daemon and for vtysh.
 *
 * vtysh parses every command itself before it sends it to a daemon, so each
 * command exists twice: with a function in the daemon (config_cli.c,
 * clear.c, show.c, debug.c), and without one in vtysh
 * (vrfleak_vtysh.c). Both take the text from here, and vrfleak_command_lists.h
 * says in which nodes a command lives.
 *
 * Invariants:
 *  - One line of help for each token; FRR aborts where the two disagree.
 *  - Plain DEFUN text: "[no] ..." covers the negative form, "<ip|ipv6>" the
 *    address family.
 *  - What is in none of the lists does not exist for vtysh.
 *
 * Include command.h, json.h and vrf.h first: the words that FRR uses
 * everywhere keep FRR's help texts.
 */
#ifndef _VRFLEAK_COMMANDS_H
#define _VRFLEAK_COMMANDS_H

#define VRFLEAK_LEAK_STR "Routes leaked between VRFs by tags\n"
#define VRFLEAK_TAG_STR "Tag, as ASN:nn or A.B.C.D:nn\n"
#define VRFLEAK_MAP_STR                                                        \
	"Only the routes that a route-map permits\n"                           \
	"Name of the route-map; one that does not exist denies everything\n"

#define VRFLEAK_FROM_STR                                                       \
	VRF_CMD_HELP_STR                                                       \
	"Begin with this VRF, in order of name; for the next page of a list\n" \
	"VRF name; the VRF need not exist\n"

#define VRFLEAK_AFTER_STR                                                      \
	"Begin after this prefix in the named VRF\n"                           \
	"IPv4 prefix that the last page ended with\n"                          \
	"IPv6 prefix that the last page ended with\n"

/* Configuration: in `vrf NAME`, and at the global level for the default VRF. */
#define VRFLEAK_CMD_EXPORT                                                     \
	"[no] <ip|ipv6> route-export TAG [route-map RMAP_NAME]"
#define VRFLEAK_HELP_EXPORT                                                               \
	NO_STR IP_STR IPV6_STR                                                            \
		"Offer this VRF's routes to the VRFs that import a tag\n" VRFLEAK_TAG_STR \
			VRFLEAK_MAP_STR

#define VRFLEAK_CMD_IMPORT                                                     \
	"[no] <ip|ipv6> route-import TAG [route-map RMAP_NAME] [maximum-prefix (1-4294967295) [threshold (1-100)] [warning-only]]"
#define VRFLEAK_HELP_IMPORT                                                       \
	NO_STR IP_STR IPV6_STR                                                    \
		"Take the routes of the VRFs that export a tag\n" VRFLEAK_TAG_STR \
			VRFLEAK_MAP_STR                                           \
		"Take no more than a number of routes\n"                          \
		"How many\n"                                                      \
		"Warn when a part of them is reached\n"                           \
		"In per cent; 75 if not given\n"                                  \
		"Take more than the number, with a warning\n"

/* State. */
#define VRFLEAK_CMD_SHOW                                                       \
	"show <ip|ipv6> route-leak [<vrf NAME|from-vrf VRF_NAME>] [json]"
#define VRFLEAK_HELP_SHOW                                                      \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR VRFLEAK_FROM_STR JSON_STR

#define VRFLEAK_CMD_SHOW_ROUTES                                                \
	"show <ip|ipv6> route-leak routes [<vrf NAME|from-vrf VRF_NAME> [after <A.B.C.D/M|X:X::X:X/M>]] [json]"
#define VRFLEAK_HELP_SHOW_ROUTES                                               \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                              \
		"Each leaked route, and where it came from\n" VRFLEAK_FROM_STR \
			VRFLEAK_AFTER_STR JSON_STR

#define VRFLEAK_CMD_SHOW_CONFLICTS                                             \
	"show <ip|ipv6> route-leak conflicts [<vrf NAME|from-vrf VRF_NAME> [after <A.B.C.D/M|X:X::X:X/M>]] [json]"
#define VRFLEAK_HELP_SHOW_CONFLICTS                                                  \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                    \
		"Routes that were refused, and what they lost to\n" VRFLEAK_FROM_STR \
			VRFLEAK_AFTER_STR JSON_STR

#define VRFLEAK_CMD_SHOW_EXPLAIN                                               \
	"show <ip|ipv6> route-leak explain vrf NAME <A.B.C.D/M|X:X::X:X/M> [json]"
#define VRFLEAK_HELP_SHOW_EXPLAIN                                                                 \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                                 \
		"For each source, why a prefix is leaked to a VRF, or why not\n" VRF_CMD_HELP_STR \
		"IPv4 prefix\n"                                                                   \
		"IPv6 prefix\n" JSON_STR

#define VRFLEAK_CMD_WHATIF                                                     \
	"show <ip|ipv6> route-leak what-if vrf NAME <import|export> TAG [route-map RMAP_NAME] [json]"
#define VRFLEAK_HELP_WHATIF                                                       \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                 \
		"Count what a line would do, if it were there\n" VRF_CMD_HELP_STR \
		"If the VRF imported a tag\n"                                     \
		"If the VRF exported a tag\n" VRFLEAK_TAG_STR VRFLEAK_MAP_STR     \
			JSON_STR

#define VRFLEAK_CMD_TOPOLOGY "show route-leak topology [<dot|json>]"
#define VRFLEAK_HELP_TOPOLOGY                                                  \
	SHOW_STR VRFLEAK_LEAK_STR                                              \
		"Who leaks to whom, and how many routes\n"                     \
		"For Graphviz\n" JSON_STR

#define VRFLEAK_CMD_STATISTICS "show route-leak statistics [json]"
#define VRFLEAK_HELP_STATISTICS                                                \
	SHOW_STR VRFLEAK_LEAK_STR                                              \
		"What the module has to do, and how long it held zebra\n" JSON_STR

/* Intervention. */
#define VRFLEAK_CMD_CLEAR                                                      \
	"clear <ip|ipv6> route-leak [vrf NAME] [<A.B.C.D/M|X:X::X:X/M>]"
#define VRFLEAK_HELP_CLEAR                                                     \
	CLEAR_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR VRF_CMD_HELP_STR            \
		"IPv4 prefix whose winner is to make room for the next one\n"  \
		"IPv6 prefix whose winner is to make room for the next one\n"

#define VRFLEAK_CMD_DEBUG "[no] debug zebra route-leak [<events|routes|config>]"
#define VRFLEAK_HELP_DEBUG                                                     \
	NO_STR DEBUG_STR "Zebra configuration\n" VRFLEAK_LEAK_STR              \
			 "What was noticed, and the work it led to\n"          \
			 "Each leaked route that comes or goes, and why\n"     \
			 "Changes of the configuration\n"

#include "zebra_vrfleak/vrfleak_command_lists.h"

#endif /* _VRFLEAK_COMMANDS_H */
