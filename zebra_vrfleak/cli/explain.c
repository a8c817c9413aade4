// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: why a prefix is leaked, or why not.
 *
 * The checks run in the order in which a route is leaked. The first check that
 * applies gives the verdict.
 */
#include <zebra.h>

#include "lib/monotime.h"
#include "lib/nexthop.h"

#include "zebra_vrfleak/leak/held_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/cli/explain.h"
#include "zebra_vrfleak/rib/route_map.h"
#include "zebra_vrfleak/rib/leaked_route.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/stale_routes.h"

struct question {
	const struct vrfleak_vrf *source;
	const struct vrfleak_vrf *target;
	const struct prefix *prefix;
	enum vrfleak_af af;
	/* The prefix's nodes in both tables, or NULL. */
	struct route_node *source_rn;
	struct route_node *target_rn;
	/* NULL where no tag matches. */
	const struct vrfleak_pair *pair;
	/* By which the route may be leaked. Set by is_denied(). */
	const struct vrfleak_tag_match *match;
	struct vrfleak_verdict *verdict;
};

static void append(const struct question *q, const char *format, ...)
	PRINTFRR(2, 3);
static bool answer(const struct question *q, const char *word,
		   const char *format, ...) PRINTFRR(3, 4);

/* Extend the verdict's text. */
static void append(const struct question *q, const char *format, ...)
{
	char *before = q->verdict->text, *more;
	va_list ap;

	va_start(ap, format);
	more = vasprintfrr(MTYPE_TMP, format, ap);
	va_end(ap);
	q->verdict->text = asprintfrr(MTYPE_TMP, "%s%s", before, more);
	XFREE(MTYPE_TMP, before);
	XFREE(MTYPE_TMP, more);
}

/* Give the verdict; true, for the caller to return. */
static bool answer(const struct question *q, const char *word,
		   const char *format, ...)
{
	va_list ap;

	q->verdict->word = word;
	va_start(ap, format);
	q->verdict->text = vasprintfrr(MTYPE_TMP, format, ap);
	va_end(ap);
	return true;
}

/* The metric and the tag, where a route-map has changed them. */
static void attributes_append(const struct question *q,
			      const struct route_entry *leaked)
{
	const struct route_entry *re =
		vrfleak_rib_offered(q->source, q->source_rn);

	if (!re)
		return;
	if (leaked->metric != re->metric)
		append(q, ", metric %u (set by a route-map; %u in VRF %s)",
		       leaked->metric, re->metric, q->source->name);
	if (leaked->tag != re->tag)
		append(q,
		       ", tag %" ROUTE_TAG_PRI
		       " (set by a route-map; %" ROUTE_TAG_PRI " in VRF %s)",
		       leaked->tag, re->tag, q->source->name);
}

static bool is_leaked(const struct question *q)
{
	const struct route_entry *re =
		vrfleak_rib_leaked(q->target_rn, q->source);
	const struct nexthop *nexthop;
	char time[32];

	if (!re)
		return false;
	frrtime_to_interval(monotime(NULL) - re->uptime, time, sizeof(time));
	answer(q, "leaked", "leaked for %s", time);
	for (nexthop = re->nhe->nhg.nexthop; nexthop; nexthop = nexthop->next)
		append(q, ", %pNHvv", nexthop);
	attributes_append(q, re);
	return true;
}

static void statements_append(const struct question *q,
			      const struct vrfleak_statements *statements)
{
	char buf[VRFLEAK_STATEMENT_STRLEN];

	for (uint32_t i = 0; i < statements->count; i++)
		append(q, "%s %s", i ? "," : "",
		       vrfleak_statement2str(&statements->statement[i], buf,
					     sizeof(buf)));
}

static bool has_no_tag(const struct question *q)
{
	const struct vrfleak_vrf_policy *from = q->source->policy;
	const struct vrfleak_vrf_policy *to = q->target->policy;

	if (q->pair)
		return false;
	if (!from || !from->exports[q->af].count)
		return answer(q, "not-exported", "VRF %s exports nothing",
			      q->source->name);
	if (!to || !to->imports[q->af].count)
		return answer(q, "not-imported", "VRF %s imports nothing",
			      q->target->name);
	answer(q, "no-common-tag", "no tag in common: VRF %s exports",
	       q->source->name);
	statements_append(q, &from->exports[q->af]);
	append(q, ", VRF %s imports", q->target->name);
	statements_append(q, &to->imports[q->af]);
	return true;
}

