// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: builds and compiles policies, see the header.
 *
 * Compiling sorts all export statements by tag once, and looks up each import
 * statement in them. So its cost grows with the number of statements and
 * matching pairs, not with the number of all possible pairs of VRFs.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/policy.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_POLICY, "Route leak policy");

const struct vrfleak_statement vrfleak_by_name_export;

/* An export statement, in an array sorted by tag. */
struct export
{
	const struct vrfleak_statement *statement;
	struct vrfleak_vrf_policy *vrf_policy;
};

static uint32_t vrf_policy_position(const struct vrfleak_policy *policy,
				    const char *name, bool *found)
{
	uint32_t low = 0, high = policy->count;

	*found = false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(name, policy->vrfs[middle]->name);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static struct vrfleak_vrf_policy *vrf_policy_get(struct vrfleak_policy *policy,
						 const char *name)
{
	struct vrfleak_vrf_policy *vrf_policy;
	bool found;
	uint32_t position = vrf_policy_position(policy, name, &found);

	if (found)
		return policy->vrfs[position];

	vrf_policy = XCALLOC(MTYPE_VRFLEAK_POLICY, sizeof(*vrf_policy));
	strlcpy(vrf_policy->name, name, sizeof(vrf_policy->name));

	policy->vrfs = XREALLOC(MTYPE_VRFLEAK_POLICY, policy->vrfs,
				(policy->count + 1) * sizeof(*policy->vrfs));
	memmove(&policy->vrfs[position + 1], &policy->vrfs[position],
		(policy->count - position) * sizeof(*policy->vrfs));
	policy->vrfs[position] = vrf_policy;
	policy->count++;
	return vrf_policy;
}

static void pairs_free(struct vrfleak_pairs *pairs)
{
	for (uint32_t i = 0; i < pairs->count; i++)
		XFREE(MTYPE_VRFLEAK_POLICY, pairs->pair[i].matches);
	XFREE(MTYPE_VRFLEAK_POLICY, pairs->pair);
}

static void vrf_policy_free(struct vrfleak_vrf_policy *vrf_policy)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		vrfleak_statements_free(&vrf_policy->exports[af]);
		vrfleak_statements_free(&vrf_policy->imports[af]);
		pairs_free(&vrf_policy->sources[af]);
		pairs_free(&vrf_policy->targets[af]);
	}
	XFREE(MTYPE_VRFLEAK_POLICY, vrf_policy);
}

struct vrfleak_policy *vrfleak_policy_new(void)
{
	return XCALLOC(MTYPE_VRFLEAK_POLICY, sizeof(struct vrfleak_policy));
}

void vrfleak_policy_free(struct vrfleak_policy *policy)
{
	if (!policy)
		return;

	for (uint32_t i = 0; i < policy->count; i++)
		vrf_policy_free(policy->vrfs[i]);
	XFREE(MTYPE_VRFLEAK_POLICY, policy->vrfs);
	XFREE(MTYPE_VRFLEAK_POLICY, policy);
}

struct vrfleak_statement *vrfleak_policy_export(struct vrfleak_policy *policy,
						enum vrfleak_af af,
						const char *name,
						vrfleak_tag_t tag)
{
	return vrfleak_statements_add(
		&vrf_policy_get(policy, name)->exports[af],
		&(struct vrfleak_statement){.tag = tag});
}

struct vrfleak_statement *vrfleak_policy_import(struct vrfleak_policy *policy,
						enum vrfleak_af af,
						const char *name,
						vrfleak_tag_t tag)
{
	return vrfleak_statements_add(
		&vrf_policy_get(policy, name)->imports[af],
		&(struct vrfleak_statement){.tag = tag});
}

struct vrfleak_statement *
vrfleak_policy_import_vrf(struct vrfleak_policy *policy, enum vrfleak_af af,
			  const char *name, const char *source)
{
	struct vrfleak_statement key = {};

	strlcpy(key.source, source, sizeof(key.source));
	vrf_policy_get(policy, key.source);
	return vrfleak_statements_add(
		&vrf_policy_get(policy, name)->imports[af], &key);
}

void vrfleak_policy_preempt(struct vrfleak_policy *policy, enum vrfleak_af af,
			    const char *name)
{
	vrf_policy_get(policy, name)->preempt[af] = true;
}

void vrfleak_policy_hold_down(struct vrfleak_policy *policy,
			      enum vrfleak_af af, const char *name,
			      uint32_t seconds)
{
	vrf_policy_get(policy, name)->hold_down[af] = seconds;
}

