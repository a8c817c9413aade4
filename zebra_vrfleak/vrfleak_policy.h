// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the policy, which VRF exports and imports what.
 *
 * A policy is built line by line, then compiled, then read only. The compiled
 * form is a graph of edges, one for each ordered pair of VRFs of which the
 * first exports a tag that the second imports:
 *
 *   tags:   shared exports 1:1       red imports 1:1
 *   edge:   shared (source) --> red (target), rank 0
 *
 * Invariants of a compiled policy:
 *  - VRFs are sorted by name; a VRF is there only if it has a line.
 *  - No VRF is its own source. A pair has one edge, however many tags match.
 *  - A target's sources are sorted by name; their ranks are 0, 1, 2, ... in
 *    the order of the target's import lines, then of the sources' names.
 *  - Edges are mirrored: S is among T's sources if and only if T is among
 *    S's targets.
 *
 * Nothing here knows whether a VRF exists.
 */
#ifndef _VRFLEAK_POLICY_H
#define _VRFLEAK_POLICY_H

#include "prefix.h"

#include "zebra_vrfleak/vrfleak_tag.h"

/* IPv4 and IPv6 unicast, configured and working separately. */
enum vrfleak_af {
	VRFLEAK_IPV4 = 0,
	VRFLEAK_IPV6,
	VRFLEAK_AF_MAX,
};

static inline enum vrfleak_af vrfleak_prefix_af(const struct prefix *prefix)
{
	return prefix->family == AF_INET ? VRFLEAK_IPV4 : VRFLEAK_IPV6;
}

static inline int vrfleak_af_family(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? AF_INET : AF_INET6;
}

/* As the model names them. */
static inline const char *vrfleak_af2str(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? "ipv4" : "ipv6";
}

static inline enum vrfleak_af vrfleak_str2af(const char *str)
{
	return strcmp(str, "ipv4") ? VRFLEAK_IPV6 : VRFLEAK_IPV4;
}

#define VRFLEAK_NAME_SIZE 37

struct vrfleak_lines {
	vrfleak_tag_t *tags;
	uint32_t count;
};

struct vrfleak_edge {
	/* The VRF at the other end. */
	struct vrfleak_node *node;
	/* In a target's sources: lower wins where several come at once. */
	uint32_t rank;
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
};

struct vrfleak_policy {
	struct vrfleak_node **nodes;
	uint32_t count;
};

/* An empty policy; free it with vrfleak_policy_free(), NULL allowed. */
extern struct vrfleak_policy *vrfleak_policy_new(void);
extern void vrfleak_policy_free(struct vrfleak_policy *policy);

/*
 * Add a line, after those that are there. A line that is there already is
 * not added again. name must fit VRFLEAK_NAME_SIZE.
 */
extern void vrfleak_policy_export(struct vrfleak_policy *policy,
				  enum vrfleak_af af, const char *name,
				  vrfleak_tag_t tag);
extern void vrfleak_policy_import(struct vrfleak_policy *policy,
				  enum vrfleak_af af, const char *name,
				  vrfleak_tag_t tag);

/* Compute the edges; no line may be added afterwards. */
extern void vrfleak_policy_compile(struct vrfleak_policy *policy);

/* The VRF's part, or NULL where the VRF has no line. */
extern struct vrfleak_node *
vrfleak_policy_find(const struct vrfleak_policy *policy, const char *name);

/* The edge from source to target in target's list, or NULL. */
extern const struct vrfleak_edge *
vrfleak_policy_source(const struct vrfleak_node *target, enum vrfleak_af af,
		      const char *source);

/* Whether the VRF has the tag among the lines. */
extern bool vrfleak_lines_have(const struct vrfleak_lines *lines,
			       vrfleak_tag_t tag);

/*
 * Call cb for each edge that only old has (added false) or only new has
 * (added true), with the nodes of the policy that has it. Edges that both
 * have are not reported, whatever their ranks and tags.
 */
typedef void (*vrfleak_policy_diff_cb)(enum vrfleak_af af,
				       struct vrfleak_node *source,
				       struct vrfleak_node *target, bool added,
				       void *arg);
extern void vrfleak_policy_diff(const struct vrfleak_policy *old,
				const struct vrfleak_policy *new,
				vrfleak_policy_diff_cb cb, void *arg);

#endif /* _VRFLEAK_POLICY_H */
