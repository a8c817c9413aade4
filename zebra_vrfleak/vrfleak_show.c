// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the show commands.
 *
 * Each fills in either JSON or text, VRF by VRF, in the order of names. All is
 * read from the policy, the RIB and the contests at the moment of asking.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/termtable.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/vrfleak_cli.h"
#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_hints.h"
#include "zebra_vrfleak/vrfleak_show.h"
#include "zebra_vrfleak/vrfleak_stats.h"
#include "zebra_vrfleak/vrfleak_world.h"

typedef void (*show_vrf)(struct vrfleak_show *show);

/* ---- pieces ---- */

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

/* ---- show ip route-leak ---- */

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

static void summary_json(struct vrfleak_show *show, uint32_t leaked, uint32_t conflicts)
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
	json_object_int_add(show->json, "leakedRoutes", leaked);
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

static void summary_text(struct vrfleak_show *show, uint32_t leaked, uint32_t conflicts)
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
	vty_out(vty, "  Leaked from others: %u, refused: %u\n", leaked,
		conflicts);

	edges = &node->sources[show->af];
	for (uint32_t i = 0; i < edges->count; i++)
		summary_source(show, &edges->edge[i], NULL);
	vrfleak_hints(show->vrf, show->af, vrfleak_hint_text, vty);
	vty_out(vty, "\n");
}

static void summary_vrf(struct vrfleak_show *show)
{
	uint32_t conflicts = vrfleak_stats_conflicts(show->vrf, show->af);
	uint32_t leaked = vrfleak_stats_leaked(show->vrf, show->af);

	if (show->json)
		summary_json(show, leaked, conflicts);
	else
		summary_text(show, leaked, conflicts);
}

/* ---- the commands ---- */

static int show_json(struct vrfleak_show *show, show_vrf each, struct vrfleak_vrf *only)
{
	json_object *json = json_object_new_object();
	json_object *vrfs = json_object_new_object();
	struct vrfleak_vrf *vrf;

	json_object_string_add(json, "addressFamily",
			       vrfleak_af2str(show->af));
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->node || (only && vrf != only))
			continue;
		show->vrf = vrf;
		show->json = json_object_new_object();
		each(show);
		json_object_object_add(vrfs, vrf->name, show->json);
	}
	json_object_object_add(json, "vrfs", vrfs);
	return vty_json(show->vty, json);
}

static void table_print(struct vrfleak_show *show)
{
	char *text = ttable_dump(show->table, "\n");

	vty_out(show->vty, "%s", text);
	XFREE(MTYPE_TMP_TTABLE, text);
	ttable_del(show->table);
}

static int show_text(struct vrfleak_show *show, show_vrf each, struct vrfleak_vrf *only)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->node || (only && vrf != only))
			continue;
		show->vrf = vrf;
		each(show);
	}
	return CMD_SUCCESS;
}

/*
 * Show each configured VRF, or the one that the command names. table is for
 * text, with its head; NULL where the VRFs print for themselves.
 */
static int show_run(struct vty *vty, int argc, struct cmd_token *argv[],
		    show_vrf each, struct ttable *table)
{
	struct vrfleak_show show = {.vty = vty, .table = table};
	struct vrfleak_vrf *only = NULL;
	int idx = 0, ret;

	show.af = strcmp(argv[1]->text, "ip") ? VRFLEAK_IPV6 : VRFLEAK_IPV4;
	if (argv_find(argv, argc, "NAME", &idx)) {
		only = vrfleak_vrf_by_name(argv[idx]->arg);
		if (!only || !only->node) {
			vty_out(vty,
				"%% VRF %s has no route-leak configuration\n",
				argv[idx]->arg);
			if (table)
				ttable_del(table);
			return CMD_WARNING;
		}
	}

	ret = use_json(argc, argv) ? show_json(&show, each, only)
				   : show_text(&show, each, only);
	if (table && !use_json(argc, argv))
		table_print(&show);
	else if (table)
		ttable_del(table);
	return ret;
}

DEFUN (vrfleak_show,
       vrfleak_show_cmd,
       VRFLEAK_CMD_SHOW,
       VRFLEAK_HELP_SHOW)
{
	return show_run(vty, argc, argv, summary_vrf, NULL);
}

DEFUN (vrfleak_show_routes,
       vrfleak_show_routes_cmd,
       VRFLEAK_CMD_SHOW_ROUTES,
       VRFLEAK_HELP_SHOW_ROUTES)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	ttable_add_row(
		table,
		"VRF|Prefix|Source|Protocol|Next hop|Interface|Since");
	return show_run(vty, argc, argv, vrfleak_show_routes_of, table);
}

DEFUN (vrfleak_show_conflicts,
       vrfleak_show_conflicts_cmd,
       VRFLEAK_CMD_SHOW_CONFLICTS,
       VRFLEAK_HELP_SHOW_CONFLICTS)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	ttable_add_row(table,
		       "VRF|Prefix|Source|Reason|Winner|Protocol|Since");
	return show_run(vty, argc, argv, vrfleak_show_conflicts_of, table);
}

void vrfleak_show_init(void)
{
	VRFLEAK_COMMANDS_SHOW(VRFLEAK_INSTALL)
	vrfleak_show_explain_init();
	vrfleak_topology_init();
	vrfleak_whatif_init();
}
