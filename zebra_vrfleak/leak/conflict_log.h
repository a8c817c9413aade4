// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the log lines of conflicts, limits and route-maps.
 *
 * The log is limited to a number of lines per period. A line at the period's
 * end says how many were suppressed, and which command shows them.
 */
#ifndef _VRFLEAK_LEAK_CONFLICT_LOG_H
#define _VRFLEAK_LEAK_CONFLICT_LOG_H

#include "lib/hook.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_conflict_log_init(struct vrfleak_event_loop *loop);
extern void vrfleak_conflict_log_finish(void);

/* A conflict began or changed its reason (raised), or ended. */
struct vrfleak_conflict_event {
	const struct vrfleak_vrf *target;
	const struct prefix *prefix;
	/*
	 * The VRF whose route is installed: the target itself for a native
	 * route, or NULL.
	 */
	const struct vrfleak_vrf *winner;
	const struct vrfleak_vrf *loser;
	enum vrfleak_reason reason;
	bool raised;
};

/* Called for every conflict event, logged or suppressed. */
DECLARE_HOOK(vrfleak_conflict, (const struct vrfleak_conflict_event *event),
	     (event));

/*
 * A conflict began or changed (raised), or ended. winner is the VRF whose
 * route stands, the target itself for a native route, or NULL.
 */
extern void vrfleak_conflict_changed(const struct vrfleak_vrf *target,
				     const struct prefix *prefix,
				     const struct vrfleak_vrf *winner,
				     const struct vrfleak_vrf *loser,
				     enum vrfleak_reason reason, bool raised);

/*
 * An import line has count routes, and that is news: events are those of
 * vrfleak_limits_assign().
 */
extern void vrfleak_limit_log(const struct vrfleak_vrf *target,
			      enum vrfleak_af af,
			      const struct vrfleak_statement *statement,
			      uint32_t count, unsigned int events);

/* What is wrong with the route-map of a line, in one sentence. */
extern void vrfleak_route_map_log(const char *text);

#endif /* _VRFLEAK_LEAK_CONFLICT_LOG_H */
