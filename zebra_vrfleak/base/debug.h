// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: debug output, switched by 'debug zebra route-leak'.
 *
 *   events   input: changed prefixes and VRFs, table walks
 *   routes   output: routes leaked, withdrawn, refused
 *   config   changes of the policy
 */
#ifndef _VRFLEAK_BASE_DEBUG_H
#define _VRFLEAK_BASE_DEBUG_H

#include "lib/debug.h"
#include "lib/vty.h"

extern struct debug vrfleak_debug_events;
extern struct debug vrfleak_debug_routes;
extern struct debug vrfleak_debug_config;

#define VRFLEAK_DEBUG(kind, fmt, ...)                                          \
	do {                                                                   \
		if (DEBUG_MODE_CHECK(&vrfleak_debug_##kind, DEBUG_MODE_ALL))   \
			zlog_debug("route-leak: " fmt, ##__VA_ARGS__);         \
	} while (0)

#endif /* _VRFLEAK_BASE_DEBUG_H */
