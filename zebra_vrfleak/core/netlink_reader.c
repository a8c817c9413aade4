// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: parses rtnetlink(7) datagrams, see the header.
 *
 * The kernel's macros do not check lengths, so each length is checked before a
 * macro uses it.
 */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "zebra_vrfleak/core/netlink_reader.h"

/* The payload of a message, or NULL if it is shorter than size. */
static const void *payload(const struct nlmsghdr *header, size_t size)
{
	if (header->nlmsg_len < NLMSG_LENGTH(size))
		return NULL;
	return NLMSG_DATA(header);
}

static void attribute_copy(const struct rtattr *attribute, void *value,
			   size_t size)
{
	if (RTA_PAYLOAD(attribute) >= size)
		memcpy(value, RTA_DATA(attribute), size);
}

static void attribute_read(const struct rtattr *attribute,
			   struct vrfleak_kernel_route *route)
{
	switch (attribute->rta_type) {
	case RTA_DST:
		attribute_copy(attribute, &route->prefix.u.prefix,
			       prefix_blen(&route->prefix));
		break;
	case RTA_TABLE:
		attribute_copy(attribute, &route->table_id,
			       sizeof(route->table_id));
		break;
	case RTA_PRIORITY:
		attribute_copy(attribute, &route->priority,
			       sizeof(route->priority));
		break;
	case RTA_NH_ID:
		attribute_copy(attribute, &route->nexthop_id,
			       sizeof(route->nexthop_id));
		break;
	}
}

static bool route_is_refused(const struct rtmsg *message)
{
	if (message->rtm_src_len > 0 ||
	    CHECK_FLAG(message->rtm_flags, RTM_F_CLONED))
		return true;
	switch (message->rtm_family) {
	case AF_INET:
		return message->rtm_dst_len > IPV4_MAX_BITLEN;
	case AF_INET6:
		return message->rtm_dst_len > IPV6_MAX_BITLEN;
	}
	return true;
}

static bool route_read(const struct nlmsghdr *header,
		       struct vrfleak_kernel_route *route)
{
	const struct rtmsg *message = payload(header, sizeof(*message));
	const struct rtattr *attribute;
	int left;

	if (!message || route_is_refused(message))
		return false;

	route->prefix.family = message->rtm_family;
	route->prefix.prefixlen = message->rtm_dst_len;
	route->table_id = message->rtm_table;
	route->protocol = message->rtm_protocol;
	route->type = message->rtm_type;
	route->scope = message->rtm_scope;
	left = (int)RTM_PAYLOAD(header);
	for (attribute = RTM_RTA(message); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left))
		attribute_read(attribute, route);
	return true;
}

static void rule_attribute_read(const struct rtattr *attribute,
				struct vrfleak_kernel_rule *rule)
{
	uint8_t l3mdev = 0;

	switch (attribute->rta_type) {
	case FRA_PRIORITY:
		attribute_copy(attribute, &rule->priority,
			       sizeof(rule->priority));
		break;
	case FRA_TABLE:
		attribute_copy(attribute, &rule->table_id,
			       sizeof(rule->table_id));
		break;
	case FRA_PROTOCOL:
		attribute_copy(attribute, &rule->protocol,
			       sizeof(rule->protocol));
		break;
	case FRA_L3MDEV:
		attribute_copy(attribute, &l3mdev, sizeof(l3mdev));
		rule->l3mdev = l3mdev == 1;
		break;
	/* These say what happens to traffic that matches. */
	case FRA_GOTO:
	case FRA_FLOW:
	case FRA_SUPPRESS_IFGROUP:
	case FRA_SUPPRESS_PREFIXLEN:
	case FRA_PAD:
		break;
	default:
		rule->selective = true;
	}
}

static bool rule_read(const struct nlmsghdr *header,
		      struct vrfleak_kernel_rule *rule)
{
	const struct fib_rule_hdr *message = payload(header, sizeof(*message));
	const struct rtattr *attribute;
	int left;

	if (!message ||
	    (message->family != AF_INET && message->family != AF_INET6))
		return false;

	rule->family = message->family;
	rule->action = message->action;
	rule->table_id = message->table;
	rule->selective = message->dst_len || message->src_len ||
			  message->tos ||
			  CHECK_FLAG(message->flags, FIB_RULE_INVERT);
	left = (int)NLMSG_PAYLOAD(header, sizeof(*message));
	attribute = (const void *)((const char *)message +
				   NLMSG_ALIGN(sizeof(*message)));
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		rule_attribute_read(attribute, rule);
	return true;
}

/* The interface of an IPv4 address, or 0. */
static int address_ifindex(const struct nlmsghdr *header)
{
	const struct ifaddrmsg *address = payload(header, sizeof(*address));

	return address && address->ifa_family == AF_INET
		       ? (int)address->ifa_index
		       : 0;
}

static bool link_read(const struct nlmsghdr *header, bool *down)
{
	const struct ifinfomsg *link = payload(header, sizeof(*link));
	const unsigned int carries = IFF_UP | IFF_RUNNING;

	if (!link)
		return false;
	*down = header->nlmsg_type == RTM_DELLINK ||
		(link->ifi_flags & carries) != carries;
	return true;
}

/* Both DONE and ERROR begin with a negative errno; DONE may be empty. */
static int error_read(const struct nlmsghdr *header)
{
	const int *error = payload(header, sizeof(*error));

	return error && *error < 0 && *error > INT_MIN ? -*error : 0;
}

static enum vrfleak_netlink_kind
message_read(const struct nlmsghdr *header,
	     struct vrfleak_netlink_message *message)
{
	switch (header->nlmsg_type) {
	case RTM_NEWROUTE:
		if (route_read(header, &message->route))
			return VRFLEAK_NETLINK_ROUTE_NEW;
		break;
	case RTM_DELROUTE:
		if (route_read(header, &message->route))
			return VRFLEAK_NETLINK_ROUTE_GONE;
		break;
	case RTM_DELADDR:
		message->ifindex = address_ifindex(header);
		return VRFLEAK_NETLINK_ADDRESS_GONE;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (link_read(header, &message->down))
			return VRFLEAK_NETLINK_LINK;
		break;
	case RTM_NEWRULE:
		if (rule_read(header, &message->rule))
			return VRFLEAK_NETLINK_RULE_NEW;
		break;
	case RTM_DELRULE:
		if (rule_read(header, &message->rule))
			return VRFLEAK_NETLINK_RULE_GONE;
		break;
	case NLMSG_DONE:
		message->error = error_read(header);
		return VRFLEAK_NETLINK_DONE;
	case NLMSG_ERROR:
		message->error = error_read(header);
		return VRFLEAK_NETLINK_ANSWER;
	}
	return VRFLEAK_NETLINK_OTHER;
}

bool vrfleak_netlink_read(const void *datagram, size_t length,
			  vrfleak_netlink_visit visit, void *arg)
{
	const struct nlmsghdr *header = datagram;
	size_t step;

	for (; length >= sizeof(*header) && NLMSG_OK(header, length);
	     header = (const void *)((const char *)header + step)) {
		struct vrfleak_netlink_message message = {
			.seq = header->nlmsg_seq,
			.port = header->nlmsg_pid,
			.dumped = CHECK_FLAG(header->nlmsg_flags, NLM_F_MULTI),
			.interrupted = CHECK_FLAG(header->nlmsg_flags,
						  NLM_F_DUMP_INTR),
		};

		message.kind = message_read(header, &message);
		if (!visit(&message, arg))
			return true;
		step = MIN(NLMSG_ALIGN((size_t)header->nlmsg_len), length);
		length -= step;
	}
	return length == 0;
}
