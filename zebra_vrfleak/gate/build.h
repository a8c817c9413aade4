// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a build of the module, for one FRR version.
 *
 *   MODULES/zebra_vrfleak.so                 gate, loaded by 'zebra -M vrfleak'
 *   MODULES/vrfleak/10.3/zebra_vrfleak.so    build, opened by the gate
 *
 * MODULES is where the gate itself was loaded from.
 */
#ifndef _VRFLEAK_GATE_BUILD_H
#define _VRFLEAK_GATE_BUILD_H

#include <stddef.h>

/*
 * What a build for a daemon defines besides frr_module: why it cannot work in
 * this process, or NULL. Most structures have no known size before the daemon
 * has initialised, so the gate asks twice: before it initialises the build, and
 * at frr_late_init. The text is valid until the next call.
 */
#define VRFLEAK_BUILD_REFUSAL "vrfleak_build_refusal"
typedef const char *vrfleak_build_refusal_fn(void);

/*
 * What a build for a daemon may define: called once, when the daemon has its
 * configuration.
 */
#define VRFLEAK_BUILD_CONFIGURED "vrfleak_build_configured"
typedef void vrfleak_build_configured_fn(void);

/* What the build for vtysh defines: it installs the commands. */
#define VRFLEAK_BUILD_VTYSH "vrfleak_build_vtysh"
typedef void vrfleak_build_vtysh_fn(void);

/*
 * Open a build's library for the FRR version. Returns its handle, which is
 * never closed, or NULL and the reason.
 */
extern void *vrfleak_build_open(const char *version, const char *library,
				char *reason, size_t size);

#endif /* _VRFLEAK_GATE_BUILD_H */
