// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: requests to the kernel, see the header.
 */
#include <zebra.h>

#include <errno.h>
#include <string.h>

#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "zebra_vrfleak/rib/kernel_request.h"

void vrfleak_request_put(struct vrfleak_kernel_request *request, uint16_t type,
			 const void *value, uint16_t size)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)request +
				  NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), value, size);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    RTA_ALIGN(attribute->rta_len);
}

int vrfleak_request_send(int fd, const struct vrfleak_kernel_request *request)
{
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int error = 0;

	frr_with_privs(&zserv_privs)
	{
		if (sendto(fd, request, request->header.nlmsg_len, MSG_DONTWAIT,
			   (const struct sockaddr *)&kernel,
			   sizeof(kernel)) < 0)
			error = errno;
	}
	return error;
}
