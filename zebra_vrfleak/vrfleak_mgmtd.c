// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: mgmtd_vrfleak.so, which 'mgmtd -M vrfleak' loads (since FRR 10).
 *
 * mgmtd has the configuration. This module adds the YANG model, the commands
 * that edit it, and the functions that print it. mgmtd sends each change to
 * zebra, where zebra_vrfleak.so applies it.
 *
 * The model is loaded in an event that is queued before any other: mgmtd reads
 * its configuration files in an event that it queues later.
 *
 * Refuses to load into another FRR version than it was built for.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/libfrr.h"
#include "lib/module.h"

#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/yang_load.h"

static struct vrfleak_event *schema_event;

/* clang-format off */
static const struct frr_yang_module_info mgmtd_module_info = {
	.name = "frr-vrfleak",
	.ignore_cfg_cbs = true,
	.nodes = {
		{
			.xpath = VRFLEAK_XPATH_VRF,
			.cbs = {
				.cli_show = vrfleak_nb_vrf_show,
				.cli_show_end = vrfleak_nb_vrf_show_end,
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
			.xpath = NULL,
		},
	}
};
/* clang-format on */

static void schema_run(struct vrfleak_event *event)
{
	vrfleak_yang_load(&mgmtd_module_info);
}

static int queue_schema(struct vrfleak_event_loop *loop)
{
	event_add_event(loop, schema_run, NULL, 0, &schema_event);
	return 0;
}

static int start(struct vrfleak_event_loop *loop)
{
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
	/* libfrr itself comes first in the list. */
	const char *running = frrmod_list->info->version;

	if (strcmp(running, VRFLEAK_FRR_VERSION)) {
		zlog_err(
			"vrfleak: built for FRR %s, but this is FRR %s; refusing to load. Build the module against the FRR version that is installed.",
			VRFLEAK_FRR_VERSION, running);
		return -1;
	}

	yang_module_embed(&vrfleak_yang_embed);
	hook_register(frr_early_init, queue_schema);
	hook_register(frr_late_init, start);
	hook_register(frr_early_fini, stop);
	return 0;
}

FRR_MODULE_SETUP(.name = "vrfleak", .version = VRFLEAK_VERSION,
		 .description = "route leaking between VRFs by tags, in mgmtd",
		 .init = module_init, );
