// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether zebra has the structures that the module was built with.
 */
#include <zebra.h>

#include "zebra/interface.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/base/fits.h"

/* Those of which the module reads or writes members. */
static const struct vrfleak_size sizes[] = {
	{"Route Entry", sizeof(struct route_entry)},
	{"Nexthop", sizeof(struct nexthop)},
	{"RIB destination", sizeof(rib_dest_t)},
	{"Route table", sizeof(struct route_table)},
	{"VRF", sizeof(struct vrf)},
	{"ZEBRA VRF", sizeof(struct zebra_vrf)},
	{"Nexthop Group Entry", sizeof(struct nhg_hash_entry)},
	{"Interface", sizeof(struct interface)},
	{"Zebra Interface Information", sizeof(struct zebra_if)},
	{"Northbound Node", sizeof(struct nb_node)},
	{"YANG module", sizeof(struct yang_module)},
};

const char *vrfleak_zebra_misfit(void)
{
	const char *misfit =
		vrfleak_multipath_misfit(vrfleak_zebra_multipath());

	if (misfit)
		return misfit;
	/* Until zebra has allocated one, libfrr does not know its size. */
	vrfleak_route_entry_free(zebra_rib_route_entry_new(
		VRF_DEFAULT, ZEBRA_ROUTE_TABLE, 0, 0, 0, 0, 0, 0, 0, 0));
	nexthop_free(nexthop_new());
	return vrfleak_misfit(sizes, array_size(sizes));
}
