// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the module's memory group, as 'show memory' lists it. Each file
 * defines the memory types that it uses.
 */
#ifndef _VRFLEAK_CORE_MEMORY_H
#define _VRFLEAK_CORE_MEMORY_H

#include "lib/memory.h"

DECLARE_MGROUP(VRFLEAK);

#endif /* _VRFLEAK_CORE_MEMORY_H */
