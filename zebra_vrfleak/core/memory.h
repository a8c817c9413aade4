// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the memory group that 'show memory' lists the module under. Types
 * are defined in the files that use them.
 */
#ifndef _VRFLEAK_CORE_MEMORY_H
#define _VRFLEAK_CORE_MEMORY_H

#include "lib/memory.h"

DECLARE_MGROUP(VRFLEAK);

#endif /* _VRFLEAK_CORE_MEMORY_H */
