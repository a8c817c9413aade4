// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the commands while no build is loaded. They give the reason.
 *
 * A vtysh without its build has them, too, and sends them to zebra.
 */
#ifndef _VRFLEAK_GATE_INERT_COMMANDS_H
#define _VRFLEAK_GATE_INERT_COMMANDS_H

#include "lib/command.h"

typedef int vrfleak_inert_fn(const struct cmd_element *element, struct vty *vty,
			     int argc, struct cmd_token *argv[]);

/*
 * Install the commands, with the functions that run them: text for those that
 * print text, json for those that end with json, and clear. In vtysh they are
 * NULL, and daemon is the bit of zebra.
 */
extern void vrfleak_inert_commands_install(int daemon, vrfleak_inert_fn *text,
					   vrfleak_inert_fn *json,
					   vrfleak_inert_fn *clear);

#endif /* _VRFLEAK_GATE_INERT_COMMANDS_H */
