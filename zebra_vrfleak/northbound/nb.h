// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the northbound of the model yang/frr-vrfleak.yang.
 *
 *   nb.c            the callbacks of each YANG node
 *   nb_config.c     configuration
 *   nb_show.c       configuration as commands
 *   nb_route_map.c  route-maps in the configuration
 *   nb_isolation.c  state: isolation of VRFs
 *   nb_routes.c     state: sources, leaked routes, conflicts
 *   nb_state.c      state: VRFs and counters; RPC
 *   nb_time.c       state: how long a request may take
 */
#ifndef _VRFLEAK_NORTHBOUND_NB_H
#define _VRFLEAK_NORTHBOUND_NB_H

#include "lib/northbound.h"

#include "zebra_vrfleak/base/compat.h"

#define VRFLEAK_XPATH "/frr-vrfleak:vrfleak"
#define VRFLEAK_XPATH_ISOLATION VRFLEAK_XPATH "/vrf-isolation"
#define VRFLEAK_XPATH_VRF VRFLEAK_XPATH "/vrf"
#define VRFLEAK_XPATH_FAMILY VRFLEAK_XPATH_VRF "/address-family"
#define VRFLEAK_XPATH_LIMIT VRFLEAK_XPATH_FAMILY "/import/maximum-prefix"
#define VRFLEAK_XPATH_STATE VRFLEAK_XPATH_FAMILY "/state"

/* In the key of an import, before the name of a VRF that is imported. */
#define VRFLEAK_IMPORT_VRF "vrf:"

#define VRFLEAK_XPATH_CLEAR "/frr-vrfleak:clear"
#define VRFLEAK_XPATH_CONFLICT "/frr-vrfleak:conflict"

extern const struct frr_yang_module_info vrfleak_module_info;

/*
 * Start and stop translating the running configuration into the policy. The
 * whole configuration is read shortly after a commit; a burst of commits is
 * applied in one step.
 */
extern void vrfleak_nb_config_init(struct vrfleak_event_loop *loop);
extern void vrfleak_nb_config_finish(void);

/*
 * Call changed for each route-map and each list that a commit touches, with its
 * name, and for each entry of a prefix list, with its prefix. The other argument
 * is NULL. While it is called, the commit may not be complete. NULL stops this.
 */
typedef void (*vrfleak_nb_filter_cb)(const char *name,
				     const struct prefix *entry);
extern void vrfleak_nb_filters_listen(vrfleak_nb_filter_cb changed);

/* A request for state begins. */
extern void vrfleak_nb_request_begin(void);

/* A list begins in which libfrr does not yield. */
extern void vrfleak_nb_list_begin(void);

/*
 * Whether there is time for another entry of a list. yields: the list is one of
 * those in which libfrr yields to other events where it can.
 */
extern bool vrfleak_nb_in_time(bool yields);

/* Changes with every commit of zebra's configuration; 0 before the first. */
extern uint32_t vrfleak_nb_version(void);

/*
 * Call cb for each match or set clause of a route-map that has no effect on
 * leaked routes, with the clause as it is configured.
 */
typedef void (*vrfleak_nb_ignored_cb)(uint32_t sequence, const char *clause,
				      void *arg);
extern void vrfleak_nb_ignored(const char *map, vrfleak_nb_ignored_cb cb,
			       void *arg);

/* nb_config.c, nb_show.c */
extern int vrfleak_nb_create(struct nb_cb_create_args *args);
extern int vrfleak_nb_modify(struct nb_cb_modify_args *args);
extern int vrfleak_nb_destroy(struct nb_cb_destroy_args *args);
extern int vrfleak_nb_move(struct nb_cb_move_args *args);
extern void vrfleak_nb_isolation_show(struct vty *vty,
				      const struct lyd_node *dnode,
				      bool show_defaults);
extern void vrfleak_nb_vrf_show(struct vty *vty, const struct lyd_node *dnode,
				bool show_defaults);
