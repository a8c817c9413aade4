// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the differences between FRR versions. Only base/compat*.[ch] have
 * conditions on what FRR has: a name that configure defines
 * (vrfleak_features.h.in), or a macro of FRR's headers. All other files use the
 * names defined here. There are no conditions on the version.
 *
 * Some changes of zebra's behaviour do not show in its headers. Their condition
 * here is a proxy: something in the headers that came with the change, or after
 * it. Each one says so.
 *
 * The functions of the event loop have the names of FRR 9 and later.
 */
#ifndef _VRFLEAK_BASE_COMPAT_H
#define _VRFLEAK_BASE_COMPAT_H

#include "lib/command.h"
#include "lib/debug.h"
#include "lib/nexthop_group.h"
#include "lib/northbound.h"
#include "zebra/rib.h"
#include "zebra/zebra_router.h"

#include "vrfleak_features.h"
#include "zebra_vrfleak/base/compat_mgmtd.h"
#include "zebra_vrfleak/core/af.h"

#ifdef HAVE_FRR_EVENT

#include "lib/frrevent.h"

#define vrfleak_event event
#define vrfleak_event_loop event_loop

#else

#include "lib/thread.h"

#define vrfleak_event thread
#define vrfleak_event_loop thread_master
#define event_add_event thread_add_event
#define event_add_timer thread_add_timer
#define event_add_timer_msec thread_add_timer_msec
#define event_add_read thread_add_read
#define event_call thread_call
#define event_cancel thread_cancel
#define event_consumed_time thread_consumed_time
#define event_fetch thread_fetch
#define event_master_create thread_master_create
#define event_master_free thread_master_free
#define event_timer_remain_second thread_timer_remain_second

#endif

/*
 * Whether the router's own addresses are separate routes of type local. If not,
 * only the connected route covers them.
 */
#ifdef ZEBRA_ROUTE_LOCAL
#define VRFLEAK_HAVE_LOCAL_ROUTES 1
#else
#define VRFLEAK_HAVE_LOCAL_ROUTES 0
#define ZEBRA_ROUTE_LOCAL ZEBRA_ROUTE_MAX
#endif

/*
 * Whether zebra may delete interface and kernel routes without a rib_update. A
 * proxy: versions without local routes report all of them, later ones may not.
 */
#define VRFLEAK_HAVE_SILENT_WITHDRAWALS VRFLEAK_HAVE_LOCAL_ROUTES

/*
 * Whether zebra skips the kernel update when a route replaces one with the same
 * next-hop group. A proxy: this sub-queue came in the same release.
 */
#ifdef HAVE_FRR_RIB_FINISHED_STARTUP
#define VRFLEAK_HAVE_SKIPPED_REPLACE 1
#else
#define VRFLEAK_HAVE_SKIPPED_REPLACE 0
#endif

/* The memory type of the string that ttable_dump() returns. */
#ifndef HAVE_FRR_MTYPE_TMP_TTABLE
#define MTYPE_TMP_TTABLE MTYPE_TMP
#endif

/* Whether libfrr saves and shows debug flags itself. */
#ifdef HAVE_FRR_DEBUG_CONF
#define VRFLEAK_DEBUG_BY_LIBFRR 1
#define VRFLEAK_DEBUG_INIT(name)                                               \
	{                                                                      \
		.desc = "Zebra route leak " name,                              \
		.conf = "debug zebra route-leak " name                         \
	}
#else
#define VRFLEAK_DEBUG_BY_LIBFRR 0
#define VRFLEAK_DEBUG_INIT(name)                                               \
	{                                                                      \
		.desc = "Zebra route leak " name                               \
	}
#endif

/*
 * The callback that resumes a list of state after the northbound has yielded.
 */
#ifdef HAVE_FRR_NB_LOOKUP_NEXT
#define VRFLEAK_NB_LOOKUP_NEXT(function) .lookup_next = function,
#else
#define VRFLEAK_NB_LOOKUP_NEXT(function)
#endif

/* ---- configuration files ---- */

/*
 * Call begin and end when vtysh begins and ends to send a configuration file:
 * frr-reload.py up to FRR 10.3 replaces a line that begins with "ip route" by
 * entering its new form first and 'no' of its old form afterwards. FRR that
 * passes a vty to the callbacks does not do so, and uses them in mgmtd itself:
 * there, nothing is called.
 */
static inline void vrfleak_config_file_callbacks(void (*begin)(void),
						 void (*end)(void))
{
#ifdef HAVE_FRR_CONFIG_CALLBACKS_WITHOUT_VTY
	cmd_init_config_callbacks(begin, end);
#endif
}

/* ---- debug flags ---- */

/* Register debug flags for 'debug all' and 'no debug all'. */
extern void vrfleak_debug_install(struct debug *const debugs[], size_t count);

/* ---- northbound ---- */

static inline struct yang_module *vrfleak_yang_module_load(const char *name)
{
#ifdef HAVE_FRR_YANG_FEATURES
	return yang_module_load(name, NULL);
#else
	return yang_module_load(name);
#endif
}

/* Set the flags of a new nb_node that the table of callbacks implies. */
static inline void
vrfleak_nb_node_flags(struct nb_node *node,
		      const struct frr_yang_module_info *info)
{
#ifdef HAVE_FRR_IGNORE_CFG_CBS
	if (info->ignore_cfg_cbs)
		SET_FLAG(node->flags, F_NB_NODE_IGNORE_CFG_CBS);
#endif
}

/* The value of a leaf in an RPC's input, or NULL. */
extern const char *vrfleak_rpc_input(const struct nb_cb_rpc_args *args,
				     const char *leaf);

/*
 * Call an RPC with the leaves that have a value, of count leaves. Returns true
 * on success; else wrong is set to the reason.
 */
extern bool vrfleak_rpc_call(const char *xpath, const char *const leaves[],
			     const char *const values[], size_t count,
			     char *wrong, size_t wrong_size);

/*
 * Make zebra a backend of mgmtd for the module's model, if this version has
 * mgmtd. Call preinit before zebra creates its client of mgmtd, and init after
 * the model is loaded.
 */
extern void vrfleak_backend_preinit(void);
extern void vrfleak_backend_init(void);

#include "zebra_vrfleak/base/compat_route.h"

#endif /* _VRFLEAK_BASE_COMPAT_H */
