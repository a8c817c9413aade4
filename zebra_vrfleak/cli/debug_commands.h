// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: 'debug zebra route-leak' and what shows and stores it.
 *
 * As everywhere in FRR, 'debug' in configuration mode is written to the
 * configuration. Elsewhere it lasts until zebra ends.
 */
#ifndef _VRFLEAK_CLI_DEBUG_COMMANDS_H
#define _VRFLEAK_CLI_DEBUG_COMMANDS_H

#include "lib/vty.h"

/* Install the commands, and what prints them in the configuration. */
extern void vrfleak_debug_init(void);
extern void vrfleak_debug_finish(void);

/* Print the commands that are on, for the configuration; returns how many. */
extern int vrfleak_debug_config_write(struct vty *vty);

#endif /* _VRFLEAK_CLI_DEBUG_COMMANDS_H */
