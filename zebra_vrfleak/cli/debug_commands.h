// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: 'debug zebra route-leak', in 'show debugging' and in the
 * configuration, too.
 *
 * As everywhere in FRR, 'debug' in configuration mode is written to the
 * configuration. Elsewhere it lasts until zebra ends.
 */
#ifndef _VRFLEAK_CLI_DEBUG_COMMANDS_H
#define _VRFLEAK_CLI_DEBUG_COMMANDS_H

#include "lib/vty.h"

/* Install the commands and the hook of 'show debugging'. */
extern void vrfleak_debug_init(void);
extern void vrfleak_debug_finish(void);

/* Print the active debug commands of the configuration; returns how many. */
extern int vrfleak_debug_config_write(struct vty *vty);

#endif /* _VRFLEAK_CLI_DEBUG_COMMANDS_H */
