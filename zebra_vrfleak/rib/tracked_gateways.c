// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: gateways that only a leaked route leads to, see the header.
 */
#include <zebra.h>

#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/tracked_gateways.h"

#define TRACKED_MAX 1000

/* The node of the VRF's longest match if that is a leaked route, or NULL. */
static struct route_node *leaked_match(struct route_table *table,
				       const struct prefix *gateway)
{
	struct route_node *first = route_node_match(table, gateway);
	struct route_node *rn = first;

	while (rn && !(rn->info && (vrfleak_rib_native(rn) ||
				    vrfleak_rib_leaked(rn, NULL))))
		rn = rn->parent;
	/* Its entries keep the node. */
	if (first)
		route_unlock_node(first);
	return rn && !vrfleak_rib_native(rn) ? rn : NULL;
}

static void gateway_note(struct vrfleak_gateways *found,
			 const struct prefix *gateway, struct route_node *rn)
{
	if (found->count++)
		return;
	prefix_copy(&found->gateway, gateway);
	prefix_copy(&found->leaked, &rn->p);
	found->source = vrfleak_vrf_by_index(vrfleak_rib_installed(rn).source);
}

struct vrfleak_gateways vrfleak_gateways_find(const struct vrfleak_vrf *vrf,
					      enum vrfleak_af af)
{
	struct route_table *table = vrfleak_rib_table(vrf, af);
	struct zebra_vrf *zvrf =
		table ? zebra_vrf_lookup_by_id(vrf->vrf_id) : NULL;
	struct route_table *tracked =
		zvrf ? zvrf->rnh_table[vrfleak_af_afi(af)] : NULL;
	struct vrfleak_gateways found = {};
	struct route_node *rn, *match;
	uint32_t examined = 0;

	if (!tracked)
		return found;
	for (rn = route_top(tracked); rn; rn = route_next(rn)) {
		if (!rn->info || !is_host_route(&rn->p))
			continue;
		match = leaked_match(table, &rn->p);
		if (match)
			gateway_note(&found, &rn->p, match);
		if (++examined == TRACKED_MAX) {
			route_unlock_node(rn);
			break;
		}
	}
	return found;
}
