// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: showing single routes, those that were leaked and those that wait.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/cli/show.h"

#define COLUMNS 7

static const char *since(int64_t time, char *buf, size_t len)
{
	frrtime_to_interval(monotime(NULL) - time, buf, len);
	return buf;
}

/*
 * Add a row. A ttable splits its input at each '|', which a VRF's name may
 * contain, so the cells are filled in afterwards.
 */
static void row_add(struct ttable *table, const char *const cells[COLUMNS])
{
	struct ttable_cell *row;
	int len[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		len[i] = (int)strlen(cells[i]);
	row = ttable_add_row(table, "%*s|%*s|%*s|%*s|%*s|%*s|%*s", len[0], "",
			     len[1], "", len[2], "", len[3], "", len[4], "",
			     len[5], "", len[6], "");
	for (int i = 0; i < COLUMNS; i++)
		memcpy(row[i].text, cells[i], len[i]);
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
	*interface = nexthop->ifindex
			     ? ifindex2ifname(nexthop->ifindex, nexthop->vrf_id)
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
		json_object_string_add(json, "afi",
				       strchr(gateway, ':') ? "ipv6" : "ipv4");
	}
	if (interface[0])
		json_object_string_add(json, "interfaceName", interface);
	json_object_string_add(json, "vrf", vrf_id_to_name(nexthop->vrf_id));
	if (nexthop->weight)
		json_object_int_add(json, "weight", nexthop->weight);
	return json;
}

static void route_json(struct vrfleak_show *show, const struct prefix *prefix,
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
	json_object_object_add(show->json, prefix2str(prefix, buf, sizeof(buf)),
			       json);
}

static void route_text(struct vrfleak_show *show, const struct prefix *prefix,
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
		row_add(show->table,
			(const char *const[COLUMNS]){
				show->vrf->name, buf, source->name, protocol,
				gateway[0] ? gateway : "direct", interface,
				time});
	}
}

static bool route_visit(const struct vrfleak_rib_at *at, void *arg)
{
	struct vrfleak_show *show = arg;

	if (!(at->leaked ? vrfleak_show_entry(show) : vrfleak_show_skip(show)))
		return false;
	prefix_copy(&show->at, at->prefix);
	show->from = true;
	if (!at->leaked)
		return true;
	if (show->json)
		route_json(show, at->prefix, at->leaked, at->source);
	else
		route_text(show, at->prefix, at->leaked, at->source);
	return true;
}

/* Who imports nothing has none, once what it had is withdrawn. */
static bool may_have_leaked(const struct vrfleak_show *show)
{
	return show->vrf->policy->sources[show->af].count ||
	       vrfleak_scheduler_busy();
}

void vrfleak_show_routes_of(struct vrfleak_show *show)
{
	json_object *vrf_json = show->json;
	struct prefix done = show->at;
	bool started = show->from;

	if (vrf_json)
		show->json = json_object_new_object();
	show->more = may_have_leaked(show) &&
		     !vrfleak_rib_walk(show->vrf, show->af, &done, &started,
				       route_visit, show);
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
	source = vrfleak_vrf_by_index(
		vrfleak_rib_installed(target, prefix).source);
	if (source)
		*protocol = source_protocol(source, prefix);
	return source;
}

static void candidate_show(struct vrfleak_show *show,
			   const struct prefix *prefix,
			   const struct vrfleak_candidate *candidate)
{
	const struct vrfleak_vrf *loser =
		vrfleak_vrf_by_index(candidate->source);
	const struct vrfleak_vrf *winner;
	const char *protocol, *reason = vrfleak_reason2str(candidate->reason);
	char buf[PREFIX_STRLEN], time[32];
	json_object *json;

	winner = winner_find(show->vrf, prefix, &protocol);
	prefix2str(prefix, buf, sizeof(buf));
	if (!show->json) {
		row_add(show->table,
			(const char *const[COLUMNS]){
				show->vrf->name, buf, loser->name, reason,
				winner ? winner->name : "-", protocol,
				since(candidate->since, time, sizeof(time))});
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
			    monotime(NULL) - candidate->since);
	json_object_array_add(show->json, json);
}

void vrfleak_show_conflicts_of(struct vrfleak_show *show)
{
	struct vrfleak_conflict_table *conflicts = &vrfleak_queue.conflicts;
	int family = vrfleak_af_family(show->af);
	const struct vrfleak_conflict *conflict;
	json_object *vrf_json = show->json;

	if (vrf_json)
		show->json = json_object_new_array();
	while ((conflict = vrfleak_conflict_next(
			conflicts, show->vrf->index, family,
			show->from ? &show->at : NULL))) {
		show->more = show->entries == 0;
		if (show->more)
			break;
		vrfleak_conflict_prefix(conflict, &show->at);
		show->from = true;
		/* Show all conflicts of a prefix: a page ends between two. */
		for (uint16_t i = 0; i < conflict->count; i++) {
			candidate_show(show, &show->at,
				       &conflict->candidates[i]);
			vrfleak_show_entry(show);
		}
	}
	if (vrf_json)
		json_object_object_add(vrf_json, "conflicts", show->json);
	show->json = vrf_json;
}
