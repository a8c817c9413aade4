// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the configuration commands, and the running configuration.
 */
#ifndef _VRFLEAK_CLI_CONFIG_CLI_H
#define _VRFLEAK_CLI_CONFIG_CLI_H

/* Install the configuration commands. */
extern void vrfleak_cli_init(void);

/* Have zebra write its part of the running configuration. */
extern void vrfleak_config_write_init(void);

#endif /* _VRFLEAK_CLI_CONFIG_CLI_H */