static bool has_no_vrf(const struct question *q)
{
	if (vrf_is_backend_netns())
		return answer(q, "netns",
			      "VRFs are network namespaces (zebra -w or -n)");
	if (!vrfleak_vrf_bound(q->target))
		return answer(q, "no-vrf", "VRF %s does not exist",
			      q->target->name);
	if (!vrfleak_vrf_bound(q->source))
		return answer(q, "no-vrf", "VRF %s does not exist",
			      q->source->name);
	if (q->target->refused || q->source->refused ||
	    q->source->instance == 0)
		return answer(q, "table-imported",
			      "'ip import-table' uses the table of VRF %s",
			      q->target->refused ? q->target->name
						 : q->source->name);
	return false;
}

static bool is_never_leaked(const struct question *q)
{
	if (vrfleak_rib_leakable(q->prefix))
		return false;
	return answer(
		q, "not-leakable",
		"link-local and multicast prefixes are never leaked; other unicast prefixes can be");
}

/* Why the source may not leak any of its routes to the prefix. */
static bool entries_explain(const struct question *q, struct route_node *rn)
{
	const struct vrfleak_vrf *from;
	struct route_entry *re;
	bool any = false;

	RNODE_FOREACH_RE (rn, re) {
		if (CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) ||
		    re->distance == DISTANCE_INFINITY)
			continue;
		any = true;
		from = re->type == ZEBRA_ROUTE_TABLE
			       ? vrfleak_vrf_by_instance(re->instance)
			       : NULL;
		if (from)
			return answer(
				q, "leaked-itself",
				"the route of VRF %s was itself leaked from VRF %s",
				q->source->name, from->name);
		if (vrfleak_stale_maybe_leaked(re))
			return answer(
				q, "leaked-itself",
				"the route of VRF %s is from before zebra's start, and may have been leaked itself",
				q->source->name);
		if (!nexthop_group_active_nexthop_num(&re->nhe->nhg))
			return answer(
				q, "inactive",
				"the %s route of VRF %s is not active: none of its next hops is usable",
				zebra_route_string(re->type), q->source->name);
		if (vrfleak_rib_imported(re, q->prefix))
			return answer(
				q, "leaked-itself",
				"bgpd has imported the route of VRF %s from a VRF to which it was leaked",
				q->source->name);
		if (vrfleak_rib_left_over(re, q->prefix))
			return answer(
				q, "inactive",
				"the %s route of VRF %s is not active: its interface is down, in another VRF, or no longer has the address",
				zebra_route_string(re->type), q->source->name);
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED) &&
		    !q->source->device_up)
			return answer(q, "device-down",
				      "the device of VRF %s is down",
				      q->source->name);
	}
	return any && answer(q, "not-selected",
			     "zebra has not selected the route of VRF %s",
			     q->source->name);
}

static bool has_no_route(const struct question *q)
{
	if (vrfleak_rib_offered(q->source, q->source_rn))
		return false;
	return (q->source_rn && entries_explain(q, q->source_rn)) ||
	       answer(q, "no-route", "VRF %s has no route to this prefix",
		      q->source->name);
}

static bool is_returned(const struct question *q)
{
	if (!vrfleak_rib_returns(vrfleak_rib_offered(q->source, q->source_rn),
				 q->target))
		return false;
	return answer(
		q, "split-horizon",
		"the route of VRF %s leads into VRF %s, by 'nexthop-vrf' or because bgpd has imported it from there",
		q->source->name, q->target->name);
}

static void entry_append(const struct question *q, const char *word,
			 const char *map, uint32_t sequence)
{
	if (sequence)
		append(q, "%s %s, sequence %u", word, map, sequence);
	else
		append(q, "%s %s, where no entry permits it", word, map);
}

static void denial_append(const struct question *q,
			  const struct vrfleak_denial *denial)
{
	if (!denial->exists) {
		append(q, " by route-map %s, which does not exist",
		       denial->map);
		return;
	}
	entry_append(q, " by route-map", denial->map, denial->sequence);
	if (denial->called)
		entry_append(q, ", which calls", denial->called,
			     denial->called_sequence);
}

/* For each tag match: which route-map denies the route's first next hop. */
static bool is_denied(struct question *q)
{
	const struct route_entry *re =
		vrfleak_rib_offered(q->source, q->source_rn);

	q->match = vrfleak_offer_match(q->source, q->target, q->pair, q->prefix,
				       NULL);
	if (q->match)
		return false;
	answer(q, "denied", "denied");
	for (uint32_t i = 0; i < q->pair->matches_count; i++) {
		struct vrfleak_denial denial = vrfleak_route_maps_denial(
			&q->pair->matches[i], re, q->prefix,
			re->nhe->nhg.nexthop);

		if (denial.map)
			denial_append(q, &denial);
	}
	return true;
}

