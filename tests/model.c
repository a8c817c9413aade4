// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a model of zebra's RIB, see the header.
 *
 * In a decision, a prefix may have two leaked routes: the new owner's route is
 * installed before the old one is withdrawn.
 */
#include <zebra.h>

#include "printfrr.h"

#include "model.h"

static const char *const prefixes[MODEL_PREFIXES] = {
	"192.0.2.0/24",
	"2001:db8:1::/48",
	"198.51.100.64/26",
};

struct prefix model_prefix(uint32_t i)
{
	struct prefix prefix;

	str2prefix(prefixes[i], &prefix);
	return prefix;
}

static uint32_t prefix_number(const struct prefix *prefix)
{
	for (uint32_t i = 0; i < MODEL_PREFIXES; i++) {
		struct prefix one = model_prefix(i);

		if (prefix_same(prefix, &one))
			return i;
	}
	abort();
}

void model_fail(struct model *model, const char *format, ...)
{
	va_list args;

	if (model->failure[0])
		return;
	va_start(args, format);
	vsnprintfrr(model->failure, sizeof(model->failure), format, args);
	va_end(args);
}

static void note(struct model *model, const char *format, ...) PRINTFRR(2, 3);
static void note(struct model *model, const char *format, ...)
{
	size_t used = strlen(model->calls);
	va_list args;

	va_start(args, format);
	vsnprintfrr(model->calls + used, sizeof(model->calls) - used, format,
		    args);
	va_end(args);
}

bool model_offers(const struct model *model, uint32_t source, uint32_t target,
		  uint32_t prefix)
{
	return source && model->rank[source][target] >= 0 &&
	       model->native[source][prefix];
}

static uint8_t distance_get(uint8_t distance)
{
	return distance ? distance : VRFLEAK_DISTANCE;
}

bool model_native_wins(const struct model *model, uint32_t source,
		       uint32_t target, uint32_t prefix)
{
	return model->native[target][prefix] &&
	       model->native_distance[target] <=
		       distance_get(model->distance[source][target]);
}

uint32_t model_owner(struct model *model, uint32_t target, uint32_t prefix)
{
	uint32_t owner = 0;

	for (uint32_t source = 1; source <= MODEL_VRFS; source++) {
		if (!model->leaked[target][prefix][source])
			continue;
		if (owner)
			model_fail(model, "%u and %u both own %u in %u", owner,
				   source, prefix, target);
		owner = source;
	}
	return owner;
}

int model_reason(struct model *model, uint32_t target, uint32_t prefix,
		 uint32_t source, int64_t *since)
{
	struct prefix p = model_prefix(prefix);
	const struct vrfleak_candidate *candidate = vrfleak_conflict_candidate(
		vrfleak_conflict_find(&model->conflicts, target, &p), source);

	if (candidate && since)
		*since = candidate->since;
	return candidate ? (int)candidate->reason : -1;
}

static struct vrfleak_installed ops_installed(uint32_t target,
					      const struct prefix *p, void *arg)
{
	struct model *model = arg;
	uint32_t prefix = prefix_number(p);

	return (struct vrfleak_installed){
		.native = model->native[target][prefix] != 0,
		.native_distance = model->native_distance[target],
		.source = model_owner(model, target, prefix),
	};
}

static enum vrfleak_offer ops_offer(uint32_t source, uint32_t target,
				    const struct prefix *p,
				    struct vrfleak_preference *preference,
				    void *arg)
{
	struct model *model = arg;
	uint32_t prefix = prefix_number(p);

	model->offer_calls++;
	if (!model_offers(model, source, target, prefix))
		return VRFLEAK_OFFER_NONE;
	preference->rank = (uint32_t)model->rank[source][target];
	preference->distance = distance_get(model->distance[source][target]);
	if (model->leaked[target][prefix][source] ==
	    model->native[source][prefix])
		return VRFLEAK_OFFER_SAME;
	if (model->held[source][target] &&
	    !model->leaked[target][prefix][source])
		return VRFLEAK_OFFER_HELD_DOWN;
	if (model->full[source][target] &&
	    !model->leaked[target][prefix][source])
		return VRFLEAK_OFFER_FULL;
	return VRFLEAK_OFFER_ROUTE;
}

static bool ops_install(uint32_t source, uint32_t target,
			const struct prefix *p, void *arg)
{
	struct model *model = arg;
	uint32_t prefix = prefix_number(p);
	uint32_t *leaked = &model->leaked[target][prefix][source];

	note(model, "+%u ", source);
	if (!model_offers(model, source, target, prefix))
		model_fail(model, "installed %u from %u in %u: no such offer",
			   prefix, source, target);
	if (model_native_wins(model, source, target, prefix))
		model_fail(model, "installed %u from %u in %u: native there",
			   prefix, source, target);
	if (*leaked == model->native[source][prefix])
		model_fail(model, "installed %u from %u in %u: there already",
			   prefix, source, target);
	*leaked = model->native[source][prefix];
	return true;
}

