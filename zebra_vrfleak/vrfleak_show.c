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
#include "lib/monotime.h"
#include "lib/termtable.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/vrfleak_cli.h"
#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_hints.h"
#include "zebra_vrfleak/vrfleak_report.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_stats.h"

struct show {
	struct vty *vty;
	enum vrfleak_af af;
	struct vrfleak_vrf *vrf;
	/* NULL for text. */
	json_object *json;
	/* For text in columns. */
	struct ttable *table;
};

typedef void (*show_vrf)(struct show *show);

/* ---- pieces ---- */

static json_object *tags_json(const struct vrfleak_lines *lines)
{
	json_object *array = json_object_new_array();
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < lines->count; i++)
		json_object_array_add(
			array, json_object_new_string(vrfleak_tag2str(
				       lines->tags[i], buf, sizeof(buf))));
	return array;
}

static void tags_text(struct vty *vty, const char *title,
		      const struct vrfleak_lines *lines)
{
	char buf[VRFLEAK_TAG_STRLEN];

	vty_out(vty, "  %s:", title);
	for (uint32_t i = 0; i < lines->count; i++)
		vty_out(vty, " %s",
			vrfleak_tag2str(lines->tags[i], buf, sizeof(buf)));
	vty_out(vty, "%s\n", lines->count ? "" : " none");
}

/* The tags that source exports and target imports, in target's order. */
static struct vrfleak_lines tags_common(const struct vrfleak_node *source,
					const struct vrfleak_node *target,
					enum vrfleak_af af)
{
	const struct vrfleak_lines *imports = &target->imports[af];
	struct vrfleak_lines common = {};

	common.tags = XCALLOC(MTYPE_TMP, imports->count * sizeof(*common.tags));
	for (uint32_t i = 0; i < imports->count; i++)
		if (vrfleak_lines_have(&source->exports[af], imports->tags[i]))
			common.tags[common.count++] = imports->tags[i];
	return common;
}

static const char *since(int64_t time, char *buf, size_t len)
{
	frrtime_to_interval(monotime(NULL) - time, buf, len);
	return buf;
}

static void hint_json(const char *text, void *arg)
{
	json_object_array_add(arg, json_object_new_string(text));
}

static void hint_text(const char *text, void *arg)
{
	vty_out(arg, "  Hint: %s\n", text);
}

/* ---- show ip route-leak ---- */

static void summary_source(struct show *show, const struct vrfleak_vrf *source,
			   json_object *sources)
{
	struct vrfleak_lines tags =
		tags_common(source->node, show->vrf->node, show->af);
	json_object *json;
	char title[VRFLEAK_NAME_SIZE + 48];

	if (sources) {
		json = json_object_new_object();
		json_object_object_add(json, "tags", tags_json(&tags));
		json_object_int_add(json, "routes", source->tally);
		json_object_object_add(sources, source->name, json);
	} else {
		snprintf(title, sizeof(title), "From VRF %s: %u %s, by tag%s",
			 source->name, source->tally,
			 source->tally == 1 ? "route" : "routes",
			 tags.count == 1 ? "" : "s");
		tags_text(show->vty, title, &tags);
	}
	XFREE(MTYPE_TMP, tags.tags);
}

static void summary_json(struct show *show, uint32_t leaked, uint32_t conflicts)
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
			       tags_json(&node->exports[show->af]));
	json_object_object_add(show->json, "imports",
			       tags_json(&node->imports[show->af]));
	json_object_int_add(show->json, "leakedRoutes", leaked);
	json_object_int_add(show->json, "conflicts", conflicts);
	for (uint32_t i = 0; i < edges->count; i++)
		summary_source(show, edges->edge[i].node->owner, sources);
	json_object_object_add(show->json, "sources", sources);

	edges = &node->targets[show->af];
	for (uint32_t i = 0; i < edges->count; i++)
		json_object_array_add(
			targets,
			json_object_new_string(edges->edge[i].node->name));
	json_object_object_add(show->json, "targets", targets);

	vrfleak_hints(show->vrf, show->af, hint_json, hints);
	json_object_object_add(show->json, "hints", hints);
}

static void summary_text(struct show *show, uint32_t leaked, uint32_t conflicts)
{
	const struct vrfleak_node *node = show->vrf->node;
	const struct vrfleak_edges *edges = &node->targets[show->af];
	struct vty *vty = show->vty;

	if (vrfleak_vrf_bound(show->vrf))
		vty_out(vty, "VRF %s, table %u, instance %u\n", node->name,
			show->vrf->table_id, show->vrf->instance);
	else
		vty_out(vty, "VRF %s, does not exist\n", node->name);

	tags_text(vty, "Exports", &node->exports[show->af]);
	tags_text(vty, "Imports", &node->imports[show->af]);
	vty_out(vty, "  Leaked to:");
	for (uint32_t i = 0; i < edges->count; i++)
		vty_out(vty, " %s", edges->edge[i].node->name);
	vty_out(vty, "%s\n", edges->count ? "" : " no VRF");
	vty_out(vty, "  Leaked from others: %u, refused: %u\n", leaked,
		conflicts);

	edges = &node->sources[show->af];
	for (uint32_t i = 0; i < edges->count; i++)
		summary_source(show, edges->edge[i].node->owner, NULL);
	vrfleak_hints(show->vrf, show->af, hint_text, vty);
	vty_out(vty, "\n");
}

