// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the cmd_nodes of the commands of vrfleak_commands.h.
 */
#ifndef _VRFLEAK_COMMAND_LISTS_H
#define _VRFLEAK_COMMAND_LISTS_H

/*
 * X(name, TEXT, NODE) stands for the command VRFLEAK_CMD_<TEXT>, installed in
 * the cmd_node NODE as <name>_cmd. FRR installs the commands of VIEW_NODE in
 * ENABLE_NODE, too.
 */
#define VRFLEAK_COMMANDS_CONFIG(X)                                             \
	X(vrfleak_export, EXPORT, CONFIG_NODE)                                 \
	X(vrfleak_export, EXPORT, VRF_NODE)                                    \
	X(vrfleak_import, IMPORT, CONFIG_NODE)                                 \
	X(vrfleak_import, IMPORT, VRF_NODE)                                    \
	X(vrfleak_preempt, PREEMPT, CONFIG_NODE)                               \
	X(vrfleak_preempt, PREEMPT, VRF_NODE)                                  \
	X(vrfleak_hold_down, HOLD_DOWN, CONFIG_NODE)                           \
	X(vrfleak_hold_down, HOLD_DOWN, VRF_NODE)                              \
	X(vrfleak_no_hold_down, NO_HOLD_DOWN, CONFIG_NODE)                     \
	X(vrfleak_no_hold_down, NO_HOLD_DOWN, VRF_NODE)                        \
	X(vrfleak_isolation, ISOLATION, CONFIG_NODE)

#define VRFLEAK_COMMANDS_CLEAR(X) X(vrfleak_clear, CLEAR, ENABLE_NODE)

#define VRFLEAK_COMMANDS_SHOW(X)                                               \
	X(vrfleak_show, SHOW, VIEW_NODE)                                       \
	X(vrfleak_show_routes, SHOW_ROUTES, VIEW_NODE)                         \
	X(vrfleak_show_conflicts, SHOW_CONFLICTS, VIEW_NODE)

#define VRFLEAK_COMMANDS_EXPLAIN(X)                                            \
	X(vrfleak_show_explain, SHOW_EXPLAIN, VIEW_NODE)

#define VRFLEAK_COMMANDS_WHATIF(X) X(vrfleak_whatif, WHATIF, VIEW_NODE)

#define VRFLEAK_COMMANDS_TOPOLOGY(X) X(vrfleak_topology, TOPOLOGY, VIEW_NODE)

#define VRFLEAK_COMMANDS_STATISTICS(X)                                         \
	X(vrfleak_statistics, STATISTICS, VIEW_NODE)

#define VRFLEAK_COMMANDS_DEBUG(X)                                              \
	X(vrfleak_debug, DEBUG, ENABLE_NODE)                                   \
	X(vrfleak_debug, DEBUG, CONFIG_NODE)

/* All but the configuration commands: those are in mgmtd since FRR 10. */
#define VRFLEAK_COMMANDS_ZEBRA(X)                                              \
	VRFLEAK_COMMANDS_CLEAR(X)                                              \
	VRFLEAK_COMMANDS_SHOW(X)                                               \
	VRFLEAK_COMMANDS_EXPLAIN(X)                                            \
	VRFLEAK_COMMANDS_WHATIF(X)                                             \
	VRFLEAK_COMMANDS_TOPOLOGY(X)                                           \
	VRFLEAK_COMMANDS_STATISTICS(X)                                         \
	VRFLEAK_COMMANDS_DEBUG(X)

/* To install a list of commands: VRFLEAK_COMMANDS_...(VRFLEAK_INSTALL) */
#define VRFLEAK_INSTALL(name, text, node) install_element(node, &name##_cmd);

#endif /* _VRFLEAK_COMMAND_LISTS_H */
