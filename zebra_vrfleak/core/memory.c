// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the memory group.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/memory.h"

DEFINE_MGROUP(VRFLEAK, "vrfleak");
