// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show route-leak statistics: what the module has to do at the moment,
 * and for how long its events have held zebra's main thread.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"

#include "zebra_vrfleak/vrfleak_changed.h"
#include "zebra_vrfleak/vrfleak_cli.h"
#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/vrfleak_given.h"
#include "zebra_vrfleak/vrfleak_group.h"
#include "zebra_vrfleak/vrfleak_slice.h"
#include "zebra_vrfleak/vrfleak_system.h"
#include "zebra_vrfleak/vrfleak_walk.h"

struct figure {
	const char *key;
	const char *text;
	uint64_t value;
};

#define FIGURES 7

static void figures_read(struct figure figures[FIGURES])
{
	const struct figure now[FIGURES] = {
		{"changed", "Changed prefixes that wait to be decided",
		 vrfleak_changed_count()},
		{"changedMerged", "Changes merged with one that waited, ever",
		 vrfleak_changed_merged()},
		{"given", "Routes that zebra was given and has not come to",
		 vrfleak_given_count()},
		{"walks", "Walks of tables, waiting or under way",
		 vrfleak_walk_count()},
		{"nexthopGroups", "Next-hop groups held for them",
		 vrfleak_groups_count()},
		{"systemRoutes", "Connected and local routes watched",
		 vrfleak_system_known()},
		{"systemDoubts", "Kernel routes gone, and zebra not yet asked",
		 vrfleak_system_doubted()},
	};

	memcpy(figures, now, sizeof(now));
}

static const char *class_name(int class, char *buf, size_t size)
{
	if (class == VRFLEAK_SLICE_CLASSES - 1)
		snprintf(buf, size, "%u ms and more",
			 vrfleak_slice_class_usec[class - 1] / 1000);
	else
		snprintf(buf, size, "below %u ms",
			 vrfleak_slice_class_usec[class] / 1000);
	return buf;
}

static void held_json(json_object *json)
{
	const struct vrfleak_slice_figures *elapsed = vrfleak_slice_elapsed();
	const struct vrfleak_slice_figures *cpu = vrfleak_slice_cpu();
	json_object *held = json_object_new_array();

	for (int i = 0; i < VRFLEAK_SLICE_CLASSES; i++) {
		json_object *class = json_object_new_object();

		if (i < VRFLEAK_SLICE_CLASSES - 1)
			json_object_int_add(class, "belowUsec",
					    vrfleak_slice_class_usec[i]);
		json_object_int_add(class, "count", (int64_t)elapsed->count[i]);
		json_object_int_add(class, "cpuCount", (int64_t)cpu->count[i]);
		json_object_array_add(held, class);
	}
	json_object_object_add(json, "held", held);
	json_object_int_add(json, "heldLongestUsec", (int64_t)elapsed->longest);
	json_object_int_add(json, "heldTotalUsec", (int64_t)elapsed->total);
	json_object_int_add(json, "heldCpuLongestUsec", (int64_t)cpu->longest);
	json_object_int_add(json, "heldCpuTotalUsec", (int64_t)cpu->total);
}

static int statistics_json(struct vty *vty, const struct figure *figures)
{
	json_object *json = json_object_new_object();

	for (int i = 0; i < FIGURES; i++)
		json_object_int_add(json, figures[i].key,
				    (int64_t)figures[i].value);
	held_json(json);
	return vty_json(vty, json);
}

static void held_show(struct vty *vty)
{
	const struct vrfleak_slice_figures *elapsed = vrfleak_slice_elapsed();
	const struct vrfleak_slice_figures *cpu = vrfleak_slice_cpu();
	char buf[32];

	vty_out(vty, "%-37s %10s %10s\n",
		"Events that held zebra's main thread", "by clock", "by CPU");
	for (int i = 0; i < VRFLEAK_SLICE_CLASSES; i++)
		vty_out(vty, "  %-35s %10ju %10ju\n",
			class_name(i, buf, sizeof(buf)),
			(uintmax_t)elapsed->count[i], (uintmax_t)cpu->count[i]);
	vty_out(vty, "  %-35s %10ju %10ju\n", "the longest, us",
		(uintmax_t)elapsed->longest, (uintmax_t)cpu->longest);
	vty_out(vty, "  %-35s %10ju %10ju\n", "all together, ms",
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
	held_show(vty);
	return CMD_SUCCESS;
}

void vrfleak_statistics_init(void)
{
	VRFLEAK_COMMANDS_STATISTICS(VRFLEAK_INSTALL)
}
