// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: binds the VRFs that the policy names to zebra's.
 *
 * Invariant: all VRFs that have changed are unbound before any is bound.
 */
#ifndef _VRFLEAK_BINDING_H
#define _VRFLEAK_BINDING_H

#include "zebra_vrfleak/vrfleak_vrf.h"

struct route_node;

/*
 * Unbind a VRF that has gone from zebra, or is another one there now. Returns
 * whether it was unbound. To be called for all VRFs before any of them is
 * bound: one may have taken over the vrf_id or the table of another.
 */
extern bool vrfleak_vrf_drop_changed(struct vrfleak_vrf *vrf);

/*
 * Bind a VRF that zebra has, and compare one that is bound with zebra's.
 * Returns whether anything changed.
 */
extern bool vrfleak_vrf_refresh(struct vrfleak_vrf *vrf);

/*
 * For the rib_shutdown hook, O(1): zebra closes a table that has the node.
 * Returns whether it is a bound VRF's, and the first time that it is told.
 */
extern bool vrfleak_vrf_closed(struct route_node *rn);

/*
 * The VRF that a route of the node may have been imported from by 'ip
 * import-table', going by the route's instance; else NULL. For the rib_update
 * hook.
 */
extern struct vrfleak_vrf *vrfleak_vrf_imported(struct route_node *rn);

#endif /* _VRFLEAK_BINDING_H */
