// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: leaked routes that come and go without end.
 *
 * A leaked route may undo what it depends on: the source's route resolves
 * through a route that zebra does not use any more once the leaked route is
 * there. Zebra resolves no next hop through a leaked route. Then the source's
 * route goes, the leaked route is withdrawn, the source's route comes back, and
 * so on, as fast as zebra can.
 *
 * If a prefix is withdrawn too often from a target, it is not installed there
 * for a minute. It becomes a conflict, not-accepted.
 *
 * Invariants:
 *  - Only a few thousand prefixes are counted. One that is withdrawn less than
 *    ten times a second is never held back.
 *  - A route that is installed and stays is not counted.
 */
#ifndef _VRFLEAK_LEAK_UNSTABLE_H
#define _VRFLEAK_LEAK_UNSTABLE_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

/*
 * Count a withdrawal of source's route from target. Logs the one that makes the
 * prefix unstable.
 */
extern void vrfleak_unstable_count(const struct vrfleak_vrf *source,
				   const struct vrfleak_vrf *target,
				   const struct prefix *prefix);

/* Whether the prefix must not be installed in target now. */
extern bool vrfleak_unstable(const struct vrfleak_vrf *target,
			     const struct prefix *prefix);

/* VRFs are about to be forgotten, and their indexes reused. */
extern void vrfleak_unstable_forget(void);

extern void vrfleak_unstable_init(struct vrfleak_event_loop *loop);
extern void vrfleak_unstable_finish(void);

#endif /* _VRFLEAK_LEAK_UNSTABLE_H */
