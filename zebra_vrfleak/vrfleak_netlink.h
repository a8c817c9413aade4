// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a datagram of rtnetlink(7) says, as far as it matters here.
 *
 * Whatever the bytes are, nothing outside of them is read, and a route that is
 * reported has a prefix length that its family allows.
 *
 * Refused, as if they were not there: routes of other families than IPv4 and
 * IPv6, source-specific ones, cached ones, and messages that are too short.
 */
#ifndef _VRFLEAK_NETLINK_H
#define _VRFLEAK_NETLINK_H

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
	/* Nothing that matters, or refused. */
	VRFLEAK_NETLINK_OTHER = 0,
	VRFLEAK_NETLINK_ROUTE_NEW,
	VRFLEAK_NETLINK_ROUTE_GONE,
	VRFLEAK_NETLINK_ADDRESS_GONE,
	/* A link has come, changed or gone. */
	VRFLEAK_NETLINK_LINK,
	/* The end of a list that was asked for. */
	VRFLEAK_NETLINK_DONE,
	/* The answer to a request. */
	VRFLEAK_NETLINK_ANSWER,
};

struct vrfleak_netlink_message {
	enum vrfleak_netlink_kind kind;
	/* Of the request that is answered. */
	uint32_t seq;
	/* What is listed changed meanwhile: the list may lack some. */
	bool interrupted;
	/* DONE, ANSWER: what went wrong, as in errno; 0 where nothing did. */
	int error;
	/* LINK: whether it carries nothing now. */
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
 * message, until visit returns false. Returns false where the datagram is
 * damaged or cut short, so that what is left of it was not read.
 */
extern bool vrfleak_netlink_read(const void *datagram, size_t length,
				 vrfleak_netlink_visit visit, void *arg);

#endif /* _VRFLEAK_NETLINK_H */
