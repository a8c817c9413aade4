// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the memory group that 'show memory' lists the module under. Types
 * are defined in the files that use them.
 */
#ifndef _VRFLEAK_MEMORY_H
#define _VRFLEAK_MEMORY_H

#include "memory.h"

DECLARE_MGROUP(VRFLEAK);

#endif /* _VRFLEAK_MEMORY_H */
