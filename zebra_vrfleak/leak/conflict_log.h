// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the log lines of conflicts, limits and route-maps.
 *
 * The number of log lines per period is limited. A line at the end of the
 * period gives the number of suppressed lines, and the command that shows all
 * conflicts.
 */
#ifndef _VRFLEAK_LEAK_CONFLICT_LOG_H
#define _VRFLEAK_LEAK_CONFLICT_LOG_H

#include "lib/hook.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/decision.h"
#include "zebra_vrfleak/rib/vrf.h"

extern void vrfleak_conflict_log_init(struct vrfleak_event_loop *loop);
extern void vrfleak_conflict_log_finish(void);

/* A candidate was added or its reason changed (raised), or it was removed. */
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

/* Called for each conflict event, logged or suppressed. */
DECLARE_HOOK(vrfleak_conflict, (const struct vrfleak_conflict_event *event),
	     (event));

/*
 * Log a conflict event, and call the hook. See struct vrfleak_conflict_event
 * for the arguments.
 */
extern void vrfleak_conflict_changed(const struct vrfleak_vrf *target,
				     const struct prefix *prefix,
				     const struct vrfleak_vrf *winner,
				     const struct vrfleak_vrf *loser,
				     enum vrfleak_reason reason, bool raised);

/*
 * Log that an import statement has reached or exceeded a limit with count
 * routes. events are the flags of vrfleak_limits_assign().
 */
extern void vrfleak_limit_log(const struct vrfleak_vrf *target,
			      enum vrfleak_af af,
			      const struct vrfleak_statement *statement,
			      uint32_t count, unsigned int events);

/* Log a problem with the route-map of a statement; text is one sentence. */
extern void vrfleak_route_map_log(const char *text);

#endif /* _VRFLEAK_LEAK_CONFLICT_LOG_H */
