// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: building and compiling policies.
 *
 * Compiling sorts all export lines by tag once and looks each import line up
 * in them, so it costs the number of lines and edges, not of pairs of VRFs.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_policy.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_POLICY, "Route leak policy");

/* An export line, for the index by tag. */
struct offer {
	const struct vrfleak_line *line;
	struct vrfleak_node *node;
};

static uint32_t node_position(const struct vrfleak_policy *policy,
			      const char *name, bool *found)
{
	uint32_t low = 0, high = policy->count;

	*found = false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(name, policy->nodes[middle]->name);

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

static struct vrfleak_node *node_get(struct vrfleak_policy *policy,
				     const char *name)
{
	struct vrfleak_node *node;
	bool found;
	uint32_t position = node_position(policy, name, &found);

	if (found)
		return policy->nodes[position];

	node = XCALLOC(MTYPE_VRFLEAK_POLICY, sizeof(*node));
	strlcpy(node->name, name, sizeof(node->name));

	policy->nodes =
		XREALLOC(MTYPE_VRFLEAK_POLICY, policy->nodes,
			 (policy->count + 1) * sizeof(*policy->nodes));
	memmove(&policy->nodes[position + 1], &policy->nodes[position],
		(policy->count - position) * sizeof(*policy->nodes));
	policy->nodes[position] = node;
	policy->count++;
	return node;
}

static struct vrfleak_line *lines_add(struct vrfleak_lines *lines,
				      vrfleak_tag_t tag)
{
	struct vrfleak_line *line;

	for (uint32_t i = 0; i < lines->count; i++)
		if (lines->line[i].tag == tag)
			return &lines->line[i];

	lines->line = XREALLOC(MTYPE_VRFLEAK_POLICY, lines->line,
			       (lines->count + 1) * sizeof(*lines->line));
	line = &lines->line[lines->count++];
	*line = (struct vrfleak_line){.tag = tag};
	return line;
}

static void lines_free(struct vrfleak_lines *lines)
{
	for (uint32_t i = 0; i < lines->count; i++)
		XFREE(MTYPE_VRFLEAK_POLICY, lines->line[i].map);
	XFREE(MTYPE_VRFLEAK_POLICY, lines->line);
}

static void edges_free(struct vrfleak_edges *edges)
{
	for (uint32_t i = 0; i < edges->count; i++)
		XFREE(MTYPE_VRFLEAK_POLICY, edges->edge[i].ways);
	XFREE(MTYPE_VRFLEAK_POLICY, edges->edge);
}

static void node_free(struct vrfleak_node *node)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		lines_free(&node->exports[af]);
		lines_free(&node->imports[af]);
		edges_free(&node->sources[af]);
		edges_free(&node->targets[af]);
	}
	XFREE(MTYPE_VRFLEAK_POLICY, node);
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
		node_free(policy->nodes[i]);
	XFREE(MTYPE_VRFLEAK_POLICY, policy->nodes);
	XFREE(MTYPE_VRFLEAK_POLICY, policy);
}

struct vrfleak_line *vrfleak_policy_export(struct vrfleak_policy *policy,
					   enum vrfleak_af af, const char *name,
					   vrfleak_tag_t tag)
{
	return lines_add(&node_get(policy, name)->exports[af], tag);
}

struct vrfleak_line *vrfleak_policy_import(struct vrfleak_policy *policy,
					   enum vrfleak_af af, const char *name,
					   vrfleak_tag_t tag)
{
	return lines_add(&node_get(policy, name)->imports[af], tag);
}

void vrfleak_line_set_map(struct vrfleak_line *line, const char *map)
{
	XFREE(MTYPE_VRFLEAK_POLICY, line->map);
	line->map = XSTRDUP(MTYPE_VRFLEAK_POLICY, map);
}

const struct vrfleak_line *vrfleak_lines_find(const struct vrfleak_lines *lines,
					      vrfleak_tag_t tag)
{
	for (uint32_t i = 0; i < lines->count; i++)
		if (lines->line[i].tag == tag)
			return &lines->line[i];
	return NULL;
}

static bool way_filters(const struct vrfleak_way *way)
{
	return way->export->map || way->import->map;
}

bool vrfleak_edge_filters(const struct vrfleak_edge *edge)
{
	return way_filters(&edge->ways[0]);
}

static bool lines_limited(const struct vrfleak_lines *lines)
{
	for (uint32_t i = 0; i < lines->count; i++)
		if (lines->line[i].limit.max)
			return true;
	return false;
}

static int offer_cmp(const void *one, const void *two)
{
	const struct offer *a = one, *b = two;

	if (a->line->tag != b->line->tag)
		return a->line->tag < b->line->tag ? -1 : 1;
	return strcmp(a->node->name, b->node->name);
}

/* All export lines of an address family, sorted by tag, then VRF name. */
static struct offer *offers_collect(const struct vrfleak_policy *policy,
				    enum vrfleak_af af, uint32_t *count)
{
	struct offer *offers;
	uint32_t filled = 0;

	*count = 0;
	for (uint32_t i = 0; i < policy->count; i++)
		*count += policy->nodes[i]->exports[af].count;
	if (*count == 0)
		return NULL;

	offers = XCALLOC(MTYPE_VRFLEAK_POLICY, *count * sizeof(*offers));
	for (uint32_t i = 0; i < policy->count; i++) {
		struct vrfleak_node *node = policy->nodes[i];

		for (uint32_t j = 0; j < node->exports[af].count; j++)
			offers[filled++] = (struct offer){
				&node->exports[af].line[j], node};
	}
	qsort(offers, *count, sizeof(*offers), offer_cmp);
	return offers;
}

