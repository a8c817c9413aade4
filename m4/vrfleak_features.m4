# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: what FRR's headers have.
#
# The module builds with each FRR whose headers have what it needs. Where FRR
# versions differ, configure compiles a line that only one of them accepts,
# with FRR's own flags, and vrfleak_features.h gets the result. No check asks
# for a version: a distribution may have backported a change.
#
# vrfleak_features.h.in says what each name means; base/compat uses them, and
# checks what is a macro in FRR's headers by #ifdef.

# _VRFLEAK_WITH_FRR_FLAGS(CHECKS)
# -------------------------------
# Compiles what CHECKS compile as the module is compiled.
AC_DEFUN([_VRFLEAK_WITH_FRR_FLAGS], [
vrfleak_save_CPPFLAGS=$CPPFLAGS
vrfleak_save_CFLAGS=$CFLAGS
CPPFLAGS="$VRFLEAK_FRR_CPPFLAGS -I$srcdir/zebra_vrfleak/missing $CPPFLAGS"
CFLAGS="$CFLAGS -fms-extensions -Werror=implicit-function-declaration $LIBYANG_CFLAGS"
$1
CPPFLAGS=$vrfleak_save_CPPFLAGS
CFLAGS=$vrfleak_save_CFLAGS
])

# _VRFLEAK_FRR_HEADERS
# --------------------
# The headers in which configure looks. VRFLEAK_FRR has compiled them, so that
# a feature is not missed because a header does not compile.
AC_DEFUN([_VRFLEAK_FRR_HEADERS], [[
#include <zebra.h>
#include "lib/command.h"
#include "lib/debug.h"
#include "lib/if.h"
#include "lib/memory.h"
#include "lib/northbound.h"
#include "zebra/rib.h"
#include "zebra/redistribute.h"
#include "zebra/zebra_router.h"
#include "zebra/zebra_routemap.h"
]])

# _VRFLEAK_FEATURE(NAME, TEXT, STATEMENT, [HEADER])
# -------------------------------------------------
# Defines HAVE_FRR_NAME if STATEMENT compiles in a function, with HEADER, which
# FRR may lack.
AC_DEFUN([_VRFLEAK_FEATURE], [
AC_CACHE_CHECK([whether FRR has $2], [vrfleak_cv_frr_$1],
	[AC_COMPILE_IFELSE([AC_LANG_PROGRAM(_VRFLEAK_FRR_HEADERS[
m4_ifval([$4], [[#include "$4"
]])[/* Whether expr, which is not evaluated, has the type. */
#define TYPE_IS(expr, type) \
	_Static_assert(__builtin_types_compatible_p(typeof(expr), type), "type")
]], [[$3;]])],
		[vrfleak_cv_frr_$1=yes], [vrfleak_cv_frr_$1=no])])
AS_IF([test "$vrfleak_cv_frr_$1" = yes],
	[AC_DEFINE([HAVE_FRR_$1], [1], [Whether FRR has $2.])])
])

# VRFLEAK_FRR_FEATURES
# --------------------
# After VRFLEAK_FRR. Makes vrfleak_features.h and the conditional HAVE_MGMTD.
AC_DEFUN([VRFLEAK_FRR_FEATURES], [
_VRFLEAK_WITH_FRR_FLAGS([
dnl the event loop
_VRFLEAK_FEATURE([EVENT], [struct event],
	[struct event *event = NULL; event_cancel(&event)], [lib/frrevent.h])

dnl libfrr
_VRFLEAK_FEATURE([MTYPE_TMP_TTABLE], [a memory type for tables of text],
	[(void)MTYPE_TMP_TTABLE])
_VRFLEAK_FEATURE([DEBUG_CONF], [debug flags that know their statement],
	[struct debug debug = { .conf = "" }; debug_install(&debug)])
_VRFLEAK_FEATURE([CONFIG_CALLBACKS_WITHOUT_VTY],
	[callbacks for configuration files without a vty],
	[TYPE_IS(cmd_init_config_callbacks, void (void (*)(void), void (*)(void)))])
_VRFLEAK_FEATURE([CONNECTED_TYPESAFE],
	[typesafe lists of the addresses of an interface],
	[(void)sizeof(struct if_connected_head)])

dnl the northbound
_VRFLEAK_FEATURE([YANG_FEATURES], [features of YANG modules],
	[yang_module_load("", NULL)])
_VRFLEAK_FEATURE([NB_LOOKUP_NEXT], [the northbound callback lookup_next],
	[struct nb_callbacks callbacks = { .lookup_next = NULL }; (void)callbacks])
_VRFLEAK_FEATURE([NB_RPC_TREES], [trees as input and output of RPCs],
	[TYPE_IS(((struct nb_cb_rpc_args *)0)->input, const struct lyd_node *)])
_VRFLEAK_FEATURE([IGNORE_CFG_CBS],
	[YANG modules whose configuration belongs to another daemon],
	[struct frr_yang_module_info info = { .ignore_cfg_cbs = true }; (void)info])
_VRFLEAK_FEATURE([BE_SEND_SUBSCR_REQ],
	[a function that subscribes a backend of mgmtd],
	[(void)mgmt_be_send_subscr_req], [lib/mgmt_be_client.h])

dnl zebra
_VRFLEAK_FEATURE([ROUTE_ENTRY_FREE], [a function that frees a route entry],
	[zebra_rib_route_entry_free(NULL)])
_VRFLEAK_FEATURE([RIB_ADD_REPLACE], [the argument replace of rib_add_multipath],
	[rib_add_multipath(AFI_IP, SAFI_UNICAST, NULL, NULL, NULL, NULL, false, false)])
_VRFLEAK_FEATURE([ROUTE_MAP_CHECK_ENTRY],
	[a route entry as argument of route-map checks],
	[zebra_route_map_check(AFI_IP, (struct route_entry *)NULL, NULL, NULL, NULL)])
_VRFLEAK_FEATURE([IMPORT_TABLE_SAFI],
	[the argument safi of is_zebra_import_table_enabled],
	[is_zebra_import_table_enabled(AFI_IP, SAFI_UNICAST, VRF_DEFAULT, 0)])
_VRFLEAK_FEATURE([RIB_SWEEP_TIME], [the time of zebra's sweep],
	[(void)zrouter.rib_sweep_time])
_VRFLEAK_FEATURE([ZAPI_MULTIPATH],
	[the number of next hops among what ZAPI advertises],
	[(void)zrouter.zav.multipath_num])
_VRFLEAK_FEATURE([RIB_FINISHED_STARTUP], [a sub-queue for the end of the start],
	[rib_add_finished_startup()])
])

AC_CONFIG_HEADERS([vrfleak_features.h])
AM_CONDITIONAL([HAVE_MGMTD], [test "$vrfleak_cv_frr_IGNORE_CFG_CBS" = yes])
])
