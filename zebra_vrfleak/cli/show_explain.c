// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show ip route-leak explain.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/cli/explain.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/cli/show.h"

static const char *native_protocol(const struct vrfleak_vrf *vrf,
				   const struct prefix *prefix)
{
	const struct route_entry *re =
		vrfleak_vrf_bound(vrf) ? vrfleak_rib_native(vrf, prefix) : NULL;

	return re ? zebra_route_string(re->type) : NULL;
}

static int explain_json(struct vty *vty, const struct vrfleak_vrf *target,
			const struct prefix *prefix)
{
	const char *native = native_protocol(target, prefix);
	json_object *json = json_object_new_object();
	json_object *sources = json_object_new_object();
	json_object *hints = json_object_new_array();
	struct vrfleak_verdict verdict;
	struct vrfleak_vrf *vrf;
	char buf[PREFIX_STRLEN];

	json_object_string_add(json, "vrf", target->name);
	json_object_string_add(json, "prefix",
			       prefix2str(prefix, buf, sizeof(buf)));
	if (native)
		json_object_string_add(json, "nativeProtocol", native);
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		json_object *source;

		if (!vrf->policy || vrf == target)
			continue;
		vrfleak_explain(vrf, target, prefix, &verdict);
		source = json_object_new_object();
		json_object_string_add(source, "verdict", verdict.word);
		json_object_string_add(source, "text", verdict.text);
		json_object_object_add(sources, vrf->name, source);
	}
	json_object_object_add(json, "sources", sources);
	vrfleak_hints(target, vrfleak_prefix_af(prefix), vrfleak_hint_json,
		      hints);
	json_object_object_add(json, "hints", hints);
	return vty_json(vty, json);
}

static int explain_text(struct vty *vty, const struct vrfleak_vrf *target,
			const struct prefix *prefix)
{
	const char *native = native_protocol(target, prefix);
	struct vrfleak_verdict verdict;
	struct vrfleak_vrf *vrf;

	vty_out(vty, "VRF %s, %pFX\n", target->name, prefix);
	if (native)
		vty_out(vty, "  %s itself: a %s route of its own\n",
			target->name, native);
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!vrf->policy || vrf == target)
			continue;
		vrfleak_explain(vrf, target, prefix, &verdict);
		vty_out(vty, "  from %s: %s%s\n", vrf->name,
			strmatch(verdict.word, "leaked") ? "" : "not leaked: ",
			verdict.text);
	}
	vrfleak_hints(target, vrfleak_prefix_af(prefix), vrfleak_hint_text,
		      vty);
	return CMD_SUCCESS;
}

DEFUN(vrfleak_show_explain, vrfleak_show_explain_cmd, VRFLEAK_CMD_SHOW_EXPLAIN,
      VRFLEAK_HELP_SHOW_EXPLAIN)
{
	int family = strmatch(argv[1]->text, "ip") ? AF_INET : AF_INET6;
	const struct vrfleak_vrf *target = vrfleak_vrf_by_name(argv[5]->arg);
	bool json = use_json(argc, argv);
	struct prefix prefix;

	if (!target || !target->policy)
		return vrfleak_show_refuse(
			vty, json, "VRF %s has no route-leak configuration",
			argv[5]->arg);
	if (!str2prefix(argv[6]->arg, &prefix) || prefix.family != family)
		return vrfleak_show_refuse(
			vty, json, "Not a prefix of this address family: %s",
			argv[6]->arg);
	apply_mask(&prefix);
	return json ? explain_json(vty, target, &prefix)
		    : explain_text(vty, target, &prefix);
}

void vrfleak_show_explain_init(void)
{
	VRFLEAK_COMMANDS_EXPLAIN(VRFLEAK_INSTALL)
}
