// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the decision, see the header.
 *
 * A call costs time in proportion to the number of changed sources. Only when
 * the prefix has no owner, the offers of its candidates are evaluated again.
 * No other source can offer the prefix, because each source that offers it is
 * its owner or a candidate.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/decision.h"

/* The best offer so far. */
struct choice {
	uint32_t source;
	uint32_t rank;
	enum vrfleak_offer offer;
};

/* What target has for the prefix. Called once, when a decision begins. */
static struct vrfleak_installed
installed_get(struct vrfleak_decision_context *context, uint32_t target,
	      const struct prefix *prefix)
{
	context->installed =
		context->ops->installed(target, prefix, context->arg);
	return context->installed;
}

static enum vrfleak_offer offer_get(struct vrfleak_decision_context *context,
				    uint32_t source, uint32_t target,
				    const struct prefix *prefix, uint32_t *rank)
{
	struct vrfleak_preference preference;
	enum vrfleak_offer offer = context->ops->offer(
		source, target, prefix, &preference, context->arg);

	if (offer == VRFLEAK_OFFER_NONE)
		return VRFLEAK_OFFER_NONE;
	*rank = preference.rank;
	return vrfleak_native_wins(&context->installed, preference.distance)
		       ? VRFLEAK_OFFER_NATIVE
		       : offer;
}

static bool offer_is_eligible(enum vrfleak_offer offer)
{
	return offer == VRFLEAK_OFFER_ROUTE || offer == VRFLEAK_OFFER_SAME;
}

/* The VRF whose route is in use: target for a native route, or 0. */
static uint32_t winner_get(const struct vrfleak_decision_context *context,
			   uint32_t target, uint32_t source)
{
	return source ? source : context->installed.native ? target : 0;
}

static void conflict_begin(struct vrfleak_decision_context *context,
			   uint32_t target, const struct prefix *prefix,
			   uint32_t source, uint32_t winner,
			   enum vrfleak_reason reason)
{
	if (vrfleak_conflict_raise(context->conflicts, target, prefix, source,
				   reason, context->now))
		context->ops->conflict(target, prefix, winner, source, reason,
				       true, context->arg);
}

static const struct vrfleak_candidate *
candidate_find(struct vrfleak_decision_context *context, uint32_t target,
	       const struct prefix *prefix, uint32_t source)
{
	return vrfleak_conflict_candidate(
		vrfleak_conflict_find(context->conflicts, target, prefix),
		source);
}

static void conflict_end(struct vrfleak_decision_context *context,
			 uint32_t target, const struct prefix *prefix,
			 uint32_t source, uint32_t winner)
{
	const struct vrfleak_candidate *candidate =
		candidate_find(context, target, prefix, source);
	enum vrfleak_reason reason;

	if (!candidate)
		return;

	reason = candidate->reason;
	vrfleak_conflict_end(context->conflicts, target, prefix, source);
	context->ops->conflict(target, prefix, winner, source, reason, false,
			       context->arg);
}

/*
 * While another source's route is being installed, or if the target preempts, a
 * source whose route zebra did not keep retains that reason, and is tried next.
 * Returns whether source is such a source. An owner never is, because zebra
 * keeps its route.
 */
static bool candidate_waits(struct vrfleak_decision_context *context,
			    uint32_t target, const struct prefix *prefix,
			    uint32_t source, uint32_t winner)
{
	const struct vrfleak_candidate *candidate;

	if (winner == 0 || winner == target ||
	    source == context->installed.source)
		return false;
	/* It must not replace an accepted route again and again. */
	if (winner == context->installed.source && !context->preempt)
		return false;
	candidate = candidate_find(context, target, prefix, source);
	if (!candidate || candidate->reason != VRFLEAK_NOT_ACCEPTED)
		return false;
	vrfleak_conflict_set_next(context->conflicts, target, prefix, source,
				  true);
	return true;
}

/*
 * Why an offer is refused: reason, unless the prefix has no owner, and the
 * native route, the limit or the hold-down is in the way.
 */
