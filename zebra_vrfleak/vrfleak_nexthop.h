// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the next hops of a leaked route.
 *
 * They are the source's active ones in the source's VRF: all of a group, with
 * weights and labels, and recursion flattened to its leaves. Source addresses
 * and backups belong to the source and are left out.
 */
#ifndef _VRFLEAK_NEXTHOP_H
#define _VRFLEAK_NEXTHOP_H

#include "lib/nexthop_group.h"

#include "zebra_vrfleak/vrfleak_vrf.h"

/*
 * Make them; NULL where there is none. The caller frees them. through_vrf: let
 * a directly connected one go through the source's VRF device.
 */
extern struct nexthop_group *
vrfleak_nexthops_make(const struct nexthop_group *from,
		      const struct vrfleak_vrf *source, bool through_vrf);

/* Whether they are the same, in the same order. */
extern bool vrfleak_nexthops_same(const struct nexthop_group *one,
				  const struct nexthop_group *two);

#endif /* _VRFLEAK_NEXTHOP_H */
