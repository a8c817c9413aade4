// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the decision, which source's route a target VRF takes for a prefix.
 *
 * The rules, in this order:
 *  1. While the target has an active native route, nothing is leaked there.
 *  2. A source that holds the prefix keeps it as long as it offers it.
 *  3. Among the sources that become possible in the same moment, the lowest
 *     rank wins.
 *  4. A route for which there is no room is not taken.
 *  5. Whoever offers the prefix and does not get it waits, with a reason; and
 *     so does one whose route zebra did not keep, until it is seen to keep it.
 *
 * Nothing is touched that need not change. When the holder goes, the next one
 * is put in before the old one is taken out.
 *
 * The RIB is reached only through struct vrfleak_rib_ops, so that the same code
 * runs on a model in the unit tests. VRFs are numbers; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_DECISION_H
#define _VRFLEAK_CORE_DECISION_H

#include "zebra_vrfleak/core/conflict_table.h"

/* What a target has for a prefix. */
struct vrfleak_installed {
	/* An active native route. */
	bool native;
	/* The source of the leaked route that is in use, or 0. */
	uint32_t source;
};

enum vrfleak_offer {
	/* No edge, no such route, or one that may not be leaked. */
	VRFLEAK_OFFER_NONE = 0,
	/* A route that may be leaked. */
	VRFLEAK_OFFER_ROUTE,
	/* The same, and the target already has exactly it. */
	VRFLEAK_OFFER_SAME,
	/* A route that may be leaked, if there were room for it. */
	VRFLEAK_OFFER_FULL,
};

struct vrfleak_rib_ops {
	struct vrfleak_installed (*installed)(uint32_t target,
					      const struct prefix *prefix,
					      void *arg);

	/* What source offers to target; sets rank unless there is no offer. */
	enum vrfleak_offer (*offer)(uint32_t source, uint32_t target,
				    const struct prefix *prefix, uint32_t *rank,
				    void *arg);

	/* Leak source's route, in place of source's older one if there is. */
	void (*install)(uint32_t source, uint32_t target,
			const struct prefix *prefix, void *arg);
	void (*withdraw)(uint32_t source, uint32_t target,
			 const struct prefix *prefix, void *arg);

	/*
	 * A refusal began or changed its reason (raised), or ended. winner is
	 * the source that holds the prefix (loser itself, if it has it now),
	 * target for a native route, or 0.
	 */
	void (*conflict)(uint32_t target, const struct prefix *prefix,
			 uint32_t winner, uint32_t loser,
			 enum vrfleak_reason reason, bool raised, void *arg);
};

struct vrfleak_decision_context {
	const struct vrfleak_rib_ops *ops;
	struct vrfleak_conflict_table *conflicts;
	/* Given to the functions of world. */
	void *arg;
	/* monotime() seconds, for those who begin to wait. */
	int64_t now;
};

/*
 * Decide about a prefix in target, after a change in the given sources (or in
 * target itself, with no sources).
 */
extern void vrfleak_decide(struct vrfleak_decision_context *context,
			   uint32_t target, const struct prefix *prefix,
			   const uint32_t *sources, uint32_t count);

/*
 * The same, after zebra did not keep the route that source had been given:
 * source waits until something changes in it, the next one is tried.
 */
extern void vrfleak_decide_rejected(struct vrfleak_decision_context *context,
				    uint32_t target,
				    const struct prefix *prefix,
				    uint32_t source);

/*
 * The operator wants the holder's route dropped: if another source waits, it
 * takes over and the holder waits. Returns false if there is nobody to.
 */
extern bool vrfleak_decide_clear(struct vrfleak_decision_context *context,
				 uint32_t target, const struct prefix *prefix);

#endif /* _VRFLEAK_CORE_DECISION_H */
