// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a model of zebra's RIB, on which the decision runs in unit tests.
 *
 * A few VRFs (1, 2, ...) and a few prefixes (0, 1, ...). A native route is a
 * version number, 0 for none; a leaked route is the version that was leaked.
 *
 * The model watches while the decision works. It fails, with a text, when
 *  - a route is installed that nobody offers, or that is there already;
 *  - a route is withdrawn that is not there;
 *  - a prefix is left without a route though another one could have it;
 *  - a refusal is reported twice, or its end without its beginning.
 * After the first failure it stays failed.
 */
#ifndef _VRFLEAK_MODEL_H
#define _VRFLEAK_MODEL_H

#include "zebra_vrfleak/core/decision.h"

#define MODEL_VRFS 6
#define MODEL_PREFIXES 3

struct model {
	/* The state of the world. */
	uint32_t native[MODEL_VRFS + 1][MODEL_PREFIXES];
	uint32_t leaked[MODEL_VRFS + 1][MODEL_PREFIXES][MODEL_VRFS + 1];
	/* [source][target]: no room for what source does not hold yet. */
	bool full[MODEL_VRFS + 1][MODEL_VRFS + 1];
	/* [source][target], -1 where there is no edge. */
	int rank[MODEL_VRFS + 1][MODEL_VRFS + 1];

	/* What is decided with, and what it has reported. */
	struct vrfleak_conflict_table conflicts;
	struct vrfleak_decision_context context;
	int reported[MODEL_VRFS + 1][MODEL_PREFIXES][MODEL_VRFS + 1];

	/* What the last decision did: "+2 -3 !4h" and so on. */
	char calls[512];
	uint32_t asked;
	char failure[256];
};

extern void model_init(struct model *model);
extern void model_finish(struct model *model);

/* Prefix number i; every other one is IPv6. */
extern struct prefix model_prefix(uint32_t i);

/* Who holds a prefix in target, 0 for nobody. Fails if several do. */
extern uint32_t model_owner(struct model *model, uint32_t target,
			    uint32_t prefix);

/* Whether source offers the prefix to target. */
extern bool model_offers(const struct model *model, uint32_t source,
			 uint32_t target, uint32_t prefix);

/* Why source waits (enum vrfleak_reason), -1 if it does not. */
extern int model_waits(struct model *model, uint32_t target, uint32_t prefix,
		       uint32_t source, int64_t *since);

/* The calls of decision.h. */
extern void model_decide(struct model *model, uint32_t target, uint32_t prefix,
			 const uint32_t *sources, uint32_t count);
/* Zebra drops what source had leaked, then: */
extern void model_reject(struct model *model, uint32_t target, uint32_t prefix,
			 uint32_t source);
extern bool model_clear(struct model *model, uint32_t target, uint32_t prefix);

/* Note a failure, unless there was one before. */
extern void model_fail(struct model *model, const char *format, ...)
	PRINTFRR(2, 3);

#endif /* _VRFLEAK_MODEL_H */
