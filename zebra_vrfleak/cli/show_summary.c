// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak: a VRF's export and import statements, sources,
 * targets and counts, and hints at likely mistakes.
 *
 * The command reads a struct summary and shows it as text or as JSON.
 */
#include <zebra.h>

#include "lib/json.h"

#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/counters.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/rib/leaked_count.h"

/* An export or import statement. */
struct statement_row {
	/* As in the command: "1:1" or "vrf red". */
	char text[VRFLEAK_STATEMENT_STRLEN];
	bool by_name;
	/* The route-map's name, or NULL. */
	const char *map;
	/* 0 unless it is configured. */
	uint8_t distance;
	/* limit.max is 0 without a limit; routes: how many count for it. */
	struct vrfleak_limit limit;
	uint32_t routes;
};

struct statement_rows {
	struct statement_row *row;
	uint32_t count;
};

/* A source VRF. */
struct source_row {
	const char *name;
	uint32_t index;
	uint32_t routes;
	/* The import statements that match it, in their order. */
	const struct statement_row **imports;
	uint32_t imports_count;
};

struct summary {
	const struct vrfleak_vrf *vrf;
	enum vrfleak_af af;
	/* Whether the VRF exists. */
	bool active;
	bool preempt;
	struct statement_rows exports;
	struct statement_rows imports;
	struct vrfleak_leaked_total leaked;
	uint32_t conflicts;
	/* In seconds, or 0. */
	uint32_t hold_down;
	struct source_row *sources;
	uint32_t sources_count;
	const struct vrfleak_pairs *targets;
};

/* ---- reading ---- */

static struct statement_rows
statements_read(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
		const struct vrfleak_statements *statements)
{
	struct statement_rows rows = {.count = statements->count};

	rows.row = XCALLOC(MTYPE_TMP, (rows.count + 1) * sizeof(*rows.row));
	for (uint32_t i = 0; i < rows.count; i++) {
		const struct vrfleak_statement *statement =
			&statements->statement[i];
		struct statement_row *row = &rows.row[i];

		vrfleak_statement2str(statement, row->text, sizeof(row->text));
		row->by_name = statement->source[0];
		row->map = statement->map;
		if (statement->distance != VRFLEAK_DISTANCE)
			row->distance = statement->distance;
		row->limit = statement->limit;
		if (row->limit.max)
			row->routes = vrfleak_route_count(vrf, af, statement);
	}
	return rows;
}

static bool statement_matches(const struct vrfleak_statement *import,
			      const struct vrfleak_vrf_policy *source,
			      enum vrfleak_af af)
{
	if (import->source[0])
		return strmatch(import->source, source->name);
	return vrfleak_statements_find(&source->exports[af], import->tag);
}

static void source_read(struct source_row *row, const struct summary *summary,
			const struct vrfleak_vrf_policy *source)
{
	const struct vrfleak_vrf *from = source->vrf;
	const struct vrfleak_statements *imports =
		&summary->vrf->policy->imports[summary->af];

	row->name = from->name;
	row->index = from->index;
	row->routes = vrfleak_leaked_from(from);
	row->imports = XCALLOC(MTYPE_TMP,
			       (imports->count + 1) * sizeof(*row->imports));
	for (uint32_t i = 0; i < imports->count; i++)
		if (statement_matches(&imports->statement[i], source,
				      summary->af))
			row->imports[row->imports_count++] =
				&summary->imports.row[i];
}

static struct summary summary_read(const struct vrfleak_vrf *vrf,
				   enum vrfleak_af af)
{
	const struct vrfleak_vrf_policy *vrf_policy = vrf->policy;
	const struct vrfleak_pairs *sources = &vrf_policy->sources[af];
	struct summary summary = {
		.vrf = vrf,
		.af = af,
		.active = vrfleak_vrf_bound(vrf),
		.preempt = vrf_policy->preempt[af],
		.exports = statements_read(vrf, af, &vrf_policy->exports[af]),
		.imports = statements_read(vrf, af, &vrf_policy->imports[af]),
		/* This counts the routes of each source, too. */
		.leaked = vrfleak_leaked_count(vrf, af),
		.conflicts = vrfleak_conflicts_refused(&vrfleak_queue.conflicts,
						       vrf->index, af),
		.hold_down = vrf_policy->hold_down[af],
		.sources_count = sources->count,
		.targets = &vrf_policy->targets[af],
	};

