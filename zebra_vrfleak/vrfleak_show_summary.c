// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak: a VRF's lines, sources, targets and counts, and
 * hints at likely mistakes.
 */
#include <zebra.h>

#include "lib/json.h"

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_hints.h"
#include "zebra_vrfleak/vrfleak_show.h"
#include "zebra_vrfleak/vrfleak_stats.h"
#include "zebra_vrfleak/vrfleak_world.h"

static json_object *lines_json(const struct vrfleak_lines *lines)
{
	json_object *array = json_object_new_array();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < lines->count; i++)
		json_object_array_add(array,
				      json_object_new_string(vrfleak_tag2str(
					      lines->line[i].tag, buf,
					      sizeof(buf))));
	return array;
}

static void limit_json(json_object *json, const struct vrfleak_show *show,
		       const struct vrfleak_line *line)
{
	if (line->limit.max == 0)
		return;
	json_object_int_add(json, "maximumPrefix", line->limit.max);
	json_object_int_add(json, "threshold", line->limit.threshold);
	json_object_boolean_add(json, "warningOnly", line->limit.warning_only);
	json_object_int_add(json, "routes",
			    vrfleak_world_charged(show->vrf, show->af, line));
}

/* By tag, what a line has besides; lines that have nothing are left out. */
static json_object *options_json(const struct vrfleak_show *show,
				 const struct vrfleak_lines *lines)
{
	json_object *json = json_object_new_object();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < lines->count; i++) {
		const struct vrfleak_line *line = &lines->line[i];
		json_object *options;

		if (!line->map && line->limit.max == 0)
			continue;
		options = json_object_new_object();
		if (line->map)
			json_object_string_add(options, "routeMap", line->map);
		limit_json(options, show, line);
		json_object_object_add(
			json, vrfleak_tag2str(line->tag, buf, sizeof(buf)),
			options);
	}
	return json;
}

static void lines_text(const struct vrfleak_show *show, const char *title,
		       const struct vrfleak_lines *lines)
{
	struct vty *vty = show->vty;
	char buf[VRFLEAK_TAG_STRLEN];

	vty_out(vty, "  %s:", title);
	for (uint32_t i = 0; i < lines->count; i++) {
		const struct vrfleak_line *line = &lines->line[i];

		vty_out(vty, "%s %s", i ? "," : "",
			vrfleak_tag2str(line->tag, buf, sizeof(buf)));
		if (line->map)
			vty_out(vty, " route-map %s", line->map);
		if (line->limit.max)
			vty_out(vty, " (%u of at most %u routes%s)",
				vrfleak_world_charged(show->vrf, show->af,
						      line),
				line->limit.max,
				line->limit.warning_only ? ", warning only"
							 : "");
	}
	vty_out(vty, "%s\n", lines->count ? "" : " none");
}

/* Whether a source exports what the VRF's import line takes. */
static bool line_has_source(const struct vrfleak_show *show,
			    const struct vrfleak_line *import,
			    const struct vrfleak_node *source)
{
	return vrfleak_lines_find(&source->exports[show->af], import->tag);
}

/* The tags in common with a source, by the order of the import lines. */
static json_object *common_json(const struct vrfleak_show *show,
				const struct vrfleak_node *source)
{
	const struct vrfleak_lines *imports = &show->vrf->node->imports[show->af];
	json_object *array = json_object_new_array();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < imports->count; i++)
		if (line_has_source(show, &imports->line[i], source))
			json_object_array_add(
				array,
				json_object_new_string(vrfleak_tag2str(
					imports->line[i].tag, buf,
					sizeof(buf))));
	return array;
}

static void common_text(const struct vrfleak_show *show,
			const struct vrfleak_node *source)
{
	const struct vrfleak_lines *imports = &show->vrf->node->imports[show->af];
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < imports->count; i++)
		if (line_has_source(show, &imports->line[i], source))
			vty_out(show->vty, " %s",
				vrfleak_tag2str(imports->line[i].tag, buf,
						sizeof(buf)));
	vty_out(show->vty, "\n");
}

void vrfleak_hint_json(const char *text, void *arg)
{
	json_object_array_add(arg, json_object_new_string(text));
}

void vrfleak_hint_text(const char *text, void *arg)
{
	vty_out(arg, "  Hint: %s\n", text);
}

static void summary_source(struct vrfleak_show *show,
			   const struct vrfleak_edge *edge,
			   json_object *sources)
{
	const struct vrfleak_vrf *source = edge->node->owner;
	json_object *json;

	if (sources) {
		json = json_object_new_object();
		json_object_object_add(json, "tags",
				       common_json(show, edge->node));
		json_object_int_add(json, "routes", source->tally);
		json_object_object_add(sources, source->name, json);
		return;
	}
	vty_out(show->vty, "  From VRF %s: %u %s, by", source->name,
		source->tally, source->tally == 1 ? "route" : "routes");
	common_text(show, edge->node);
}

