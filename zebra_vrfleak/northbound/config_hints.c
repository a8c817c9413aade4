// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hints at likely mistakes in the configuration.
 */
#include <zebra.h>

#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/route_count.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/route_map.h"
#include "zebra_vrfleak/rib/tracked_gateways.h"

struct hint {
	void (*cb)(const char *text, void *arg);
	void *arg;
};

/* The argument of ignored_hint(). */
struct map_hint {
	const struct hint *hint;
	const char *map;
};

static void hint_give(const struct hint *hint, const char *format, ...)
	PRINTFRR(2, 3);

static void hint_give(const struct hint *hint, const char *format, ...)
{
	char buf[256], *text;
	va_list ap;

	va_start(ap, format);
	text = vasnprintfrr(MTYPE_TMP, buf, sizeof(buf), format, ap);
	va_end(ap);
	hint->cb(text, hint->arg);
	if (text != buf)
		XFREE(MTYPE_TMP, text);
}

/* Whether another VRF exports (or imports) the tag. */
static bool others_have(const struct vrfleak_vrf_policy *vrf_policy,
			enum vrfleak_af af, vrfleak_tag_t tag, bool exports)
{
	const struct vrfleak_policy *policy = vrfleak_queue.policy;

	for (uint32_t i = 0; i < policy->count; i++) {
		const struct vrfleak_vrf_policy *other = policy->vrfs[i];

		if (other != vrf_policy &&
		    vrfleak_statements_find(exports ? &other->exports[af]
						    : &other->imports[af],
					    tag))
			return true;
	}
	return false;
}

static void ignored_hint(uint32_t sequence, const char *clause, void *arg)
{
	const struct map_hint *hint = arg;

	hint_give(
		hint->hint,
		"'%s' of route-map %s, sequence %u, is ignored for leaked routes",
		clause, hint->map, sequence);
}

static void map_hint(const struct hint *hint, const char *map)
{
	struct map_hint arg = {hint, map};

	if (!map)
		return;
	if (!vrfleak_route_map_exists(map))
		hint_give(hint,
			  "route-map %s does not exist and denies everything",
			  map);
	if (vrfleak_route_map_lacks_local(map))
		hint_give(
			hint,
			"route-map %s permits connected routes, but not the router's addresses: match source-protocol local, too",
			map);
	vrfleak_nb_ignored(map, ignored_hint, &arg);
}

static void import_tag_hint(const struct hint *hint,
			    const struct vrfleak_vrf_policy *vrf_policy,
			    enum vrfleak_af af, vrfleak_tag_t tag)
{
	char buf[VRFLEAK_TAG_STRLEN];

	vrfleak_tag2str(tag, buf, sizeof(buf));
	if (vrfleak_statements_find(&vrf_policy->exports[af], tag))
		hint_give(
			hint,
			"tag %s is both exported and imported here; a VRF never leaks to itself",
			buf);
	if (!others_have(vrf_policy, af, tag, true))
		hint_give(hint,
			  "tag %s is imported, but no other VRF exports it",
			  buf);
}

static void import_vrf_hint(const struct hint *hint,
			    const struct vrfleak_vrf_policy *vrf_policy,
			    const char *source)
{
	if (strmatch(source, vrf_policy->name))
		hint_give(
			hint,
			"VRF %s is imported by its name here; a VRF never leaks to itself",
			source);
	else if (!vrfleak_vrf_bound(vrfleak_vrf_by_name(source)))
		hint_give(hint,
			  "VRF %s is imported by its name, but does not exist",
			  source);
}

static void import_hint(const struct hint *hint,
			const struct vrfleak_vrf_policy *vrf_policy,
			enum vrfleak_af af,
			const struct vrfleak_statement *statement)
{
	char buf[VRFLEAK_STATEMENT_STRLEN];

	vrfleak_statement2str(statement, buf, sizeof(buf));
	if (statement->source[0])
		import_vrf_hint(hint, vrf_policy, statement->source);
	else
		import_tag_hint(hint, vrf_policy, af, statement->tag);
	if (statement->limit.max &&
	    vrfleak_route_count(vrf_policy->vrf, af, statement) >=
		    statement->limit.max)
		hint_give(
			hint,
			"the import of %s has reached its maximum of %u routes",
			buf, statement->limit.max);
	map_hint(hint, statement->map);
}

static void export_hint(const struct hint *hint,
			const struct vrfleak_vrf_policy *vrf_policy,
			enum vrfleak_af af,
			const struct vrfleak_statement *statement)
{
	char buf[VRFLEAK_TAG_STRLEN];

	if (!others_have(vrf_policy, af, statement->tag, false))
		hint_give(hint,
			  "tag %s is exported, but no other VRF imports it",
			  vrfleak_tag2str(statement->tag, buf, sizeof(buf)));
	map_hint(hint, statement->map);
}

static void one_way_hint(const struct hint *hint,
			 const struct vrfleak_vrf_policy *vrf_policy,
			 enum vrfleak_af af)
{
	const struct vrfleak_pairs *sources = &vrf_policy->sources[af];

	for (uint32_t i = 0; i < sources->count; i++)
		if (!vrfleak_policy_source(sources->pair[i].peer, af,
					   vrf_policy->name))
			hint_give(hint, "%s can reach %s; %s has no route back",
				  vrf_policy->name, sources->pair[i].peer->name,
				  sources->pair[i].peer->name);
}