extern void vrfleak_nb_vrf_show_end(struct vty *vty,
				    const struct lyd_node *dnode);
extern void vrfleak_nb_preempt_show(struct vty *vty,
				    const struct lyd_node *dnode,
				    bool show_defaults);
extern void vrfleak_nb_export_show(struct vty *vty,
				   const struct lyd_node *dnode,
				   bool show_defaults);
extern void vrfleak_nb_import_show(struct vty *vty,
				   const struct lyd_node *dnode,
				   bool show_defaults);
extern void vrfleak_nb_hold_down_show(struct vty *vty,
				      const struct lyd_node *dnode,
				      bool show_defaults);

/* nb_isolation.c */
extern const void *vrfleak_nb_isolation_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_isolation_keys(struct nb_cb_get_keys_args *args);
extern const void *
vrfleak_nb_isolation_lookup(struct nb_cb_lookup_entry_args *args);
extern struct yang_data *
vrfleak_nb_isolation_installed(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_isolation_effective(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_isolation_error(struct nb_cb_get_elem_args *args);

/* nb_state.c */
extern const void *vrfleak_nb_vrf_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_vrf_keys(struct nb_cb_get_keys_args *args);
extern const void *vrfleak_nb_vrf_lookup(struct nb_cb_lookup_entry_args *args);
extern const void *vrfleak_nb_vrf_after(struct nb_cb_lookup_entry_args *args);
extern const void *vrfleak_nb_family_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_family_keys(struct nb_cb_get_keys_args *args);
extern const void *
vrfleak_nb_family_lookup(struct nb_cb_lookup_entry_args *args);
extern const void *
vrfleak_nb_family_after(struct nb_cb_lookup_entry_args *args);
extern struct yang_data *
vrfleak_nb_leaked_routes(struct nb_cb_get_elem_args *args);
extern struct yang_data *vrfleak_nb_conflicts(struct nb_cb_get_elem_args *args);
extern int vrfleak_nb_clear(struct nb_cb_rpc_args *args);

/* nb_routes.c */
extern const void *vrfleak_nb_source_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_source_keys(struct nb_cb_get_keys_args *args);
extern const void *
vrfleak_nb_source_lookup(struct nb_cb_lookup_entry_args *args);
extern struct yang_data *
vrfleak_nb_source_leaked_routes(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_source_total(struct nb_cb_get_elem_args *args);
extern const void *vrfleak_nb_route_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_route_keys(struct nb_cb_get_keys_args *args);
extern const void *
vrfleak_nb_route_lookup(struct nb_cb_lookup_entry_args *args);
extern const void *vrfleak_nb_route_after(struct nb_cb_lookup_entry_args *args);
extern struct yang_data *
vrfleak_nb_route_source(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_route_protocol(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_route_metric(struct nb_cb_get_elem_args *args);
extern struct yang_data *vrfleak_nb_route_tag(struct nb_cb_get_elem_args *args);
extern struct yang_data *vrfleak_nb_route_age(struct nb_cb_get_elem_args *args);
extern const void *vrfleak_nb_conflict_next(struct nb_cb_get_next_args *args);
extern int vrfleak_nb_conflict_keys(struct nb_cb_get_keys_args *args);
extern const void *
vrfleak_nb_conflict_lookup(struct nb_cb_lookup_entry_args *args);
extern struct yang_data *
vrfleak_nb_conflict_winner(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_conflict_reason(struct nb_cb_get_elem_args *args);
extern struct yang_data *
vrfleak_nb_conflict_age(struct nb_cb_get_elem_args *args);
extern const void *vrfleak_nb_nexthop_next(struct nb_cb_get_next_args *args);
extern struct yang_data *vrfleak_nb_nexthop(struct nb_cb_get_elem_args *args);

#endif /* _VRFLEAK_NORTHBOUND_NB_H */
