// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the decision, which source's route is installed in a target VRF for
 * a prefix.
 *
 * The rules, in order of precedence:
 *  1. While the target has an active native route whose distance is not higher
 *     than that of an offer, the offer is not installed. By default this holds
 *     for every native route.
 *  2. The owner of the prefix keeps it as long as it offers it. If the target
 *     preempts, an eligible source of a lower rank takes over.
 *  3. If several sources become eligible at the same time, the one with the
 *     lowest rank wins.
 *  4. A route that exceeds the limit of its import statement is not installed.
 *     Neither is one that is held down.
 *  5. A source that offers the prefix but does not own it is a candidate, with
 *     a reason. So is a source whose route zebra did not keep, until zebra is
 *     seen to keep it, or to keep another source's route.
 *  6. A native route of a higher distance than the owner's is the backup. The
 *     target itself is then a candidate.
 *
 * Invariants:
 *  - A route that need not change is not reinstalled.
 *  - The new owner's route is installed before the old one is withdrawn.
 *  - The RIB is accessed only through struct vrfleak_rib_ops, so that the unit
 *    tests can run the same code on a model.
 *
 * A VRF is identified by its index; 0 is no VRF.
 */
#ifndef _VRFLEAK_CORE_DECISION_H
#define _VRFLEAK_CORE_DECISION_H

#include "zebra_vrfleak/core/conflict_table.h"

/* What a target has for a prefix. */
struct vrfleak_installed {
	/* An active native route, and the lowest distance of all of them. */
	bool native;
	uint8_t native_distance;
	/* The owner: the source of the leaked route in use, or 0. */
	uint32_t source;
};

enum vrfleak_offer {
	/* No source-target pair, no route, or one that is never leaked. */
	VRFLEAK_OFFER_NONE = 0,
	/* A route that may be leaked. */
	VRFLEAK_OFFER_ROUTE,
	/* The same, and it is already installed unchanged in the target. */
	VRFLEAK_OFFER_SAME,
	/* A route that may be leaked, but the limit is reached. */
	VRFLEAK_OFFER_FULL,
	/* Only in the decision: the target's native route wins. */
	VRFLEAK_OFFER_NATIVE,
	/* A route that may be leaked, but is held down. */
	VRFLEAK_OFFER_HELD_DOWN,
};

/* How a source's route competes in a target. */
struct vrfleak_preference {
	/* Among sources: the lowest wins. */
	uint32_t rank;
	/* With the target's native route. */
	uint8_t distance;
};

/* Whether the native route wins over a leaked one of this distance. */
static inline bool
vrfleak_native_wins(const struct vrfleak_installed *installed, uint8_t distance)
{
	return installed->native && installed->native_distance <= distance;
}

struct vrfleak_rib_ops {
	struct vrfleak_installed (*installed)(uint32_t target,
					      const struct prefix *prefix,
					      void *arg);

	/* What source offers target. Sets preference unless OFFER_NONE. */
	enum vrfleak_offer (*offer)(uint32_t source, uint32_t target,
				    const struct prefix *prefix,
				    struct vrfleak_preference *preference,
				    void *arg);

	/*
	 * Install source's route, in place of its older one if any. Returns
	 * false if it could not be handed to zebra; then it counts as not kept.
	 */
	bool (*install)(uint32_t source, uint32_t target,
			const struct prefix *prefix, void *arg);
	void (*withdraw)(uint32_t source, uint32_t target,
			 const struct prefix *prefix, void *arg);

	/*
	 * A candidate was added or its reason changed (raised), or it was
	 * removed. loser is the candidate, target for a native route. winner is
	 * the owner of the prefix (which may be loser by now), target for a
	 * native route, or 0.
	 */
	void (*conflict)(uint32_t target, const struct prefix *prefix,
			 uint32_t winner, uint32_t loser,
			 enum vrfleak_reason reason, bool raised, void *arg);
};

struct vrfleak_decision_context {
	const struct vrfleak_rib_ops *ops;
	struct vrfleak_conflict_table *conflicts;
	/* Passed to the functions of ops. */
	void *arg;
	/* monotime() seconds, for new candidates. */
	int64_t now;
	/* No source offers a route of a lower distance to the target. */
	uint8_t distance_min;
	/* The target preempts. */
	bool preempt;
	/* Used by the decision: what the target had when it began. */
	struct vrfleak_installed installed;
};

/*
 * Decide about a prefix of target after it changed in some sources. With no
 * sources, it changed in target itself.
 */
extern void vrfleak_decide(struct vrfleak_decision_context *context,
			   uint32_t target, const struct prefix *prefix,
			   const uint32_t *sources, uint32_t count);

/*
 * The same after zebra did not keep a route that rejected has not changed
 * since: rejected, which must not be one of sources, becomes a candidate until
 * its route changes, and the next candidate is tried.
 */
extern void vrfleak_decide_rejected(struct vrfleak_decision_context *context,
				    uint32_t target,
				    const struct prefix *prefix,
				    uint32_t rejected, const uint32_t *sources,
				    uint32_t count);

/*
 * Replace the owner on the operator's request: the best other candidate becomes
 * the owner, and the old owner a candidate. If the target preempts, it has the
 * best source already, unless zebra did not keep the route of a better one:
 * that one is tried again. Returns false, and changes nothing, if there is no
 * other candidate.
 */
extern bool vrfleak_decide_clear(struct vrfleak_decision_context *context,
				 uint32_t target, const struct prefix *prefix);

#endif /* _VRFLEAK_CORE_DECISION_H */