static void ops_withdraw(uint32_t source, uint32_t target,
			 const struct prefix *p, void *arg)
{
	struct model *model = arg;
	uint32_t prefix = prefix_number(p);

	note(model, "-%u ", source);
	if (!model->leaked[target][prefix][source])
		model_fail(model, "withdrew %u from %u in %u: not there",
			   prefix, source, target);
	model->leaked[target][prefix][source] = 0;

	if (model->native[target][prefix] || model_owner(model, target, prefix))
		return;
	for (uint32_t other = 1; other <= MODEL_VRFS; other++)
		if (model_offers(model, other, target, prefix) &&
		    !model->full[other][target] &&
		    !model->held[other][target] &&
		    model_reason(model, target, prefix, other, NULL) !=
			    VRFLEAK_NOT_ACCEPTED)
			model_fail(
				model,
				"withdrew %u from %u in %u: a gap, %u has it",
				prefix, source, target, other);
}

static void ops_conflict(uint32_t target, const struct prefix *p,
			 uint32_t winner, uint32_t loser,
			 enum vrfleak_reason reason, bool raised, void *arg)
{
	struct model *model = arg;
	uint32_t prefix = prefix_number(p);
	int *reported = &model->reported[target][prefix][loser];

	note(model, "%c%u%c ", raised ? '!' : '.', loser, "nozfh"[reason]);
	if (raised && *reported == (int)reason)
		model_fail(model, "%u in %u: refusal of %u reported twice",
			   prefix, target, loser);
	if (!raised && *reported != (int)reason)
		model_fail(model, "%u in %u: end of no refusal of %u", prefix,
			   target, loser);
	if (raised && reason == VRFLEAK_NATIVE && winner != target)
		model_fail(model, "%u in %u: native, but the winner is %u",
			   prefix, target, winner);
	if (raised && reason == VRFLEAK_HIGHER_DISTANCE &&
	    (loser != target || !winner || winner == target))
		model_fail(model, "%u in %u: %u is the backup of %u", prefix,
			   target, loser, winner);
	if (raised && reason == VRFLEAK_OTHER_SOURCE &&
	    (winner == 0 || winner == loser ||
	     !model->leaked[target][prefix][winner]))
		model_fail(model, "%u in %u: %u is reported as the owner",
			   prefix, target, winner);
	*reported = raised ? (int)reason : -1;
}

static const struct vrfleak_rib_ops ops = {
	.installed = ops_installed,
	.offer = ops_offer,
	.install = ops_install,
	.withdraw = ops_withdraw,
	.conflict = ops_conflict,
};

void model_init(struct model *model)
{
	memset(model, 0, sizeof(*model));
	memset(model->rank, -1, sizeof(model->rank));
	memset(model->reported, -1, sizeof(model->reported));
	vrfleak_conflict_table_init(&model->conflicts);
	model->context = (struct vrfleak_decision_context){
		.ops = &ops,
		.conflicts = &model->conflicts,
		.arg = model,
	};
}

void model_finish(struct model *model)
{
	vrfleak_conflict_table_finish(&model->conflicts);
}

static void context_set(struct model *model, uint32_t target)
{
	uint8_t distance = VRFLEAK_DISTANCE;

	for (uint32_t source = 1; source <= MODEL_VRFS; source++)
		distance = MIN(distance,
			       distance_get(model->distance[source][target]));
	model->context.distance_min = distance;
	model->context.preempt = model->preempt[target];
}

void model_decide(struct model *model, uint32_t target, uint32_t prefix,
		  const uint32_t *sources, uint32_t count)
{
	struct prefix p = model_prefix(prefix);

	model->calls[0] = '\0';
	context_set(model, target);
	vrfleak_decide(&model->context, target, &p, sources, count);
}

void model_reject(struct model *model, uint32_t target, uint32_t prefix,
		  uint32_t source)
{
	struct prefix p = model_prefix(prefix);

	model->calls[0] = '\0';
	model->leaked[target][prefix][source] = 0;
	context_set(model, target);
	vrfleak_decide_rejected(&model->context, target, &p, source, NULL, 0);
}

bool model_clear(struct model *model, uint32_t target, uint32_t prefix)
{
	struct prefix p = model_prefix(prefix);

	model->calls[0] = '\0';
	context_set(model, target);
	return vrfleak_decide_clear(&model->context, target, &p);
}
