// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a model of zebra's RIB, on which the decision runs in unit tests.
 *
 * It has a few VRFs (1, 2, ...) and a few prefixes (0, 1, ...). A native route
 * is a version number, 0 for none. A leaked route is the version that was
 * leaked.
 *
 * The model checks the calls of the decision. It fails, with a text, if
 *  - a route is installed that no source offers, or that is already installed;
 *  - a route is withdrawn that is not installed;
 *  - a prefix is left without a route though another source could own it;
 *  - a candidate is reported twice, or its end without its beginning.
 * Only the first failure is recorded.
 */
#ifndef _VRFLEAK_MODEL_H
#define _VRFLEAK_MODEL_H

#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/core/policy.h"

#define MODEL_VRFS 6
#define MODEL_PREFIXES 3

struct model {
	/* The state of the RIBs and the policy. */
	uint32_t native[MODEL_VRFS + 1][MODEL_PREFIXES];
	uint32_t leaked[MODEL_VRFS + 1][MODEL_PREFIXES][MODEL_VRFS + 1];
	/* [source][target]: the limit permits no further routes. */
	bool full[MODEL_VRFS + 1][MODEL_VRFS + 1];
	/* [source][target]: a new route is held down. */
	bool held[MODEL_VRFS + 1][MODEL_VRFS + 1];
	/* [source][target], -1 for no source-target pair. */
	int rank[MODEL_VRFS + 1][MODEL_VRFS + 1];
	/* [source][target] of leaked routes, 0 for 254; [vrf] of native. */
	uint8_t distance[MODEL_VRFS + 1][MODEL_VRFS + 1];
	uint8_t native_distance[MODEL_VRFS + 1];
	/* By target. */
	bool preempt[MODEL_VRFS + 1];

	/* The decision's state, and the reasons that it has reported. */
	struct vrfleak_conflict_table conflicts;
	struct vrfleak_decision_context context;
	int reported[MODEL_VRFS + 1][MODEL_PREFIXES][MODEL_VRFS + 1];

	/* The calls of the last decision, as "+2 -3 !4o". */
	char calls[512];
	uint32_t offer_calls;
	char failure[256];
};

extern void model_init(struct model *model);
extern void model_finish(struct model *model);

/* Prefix number i; every other one is IPv6. */
extern struct prefix model_prefix(uint32_t i);

/* The owner of a prefix in target, or 0. Fails if there are several. */
extern uint32_t model_owner(struct model *model, uint32_t target,
			    uint32_t prefix);

/* Whether a native route wins over what source offers. */
extern bool model_native_wins(const struct model *model, uint32_t source,
			      uint32_t target, uint32_t prefix);

/* Whether source offers the prefix to target. */
extern bool model_offers(const struct model *model, uint32_t source,
			 uint32_t target, uint32_t prefix);

/* The reason of a candidate (enum vrfleak_reason), or -1 if it is none. */
extern int model_reason(struct model *model, uint32_t target, uint32_t prefix,
			uint32_t source, int64_t *since);

/* The functions of decision.h. */
extern void model_decide(struct model *model, uint32_t target, uint32_t prefix,
			 const uint32_t *sources, uint32_t count);
/* Delete the route leaked from source, then reject it. */
extern void model_reject(struct model *model, uint32_t target, uint32_t prefix,
			 uint32_t source);
extern bool model_clear(struct model *model, uint32_t target, uint32_t prefix);

/* Record a failure, unless there was one before. */
extern void model_fail(struct model *model, const char *format, ...)
	PRINTFRR(2, 3);

#endif /* _VRFLEAK_MODEL_H */
