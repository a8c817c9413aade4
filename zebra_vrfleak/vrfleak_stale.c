// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: stale routes, see the header.
 *
 * Zebra sweeps the routes that it reads back from the kernel, sometimes before
 * it has read them all: where any are left, it is made to sweep once more. To
 * see whether there are any costs a look at each route, once, in slices.
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
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_stale.h"

#define PAUSE_SECONDS 1
#define PAUSE_SECONDS_MAX 64

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *timer;
	uint32_t pause;
	uint32_t found;
	bool open;
	/* The RIB has routes that zebra read from the kernel at its start. */
	bool seen;
	bool swept;
	/* The table seen last, and its VRF: the kernel goes table by table. */
	uint32_t table_id;
	struct zebra_vrf *zvrf;
} stale;

/* How far the look for them has come. */
static struct {
	vrf_id_t vrf_id;
	afi_t afi;
	bool started;
	struct prefix done;
	bool over;
} look = {.afi = AFI_IP};

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

static void round_begin(void)
{
	if (stale.seen)
		rib_sweep_once();
	stale.found = 0;
	stale.open = false;
	stale.table_id = 0;
	stale.zvrf = NULL;
	vrfleak_kernel_walk(stale.loop, route_is_stale, round_done);
}

/* ---- whether the RIB has any ---- */

static bool node_is_stale(struct route_node *rn)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re)
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELFROUTE) &&
		    re->uptime <= zrouter.startup_time)
			return true;
	return false;
}

/* Look on in a table; whether its end, or a stale route, was found. */
static bool table_look(struct route_table *table, struct vrfleak_slice *slice)
{
	struct route_node *rn;

	rn = look.started ? route_table_get_next(table, &look.done)
			  : route_top(table);
	for (; rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		stale.seen = node_is_stale(rn);
		if (!stale.seen && vrfleak_slice_in_time(slice))
			continue;
		prefix_copy(&look.done, &rn->p);
		look.started = true;
		route_unlock_node(rn);
		return stale.seen;
	}
	look.started = false;
	return true;
}

/* Look on in the tables of all VRFs, by their numbers; whether all is done. */
static bool tables_look(struct vrfleak_slice *slice)
{
	struct route_table *table;
	struct zebra_vrf *zvrf;
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		zvrf = vrf->info;
		if (!zvrf || vrf->vrf_id < look.vrf_id)
			continue;
		if (vrf->vrf_id > look.vrf_id) {
			look.afi = AFI_IP;
			look.started = false;
		}
		look.vrf_id = vrf->vrf_id;
		for (; look.afi <= AFI_IP6; look.afi++) {
			table = zvrf->table[look.afi][SAFI_UNICAST];
			if (table && !table_look(table, slice))
				return false;
			if (stale.seen)
				return true;
		}
	}
	return true;
}

static void round_run(struct vrfleak_event *event)
{
	struct vrfleak_slice slice;
	bool done;

	if (!vrfleak_zebra_is_swept() || vrfleak_zebra_backlog())
		return round_later();
	if (look.over)
		return round_begin();

	vrfleak_slice_begin(&slice);
	done = tables_look(&slice);
	vrfleak_slice_end();
	if (!done) {
		event_add_event(stale.loop, round_run, NULL, 0, &stale.timer);
		return;
	}
	look.over = true;
	round_begin();
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
