// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak explain: for each source, why a prefix is leaked
 * to a VRF, or why not. An address stands for its longest matching prefix.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/cli/explain.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/vrfleak_commands.h"

struct source_verdict {
	const char *name;
	struct vrfleak_verdict verdict;
};

/* So many VRFs are examined whatever the time. */
#define LEAST_VRFS 32

/* What the command shows, as text or as JSON. */
struct explanation {
	const struct vrfleak_vrf *target;
	enum vrfleak_af af;
	/* NULL if no VRF has a route that covers the address. */
	const struct prefix *prefix;
	/* The address, as a prefix of full length, or NULL. */
	const struct prefix *address;
	/* Whether a VRF other than the target has a route that covers it. */
	bool by_other;
	/* The target's native route, or NULL. */
	const struct route_entry *native;
	/* It is the backup of a leaked route. */
	bool backup;
	struct source_verdict *sources;
	uint32_t count;
	/* If its time is up, some sources are missing. */
	struct vrfleak_answer answer;
};

/* Add the verdict on each source. */
static void verdicts_add(struct explanation *explanation)
{
	struct route_node *rn =
		vrfleak_rib_node(explanation->target, explanation->prefix);
	struct vrfleak_vrf *vrf;

	explanation->native = vrfleak_rib_native(rn);
	explanation->backup =
		explanation->native && vrfleak_rib_installed(rn).source;
	explanation->sources =
		XCALLOC(MTYPE_TMP, vrfleak_queue.policy->count *
					   sizeof(*explanation->sources));
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->policy || vrf == explanation->target)
			continue;
		if (!vrfleak_answer_in_time(&explanation->answer))
			break;
		explanation->sources[explanation->count++] =
			(struct source_verdict){
				vrf->name,
				vrfleak_explain(vrf, explanation->target,
						explanation->prefix),
			};
	}
}

static void explanation_free(struct explanation *explanation)
{
	for (uint32_t i = 0; i < explanation->count; i++)
		XFREE(MTYPE_TMP, explanation->sources[i].verdict.text);
	XFREE(MTYPE_TMP, explanation->sources);
}

static void explain_json(struct vty *vty, const struct explanation *explanation)
{
	json_object *json = json_object_new_object();
	json_object *sources = json_object_new_object();
	json_object *hints = json_object_new_array();
	char buf[PREFIX_STRLEN];

	json_object_string_add(json, "vrf", explanation->target->name);
	if (explanation->address)
		json_object_string_add(
			json, "address",
			inet_ntop(explanation->address->family,
				  &explanation->address->u.prefix, buf,
				  sizeof(buf)));
	if (explanation->prefix)
		json_object_string_add(
			json, "prefix",
			prefix2str(explanation->prefix, buf, sizeof(buf)));
	if (explanation->native) {
		json_object_string_add(
			json, "nativeProtocol",
			zebra_route_string(explanation->native->type));
		json_object_int_add(json, "nativeDistance",
				    explanation->native->distance);
		json_object_boolean_add(json, "nativeIsBackup",
					explanation->backup);
	}
	for (uint32_t i = 0; i < explanation->count; i++) {
		const struct source_verdict *from = &explanation->sources[i];
		json_object *source = json_object_new_object();

		json_object_string_add(source, "verdict", from->verdict.word);
		json_object_string_add(source, "text", from->verdict.text);
		json_object_object_add(sources, from->name, source);
	}
	json_object_object_add(json, "sources", sources);
	json_object_boolean_add(json, "complete", !explanation->answer.over);
	vrfleak_hints(explanation->target, explanation->af, vrfleak_hint_json,
		      hints);
	json_object_object_add(json, "hints", hints);
	vty_json(vty, json);
}

/* The first line: what is explained, and what the address stands for. */
static void head_text(struct vty *vty, const struct explanation *explanation)
{
	vty_out(vty, "VRF %s, ", explanation->target->name);
	if (!explanation->address) {
		vty_out(vty, "%pFX\n", explanation->prefix);
		return;
	}
	vty_out(vty, "%pFXh: ", explanation->address);
	if (!explanation->prefix)
		vty_out(vty, "no VRF has a route for this address\n");
	else if (!explanation->by_other)
		vty_out(vty,
			"no other VRF has a route for this address; %pFX in VRF %s itself\n",
			explanation->prefix, explanation->target->name);
	else
		vty_out(vty, "the longest match is %pFX\n",
			explanation->prefix);
}

static void explain_text(struct vty *vty, const struct explanation *explanation)
{
	head_text(vty, explanation);
	if (explanation->native)
		vty_out(vty, "  VRF %s itself: native %s route",
			explanation->target->name,
			zebra_route_string(explanation->native->type));
	if (explanation->backup)
		vty_out(vty, ", backup because of its distance %u",
			explanation->native->distance);
	if (explanation->native)
		vty_out(vty, "\n");
	for (uint32_t i = 0; i < explanation->count; i++) {
		const struct source_verdict *from = &explanation->sources[i];

		vty_out(vty, "  from %s: %s%s\n", from->name,
			strmatch(from->verdict.word, "leaked") ? ""
							       : "not leaked: ",
			from->verdict.text);
	}
	if (explanation->answer.over)
		vty_out(vty, "  Only the first %u VRFs were examined\n",
			explanation->count);
	vrfleak_hints(explanation->target, explanation->af, vrfleak_hint_text,
		      vty);
}

DEFUN(vrfleak_show_explain, vrfleak_show_explain_cmd, VRFLEAK_CMD_SHOW_EXPLAIN,
      VRFLEAK_HELP_SHOW_EXPLAIN)
{
	bool ipv4 = strmatch(argv[1]->text, "ip");
	const struct vrfleak_vrf *target = vrfleak_vrf_by_name(argv[5]->arg);
	struct explanation explanation = {
		.target = target,
		.af = ipv4 ? VRFLEAK_IPV4 : VRFLEAK_IPV6,
	};
	bool json = use_json(argc, argv);
	struct prefix asked, match;

	vrfleak_answer_begin(&explanation.answer, VRFLEAK_ANSWER_USEC,
			     LEAST_VRFS);
	if (!target || !target->policy)
		return vrfleak_show_refuse_vrf(vty, json, explanation.af,
					       argv[5]->arg);
	if (!str2prefix(argv[6]->arg, &asked) ||
	    asked.family != (ipv4 ? AF_INET : AF_INET6))
		return vrfleak_show_refuse(
			vty, json,
			"%s is not an %s address or prefix; try 'show %s route-leak explain'",
			argv[6]->arg, ipv4 ? "IPv4" : "IPv6",
			ipv4 ? "ipv6" : "ip");
	apply_mask(&asked);
	explanation.prefix = &asked;
	if (!strchr(argv[6]->arg, '/')) {
		explanation.address = &asked;
		explanation.prefix =
			vrfleak_explain_match(target, &asked, &match,
					      &explanation.by_other)
				? &match
				: NULL;
	}
	if (explanation.prefix)
		verdicts_add(&explanation);
	if (json)
		explain_json(vty, &explanation);
	else
		explain_text(vty, &explanation);
	explanation_free(&explanation);
	return CMD_SUCCESS;
}

void vrfleak_show_explain_init(void)
{
	VRFLEAK_COMMANDS_EXPLAIN(VRFLEAK_INSTALL)
}
