// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: stale routes, see the header.
 *
 * There are two phases. The first one begins when the configuration has not
 * changed for some seconds and no work is left, or when zebra has swept. If it
 * began before zebra's sweep, the second one begins when zebra has swept. Each
 * phase checks each route of the RIB once, with a time budget per event. It
 * then compares the kernel's routes with the RIB, in rounds.
 *
 * A kernel route that zebra is just adding or deleting is checked again in the
 * next round. If a round did not see all routes, another one follows. Rounds
 * end with the first one that found nothing and left nothing open, at the
 * latest after ROUNDS_MAX. The pauses between them double.
 */
#include <zebra.h>

#include "lib/monotime.h"
#include "zebra/zebra_nhg.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/kernel_routes.h"
#include "zebra_vrfleak/rib/stale_routes.h"

#define PAUSE_SECONDS 1
#define PAUSE_SECONDS_MAX 64
#define ROUNDS_MAX 10

/* For how long the configuration must not have changed. */
#define QUIET_SECONDS 5

static struct {
	const struct vrfleak_stale_calls *calls;
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *timer;
	uint32_t pause;
	uint32_t rounds;
	uint32_t found;
	bool open;
	/* The RIB may have routes that were leaked before zebra's start. */
	bool leaked;
	/* This is the last phase: zebra had swept when it began. */
	bool last;
	/* The first phase has ended, the second one has not begun. */
	bool between_phases;
	/* The configuration's version, and when it was first seen. */
	uint32_t version;
	time_t version_time;
	/* The RIB has routes that zebra read from the kernel at its start. */
	bool seen;
	bool swept;
	/* The configuration has been read, and it imports no table. */
	bool no_import;
	/* The last table and its VRF: the kernel lists table by table. */
	uint32_t table_id;
	vrf_id_t vrf_id;
} stale;

/* The progress of a phase in the RIB. */
static struct scan {
	bool begun;
	bool over;
	vrf_id_t vrf_id;
	afi_t afi;
	bool started;
	struct prefix done;
} scan = {.afi = AFI_IP};

/* ---- which routes are stale ---- */

static bool entry_is_old(const struct route_entry *re)
{
	return CHECK_FLAG(re->flags, ZEBRA_FLAG_SELFROUTE) &&
	       re->uptime <= zrouter.startup_time;
}

/* Zebra reads an old leaked route from the kernel as one of these types. */
static bool type_is_leaked(const struct route_entry *re)
{
	return re->type == ZEBRA_ROUTE_KERNEL || re->type == ZEBRA_ROUTE_TABLE;
}

/* Whether a route leaked to the default VRF may have this next hop. */
static bool nexthop_is_leaked(const struct nexthop *nexthop)
{
	const struct zebra_vrf *source;

	if (nexthop->type == NEXTHOP_TYPE_BLACKHOLE)
		return true;
	source = zebra_vrf_lookup_by_id(nexthop->vrf_id);
	return source && nexthop->vrf_id != VRF_DEFAULT &&
	       !vrfleak_table_is_imported(source->table_id);
}

/*
 * Whether an old route was leaked. Old routes of other daemons have other
 * types. In the default VRF's own table, some may come from 'ip import-table',
 * unless the configuration imports no table. A route that zebra read before it
 * knew the table's VRF is in the default VRF, too, but in the other table.
 */
static bool entry_was_leaked(const struct route_entry *re)
{
	const struct zebra_vrf *own = vrf_info_lookup(VRF_DEFAULT);

	if (!type_is_leaked(re))
		return false;
	return stale.no_import || re->table != own->table_id ||
	       (re->nhe->nhg.nexthop &&
		nexthop_is_leaked(re->nhe->nhg.nexthop));
}

bool vrfleak_stale_ignored(const struct route_entry *re)
{
	return entry_is_old(re) &&
	       (vrfleak_zebra_is_swept() || entry_was_leaked(re));
}

bool vrfleak_stale_maybe_leaked(const struct route_entry *re)
{
	return entry_is_old(re) && type_is_leaked(re);
}