static bool match_filters(const struct vrfleak_tag_match *match)
{
	return match->export->map || match->import->map;
}

bool vrfleak_pair_filters(const struct vrfleak_pair *pair)
{
	return match_filters(&pair->matches[0]);
}

static bool statements_limited(const struct vrfleak_statements *statements)
{
	for (uint32_t i = 0; i < statements->count; i++)
		if (statements->statement[i].limit.max)
			return true;
	return false;
}

static uint8_t statements_distance(const struct vrfleak_statements *statements)
{
	uint8_t distance = VRFLEAK_DISTANCE;

	for (uint32_t i = 0; i < statements->count; i++)
		distance = MIN(distance, statements->statement[i].distance);
	return distance;
}

/* Note the distances of all import statements of a family. */
static void distances_collect(struct vrfleak_policy *policy, enum vrfleak_af af)
{
	for (uint32_t i = 0; i < policy->count; i++) {
		const struct vrfleak_statements *imports =
			&policy->vrfs[i]->imports[af];

		for (uint32_t j = 0; j < imports->count; j++)
			policy->distances[af][imports->statement[j].distance] =
				true;
	}
}

static int export_cmp(const void *one, const void *two)
{
	const struct export *a = one, *b = two;

	if (a->statement->tag != b->statement->tag)
		return a->statement->tag < b->statement->tag ? -1 : 1;
	return strcmp(a->vrf_policy->name, b->vrf_policy->name);
}

/* All export statements of a family, sorted by tag, then by VRF name. */
static struct export *exports_collect(const struct vrfleak_policy *policy,
				      enum vrfleak_af af, uint32_t *count)
{
	struct export *exports;
	uint32_t filled = 0;

	*count = 0;
	for (uint32_t i = 0; i < policy->count; i++)
		*count += policy->vrfs[i]->exports[af].count;
	if (*count == 0)
		return NULL;

	exports = XCALLOC(MTYPE_VRFLEAK_POLICY, *count * sizeof(*exports));
	for (uint32_t i = 0; i < policy->count; i++) {
		struct vrfleak_vrf_policy *vrf_policy = policy->vrfs[i];

		for (uint32_t j = 0; j < vrf_policy->exports[af].count; j++)
			exports[filled++] = (struct export){
				&vrf_policy->exports[af].statement[j],
				vrf_policy};
	}
	qsort(exports, *count, sizeof(*exports), export_cmp);
	return exports;
}

static uint32_t exports_first(const struct export *exports, uint32_t count,
			      vrfleak_tag_t tag)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (exports[middle].statement->tag < tag)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct vrfleak_pair *pairs_add(struct vrfleak_pairs *pairs,
				      struct vrfleak_vrf_policy *vrf_policy,
				      uint32_t rank)
{
	struct vrfleak_pair *pair;

	pairs->pair = XREALLOC(MTYPE_VRFLEAK_POLICY, pairs->pair,
			       (pairs->count + 1) * sizeof(*pairs->pair));
	pair = &pairs->pair[pairs->count++];
	*pair = (struct vrfleak_pair){.peer = vrf_policy, .rank = rank};
	return pair;
}

/* Add a pair with one match. */
static void pairs_add_match(struct vrfleak_pairs *pairs,
			    const struct export *export,
			    const struct vrfleak_statement *import,
			    uint32_t rank)
{
	struct vrfleak_pair *pair = pairs_add(pairs, export->vrf_policy, rank);

	pair->matches = XCALLOC(MTYPE_VRFLEAK_POLICY, sizeof(*pair->matches));
	pair->matches[0] =
		(struct vrfleak_tag_match){export->statement, import, rank};
	pair->matches_count = 1;
}

/* Add the pairs of an import statement, with ranks from rank on. */
static void pairs_add_tag(struct vrfleak_pairs *pairs,
			  const struct vrfleak_vrf_policy *target,
			  const struct vrfleak_statement *import,
			  const struct export *exports, uint32_t count,
			  uint32_t *rank)
{
	for (uint32_t i = exports_first(exports, count, import->tag);
	     i < count && exports[i].statement->tag == import->tag; i++)
		if (exports[i].vrf_policy != target)
			pairs_add_match(pairs, &exports[i], import, (*rank)++);
}

static void pairs_add_vrf(struct vrfleak_pairs *pairs,
			  const struct vrfleak_policy *policy,
			  const struct vrfleak_vrf_policy *target,
			  const struct vrfleak_statement *import,
			  uint32_t *rank)
{
	const struct export export = {
		&vrfleak_by_name_export,
		vrfleak_policy_find(policy, import->source)};

	if (export.vrf_policy != target)
		pairs_add_match(pairs, &export, import, (*rank)++);
}

