// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show route-leak statistics: what the module has to do at the moment,
 * and for how long its events have held zebra's main thread.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"

#include "zebra_vrfleak/vrfleak_cli.h"
#include "zebra_vrfleak/vrfleak_commands.h"
#include "zebra_vrfleak/vrfleak_engine.h"
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
		 vrfleak_engine_changed_count()},
		{"changedMerged", "Changes merged with one that waited, ever",
		 vrfleak_engine_merged()},
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

static int statistics_json(struct vty *vty, const struct figure *figures)
{
	const struct vrfleak_slice_figures *slices = vrfleak_slice_figures();
	json_object *json = json_object_new_object();
	json_object *held = json_object_new_array();

	for (int i = 0; i < FIGURES; i++)
		json_object_int_add(json, figures[i].key,
				    (int64_t)figures[i].value);
	for (int i = 0; i < VRFLEAK_SLICE_CLASSES; i++) {
		json_object *class = json_object_new_object();

		if (i < VRFLEAK_SLICE_CLASSES - 1)
			json_object_int_add(class, "belowUsec",
					    vrfleak_slice_class_usec[i]);
		json_object_int_add(class, "count", (int64_t)slices->count[i]);
		json_object_array_add(held, class);
	}
	json_object_object_add(json, "held", held);
	json_object_int_add(json, "heldLongestUsec", slices->longest_usec);
	json_object_int_add(json, "heldTotalUsec", slices->total_usec);
	return vty_json(vty, json);
}

DEFUN(vrfleak_statistics, vrfleak_statistics_cmd, VRFLEAK_CMD_STATISTICS,
      VRFLEAK_HELP_STATISTICS)
{
	const struct vrfleak_slice_figures *slices = vrfleak_slice_figures();
	struct figure figures[FIGURES];
	char buf[32];

	figures_read(figures);
	if (use_json(argc, argv))
		return statistics_json(vty, figures);

	for (int i = 0; i < FIGURES; i++)
		vty_out(vty, "%-50s %8ju\n", figures[i].text,
			(uintmax_t)figures[i].value);
	vty_out(vty, "Events that held zebra's main thread for\n");
	for (int i = 0; i < VRFLEAK_SLICE_CLASSES; i++)
		vty_out(vty, "  %-48s %8ju\n", class_name(i, buf, sizeof(buf)),
			(uintmax_t)slices->count[i]);
	vty_out(vty, "  the longest: %jd.%03jd ms, all together: %jd ms\n",
		(intmax_t)slices->longest_usec / 1000,
		(intmax_t)slices->longest_usec % 1000,
		(intmax_t)slices->total_usec / 1000);
	return CMD_SUCCESS;
}

void vrfleak_statistics_init(void)
{
	VRFLEAK_COMMANDS_STATISTICS(VRFLEAK_INSTALL)
}
