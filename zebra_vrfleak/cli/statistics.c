// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show route-leak statistics: the work in progress, and how long the
 * module's events have occupied zebra's main thread.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/silent_withdrawals.h"
#include "zebra_vrfleak/leak/table_walk.h"
#include "zebra_vrfleak/rib/nhg_cache.h"
#include "zebra_vrfleak/vrfleak_commands.h"

struct figure {
	const char *key;
	const char *text;
	uint64_t value;
};

#define FIGURES 7

static void figures_read(struct figure figures[FIGURES])
{
	const struct figure now[FIGURES] = {
		{"changedPrefixes", "Changed prefixes waiting for a decision",
		 vrfleak_changed_count()},
		{"changedPrefixesMerged",
		 "Changes merged with a waiting one, in total",
		 vrfleak_changed_merged()},
		{"pendingRoutes", "Routes pending in zebra",
		 vrfleak_pending_count()},
		{"tableWalks", "Table walks, waiting or running",
		 vrfleak_queue_walks()},
		{"nexthopGroups", "Next-hop groups kept for pending routes",
		 vrfleak_nhgs_count()},
		{"interfaceRoutes", "Connected and local routes watched",
		 vrfleak_silent_known()},
		{"kernelRechecks", "Deleted kernel routes to recheck",
		 vrfleak_silent_rechecks()},
	};

	memcpy(figures, now, sizeof(now));
}

static const char *class_name(int class, char *buf, size_t size)
{
	if (class == VRFLEAK_BUDGET_CLASSES - 1)
		snprintf(buf, size, "%u ms and more",
			 vrfleak_budget_class_usec[class - 1] / 1000);
	else
		snprintf(buf, size, "below %u ms",
			 vrfleak_budget_class_usec[class] / 1000);
	return buf;
}

static void durations_json(json_object *json)
{
	const struct vrfleak_budget_figures *elapsed = vrfleak_budget_elapsed();
	const struct vrfleak_budget_figures *cpu = vrfleak_budget_cpu();
	json_object *classes = json_object_new_array();

	for (int i = 0; i < VRFLEAK_BUDGET_CLASSES; i++) {
		json_object *class = json_object_new_object();

		if (i < VRFLEAK_BUDGET_CLASSES - 1)
			json_object_int_add(class, "belowUsec",
					    vrfleak_budget_class_usec[i]);
		json_object_int_add(class, "count", (int64_t)elapsed->count[i]);
		json_object_int_add(class, "cpuCount", (int64_t)cpu->count[i]);
		json_object_array_add(classes, class);
	}
	json_object_object_add(json, "durations", classes);
	json_object_int_add(json, "longestUsec", (int64_t)elapsed->longest);
	json_object_int_add(json, "totalUsec", (int64_t)elapsed->total);
	json_object_int_add(json, "longestCpuUsec", (int64_t)cpu->longest);
	json_object_int_add(json, "totalCpuUsec", (int64_t)cpu->total);
}

static int statistics_json(struct vty *vty, const struct figure *figures)
{
	json_object *json = json_object_new_object();

	for (int i = 0; i < FIGURES; i++)
		json_object_int_add(json, figures[i].key,
				    (int64_t)figures[i].value);
	durations_json(json);
	return vty_json(vty, json);
}

static void durations_show(struct vty *vty)
{
	const struct vrfleak_budget_figures *elapsed = vrfleak_budget_elapsed();
	const struct vrfleak_budget_figures *cpu = vrfleak_budget_cpu();
	char buf[32];

	vty_out(vty, "%-37s %10s %10s\n", "Time on zebra's main thread",
		"by clock", "by CPU");
	for (int i = 0; i < VRFLEAK_BUDGET_CLASSES; i++)
		vty_out(vty, "  %-35s %10ju %10ju\n",
			class_name(i, buf, sizeof(buf)),
			(uintmax_t)elapsed->count[i], (uintmax_t)cpu->count[i]);
	vty_out(vty, "  %-35s %10ju %10ju\n", "longest, us",
		(uintmax_t)elapsed->longest, (uintmax_t)cpu->longest);
	vty_out(vty, "  %-35s %10ju %10ju\n", "total, ms",
		(uintmax_t)elapsed->total / 1000, (uintmax_t)cpu->total / 1000);
}

DEFUN(vrfleak_statistics, vrfleak_statistics_cmd, VRFLEAK_CMD_STATISTICS,
      VRFLEAK_HELP_STATISTICS)
{
	struct figure figures[FIGURES];

	figures_read(figures);
	if (use_json(argc, argv))
		return statistics_json(vty, figures);

	for (int i = 0; i < FIGURES; i++)
		vty_out(vty, "%-50s %8ju\n", figures[i].text,
			(uintmax_t)figures[i].value);
	durations_show(vty);
	return CMD_SUCCESS;
}

void vrfleak_statistics_init(void)
{
	VRFLEAK_COMMANDS_STATISTICS(VRFLEAK_INSTALL)
}
