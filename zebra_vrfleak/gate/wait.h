// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: waits until the daemon has its configuration, which says where it
 * logs.
 */
#ifndef _VRFLEAK_GATE_WAIT_H
#define _VRFLEAK_GATE_WAIT_H

/*
 * Have the event loop call cb once: some seconds after the end of the
 * configuration that vtysh sends, or after a minute without it.
 */
extern void vrfleak_wait_config(void *loop, void (*cb)(void));

/* vtysh begins, or ends, to send the configuration. */
extern void vrfleak_wait_config_begin(void);
extern void vrfleak_wait_config_end(void);

#endif /* _VRFLEAK_GATE_WAIT_H */
