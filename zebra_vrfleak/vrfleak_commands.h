// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the texts of the commands, for the daemons and for vtysh.
 *
 * vtysh parses each command before it sends the command to a daemon. Therefore
 * each command exists twice: with a function in the daemon (cli/), and without
 * one in vtysh (vrfleak_vtysh.c). Both use the texts of this file.
 * vrfleak_command_lists.h lists the cmd_nodes of each command.
 *
 * Invariants:
 *  - Each token has one line of help; otherwise FRR aborts.
 *  - Plain DEFUN text: "[no] ..." covers the negative form, "<ip|ipv6>" the
 *    address family.
 *  - vtysh has only the commands of the lists.
 *
 * Include command.h, json.h and vrf.h first: common tokens have FRR's help
 * texts.
 */
#ifndef _VRFLEAK_COMMANDS_H
#define _VRFLEAK_COMMANDS_H

#define VRFLEAK_LEAK_STR "Routes leaked between VRFs by tags\n"
#define VRFLEAK_TAG_STR "Tag, as ASN:nn or A.B.C.D:nn\n"
#define VRFLEAK_SOURCE_STR                                                     \
	"Import a VRF by its name, without a tag\n"                            \
	"Name of the source VRF, which need not exist\n"
#define VRFLEAK_MAP_STR                                                        \
	"Accept only routes that a route-map permits\n"                           \
	"Route-map name; a route-map that does not exist denies everything\n"

#define VRFLEAK_FROM_STR                                                       \
	VRF_CMD_HELP_STR                                                       \
	"Begin with this VRF, in order of names; for the next page of a list\n" \
	"VRF name; the VRF need not exist\n"

#define VRFLEAK_AFTER_STR                                                      \
	"Begin after this prefix of the named VRF\n"                           \
	"Last IPv4 prefix of the previous page\n"                          \
	"Last IPv6 prefix of the previous page\n"

#define VRFLEAK_DISTANCE_STR                                                   \
	"Distance of the imported routes, compared with that of native ones\n" \
	"Native routes of a higher distance are the backup; default 254\n"

/* Configuration: in `vrf NAME`, and at the global level for the default VRF. */
#define VRFLEAK_CMD_EXPORT                                                     \
	"[no] <ip|ipv6> route-export TAG [route-map RMAP_NAME]"
#define VRFLEAK_HELP_EXPORT                                                               \
	NO_STR IP_STR IPV6_STR                                                            \
		"Export this VRF's routes to the VRFs that import a tag\n" VRFLEAK_TAG_STR \
			VRFLEAK_MAP_STR

#define VRFLEAK_CMD_IMPORT                                                     \
	"[no] <ip|ipv6> route-import <TAG|vrf VRF_NAME> [route-map RMAP_NAME] [distance (1-254)] [maximum-prefix (1-4294967295) [threshold (1-100)] [warning-only]]"
#define VRFLEAK_HELP_IMPORT                                                                      \
	NO_STR IP_STR IPV6_STR                                                                   \
		"Import the routes of the VRFs that export a tag, or of a VRF\n" VRFLEAK_TAG_STR \
			VRFLEAK_SOURCE_STR VRFLEAK_MAP_STR VRFLEAK_DISTANCE_STR                  \
		"Limit the number of imported routes\n"                                          \
		"Maximum number of routes\n"                                                     \
		"Log a warning when a part of the maximum is reached\n"                          \
		"Percentage of the maximum, default 75\n"                                        \
		"Import more routes than the maximum, with a warning\n"

#define VRFLEAK_CMD_PREEMPT "[no] <ip|ipv6> route-leak preempt"
#define VRFLEAK_HELP_PREEMPT                                                   \
	NO_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                \
		"Let a source of an earlier import take over from a later one\n"

#define VRFLEAK_HOLD_DOWN_STR                                                  \
	VRFLEAK_LEAK_STR                                                       \
	"Do not leak a route to this VRF while its source often loses it\n"    \
	"Seconds that the source must not have lost the route\n"

#define VRFLEAK_CMD_HOLD_DOWN "<ip|ipv6> route-leak hold-down (1-3600)"
#define VRFLEAK_HELP_HOLD_DOWN IP_STR IPV6_STR VRFLEAK_HOLD_DOWN_STR

#define VRFLEAK_CMD_NO_HOLD_DOWN "no <ip|ipv6> route-leak hold-down [(1-3600)]"
#define VRFLEAK_HELP_NO_HOLD_DOWN NO_STR IP_STR IPV6_STR VRFLEAK_HOLD_DOWN_STR