static enum vrfleak_reason refusal(enum vrfleak_offer offer, uint32_t winner,
				   uint32_t target, enum vrfleak_reason reason)
{
	if (winner != 0 && winner != target)
		return reason;
	if (offer == VRFLEAK_OFFER_NATIVE)
		return VRFLEAK_NATIVE;
	if (offer == VRFLEAK_OFFER_FULL && reason == VRFLEAK_OTHER_SOURCE)
		return VRFLEAK_FULL;
	if (offer == VRFLEAK_OFFER_HELD_DOWN && reason == VRFLEAK_OTHER_SOURCE)
		return VRFLEAK_HELD_DOWN;
	return reason;
}

/* Make the changed sources candidates if they offer the prefix. */
static void changed_refuse(struct vrfleak_decision_context *context,
			   uint32_t target, const struct prefix *prefix,
			   const uint32_t *sources, uint32_t count,
			   uint32_t winner, enum vrfleak_reason reason)
{
	enum vrfleak_offer offer;
	uint32_t rank;

	for (uint32_t i = 0; i < count; i++) {
		if (sources[i] == winner || sources[i] == target)
			continue;
		offer = offer_get(context, sources[i], target, prefix, &rank);
		if (offer == VRFLEAK_OFFER_NONE)
			conflict_end(context, target, prefix, sources[i],
				     winner);
		else if (!candidate_waits(context, target, prefix, sources[i],
					  winner))
			conflict_begin(context, target, prefix, sources[i],
				       winner,
				       refusal(offer, winner, target, reason));
	}
}

/*
 * Whether a candidate may be chosen. If all rejected ones could, they would be
 * tried in turn for ever. One that is next may, but not in place of an owner
 * that zebra has accepted (except).
 */
static bool candidate_eligible(const struct vrfleak_candidate *candidate,
			       uint32_t except)
{
	if (candidate->source == except)
		return false;
	return candidate->reason != VRFLEAK_NOT_ACCEPTED ||
	       (candidate->is_next && !except);
}

/*
 * Update the candidates' reason for a new winner. Rejected ones keep theirs
 * until the winner owns the prefix.
 */
static void candidates_update(struct vrfleak_decision_context *context,
			      uint32_t target, const struct prefix *prefix,
			      uint32_t winner, enum vrfleak_reason reason)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);

	if (!conflict)
		return;

	for (uint16_t i = 0; i < conflict->count; i++) {
		const struct vrfleak_candidate *candidate =
			&conflict->candidates[i];
		bool keeps = candidate->reason == VRFLEAK_NOT_ACCEPTED &&
			     (context->preempt ||
			      !(candidate->is_next &&
				winner == context->installed.source));

		if (candidate->source == target)
			continue;
		if (!keeps && candidate->reason != reason)
			conflict_begin(context, target, prefix,
				       candidate->source, winner, reason);
	}
}

static void choice_try(struct vrfleak_decision_context *context,
		       struct choice *choice, uint32_t source, uint32_t target,
		       const struct prefix *prefix)
{
	uint32_t rank = 0;
	enum vrfleak_offer offer =
		offer_get(context, source, target, prefix, &rank);

	if (!offer_is_eligible(offer))
		return;
	if (choice->source && choice->rank <= rank)
		return;
	*choice = (struct choice){source, rank, offer};
}

/* The best of the changed sources and the candidates, except one. */
static struct choice choice_make(struct vrfleak_decision_context *context,
				 uint32_t target, const struct prefix *prefix,
				 const uint32_t *sources, uint32_t count,
				 uint32_t except)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);
	struct choice choice = {};

	for (uint32_t i = 0; i < count; i++)
		if (sources[i] != except)
			choice_try(context, &choice, sources[i], target,
				   prefix);

	for (uint16_t i = 0; conflict && i < conflict->count; i++)
		if (candidate_eligible(&conflict->candidates[i], except))
			choice_try(context, &choice,
				   conflict->candidates[i].source, target,
				   prefix);
	return choice;
}

