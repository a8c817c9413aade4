// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: bringing the YANG model into a daemon that already runs.
 */
#ifndef _VRFLEAK_SCHEMA_H
#define _VRFLEAK_SCHEMA_H

#include "lib/yang.h"

/* Made from yang/frr-vrfleak.yang by the build. */
extern struct yang_module_embed vrfleak_yang_embed;

/*
 * Load the model and attach the callbacks. After the daemon has forked, before
 * it reads its configuration; once.
 */
extern void vrfleak_schema_load(const struct frr_yang_module_info *info);

/* Detach what vrfleak_schema_load() attached. */
extern void vrfleak_schema_unload(void);

#endif /* _VRFLEAK_SCHEMA_H */
