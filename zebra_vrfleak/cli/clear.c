// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the clear command, which calls the RPC of the YANG model and says
 * what it did.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/cli/clear.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/* What a VRF has for the prefix. */
struct clear_state {
	uint32_t owner;
	bool pending;
	/* A source whose route is held down, or 0. */
	uint32_t held_down;
};

/* The arguments of a clear command. */
struct clear {
	enum vrfleak_af af;
	/* NULL for all VRFs. */
	const char *name;
	/* NULL for all prefixes. */
	const struct prefix *prefix;
	/* The state before the command, by VRF index. */
	struct clear_state *before;
};

static uint32_t held_down_source(const struct vrfleak_vrf *vrf,
				 const struct prefix *prefix)
{
	const struct vrfleak_conflict *conflict = vrfleak_conflict_find(
		&vrfleak_queue.conflicts, vrf->index, prefix);

	for (uint16_t i = 0; conflict && i < conflict->count; i++)
		if (conflict->candidates[i].reason == VRFLEAK_HELD_DOWN)
			return conflict->candidates[i].source;
	return 0;
}

/* The source whose route the VRF has, or has soon; 0 if there is none. */
static struct clear_state state_of(const struct vrfleak_vrf *vrf,
				   const struct prefix *prefix)
{
	uint32_t pending = vrfleak_pending_source(vrf, prefix);
	struct route_node *rn = vrfleak_rib_node(vrf, prefix);

	return (struct clear_state){
		.owner = pending ? pending : vrfleak_rib_installed(rn).source,
		.pending = pending != 0,
		.held_down = held_down_source(vrf, prefix),
	};
}

static const char *name_of(uint32_t source)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(source);

	return vrf ? vrf->name : "?";
}

/* Print what happened to the prefix in a VRF. */
static void result_show(struct vty *vty, const struct clear *clear,
			const struct vrfleak_vrf *vrf)
{
	const struct clear_state *before = &clear->before[vrf->index];
	uint32_t owner = state_of(vrf, clear->prefix).owner;

	if (before->pending)
		vty_out(vty,
			"VRF %s: zebra is still installing a route for %pFX; nothing was changed. Repeat the command.\n",
			vrf->name, clear->prefix);
	else if (before->held_down)
		vty_out(vty,
			"VRF %s no longer holds down the route for %pFX from VRF %s\n",
			vrf->name, clear->prefix, name_of(before->held_down));
	else if (!before->owner)
		vty_out(vty,
			"VRF %s has no leaked route for %pFX; nothing was changed\n",
			vrf->name, clear->prefix);
	else if (owner == before->owner)
		vty_out(vty,
			"VRF %s keeps the route for %pFX from VRF %s: there is no %s candidate\n",
			vrf->name, clear->prefix, name_of(owner),
			vrf->policy->preempt[clear->af] ? "better" : "other");
	else
		vty_out(vty,
			"VRF %s now has the route for %pFX from VRF %s instead of VRF %s\n",
			vrf->name, clear->prefix, name_of(owner),
			name_of(before->owner));
}

static bool is_cleared(const struct clear *clear, const struct vrfleak_vrf *vrf)
{
	return vrf->policy &&
	       (!clear->name || strmatch(vrf->name, clear->name));
}

static void prefix_show(struct vty *vty, const struct clear *clear)
{
	struct vrfleak_vrf *vrf;
	bool any = false;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		if (!is_cleared(clear, vrf) ||
		    (!clear->name && !clear->before[vrf->index].owner &&
		     !clear->before[vrf->index].held_down))
			continue;
		any = true;
		result_show(vty, clear, vrf);
	}
	if (!any)
		vty_out(vty,
			"No VRF has a leaked route for %pFX; nothing was changed\n",
			clear->prefix);
}

static void all_show(struct vty *vty, const struct clear *clear)
{
	vty_out(vty, "Checking all %s routes leaked to ",
		clear->af == VRFLEAK_IPV4 ? "IPv4" : "IPv6");
	if (clear->name)
		vty_out(vty, "VRF %s", clear->name);
	else
		vty_out(vty, "any VRF");
	vty_out(vty, "; only those that are wrong will change\n");
}

static void before_read(struct clear *clear)
{
	struct vrfleak_vrf *vrf;

	clear->before = XCALLOC(MTYPE_TMP, vrfleak_vrf_index_end() *
						   sizeof(*clear->before));
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		if (is_cleared(clear, vrf))
			clear->before[vrf->index] =
				state_of(vrf, clear->prefix);
}

DEFUN_YANG(vrfleak_clear, vrfleak_clear_cmd, VRFLEAK_CMD_CLEAR,
	   VRFLEAK_HELP_CLEAR)
{
	struct clear clear = {
		.af = strmatch(argv[1]->text, "ip") ? VRFLEAK_IPV4
						    : VRFLEAK_IPV6,
	};
	static const char *const leaves[] = {"family", "vrf", "prefix"};
	const char *values[3] = {};
	char wrong[256] = "the YANG model refuses the arguments";
	struct prefix prefix;
	bool done;
	int idx = 0;

	if (argv_find(argv, argc, "NAME", &idx))
		clear.name = argv[idx]->arg;
	if (argv_find(argv, argc, "A.B.C.D/M", &idx) ||
	    argv_find(argv, argc, "X:X::X:X/M", &idx))
		values[2] = argv[idx]->arg;
	if (values[2] && str2prefix(values[2], &prefix)) {
		apply_mask(&prefix);
		clear.prefix = &prefix;
		before_read(&clear);
	}

	values[0] = vrfleak_af2str(clear.af);
	values[1] = clear.name;
	done = vrfleak_rpc_call(VRFLEAK_XPATH_CLEAR, leaves, values, 3, wrong,
				sizeof(wrong));
	if (!done)
		vty_out(vty, "%% %s\n", wrong);
	else if (clear.prefix)
		prefix_show(vty, &clear);
	else
		all_show(vty, &clear);
	XFREE(MTYPE_TMP, clear.before);
	return done ? CMD_SUCCESS : CMD_WARNING;
}

void vrfleak_clear_init(void)
{
	VRFLEAK_COMMANDS_CLEAR(VRFLEAK_INSTALL)
}
