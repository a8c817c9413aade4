// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: bringing the YANG model into a daemon that already runs.
 */
#ifndef _VRFLEAK_NORTHBOUND_YANG_LOAD_H
#define _VRFLEAK_NORTHBOUND_YANG_LOAD_H

#include "lib/yang.h"

/* Made from yang/frr-vrfleak.yang by the build. */
extern struct yang_module_embed vrfleak_yang_embed;

/*
 * Load the model and attach the callbacks. After the daemon has forked, before
 * it reads its configuration; once.
 */
extern void vrfleak_yang_load(const struct frr_yang_module_info *info);

/* Detach what vrfleak_yang_load() attached. */
extern void vrfleak_yang_unload(void);

#endif /* _VRFLEAK_NORTHBOUND_YANG_LOAD_H */
