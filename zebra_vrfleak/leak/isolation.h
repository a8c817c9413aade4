// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: keeps the policy rule of 'ip vrf-isolation' in the kernel, and finds
 * VRFs that are not isolated (core/isolation_rules.h).
 *
 * The rule belongs to the configuration, not to zebra's process: it stays when
 * zebra ends, so that a restart leaves no moment without it. After a start, a
 * rule of the module that the configuration does not have is deleted, but not
 * before the configuration has been read.
 *
 *   configured:      one rule of the module. It is added although an operator
 *                    has an equal rule, and added again when it was deleted.
 *   too late:        none, while the rule for the VRFs' own tables comes after
 *                    it: it would refuse all their traffic.
 *   not configured:  none. An operator's rules are never changed.
 *
 * If the kernel refuses the rule, or a read does not find it after some
 * attempts, one error is logged, and the module tries again once a minute.
 * Where VRFs are network namespaces, no rule is needed, and none is added.
 */
#ifndef _VRFLEAK_LEAK_ISOLATION_H
#define _VRFLEAK_LEAK_ISOLATION_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/isolation_rules.h"
#include "zebra_vrfleak/rib/vrf.h"

/* config_version: as in rib/stale_routes.h. */
extern void vrfleak_isolation_init(struct vrfleak_event_loop *loop,
				   uint32_t (*config_version)(void));
extern void vrfleak_isolation_finish(void);

/* The configuration, by family. Call this after the policy was applied. */
extern void vrfleak_isolation_configure(const bool wanted[VRFLEAK_AF_MAX]);

struct vrfleak_isolation {
	bool configured;
	/* The kernel has the module's rule. */
	bool installed;
	/* The kernel's rules were read, and isolate all VRFs. */
	bool effective;
	/* Why the rule is not installed, or "". */
	char error[64];
};
extern struct vrfleak_isolation vrfleak_isolation_state(enum vrfleak_af af);

/*
 * Whether traffic that matches no route in a VRF continues in the main table:
 * no rule prevents it, and the VRF has no unreachable default. False while the
 * kernel's rules are unknown, and for the default VRF.
 */
extern bool vrfleak_isolation_lacks(const struct vrfleak_vrf *vrf,
				    enum vrfleak_af af);

#endif /* _VRFLEAK_LEAK_ISOLATION_H */
