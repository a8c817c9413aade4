// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak routes and conflicts: single routes, the leaked
 * ones and the refused ones. Each is read into a row, which is shown as a row
 * of a table or as JSON.
 */
#include <zebra.h>

#include "lib/monotime.h"

#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/rib/rib_view.h"

#define COLUMNS 7

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

/* A leaked route. */
struct route_row {
	char prefix[PREFIX_STRLEN];
	const char *source;
	const char *protocol;
	int64_t age;
	const struct route_entry *re;
};

static const char *source_protocol(const struct vrfleak_vrf *source,
				   const struct prefix *prefix)
{
	const struct route_entry *re =
		vrfleak_rib_native(vrfleak_rib_node(source, prefix));

	return re ? zebra_route_string(re->type) : "withdrawn";
}

/* A next hop's address and interface, either of which may be empty. */
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

static void route_json(struct vrfleak_show *show, const struct route_row *row)
{
	json_object *json = json_object_new_object();
	json_object *nexthops = json_object_new_array();
	const struct nexthop *nexthop;

	json_object_string_add(json, "source", row->source);
	json_object_int_add(json, "instance", row->re->instance);
	json_object_string_add(json, "sourceProtocol", row->protocol);
	json_object_int_add(json, "distance", row->re->distance);
	json_object_int_add(json, "metric", row->re->metric);
	json_object_int_add(json, "tag", row->re->tag);
	json_object_int_add(json, "uptimeSeconds", row->age);
	for (nexthop = row->re->nhe->nhg.nexthop; nexthop;
	     nexthop = nexthop->next)
		json_object_array_add(nexthops, nexthop_json(nexthop));
	json_object_object_add(json, "nexthops", nexthops);
	json_object_object_add(show->json, row->prefix, json);
}

/* A row of the table for each next hop. */
static void route_text(struct vrfleak_show *show, const struct route_row *row)
{
	const struct nexthop *nexthop = row->re->nhe->nhg.nexthop;
	char gateway[INET6_ADDRSTRLEN], since[32];
	const char *interface;

	frrtime_to_interval(row->age, since, sizeof(since));
	for (; nexthop; nexthop = nexthop->next) {
		nexthop_strings(nexthop, gateway, sizeof(gateway), &interface);
		row_add(show->table,
			(const char *const[COLUMNS]){
				show->vrf->name, row->prefix, row->source,
				row->protocol, gateway[0] ? gateway : "direct",
				interface, since});
	}
}

static void route_show(struct vrfleak_show *show,
		       const struct vrfleak_rib_at *at)
{
	struct route_row row = {
		.source = at->source->name,
		.protocol = source_protocol(at->source, at->prefix),
		.age = monotime(NULL) - at->leaked->uptime,
		.re = at->leaked,
	};

	prefix2str(at->prefix, row.prefix, sizeof(row.prefix));
	if (show->json)
		route_json(show, &row);
	else
		route_text(show, &row);
}

static bool route_visit(const struct vrfleak_rib_at *at, void *arg)
{
	struct vrfleak_show *show = arg;

	if (!(at->leaked ? vrfleak_show_entry(show) : vrfleak_show_skip(show)))
		return false;
	prefix_copy(&show->at, at->prefix);
	show->from = true;
	if (at->leaked)
		route_show(show, at);
	return true;
}

/* A VRF that imports nothing has none, unless withdrawals are pending. */
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

/* A refused route, or a native route that is a backup. */
struct conflict_row {
	char prefix[PREFIX_STRLEN];
	const char *loser;
	const char *reason;
	/* The VRF whose route is installed, or NULL, and its protocol or "". */
	const char *winner;
	const char *protocol;
	int64_t age;
};

/* The VRF whose route is installed, and its protocol; NULL and "" if none. */
static const struct vrfleak_vrf *winner_find(const struct vrfleak_vrf *target,
					     const struct prefix *prefix,
					     const char **protocol)
{
	struct route_node *rn = vrfleak_rib_node(target, prefix);
	const struct route_entry *native = vrfleak_rib_native(rn);
	const struct vrfleak_vrf *source =
		vrfleak_vrf_by_index(vrfleak_rib_installed(rn).source);

	*protocol = "";
	if (source) {
		*protocol = source_protocol(source, prefix);
		return source;
	}
	if (native)
		*protocol = zebra_route_string(native->type);
	return native ? target : NULL;
}

static struct conflict_row
conflict_read(const struct vrfleak_vrf *target, const struct prefix *prefix,
	      const struct vrfleak_candidate *candidate)
{
	struct conflict_row row = {
		.loser = vrfleak_vrf_by_index(candidate->source)->name,
		.reason = vrfleak_reason2str(candidate->reason),
		.age = monotime(NULL) - candidate->since,
	};
	const struct vrfleak_vrf *winner =
		winner_find(target, prefix, &row.protocol);

	row.winner = winner ? winner->name : NULL;
	prefix2str(prefix, row.prefix, sizeof(row.prefix));
	return row;
}

static void conflict_json(struct vrfleak_show *show,
			  const struct conflict_row *row)
{
	json_object *json = json_object_new_object();

	json_object_string_add(json, "prefix", row->prefix);
	if (row->winner) {
		json_object_string_add(json, "winner", row->winner);
		json_object_string_add(json, "winnerProtocol", row->protocol);
	}
	json_object_string_add(json, "loser", row->loser);
	json_object_string_add(json, "reason", row->reason);
	json_object_int_add(json, "sinceSeconds", row->age);
	json_object_array_add(show->json, json);
}

static void conflict_text(struct vrfleak_show *show,
			  const struct conflict_row *row)
{
	char since[32];

	frrtime_to_interval(row->age, since, sizeof(since));
	row_add(show->table,
		(const char *const[COLUMNS]){
			show->vrf->name, row->prefix, row->loser, row->reason,
			row->winner ? row->winner : "-", row->protocol, since});
}

static void candidate_show(struct vrfleak_show *show,
			   const struct prefix *prefix,
			   const struct vrfleak_candidate *candidate)
{
	struct conflict_row row = conflict_read(show->vrf, prefix, candidate);

	if (show->json)
		conflict_json(show, &row);
	else
		conflict_text(show, &row);
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