/* Let sources of a lower rank than the owner's take over. */
static void choice_preempt(struct vrfleak_decision_context *context,
			   struct choice *choice, uint32_t target,
			   const struct prefix *prefix, const uint32_t *sources,
			   uint32_t count)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);
	const struct vrfleak_candidate *candidate;

	for (uint32_t i = 0; i < count; i++) {
		candidate = vrfleak_conflict_candidate(conflict, sources[i]);
		if (!candidate || candidate->reason != VRFLEAK_NOT_ACCEPTED)
			choice_try(context, choice, sources[i], target, prefix);
	}
	for (uint16_t i = 0; conflict && i < conflict->count; i++)
		if (conflict->candidates[i].reason != VRFLEAK_NOT_ACCEPTED)
			choice_try(context, choice,
				   conflict->candidates[i].source, target,
				   prefix);
}

static void native_wins(struct vrfleak_decision_context *context,
			uint32_t target, const struct prefix *prefix,
			const uint32_t *sources, uint32_t count, uint32_t owner)
{
	candidates_update(context, target, prefix, target, VRFLEAK_NATIVE);
	changed_refuse(context, target, prefix, sources, count, target,
		       VRFLEAK_NATIVE);
	if (owner) {
		changed_refuse(context, target, prefix, &owner, 1, target,
			       VRFLEAK_NATIVE);
		context->ops->withdraw(owner, target, prefix, context->arg);
	}
}

/*
 * Install the choice's route, in place of the owner's if there is one. If zebra
 * rejected it before, it stays a candidate until it is seen in the RIB. If it
 * cannot be handed to zebra, it becomes one.
 */
static void source_wins(struct vrfleak_decision_context *context,
			uint32_t target, const struct prefix *prefix,
			struct choice *choice, uint32_t owner)
{
	const struct vrfleak_candidate *candidate =
		candidate_find(context, target, prefix, choice->source);
	bool handed = true;

	if (choice->offer != VRFLEAK_OFFER_SAME || choice->source != owner)
		handed = context->ops->install(choice->source, target, prefix,
					       context->arg);
	if (!handed)
		conflict_begin(context, target, prefix, choice->source, 0,
			       VRFLEAK_NOT_ACCEPTED);
	else if (candidate && (candidate->reason != VRFLEAK_NOT_ACCEPTED ||
			       choice->source == owner))
		conflict_end(context, target, prefix, choice->source,
			     choice->source);
	else if (candidate)
		vrfleak_conflict_set_next(context->conflicts, target, prefix,
					  choice->source, false);
	candidates_update(context, target, prefix, choice->source,
			  VRFLEAK_OTHER_SOURCE);
}

/*
 * The prefix has no owner: candidates are refused by the native route, by their
 * limit, or because they are held down.
 */
static void candidates_mark_refused(struct vrfleak_decision_context *context,
				    uint32_t target,
				    const struct prefix *prefix)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);
	uint32_t winner = winner_get(context, target, 0), rank;
	const struct vrfleak_candidate *candidate;
	enum vrfleak_offer offer;

	for (uint16_t i = 0; conflict && i < conflict->count; i++) {
		candidate = &conflict->candidates[i];
		if (candidate->source == target ||
		    candidate->reason == VRFLEAK_NOT_ACCEPTED)
			continue;
		offer = offer_get(context, candidate->source, target, prefix,
				  &rank);
		conflict_begin(
			context, target, prefix, candidate->source, winner,
			refusal(offer, winner, target, VRFLEAK_OTHER_SOURCE));
	}
}

/*
 * The native route is the backup of the owner's route, or no longer. Most
 * targets have no backups, so this is cheap.
 */
static void backup_update(struct vrfleak_decision_context *context,
			  uint32_t target, const struct prefix *prefix,
			  uint32_t owner)
{
	if (owner && context->installed.native)
		conflict_begin(context, target, prefix, target, owner,
			       VRFLEAK_HIGHER_DISTANCE);
	else if (vrfleak_conflicts_count_from(context->conflicts, target,
					      vrfleak_prefix_af(prefix),
					      target))
		conflict_end(context, target, prefix, target,
			     winner_get(context, target, owner));
}

