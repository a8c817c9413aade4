// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak: a VRF's lines, sources, targets and counts, and
 * hints at likely mistakes.
 */
#include <zebra.h>

#include "lib/json.h"

#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/rib/leaked_count.h"

static json_object *statements_json(const struct vrfleak_statements *statements)
{
	json_object *array = json_object_new_array();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < statements->count; i++)
		json_object_array_add(array,
				      json_object_new_string(vrfleak_tag2str(
					      statements->statement[i].tag, buf,
					      sizeof(buf))));
	return array;
}

static void limit_json(json_object *json, const struct vrfleak_show *show,
		       const struct vrfleak_statement *statement)
{
	if (statement->limit.max == 0)
		return;
	json_object_int_add(json, "maximumPrefix", statement->limit.max);
	json_object_int_add(json, "threshold", statement->limit.threshold);
	json_object_boolean_add(json, "warningOnly",
				statement->limit.warning_only);
	json_object_int_add(
		json, "routes",
		vrfleak_route_count(show->vrf, show->af, statement));
}

/* By tag, what a line has besides; lines that have nothing are left out. */
static json_object *options_json(const struct vrfleak_show *show,
				 const struct vrfleak_statements *statements)
{
	json_object *json = json_object_new_object();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < statements->count; i++) {
		const struct vrfleak_statement *statement =
			&statements->statement[i];
		json_object *options;

		if (!statement->map && statement->limit.max == 0)
			continue;
		options = json_object_new_object();
		if (statement->map)
			json_object_string_add(options, "routeMap",
					       statement->map);
		limit_json(options, show, statement);
		json_object_object_add(
			json, vrfleak_tag2str(statement->tag, buf, sizeof(buf)),
			options);
	}
	return json;
}

static void statements_text(const struct vrfleak_show *show, const char *title,
			    const struct vrfleak_statements *statements)
{
	struct vty *vty = show->vty;
	char buf[VRFLEAK_TAG_STRLEN];

	vty_out(vty, "  %s:", title);
	for (uint32_t i = 0; i < statements->count; i++) {
		const struct vrfleak_statement *statement =
			&statements->statement[i];

		vty_out(vty, "%s %s", i ? "," : "",
			vrfleak_tag2str(statement->tag, buf, sizeof(buf)));
		if (statement->map)
			vty_out(vty, " route-map %s", statement->map);
		if (statement->limit.max)
			vty_out(vty, " (%u of at most %u routes%s)",
				vrfleak_route_count(show->vrf, show->af,
						    statement),
				statement->limit.max,
				statement->limit.warning_only ? ", warning only"
							      : "");
	}
	vty_out(vty, "%s\n", statements->count ? "" : " none");
}

/* Whether a source exports what the VRF's import line takes. */
static bool statement_has_source(const struct vrfleak_show *show,
				 const struct vrfleak_statement *import,
				 const struct vrfleak_vrf_policy *source)
{
	return vrfleak_statements_find(&source->exports[show->af], import->tag);
}

/* The tags in common with a source, by the order of the import lines. */
static json_object *common_json(const struct vrfleak_show *show,
				const struct vrfleak_vrf_policy *source)
{
	const struct vrfleak_statements *imports =
		&show->vrf->policy->imports[show->af];
	json_object *array = json_object_new_array();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < imports->count; i++)
		if (statement_has_source(show, &imports->statement[i], source))
			json_object_array_add(
				array, json_object_new_string(vrfleak_tag2str(
					       imports->statement[i].tag, buf,
					       sizeof(buf))));
	return array;
}