static void statements_hint(const struct hint *hint,
			    const struct vrfleak_vrf_policy *vrf_policy,
			    enum vrfleak_af af)
{
	for (uint32_t i = 0; i < vrf_policy->imports[af].count; i++)
		import_hint(hint, vrf_policy, af,
			    &vrf_policy->imports[af].statement[i]);
	for (uint32_t i = 0; i < vrf_policy->exports[af].count; i++)
		export_hint(hint, vrf_policy, af,
			    &vrf_policy->exports[af].statement[i]);
	one_way_hint(hint, vrf_policy, af);
}

static void gateway_hint(const struct hint *hint, const struct vrfleak_vrf *vrf,
			 enum vrfleak_af af)
{
	struct vrfleak_gateways found = vrfleak_gateways_find(vrf, af);
	char more[64] = "";

	if (!found.count)
		return;
	if (found.count > 1)
		snprintf(more, sizeof(more), " (and %u more like it)",
			 found.count - 1);
	hint_give(
		hint,
		"routes through the gateway %pFXh%s stay inactive: it is in %pFX, leaked from %s, and zebra resolves no next hop by a leaked route; enter here '%s route %pFX %pFXh nexthop-vrf %s'",
		&found.gateway, more, &found.leaked, found.source->name,
		af == VRFLEAK_IPV4 ? "ip" : "ipv6", &found.gateway,
		&found.gateway, found.source->name);
}

/* Why a VRF is not isolated, and how to change it. */
static void isolation_hint(const struct hint *hint,
			   const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	const char *command =
		af == VRFLEAK_IPV4 ? "ip vrf-isolation" : "ipv6 vrf-isolation";
	struct vrfleak_isolation state = vrfleak_isolation_state(af);
	char cause[256];

	if (!vrfleak_isolation_lacks(vrf, af))
		return;
	if (!state.configured)
		snprintfrr(cause, sizeof(cause), "configure '%s'", command);
	else if (state.error[0])
		snprintfrr(cause, sizeof(cause),
			   "the rule of '%s' is not installed (%s)", command,
			   state.error);
	else if (state.installed)
		snprintfrr(
			cause, sizeof(cause),
			"a rule for it comes before that of '%s', see 'ip rule'",
			command);
	else
		snprintfrr(cause, sizeof(cause),
			   "the rule of '%s' is being installed", command);
	hint_give(
		hint,
		"traffic that matches no route in VRF %s continues in the main table and can reach other VRFs: %s",
		vrf->name, cause);
}

void vrfleak_hints_isolation(enum vrfleak_af af,
			     void (*cb)(const char *text, void *arg), void *arg)
{
	const char *word = af == VRFLEAK_IPV4 ? "ip" : "ipv6";
	struct vrfleak_isolation state = vrfleak_isolation_state(af);
	struct hint hint = {cb, arg};

	if (!state.configured)
		return;
	if (vrf_is_backend_netns())
		hint_give(
			&hint,
			"'%s vrf-isolation' is not needed and has no effect: VRFs are network namespaces (zebra -w or -n)",
			word);
	else if (state.error[0])
		hint_give(
			&hint,
			"'%s vrf-isolation' has no effect: its policy rule is not installed (%s)",
			word, state.error);
}

void vrfleak_hints(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
		   void (*cb)(const char *text, void *arg), void *arg)
{
	struct hint hint = {cb, arg};

	if (vrf_is_backend_netns())
		hint_give(
			&hint,
			"VRF %s leaks nothing: VRFs are network namespaces (zebra -w or -n), between which the kernel cannot forward",
			vrf->name);
	else if (!vrfleak_vrf_bound(vrf))
		hint_give(&hint, "VRF %s does not exist", vrf->name);
	if (vrf->refused)
		hint_give(
			&hint,
			"nothing leaks from or to VRF %s: 'ip import-table' uses its table %u",
			vrf->name, vrf->table_id);
	if (vrfleak_vrf_bound(vrf) && !vrf->device_up)
		hint_give(&hint,
			  "the device of VRF %s is down: it leaks nothing",
			  vrf->name);
	isolation_hint(&hint, vrf, af);
	if (!vrf->policy)
		return;
	statements_hint(&hint, vrf->policy, af);
	gateway_hint(&hint, vrf, af);
	if (vrfleak_scheduler_busy())
		hint_give(&hint, "routes are still being leaked or withdrawn");
}

static void statement_map_hint(const char *text, void *arg)
{
	void (*cb)(const char *text) = *(void (**)(const char *text))arg;

	cb(text);
}

void vrfleak_hints_maps(void (*cb)(const char *text))
{
	const struct vrfleak_policy *policy = vrfleak_queue.policy;
	struct hint hint = {statement_map_hint, &cb};

	for (uint32_t i = 0; i < policy->count; i++)
		for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
			const struct vrfleak_vrf_policy *vrf_policy =
				policy->vrfs[i];

			for (uint32_t j = 0; j < vrf_policy->imports[af].count;
			     j++)
				map_hint(&hint, vrf_policy->imports[af]
							.statement[j]
							.map);
			for (uint32_t j = 0; j < vrf_policy->exports[af].count;
			     j++)
				map_hint(&hint, vrf_policy->exports[af]
							.statement[j]
							.map);
		}
}
