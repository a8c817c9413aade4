// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of parsing netlink datagrams.
 *
 * Each datagram is copied to memory of exactly its size, so that a sanitizer
 * detects a read beyond its end.
 */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "zebra_vrfleak/core/netlink_reader.h"
#include "check_vrfleak.h"

static union {
	struct nlmsghdr header;
	char bytes[4096];
} datagram;
static size_t length;

static struct vrfleak_netlink_message seen[16];
static size_t seen_count;

static void setup(void)
{
	memset(&datagram, 0, sizeof(datagram));
	length = 0;
}

static struct nlmsghdr *message_put(uint16_t type, const void *payload,
				    size_t size)
{
	struct nlmsghdr *header = (void *)&datagram.bytes[length];

	header->nlmsg_type = type;
	header->nlmsg_len = NLMSG_LENGTH(size);
	header->nlmsg_seq = 7;
	if (size)
		memcpy(NLMSG_DATA(header), payload, size);
	length += NLMSG_ALIGN(header->nlmsg_len);
	return header;
}

/* Add an attribute to the last message. */
static void attribute_put(struct nlmsghdr *header, uint16_t type,
			  const void *value, size_t size)
{
	struct rtattr *attribute = (void *)&datagram.bytes[length];

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), value, size);
	header->nlmsg_len += RTA_ALIGN(attribute->rta_len);
	length += RTA_ALIGN(attribute->rta_len);
}

static struct nlmsghdr *route_put(uint16_t type, uint8_t family, uint8_t bits)
{
	const struct rtmsg route = {
		.rtm_family = family,
		.rtm_dst_len = bits,
		.rtm_table = 20,
		.rtm_protocol = RTPROT_ZEBRA,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};

	return message_put(type, &route, sizeof(route));
}

static bool visit(const struct vrfleak_netlink_message *message, void *arg)
{
	seen[seen_count++] = *message;
	return seen_count < *(size_t *)arg;
}

/* Read the first size bytes, at most so many messages. */
static bool read_some(size_t size, size_t most)
{
	char *copy = malloc(size ? size : 1);
	bool whole;

	memcpy(copy, &datagram, size);
	memset(seen, 0, sizeof(seen));
	seen_count = 0;
	whole = vrfleak_netlink_read(copy, size, visit, &most);
	free(copy);
	return whole;
}

static bool read_all(void)
{
	return read_some(length, array_size(seen));
}

START_TEST(nothing)
{
	ck_assert(read_all());
	ck_assert_uint_eq(seen_count, 0);
}
END_TEST

START_TEST(route)
{
	const struct prefix prefix = P("203.0.113.0/24");
	const uint32_t table = 100000, metric = 20, nexthop = 99;
	const struct vrfleak_kernel_route *route = &seen[0].route;
	struct nlmsghdr *header = route_put(RTM_NEWROUTE, AF_INET, 24);

	attribute_put(header, RTA_DST, &prefix.u.prefix4, 4);
	attribute_put(header, RTA_TABLE, &table, sizeof(table));
	attribute_put(header, RTA_PRIORITY, &metric, sizeof(metric));
	attribute_put(header, RTA_NH_ID, &nexthop, sizeof(nexthop));
	ck_assert(read_all());
	ck_assert_uint_eq(seen_count, 1);
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_ROUTE_NEW);
	ck_assert(prefix_same(&route->prefix, &prefix));
	ck_assert_uint_eq(route->table_id, table);
	ck_assert_uint_eq(route->priority, metric);
	ck_assert_uint_eq(route->nexthop_id, nexthop);
	ck_assert_uint_eq(route->protocol, RTPROT_ZEBRA);
	ck_assert_uint_eq(route->type, RTN_UNICAST);
	ck_assert_uint_eq(route->scope, RT_SCOPE_LINK);
}
END_TEST

START_TEST(route6_gone)
{
	const struct prefix prefix = P("2001:db8::1/128");
	struct nlmsghdr *header = route_put(RTM_DELROUTE, AF_INET6, 128);

	attribute_put(header, RTA_DST, &prefix.u.prefix6, 16);
	ck_assert(read_all());
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_ROUTE_GONE);
	ck_assert(prefix_same(&seen[0].route.prefix, &prefix));
	ck_assert_uint_eq(seen[0].route.table_id, 20);
}
END_TEST

/* Ignored routes: other families, or invalid prefix lengths. */
START_TEST(route_refused)
{
	const struct rtmsg cloned = {.rtm_family = AF_INET,
				     .rtm_flags = RTM_F_CLONED};
	const struct rtmsg srcdest = {.rtm_family = AF_INET6,
				      .rtm_src_len = 64};

	route_put(RTM_NEWROUTE, AF_INET, 33);
	route_put(RTM_NEWROUTE, AF_INET6, 129);
	route_put(RTM_NEWROUTE, AF_UNSPEC, 0);
	message_put(RTM_NEWROUTE, &cloned, sizeof(cloned));
	message_put(RTM_NEWROUTE, &srcdest, sizeof(srcdest));
	message_put(RTM_NEWROUTE, &cloned, sizeof(cloned) - 1);
	message_put(RTM_NEWROUTE, NULL, 0);
	ck_assert(read_all());
	ck_assert_uint_eq(seen_count, 7);
	for (size_t i = 0; i < seen_count; i++)
		ck_assert_int_eq(seen[i].kind, VRFLEAK_NETLINK_OTHER);
}
END_TEST