static bool is_less_preferred(const struct question *q)
{
	const struct route_entry *native = vrfleak_rib_native(q->target_rn);
	uint8_t distance = q->match->import->distance;

	answer(q, "native-route", "VRF %s has a native %s route",
	       q->target->name, zebra_route_string(native->type));
	if (q->target->policy->distance_min[q->af] < VRFLEAK_DISTANCE)
		append(q, " of distance %u, and the import has distance %u",
		       native->distance, distance);
	return true;
}

static bool is_refused(const struct question *q)
{
	struct vrfleak_installed installed =
		vrfleak_rib_installed(q->target_rn);
	const struct vrfleak_vrf *owner =
		vrfleak_vrf_by_index(installed.source);
	const struct vrfleak_candidate *candidate = vrfleak_conflict_candidate(
		vrfleak_conflict_find(&vrfleak_queue.conflicts,
				      q->target->index, q->prefix),
		q->source->index);

	if (owner)
		return answer(q, "other-source",
			      "the route of VRF %s is installed", owner->name);
	if (vrfleak_native_wins(&installed, q->match->import->distance))
		return is_less_preferred(q);
	if (candidate && candidate->reason == VRFLEAK_FULL)
		return answer(q, "maximum-prefix",
			      "the import has reached its maximum-prefix");
	if (candidate && candidate->reason == VRFLEAK_HELD_DOWN)
		return answer(
			q, "held-down",
			"held down for another %u seconds, because VRF %s lost it too often",
			vrfleak_held_left(q->source, q->target, q->prefix),
			q->source->name);
	if (candidate && candidate->reason == VRFLEAK_NOT_ACCEPTED)
		return answer(
			q, "not-accepted",
			"zebra did not accept the route: its next hop is not usable, or 'ip protocol table route-map' denies it");
	return answer(q, "pending", "waiting to be leaked; repeat the command");
}

/* ---- the longest match of an address ---- */

static bool node_has_route(struct route_node *rn, bool leaked_too)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    re->distance != DISTANCE_INFINITY &&
		    (leaked_too || re->type != ZEBRA_ROUTE_TABLE))
			return true;
	return false;
}

/* Replace match by the VRF's longest match, if that is longer. */
static bool match_longer(const struct vrfleak_vrf *vrf,
			 const struct prefix *address, bool leaked_too,
			 struct prefix *match)
{
	struct route_table *table =
		vrfleak_rib_table(vrf, vrfleak_prefix_af(address));
	struct route_node *first, *rn;

	first = table ? route_node_match(table, address) : NULL;
	for (rn = first; rn && !(rn->info && node_has_route(rn, leaked_too));)
		rn = rn->parent;
	if (rn && (!match->family || rn->p.prefixlen > match->prefixlen))
		prefix_copy(match, &rn->p);
	if (first)
		route_unlock_node(first);
	return rn != NULL;
}

/* The longest match in the VRFs that are sources of the target, or are not. */
static bool match_others(const struct vrfleak_vrf *target,
			 const struct prefix *address, bool sources,
			 struct prefix *match)
{
	enum vrfleak_af af = vrfleak_prefix_af(address);
	struct vrfleak_vrf *vrf;
	bool found = false;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->policy || vrf == target)
			continue;
		if (sources ==
		    !!vrfleak_policy_source(target->policy, af, vrf->name))
			found |= match_longer(vrf, address, false, match);
	}
	return found;
}

bool vrfleak_explain_match(const struct vrfleak_vrf *target,
			   const struct prefix *address, struct prefix *match,
			   bool *by_other)
{
	memset(match, 0, sizeof(*match));
	*by_other = match_others(target, address, true, match) ||
		    match_others(target, address, false, match);
	return match_longer(target, address, true, match) || *by_other;
}

/* ---- the verdict ---- */

struct vrfleak_verdict vrfleak_explain(const struct vrfleak_vrf *source,
				       const struct vrfleak_vrf *target,
				       const struct prefix *prefix)
{
	struct vrfleak_verdict verdict;
	struct question q = {
		.source = source,
		.target = target,
		.prefix = prefix,
		.af = vrfleak_prefix_af(prefix),
		.source_rn = vrfleak_rib_node(source, prefix),
		.target_rn = vrfleak_rib_node(target, prefix),
		.verdict = &verdict,
	};

	if (target->policy)
		q.pair = vrfleak_policy_source(target->policy, q.af,
					       source->name);
	if (!is_leaked(&q) && !has_no_tag(&q) && !has_no_vrf(&q) &&
	    !is_never_leaked(&q) && !has_no_route(&q) && !is_returned(&q) &&
	    !is_denied(&q))
		is_refused(&q);
	return verdict;
}
