// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: monitors the kernel's events, see the header.
 *
 * The socket is a member of rtnetlink's multicast groups. A filter in the
 * kernel drops unwanted messages before they are queued. So the routes that
 * zebra installs, one message each, do not wake the daemon.
 */
#include <zebra.h>

#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "lib/log.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/rib/kernel_monitor.h"

#define BUFFER_SIZE 32768
#define SOCKET_SIZE (1 << 20)

/* The maximum number of datagrams that one event reads. */
#define DATAGRAMS_MAX 64

/* Zebra's route protocols besides RTPROT_ZEBRA, see zebra/rt_netlink.h. */
#define RTPROT_FIRST_OF_FRR 186
#define RTPROT_LAST_OF_FRR 198

static struct {
	int fd;
	const struct vrfleak_monitor_calls *calls;
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *read;
} monitor = {.fd = -1};

/* Of route messages, pass only deletions, and none of zebra's protocols. */
static bool filter_attach(int fd)
{
	const size_t type = offsetof(struct nlmsghdr, nlmsg_type);
	const size_t protocol =
		NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_ABS | BPF_H, type),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 6, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 4),
		BPF_STMT(BPF_LD | BPF_ABS | BPF_B, protocol),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RTPROT_ZEBRA, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, RTPROT_LAST_OF_FRR, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, RTPROT_FIRST_OF_FRR, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {
		.len = array_size(code),
		.filter = code,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) == 0;
}

static uint32_t groups_wanted(void)
{
	uint32_t groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;

	if (VRFLEAK_HAVE_SILENT_WITHDRAWALS)
		groups |= RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	return groups;
}

static bool message_visit(const struct vrfleak_netlink_message *message,
			  void *arg)
{
	switch (message->kind) {
	case VRFLEAK_NETLINK_LINK:
		monitor.calls->link(message->down);
		break;
	case VRFLEAK_NETLINK_ADDRESS_GONE:
		monitor.calls->address_gone(message->ifindex);
		break;
	case VRFLEAK_NETLINK_ROUTE_GONE:
		monitor.calls->route_gone(&message->route);
		break;
	case VRFLEAK_NETLINK_ROUTE_NEW:
	case VRFLEAK_NETLINK_RULE_NEW:
	case VRFLEAK_NETLINK_RULE_GONE:
	case VRFLEAK_NETLINK_DONE:
	case VRFLEAK_NETLINK_ANSWER:
	case VRFLEAK_NETLINK_OTHER:
		break;
	}
	return true;
}

/* Read a datagram. Returns whether there was one. */
static bool datagram_read(void)
{
	static char buffer[BUFFER_SIZE]
		__attribute__((aligned(__alignof__(struct nlmsghdr))));
	ssize_t received = recv(monitor.fd, buffer, sizeof(buffer),
				MSG_DONTWAIT | MSG_TRUNC);

	if (received < 0 && errno != ENOBUFS)
		return false;
	if (received < 0 || received > (ssize_t)sizeof(buffer) ||
	    !vrfleak_netlink_read(buffer, received, message_visit, NULL))
		monitor.calls->lost();
	return received != 0;
}

static void monitor_read(struct vrfleak_event *event)
{
	for (int i = 0; i < DATAGRAMS_MAX; i++)
		if (!datagram_read())
			break;
	event_add_read(monitor.loop, monitor_read, NULL, monitor.fd,
		       &monitor.read);
}

static bool socket_open(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = groups_wanted(),
	};
	const int size = SOCKET_SIZE;
	bool bound = false;

	frr_with_privs(&zserv_privs)
	{
		monitor.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				    NETLINK_ROUTE);
		if (monitor.fd >= 0) {
			setsockopt(monitor.fd, SOL_SOCKET, SO_RCVBUFFORCE,
				   &size, sizeof(size));
			bound = filter_attach(monitor.fd) &&
				bind(monitor.fd, (struct sockaddr *)&address,
				     sizeof(address)) == 0;
		}
	}
	return bound;
}

bool vrfleak_monitor_start(struct vrfleak_event_loop *loop,
			   const struct vrfleak_monitor_calls *calls)
{
	if (monitor.fd >= 0)
		return true;
	monitor.loop = loop;
	monitor.calls = calls;
	if (!socket_open()) {
		flog_err(
			EC_VRFLEAK_MONITOR,
			"cannot monitor the kernel's events (netlink socket: %s); polling once a second instead",
			safe_strerror(errno));
		vrfleak_monitor_stop();
		return false;
	}
	event_add_read(loop, monitor_read, NULL, monitor.fd, &monitor.read);
	return true;
}

void vrfleak_monitor_stop(void)
{
	event_cancel(&monitor.read);
	if (monitor.fd >= 0)
		close(monitor.fd);
	monitor.fd = -1;
}
