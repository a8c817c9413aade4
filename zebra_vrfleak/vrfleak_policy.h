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
#ifndef _VRFLEAK_POLICY_H
#define _VRFLEAK_POLICY_H

#include "zebra_vrfleak/vrfleak_af.h"
#include "zebra_vrfleak/vrfleak_tag.h"

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

struct vrfleak_line {
	vrfleak_tag_t tag;
	/* The route-map's name, or NULL. */
	char *map;
	/* Of an import line. */
	struct vrfleak_limit limit;
};

struct vrfleak_lines {
	struct vrfleak_line *line;
	uint32_t count;
};

/* An export line and an import line of one tag. */
struct vrfleak_way {
	const struct vrfleak_line *export;
	const struct vrfleak_line *import;
	/* Lower wins where several come at once; unique in the target. */
	uint32_t rank;
};

struct vrfleak_edge {
	/* The VRF at the other end. */
	struct vrfleak_node *node;
	/* In a target's sources: the order of their first ways. */
	uint32_t rank;
	/* In a target's sources; NULL in a source's targets. */
	struct vrfleak_way *ways;
	uint32_t ways_count;
};

struct vrfleak_edges {
	struct vrfleak_edge *edge;
	uint32_t count;
};

/* A VRF's part of the policy. */
struct vrfleak_node {
	char name[VRFLEAK_NAME_SIZE];
	/* For the policy's owner; not used here. */
	void *owner;
	struct vrfleak_lines exports[VRFLEAK_AF_MAX];
	struct vrfleak_lines imports[VRFLEAK_AF_MAX];
	struct vrfleak_edges sources[VRFLEAK_AF_MAX];
	struct vrfleak_edges targets[VRFLEAK_AF_MAX];
	/* Whether an import line has a limit. */
	bool limited[VRFLEAK_AF_MAX];
};

struct vrfleak_policy {
	struct vrfleak_node **nodes;
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
extern struct vrfleak_line *vrfleak_policy_export(struct vrfleak_policy *policy,
						  enum vrfleak_af af,
						  const char *name,
						  vrfleak_tag_t tag);
extern struct vrfleak_line *vrfleak_policy_import(struct vrfleak_policy *policy,
						  enum vrfleak_af af,
						  const char *name,
						  vrfleak_tag_t tag);

/* Give a line a route-map, of which the name is copied. */
extern void vrfleak_line_set_map(struct vrfleak_line *line, const char *map);

/* Compute the edges; no line may be added afterwards. */
extern void vrfleak_policy_compile(struct vrfleak_policy *policy);

/* The VRF's part, or NULL where the VRF has no line. */
extern struct vrfleak_node *
vrfleak_policy_find(const struct vrfleak_policy *policy, const char *name);

/* The edge from source to target in target's list, or NULL. */
extern const struct vrfleak_edge *
vrfleak_policy_source(const struct vrfleak_node *target, enum vrfleak_af af,
		      const char *source);

/* The VRF's line with the tag, or NULL. */
extern const struct vrfleak_line *
vrfleak_lines_find(const struct vrfleak_lines *lines, vrfleak_tag_t tag);

/* Whether a route-map decides about what comes by the edge. */
extern bool vrfleak_edge_filters(const struct vrfleak_edge *edge);

/* Call cb for each edge, by targets' names, families and sources' names. */
typedef void (*vrfleak_policy_edge_cb)(enum vrfleak_af af,
				       const struct vrfleak_edge *source,
				       struct vrfleak_node *target, void *arg);
extern void vrfleak_policy_each_edge(const struct vrfleak_policy *policy,
				     vrfleak_policy_edge_cb cb, void *arg);

#endif /* _VRFLEAK_POLICY_H */
