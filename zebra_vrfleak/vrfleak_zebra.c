// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra_vrfleak.so of a build, which the gate in zebra opens.
 *
 * FRR's module interface is not stable. So the build refuses another version
 * than it was built for, and structures of another size. The gate asks for that
 * and reports it (gate/build.h). Most sizes are known only once zebra has
 * initialised; if one differs then, start() does nothing.
 *
 * Order of start: commands and hooks are registered when zebra initialises. The
 * first event of the event loop loads the YANG model: zebra has forked then
 * (the parent process must not load it, see northbound/yang_load.c) and has not
 * read its configuration. The order of stop is the reverse, before libfrr ends.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/libfrr.h"
#include "lib/module.h"

#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/base/fits.h"
#include "zebra_vrfleak/cli/clear.h"
#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/cli/debug_commands.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/gate/build.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/leak/zebra_events.h"
#include "zebra_vrfleak/northbound/conflict_notify.h"
#include "zebra_vrfleak/northbound/lost_lines.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/route_map_watch.h"
#include "zebra_vrfleak/northbound/yang_load.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/rib/route_map_set.h"
#include "zebra_vrfleak/rib/stale_routes.h"

static struct vrfleak_event *schema_event;
static bool started;

static void schema_run(struct vrfleak_event *event)
{
	if (!started)
		return;
	vrfleak_yang_load(&vrfleak_module_info);
	vrfleak_backend_init();
}

/* Queued before any other event: zebra reads its configuration in an event. */
static int queue_schema(struct vrfleak_event_loop *loop)
{
	event_add_event(loop, schema_run, NULL, 0, &schema_event);
	return 0;
}

extern vrfleak_build_refusal_fn vrfleak_build_refusal;

const char *vrfleak_build_refusal(void)
{
	return vrfleak_zebra_misfit();
}

extern vrfleak_build_configured_fn vrfleak_build_configured;

void vrfleak_build_configured(void)
{
	vrfleak_lost_lines_log();
}

static const struct vrfleak_stale_calls stale_calls = {
	.config_version = vrfleak_nb_version,
	.is_busy = vrfleak_scheduler_busy,
	.deleted = vrfleak_events_rescan_routes,
};

static int start(struct vrfleak_event_loop *loop)
{
	if (vrfleak_build_refusal())
		return 0;

	started = true;
	vrfleak_errors_init();
	vrfleak_zebra_queue_init();
	vrfleak_route_map_set_init();
	vrfleak_conflict_log_init(loop);
	vrfleak_scheduler_init(loop);
	vrfleak_leaked_count_init(loop);
	vrfleak_stale_init(loop, &stale_calls);
	vrfleak_conflict_notify_init();
	vrfleak_route_map_watch_init(loop);
	vrfleak_isolation_init(loop, vrfleak_nb_version);
	vrfleak_nb_config_init(loop);
	if (!VRFLEAK_HAVE_MGMTD)
		vrfleak_cli_init();
	vrfleak_config_write_init();
	vrfleak_clear_init();
	vrfleak_show_init();
	vrfleak_debug_init();
	return 0;
}

static int stop(void)
{
	if (!started)
		return 0;

	event_cancel(&schema_event);
	vrfleak_debug_finish();
	vrfleak_nb_config_finish();
	vrfleak_isolation_finish();
	vrfleak_route_map_watch_finish();
	vrfleak_conflict_notify_finish();
	vrfleak_stale_finish();
	vrfleak_leaked_count_finish();
	vrfleak_scheduler_finish();
	vrfleak_conflict_log_finish();
	vrfleak_yang_unload();
	vrfleak_zebra_queue_finish();
	return 0;
}

static int module_init(void)
{
	yang_module_embed(&vrfleak_yang_embed);
	vrfleak_backend_preinit();
	hook_register(frr_early_init, queue_schema);
	hook_register(frr_late_init, start);
	hook_register(frr_early_fini, stop);
	return 0;
}

FRR_MODULE_SETUP(
		.name = "vrfleak", .version = VRFLEAK_VERSION,
		.description =
			"route leaking between VRFs by tags, build for FRR " VRFLEAK_FRR_VERSION,
		.init = module_init, );