/*
 * Delete old leaked routes from the RIB. Returns whether the node has other
 * old routes.
 */
static bool node_drop(struct route_node *rn)
{
	struct route_entry *re, *next;
	bool others = false;

	RNODE_FOREACH_RE_SAFE (rn, re, next) {
		if (!entry_is_old(re) ||
		    CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
			continue;
		if (!entry_was_leaked(re)) {
			others = true;
			continue;
		}
		VRFLEAK_DEBUG(routes, "%pRN in VRF %u: stale", rn, re->vrf_id);
		rib_delnode(rn, re);
	}
	return others;
}

void vrfleak_stale_decided(const struct vrfleak_vrf *target,
			   struct route_node *rn)
{
	if (stale.leaked && rn)
		node_drop(rn);
}

/* ---- the kernel's routes ---- */

static bool vrf_has_table(const struct vrf *vrf, uint32_t table_id)
{
	const struct zebra_vrf *zvrf = vrf ? vrf->info : NULL;

	return zvrf && CHECK_FLAG(vrf->status, VRF_ACTIVE) &&
	       zvrf->table_id == table_id;
}

/* Keeps the VRF's id, not the VRF, which may be deleted between two events. */
static struct zebra_vrf *table_vrf(uint32_t table_id)
{
	struct vrf *vrf = vrf_lookup_by_id(stale.vrf_id);

	if (vrf_has_table(vrf, table_id))
		return vrf->info;
	if (stale.table_id == table_id)
		return NULL;
	stale.table_id = table_id;
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		if (!vrf_has_table(vrf, table_id))
			continue;
		stale.vrf_id = vrf->vrf_id;
		return vrf->info;
	}
	return NULL;
}

static bool entry_has_nexthops(struct route_entry *re, uint32_t nexthop_id)
{
	return nexthop_id == 0 || nexthop_id == re->nhe_id ||
	       nexthop_id == re->nhe_installed_id ||
	       (re->nhe && nexthop_id == zebra_nhg_resolve(re->nhe)->id);
}

/*
 * Whether zebra has installed an entry with this next-hop group. A kernel,
 * connected or local route is another route of the kernel's.
 */
static bool entry_is_in_kernel(struct route_entry *re, uint32_t nexthop_id)
{
	return re->type != ZEBRA_ROUTE_KERNEL &&
	       re->type != ZEBRA_ROUTE_CONNECT &&
	       re->type != ZEBRA_ROUTE_LOCAL &&
	       CHECK_FLAG(re->status, ROUTE_ENTRY_INSTALLED) &&
	       entry_has_nexthops(re, nexthop_id);
}

static bool entry_is_busy(const struct route_entry *re)
{
	return CHECK_FLAG(re->status, ROUTE_ENTRY_QUEUED) ||
	       CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED);
}

