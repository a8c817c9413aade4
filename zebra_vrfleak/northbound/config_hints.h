// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hints at what a VRF's configuration probably does not mean to do.
 * None is an error: the other half may be configured next, or by another hand.
 */
#ifndef _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H
#define _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H

#include "zebra_vrfleak/rib/vrf.h"

/* Give each hint, one sentence without a full stop, to cb. */
extern void vrfleak_hints(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
			  void (*cb)(const char *text, void *arg), void *arg);

/* Those of all lines' route-maps alone, for the log. */
extern void vrfleak_hints_maps(void (*cb)(const char *text));

#endif /* _VRFLEAK_NORTHBOUND_CONFIG_HINTS_H */
