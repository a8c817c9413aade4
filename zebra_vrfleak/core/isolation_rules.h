// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the kernel's policy rules of an address family mean for the
 * isolation of VRFs.
 *
 * If a VRF's table has no matching route, the kernel goes on to the next rule,
 * in the end to that of the main table. A rule that refuses all traffic of VRFs
 * prevents this if it comes before the rule of the main table:
 *
 *   1000:  from all lookup [l3mdev-table]     the VRF's own table (lookup)
 *   2000:  from all lookup [l3mdev-table] unreachable proto zebra
 *  32766:  from all lookup main
 *
 * The module's rule has protocol zebra, priority 2000, and no other condition.
 * It must come after the lookup, or it refuses all traffic of all VRFs: if an
 * operator has moved the lookup behind it, the module has no rule.
 *
 * An operator's rule has another protocol (ip-rule(8): unspec), so the two are
 * told apart even if they are equal otherwise, and also after zebra was killed.
 */
#ifndef _VRFLEAK_CORE_ISOLATION_RULES_H
#define _VRFLEAK_CORE_ISOLATION_RULES_H

#include "zebra_vrfleak/core/netlink_reader.h"

#define VRFLEAK_RULE_PRIORITY 2000

/* A priority that no rule has. */
#define VRFLEAK_RULE_NONE UINT32_MAX

struct vrfleak_rules {
	/* How many rules of the module there are. */
	uint32_t ours;
	/* The lowest priority of a rule that refuses all traffic of VRFs. */
	uint32_t refusing;
	/* The lowest priority of a rule for all VRFs to their own tables. */
	uint32_t lookup;
	/* The lowest priority of a rule for all traffic to the main table. */
	uint32_t main;
};

enum vrfleak_rules_change {
	VRFLEAK_RULES_NO_CHANGE = 0,
	VRFLEAK_RULES_ADD,
	VRFLEAK_RULES_DELETE,
};

extern void vrfleak_rules_clear(struct vrfleak_rules *rules);
extern void vrfleak_rules_add(struct vrfleak_rules *rules,
			      const struct vrfleak_kernel_rule *rule);

extern bool vrfleak_rule_is_ours(const struct vrfleak_kernel_rule *rule);

/* Whether no traffic of a VRF reaches the main table. */
extern bool vrfleak_rules_isolate(const struct vrfleak_rules *rules);

/* Whether the lookup comes too late for the module's rule. */
extern bool vrfleak_rules_lookup_late(const struct vrfleak_rules *rules);

/*
 * The next step to exactly one rule of the module (wanted, and the lookup is
 * not too late), or none.
 */
extern enum vrfleak_rules_change
vrfleak_rules_change(const struct vrfleak_rules *rules, bool wanted);

#endif /* _VRFLEAK_CORE_ISOLATION_RULES_H */
