// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: parses rtnetlink(7) datagrams, as far as the module needs them.
 *
 * Invariants, for any input:
 *  - No byte outside the datagram is read.
 *  - A reported route has a prefix length that is valid in its family.
 *  - A reported rule is of family AF_INET or AF_INET6.
 *
 * Ignored: routes and rules of families other than IPv4 and IPv6,
 * source-specific and cached routes, and messages that are too short.
 */
#ifndef _VRFLEAK_CORE_NETLINK_READER_H
#define _VRFLEAK_CORE_NETLINK_READER_H

#include "lib/prefix.h"

struct vrfleak_kernel_route {
	struct prefix prefix;
	uint32_t table_id;
	/* The metric in the kernel; 0 for none. */
	uint32_t priority;
	/* The id of the kernel's next-hop object; 0 for none. */
	uint32_t nexthop_id;
	/* RTPROT_... */
	uint8_t protocol;
	uint8_t type, scope;
};

/* A rule of the routing policy database (ip-rule(8)). */
struct vrfleak_kernel_rule {
	uint8_t family;
	/* FR_ACT_... */
	uint8_t action;
	/* RTPROT_... */
	uint8_t protocol;
	/* It matches the traffic of all VRFs. */
	bool l3mdev;
	/* It has other conditions, or is inverted. */
	bool selective;
	uint32_t priority;
	uint32_t table_id;
};

enum vrfleak_netlink_kind {
	/* Ignored. */
	VRFLEAK_NETLINK_OTHER = 0,
	VRFLEAK_NETLINK_ROUTE_NEW,
	VRFLEAK_NETLINK_ROUTE_GONE,
	VRFLEAK_NETLINK_ADDRESS_GONE,
	/* A link was added, changed or deleted. */
	VRFLEAK_NETLINK_LINK,
	VRFLEAK_NETLINK_RULE_NEW,
	VRFLEAK_NETLINK_RULE_GONE,
	/* The end of a dump. */
	VRFLEAK_NETLINK_DONE,
	/* An error or acknowledgement. */
	VRFLEAK_NETLINK_ANSWER,
};

struct vrfleak_netlink_message {
	enum vrfleak_netlink_kind kind;
	/* The sequence number of the request. */
	uint32_t seq;
	/* The netlink socket whose request caused this, or 0. */
	uint32_t port;
	/* Part of a dump, not an event. */
	bool dumped;
	/* Routes or rules changed during the dump: some may be missing. */
	bool interrupted;
	/* DONE, ANSWER: the error, as in errno, or 0. */
	int error;
	/* LINK: whether it carries no traffic now. */
	bool down;
	/* ADDRESS_GONE: the interface that has lost an IPv4 address, or 0. */
	int ifindex;
	/* ROUTE_NEW, ROUTE_GONE. */
	struct vrfleak_kernel_route route;
	/* RULE_NEW, RULE_GONE. */
	struct vrfleak_kernel_rule rule;
};

/* Returns whether to continue with the next message. */
typedef bool (*vrfleak_netlink_visit)(
	const struct vrfleak_netlink_message *message, void *arg);

/*
 * Call visit for each message of a datagram until visit returns false. The
 * datagram has length bytes and is aligned like a struct nlmsghdr. Returns
 * false if it is malformed or truncated; its rest is not read then.
 */
extern bool vrfleak_netlink_read(const void *datagram, size_t length,
				 vrfleak_netlink_visit visit, void *arg);

#endif /* _VRFLEAK_CORE_NETLINK_READER_H */
