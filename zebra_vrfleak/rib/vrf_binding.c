// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: binds the VRFs that the policy names to zebra's VRFs, see the
 * header.
 *
 * Zebra has no hook for the creation or deletion of a VRF, so its VRFs are
 * looked up by name. A VRF was replaced if its vrf_id or its table differs, or
 * if zebra has closed its table since. The last condition is needed because a
 * VRF device that is deleted and created again may have the same ifindex and
 * table.
 *
 * Zebra calls no hook for a table that is empty when it closes it. None is
 * needed: nothing was leaked from such a table or to it.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/srcdest_table.h"
#include "zebra/interface.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/rib/vrf_binding.h"

/* If VRFs are network namespaces, no VRF is bound, and so none leaks. */
static struct zebra_vrf *zebra_vrf_active(const char *name)
{
	struct zebra_vrf *zvrf = zebra_vrf_lookup_by_name(name);

	if (vrf_is_backend_netns())
		return NULL;
	if (!zvrf || !zvrf->vrf || !zvrf_is_active(zvrf))
		return NULL;
	if (zvrf->vrf->vrf_id == VRF_UNKNOWN)
		return NULL;
	return zvrf;
}

static const struct interface *device_find(const struct vrf *vrf)
{
	if (vrf->vrf_id == VRF_DEFAULT)
		return NULL;
	return if_lookup_by_name(vrf->name, vrf->vrf_id);
}

static uint32_t device_downs(const struct vrf *vrf)
{
	const struct interface *ifp = device_find(vrf);
	const struct zebra_if *zif = ifp ? ifp->info : NULL;

	return zif ? zif->down_count : 0;
}

static bool device_is_up(const struct vrf *vrf)
{
	const struct interface *ifp = device_find(vrf);

	return vrf->vrf_id == VRF_DEFAULT || (ifp && if_is_operative(ifp));
}

static void refused_refresh(struct vrfleak_vrf *vrf)
{
	bool refused = vrfleak_table_is_imported(vrf->table_id);

	if (refused && !vrf->refused)
		flog_err(
			EC_VRFLEAK_INSTANCE,
			"nothing leaks from or to VRF %s: 'ip import-table' uses its table %u",
			vrf->name, vrf->table_id);
	vrf->refused = refused;
}

bool vrfleak_vrf_drop_changed(struct vrfleak_vrf *vrf)
{
	const struct zebra_vrf *zvrf = zebra_vrf_active(vrf->name);

	if (!vrfleak_vrf_bound(vrf))
		return false;
	if (zvrf && !vrf->table_closed && vrf->vrf_id == zvrf->vrf->vrf_id &&
	    vrf->table_id == zvrf->table_id)
		return false;
	vrfleak_vrf_unbind(vrf);
	return true;
}

static bool name_bind(struct vrfleak_vrf *vrf, const struct zebra_vrf *zvrf)
{
	if (!vrfleak_vrf_bind(vrf, zvrf->vrf->vrf_id, zvrf->table_id))
		return false;
	vrf->device_downs = device_downs(zvrf->vrf);
	if (vrf->instance == 0)
		flog_err(
			EC_VRFLEAK_INSTANCE,
			"VRF %s leaks nothing: all instances for its routes are in use",
			vrf->name);
	return true;
}

bool vrfleak_vrf_refresh(struct vrfleak_vrf *vrf)
{
	const struct zebra_vrf *zvrf = zebra_vrf_active(vrf->name);
	struct vrfleak_vrf was = *vrf;

	if (!zvrf || (!vrfleak_vrf_bound(vrf) && !name_bind(vrf, zvrf)))
		return false;

	refused_refresh(vrf);
	vrf->device_up = device_is_up(zvrf->vrf);
	vrf->device_downs = device_downs(zvrf->vrf);
	return vrf->vrf_id != was.vrf_id || vrf->refused != was.refused ||
	       vrf->device_up != was.device_up ||
	       vrf->device_downs != was.device_downs;
}

bool vrfleak_vrf_closed(struct route_node *rn)
{
	const struct rib_table_info *info;
	struct vrfleak_vrf *vrf;

	if (rnode_is_srcnode(rn))
		return false;
	/* FRR 10.7 has assigned the table to the default VRF by now. */
	info = srcdest_rnode_table_info(rn);
	vrf = info->safi == SAFI_UNICAST ? vrfleak_vrf_by_table(info->table_id)
					 : NULL;
	if (!vrf || vrf->table_closed)
		return false;
	vrf->table_closed = true;
	return true;
}

struct vrfleak_vrf *vrfleak_vrf_imported(struct route_node *rn)
{
	struct vrfleak_vrf *source;
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		if (re->type != ZEBRA_ROUTE_TABLE)
			continue;
		source = vrfleak_vrf_by_instance(re->instance);
		if (source)
			return source;
	}
	return NULL;
}
