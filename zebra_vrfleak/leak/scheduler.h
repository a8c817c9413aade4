// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what drives the decisions.
 *
 *   rib_update hook ---> changed prefixes --+
 *   policy, VRFs, clear --> table walks ----+--> decide --> RIB
 *                                           |              |
 *            given to zebra, not yet seen <-|--------------+
 *                      in the RIB ----------+
 *
 * Invariants:
 *  - Nothing is decided in a hook; it costs O(1) and marks the prefix.
 *  - A prefix of a target that was given to zebra is not decided again before
 *    zebra has processed it; what changes meanwhile is kept with it.
 *  - The event loop is held for no longer than a few milliseconds at a time.
 *  - Losing an event may delay, never corrupt: everything is computed again
 *    from the RIB and the policy.
 */
#ifndef _VRFLEAK_LEAK_SCHEDULER_H
#define _VRFLEAK_LEAK_SCHEDULER_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/conflict_table.h"
#include "zebra_vrfleak/core/policy.h"
#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_budget;

extern void vrfleak_engine_init(struct vrfleak_event_loop *loop);
extern void vrfleak_engine_finish(void);

/* policy_apply.c: an empty policy to begin with. */
extern void vrfleak_engine_policy_init(void);
extern void vrfleak_engine_policy_finish(void);

/* Take over a compiled policy; only what differs from the last is touched. */
extern void vrfleak_engine_set_policy(struct vrfleak_policy *policy);

/* Whether any route goes by a route-map. */
extern bool vrfleak_engine_filters(void);

/* Look again at all that goes by a route-map. */
extern void vrfleak_engine_refilter(void);

/* The policy in force. */
extern const struct vrfleak_policy *vrfleak_engine_policy(void);

/* Who waits for what. */
extern struct vrfleak_conflict_table *vrfleak_engine_contests(void);

/* Whether there is work left to do, so that what is shown may yet change. */
extern bool vrfleak_engine_busy(void);

/* Whether zebra has been given as much as it should at a time. */
extern bool vrfleak_engine_full(void);

/* Count a prefix; whether there is time, and zebra has room, for another. */
extern bool vrfleak_budget_goes_on(struct vrfleak_budget *budget);

/* There is work to do. */
extern void vrfleak_engine_wake(void);

/* Something changed at a prefix in a VRF; see vrfleak_changed_add(). */
extern void vrfleak_engine_changed(const struct prefix *prefix, uint32_t vrf);

/* Whether zebra's RIB is listened to; only while there is a policy. */
extern void vrfleak_scheduler_listen(bool listen);

/*
 * Decide about a prefix in target after a change in sources. With pending_too,
 * the sources that are about to be walked count as changed: they come in the
 * same moment.
 */
extern void vrfleak_engine_decide(const struct vrfleak_vrf *target,
				  const struct prefix *prefix,
				  const uint32_t *sources, uint32_t count,
				  bool pending_too);

/*
 * The same, at a prefix of which zebra has nothing left to do; between
 * vrfleak_rib_lookup_begin() and vrfleak_rib_lookup_end().
 */
extern void vrfleak_engine_decide_now(const struct vrfleak_vrf *target,
				      const struct prefix *prefix,
				      const uint32_t *sources, uint32_t count,
				      bool pending_too);

/*
 * Zebra did not keep what it was given of source's: decide who has the prefix
 * instead. Also between vrfleak_rib_lookup_begin() and
 * vrfleak_rib_lookup_end().
 */
extern void vrfleak_engine_rejected(const struct vrfleak_vrf *target,
				    const struct prefix *prefix,
				    uint32_t source);

/* The same, where the prefix's node in a source's table is known. */
extern void vrfleak_engine_decide_at(const struct vrfleak_vrf *target,
				     const struct prefix *prefix,
				     const struct vrfleak_vrf *source,
				     struct route_node *rn,
				     const uint32_t *sources, uint32_t count,
				     bool pending_too);

/*
 * Compute again what is leaked to a target (NULL: to all). With a prefix, let
 * a source that waits for it take over from the one that holds it.
 */
extern void vrfleak_engine_clear(enum vrfleak_af af, struct vrfleak_vrf *target,
				 const struct prefix *prefix);

#endif /* _VRFLEAK_LEAK_SCHEDULER_H */
