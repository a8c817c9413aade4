// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the policy, what each VRF exports and imports.
 *
 * A policy is built from export and import statements, then compiled, then only
 * read. Compiling finds the source-target pairs: the source exports a tag that
 * the target imports, or the target imports the source by its name. A pair has
 * a tag match for each common tag, which is the export and the import statement
 * of that tag:
 *
 *   statements:  shared exports 1:1 route-map A        red imports 1:1
 *   pair:        shared (source) --> red (target), rank 0
 *   tag match:   {export: route-map A, import: none}
 *
 * An import by name is a match, too. It needs no export statement, and those of
 * the source have no effect on it.
 *
 * Invariants of a compiled policy:
 *  - VRFs are sorted by name. Only VRFs with a statement, that preempt, that
 *    hold routes down, or that are imported by name, are in the policy.
 *  - No VRF is its own source. There is at most one pair of a source and a
 *    target, however many tags match.
 *  - A target's sources are sorted by name. Their ranks are 0, 1, 2, ... in the
 *    order of the target's import statements, then of the sources' names.
 *  - A pair has at least one tag match. Matches are in the order of the
 *    target's import statements. A match without route-maps is the last one,
 *    because it permits all routes.
 *  - S is among T's sources if and only if T is among S's targets.
 *
 * A policy does not depend on whether its VRFs exist.
 */
#ifndef _VRFLEAK_CORE_POLICY_H
#define _VRFLEAK_CORE_POLICY_H

#include "zebra_vrfleak/core/af.h"
#include "zebra_vrfleak/core/statement.h"

/* The export statement of an import by name: it has no options. */
extern const struct vrfleak_statement vrfleak_by_name_export;

/* An export and an import statement with the same tag, or an import by name. */
struct vrfleak_tag_match {
	/* vrfleak_by_name_export for an import by name. */
	const struct vrfleak_statement *export;
	const struct vrfleak_statement *import;
	/* The lowest wins among simultaneous offers; unique in the target. */
	uint32_t rank;
};

struct vrfleak_pair {
	/* The VRF at the other end. */
	struct vrfleak_vrf_policy *peer;
	/* In a target's sources: the order of their first matches. */
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
	/* For the user of the policy; not used here. */
	void *vrf;
	struct vrfleak_statements exports[VRFLEAK_AF_MAX];
	struct vrfleak_statements imports[VRFLEAK_AF_MAX];
	struct vrfleak_pairs sources[VRFLEAK_AF_MAX];
	struct vrfleak_pairs targets[VRFLEAK_AF_MAX];
	/* Whether any import statement has a limit. */
	bool limited[VRFLEAK_AF_MAX];
	/* An eligible source of a lower rank takes over from the owner. */
	bool preempt[VRFLEAK_AF_MAX];
	/* The lowest distance of all import statements. */
	uint8_t distance_min[VRFLEAK_AF_MAX];
	/* The hold-down time in seconds, or 0 for none. */
	uint32_t hold_down[VRFLEAK_AF_MAX];
};

struct vrfleak_policy {
	struct vrfleak_vrf_policy **vrfs;
	uint32_t count;
	/* The distances that any import statement has. */
	bool distances[VRFLEAK_AF_MAX][UINT8_MAX + 1];
};

/* An empty policy; free it with vrfleak_policy_free(), NULL allowed. */
extern struct vrfleak_policy *vrfleak_policy_new(void);
extern void vrfleak_policy_free(struct vrfleak_policy *policy);

/*
 * Append a statement without any options to those of a VRF, or find the
 * existing one. name must fit in VRFLEAK_NAME_SIZE. Returns the statement,
 * which is valid until another one is added.
 */
extern struct vrfleak_statement *
vrfleak_policy_export(struct vrfleak_policy *policy, enum vrfleak_af af,
		      const char *name, vrfleak_tag_t tag);
extern struct vrfleak_statement *
vrfleak_policy_import(struct vrfleak_policy *policy, enum vrfleak_af af,
		      const char *name, vrfleak_tag_t tag);

/* The same for the import of a VRF by its name, which may be name itself. */
extern struct vrfleak_statement *
vrfleak_policy_import_vrf(struct vrfleak_policy *policy, enum vrfleak_af af,
			  const char *name, const char *source);

/* Let sources of a lower rank take over in a VRF. */
extern void vrfleak_policy_preempt(struct vrfleak_policy *policy,
				   enum vrfleak_af af, const char *name);

/* Set the hold-down time of a VRF in seconds. */
extern void vrfleak_policy_hold_down(struct vrfleak_policy *policy,
				     enum vrfleak_af af, const char *name,
				     uint32_t seconds);

/* Compute the pairs. No statement may be added afterwards. */
extern void vrfleak_policy_compile(struct vrfleak_policy *policy);

/* The VRF's part of the policy, or NULL if it has no statement. */
extern struct vrfleak_vrf_policy *
vrfleak_policy_find(const struct vrfleak_policy *policy, const char *name);

/* The pair of source and target in target's list, or NULL. */
extern const struct vrfleak_pair *
vrfleak_policy_source(const struct vrfleak_vrf_policy *target,
		      enum vrfleak_af af, const char *source);

/* Whether route-maps apply to all routes of the pair. */
extern bool vrfleak_pair_filters(const struct vrfleak_pair *pair);

/* Call cb for each pair, by target name, then family, then source name. */
typedef void (*vrfleak_policy_pair_cb)(enum vrfleak_af af,
				       const struct vrfleak_pair *source,
				       struct vrfleak_vrf_policy *target,
				       void *arg);
extern void vrfleak_policy_each_pair(const struct vrfleak_policy *policy,
				     vrfleak_policy_pair_cb cb, void *arg);

#endif /* _VRFLEAK_CORE_POLICY_H */
