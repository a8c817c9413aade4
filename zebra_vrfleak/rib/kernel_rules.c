// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the kernel's policy rules, see the header.
 *
 * One socket, which never blocks, receives events and answers. The kernel dumps
 * one family at a time. A burst of events causes one more dump.
 */
#include <zebra.h>

#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "zebra_vrfleak/rib/kernel_request.h"
#include "zebra_vrfleak/rib/kernel_rules.h"

#define BUFFER_SIZE 32768

/* The delay that merges the events of a burst. */
#define READ_MSEC 50

/* The sequence number of a request is one of these plus the family. */
#define SEQUENCE_READ 16
#define SEQUENCE_CHANGE 32

static struct {
	int fd;
	/* The socket's address, which events name as their cause. */
	uint32_t port;
	struct vrfleak_event_loop *loop;
	const struct vrfleak_rules_calls *calls;
	struct vrfleak_event *read;
	struct vrfleak_event *again;
	/* A dump is in progress, of this family. */
	bool dumping;
	enum vrfleak_af af;
	/* The rules have changed during the dump. */
	bool interrupted;
	struct vrfleak_rules rules;
} kernel = {.fd = -1};

static void request_begin(struct vrfleak_kernel_request *request, uint16_t type,
			  uint16_t flags, uint32_t sequence, enum vrfleak_af af)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_len = NLMSG_LENGTH(sizeof(request->rule));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	request->header.nlmsg_seq = sequence + af;
	request->rule.family = vrfleak_af_family(af);
}

int vrfleak_kernel_rules_change(enum vrfleak_af af, bool add)
{
	const uint32_t priority = VRFLEAK_RULE_PRIORITY;
	const uint8_t l3mdev = 1, protocol = RTPROT_ZEBRA;
	struct vrfleak_kernel_request request;

	request_begin(&request, add ? RTM_NEWRULE : RTM_DELRULE,
		      NLM_F_ACK | (add ? NLM_F_CREATE : 0), SEQUENCE_CHANGE,
		      af);
	kernel.interrupted = true;
	request.rule.action = FR_ACT_UNREACHABLE;
	vrfleak_request_put(&request, FRA_PRIORITY, &priority,
			    sizeof(priority));
	vrfleak_request_put(&request, FRA_L3MDEV, &l3mdev, sizeof(l3mdev));
	vrfleak_request_put(&request, FRA_PROTOCOL, &protocol,
			    sizeof(protocol));
	return vrfleak_request_send(kernel.fd, &request);
}

/* ---- reading ---- */

static void dump_begin(enum vrfleak_af af);

static void again_run(struct vrfleak_event *event)
{
	dump_begin(VRFLEAK_IPV4);
}

static void read_again(void)
{
	event_add_timer_msec(kernel.loop, again_run, NULL, READ_MSEC,
			     &kernel.again);
}

static void dump_end(int error)
{
	enum vrfleak_af af = kernel.af;

	kernel.dumping = false;
	if (error || !kernel.interrupted)
		kernel.calls->read(af, &kernel.rules, error);
	else
		read_again();
	if (kernel.fd >= 0 && af == VRFLEAK_IPV4)
		dump_begin(VRFLEAK_IPV6);
}

static void dump_begin(enum vrfleak_af af)
{
	struct vrfleak_kernel_request request;
	int error;

	if (kernel.dumping)
		return read_again();
	kernel.dumping = true;
	kernel.interrupted = false;
	kernel.af = af;
	vrfleak_rules_clear(&kernel.rules);
	request_begin(&request, RTM_GETRULE, NLM_F_DUMP, SEQUENCE_READ, af);
	error = vrfleak_request_send(kernel.fd, &request);
	if (error)
		dump_end(error);
}

static void rule_event(const struct vrfleak_netlink_message *message)
{
	if (message->kind == VRFLEAK_NETLINK_RULE_GONE &&
	    message->port != kernel.port &&
	    vrfleak_rule_is_ours(&message->rule))
		kernel.calls->ours_gone(
			vrfleak_family_af(message->rule.family));
	read_again();
}

