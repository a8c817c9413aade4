// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show route-leak topology: which VRF leaks to which, of both address
 * families. The command reads a struct matrix and shows it as text, for
 * Graphviz, or as JSON.
 *
 * As text, a matrix that is wider than a terminal is shown as a list of pairs.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/vrfleak_commands.h"

#define TERMINAL_WIDTH 80

/*
 * The time for collecting the pairs of an address family, and for showing them.
 * So many VRFs are collected, and so many pairs shown, whatever the time.
 */
#define PART_USEC (VRFLEAK_ANSWER_USEC / (2 * VRFLEAK_AF_MAX))
#define LEAST_VRFS 32
#define LEAST_PAIRS 200

#define INCOMPLETE                                                             \
	"only a part is shown, as there are very many pairs; see 'show ip route-leak vrf NAME'"

struct cell {
	bool pair;
	uint32_t routes;
	uint32_t refused;
};

/* All VRFs of the policy as rows (sources) and columns (targets). */
struct matrix {
	enum vrfleak_af af;
	uint32_t size;
	uint32_t pairs;
	/* A target with many routes is still being counted. */
	bool counting;
	/* The pairs of some targets are missing. */
	bool partial;
	struct vrfleak_answer answer;
	struct cell *cells;
};

static const char *vrf_name(uint32_t i)
{
	return vrfleak_queue.policy->vrfs[i]->name;
}

static struct cell *cell_of(const struct matrix *matrix, uint32_t source,
			    uint32_t target)
{
	return &matrix->cells[(size_t)source * matrix->size + target];
}