/* Only at the global level. */
#define VRFLEAK_CMD_ISOLATION "[no] <ip|ipv6> vrf-isolation"
#define VRFLEAK_HELP_ISOLATION                                                 \
	NO_STR IP_STR IPV6_STR                                                 \
		"Refuse traffic that matches no route in its VRF, by a policy rule\n"

/* State. */
#define VRFLEAK_CMD_SHOW                                                       \
	"show <ip|ipv6> route-leak [<vrf NAME|from-vrf VRF_NAME>] [json]"
#define VRFLEAK_HELP_SHOW                                                      \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR VRFLEAK_FROM_STR JSON_STR

#define VRFLEAK_CMD_SHOW_ROUTES                                                \
	"show <ip|ipv6> route-leak routes [<vrf NAME|from-vrf VRF_NAME> [after <A.B.C.D/M|X:X::X:X/M>]] [json]"
#define VRFLEAK_HELP_SHOW_ROUTES                                               \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                              \
		"Leaked routes and their sources\n" VRFLEAK_FROM_STR \
			VRFLEAK_AFTER_STR JSON_STR

#define VRFLEAK_CMD_SHOW_CONFLICTS                                             \
	"show <ip|ipv6> route-leak conflicts [<vrf NAME|from-vrf VRF_NAME> [after <A.B.C.D/M|X:X::X:X/M>]] [json]"
#define VRFLEAK_HELP_SHOW_CONFLICTS                                                  \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                    \
		"Refused routes, with the reason and the winner\n" VRFLEAK_FROM_STR \
			VRFLEAK_AFTER_STR JSON_STR

#define VRFLEAK_CMD_SHOW_EXPLAIN                                               \
	"show <ip|ipv6> route-leak explain vrf NAME <A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M> [json]"
#define VRFLEAK_HELP_SHOW_EXPLAIN                                                                 \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                                 \
		"For each source, why a prefix is leaked to a VRF, or why not\n" VRF_CMD_HELP_STR \
		"IPv4 address; its longest matching prefix is explained\n"                        \
		"IPv4 prefix\n"                                                                   \
		"IPv6 address; its longest matching prefix is explained\n"                        \
		"IPv6 prefix\n" JSON_STR

#define VRFLEAK_CMD_WHATIF                                                     \
	"show <ip|ipv6> route-leak what-if vrf NAME <import <TAG|vrf VRF_NAME> [route-map RMAP_NAME] [distance (1-254)]|export TAG [route-map RMAP_NAME]> [json]"
#define VRFLEAK_HELP_WHATIF                                                       \
	SHOW_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR                                 \
		"Count the routes that a statement would leak\n" VRF_CMD_HELP_STR \
		"If the VRF imported a tag, or a VRF\n" VRFLEAK_TAG_STR           \
			VRFLEAK_SOURCE_STR VRFLEAK_MAP_STR VRFLEAK_DISTANCE_STR   \
		"If the VRF exported a tag\n" VRFLEAK_TAG_STR VRFLEAK_MAP_STR     \
			JSON_STR

#define VRFLEAK_CMD_TOPOLOGY "show route-leak topology [<dot|json>]"
#define VRFLEAK_HELP_TOPOLOGY                                                  \
	SHOW_STR VRFLEAK_LEAK_STR                                              \
		"Which VRF leaks to which, and how many routes\n"                     \
		"Graphviz output\n" JSON_STR

#define VRFLEAK_CMD_STATISTICS "show route-leak statistics [json]"
#define VRFLEAK_HELP_STATISTICS                                                \
	SHOW_STR VRFLEAK_LEAK_STR                                              \
		"Work in progress, and time on zebra's main thread\n" JSON_STR

/* Intervention. */
#define VRFLEAK_CMD_CLEAR                                                      \
	"clear <ip|ipv6> route-leak [vrf NAME] [<A.B.C.D/M|X:X::X:X/M>]"
#define VRFLEAK_HELP_CLEAR                                                     \
	CLEAR_STR IP_STR IPV6_STR VRFLEAK_LEAK_STR VRF_CMD_HELP_STR            \
		"IPv4 prefix to give to the next candidate\n"  \
		"IPv6 prefix to give to the next candidate\n"

#define VRFLEAK_CMD_DEBUG "[no] debug zebra route-leak [<events|routes|config>]"
#define VRFLEAK_HELP_DEBUG                                                     \
	NO_STR DEBUG_STR "Zebra configuration\n" VRFLEAK_LEAK_STR              \
			 "Events, and the work that they start\n"          \
			 "Installed and deleted routes, with the reason\n"     \
			 "Configuration changes\n"

#include "zebra_vrfleak/vrfleak_command_lists.h"

#endif /* _VRFLEAK_COMMANDS_H */