static uint32_t offers_first(const struct offer *offers, uint32_t count,
			     vrfleak_tag_t tag)
{
	uint32_t low = 0, high = count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (offers[middle].line->tag < tag)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct vrfleak_edge *edges_add(struct vrfleak_edges *edges,
				      struct vrfleak_node *node, uint32_t rank)
{
	struct vrfleak_edge *edge;

	edges->edge = XREALLOC(MTYPE_VRFLEAK_POLICY, edges->edge,
			       (edges->count + 1) * sizeof(*edges->edge));
	edge = &edges->edge[edges->count++];
	*edge = (struct vrfleak_edge){.node = node, .rank = rank};
	return edge;
}

/* An edge of one way. */
static void edges_add_way(struct vrfleak_edges *edges,
			  const struct offer *offer,
			  const struct vrfleak_line *import, uint32_t rank)
{
	struct vrfleak_edge *edge = edges_add(edges, offer->node, rank);

	edge->ways = XCALLOC(MTYPE_VRFLEAK_POLICY, sizeof(*edge->ways));
	edge->ways[0] = (struct vrfleak_way){offer->line, import, rank};
	edge->ways_count = 1;
}

/* Let an edge have the ways of a later one between the same two VRFs. */
static void edge_merge(struct vrfleak_edge *edge, struct vrfleak_edge *later)
{
	if (way_filters(&edge->ways[edge->ways_count - 1])) {
		edge->ways = XREALLOC(MTYPE_VRFLEAK_POLICY, edge->ways,
				      (edge->ways_count + 1) *
					      sizeof(*edge->ways));
		edge->ways[edge->ways_count++] = later->ways[0];
	}
	XFREE(MTYPE_VRFLEAK_POLICY, later->ways);
}

static int edge_cmp(const void *one, const void *two)
{
	const struct vrfleak_edge *a = one, *b = two;
	int order = strcmp(a->node->name, b->node->name);

	if (order)
		return order;
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int edge_rank_cmp(const void *one, const void *two)
{
	const struct vrfleak_edge *a = one, *b = two;

	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Make one edge of a source's several, then number the ranks densely. */
static void edges_normalize(struct vrfleak_edges *edges)
{
	uint32_t kept = 0;

	if (edges->count == 0)
		return;

	qsort(edges->edge, edges->count, sizeof(*edges->edge), edge_cmp);
	for (uint32_t i = 0; i < edges->count; i++)
		if (i == 0 || edges->edge[i].node != edges->edge[kept - 1].node)
			edges->edge[kept++] = edges->edge[i];
		else
			edge_merge(&edges->edge[kept - 1], &edges->edge[i]);
	edges->count = kept;

	qsort(edges->edge, kept, sizeof(*edges->edge), edge_rank_cmp);
	for (uint32_t i = 0; i < kept; i++)
		edges->edge[i].rank = i;
	qsort(edges->edge, kept, sizeof(*edges->edge), edge_cmp);
}

static void target_compile(struct vrfleak_node *target, enum vrfleak_af af,
			   const struct offer *offers, uint32_t count)
{
	struct vrfleak_edges *sources = &target->sources[af];
	uint32_t rank = 0;

	for (uint32_t i = 0; i < target->imports[af].count; i++) {
		const struct vrfleak_line *import = &target->imports[af].line[i];

		for (uint32_t j = offers_first(offers, count, import->tag);
		     j < count && offers[j].line->tag == import->tag; j++)
			if (offers[j].node != target)
				edges_add_way(sources, &offers[j], import,
					      rank++);
	}

	target->limited[af] = lines_limited(&target->imports[af]);
	edges_normalize(sources);
	for (uint32_t i = 0; i < sources->count; i++)
		edges_add(&sources->edge[i].node->targets[af], target,
			  sources->edge[i].rank);
}

void vrfleak_policy_compile(struct vrfleak_policy *policy)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		uint32_t count;
		struct offer *offers = offers_collect(policy, af, &count);

		for (uint32_t i = 0; i < policy->count; i++)
			target_compile(policy->nodes[i], af, offers, count);
		XFREE(MTYPE_VRFLEAK_POLICY, offers);
	}
}

struct vrfleak_node *vrfleak_policy_find(const struct vrfleak_policy *policy,
					 const char *name)
{
	bool found;
	uint32_t position = node_position(policy, name, &found);

	return found ? policy->nodes[position] : NULL;
}

const struct vrfleak_edge *
vrfleak_policy_source(const struct vrfleak_node *target, enum vrfleak_af af,
		      const char *source)
{
	const struct vrfleak_edges *edges = &target->sources[af];
	uint32_t low = 0, high = edges->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(source, edges->edge[middle].node->name);

		if (order == 0)
			return &edges->edge[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void vrfleak_policy_each_edge(const struct vrfleak_policy *policy,
			      vrfleak_policy_edge_cb cb, void *arg)
{
	for (uint32_t i = 0; i < policy->count; i++)
		for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
			struct vrfleak_edges *sources =
				&policy->nodes[i]->sources[af];

			for (uint32_t j = 0; j < sources->count; j++)
				cb(af, &sources->edge[j], policy->nodes[i],
				   arg);
		}
}
