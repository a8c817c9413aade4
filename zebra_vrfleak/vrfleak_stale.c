// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: stale routes, see the header.
 *
 * A route of the kernel that zebra is just adding or deleting is looked at
 * again in the next round. Rounds end with the first one that neither found
 * anything nor left anything open; the pauses between them double.
 */
#include <zebra.h>

#include "zebra/zebra_nhg.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/vrfleak_debug.h"
#include "zebra_vrfleak/vrfleak_kernel.h"
#include "zebra_vrfleak/vrfleak_stale.h"

#define PAUSE_SECONDS 1
#define PAUSE_SECONDS_MAX 64

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *timer;
	uint32_t pause;
	uint32_t found;
	bool open;
	bool swept;
	/* The table seen last, and its VRF: the kernel goes table by table. */
	uint32_t table_id;
	struct zebra_vrf *zvrf;
} stale;

static struct zebra_vrf *table_vrf(uint32_t table_id)
{
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		struct zebra_vrf *zvrf = vrf->info;

		if (zvrf && CHECK_FLAG(vrf->status, VRF_ACTIVE) &&
		    zvrf->table_id == table_id)
			return zvrf;
	}
	return NULL;
}

static bool entry_has_nexthops(struct route_entry *re, uint32_t nexthop_id)
{
	return nexthop_id == 0 || nexthop_id == re->nhe_id ||
	       nexthop_id == re->nhe_installed_id ||
	       (re->nhe && nexthop_id == zebra_nhg_resolve(re->nhe)->id);
}

static bool entry_is_busy(const struct route_entry *re)
{
	return CHECK_FLAG(re->status, ROUTE_ENTRY_QUEUED) ||
	       CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED);
}

static bool route_is_stale(const struct vrfleak_kernel_route *route)
{
	afi_t afi = family2afi(route->prefix.family);
	struct route_table *table;
	struct route_entry *re;
	struct route_node *rn;
	bool known = false, busy = false;

	if (stale.table_id != route->table_id) {
		stale.table_id = route->table_id;
		stale.zvrf = table_vrf(route->table_id);
	}
	table = stale.zvrf ? stale.zvrf->table[afi][SAFI_UNICAST] : NULL;
	if (!table)
		return false;

	rn = route_node_lookup(table, &route->prefix);
	if (rn) {
		RNODE_FOREACH_RE (rn, re) {
			busy |= entry_is_busy(re);
			known |=
				CHECK_FLAG(re->status, ROUTE_ENTRY_INSTALLED) &&
				entry_has_nexthops(re, route->nexthop_id);
		}
		route_unlock_node(rn);
	}

	stale.open |= busy && !known;
	if (known || busy)
		return false;

	VRFLEAK_DEBUG(routes, "%pFX in table %u, next-hop group %u: stale",
		      &route->prefix, route->table_id, route->nexthop_id);
	stale.found++;
	return true;
}

static void round_run(struct vrfleak_event *event);

static void round_later(void)
{
	event_add_timer(stale.loop, round_run, NULL, stale.pause, &stale.timer);
}

static void round_done(bool complete)
{
	if (stale.found)
		zlog_info(
			"route-leak: took %u routes out of the kernel that zebra had left there before its start",
			stale.found);
	if (complete && !stale.found && !stale.open)
		return;

	stale.pause = MIN(stale.pause * 2, PAUSE_SECONDS_MAX);
	round_later();
}

static void rib_sweep_once(void)
{
	struct vrf *vrf;

	if (stale.swept)
		return;
	stale.swept = true;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		struct zebra_vrf *zvrf = vrf->info;

		if (!zvrf)
			continue;
		rib_sweep_table(zvrf->table[AFI_IP][SAFI_UNICAST]);
		rib_sweep_table(zvrf->table[AFI_IP6][SAFI_UNICAST]);
	}
}

static void round_run(struct vrfleak_event *event)
{
	if (!vrfleak_zebra_is_swept() || vrfleak_zebra_backlog())
		return round_later();

	rib_sweep_once();
	stale.found = 0;
	stale.open = false;
	stale.table_id = 0;
	stale.zvrf = NULL;
	vrfleak_kernel_walk(stale.loop, route_is_stale, round_done);
}

void vrfleak_stale_init(struct vrfleak_event_loop *loop)
{
	stale.loop = loop;
	stale.pause = PAUSE_SECONDS;
	round_later();
}

void vrfleak_stale_finish(void)
{
	event_cancel(&stale.timer);
	vrfleak_kernel_stop();
}