static bool route_is_stale(const struct vrfleak_kernel_route *route)
{
	afi_t afi = family2afi(route->prefix.family);
	struct zebra_vrf *zvrf = table_vrf(route->table_id);
	struct route_table *table;
	struct route_entry *re;
	struct route_node *rn;
	bool known = false, busy = false;

	table = zvrf ? zvrf->table[afi][SAFI_UNICAST] : NULL;
	if (!table)
		return false;

	rn = route_node_lookup(table, &route->prefix);
	if (rn) {
		RNODE_FOREACH_RE (rn, re) {
			busy |= entry_is_busy(re);
			/* Left to zebra's sweep, which has not run yet. */
			known |= entry_is_old(re) && !entry_was_leaked(re);
			known |= entry_is_in_kernel(re, route->nexthop_id);
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

/* End the phase, and schedule the second one if this is the first. */
static void phase_end(void)
{
	if (stale.last)
		return;
	stale.between_phases = true;
	stale.rounds = 0;
	stale.pause = PAUSE_SECONDS;
	scan = (struct scan){.afi = AFI_IP};
	round_later();
}

static void round_done(bool complete)
{
	if (stale.found)
		zlog_info(
			"route-leak: deleted %u stale routes from the kernel, installed before zebra's start",
			stale.found);
	if (complete && !stale.found && !stale.open)
		return phase_end();
	if (++stale.rounds >= ROUNDS_MAX) {
		flog_warn(
			EC_VRFLEAK_KERNEL,
			"route-leak: stopped comparing the kernel's routes with zebra's after %u rounds: %s; routes from before zebra's start may remain, see 'ip route show table all proto zebra'",
			stale.rounds,
			complete ? "zebra has not processed all of them"
				 : "the kernel did not list all of them");
		return phase_end();
	}

	stale.pause = MIN(stale.pause * 2, PAUSE_SECONDS_MAX);
	round_later();
}

static void round_begin(void)
{
	if (stale.last && stale.seen)
		rib_sweep_once();
	stale.found = 0;
	stale.open = false;
	stale.table_id = 0;
	stale.vrf_id = VRF_UNKNOWN;
	vrfleak_kernel_walk(stale.loop, route_is_stale, round_done);
}

/* ---- the scan of the RIB ---- */

/* Continue in a table. Returns whether its end was reached. */
static bool table_scan(struct route_table *table, struct vrfleak_budget *budget)
{
	struct route_node *rn;

	rn = scan.started ? route_table_get_next(table, &scan.done)
			  : route_top(table);
	for (; rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		stale.seen |= node_drop(rn);
		if (vrfleak_budget_in_time(budget))
			continue;
		prefix_copy(&scan.done, &rn->p);
		scan.started = true;
		route_unlock_node(rn);
		return false;
	}
	scan.started = false;
	return true;
}

/*
 * Continue in the tables of all VRFs, by vrf_id. Returns whether all is done.
 */
static bool tables_scan(struct vrfleak_budget *budget)
{
	struct route_table *table;
	struct zebra_vrf *zvrf;
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		zvrf = vrf->info;
		if (!zvrf || vrf->vrf_id < scan.vrf_id)
			continue;
		if (vrf->vrf_id > scan.vrf_id) {
			scan.afi = AFI_IP;
			scan.started = false;
		}
		scan.vrf_id = vrf->vrf_id;
		for (; scan.afi <= AFI_IP6; scan.afi++) {
			table = zvrf->table[scan.afi][SAFI_UNICAST];
			if (table && !table_scan(table, budget))
				return false;
		}
	}
	stale.leaked = false;
	return true;
}

/* Whether the configuration has been read, and all resulting work is done. */
static bool work_is_done(void)
{
	uint32_t version = stale.calls->config_version();

	if (version != stale.version) {
		stale.version = version;
		stale.version_time = monotime(NULL);
	}
	return version > 0 && !stale.calls->is_busy() &&
	       monotime(NULL) - stale.version_time >= QUIET_SECONDS;
}

static void round_run(struct vrfleak_event *event)
{
	struct vrfleak_budget budget;
	bool swept = vrfleak_zebra_is_swept();

	if (vrfleak_zebra_backlog() ||
	    !(swept || (!stale.between_phases && work_is_done())))
		return round_later();
	if (scan.over)
		return round_begin();

	if (!scan.begun) {
		stale.last = swept;
		stale.no_import = !vrfleak_any_table_is_imported();
	}
	scan.begun = true;
	vrfleak_budget_begin(&budget);
	scan.over = tables_scan(&budget);
	vrfleak_budget_end(&budget);
	if (scan.over)
		stale.calls->deleted();
	event_add_event(stale.loop, round_run, NULL, 0, &stale.timer);
}

void vrfleak_stale_init(struct vrfleak_event_loop *loop,
			const struct vrfleak_stale_calls *calls)
{
	stale.calls = calls;
	stale.loop = loop;
	stale.pause = PAUSE_SECONDS;
	stale.leaked = true;
	round_later();
}

void vrfleak_stale_finish(void)
{
	event_cancel(&stale.timer);
	vrfleak_kernel_stop();
}
