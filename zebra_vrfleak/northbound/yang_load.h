// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: loads the YANG model into a running daemon.
 */
#ifndef _VRFLEAK_NORTHBOUND_YANG_LOAD_H
#define _VRFLEAK_NORTHBOUND_YANG_LOAD_H

#include "lib/yang.h"

/* Generated from yang/frr-vrfleak.yang by the build. */
extern struct yang_module_embed vrfleak_yang_embed;

/*
 * Load the model and attach the callbacks. Call this once, after the daemon has
 * forked and before it reads its configuration.
 */
extern void vrfleak_yang_load(const struct frr_yang_module_info *info);

/* Detach what vrfleak_yang_load() attached. */
extern void vrfleak_yang_unload(void);

#endif /* _VRFLEAK_NORTHBOUND_YANG_LOAD_H */