/* Attributes that are too short, or exceed their message, are not read. */
START_TEST(attributes_refused)
{
	const uint32_t value = 0xffffffff;
	struct nlmsghdr *header = route_put(RTM_NEWROUTE, AF_INET, 32);
	struct rtattr *attribute;

	attribute_put(header, RTA_DST, &value, 3);
	attribute_put(header, RTA_PRIORITY, &value, 0);
	attribute = (void *)&datagram.bytes[length];
	attribute_put(header, RTA_TABLE, &value, sizeof(value));
	attribute->rta_len += 1;
	ck_assert(read_all());
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_ROUTE_NEW);
	ck_assert_uint_eq(seen[0].route.prefix.u.prefix4.s_addr, 0);
	ck_assert_uint_eq(seen[0].route.priority, 0);
	ck_assert_uint_eq(seen[0].route.table_id, 20);
}
END_TEST

static struct nlmsghdr *rule_put(uint16_t type, struct fib_rule_hdr rule)
{
	return message_put(type, &rule, sizeof(rule));
}

START_TEST(rules)
{
	const uint32_t priority = 2000, table = 100000;
	const uint8_t l3mdev = 1, protocol = RTPROT_ZEBRA;
	const struct vrfleak_kernel_rule *rule = &seen[0].rule;
	struct nlmsghdr *header;

	header = rule_put(RTM_NEWRULE, (struct fib_rule_hdr){
					       .family = AF_INET6,
					       .action = FR_ACT_UNREACHABLE,
				       });
	header->nlmsg_flags = NLM_F_MULTI;
	header->nlmsg_pid = 77;
	attribute_put(header, FRA_PRIORITY, &priority, sizeof(priority));
	attribute_put(header, FRA_TABLE, &table, sizeof(table));
	attribute_put(header, FRA_SUPPRESS_PREFIXLEN, &priority, 4);
	attribute_put(header, FRA_L3MDEV, &l3mdev, sizeof(l3mdev));
	attribute_put(header, FRA_PROTOCOL, &protocol, sizeof(protocol));
	rule_put(RTM_DELRULE,
		 (struct fib_rule_hdr){.family = AF_INET, .table = 254});
	ck_assert(read_all());
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_RULE_NEW);
	ck_assert(seen[0].dumped);
	ck_assert_uint_eq(seen[0].port, 77);
	ck_assert_uint_eq(rule->family, AF_INET6);
	ck_assert_uint_eq(rule->action, FR_ACT_UNREACHABLE);
	ck_assert_uint_eq(rule->priority, priority);
	ck_assert_uint_eq(rule->table_id, table);
	ck_assert_uint_eq(rule->protocol, RTPROT_ZEBRA);
	ck_assert(rule->l3mdev);
	ck_assert(!rule->selective);
	ck_assert_int_eq(seen[1].kind, VRFLEAK_NETLINK_RULE_GONE);
	ck_assert(!seen[1].dumped);
	ck_assert_uint_eq(seen[1].rule.table_id, 254);
	ck_assert(!seen[1].rule.l3mdev);
}
END_TEST

/* Each condition makes a rule selective, unknown attributes included. */
START_TEST(rules_selective)
{
	const struct fib_rule_hdr conditions[] = {
		{.family = AF_INET, .dst_len = 24},
		{.family = AF_INET, .src_len = 24},
		{.family = AF_INET, .tos = 4},
		{.family = AF_INET, .flags = FIB_RULE_INVERT},
	};
	const uint16_t attributes[] = {FRA_IIFNAME,   FRA_OIFNAME,  FRA_FWMARK,
				       FRA_UID_RANGE, FRA_IP_PROTO, 60000};
	const uint32_t value = 1;

	for (size_t i = 0; i < array_size(conditions); i++)
		rule_put(RTM_NEWRULE, conditions[i]);
	for (size_t i = 0; i < array_size(attributes); i++)
		attribute_put(
			rule_put(RTM_NEWRULE,
				 (struct fib_rule_hdr){.family = AF_INET}),
			attributes[i], &value, sizeof(value));
	ck_assert(read_all());
	ck_assert_uint_eq(seen_count, 10);
	for (size_t i = 0; i < seen_count; i++)
		ck_assert(seen[i].rule.selective);
}
END_TEST

/* Other families, such as those of multicast routing, and short messages. */
START_TEST(rules_refused)
{
	const struct fib_rule_hdr multicast = {.family = RTNL_FAMILY_IPMR};
	const struct fib_rule_hdr rule = {.family = AF_INET};

	rule_put(RTM_NEWRULE, multicast);
	message_put(RTM_NEWRULE, &rule, sizeof(rule) - 1);
	message_put(RTM_DELRULE, NULL, 0);
	ck_assert(read_all());
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(seen[i].kind, VRFLEAK_NETLINK_OTHER);
}
END_TEST