static void summary_vrf(struct show *show)
{
	uint32_t conflicts = vrfleak_stats_conflicts(show->vrf, show->af);
	uint32_t leaked = vrfleak_stats_leaked(show->vrf, show->af);

	if (show->json)
		summary_json(show, leaked, conflicts);
	else
		summary_text(show, leaked, conflicts);
}

/* ---- show ip route-leak routes ---- */

static const char *source_protocol(const struct vrfleak_vrf *source,
				   const struct prefix *prefix)
{
	const struct route_entry *re = vrfleak_rib_native(source, prefix);

	return re ? zebra_route_string(re->type) : "withdrawn";
}

/* Next hop and interface, either of which may be empty. */
static void nexthop_strings(const struct nexthop *nexthop, char *gateway,
			    size_t gateway_len, const char **interface)
{
	gateway[0] = '\0';
	*interface = nexthop->ifindex ? ifindex2ifname(nexthop->ifindex,
						       nexthop->vrf_id)
				      : "";
	switch (nexthop->type) {
	case NEXTHOP_TYPE_IPV4:
	case NEXTHOP_TYPE_IPV4_IFINDEX:
		inet_ntop(AF_INET, &nexthop->gate.ipv4, gateway, gateway_len);
		break;
	case NEXTHOP_TYPE_IPV6:
	case NEXTHOP_TYPE_IPV6_IFINDEX:
		inet_ntop(AF_INET6, &nexthop->gate.ipv6, gateway, gateway_len);
		break;
	case NEXTHOP_TYPE_BLACKHOLE:
		strlcpy(gateway, "unreachable", gateway_len);
		break;
	case NEXTHOP_TYPE_IFINDEX:
		break;
	}
}

static json_object *nexthop_json(const struct nexthop *nexthop)
{
	json_object *json = json_object_new_object();
	char gateway[INET6_ADDRSTRLEN];
	const char *interface;

	nexthop_strings(nexthop, gateway, sizeof(gateway), &interface);
	if (gateway[0]) {
		json_object_string_add(json, "ip", gateway);
		json_object_string_add(
			json, "afi",
			strchr(gateway, ':') ? "ipv6" : "ipv4");
	}
	if (interface[0])
		json_object_string_add(json, "interfaceName", interface);
	json_object_string_add(json, "vrf", vrf_id_to_name(nexthop->vrf_id));
	if (nexthop->weight)
		json_object_int_add(json, "weight", nexthop->weight);
	return json;
}

static void route_json(struct show *show, const struct prefix *prefix,
		       const struct route_entry *re,
		       const struct vrfleak_vrf *source)
{
	json_object *json = json_object_new_object();
	json_object *nexthops = json_object_new_array();
	const struct nexthop *nexthop;
	char buf[PREFIX_STRLEN];

	json_object_string_add(json, "source", source->name);
	json_object_int_add(json, "instance", re->instance);
	json_object_string_add(json, "sourceProtocol",
			       source_protocol(source, prefix));
	json_object_int_add(json, "distance", re->distance);
	json_object_int_add(json, "metric", re->metric);
	json_object_int_add(json, "uptimeSeconds", monotime(NULL) - re->uptime);
	for (nexthop = re->nhe->nhg.nexthop; nexthop; nexthop = nexthop->next)
		json_object_array_add(nexthops, nexthop_json(nexthop));
	json_object_object_add(json, "nexthops", nexthops);
	json_object_object_add(show->json,
			       prefix2str(prefix, buf, sizeof(buf)), json);
}

static void route_text(struct show *show, const struct prefix *prefix,
		       const struct route_entry *re,
		       const struct vrfleak_vrf *source)
{
	const char *protocol = source_protocol(source, prefix);
	const struct nexthop *nexthop = re->nhe->nhg.nexthop;
	char buf[PREFIX_STRLEN], gateway[INET6_ADDRSTRLEN], time[32];
	const char *interface;

	prefix2str(prefix, buf, sizeof(buf));
	since(re->uptime, time, sizeof(time));
	for (; nexthop; nexthop = nexthop->next) {
		nexthop_strings(nexthop, gateway, sizeof(gateway), &interface);
		ttable_add_row(show->table, "%s|%s|%s|%s|%s|%s|%s",
			       show->vrf->name, buf, source->name, protocol,
			       gateway[0] ? gateway : "direct", interface,
			       time);
	}
}