/* Move the match of a later pair of the same two VRFs to a pair. */
static void pair_merge(struct vrfleak_pair *pair, struct vrfleak_pair *later)
{
	if (match_filters(&pair->matches[pair->matches_count - 1])) {
		pair->matches = XREALLOC(MTYPE_VRFLEAK_POLICY, pair->matches,
					 (pair->matches_count + 1) *
						 sizeof(*pair->matches));
		pair->matches[pair->matches_count++] = later->matches[0];
	}
	XFREE(MTYPE_VRFLEAK_POLICY, later->matches);
}

static int pair_cmp(const void *one, const void *two)
{
	const struct vrfleak_pair *a = one, *b = two;
	int order = strcmp(a->peer->name, b->peer->name);

	if (order)
		return order;
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int pair_rank_cmp(const void *one, const void *two)
{
	const struct vrfleak_pair *a = one, *b = two;

	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Merge the pairs of each source, then renumber the ranks without gaps. */
static void pairs_normalize(struct vrfleak_pairs *pairs)
{
	uint32_t kept = 0;

	if (pairs->count == 0)
		return;

	qsort(pairs->pair, pairs->count, sizeof(*pairs->pair), pair_cmp);
	for (uint32_t i = 0; i < pairs->count; i++)
		if (i == 0 || pairs->pair[i].peer != pairs->pair[kept - 1].peer)
			pairs->pair[kept++] = pairs->pair[i];
		else
			pair_merge(&pairs->pair[kept - 1], &pairs->pair[i]);
	pairs->count = kept;

	qsort(pairs->pair, kept, sizeof(*pairs->pair), pair_rank_cmp);
	for (uint32_t i = 0; i < kept; i++)
		pairs->pair[i].rank = i;
	qsort(pairs->pair, kept, sizeof(*pairs->pair), pair_cmp);
}

static void target_compile(const struct vrfleak_policy *policy,
			   struct vrfleak_vrf_policy *target,
			   enum vrfleak_af af, const struct export *exports,
			   uint32_t count)
{
	struct vrfleak_pairs *sources = &target->sources[af];
	uint32_t rank = 0;

	for (uint32_t i = 0; i < target->imports[af].count; i++) {
		const struct vrfleak_statement *import =
			&target->imports[af].statement[i];

		if (import->source[0])
			pairs_add_vrf(sources, policy, target, import, &rank);
		else
			pairs_add_tag(sources, target, import, exports, count,
				      &rank);
	}

	target->limited[af] = statements_limited(&target->imports[af]);
	target->distance_min[af] = statements_distance(&target->imports[af]);
	pairs_normalize(sources);
	for (uint32_t i = 0; i < sources->count; i++)
		pairs_add(&sources->pair[i].peer->targets[af], target,
			  sources->pair[i].rank);
}

void vrfleak_policy_compile(struct vrfleak_policy *policy)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		uint32_t count;
		struct export *exports = exports_collect(policy, af, &count);

		for (uint32_t i = 0; i < policy->count; i++)
			target_compile(policy, policy->vrfs[i], af, exports,
				       count);
		XFREE(MTYPE_VRFLEAK_POLICY, exports);
		distances_collect(policy, af);
	}
}

struct vrfleak_vrf_policy *
vrfleak_policy_find(const struct vrfleak_policy *policy, const char *name)
{
	bool found;
	uint32_t position = vrf_policy_position(policy, name, &found);

	return found ? policy->vrfs[position] : NULL;
}

const struct vrfleak_pair *
vrfleak_policy_source(const struct vrfleak_vrf_policy *target,
		      enum vrfleak_af af, const char *source)
{
	const struct vrfleak_pairs *pairs = &target->sources[af];
	uint32_t low = 0, high = pairs->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(source, pairs->pair[middle].peer->name);

		if (order == 0)
			return &pairs->pair[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void vrfleak_policy_each_pair(const struct vrfleak_policy *policy,
			      vrfleak_policy_pair_cb cb, void *arg)
{
	for (uint32_t i = 0; i < policy->count; i++)
		for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
			struct vrfleak_pairs *sources =
				&policy->vrfs[i]->sources[af];

			for (uint32_t j = 0; j < sources->count; j++)
				cb(af, &sources->pair[j], policy->vrfs[i], arg);
		}
}
