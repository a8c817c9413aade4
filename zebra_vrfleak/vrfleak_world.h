// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it; see vrfleak_decide.h.
 */
#ifndef _VRFLEAK_WORLD_H
#define _VRFLEAK_WORLD_H

#include "zebra_vrfleak/vrfleak_decide.h"

/*
 * What a decision needs, with contests as those who wait. Valid until the next
 * call; the caller keeps contests.
 */
extern struct vrfleak_court *
vrfleak_world_court(struct vrfleak_contests_head *contests);

#endif /* _VRFLEAK_WORLD_H */
