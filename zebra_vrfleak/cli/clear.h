// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the clear command.
 */
#ifndef _VRFLEAK_CLI_CLEAR_H
#define _VRFLEAK_CLI_CLEAR_H

extern void vrfleak_clear_init(void);

#endif /* _VRFLEAK_CLI_CLEAR_H */
