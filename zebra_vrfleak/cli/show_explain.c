// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak explain: for each source, why a prefix is leaked
 * to a VRF, or why not.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/cli/config_cli.h"
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

/* What the command shows, as text or as JSON. */
struct explanation {
	const struct vrfleak_vrf *target;
	const struct prefix *prefix;
	/* The protocol of the target's native route, or NULL. */
	const char *native;
	struct source_verdict *sources;
	uint32_t count;
};

static const char *native_protocol(const struct vrfleak_vrf *vrf,
				   const struct prefix *prefix)
{
	const struct route_entry *re =
		vrfleak_rib_native(vrfleak_rib_node(vrf, prefix));

	return re ? zebra_route_string(re->type) : NULL;
}

static struct explanation explanation_make(const struct vrfleak_vrf *target,
					   const struct prefix *prefix)
{
	struct explanation explanation = {
		.target = target,
		.prefix = prefix,
		.native = native_protocol(target, prefix),
	};
	struct vrfleak_vrf *vrf;

	explanation.sources =
		XCALLOC(MTYPE_TMP, vrfleak_queue.policy->count *
					   sizeof(*explanation.sources));
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->policy || vrf == target)
			continue;
		explanation.sources[explanation.count++] =
			(struct source_verdict){
				vrf->name,
				vrfleak_explain(vrf, target, prefix),
			};
	}
	return explanation;
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
	json_object_string_add(
		json, "prefix",
		prefix2str(explanation->prefix, buf, sizeof(buf)));
	if (explanation->native)
		json_object_string_add(json, "nativeProtocol",
				       explanation->native);
	for (uint32_t i = 0; i < explanation->count; i++) {
		const struct source_verdict *from = &explanation->sources[i];
		json_object *source = json_object_new_object();

		json_object_string_add(source, "verdict", from->verdict.word);
		json_object_string_add(source, "text", from->verdict.text);
		json_object_object_add(sources, from->name, source);
	}
	json_object_object_add(json, "sources", sources);
	vrfleak_hints(explanation->target,
		      vrfleak_prefix_af(explanation->prefix), vrfleak_hint_json,
		      hints);
	json_object_object_add(json, "hints", hints);
	vty_json(vty, json);
}

static void explain_text(struct vty *vty, const struct explanation *explanation)
{
	vty_out(vty, "VRF %s, %pFX\n", explanation->target->name,
		explanation->prefix);
	if (explanation->native)
		vty_out(vty, "  VRF %s itself: native %s route\n",
			explanation->target->name, explanation->native);
	for (uint32_t i = 0; i < explanation->count; i++) {
		const struct source_verdict *from = &explanation->sources[i];

		vty_out(vty, "  from %s: %s%s\n", from->name,
			strmatch(from->verdict.word, "leaked") ? ""
							       : "not leaked: ",
			from->verdict.text);
	}
	vrfleak_hints(explanation->target,
		      vrfleak_prefix_af(explanation->prefix), vrfleak_hint_text,
		      vty);
}

DEFUN(vrfleak_show_explain, vrfleak_show_explain_cmd, VRFLEAK_CMD_SHOW_EXPLAIN,
      VRFLEAK_HELP_SHOW_EXPLAIN)
{
	int family = strmatch(argv[1]->text, "ip") ? AF_INET : AF_INET6;
	const struct vrfleak_vrf *target = vrfleak_vrf_by_name(argv[5]->arg);
	bool json = use_json(argc, argv);
	struct explanation explanation;
	struct prefix prefix;

	if (!target || !target->policy)
		return vrfleak_show_refuse(
			vty, json, "VRF %s has no route-leak configuration",
			argv[5]->arg);
	if (!str2prefix(argv[6]->arg, &prefix) || prefix.family != family)
		return vrfleak_show_refuse(
			vty, json, "%s is not a prefix of this address family",
			argv[6]->arg);
	apply_mask(&prefix);
	explanation = explanation_make(target, &prefix);
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