/* How old the counts are, where they are not new. */
static void age_json(json_object *json, struct vrfleak_count leaked)
{
	if (leaked.age)
		json_object_boolean_add(json, "counting", leaked.age < 0);
	if (leaked.age > 0)
		json_object_int_add(json, "countedSecondsAgo", leaked.age);
}

static void age_text(struct vty *vty, struct vrfleak_count leaked)
{
	if (leaked.age < 0)
		vty_out(vty,
			"  The routes are being counted, as they are many; ask again\n");
	else if (leaked.age > 0)
		vty_out(vty, "  Counted %jd s ago, and now again\n",
			(intmax_t)leaked.age);
}

static void summary_json(struct vrfleak_show *show, struct vrfleak_count leaked,
			 uint32_t conflicts)
{
	const struct vrfleak_node *node = show->vrf->node;
	const struct vrfleak_edges *edges = &node->sources[show->af];
	json_object *sources = json_object_new_object();
	json_object *targets = json_object_new_array();
	json_object *hints = json_object_new_array();
	bool active = vrfleak_vrf_bound(show->vrf);

	json_object_boolean_add(show->json, "active", active);
	if (active) {
		json_object_int_add(show->json, "vrfId", show->vrf->vrf_id);
		json_object_int_add(show->json, "tableId", show->vrf->table_id);
		json_object_int_add(show->json, "instance",
				    show->vrf->instance);
	}
	json_object_object_add(show->json, "exports",
			       lines_json(&node->exports[show->af]));
	json_object_object_add(show->json, "imports",
			       lines_json(&node->imports[show->af]));
	json_object_object_add(show->json, "exportOptions",
			       options_json(show, &node->exports[show->af]));
	json_object_object_add(show->json, "importOptions",
			       options_json(show, &node->imports[show->af]));
	json_object_int_add(show->json, "leakedRoutes", leaked.routes);
	age_json(show->json, leaked);
	json_object_int_add(show->json, "conflicts", conflicts);
	for (uint32_t i = 0; i < edges->count; i++)
		summary_source(show, &edges->edge[i], sources);
	json_object_object_add(show->json, "sources", sources);

	edges = &node->targets[show->af];
	for (uint32_t i = 0; i < edges->count; i++)
		json_object_array_add(
			targets,
			json_object_new_string(edges->edge[i].node->name));
	json_object_object_add(show->json, "targets", targets);

	vrfleak_hints(show->vrf, show->af, vrfleak_hint_json, hints);
	json_object_object_add(show->json, "hints", hints);
}

static void summary_text(struct vrfleak_show *show, struct vrfleak_count leaked,
			 uint32_t conflicts)
{
	const struct vrfleak_node *node = show->vrf->node;
	const struct vrfleak_edges *edges = &node->targets[show->af];
	struct vty *vty = show->vty;

	if (vrfleak_vrf_bound(show->vrf))
		vty_out(vty, "VRF %s, table %u, instance %u\n", node->name,
			show->vrf->table_id, show->vrf->instance);
	else
		vty_out(vty, "VRF %s, does not exist\n", node->name);

	lines_text(show, "Exports", &node->exports[show->af]);
	lines_text(show, "Imports", &node->imports[show->af]);
	vty_out(vty, "  Leaked to:");
	for (uint32_t i = 0; i < edges->count; i++)
		vty_out(vty, " %s", edges->edge[i].node->name);
	vty_out(vty, "%s\n", edges->count ? "" : " no VRF");
	vty_out(vty, "  Leaked from others: %u, refused: %u\n", leaked.routes,
		conflicts);
	age_text(vty, leaked);

	edges = &node->sources[show->af];
	for (uint32_t i = 0; i < edges->count; i++)
		summary_source(show, &edges->edge[i], NULL);
	vrfleak_hints(show->vrf, show->af, vrfleak_hint_text, vty);
	vty_out(vty, "\n");
}

void vrfleak_show_summary_of(struct vrfleak_show *show)
{
	uint32_t conflicts = vrfleak_contests_waiting(
		vrfleak_engine_contests(), show->vrf->number, show->af);
	struct vrfleak_count leaked =
		vrfleak_stats_leaked(show->vrf, show->af);

	if (show->json)
		summary_json(show, leaked, conflicts);
	else
		summary_text(show, leaked, conflicts);
}
