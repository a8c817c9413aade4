// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak what-if: the effect that an export or import
 * statement would have.
 *
 * The command changes nothing. It evaluates a temporary statement with the
 * functions that make the decision. Zebra does nothing else meanwhile, so the
 * command stops at the end of its time budget and shows how many routes it has
 * examined.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/route_map.h"
#include "zebra_vrfleak/rib/vrf_binding.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/*
 * The limit is a time, not a number of routes: the cost of a route depends on
 * the route-maps. The answer itself is short.
 */
#define BUDGET_USEC 40000

/*
 * The number of routes between two checks of the time. With a route-map it is
 * checked for each route.
 */
#define BUDGET_ROUTES 16

/* The number of checks before the time counts. */
#define LEAST_CHECKS 64

/* How many VRFs the text names; JSON names all. */
#define TEXT_VRFS 10

struct whatif {
	/* The source-target pair that is examined. */
	struct vrfleak_vrf *source;
	struct vrfleak_vrf *target;
	struct vrfleak_pair pair;
	struct vrfleak_answer answer;
	/* A route-map is applied to the routes of the pair. */
	bool filtered_pair;
	bool import;
	/* What would be imported or exported, as in the command. */
	char text[VRFLEAK_STATEMENT_STRLEN];
	/* The VRFs at the other side, one for each pair. */
	const struct vrfleak_vrf **vrfs;
	uint32_t pairs;
	uint32_t examined;
	uint32_t leaked;
	uint32_t already;
	uint32_t refused;
	uint32_t filtered;
	/* Of leaked, those whose metric or tag a route-map changes. */
	uint32_t changed;
};

static void leaked_count(struct whatif *whatif, const struct route_entry *re,
			 const struct vrfleak_attributes *attributes)
{
	whatif->leaked++;
	if (attributes->metric != re->metric || attributes->tag != re->tag)
		whatif->changed++;
}

static bool route_find(const struct vrfleak_rib_at *at, void *arg)
{
	const struct prefix *prefix = at->prefix;
	struct whatif *whatif = arg;
	struct vrfleak_attributes attributes;
	struct vrfleak_installed installed;
	const struct route_entry *re;
	const struct vrfleak_tag_match *match;

	if ((whatif->filtered_pair ||
	     whatif->examined % BUDGET_ROUTES == BUDGET_ROUTES - 1) &&
	    !vrfleak_answer_in_time(&whatif->answer))
		return false;
	whatif->examined++;
	re = vrfleak_rib_offered(whatif->source, at->rn);
	if (!re || !vrfleak_rib_leakable(prefix) ||
	    vrfleak_rib_returns(re, whatif->target))
		return true;

	installed =
		vrfleak_rib_installed(vrfleak_rib_node(whatif->target, prefix));
	match = vrfleak_offer_match(whatif->source, whatif->target,
				    &whatif->pair, prefix, &attributes);
	if (!match)
		whatif->filtered++;
	else if (vrfleak_native_wins(&installed, match->import->distance) ||
		 (installed.source &&
		  installed.source != whatif->source->index))
		whatif->refused++;
	else if (installed.source)
		whatif->already++;
	else
		leaked_count(whatif, re, &attributes);
	return true;
}

static void pair_find(struct whatif *whatif, struct vrfleak_vrf *source,
		      struct vrfleak_vrf *target, enum vrfleak_af af,
		      const struct vrfleak_statement *export,
		      const struct vrfleak_statement *import)
{
	struct vrfleak_tag_match match = {export, import, 0};
	struct prefix done;
	bool started = false;

	whatif->vrfs[whatif->pairs++] = whatif->import ? source : target;
	if (!vrfleak_vrf_bound(source) || !vrfleak_vrf_bound(target) ||
	    whatif->answer.over)
		return;
	whatif->source = source;
	whatif->target = target;
	whatif->pair =
		(struct vrfleak_pair){.matches = &match, .matches_count = 1};
	whatif->filtered_pair = vrfleak_pair_filters(&whatif->pair);
	vrfleak_rib_walk(source, af, &done, &started, route_find, whatif);
}

