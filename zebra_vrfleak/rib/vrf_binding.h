// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: binds the VRFs that the policy names to zebra's VRFs.
 *
 * Invariant: all VRFs that have changed are unbound before any is bound.
 */
#ifndef _VRFLEAK_RIB_VRF_BINDING_H
#define _VRFLEAK_RIB_VRF_BINDING_H

#include "zebra_vrfleak/rib/vrf.h"

struct route_node;

/*
 * Unbind a VRF that zebra has deleted or replaced. Returns whether it was
 * unbound. Call this for all VRFs before any of them is bound: a new VRF may
 * have the vrf_id or the table of a deleted one.
 */
extern bool vrfleak_vrf_drop_changed(struct vrfleak_vrf *vrf);

/*
 * Bind a VRF that exists in zebra; if it is bound already, compare it with
 * zebra's. Returns whether anything changed.
 */
extern bool vrfleak_vrf_refresh(struct vrfleak_vrf *vrf);

/*
 * For the rib_shutdown hook, O(1): zebra closes the node's table. Returns true
 * on the first call for the table of a bound VRF.
 */
extern bool vrfleak_vrf_closed(struct route_node *rn);

/*
 * The VRF from which 'ip import-table' may have imported a route of the node,
 * by the route's instance, or NULL. For the rib_update hook.
 */
extern struct vrfleak_vrf *vrfleak_vrf_imported(struct route_node *rn);

#endif /* _VRFLEAK_RIB_VRF_BINDING_H */
