// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: routes of the system, see the header.
 *
 * Costs at rest: nothing but an entry for each connected and local route that
 * matters. Of routes of the kernel's, of which there may be a million, a VRF
 * remembers only that it has any that matter.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_link.h"
#include "zebra_vrfleak/vrfleak_rib.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"
#include "zebra_vrfleak/vrfleak_worklist.h"

/* Of more prefixes than so many, whole tables are looked at instead. */
#define GONE_MAX 10000

static struct {
	struct vrfleak_event_loop *loop;
	/* By the VRF that has the route, as scope. */
	struct vrfleak_dirty known;
	struct vrfleak_dirty gone;
	/* Something of the kind has happened, since the last look was done. */
	bool interfaces;
	bool all;
	/* How many of the known and of the gone are left of this look. */
	size_t left;
	size_t gone_left;
	/* This is the last look. */
	bool last;
	struct vrfleak_event *look;
} watched;

static struct vrfleak_system system_of(const struct vrfleak_vrf *vrf,
				       const struct prefix *prefix)
{
	return vrfleak_rib_node_system(vrfleak_rib_node(vrf, prefix));
}

static bool route_matters(const struct vrfleak_vrf *vrf,
			  const struct prefix *prefix)
{
	if (!vrf || !vrf->node)
		return false;
	return vrf->node->targets[vrfleak_prefix_af(prefix)].count ||
	       vrfleak_contest_find(vrfleak_engine_contests(), vrf->number,
				    prefix);
}

void vrfleak_system_note(const struct vrfleak_vrf *vrf,
			 const struct prefix *prefix, struct route_node *rn)
{
	struct vrfleak_system system;

	if (!VRFLEAK_HAVE_SILENT_WITHDRAWALS || !route_matters(vrf, prefix))
		return;
	system = vrfleak_rib_node_system(rn);
	if (system.interface)
		vrfleak_dirty_add(&watched.known, vrf->number, prefix, 0);
	if (system.kernel)
		vrfleak_vrf_note_kernel(vrf, vrfleak_prefix_af(prefix));
}

bool vrfleak_system_gone(const struct vrfleak_kernel_route *route)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_table(route->table_id);

	if (!vrf || !route_matters(vrf, &route->prefix))
		return false;
	if (watched.all)
		return true;
	if (vrfleak_dirty_count(&watched.gone) >= GONE_MAX)
		vrfleak_system_doubt(true);
	else
		vrfleak_dirty_add(&watched.gone, vrf->number, &route->prefix,
				  0);
	return true;
}

void vrfleak_system_doubt(bool all)
{
	watched.interfaces = true;
	watched.all = watched.all || all;
}

/* ---- looking ---- */

static void known_look(struct vrfleak_dirty_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(item->scope);

	if (route_matters(vrf, &item->prefix)) {
		if (system_of(vrf, &item->prefix).interface) {
			vrfleak_dirty_put(&watched.known, item);
			return;
		}
		vrfleak_engine_changed(&item->prefix, vrf->number);
	}
	vrfleak_dirty_free(item);
}

/* Those that zebra has no longer are decided about; the others wait. */
static void gone_look(struct vrfleak_dirty_item *item)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(item->scope);

	if (vrf && !watched.last && system_of(vrf, &item->prefix).kernel) {
		vrfleak_dirty_put(&watched.gone, item);
		return;
	}
	if (vrf)
		vrfleak_engine_changed(&item->prefix, vrf->number);
	vrfleak_dirty_free(item);
}

/* Look at the oldest of a list, so many times; whether all was done. */
static bool list_look(struct vrfleak_dirty *list, size_t *left,
		      void (*each)(struct vrfleak_dirty_item *item),
		      struct vrfleak_slice *slice)
{
	struct vrfleak_dirty_item *item;

	while (*left > 0 && vrfleak_slice_in_time(slice)) {
		(*left)--;
		item = vrfleak_dirty_pop(list);
		if (item)
			each(item);
	}
	return *left == 0;
}

static void lists_run(struct vrfleak_event *event)
{
	struct vrfleak_slice slice;
	bool done;

	vrfleak_slice_begin(&slice);
	done = list_look(&watched.gone, &watched.gone_left, gone_look,
			 &slice) &&
	       list_look(&watched.known, &watched.left, known_look, &slice);
	vrfleak_slice_end();
	if (!done)
		event_add_event(watched.loop, lists_run, NULL, 0,
				&watched.look);
}

/* ---- whole tables: only kernel routes need a lookup ---- */

void vrfleak_system_check_leaked(const struct vrfleak_vrf *target,
				 const struct vrfleak_rib_at *at)
{
	enum vrfleak_af af = vrfleak_prefix_af(at->prefix);
	bool unused = at->source && !at->leaked &&
		      !vrfleak_given_source(target, at->prefix);

	if (!at->source)
		return;
	if (unused || (at->leaked && vrfleak_link_lost(at->leaked, af)) ||
	    (at->source->has_kernel[af] &&
	     !vrfleak_rib_offered(at->source, at->prefix)))
		vrfleak_engine_changed(at->prefix, at->source->number);
}

void vrfleak_system_check_waiting(const struct vrfleak_vrf *target,
				  const struct prefix *prefix,
				  const struct vrfleak_contest *contest)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	const struct vrfleak_vrf *source;
	bool native = false;

	for (uint16_t i = 0; i < contest->count; i++) {
		source = vrfleak_vrf_by_number(contest->waiters[i].source);
		native = native || contest->waiters[i].reason == VRFLEAK_NATIVE;
		if (source->has_kernel[af] &&
		    !vrfleak_rib_offered(source, prefix))
			vrfleak_engine_changed(prefix, source->number);
	}
	if (native && target->has_kernel[af] &&
	    !vrfleak_rib_native(target, prefix))
		vrfleak_engine_changed(prefix, target->number);
}

void vrfleak_system_check_all(void)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		for (int af = 0; vrf->node && af < VRFLEAK_AF_MAX; af++)
			if (vrf->node->sources[af].count)
				vrfleak_walk_audit(vrf, af);
}

void vrfleak_system_look(bool early, bool last)
{
	watched.last = last;
	watched.gone_left = vrfleak_dirty_count(&watched.gone);
	if (watched.interfaces)
		watched.left = vrfleak_dirty_count(&watched.known);
	if (watched.gone_left || watched.left)
		event_add_event(watched.loop, lists_run, NULL, 0,
				&watched.look);
	/* Costs what is leaked; at first zebra will not have come to it. */
	if (watched.interfaces && !early)
		vrfleak_system_check_all();
	if (last) {
		watched.interfaces = false;
		watched.all = false;
	}
}

static bool vrf_is_gone(uint32_t number)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_number(number);

	return !vrf || !vrf->node;
}

void vrfleak_system_forget(void)
{
	vrfleak_dirty_forget(&watched.known, vrf_is_gone);
	vrfleak_dirty_forget(&watched.gone, vrf_is_gone);
}

size_t vrfleak_system_known(void)
{
	return vrfleak_dirty_count(&watched.known);
}

size_t vrfleak_system_doubted(void)
{
	return vrfleak_dirty_count(&watched.gone);
}

void vrfleak_system_init(struct vrfleak_event_loop *loop)
{
	watched.loop = loop;
	vrfleak_dirty_init(&watched.known);
	vrfleak_dirty_init(&watched.gone);
}

void vrfleak_system_finish(void)
{
	event_cancel(&watched.look);
	vrfleak_dirty_finish(&watched.known);
	vrfleak_dirty_finish(&watched.gone);
}