/* Examine all pairs that a statement with a tag would create. */
static void tag_check(struct whatif *whatif, struct vrfleak_vrf *vrf,
		      enum vrfleak_af af,
		      const struct vrfleak_statement *statement)
{
	const struct vrfleak_policy *policy = vrfleak_queue.policy;
	bool import = whatif->import;

	for (uint32_t i = 0; i < policy->count; i++) {
		struct vrfleak_vrf_policy *vrf_policy = policy->vrfs[i];
		const struct vrfleak_statement *other = vrfleak_statements_find(
			import ? &vrf_policy->exports[af]
			       : &vrf_policy->imports[af],
			statement->tag);

		if (!other || vrf_policy->vrf == vrf)
			continue;
		if (import)
			pair_find(whatif, vrf_policy->vrf, vrf, af, other,
				  statement);
		else
			pair_find(whatif, vrf, vrf_policy->vrf, af, statement,
				  other);
	}
}

static void routes_text(struct vty *vty, uint32_t routes, const char *what)
{
	if (routes)
		vty_out(vty, ", %u %s", routes, what);
}

static int whatif_text(struct vty *vty, const struct whatif *whatif)
{
	if (!whatif->pairs) {
		vty_out(vty, "No other VRF %s %s\n",
			whatif->import ? "exports" : "imports", whatif->text);
		return CMD_SUCCESS;
	}
	vty_out(vty, "%s VRF%s ", whatif->import ? "From" : "To",
		whatif->pairs == 1 ? "" : "s");
	for (uint32_t i = 0; i < MIN(whatif->pairs, TEXT_VRFS); i++)
		vty_out(vty, "%s%s", i ? ", " : "", whatif->vrfs[i]->name);
	if (whatif->pairs > TEXT_VRFS)
		vty_out(vty, " and %u more", whatif->pairs - TEXT_VRFS);
	vty_out(vty, ": %u route%s would be leaked", whatif->leaked,
		whatif->leaked == 1 ? "" : "s");
	if (whatif->changed)
		vty_out(vty, " (%u with a metric or tag set by a route-map)",
			whatif->changed);
	routes_text(vty, whatif->refused, "refused");
	routes_text(vty, whatif->filtered, "denied by a route-map");
	routes_text(vty, whatif->already, "already leaked");
	vty_out(vty, "\n");
	if (whatif->answer.over)
		vty_out(vty, "Only the first %u routes were examined\n",
			whatif->examined);
	return CMD_SUCCESS;
}

static int whatif_json(struct vty *vty, const struct whatif *whatif)
{
	json_object *object = json_object_new_object();
	json_object *vrfs = json_object_new_array();

	for (uint32_t i = 0; i < whatif->pairs; i++)
		json_object_array_add(
			vrfs, json_object_new_string(whatif->vrfs[i]->name));
	json_object_int_add(object, "pairs", whatif->pairs);
	json_object_object_add(object, "matchingVrfs", vrfs);
	json_object_int_add(object, "leaked", whatif->leaked);
	json_object_int_add(object, "metricOrTagSet", whatif->changed);
	json_object_int_add(object, "refused", whatif->refused);
	json_object_int_add(object, "filtered", whatif->filtered);
	json_object_int_add(object, "alreadyLeaked", whatif->already);
	json_object_boolean_add(object, "complete", !whatif->answer.over);
	return vty_json(vty, object);
}

/* The VRF. One without configuration is forgotten again by the queue. */
static struct vrfleak_vrf *vrf_borrow(const char *name)
{
	struct vrfleak_vrf *vrf = vrfleak_vrf_by_name(name);

