// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: requests to the kernel about routes and policy rules (rtnetlink).
 *
 * The caller opens the socket, fills in the headers and reads the answer.
 */
#ifndef _VRFLEAK_RIB_KERNEL_REQUEST_H
#define _VRFLEAK_RIB_KERNEL_REQUEST_H

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* The size of the attributes: five of them with at most 16 bytes each. */
#define VRFLEAK_REQUEST_ATTRIBUTES 100

struct vrfleak_kernel_request {
	struct nlmsghdr header;
	union {
		struct rtmsg route;
		struct fib_rule_hdr rule;
	};
	char attributes[VRFLEAK_REQUEST_ATTRIBUTES];
};

/* Append an attribute of at most 16 bytes. header.nlmsg_len grows by it. */
extern void vrfleak_request_put(struct vrfleak_kernel_request *request,
				uint16_t type, const void *value,
				uint16_t size);

/* Never blocks. Returns 0, or an errno. */
extern int vrfleak_request_send(int fd,
				const struct vrfleak_kernel_request *request);

#endif /* _VRFLEAK_RIB_KERNEL_REQUEST_H */
