// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the texts of the error cards.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/errors.h"

/* clang-format off */
static struct log_ref vrfleak_error_cards[] = {
	{
		.code = EC_VRFLEAK_CONFLICT,
		.title = "A leaked route was refused",
		.description = "A source VRF offers a prefix that was not installed in the target VRF. The target has an active native route, or another source owns the prefix, or zebra did not keep the route, or the import is full, or the source lost the route too often (hold-down).",
		.suggestion = "See 'show ip route-leak conflicts' (or ipv6). Remove the unwanted route, or use 'clear ip route-leak vrf NAME PREFIX' to install the route of the best candidate. A candidate is installed automatically once the blocking route is gone.",
	},
	{
		.code = EC_VRFLEAK_INSTANCE,
		.title = "A VRF's leaked routes cannot be identified",
		.description = "'ip import-table' imports the kernel table of a VRF in the policy, and uses the same route type and instance as leaked routes; or all route instances are in use.",
		.suggestion = "Remove 'ip import-table', or give the VRF device another table. Until then the configuration is accepted, but no route is leaked from the VRF.",
	},
	{
		.code = EC_VRFLEAK_NETNS,
		.title = "VRFs are network namespaces",
		.description = "Zebra was started with VRFs as network namespaces (option -w or -n). The kernel cannot forward between these. Export and import statements are accepted, but no route is leaked.",
		.suggestion = "Use VRF devices (ip link add NAME type vrf table N) and start zebra without that option. The configuration then takes effect without further changes.",
	},
	{
		.code = EC_VRFLEAK_LOST_LINES,
		.title = "The configuration lacks export or import statements",
		.description = "Zebra ran without a build of the module. FRR skipped the export and import statements then, and 'write' deleted them. The copy that was kept of the configuration file has them.",
		.suggestion = "Configure the statements again, for example with 'vtysh -f' and the copy. If they are not wanted, delete the copy.",
	},
	{
		.code = EC_VRFLEAK_KERNEL,
		.title = "The kernel's routes could not be compared with the RIB",
		.description = "After zebra's start, the module deletes leaked routes that a killed zebra left in the kernel. It could not read or delete some of them.",
		.suggestion = "The module tries again with growing pauses, up to 10 times. If the problem persists, compare 'ip route show table N proto zebra' with 'show ip route vrf NAME', and delete the routes that zebra does not have.",
	},
	{
		.code = EC_VRFLEAK_MONITOR,
		.title = "The kernel's events cannot be monitored",
		.description = "The module receives changes of links and deletions of addresses and routes from the kernel. It could not open the netlink socket for this.",
		.suggestion = "Routes are still leaked. The module polls zebra once a second instead, which costs more CPU time. Check the limits on sockets and memory, then restart zebra.",
	},
	{
		.code = EC_VRFLEAK_LIMIT,
		.title = "An import statement is near or above its maximum-prefix",
		.description = "The number of routes that a VRF imports by this statement has reached the threshold of its maximum-prefix, or exceeds a maximum-prefix with warning-only.",
		.suggestion = "See 'show ip route-leak vrf NAME' (or ipv6) for the number. Filter the routes with a route-map, or raise maximum-prefix. Refused routes are installed automatically once the number is below the limit.",
	},
	{
		.code = EC_VRFLEAK_ROUTE_MAP,
		.title = "A route-map of an export or import statement has no or only partial effect",
		.description = "The route-map does not exist, so it denies all routes; or it has clauses that are ignored for leaked routes.",
		.suggestion = "See the hints of 'show ip route-leak vrf NAME' (or ipv6). Configure the route-map, or remove it from the statement. Remove clauses that are ignored.",
	},
	{
		.code = EC_VRFLEAK_UNSTABLE,
		.title = "A leaked route comes and goes again and again",
		.description = "A route was installed in a target VRF and withdrawn many times within seconds. Often the source's route depends on a route of the target that the leaked route replaces: zebra resolves no next hop through a leaked route.",
		.suggestion = "Look for a static route whose next hop is in the target VRF (nexthop-vrf), and exclude the prefix from the import with a route-map. The module tries again after a minute.",
	},
	{
		.code = EC_VRFLEAK_ISOLATION,
		.title = "VRFs are not isolated from each other",
		.description = "If a VRF's table has no matching route, the kernel continues in the main table. Traffic can so reach other VRFs through the default VRF. No policy rule prevents it, or the kernel refused the rule of 'ip vrf-isolation' (or ipv6), or another program has deleted that rule.",
		.suggestion = "Configure 'ip vrf-isolation' and 'ipv6 vrf-isolation'. If the kernel refuses the rule, it may lack l3mdev support (CONFIG_NET_L3_MASTER_DEV); the module tries again once a minute. If another program deletes the rule, make it leave rules of protocol zebra alone, such as systemd-networkd by ManageForeignRoutingPolicyRules=no.",
	},
	{
		.code = END_FERR,
	},
};
/* clang-format on */

void vrfleak_errors_init(void)
{
	log_ref_add(vrfleak_error_cards);
}
