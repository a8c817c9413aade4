// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the flags of debug output, see the header.
 */
#include <zebra.h>

#include "lib/command.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/debug.h"

struct debug vrfleak_debug_events = VRFLEAK_DEBUG_INIT("events");
struct debug vrfleak_debug_routes = VRFLEAK_DEBUG_INIT("routes");
struct debug vrfleak_debug_config = VRFLEAK_DEBUG_INIT("config");