	summary.sources = XCALLOC(MTYPE_TMP, (sources->count + 1) *
						     sizeof(*summary.sources));
	for (uint32_t i = 0; i < sources->count; i++)
		source_read(&summary.sources[i], &summary,
			    sources->pair[i].peer);
	return summary;
}

static void summary_free(struct summary *summary)
{
	for (uint32_t i = 0; i < summary->sources_count; i++)
		XFREE(MTYPE_TMP, summary->sources[i].imports);
	XFREE(MTYPE_TMP, summary->sources);
	XFREE(MTYPE_TMP, summary->exports.row);
	XFREE(MTYPE_TMP, summary->imports.row);
}

/* ---- JSON ---- */

void vrfleak_hint_json(const char *text, void *arg)
{
	json_object_array_add(arg, json_object_new_string(text));
}

static json_object *statements_json(const struct statement_rows *rows)
{
	json_object *array = json_object_new_array();

	for (uint32_t i = 0; i < rows->count; i++)
		json_object_array_add(
			array, json_object_new_string(rows->row[i].text));
	return array;
}

static json_object *options_json(const struct statement_row *row)
{
	json_object *json = json_object_new_object();

	if (row->map)
		json_object_string_add(json, "routeMap", row->map);
	if (row->distance)
		json_object_int_add(json, "distance", row->distance);
	if (row->limit.max) {
		json_object_int_add(json, "maximumPrefix", row->limit.max);
		json_object_int_add(json, "threshold", row->limit.threshold);
		json_object_boolean_add(json, "warningOnly",
					row->limit.warning_only);
		json_object_int_add(json, "routes", row->routes);
	}
	return json;
}

/* The options of each statement; those without options are left out. */
static json_object *all_options_json(const struct statement_rows *rows)
{
	json_object *json = json_object_new_object();

	for (uint32_t i = 0; i < rows->count; i++)
		if (rows->row[i].map || rows->row[i].distance ||
		    rows->row[i].limit.max)
			json_object_object_add(json, rows->row[i].text,
					       options_json(&rows->row[i]));
	return json;
}

static json_object *source_totals_json(const struct summary *summary,
				       const struct source_row *row)
{
	json_object *json = json_object_new_object();
	struct vrfleak_totals totals = vrfleak_counters_pair(
		summary->vrf->index, row->index, summary->af);

	vrfleak_totals_json(json, &totals);
	return json;
}

static json_object *sources_json(const struct summary *summary)
{
	json_object *sources = json_object_new_object();

	for (uint32_t i = 0; i < summary->sources_count; i++) {
		const struct source_row *row = &summary->sources[i];
		json_object *json = json_object_new_object();
		json_object *tags = json_object_new_array();
		bool by_name = false;

		for (uint32_t j = 0; j < row->imports_count; j++)
			if (row->imports[j]->by_name)
				by_name = true;
			else
				json_object_array_add(
					tags, json_object_new_string(
						      row->imports[j]->text));
		json_object_object_add(json, "tags", tags);
		json_object_boolean_add(json, "byName", by_name);
		json_object_int_add(json, "routes", row->routes);
		json_object_object_add(json, "totals",
				       source_totals_json(summary, row));
		json_object_object_add(sources, row->name, json);
	}
	return sources;
}

static json_object *targets_json(const struct summary *summary)
{
	json_object *array = json_object_new_array();

	for (uint32_t i = 0; i < summary->targets->count; i++)
		json_object_array_add(
			array, json_object_new_string(
				       summary->targets->pair[i].peer->name));
	return array;
}