/* An error, or the acknowledgement of a change. */
static void answer_read(uint32_t sequence, int error)
{
	if (sequence >= SEQUENCE_CHANGE)
		kernel.calls->answered(sequence - SEQUENCE_CHANGE, error);
	else if (error && kernel.dumping)
		dump_end(error);
}

/* Returns whether the socket is still open. */
static bool message_visit(const struct vrfleak_netlink_message *message,
			  void *arg)
{
	kernel.interrupted |= message->interrupted;
	switch (message->kind) {
	case VRFLEAK_NETLINK_RULE_NEW:
	case VRFLEAK_NETLINK_RULE_GONE:
		if (!message->dumped)
			rule_event(message);
		else if (message->rule.family == vrfleak_af_family(kernel.af))
			vrfleak_rules_add(&kernel.rules, &message->rule);
		break;
	case VRFLEAK_NETLINK_DONE:
		if (kernel.dumping)
			dump_end(message->error);
		break;
	case VRFLEAK_NETLINK_ANSWER:
		answer_read(message->seq, message->error);
		break;
	case VRFLEAK_NETLINK_ROUTE_NEW:
	case VRFLEAK_NETLINK_ROUTE_GONE:
	case VRFLEAK_NETLINK_ADDRESS_GONE:
	case VRFLEAK_NETLINK_LINK:
	case VRFLEAK_NETLINK_OTHER:
		break;
	}
	return kernel.fd >= 0;
}

/* The end of a dump may have been lost, too: begin anew on another socket. */
static void messages_lost(void)
{
	int error;

	vrfleak_kernel_rules_stop();
	error = vrfleak_kernel_rules_start(kernel.loop, kernel.calls);
	for (int af = 0; error && af < VRFLEAK_AF_MAX; af++)
		kernel.calls->read(af, NULL, error);
}

static void socket_read(struct vrfleak_event *event)
{
	static char buffer[BUFFER_SIZE]
		__attribute__((aligned(__alignof__(struct nlmsghdr))));
	/* With MSG_TRUNC, recv() returns the size before truncation. */
	ssize_t received = recv(kernel.fd, buffer, sizeof(buffer),
				MSG_DONTWAIT | MSG_TRUNC);

	event_add_read(kernel.loop, socket_read, NULL, kernel.fd, &kernel.read);
	if (received < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (received < 0 || received > (ssize_t)sizeof(buffer) ||
	    !vrfleak_netlink_read(buffer, received, message_visit, NULL))
		messages_lost();
}

static int socket_open(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	const int groups[] = {RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE};
	socklen_t size = sizeof(address);
	int error = 0;

	for (size_t i = 0; i < array_size(groups); i++)
		address.nl_groups |= UINT32_C(1) << (groups[i] - 1);
	frr_with_privs(&zserv_privs)
	{
		kernel.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				   NETLINK_ROUTE);
		if (kernel.fd < 0 ||
		    bind(kernel.fd, (struct sockaddr *)&address,
			 sizeof(address)) < 0 ||
		    getsockname(kernel.fd, (struct sockaddr *)&address, &size) <
			    0)
			error = errno;
	}
	kernel.port = address.nl_pid;
	return error;
}

int vrfleak_kernel_rules_start(struct vrfleak_event_loop *loop,
			       const struct vrfleak_rules_calls *calls)
{
	int error;

	kernel.loop = loop;
	kernel.calls = calls;
	if (kernel.fd < 0) {
		error = socket_open();
		if (error) {
			vrfleak_kernel_rules_stop();
			return error;
		}
		event_add_read(loop, socket_read, NULL, kernel.fd,
			       &kernel.read);
	}
	dump_begin(VRFLEAK_IPV4);
	return 0;
}

void vrfleak_kernel_rules_stop(void)
{
	event_cancel(&kernel.read);
	event_cancel(&kernel.again);
	if (kernel.fd >= 0)
		close(kernel.fd);
	kernel.fd = -1;
	kernel.dumping = false;
}
