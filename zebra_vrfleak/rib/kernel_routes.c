// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: reads and deletes the kernel's routes, see the header.
 *
 * Each walk uses a socket of its own, and never blocks. The dump request
 * selects routes of protocol zebra. Linux before 4.20 ignores this and sends
 * all routes, so the protocol of each route is checked, too.
 *
 * A route is deleted by table, prefix, metric, protocol and next-hop object, so
 * that the kernel cannot delete another route of the prefix.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/rib/kernel_request.h"
#include "zebra_vrfleak/rib/kernel_routes.h"

#define BUFFER_SIZE 32768

static struct {
	int fd;
	uint8_t family;
	vrfleak_kernel_visit visit;
	vrfleak_kernel_done done;
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *read;
	/* The dump may be incomplete. */
	bool interrupted;
} walk = {.fd = -1};

static void request_begin(struct vrfleak_kernel_request *request, uint16_t type,
			  uint16_t flags)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	request->header.nlmsg_seq = type;
	request->route.rtm_family = walk.family;
	request->route.rtm_protocol = RTPROT_ZEBRA;
}

/* Returns 0, or an errno. */
static int walk_family(uint8_t family)
{
	struct vrfleak_kernel_request request;

	walk.family = family;
	request_begin(&request, RTM_GETROUTE, NLM_F_DUMP);
	return vrfleak_request_send(walk.fd, &request);
}

static void walk_end(int error)
{
	bool complete = error == 0 && !walk.interrupted;

	if (error)
		flog_warn(EC_VRFLEAK_KERNEL,
			  "cannot read the kernel's routes: %s",
			  safe_strerror(error));
	vrfleak_kernel_stop();
	walk.done(complete);
}

static void route_delete(const struct vrfleak_kernel_route *route)
{
	struct vrfleak_kernel_request request;
	int error;

	request_begin(&request, RTM_DELROUTE, 0);
	request.route.rtm_dst_len = route->prefix.prefixlen;
	request.route.rtm_type = route->type;
	request.route.rtm_scope = route->scope;
	vrfleak_request_put(&request, RTA_DST, &route->prefix.u.prefix,
			    prefix_blen(&route->prefix));
	vrfleak_request_put(&request, RTA_TABLE, &route->table_id,
			    sizeof(route->table_id));
	if (route->priority)
		vrfleak_request_put(&request, RTA_PRIORITY, &route->priority,
				    sizeof(route->priority));
	if (route->nexthop_id)
		vrfleak_request_put(&request, RTA_NH_ID, &route->nexthop_id,
				    sizeof(route->nexthop_id));
	error = vrfleak_request_send(walk.fd, &request);
	if (error)
		flog_warn(EC_VRFLEAK_KERNEL,
			  "cannot delete %pFX from kernel table %u: %s",
			  &route->prefix, route->table_id,
			  safe_strerror(error));
}

static void route_visit(const struct vrfleak_kernel_route *route)
{
	if (route->protocol == RTPROT_ZEBRA && walk.visit(route))
		route_delete(route);
}

/* ESRCH means that the route does not exist any more. */
static void delete_answered(int error)
{
	if (error && error != ESRCH)
		flog_warn(EC_VRFLEAK_KERNEL,
			  "the kernel refused to delete a route: %s",
			  safe_strerror(error));
}

/* A family's dump has ended. Returns whether another one follows. */
static bool family_end(int error)
{
	if (error == 0 && walk.family == AF_INET) {
		error = walk_family(AF_INET6);
		if (!error)
			return true;
	}
	walk_end(error);
	return false;
}

/* Returns whether the walk continues. */
static bool message_visit(const struct vrfleak_netlink_message *message,
			  void *arg)
{
	walk.interrupted |= message->interrupted;
	switch (message->kind) {
	case VRFLEAK_NETLINK_ROUTE_NEW:
		route_visit(&message->route);
		break;
	case VRFLEAK_NETLINK_ANSWER:
		if (message->seq != RTM_GETROUTE)
			delete_answered(message->error);
		else if (message->error)
			return family_end(message->error);
		break;
	case VRFLEAK_NETLINK_DONE:
		return family_end(message->error);
	case VRFLEAK_NETLINK_ROUTE_GONE:
	case VRFLEAK_NETLINK_ADDRESS_GONE:
	case VRFLEAK_NETLINK_LINK:
	case VRFLEAK_NETLINK_RULE_NEW:
	case VRFLEAK_NETLINK_RULE_GONE:
	case VRFLEAK_NETLINK_OTHER:
		break;
	}
	return true;
}

static void walk_read(struct vrfleak_event *event)
{
	static char buffer[BUFFER_SIZE]
		__attribute__((aligned(__alignof__(struct nlmsghdr))));
	/* With MSG_TRUNC, recv() returns the size before truncation. */
	ssize_t received =
		recv(walk.fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);

	if (received < 0 && errno != EAGAIN && errno != EINTR)
		return walk_end(errno);
	if (received > 0 &&
	    (received > (ssize_t)sizeof(buffer) ||
	     !vrfleak_netlink_read(buffer, received, message_visit, NULL)))
		walk.interrupted = true;
	if (walk.fd >= 0)
		event_add_read(walk.loop, walk_read, NULL, walk.fd, &walk.read);
}

void vrfleak_kernel_walk(struct vrfleak_event_loop *loop,
			 vrfleak_kernel_visit visit, vrfleak_kernel_done done)
{
	int on = 1, error = 0;

	vrfleak_kernel_stop();
	walk.loop = loop;
	walk.visit = visit;
	walk.done = done;
	walk.interrupted = false;

	frr_with_privs(&zserv_privs)
	{
		walk.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_ROUTE);
		if (walk.fd < 0)
			error = errno;
	}
	if (!error) {
		setsockopt(walk.fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on,
			   sizeof(on));
		error = walk_family(AF_INET);
	}
	if (error)
		return walk_end(error);
	event_add_read(loop, walk_read, NULL, walk.fd, &walk.read);
}

void vrfleak_kernel_stop(void)
{
	event_cancel(&walk.read);
	if (walk.fd >= 0)
		close(walk.fd);
	walk.fd = -1;
}