static void summary_json(json_object *json, const struct summary *summary)
{
	json_object *hints = json_object_new_array();

	json_object_boolean_add(json, "active", summary->active);
	if (summary->active) {
		json_object_int_add(json, "vrfId", summary->vrf->vrf_id);
		json_object_int_add(json, "tableId", summary->vrf->table_id);
		json_object_int_add(json, "instance", summary->vrf->instance);
	}
	json_object_object_add(json, "exports",
			       statements_json(&summary->exports));
	json_object_object_add(json, "imports",
			       statements_json(&summary->imports));
	json_object_boolean_add(json, "preempt", summary->preempt);
	json_object_object_add(json, "exportOptions",
			       all_options_json(&summary->exports));
	json_object_object_add(json, "importOptions",
			       all_options_json(&summary->imports));
	if (summary->hold_down)
		json_object_int_add(json, "holdDown", summary->hold_down);
	json_object_int_add(json, "leakedRoutes", summary->leaked.routes);
	json_object_boolean_add(json, "counting", summary->leaked.age < 0);
	if (summary->leaked.age > 0)
		json_object_int_add(json, "countedSecondsAgo",
				    summary->leaked.age);
	json_object_int_add(json, "conflicts", summary->conflicts);
	json_object_object_add(json, "sources", sources_json(summary));
	json_object_object_add(json, "targets", targets_json(summary));
	vrfleak_hints(summary->vrf, summary->af, vrfleak_hint_json, hints);
	json_object_object_add(json, "hints", hints);
}

/* ---- text ---- */

void vrfleak_hint_text(const char *text, void *arg)
{
	vty_out(arg, "  Hint: %s\n", text);
}

static void statements_text(struct vty *vty, const char *title,
			    const struct statement_rows *rows)
{
	vty_out(vty, "  %s:", title);
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct statement_row *row = &rows->row[i];

		vty_out(vty, "%s %s", i ? "," : "", row->text);
		if (row->map)
			vty_out(vty, " route-map %s", row->map);
		if (row->distance)
			vty_out(vty, " distance %u", row->distance);
		if (row->limit.max)
			vty_out(vty, " (%u of at most %u routes%s)",
				row->routes, row->limit.max,
				row->limit.warning_only ? ", warning only"
							: "");
	}
	vty_out(vty, "%s\n", rows->count ? "" : " none");
}

static void source_text(struct vty *vty, const struct source_row *row)
{
	vty_out(vty, "  From VRF %s: %u %s, by", row->name, row->routes,
		row->routes == 1 ? "route" : "routes");
	for (uint32_t i = 0; i < row->imports_count; i++)
		vty_out(vty, "%s %s", i ? "," : "", row->imports[i]->text);
	vty_out(vty, "\n");
}

/* The age of the counts, if they are not current. */
static void age_text(struct vty *vty, const struct summary *summary)
{
	if (summary->leaked.age < 0)
		vty_out(vty, "  Counting in progress; repeat the command\n");
	else if (summary->leaked.age > 0)
		vty_out(vty,
			"  Counted %jd s ago; a new count is in progress\n",
			(intmax_t)summary->leaked.age);
}

static void summary_text(struct vty *vty, const struct summary *summary)
{
	const struct vrfleak_vrf *vrf = summary->vrf;

	if (summary->active)
		vty_out(vty, "VRF %s, table %u, instance %u\n", vrf->name,
			vrf->table_id, vrf->instance);
	else
		vty_out(vty, "VRF %s, does not exist\n", vrf->name);
	statements_text(vty, "Exports", &summary->exports);
	statements_text(vty, "Imports", &summary->imports);
	if (summary->preempt)
		vty_out(vty, "  Preempt: an earlier import takes over\n");
	if (summary->hold_down)
		vty_out(vty, "  Hold-down: %u s\n", summary->hold_down);
	vty_out(vty, "  Leaked to:");
	for (uint32_t i = 0; i < summary->targets->count; i++)
		vty_out(vty, " %s", summary->targets->pair[i].peer->name);
	vty_out(vty, "%s\n", summary->targets->count ? "" : " no VRF");
	vty_out(vty, "  Leaked from others: %u, refused: %u\n",
		summary->leaked.routes, summary->conflicts);
	age_text(vty, summary);
	for (uint32_t i = 0; i < summary->sources_count; i++)
		source_text(vty, &summary->sources[i]);
	vrfleak_hints(vrf, summary->af, vrfleak_hint_text, vty);
	vty_out(vty, "\n");
}

void vrfleak_show_summary_of(struct vrfleak_show *show)
{
	struct summary summary = summary_read(show->vrf, show->af);

	if (show->json)
		summary_json(show->json, &summary);
	else
		summary_text(show->vty, &summary);
	summary_free(&summary);
}
