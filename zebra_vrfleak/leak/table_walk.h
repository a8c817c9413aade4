// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: walks of whole tables, done in slices.
 *
 *   walk    offers all routes of a source to a target
 *   sweep   looks at all that was leaked to a target, and at all that waits
 *   room    looks at what waits in a target until an import line had room
 *   audit   finds changes for which zebra called no hook: routes leaked to a
 *           target that zebra no longer uses or their source no longer has,
 *           and conflicts of which either route no longer exists
 *
 * Sweeps come first, so that what may no longer be leaked goes first; walks of
 * a target come in the order of its sources' ranks, so that the one that should
 * win comes first.
 */
#ifndef _VRFLEAK_LEAK_TABLE_WALK_H
#define _VRFLEAK_LEAK_TABLE_WALK_H

#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_budget;

extern void vrfleak_walk_init(void);
extern void vrfleak_walk_finish(void);

/* Walk from source to target, which is an edge of the policy. */
extern void vrfleak_walk_import(const struct vrfleak_vrf *source,
				const struct vrfleak_vrf *target,
				enum vrfleak_af af);
extern void vrfleak_walk_revalidate(const struct vrfleak_vrf *target,
				    enum vrfleak_af af);

/* Ask those that wait in a target until there was room for them. */
extern void vrfleak_walk_headroom(const struct vrfleak_vrf *target,
				  enum vrfleak_af af);

/* Look whether anything that matters in a target went without a word. */
extern void vrfleak_walk_resync(const struct vrfleak_vrf *target,
				enum vrfleak_af af);

/* Sweep a target, and walk to it from all its sources. */
extern void vrfleak_walk_target(const struct vrfleak_vrf *target,
				enum vrfleak_af af);

/* The same, and walk from the VRF to all its targets; both families. */
extern void vrfleak_walk_vrf(const struct vrfleak_vrf *vrf);

/* Go on with the walks for a slice; whether there are any. */
extern bool vrfleak_walk_run(struct vrfleak_budget *budget);

/* How many walks are waiting or under way. */
extern size_t vrfleak_walk_count(void);

/* Put what is left to walk in the order of a new policy. */
extern void vrfleak_walk_rerank(void);

/* The sources of which a walk to target is; see vrfleak_walk_queue_sources().
 */
extern uint32_t vrfleak_walk_sources(const struct vrfleak_vrf *target,
				     enum vrfleak_af af, uint32_t *sources,
				     uint32_t size);

#endif /* _VRFLEAK_LEAK_TABLE_WALK_H */
