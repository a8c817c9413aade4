// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a model of zebra for the unit tests of leak/ and rib/.
 *
 * The module's own files run unchanged on it:
 *
 *   leak/, and of rib/ all but route-maps and what talks to the kernel
 *        |
 *   zebra's tables, its queue, its hooks and its list of VRFs: this model
 *        |
 *   libfrr: event loop, prefix tables, next-hop groups
 *
 * The test decides when zebra processes a route, which routes zebra accepts,
 * and how many prefixes a time budget allows. The clock is virtual: it only
 * advances while the event loop waits, so that a minute of retries costs
 * nothing and no result depends on the machine.
 *
 * Native routes are processed at once. Leaked routes and withdrawals wait in
 * zebra's queue until the model is told, or allowed (auto), to process them.
 *
 * Invariants that each test checks by using the model:
 *  - A next-hop group is not released more often than it was held, and is not
 *    held at the end.
 *  - No route entry is leaked: run the tests with a sanitizer to see that.
 */
#ifndef _VRFLEAK_RIB_MODEL_H
#define _VRFLEAK_RIB_MODEL_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/rib/vrf.h"

#define MODEL_VRFS_MAX 64

/* What zebra does with the routes leaked from one VRF to another. */
enum model_reaction {
	MODEL_ACCEPT = 0,
	/* No usable next hop: kept, but never selected. */
	MODEL_INACTIVE,
	/* Unlinked when it is processed, as FRR 8.4 does. */
	MODEL_DROP,
	/* Selected, but the kernel refuses it. */
	MODEL_KERNEL_REFUSES,
	/* The same, but zebra learns that only later. */
	MODEL_KERNEL_REFUSES_LATER,
	/* Selected, but not handed to the kernel: zebra logs an error. */
	MODEL_NOT_QUEUED,
};

struct model {
	struct vrfleak_event_loop *loop;
	/* Zebra processes its queue whenever the event loop runs. */
	bool auto_process;
	/* Zebra's queue never becomes empty. */
	bool always_busy;
	/* Zebra has not read all that the kernel has sent. */
	bool behind;
	/* model_native() adds kernel routes, which zebra deletes silently. */
	bool kernel_routes;
	/* The metric and, unless 0, the distance of model_native()'s routes. */
	uint32_t metric;
	uint8_t distance;
	/* The VRF of their next hops, or NULL: their own. */
	const char *nexthop_vrf;
	/* They are BGP routes. */
	bool bgp_routes;
	/* They discard packets, and have no gateway. */
	bool discard_routes;
	/* How often zebra calls rib_update for a change: 2, as it mostly does.
	 */
	uint32_t hook_calls;
	/* How many prefixes a time budget allows, and one more; 2 or more. */
	uint32_t budget;
	/* A kernel table that 'ip import-table' uses, or 0. */
	uint32_t imported_table;
	/* A name of a route-map that denies everything, or NULL. */
	const char *denying_map;
	/* A name of a route-map that sets a source address, or NULL. */
	const char *src_map;
	/* A name of a route-map that adds to the metric, or NULL. */
	const char *adding_map;
	uint32_t metric_added;

	/* Counted since model_count_begin(). */
	struct model_counts {
		/* Routes handed to zebra, and routes withdrawn. */
		uint32_t added;
		/* Of these, those with an existing next-hop group. */
		uint32_t grouped;
		uint32_t withdrawn;
		/* Withdrawals before the first route was handed over. */
		uint32_t withdrawn_first;
		/* Decisions about a prefix of a target. */
		uint32_t decisions;
		/* Offers that were asked for. */
		uint32_t offers;
		/* Time budgets that were begun, and the longest, in prefixes.
		 */
		uint32_t budgets;
		uint32_t longest;
	} counts;
	/* Decisions by the target's name; see model_decisions(). */
	uint32_t decided[MODEL_VRFS_MAX];
};

extern struct model model;

/* Start and stop the leak layer on an empty zebra, as a fixture. */
extern void model_start(void);
extern void model_stop(void);

/*
 * Put a policy into force. A word for each statement: "red>1:1" exports,
 * "red<1:1" imports; with a 6 in front, for IPv6; with "/A" behind it, by
 * route-map A, with "#5", for five routes at most, and with "@5", with distance
 * 5. "red!" preempts.
 */
extern void model_policy(const char *text);

/* ---- zebra ---- */

extern void model_vrf_add(const char *name, vrf_id_t vrf_id, uint32_t table_id);
/* With its routes. Zebra calls rib_shutdown for each of its nodes. */
extern void model_vrf_delete(const char *name);

/* The VRF device goes up or down. */
extern void model_vrf_device(const char *name, bool up);

/*
 * Add or replace a native route; its gateway is 192.0.2.GATEWAY. It is
 * processed at once.
 */
extern void model_native(const char *vrf, const char *prefix, uint8_t gateway);
extern void model_native_delete(const char *vrf, const char *prefix);

/* How zebra reacts to routes that are leaked from source to target. */
extern void model_react(const char *target, const char *source,
			enum model_reaction reaction);

/* Process so many items of zebra's queue, the oldest first. */
extern void model_process(uint32_t count);
extern void model_process_all(void);
extern size_t model_backlog(void);

/* Zebra no longer uses the leaked routes of a prefix, and calls no hook. */
extern void model_lose_silently(const char *vrf, const char *prefix);

/* Tell the module that the kernel has deleted a route; zebra has it still. */
extern void model_kernel_deletes(const char *vrf, const char *prefix);

/* Tell the module that an interface has changed, as netlink would. */
extern void model_scan(void);

/* ---- time ---- */

/* Run the event loop for a while. */
extern void model_run(uint32_t msec);
/* Until nothing is left to do, retries included. */
extern void model_settle(void);
/* Call one event; returns false if none is ready. */
extern bool model_step(void);

/* ---- results ---- */

extern void model_count_begin(void);
/* Decisions about a prefix in a target since model_count_begin(). */
extern uint32_t model_decisions(const char *target);

/*
 * What a VRF has for a prefix, and who waits there: "red.1" for red's route
 * with gateway 1, "native.1", "-" for nothing; then, by name,
 * "blue=other-source". Valid until the next call.
 */
extern const char *model_state(const char *vrf, const char *prefix);

extern struct vrfleak_vrf *model_vrf(const char *name);

/* How many routes are leaked to a VRF, and in use. */
extern uint32_t model_leaked_count(const char *vrf, enum vrfleak_af af);

/*
 * Compare all tables and conflicts with what the policy and the native routes
 * say, computed without the module. Fails the test if they differ. Call
 * this when nothing is left to do.
 */
extern void model_check_all(void);

#endif /* _VRFLEAK_RIB_MODEL_H */