static void common_text(const struct vrfleak_show *show,
			const struct vrfleak_vrf_policy *source)
{
	const struct vrfleak_statements *imports =
		&show->vrf->policy->imports[show->af];
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < imports->count; i++)
		if (statement_has_source(show, &imports->statement[i], source))
			vty_out(show->vty, " %s",
				vrfleak_tag2str(imports->statement[i].tag, buf,
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
			   const struct vrfleak_pair *pair,
			   json_object *sources)
{
	const struct vrfleak_vrf *source = pair->peer->vrf;
	json_object *json;

	if (sources) {
		json = json_object_new_object();
		json_object_object_add(json, "tags",
				       common_json(show, pair->peer));
		json_object_int_add(json, "routes", source->counter);
		json_object_object_add(sources, source->name, json);
		return;
	}
	vty_out(show->vty, "  From VRF %s: %u %s, by", source->name,
		source->counter, source->counter == 1 ? "route" : "routes");
	common_text(show, pair->peer);
}

/* How old the counts are, where they are not new. */
static void age_json(json_object *json, struct vrfleak_leaked_total leaked)
{
	if (leaked.age)
		json_object_boolean_add(json, "counting", leaked.age < 0);
	if (leaked.age > 0)
		json_object_int_add(json, "countedSecondsAgo", leaked.age);
}

static void age_text(struct vty *vty, struct vrfleak_leaked_total leaked)
{
	if (leaked.age < 0)
		vty_out(vty,
			"  The routes are being counted, as they are many; ask again\n");
	else if (leaked.age > 0)
		vty_out(vty, "  Counted %jd s ago, and now again\n",
			(intmax_t)leaked.age);
}

static void summary_json(struct vrfleak_show *show,
			 struct vrfleak_leaked_total leaked, uint32_t conflicts)
{
	const struct vrfleak_vrf_policy *vrf_policy = show->vrf->policy;
	const struct vrfleak_pairs *pairs = &vrf_policy->sources[show->af];
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
			       statements_json(&vrf_policy->exports[show->af]));
	json_object_object_add(show->json, "imports",
			       statements_json(&vrf_policy->imports[show->af]));
	json_object_object_add(
		show->json, "exportOptions",
		options_json(show, &vrf_policy->exports[show->af]));
	json_object_object_add(
		show->json, "importOptions",
		options_json(show, &vrf_policy->imports[show->af]));
	json_object_int_add(show->json, "leakedRoutes", leaked.routes);
	age_json(show->json, leaked);
	json_object_int_add(show->json, "conflicts", conflicts);
	for (uint32_t i = 0; i < pairs->count; i++)
		summary_source(show, &pairs->pair[i], sources);
	json_object_object_add(show->json, "sources", sources);

	pairs = &vrf_policy->targets[show->af];
	for (uint32_t i = 0; i < pairs->count; i++)
		json_object_array_add(
			targets,
			json_object_new_string(pairs->pair[i].peer->name));
	json_object_object_add(show->json, "targets", targets);

	vrfleak_hints(show->vrf, show->af, vrfleak_hint_json, hints);
	json_object_object_add(show->json, "hints", hints);
}

static void summary_text(struct vrfleak_show *show,
			 struct vrfleak_leaked_total leaked, uint32_t conflicts)
{
	const struct vrfleak_vrf_policy *vrf_policy = show->vrf->policy;
	const struct vrfleak_pairs *pairs = &vrf_policy->targets[show->af];
	struct vty *vty = show->vty;

	if (vrfleak_vrf_bound(show->vrf))
		vty_out(vty, "VRF %s, table %u, instance %u\n",
			vrf_policy->name, show->vrf->table_id,
			show->vrf->instance);
	else
		vty_out(vty, "VRF %s, does not exist\n", vrf_policy->name);

	statements_text(show, "Exports", &vrf_policy->exports[show->af]);
	statements_text(show, "Imports", &vrf_policy->imports[show->af]);
	vty_out(vty, "  Leaked to:");
	for (uint32_t i = 0; i < pairs->count; i++)
		vty_out(vty, " %s", pairs->pair[i].peer->name);
	vty_out(vty, "%s\n", pairs->count ? "" : " no VRF");
	vty_out(vty, "  Leaked from others: %u, refused: %u\n", leaked.routes,
		conflicts);
	age_text(vty, leaked);

	pairs = &vrf_policy->sources[show->af];
	for (uint32_t i = 0; i < pairs->count; i++)
		summary_source(show, &pairs->pair[i], NULL);
	vrfleak_hints(show->vrf, show->af, vrfleak_hint_text, vty);
	vty_out(vty, "\n");
}

void vrfleak_show_summary_of(struct vrfleak_show *show)
{
	uint32_t conflicts = vrfleak_conflicts_count(
		&vrfleak_queue.conflicts, show->vrf->index, show->af);
	struct vrfleak_leaked_total leaked =
		vrfleak_leaked_count(show->vrf, show->af);

	if (show->json)
		summary_json(show, leaked, conflicts);
	else
		summary_text(show, leaked, conflicts);
}
