// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: show route-leak statistics: the work in progress, how long the
 * module's events have occupied zebra's main thread, and the running totals.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/monotime.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/counters.h"
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

#define FIGURES 8

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
		{"revalidations",
		 "Revalidations requested after changes, in total",
		 vrfleak_queue.revalidations},
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

/* ---- running totals ---- */

/* With more pairs than this, only the totals of each target are shown. */
#define PAIRS_MAX 1000

/* So many VRFs are shown whatever the time. */
#define LEAST_VRFS 64

static json_object *refused_json(const struct vrfleak_totals *totals)
{
	json_object *json = json_object_new_object();

	for (int i = 0; i < VRFLEAK_REASONS; i++)
		/* Only native routes have this one, and they are not counted.
		 */
		if (i != VRFLEAK_HIGHER_DISTANCE)
			json_object_int_add(
				json, vrfleak_reason2str(i),
				(int64_t)totals
					->count[VRFLEAK_COUNT_REFUSED + i]);
	return json;
}

void vrfleak_totals_json(json_object *json, const struct vrfleak_totals *totals)
{
	json_object_int_add(json, "leaked",
			    (int64_t)totals->count[VRFLEAK_COUNT_LEAKED]);
	json_object_int_add(json, "replaced",
			    (int64_t)totals->count[VRFLEAK_COUNT_REPLACED]);
	json_object_int_add(json, "withdrawn",
			    (int64_t)totals->count[VRFLEAK_COUNT_WITHDRAWN]);
	json_object_object_add(json, "refused", refused_json(totals));
	if (totals->last)
		json_object_int_add(json, "lastChangeSecondsAgo",
				    monotime(NULL) - totals->last);
}

/* Of a target and address family. */
struct sum {
	struct vrfleak_totals totals;
	/* Those of each source, or NULL. */
	json_object *sources;
};

struct sums {
	/* By target and address family. */
	struct sum (*of)[VRFLEAK_AF_MAX];
	/* Whether the sources are wanted. */
	bool sources;
};

static void source_add(struct sum *sum, const struct vrfleak_vrf *source,
		       const struct vrfleak_totals *totals)
{
	json_object *json = json_object_new_object();

	vrfleak_totals_json(json, totals);
	if (!sum->sources)
		sum->sources = json_object_new_object();
	json_object_object_add(sum->sources, source->name, json);
}

static void sum_add(uint32_t target, uint32_t source, enum vrfleak_af af,
		    const struct vrfleak_totals *totals, void *arg)
{
	const struct sums *sums = arg;
	struct sum *sum = &sums->of[target][af];

	vrfleak_totals_add(&sum->totals, totals);
	if (sums->sources)
		source_add(sum, vrfleak_vrf_by_index(source), totals);
}

static void sources_free(const struct sum sums[])
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		if (sums[af].sources)
			json_object_free(sums[af].sources);
}

/*
 * Call show for each VRF with a policy, or with totals, as long as there is
 * time. Returns whether there was enough.
 */
static bool totals_each(void (*show)(const struct vrfleak_vrf *vrf,
				     const struct sum sums[], bool sources,
				     void *arg),
			bool sources, void *arg)
{
	struct sums sums = {
		.sources = sources && vrfleak_counters_pairs() <= PAIRS_MAX,
		.of = XCALLOC(MTYPE_TMP,
			      (vrfleak_vrf_index_end() + 1) * sizeof(*sums.of)),
	};
	struct vrfleak_answer answer;
	struct vrfleak_vrf *vrf;

	vrfleak_answer_begin(&answer, VRFLEAK_ANSWER_USEC, LEAST_VRFS);
	vrfleak_counters_each(sum_add, &sums);
	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf)) {
		const struct sum *of = sums.of[vrf->index];

		if (!vrf->policy && !of[VRFLEAK_IPV4].totals.last &&
		    !of[VRFLEAK_IPV6].totals.last)
			continue;
		if (vrfleak_answer_in_time(&answer))
			show(vrf, of, sums.sources, arg);
		else
			sources_free(of);
	}
	XFREE(MTYPE_TMP, sums.of);
	return !answer.over;
}

static void vrf_json(const struct vrfleak_vrf *vrf, const struct sum sums[],
		     bool sources, void *arg)
{
	json_object *json = json_object_new_object();
	json_object *family;

	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		family = json_object_new_object();
		vrfleak_totals_json(family, &sums[af].totals);
		if (sources)
			json_object_object_add(
				family, "sources",
				sums[af].sources ? sums[af].sources
						 : json_object_new_object());
		json_object_object_add(json, vrfleak_af2str(af), family);
	}
	json_object_object_add(arg, vrf->name, json);
}

static void vrf_text(const struct vrfleak_vrf *vrf, const struct sum sums[],
		     bool sources, void *arg)
{
	char since[32];

	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		const struct vrfleak_totals *totals = &sums[af].totals;
		const uint64_t *count = totals->count;

		if (!totals->last)
			continue;
		frrtime_to_interval(monotime(NULL) - totals->last, since,
				    sizeof(since));
		vty_out(arg,
			"  VRF %s, %s: %ju leaked, %ju replaced, %ju withdrawn, %ju refused, last %s ago\n",
			vrf->name, vrfleak_af2str(af),
			(uintmax_t)count[VRFLEAK_COUNT_LEAKED],
			(uintmax_t)count[VRFLEAK_COUNT_REPLACED],
			(uintmax_t)count[VRFLEAK_COUNT_WITHDRAWN],
			(uintmax_t)vrfleak_totals_refused(totals), since);
	}
}

static int statistics_json(struct vty *vty, const struct figure *figures)
{
	json_object *json = json_object_new_object();
	json_object *vrfs = json_object_new_object();

	for (int i = 0; i < FIGURES; i++)
		json_object_int_add(json, figures[i].key,
				    (int64_t)figures[i].value);
	durations_json(json);
	json_object_boolean_add(json, "complete",
				totals_each(vrf_json, true, vrfs));
	json_object_object_add(json, "vrfs", vrfs);
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
	vty_out(vty, "Routes since zebra's start\n");
	if (!totals_each(vrf_text, false, vty))
		vty_out(vty,
			"  Only a part is shown, as there are very many VRFs; see 'show ip route-leak json'\n");
	return CMD_SUCCESS;
}

void vrfleak_show_statistics_init(void)
{
	VRFLEAK_COMMANDS_STATISTICS(VRFLEAK_INSTALL)
}