START_TEST(links)
{
	struct ifinfomsg link = {.ifi_flags = IFF_UP | IFF_RUNNING};
	struct ifaddrmsg address = {.ifa_family = AF_INET, .ifa_index = 7};

	message_put(RTM_NEWLINK, &link, sizeof(link));
	message_put(RTM_DELLINK, &link, sizeof(link));
	link.ifi_flags = IFF_UP;
	message_put(RTM_NEWLINK, &link, sizeof(link));
	message_put(RTM_NEWLINK, &link, sizeof(link) - 1);
	message_put(RTM_DELADDR, NULL, 0);
	message_put(RTM_DELADDR, &address, sizeof(address));
	address.ifa_family = AF_INET6;
	message_put(RTM_DELADDR, &address, sizeof(address));
	ck_assert(read_all());
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_LINK);
	ck_assert(!seen[0].down);
	ck_assert(seen[1].down);
	ck_assert(seen[2].down);
	ck_assert_int_eq(seen[3].kind, VRFLEAK_NETLINK_OTHER);
	for (int i = 4; i < 7; i++) {
		ck_assert_int_eq(seen[i].kind, VRFLEAK_NETLINK_ADDRESS_GONE);
		ck_assert_int_eq(seen[i].ifindex, i == 5 ? 7 : 0);
	}
}
END_TEST

START_TEST(ends)
{
	const int none = 0, wrong = -ESRCH, never = INT_MIN;

	message_put(NLMSG_DONE, &none, sizeof(none));
	message_put(NLMSG_DONE, &wrong, sizeof(wrong))->nlmsg_flags =
		NLM_F_MULTI | NLM_F_DUMP_INTR;
	message_put(NLMSG_DONE, NULL, 0);
	message_put(NLMSG_ERROR, &wrong, sizeof(wrong));
	message_put(NLMSG_ERROR, &never, sizeof(never));
	ck_assert(read_all());
	ck_assert_uint_eq(seen_count, 5);
	ck_assert_int_eq(seen[0].kind, VRFLEAK_NETLINK_DONE);
	ck_assert_int_eq(seen[0].error, 0);
	ck_assert(!seen[0].interrupted);
	ck_assert_uint_eq(seen[0].seq, 7);
	ck_assert_int_eq(seen[1].error, ESRCH);
	ck_assert(seen[1].interrupted);
	ck_assert_int_eq(seen[2].error, 0);
	ck_assert_int_eq(seen[3].kind, VRFLEAK_NETLINK_ANSWER);
	ck_assert_int_eq(seen[3].error, ESRCH);
	ck_assert_int_eq(seen[4].error, 0);
}
END_TEST

/* Of a truncated datagram, whole messages are read; truncation is reported. */
START_TEST(cut)
{
	const uint32_t metric = 20;
	struct nlmsghdr *header = route_put(RTM_NEWROUTE, AF_INET, 0);
	size_t first;

	attribute_put(header, RTA_PRIORITY, &metric, sizeof(metric));
	first = length;
	message_put(NLMSG_DONE, NULL, 0);
	for (size_t size = 0; size <= length; size++) {
		ck_assert_int_eq(read_some(size, array_size(seen)),
				 size == 0 || size == first || size == length);
		ck_assert_uint_eq(seen_count,
				  size == length ? 2 : size >= first);
	}
}
END_TEST

/* A length below that of a header, or beyond the datagram, ends parsing. */
START_TEST(damaged)
{
	const uint32_t lengths[] = {0,	  1,	   sizeof(struct nlmsghdr) - 1,
				    4000, INT_MAX, UINT32_MAX};

	message_put(NLMSG_DONE, NULL, 0);
	message_put(NLMSG_DONE, NULL, 0);
	datagram.header.nlmsg_len = lengths[_i];
	ck_assert(!read_all());
	ck_assert_uint_eq(seen_count, 0);
}
END_TEST

START_TEST(stops)
{
	message_put(NLMSG_DONE, NULL, 0);
	message_put(NLMSG_DONE, NULL, 0);
	ck_assert(read_some(length, 1));
	ck_assert_uint_eq(seen_count, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("netlink");
	TCase *tests = tcase_create("netlink");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, nothing);
	tcase_add_test(tests, route);
	tcase_add_test(tests, route6_gone);
	tcase_add_test(tests, route_refused);
	tcase_add_test(tests, attributes_refused);
	tcase_add_test(tests, rules);
	tcase_add_test(tests, rules_selective);
	tcase_add_test(tests, rules_refused);
	tcase_add_test(tests, links);
	tcase_add_test(tests, ends);
	tcase_add_test(tests, cut);
	tcase_add_loop_test(tests, damaged, 0, 6);
	tcase_add_test(tests, stops);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
