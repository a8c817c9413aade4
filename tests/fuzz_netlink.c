// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: fuzz target of parsing rtnetlink(7) datagrams.
 *
 * No byte outside the datagram is read. A reported route has a valid family and
 * prefix length, a reported rule a valid family. There are no more messages
 * than headers fit into the datagram.
 */
#include <zebra.h>

#include <linux/netlink.h>

#include "zebra_vrfleak/core/netlink_reader.h"
#include "fuzz.h"

static bool visit(const struct vrfleak_netlink_message *message, void *arg)
{
	const struct prefix *prefix = &message->route.prefix;
	size_t *count = arg;

	(*count)++;
	FUZZ_CHECK(message->error >= 0, "%d", message->error);
	if (message->kind == VRFLEAK_NETLINK_ROUTE_NEW ||
	    message->kind == VRFLEAK_NETLINK_ROUTE_GONE) {
		FUZZ_CHECK(prefix->family == AF_INET ||
				   prefix->family == AF_INET6,
			   "%u", prefix->family);
		FUZZ_CHECK(prefix->prefixlen <= prefix_blen(prefix) * 8, "%u",
			   prefix->prefixlen);
	}
	if (message->kind == VRFLEAK_NETLINK_RULE_NEW ||
	    message->kind == VRFLEAK_NETLINK_RULE_GONE)
		FUZZ_CHECK(message->rule.family == AF_INET ||
				   message->rule.family == AF_INET6,
			   "%u", message->rule.family);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count = 0;

	vrfleak_netlink_read(data, size, visit, &count);
	FUZZ_CHECK(count <= size / sizeof(struct nlmsghdr), "%zu", count);
	return 0;
}
