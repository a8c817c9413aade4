// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the address families, and their conversion to AF_INET, AF_INET6 and
 * the names of the YANG model.
 */
#ifndef _VRFLEAK_CORE_AF_H
#define _VRFLEAK_CORE_AF_H

#include "lib/prefix.h"

/* IPv4 and IPv6 unicast are configured and leaked independently. */
enum vrfleak_af {
	VRFLEAK_IPV4 = 0,
	VRFLEAK_IPV6,
	VRFLEAK_AF_MAX,
};

static inline enum vrfleak_af vrfleak_family_af(int family)
{
	return family == AF_INET ? VRFLEAK_IPV4 : VRFLEAK_IPV6;
}

static inline enum vrfleak_af vrfleak_prefix_af(const struct prefix *prefix)
{
	return vrfleak_family_af(prefix->family);
}

static inline int vrfleak_af_family(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? AF_INET : AF_INET6;
}

/* The names in the YANG model. */
static inline const char *vrfleak_af2str(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? "ipv4" : "ipv6";
}

static inline enum vrfleak_af vrfleak_str2af(const char *str)
{
	return strcmp(str, "ipv4") ? VRFLEAK_IPV6 : VRFLEAK_IPV4;
}

#endif /* _VRFLEAK_CORE_AF_H */
