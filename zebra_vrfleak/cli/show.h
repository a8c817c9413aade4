// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the show commands, and what they have in common.
 */
#ifndef _VRFLEAK_CLI_SHOW_H
#define _VRFLEAK_CLI_SHOW_H

#include "lib/json.h"
#include "lib/termtable.h"
#include "lib/vty.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/rib/vrf.h"

/* The time is checked once in so many routes that are not shown. */
#define VRFLEAK_SHOW_LOOKUPS 64

/* The state of a show command while it shows a VRF. */
struct vrfleak_show {
	struct vty *vty;
	enum vrfleak_af af;
	struct vrfleak_vrf *vrf;
	/* The command's keyword for the list that is shown, or "". */
	const char *list;
	/* The first VRF to show, or ""; only: show no other VRF. */
	const char *start;
	bool only;
	/* Whether to show hints that belong to no VRF. */
	bool hints;
	/* NULL for text. */
	json_object *json;
	/* For text in columns, or NULL. */
	struct ttable *table;
	/*
	 * A list may have a million entries, so it is shown page by page.
	 * entries: how many more entries fit on the page. lookups: how many
	 * routes were examined without being shown. at: the last prefix
	 * of the VRF that was examined, if from is set. more: the page is full
	 * and the list continues. The page is also full when the time of the
	 * answer is up. An entry takes so little time that it is not counted.
	 */
	struct vrfleak_answer answer;
	uint32_t entries;
	uint32_t lookups;
	bool from;
	bool more;
	struct prefix at;
};

/* Count an entry; false if the page is full. */
static inline bool vrfleak_show_entry(struct vrfleak_show *show)
{
	return show->entries > 0 && show->entries-- > 0;
}

/* Count a route that is not shown; false if the page is full. */
static inline bool vrfleak_show_skip(struct vrfleak_show *show)
{
	return ++show->lookups % VRFLEAK_SHOW_LOOKUPS ||
	       vrfleak_answer_in_time(&show->answer);
}

/*
 * Print an error: as a line, or in JSON as an object with "error". Returns the
 * command's result.
 */
extern int vrfleak_show_refuse(struct vty *vty, bool json, const char *format,
			       ...) PRINTFRR(3, 4);

/* The same for a VRF that has no export or import statement. */
extern int vrfleak_show_refuse_vrf(struct vty *vty, bool json,
				   enum vrfleak_af af, const char *name);

/* Show a VRF's export and import statements, and the number of its routes. */
extern void vrfleak_show_summary_of(struct vrfleak_show *show);

/* Show each route that is leaked to the VRF: seven columns, or JSON. */
extern void vrfleak_show_routes_of(struct vrfleak_show *show);

/* Show each route that the VRF refuses: seven columns, or JSON. */
extern void vrfleak_show_conflicts_of(struct vrfleak_show *show);

/* Add running totals (leak/counters.h) to a JSON object. */
struct vrfleak_totals;
extern void vrfleak_totals_json(json_object *json,
				const struct vrfleak_totals *totals);

/* Callbacks of vrfleak_hints(): arg is a JSON array, or a vty. */
extern void vrfleak_hint_json(const char *text, void *arg);
extern void vrfleak_hint_text(const char *text, void *arg);

/* Install all show commands; the other functions install those of a file. */
extern void vrfleak_show_init(void);
extern void vrfleak_show_explain_init(void);
extern void vrfleak_show_topology_init(void);
extern void vrfleak_show_what_if_init(void);
extern void vrfleak_show_statistics_init(void);

#endif /* _VRFLEAK_CLI_SHOW_H */
