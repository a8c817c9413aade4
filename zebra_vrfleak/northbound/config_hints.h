// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hints at likely mistakes in a VRF's configuration. They are no
 * errors: the missing part may be configured later.
 */
#ifndef _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H
#define _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H

#include "zebra_vrfleak/rib/vrf.h"

/* Give each hint, one sentence without a full stop, to cb. */
extern void vrfleak_hints(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
			  void (*cb)(const char *text, void *arg), void *arg);

/* Why 'ip vrf-isolation' has no effect, if it is configured and has none. */
extern void vrfleak_hints_isolation(enum vrfleak_af af,
				    void (*cb)(const char *text, void *arg),
				    void *arg);

/* Only the hints about route-maps, of all VRFs, for the log. */
extern void vrfleak_hints_maps(void (*cb)(const char *text));

#endif /* _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H */
