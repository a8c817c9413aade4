// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: installs the configuration commands and the show commands.
 */
#ifndef _VRFLEAK_CLI_CONFIG_CLI_H
#define _VRFLEAK_CLI_CONFIG_CLI_H

#include "lib/command.h"

/* The configuration commands. */
extern void vrfleak_cli_init(void);

/* The show commands. */
extern void vrfleak_show_init(void);
extern void vrfleak_show_explain_init(void);
extern void vrfleak_topology_init(void);
extern void vrfleak_whatif_init(void);
extern void vrfleak_statistics_init(void);

#endif /* _VRFLEAK_CLI_CONFIG_CLI_H */
