// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: reads datagrams of rtnetlink(7), as far as they matter here.
 *
 * Whatever the bytes are, nothing outside of them is read, and a route that is
 * reported has a prefix length that its family allows.
 *
 * Ignored: routes of other families than IPv4 and IPv6, source-specific ones,
 * cached ones, and messages that are too short.
 */
#ifndef _VRFLEAK_CORE_NETLINK_READER_H
#define _VRFLEAK_CORE_NETLINK_READER_H

#include "lib/prefix.h"

struct vrfleak_kernel_route {
	struct prefix prefix;
	uint32_t table_id;
	/* The kernel's own metric; 0 where the route has none. */
	uint32_t priority;
	/* Of the kernel's next-hop object; 0 where the route has none. */
	uint32_t nexthop_id;
	/* RTPROT_... */
	uint8_t protocol;
	uint8_t type, scope;
};

enum vrfleak_netlink_kind {
	/* Of no interest, or ignored. */
	VRFLEAK_NETLINK_OTHER = 0,
	VRFLEAK_NETLINK_ROUTE_NEW,
	VRFLEAK_NETLINK_ROUTE_GONE,
	VRFLEAK_NETLINK_ADDRESS_GONE,
	/* A link was added, changed or deleted. */
	VRFLEAK_NETLINK_LINK,
	/* The end of a list that was requested. */
	VRFLEAK_NETLINK_DONE,
	/* The answer to a request. */
	VRFLEAK_NETLINK_ANSWER,
};

struct vrfleak_netlink_message {
	enum vrfleak_netlink_kind kind;
	/* Of the request that is answered. */
	uint32_t seq;
	/* The list changed while it was read: entries may be missing. */
	bool interrupted;
	/* DONE, ANSWER: the error, as in errno, or 0. */
	int error;
	/* LINK: whether it carries no traffic now. */
	bool down;
	/* ADDRESS_GONE: the interface that has lost an IPv4 address, or 0. */
	int ifindex;
	/* ROUTE_NEW, ROUTE_GONE. */
	struct vrfleak_kernel_route route;
};

/* Whether to go on with the next message. */
typedef bool (*vrfleak_netlink_visit)(
	const struct vrfleak_netlink_message *message, void *arg);

/*
 * Read a datagram of length bytes, aligned as a struct nlmsghdr is, message by
 * message, until visit returns false. Returns false if the datagram is damaged
 * or cut short; the rest of it was not read then.
 */
extern bool vrfleak_netlink_read(const void *datagram, size_t length,
				 vrfleak_netlink_visit visit, void *arg);

#endif /* _VRFLEAK_CORE_NETLINK_READER_H */
