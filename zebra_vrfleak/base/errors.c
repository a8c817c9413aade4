// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the error cards.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/errors.h"

/* clang-format off */
static struct log_ref vrfleak_error_cards[] = {
	{
		.code = EC_VRFLEAK_CONFLICT,
		.title = "A leaked route was refused",
		.description = "A VRF imports a prefix that it may not take: it has an active route of its own, or another source VRF holds the prefix, or zebra did not keep the route.",
		.suggestion = "See 'show ip route-leak conflicts' (or ipv6). Remove the route that is not wanted, or let 'clear ip route-leak vrf NAME PREFIX' give the prefix to the source that waits. A waiting route is leaked by itself when the one in its way goes.",
	},
	{
		.code = EC_VRFLEAK_INSTANCE,
		.title = "A VRF's routes cannot be told apart",
		.description = "The kernel table of a VRF that exports routes is also imported by 'ip import-table', which uses the same route type and instance, or no instance is left.",
		.suggestion = "Remove 'ip import-table', or give the VRF device another table. Until then the configuration is accepted, but nothing is leaked from the VRF.",
	},
	{
		.code = EC_VRFLEAK_NETNS,
		.title = "A VRF is a network namespace",
		.description = "Zebra was started with VRFs as network namespaces (option -w or -n), between which the kernel cannot forward. Export and import lines are accepted, but nothing is leaked.",
		.suggestion = "Use VRF devices (ip link add NAME type vrf table N) and start zebra without that option. The lines then take effect without further changes.",
	},
	{
		.code = EC_VRFLEAK_LOAD,
		.title = "The module refused to load",
		.description = "FRR promises no stable interface to modules, so this one runs only in the version that it was built for.",
		.suggestion = "Build the module against the FRR version that is installed.",
	},
	{
		.code = EC_VRFLEAK_KERNEL,
		.title = "The kernel's routes could not be held against the RIB",
		.description = "After zebra's start the module looks for leaked routes that a killed zebra left in the kernel, and could not read or delete some.",
		.suggestion = "It tries again by itself, with growing pauses. If that does not help, compare 'ip route show table N proto zebra' with 'show ip route vrf NAME', and delete by hand what zebra does not have.",
	},
	{
		.code = EC_VRFLEAK_MONITOR,
		.title = "The kernel cannot be listened to",
		.description = "The module hears from the kernel that links change and that addresses and routes go, and could not open the socket for it.",
		.suggestion = "Leaking works; what zebra does not tell is looked at once a second instead, which costs more. Look for a limit on sockets or memory, then restart zebra.",
	},
	{
		.code = EC_VRFLEAK_LIMIT,
		.title = "An import line is near or above its limit of routes",
		.description = "The number of routes that a VRF takes by an import line has reached the threshold of its maximum-prefix, or exceeds it where that only warns.",
		.suggestion = "See 'show ip route-leak vrf NAME' (or ipv6) for the number. Filter the routes with a route-map, or raise maximum-prefix. What is refused is leaked by itself when there is room again.",
	},
	{
		.code = EC_VRFLEAK_ROUTE_MAP,
		.title = "A route-map of an export or import line does not do what it says",
		.description = "The route-map does not exist, so that it denies everything, or it has clauses that zebra does not know and ignores.",
		.suggestion = "See the hints of 'show ip route-leak vrf NAME' (or ipv6). Configure the route-map, or take it from the line; take out clauses that zebra does not know.",
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