	if (vrfleak_vrf_in_use(vrf))
		return vrf;
	if (strlen(name) >= VRFLEAK_NAME_SIZE || !vrf_lookup_by_name(name))
		return NULL;
	vrf = vrfleak_vrf_get(name);
	vrfleak_vrf_refresh(vrf);
	vrfleak_queue_wake();
	return vrf;
}

static int vrf_refuse(struct vty *vty, bool json, const char *name)
{
	return vrfleak_show_refuse(
		vty, json,
		"VRF %s does not exist; 'show vrf' lists those that do", name);
}

static int tag_read(struct vty *vty, bool json, const char *tag,
		    struct vrfleak_statement *statement)
{
	const char *wrong = vrfleak_tag_parse(tag, &statement->tag);

	if (wrong)
		return vrfleak_show_refuse(vty, json, "Invalid tag \"%s\": %s",
					   tag, wrong);
	return CMD_SUCCESS;
}

/* Read the source of an import by name to the VRF target. */
static int source_read(struct vty *vty, bool json, const char *name,
		       const char *target, struct vrfleak_statement *statement,
		       struct vrfleak_vrf **source)
{
	*source = vrf_borrow(name);
	if (!vrfleak_vrf_bound(*source))
		return vrf_refuse(vty, json, name);
	if (strmatch(name, target))
		return vrfleak_show_refuse(
			vty, json, "VRF %s never leaks to itself", name);
	strlcpy(statement->source, name, sizeof(statement->source));
	return CMD_SUCCESS;
}

DEFUN(vrfleak_whatif, vrfleak_whatif_cmd, VRFLEAK_CMD_WHATIF,
      VRFLEAK_HELP_WHATIF)
{
	enum vrfleak_af af =
		strmatch(argv[1]->text, "ip") ? VRFLEAK_IPV4 : VRFLEAK_IPV6;
	struct vrfleak_statement statement = {.distance = VRFLEAK_DISTANCE};
	struct whatif whatif = {};
	struct vrfleak_vrf *vrf, *source = NULL;
	bool json = use_json(argc, argv);
	int idx = 0, ret;

	if (argv_find(argv, argc, "VRF_NAME", &idx))
		ret = source_read(vty, json, argv[idx]->arg, argv[5]->arg,
				  &statement, &source);
	else
		ret = tag_read(vty, json, argv[7]->arg, &statement);
	if (ret != CMD_SUCCESS)
		return ret;
	vrf = vrf_borrow(argv[5]->arg);
	if (!vrfleak_vrf_bound(vrf))
		return vrf_refuse(vty, json, argv[5]->arg);
	idx = 0;
	if (argv_find(argv, argc, "RMAP_NAME", &idx))
		statement.map = argv[idx]->arg;
	if (statement.map && !vrfleak_route_map_exists(statement.map))
		return vrfleak_show_refuse(vty, json,
					   "Route-map %s does not exist",
					   statement.map);

	vrfleak_answer_begin(&whatif.answer, BUDGET_USEC, LEAST_CHECKS);
	whatif.import = strmatch(argv[6]->text, "import");
	idx = 0;
	if (argv_find(argv, argc, "(1-254)", &idx))
		statement.distance = strtoul(argv[idx]->arg, NULL, 10);
	vrfleak_statement2str(&statement, whatif.text, sizeof(whatif.text));
	whatif.vrfs = XCALLOC(MTYPE_TMP, (vrfleak_queue.policy->count + 1) *
						 sizeof(*whatif.vrfs));
	if (source)
		pair_find(&whatif, source, vrf, af, &vrfleak_by_name_export,
			  &statement);
	else
		tag_check(&whatif, vrf, af, &statement);
	ret = json ? whatif_json(vty, &whatif) : whatif_text(vty, &whatif);
	XFREE(MTYPE_TMP, whatif.vrfs);
	return ret;
}

void vrfleak_show_what_if_init(void)
{
	VRFLEAK_COMMANDS_WHATIF(VRFLEAK_INSTALL)
}
