// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: policy rules and the isolation of VRFs, see the header.
 */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "zebra_vrfleak/core/isolation_rules.h"

void vrfleak_rules_clear(struct vrfleak_rules *rules)
{
	*rules = (struct vrfleak_rules){
		.refusing = VRFLEAK_RULE_NONE,
		.lookup = VRFLEAK_RULE_NONE,
		.main = VRFLEAK_RULE_NONE,
	};
}

static bool rule_refuses_vrfs(const struct vrfleak_kernel_rule *rule)
{
	return rule->l3mdev && (rule->action == FR_ACT_UNREACHABLE ||
				rule->action == FR_ACT_PROHIBIT ||
				rule->action == FR_ACT_BLACKHOLE);
}

static bool rule_is_lookup(const struct vrfleak_kernel_rule *rule)
{
	return rule->l3mdev && rule->action == FR_ACT_TO_TBL;
}

static bool rule_is_main(const struct vrfleak_kernel_rule *rule)
{
	return !rule->l3mdev && rule->action == FR_ACT_TO_TBL &&
	       rule->table_id == RT_TABLE_MAIN;
}

bool vrfleak_rule_is_ours(const struct vrfleak_kernel_rule *rule)
{
	return rule->protocol == RTPROT_ZEBRA && !rule->selective &&
	       rule->l3mdev && rule->action == FR_ACT_UNREACHABLE &&
	       rule->priority == VRFLEAK_RULE_PRIORITY;
}

void vrfleak_rules_add(struct vrfleak_rules *rules,
		       const struct vrfleak_kernel_rule *rule)
{
	if (rule->selective)
		return;
	if (vrfleak_rule_is_ours(rule))
		rules->ours++;
	if (rule_refuses_vrfs(rule))
		rules->refusing = MIN(rules->refusing, rule->priority);
	if (rule_is_lookup(rule))
		rules->lookup = MIN(rules->lookup, rule->priority);
	if (rule_is_main(rule))
		rules->main = MIN(rules->main, rule->priority);
}

bool vrfleak_rules_isolate(const struct vrfleak_rules *rules)
{
	return rules->refusing < rules->main ||
	       rules->main == VRFLEAK_RULE_NONE;
}

/* The kernel adds the lookup with the first VRF: without one, there is none. */
bool vrfleak_rules_lookup_late(const struct vrfleak_rules *rules)
{
	return rules->lookup >= VRFLEAK_RULE_PRIORITY &&
	       rules->lookup != VRFLEAK_RULE_NONE;
}

enum vrfleak_rules_change
vrfleak_rules_change(const struct vrfleak_rules *rules, bool wanted)
{
	const uint32_t count = wanted && !vrfleak_rules_lookup_late(rules);

	if (rules->ours < count)
		return VRFLEAK_RULES_ADD;
	if (rules->ours > count)
		return VRFLEAK_RULES_DELETE;
	return VRFLEAK_RULES_NO_CHANGE;
}
