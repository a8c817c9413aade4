// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the policy, which VRF exports and imports what.
 *
 * A policy is built line by line, then compiled, then read only. The compiled
 * form is a graph of edges, one for each ordered pair of VRFs of which the
 * first exports a tag that the second imports. An edge has a way for each such
 * tag, which is the pair of lines, with their route-maps:
 *
 *   lines:  shared exports 1:1, route-map A       red imports 1:1
 *   edge:   shared (source) --> red (target), rank 0, way {A, none}
 *
 * Invariants of a compiled policy:
 *  - VRFs are sorted by name; a VRF is there only if it has a line.
 *  - No VRF is its own source. A pair has one edge, however many tags match.
 *  - A target's sources are sorted by name; their ranks are 0, 1, 2, ... in
 *    the order of the target's import lines, then of the sources' names.
 *  - An edge has at least one way, in the order of the target's import lines,
 *    and none after one without route-maps, as that lets all routes pass.
 *  - Edges are mirrored: S is among T's sources if and only if T is among
 *    S's targets.
 *
 * Nothing here knows whether a VRF exists.
 */
#ifndef _VRFLEAK_CORE_POLICY_H
#define _VRFLEAK_CORE_POLICY_H

#include "zebra_vrfleak/core/af.h"
#include "zebra_vrfleak/core/route_tag.h"

#define VRFLEAK_NAME_SIZE 37

/* How many routes an import line takes. */
struct vrfleak_limit {
	/* 0 for any number. */
	uint32_t max;
	/* Per cent of max at which there is a warning. */
	uint8_t threshold;
	/* Whether more than max are taken, with a warning. */
	bool warning_only;
};

struct vrfleak_statement {
	vrfleak_tag_t tag;
	/* The route-map's name, or NULL. */
	char *map;
	/* Of an import line. */
	struct vrfleak_limit limit;
};

struct vrfleak_statements {
	struct vrfleak_statement *statement;
	uint32_t count;
};

/* An export line and an import line of one tag. */
struct vrfleak_tag_match {
	const struct vrfleak_statement *export;
	const struct vrfleak_statement *import;
	/* Lower wins where several come at once; unique in the target. */
	uint32_t rank;
};

struct vrfleak_pair {
	/* The VRF at the other end. */
	struct vrfleak_vrf_policy *peer;
	/* In a target's sources: the order of their first ways. */
	uint32_t rank;
	/* In a target's sources; NULL in a source's targets. */
	struct vrfleak_tag_match *matches;
	uint32_t matches_count;
};

struct vrfleak_pairs {
	struct vrfleak_pair *pair;
	uint32_t count;
};

/* A VRF's part of the policy. */
struct vrfleak_vrf_policy {
	char name[VRFLEAK_NAME_SIZE];
	/* For the policy's owner; not used here. */
	void *vrf;
	struct vrfleak_statements exports[VRFLEAK_AF_MAX];
	struct vrfleak_statements imports[VRFLEAK_AF_MAX];
	struct vrfleak_pairs sources[VRFLEAK_AF_MAX];
	struct vrfleak_pairs targets[VRFLEAK_AF_MAX];
	/* Whether an import line has a limit. */
	bool limited[VRFLEAK_AF_MAX];
};

struct vrfleak_policy {
	struct vrfleak_vrf_policy **vrfs;
	uint32_t count;
};

/* An empty policy; free it with vrfleak_policy_free(), NULL allowed. */
extern struct vrfleak_policy *vrfleak_policy_new(void);
extern void vrfleak_policy_free(struct vrfleak_policy *policy);

/*
 * Add a line, after those that are there, without a route-map and a limit; one
 * that is there already is not added again. name must fit VRFLEAK_NAME_SIZE.
 * Returns the line, valid until the next is added.
 */
extern struct vrfleak_statement *
vrfleak_policy_export(struct vrfleak_policy *policy, enum vrfleak_af af,
		      const char *name, vrfleak_tag_t tag);
extern struct vrfleak_statement *
vrfleak_policy_import(struct vrfleak_policy *policy, enum vrfleak_af af,
		      const char *name, vrfleak_tag_t tag);

/* Give a line a route-map, of which the name is copied. */
extern void vrfleak_statement_set_map(struct vrfleak_statement *statement,
				      const char *map);

/* Compute the edges; no line may be added afterwards. */
extern void vrfleak_policy_compile(struct vrfleak_policy *policy);

/* The VRF's part, or NULL where the VRF has no line. */
extern struct vrfleak_vrf_policy *
vrfleak_policy_find(const struct vrfleak_policy *policy, const char *name);

/* The edge from source to target in target's list, or NULL. */
extern const struct vrfleak_pair *
vrfleak_policy_source(const struct vrfleak_vrf_policy *target,
		      enum vrfleak_af af, const char *source);

/* The VRF's line with the tag, or NULL. */
extern const struct vrfleak_statement *
vrfleak_statements_find(const struct vrfleak_statements *statements,
			vrfleak_tag_t tag);

/* Whether a route-map decides about what comes by the edge. */
extern bool vrfleak_pair_filters(const struct vrfleak_pair *pair);

/* Call cb for each edge, by targets' names, families and sources' names. */
typedef void (*vrfleak_policy_pair_cb)(enum vrfleak_af af,
				       const struct vrfleak_pair *source,
				       struct vrfleak_vrf_policy *target,
				       void *arg);
extern void vrfleak_policy_each_pair(const struct vrfleak_policy *policy,
				     vrfleak_policy_pair_cb cb, void *arg);

#endif /* _VRFLEAK_CORE_POLICY_H */
