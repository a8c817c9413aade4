// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: counts of import statements with maximum-prefix, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/prefix_limit.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/route_count.h"

static struct vrfleak_limits limits;

bool vrfleak_route_counts_any(const struct vrfleak_vrf *target,
			      enum vrfleak_af af)
{
	return (target->policy && target->policy->limited[af]) ||
	       vrfleak_limits_any(&limits, target->index, af);
}

void vrfleak_route_count_update(const struct vrfleak_vrf *target,
				const struct prefix *prefix,
				const struct vrfleak_statement *statement)
{
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	unsigned int events;

	if (statement && !statement->limit.max)
		statement = NULL;
	events = vrfleak_limits_assign(&limits, target->index, prefix,
				       statement);
	if (statement)
		vrfleak_limit_log(target, af, statement,
				  vrfleak_route_count(target, af, statement),
				  events);
	if (CHECK_FLAG(events, VRFLEAK_LIMIT_HEADROOM))
		vrfleak_queue_headroom(target, af);
}

uint32_t vrfleak_route_count(const struct vrfleak_vrf *target,
			     enum vrfleak_af af,
			     const struct vrfleak_statement *statement)
{
	return vrfleak_limits_count(&limits, target->index, af, statement);
}

bool vrfleak_route_count_headroom(const struct vrfleak_vrf *target,
				  enum vrfleak_af af)
{
	const struct vrfleak_statements *imports;

	if (!target->policy)
		return false;
	imports = &target->policy->imports[af];
	for (uint32_t i = 0; i < imports->count; i++)
		if (imports->statement[i].limit.max &&
		    vrfleak_route_count(target, af, &imports->statement[i]) <
			    imports->statement[i].limit.max)
			return true;
	return false;
}

void vrfleak_route_count_forget(const struct vrfleak_vrf *target)
{
	vrfleak_limits_forget(&limits, target->index);
}

bool vrfleak_route_count_allows(const struct vrfleak_vrf *target,
				const struct prefix *prefix,
				const struct vrfleak_statement *import)
{
	return vrfleak_limits_headroom(&limits, target->index, prefix, import);
}

void vrfleak_route_count_init(void)
{
	vrfleak_limits_init(&limits);
}

void vrfleak_route_count_finish(void)
{
	vrfleak_limits_finish(&limits);
}
