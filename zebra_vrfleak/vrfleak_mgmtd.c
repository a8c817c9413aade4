// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: mgmtd_vrfleak.so of a build, which the gate in mgmtd opens (since
 * FRR 10).
 *
 * mgmtd has the configuration. This module adds the YANG model, the commands
 * that edit it, and the functions that print it. mgmtd sends each change to
 * zebra, where zebra_vrfleak.so applies it.
 *
 * The model is loaded in an event that is queued before any other: mgmtd reads
 * its configuration files in an event that it queues later.
 *
 * Refuses another FRR version than it was built for, and structures of another
 * size. The gate asks for that and reports it (gate/build.h).
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/libfrr.h"
#include "lib/module.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/base/fits.h"
#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/gate/build.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/yang_load.h"

static struct vrfleak_event *schema_event;
static bool started;

/* clang-format off */
static const struct frr_yang_module_info mgmtd_module_info = {
	.name = "frr-vrfleak",
	.ignore_cfg_cbs = true,
	.nodes = {
		{
			.xpath = VRFLEAK_XPATH_ISOLATION,
			.cbs = {
				.cli_show = vrfleak_nb_isolation_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_VRF,
			.cbs = {
				.cli_show = vrfleak_nb_vrf_show,
				.cli_show_end = vrfleak_nb_vrf_show_end,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/preempt",
			.cbs = {
				.cli_show = vrfleak_nb_preempt_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/export",
			.cbs = {
				.cli_show = vrfleak_nb_export_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/import",
			.cbs = {
				.cli_show = vrfleak_nb_import_show,
			},
		},
		{
			.xpath = VRFLEAK_XPATH_FAMILY "/hold-down",
			.cbs = {
				.cli_show = vrfleak_nb_hold_down_show,
			},
		},
		{
			.xpath = NULL,
		},
	}
};
/* clang-format on */

static void schema_run(struct vrfleak_event *event)
{
	if (started)
		vrfleak_yang_load(&mgmtd_module_info);
}

static int queue_schema(struct vrfleak_event_loop *loop)
{
	event_add_event(loop, schema_run, NULL, 0, &schema_event);
	return 0;
}

static const struct vrfleak_size sizes[] = {
	{"VRF", sizeof(struct vrf)},
	{"Northbound Node", sizeof(struct nb_node)},
	{"YANG module", sizeof(struct yang_module)},
};

extern vrfleak_build_refusal_fn vrfleak_build_refusal;

const char *vrfleak_build_refusal(void)
{
	return vrfleak_misfit(sizes, array_size(sizes));
}

static int start(struct vrfleak_event_loop *loop)
{
	if (vrfleak_build_refusal())
		return 0;
	started = true;
	vrfleak_cli_init();
	return 0;
}

static int stop(void)
{
	event_cancel(&schema_event);
	vrfleak_yang_unload();
	return 0;
}

static int module_init(void)
{
	yang_module_embed(&vrfleak_yang_embed);
	hook_register(frr_early_init, queue_schema);
	hook_register(frr_late_init, start);
	hook_register(frr_early_fini, stop);
	return 0;
}

FRR_MODULE_SETUP(.name = "vrfleak", .version = VRFLEAK_VERSION,
		 .description = "route leaking between VRFs by tags, build for FRR " VRFLEAK_FRR_VERSION,
		 .init = module_init, );
