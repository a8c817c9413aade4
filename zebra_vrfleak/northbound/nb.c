// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the callbacks of each node of the YANG model.
 *
 * The configuration callbacks only note that a commit changed something. The
 * whole running configuration is read afterwards (nb_config.c).
 *
 * The lists on the path to the leaked routes have lookup_next: libfrr yields
 * only in lists that have it (lib/northbound_oper.c).
 */
#include <zebra.h>

#include "zebra_vrfleak/northbound/nb.h"

/* clang-format off */
const struct frr_yang_module_info vrfleak_module_info = {
	.name = "frr-vrfleak",
	.nodes = {
		{
			.xpath = VRFLEAK_XPATH_ISOLATION,
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				.get_next = vrfleak_nb_isolation_next,
				.get_keys = vrfleak_nb_isolation_keys,
				.lookup_entry = vrfleak_nb_isolation_lookup,
				.cli_show = vrfleak_nb_isolation_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_ISOLATION "/state/installed",
			.cbs = {
				.get_elem = vrfleak_nb_isolation_installed,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_ISOLATION "/state/effective",
			.cbs = {
				.get_elem = vrfleak_nb_isolation_effective,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_ISOLATION "/state/error",
			.cbs = {
				.get_elem = vrfleak_nb_isolation_error,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_VRF,
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				.get_next = vrfleak_nb_vrf_next,
				.get_keys = vrfleak_nb_vrf_keys,
				.lookup_entry = vrfleak_nb_vrf_lookup,
				VRFLEAK_NB_LOOKUP_NEXT(vrfleak_nb_vrf_after)
				.cli_show = vrfleak_nb_vrf_show,
				.cli_show_end = vrfleak_nb_vrf_show_end,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY,
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				.get_next = vrfleak_nb_family_next,
				.get_keys = vrfleak_nb_family_keys,
				.lookup_entry = vrfleak_nb_family_lookup,
				VRFLEAK_NB_LOOKUP_NEXT(vrfleak_nb_family_after)
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/preempt",
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				.cli_show = vrfleak_nb_preempt_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/export",
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				.cli_show = vrfleak_nb_export_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/import",
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
				/* libfrr calls modify when an entry moves. */
				.modify = vrfleak_nb_modify,
				.move = vrfleak_nb_move,
				.cli_show = vrfleak_nb_import_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/export/route-map",
			.cbs = {
				.modify = vrfleak_nb_modify,
				.destroy = vrfleak_nb_destroy,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/import/route-map",
			.cbs = {
				.modify = vrfleak_nb_modify,
				.destroy = vrfleak_nb_destroy,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/import/distance",
			.cbs = {
				.modify = vrfleak_nb_modify,
				.destroy = vrfleak_nb_destroy,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_LIMIT,
			.cbs = {
				.create = vrfleak_nb_create,
				.destroy = vrfleak_nb_destroy,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_LIMIT "/limit",
			.cbs = {
				.modify = vrfleak_nb_modify,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_LIMIT "/threshold",
			.cbs = {
				.modify = vrfleak_nb_modify,
				.destroy = vrfleak_nb_destroy,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_LIMIT "/warning-only",
			.cbs = {
				.modify = vrfleak_nb_modify,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/hold-down",
			.cbs = {
				.modify = vrfleak_nb_modify,
				.destroy = vrfleak_nb_destroy,
				.cli_show = vrfleak_nb_hold_down_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/state/leaked-routes",
			.cbs = {
				.get_elem = vrfleak_nb_leaked_routes,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/state/conflicts",
			.cbs = {
				.get_elem = vrfleak_nb_conflicts,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source",
			.cbs = {
				.get_next = vrfleak_nb_source_next,
				.get_keys = vrfleak_nb_source_keys,
				.lookup_entry = vrfleak_nb_source_lookup,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/leaked-routes",
			.cbs = {
				.get_elem = vrfleak_nb_source_leaked_routes,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/leaked",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/replaced",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/withdrawn",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/refused-native-route",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/refused-other-source",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/refused-not-accepted",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/refused-maximum-prefix",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/refused-held-down",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/source/totals/last-change",
			.cbs = {
				.get_elem = vrfleak_nb_source_total,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route",
			.cbs = {
				.get_next = vrfleak_nb_route_next,
				.get_keys = vrfleak_nb_route_keys,
				.lookup_entry = vrfleak_nb_route_lookup,
				VRFLEAK_NB_LOOKUP_NEXT(vrfleak_nb_route_after)
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/source",
			.cbs = {
				.get_elem = vrfleak_nb_route_source,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/protocol",
			.cbs = {
				.get_elem = vrfleak_nb_route_protocol,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/metric",
			.cbs = {
				.get_elem = vrfleak_nb_route_metric,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/tag",
			.cbs = {
				.get_elem = vrfleak_nb_route_tag,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/age",
			.cbs = {
				.get_elem = vrfleak_nb_route_age,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/conflict",
			.cbs = {
				.get_next = vrfleak_nb_conflict_next,
				.get_keys = vrfleak_nb_conflict_keys,
				.lookup_entry = vrfleak_nb_conflict_lookup,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/conflict/winner",
			.cbs = {
				.get_elem = vrfleak_nb_conflict_winner,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/conflict/reason",
			.cbs = {
				.get_elem = vrfleak_nb_conflict_reason,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/conflict/age",
			.cbs = {
				.get_elem = vrfleak_nb_conflict_age,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_STATE "/leaked-route/next-hop",
			.cbs = {
				.get_next = vrfleak_nb_nexthop_next,
				.get_elem = vrfleak_nb_nexthop,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_CLEAR,
			.cbs = {
				.rpc = vrfleak_nb_clear,
			},
		},
		{
			.xpath = NULL,
		},
	}
};
/* clang-format on */