static int policy_cmp(const void *a, const void *b)
{
	const struct vrfleak_vrf_policy *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* The position of a VRF in the matrix. The policy sorts VRFs by name. */
static uint32_t position_of(const struct vrfleak_vrf_policy *vrf_policy)
{
	const struct vrfleak_policy *policy = vrfleak_queue.policy;
	struct vrfleak_vrf_policy **found =
		bsearch(&vrf_policy, policy->vrfs, policy->count,
			sizeof(*policy->vrfs), policy_cmp);

	return (uint32_t)(found - policy->vrfs);
}

/* Visits only pairs that leak: there may be millions of pairs in all. */
static void column_fill(struct matrix *matrix, uint32_t target)
{
	const struct vrfleak_vrf_policy *vrf_policy =
		vrfleak_queue.policy->vrfs[target];
	const struct vrfleak_pairs *sources = &vrf_policy->sources[matrix->af];
	const struct vrfleak_vrf *to = vrf_policy->vrf;

	if (sources->count == 0)
		return;
	if (vrfleak_leaked_count(to, matrix->af).age < 0)
		matrix->counting = true;
	for (uint32_t i = 0; i < sources->count; i++) {
		const struct vrfleak_vrf_policy *source = sources->pair[i].peer;
		const struct vrfleak_vrf *from = source->vrf;
		struct cell *cell =
			cell_of(matrix, position_of(source), target);

		cell->pair = true;
		cell->routes = vrfleak_leaked_from(from);
		cell->refused = vrfleak_conflicts_count_from(
			&vrfleak_queue.conflicts, to->index, matrix->af,
			from->index);
	}
	matrix->pairs += sources->count;
}

static struct matrix matrix_make(enum vrfleak_af af)
{
	struct matrix matrix = {
		.af = af,
		.size = vrfleak_queue.policy->count,
	};

	vrfleak_answer_begin(&matrix.answer, PART_USEC, LEAST_VRFS);
	matrix.cells = XCALLOC(MTYPE_TMP, ((size_t)matrix.size * matrix.size +
					   1) * sizeof(*matrix.cells));
	for (uint32_t i = 0; i < matrix.size; i++)
		if (vrfleak_answer_in_time(&matrix.answer))
			column_fill(&matrix, i);
	matrix.partial = matrix.answer.over;
	vrfleak_answer_begin(&matrix.answer, PART_USEC, LEAST_PAIRS);
	return matrix;
}

/* Returns whether all pairs were shown. */
static bool matrix_end(struct matrix *matrix)
{
	XFREE(MTYPE_TMP, matrix->cells);
	return !matrix->partial && !matrix->answer.over;
}

/*
 * Call cb for each pair that leaks, by source, then by target, as long as there
 * is time.
 */
static void pairs_each(struct matrix *matrix,
		       void (*cb)(const struct matrix *matrix, uint32_t source,
				  uint32_t target, const struct cell *cell,
				  void *arg),
		       void *arg)
{
	for (uint32_t s = 0; s < matrix->size; s++)
		for (uint32_t t = 0; t < matrix->size; t++)
			if (cell_of(matrix, s, t)->pair &&
			    vrfleak_answer_in_time(&matrix->answer))
				cb(matrix, s, t, cell_of(matrix, s, t), arg);
}

/* ---- text ---- */

static int cell_print(const struct matrix *matrix, uint32_t s, uint32_t t,
		      char *buf, size_t size)
{
	const struct cell *cell = cell_of(matrix, s, t);

	if (s == t)
		return snprintf(buf, size, "-");
	if (!cell->pair)
		return snprintf(buf, size, ".");
	if (cell->refused)
		return snprintf(buf, size, "%u!%u", cell->routes,
				cell->refused);
	return snprintf(buf, size, "%u", cell->routes);
}

static int column_width(const struct matrix *matrix, uint32_t t)
{
	int width = (int)strlen(vrf_name(t));
	char buf[32];

	for (uint32_t s = 0; s < matrix->size; s++)
		width = MAX(width, cell_print(matrix, s, t, buf, sizeof(buf)));
	return width + 2;
}

static int names_width(const struct matrix *matrix)
{
	int width = 0;

	for (uint32_t i = 0; i < matrix->size; i++)
		width = MAX(width, (int)strlen(vrf_name(i)));
	return width;
}

static void matrix_print(struct vty *vty, const struct matrix *matrix)
{
	int names = names_width(matrix);
	char buf[32];

	vty_out(vty, "%*s", names, "");
	for (uint32_t t = 0; t < matrix->size; t++)
		vty_out(vty, "%*s", column_width(matrix, t), vrf_name(t));
	vty_out(vty, "\n");
	for (uint32_t s = 0; s < matrix->size; s++) {
		vty_out(vty, "%-*s", names, vrf_name(s));
		for (uint32_t t = 0; t < matrix->size; t++) {
			cell_print(matrix, s, t, buf, sizeof(buf));
			vty_out(vty, "%*s", column_width(matrix, t), buf);
		}
		vty_out(vty, "\n");
	}
}

static void pair_print(const struct matrix *matrix, uint32_t s, uint32_t t,
		       const struct cell *cell, void *arg)
{
	int names = names_width(matrix);

	vty_out(arg, "  %-*s -> %-*s  %8u routes, %8u refused\n", names,
		vrf_name(s), names, vrf_name(t), cell->routes, cell->refused);
}

static void one_way_print(const struct matrix *matrix, uint32_t s, uint32_t t,
			  const struct cell *cell, void *arg)
{
	if (!cell_of(matrix, t, s)->pair)
		vty_out(arg, "Hint: %s can reach %s; %s has no route back\n",
			vrf_name(t), vrf_name(s), vrf_name(s));
}

static void family_print(struct vty *vty, enum vrfleak_af af)
{
	struct matrix matrix = matrix_make(af);
	int width = names_width(&matrix);

	for (uint32_t t = 0; t < matrix.size && width <= TERMINAL_WIDTH; t++)
		width += column_width(&matrix, t);
	vty_out(vty, "%s: ", af == VRFLEAK_IPV4 ? "IPv4" : "IPv6");
	if (matrix.pairs == 0 && !matrix.partial) {
		vty_out(vty, "no VRF leaks to another\n");
	} else if (width <= TERMINAL_WIDTH) {
		vty_out(vty,
			"routes from the row's VRF in the column's; N!M: N leaked, M refused; a dot: no leak\n");
		matrix_print(vty, &matrix);
	} else {
		vty_out(vty, "routes from one VRF in another\n");
		pairs_each(&matrix, pair_print, vty);
	}
	if (!matrix.partial)
		pairs_each(&matrix, one_way_print, vty);
	if (matrix.counting)
		vty_out(vty,
			"Hint: counting in progress, some routes are shown as 0; repeat the command\n");
	if (!matrix_end(&matrix))
		vty_out(vty, "Hint: " INCOMPLETE "\n");
	vty_out(vty, "\n");
}

/* ---- Graphviz ---- */

#define DOT_NAME_SIZE (2 * VRFLEAK_NAME_SIZE + 3)

/* A name as a Graphviz string, with escaped quotes and backslashes. */
static const char *name_dot(uint32_t i, char buf[DOT_NAME_SIZE])
{
	char *out = buf;

	*out++ = '"';
	for (const char *in = vrf_name(i); *in; in++) {
		if (*in == '"' || *in == '\\')
			*out++ = '\\';
		*out++ = *in;
	}
	*out++ = '"';
	*out = '\0';
	return buf;
}

static void pair_dot(const struct matrix *matrix, uint32_t s, uint32_t t,
		     const struct cell *cell, void *arg)
{
	char source[DOT_NAME_SIZE], target[DOT_NAME_SIZE];

	vty_out(arg, "  %s -> %s [label=\"%s %u", name_dot(s, source),
		name_dot(t, target), vrfleak_af2str(matrix->af), cell->routes);
	if (cell->refused)
		vty_out(arg, " (%u refused)", cell->refused);
	vty_out(arg, "\"%s];\n",
		cell_of(matrix, t, s)->pair ? "" : ", style=dashed");
}

static void dot_print(struct vty *vty)
{
	char name[DOT_NAME_SIZE];
	bool complete = true;

	vty_out(vty, "digraph \"route-leak\" {\n");
	for (uint32_t i = 0; i < vrfleak_queue.policy->count; i++)
		vty_out(vty, "  %s;\n", name_dot(i, name));
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		struct matrix matrix = matrix_make(af);

		pairs_each(&matrix, pair_dot, vty);
		complete = matrix_end(&matrix) && complete;
	}
	if (!complete)
		vty_out(vty, "  // " INCOMPLETE "\n");
	vty_out(vty, "}\n");
}