static bool route_visit(const struct prefix *prefix, struct route_entry *leaked,
			struct vrfleak_vrf *source, void *arg)
{
	struct show *show = arg;

	if (leaked && show->json)
		route_json(show, prefix, leaked, source);
	else if (leaked)
		route_text(show, prefix, leaked, source);
	return true;
}

static void routes_vrf(struct show *show)
{
	json_object *vrf_json = show->json;
	struct prefix done;
	bool started = false;

	if (vrf_json)
		show->json = json_object_new_object();
	vrfleak_rib_walk(show->vrf, show->af, &done, &started, route_visit,
			 show);
	if (vrf_json)
		json_object_object_add(vrf_json, "routes", show->json);
	show->json = vrf_json;
}

/* ---- show ip route-leak conflicts ---- */

/* The VRF whose route stands, and that route's protocol; NULL and "". */
static const struct vrfleak_vrf *winner_find(const struct vrfleak_vrf *target,
					     const struct prefix *prefix,
					     const char **protocol)
{
	const struct route_entry *native = vrfleak_rib_native(target, prefix);
	const struct vrfleak_vrf *source;

	*protocol = "";
	if (native) {
		*protocol = zebra_route_string(native->type);
		return target;
	}
	source = vrfleak_vrf_by_number(
		vrfleak_rib_held(target, prefix).source);
	if (source)
		*protocol = source_protocol(source, prefix);
	return source;
}

static void waiter_show(struct show *show, const struct prefix *prefix,
			const struct vrfleak_waiter *waiter)
{
	const struct vrfleak_vrf *loser = vrfleak_vrf_by_number(waiter->source);
	const struct vrfleak_vrf *winner;
	const char *protocol, *reason = vrfleak_reason2str(waiter->reason);
	char buf[PREFIX_STRLEN], time[32];
	json_object *json;

	winner = winner_find(show->vrf, prefix, &protocol);
	prefix2str(prefix, buf, sizeof(buf));
	if (!show->json) {
		ttable_add_row(show->table, "%s|%s|%s|%s|%s|%s|%s",
			       show->vrf->name, buf, loser->name, reason,
			       winner ? winner->name : "-", protocol,
			       since(waiter->since, time, sizeof(time)));
		return;
	}

	json = json_object_new_object();
	json_object_string_add(json, "prefix", buf);
	if (winner) {
		json_object_string_add(json, "winner", winner->name);
		json_object_string_add(json, "winnerProtocol", protocol);
	}
	json_object_string_add(json, "loser", loser->name);
	json_object_string_add(json, "reason", reason);
	json_object_int_add(json, "sinceSeconds",
			    monotime(NULL) - waiter->since);
	json_object_array_add(show->json, json);
}

static void conflicts_vrf(struct show *show)
{
	struct vrfleak_contests_head *contests = vrfleak_engine_contests();
	int family = show->af == VRFLEAK_IPV4 ? AF_INET : AF_INET6;
	const struct vrfleak_contest *contest;
	json_object *vrf_json = show->json;
	struct prefix prefix;

	if (vrf_json)
		show->json = json_object_new_array();
	contest = vrfleak_contest_next(contests, show->vrf->number, family,
				       NULL);
	while (contest) {
		vrfleak_contest_prefix(contest, &prefix);
		for (uint16_t i = 0; i < contest->count; i++)
			waiter_show(show, &prefix, &contest->waiters[i]);
		contest = vrfleak_contest_next(contests, show->vrf->number,
					       family, &prefix);
	}
	if (vrf_json)
		json_object_object_add(vrf_json, "conflicts", show->json);
	show->json = vrf_json;
}

/* ---- the commands ---- */

static int show_json(struct show *show, show_vrf each, struct vrfleak_vrf *only)
{
	json_object *json = json_object_new_object();
	json_object *vrfs = json_object_new_object();
	struct vrfleak_vrf *vrf;

	json_object_string_add(json, "addressFamily",
			       show->af == VRFLEAK_IPV4 ? "ipv4" : "ipv6");
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

static void table_print(struct show *show)
{
	char *text = ttable_dump(show->table, "\n");

	vty_out(show->vty, "%s", text);
	XFREE(MTYPE_TMP, text);
	ttable_del(show->table);
}

static int show_text(struct show *show, show_vrf each, struct vrfleak_vrf *only)
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
	struct show show = {.vty = vty, .table = table};
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
	return show_run(vty, argc, argv, routes_vrf, table);
}

DEFUN (vrfleak_show_conflicts,
       vrfleak_show_conflicts_cmd,
       VRFLEAK_CMD_SHOW_CONFLICTS,
       VRFLEAK_HELP_SHOW_CONFLICTS)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	ttable_add_row(table,
		       "VRF|Prefix|Source|Reason|Winner|Protocol|Since");
	return show_run(vty, argc, argv, conflicts_vrf, table);
}

void vrfleak_show_init(void)
{
	VRFLEAK_COMMANDS_SHOW(VRFLEAK_INSTALL)
}