/* Remove the candidates that no longer offer the prefix. */
static void candidates_prune(struct vrfleak_decision_context *context,
			     uint32_t target, const struct prefix *prefix)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);
	uint32_t rank, source;

	/* Backwards, because those behind a removed candidate move. */
	for (uint16_t i = conflict ? conflict->count : 0; i-- > 0;) {
		source = conflict->candidates[i].source;
		if (source == target)
			continue;
		if (offer_get(context, source, target, prefix, &rank) !=
		    VRFLEAK_OFFER_NONE)
			continue;
		conflict_end(context, target, prefix, source,
			     winner_get(context, target, 0));
		conflict = vrfleak_conflict_find(context->conflicts, target,
						 prefix);
	}
}

void vrfleak_decide(struct vrfleak_decision_context *context, uint32_t target,
		    const struct prefix *prefix, const uint32_t *sources,
		    uint32_t count)
{
	struct vrfleak_installed installed =
		installed_get(context, target, prefix);
	struct choice choice = {};
	uint32_t winner;

	/* Whatever the sources offer. */
	if (vrfleak_native_wins(&installed, context->distance_min)) {
		native_wins(context, target, prefix, sources, count,
			    installed.source);
		backup_update(context, target, prefix, 0);
		return;
	}

	if (installed.source)
		choice_try(context, &choice, installed.source, target, prefix);
	if (choice.source && context->preempt)
		choice_preempt(context, &choice, target, prefix, sources,
			       count);
	if (!choice.source) {
		candidates_prune(context, target, prefix);
		choice =
			choice_make(context, target, prefix, sources, count, 0);
	}

	winner = winner_get(context, target, choice.source);
	if (choice.source)
		source_wins(context, target, prefix, &choice, installed.source);
	if (installed.source && installed.source != choice.source) {
		context->ops->withdraw(installed.source, target, prefix,
				       context->arg);
		changed_refuse(context, target, prefix, &installed.source, 1,
			       winner, VRFLEAK_OTHER_SOURCE);
	}
	changed_refuse(context, target, prefix, sources, count, winner,
		       VRFLEAK_OTHER_SOURCE);
	if (!choice.source)
		candidates_mark_refused(context, target, prefix);
	backup_update(context, target, prefix, choice.source);
}

void vrfleak_decide_rejected(struct vrfleak_decision_context *context,
			     uint32_t target, const struct prefix *prefix,
			     uint32_t rejected, const uint32_t *sources,
			     uint32_t count)
{
	installed_get(context, target, prefix);
	changed_refuse(context, target, prefix, &rejected, 1,
		       winner_get(context, target, 0), VRFLEAK_NOT_ACCEPTED);
	vrfleak_decide(context, target, prefix, sources, count);
}

/* The best of the owner and all candidates, rejected ones too. */
static struct choice choice_better(struct vrfleak_decision_context *context,
				   uint32_t target, const struct prefix *prefix)
{
	const struct vrfleak_conflict *conflict =
		vrfleak_conflict_find(context->conflicts, target, prefix);
	struct choice choice = {};

	choice_try(context, &choice, context->installed.source, target, prefix);
	for (uint16_t i = 0; conflict && i < conflict->count; i++)
		choice_try(context, &choice, conflict->candidates[i].source,
			   target, prefix);
	return choice;
}

bool vrfleak_decide_clear(struct vrfleak_decision_context *context,
			  uint32_t target, const struct prefix *prefix)
{
	struct vrfleak_installed installed =
		installed_get(context, target, prefix);
	struct choice choice;

	if (!installed.source)
		return false;

	choice = context->preempt ? choice_better(context, target, prefix)
				  : choice_make(context, target, prefix, NULL,
						0, installed.source);
	if (!choice.source || choice.source == installed.source)
		return false;

	source_wins(context, target, prefix, &choice, installed.source);
	context->ops->withdraw(installed.source, target, prefix, context->arg);
	changed_refuse(context, target, prefix, &installed.source, 1,
		       choice.source, VRFLEAK_OTHER_SOURCE);
	return true;
}