/* ---- JSON ---- */

static void pair_json(const struct matrix *matrix, uint32_t s, uint32_t t,
		      const struct cell *cell, void *arg)
{
	json_object *json = json_object_new_object();

	json_object_string_add(json, "source", vrf_name(s));
	json_object_string_add(json, "target", vrf_name(t));
	json_object_int_add(json, "routes", cell->routes);
	if (matrix->counting)
		json_object_boolean_add(json, "counting", true);
	json_object_int_add(json, "conflicts", cell->refused);
	if (!matrix->partial)
		json_object_boolean_add(json, "oneWay",
					!cell_of(matrix, t, s)->pair);
	json_object_array_add(arg, json);
}

static int topology_json(struct vty *vty)
{
	json_object *json = json_object_new_object();
	bool complete = true;

	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		struct matrix matrix = matrix_make(af);
		json_object *pairs = json_object_new_array();

		pairs_each(&matrix, pair_json, pairs);
		json_object_object_add(json, vrfleak_af2str(af), pairs);
		complete = matrix_end(&matrix) && complete;
	}
	json_object_boolean_add(json, "complete", complete);
	return vty_json(vty, json);
}

DEFUN(vrfleak_topology, vrfleak_topology_cmd, VRFLEAK_CMD_TOPOLOGY,
      VRFLEAK_HELP_TOPOLOGY)
{
	if (strmatch(argv[argc - 1]->text, "json"))
		return topology_json(vty);
	if (strmatch(argv[argc - 1]->text, "dot")) {
		dot_print(vty);
		return CMD_SUCCESS;
	}
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		family_print(vty, af);
	return CMD_SUCCESS;
}

void vrfleak_show_topology_init(void)
{
	VRFLEAK_COMMANDS_TOPOLOGY(VRFLEAK_INSTALL)
}
