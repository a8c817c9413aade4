// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the world, as the decision sees it; see vrfleak_decide.h.
 */
#ifndef _VRFLEAK_WORLD_H
#define _VRFLEAK_WORLD_H

#include "zebra_vrfleak/vrfleak_decide.h"
#include "zebra_vrfleak/vrfleak_vrf.h"

extern void vrfleak_world_init(void);
extern void vrfleak_world_finish(void);

/*
 * What a decision needs, with contests as those who wait. Valid until the next
 * call; the caller keeps contests.
 */
extern struct vrfleak_court *
vrfleak_world_court(struct vrfleak_contests *contests);

/* Whether nobody can take the prefix from who has it in target. */
extern bool vrfleak_world_keeps(const struct vrfleak_vrf *target,
				const struct prefix *prefix);

/* Whether what is leaked to target is counted: for the next one. */
extern bool vrfleak_world_counts(const struct vrfleak_vrf *target,
				 enum vrfleak_af af);

/*
 * A prefix of target has been decided: count it for the import line that
 * source's route came by, if that has a limit. 0: nothing is leaked there.
 */
extern void vrfleak_world_settled(const struct vrfleak_vrf *target,
				  const struct prefix *prefix, uint32_t source);

/* How many routes came by an import line that has a limit. */
extern uint32_t vrfleak_world_charged(const struct vrfleak_vrf *target,
				      enum vrfleak_af af,
				      const struct vrfleak_line *line);

/* Whether an import line that has a limit has room. */
extern bool vrfleak_world_has_room(const struct vrfleak_vrf *target,
				   enum vrfleak_af af);

/* The target's routes have gone with it. */
extern void vrfleak_world_forget(const struct vrfleak_vrf *target);

#endif /* _VRFLEAK_WORLD_H */
