// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the show commands have in common.
 */
#ifndef _VRFLEAK_CLI_SHOW_H
#define _VRFLEAK_CLI_SHOW_H

#include "lib/json.h"
#include "lib/termtable.h"
#include "lib/vty.h"

#include "zebra_vrfleak/rib/vrf.h"

/* A show command, at a VRF. */
struct vrfleak_show {
	struct vty *vty;
	enum vrfleak_af af;
	struct vrfleak_vrf *vrf;
	/* The command's word for the list that is shown; "" for none. */
	const char *list;
	/* The VRF to begin with, "" for the first one; only shows no other. */
	const char *start;
	bool only;
	/* NULL for text. */
	json_object *json;
	/* For text in columns. */
	struct ttable *table;
	/*
	 * A list may have a million entries, so it is shown page by page. The
	 * page has room for entries more entries, and for looks more routes
	 * that are not shown. at is the last prefix of the VRF that is done,
	 * if from is set. more: the page is full and the list continues.
	 */
	uint32_t entries;
	uint32_t looks;
	bool from;
	bool more;
	struct prefix at;
};

/* Use room for an entry, or for a route that is not shown, if there is any. */
static inline bool vrfleak_show_entry(struct vrfleak_show *show)
{
	return show->entries > 0 && show->entries-- > 0;
}

static inline bool vrfleak_show_skip(struct vrfleak_show *show)
{
	return show->looks > 0 && show->looks-- > 0;
}

/*
 * Print why there is nothing to show: as a line, or in JSON as "error" of an
 * object. Returns the command's result.
 */
extern int vrfleak_show_refuse(struct vty *vty, bool json, const char *format,
			       ...) PRINTFRR(3, 4);

/* Show what a VRF is configured to leak and what came of it. */
extern void vrfleak_show_summary_of(struct vrfleak_show *show);

/* Show each route that was leaked to the VRF: seven columns, or JSON. */
extern void vrfleak_show_routes_of(struct vrfleak_show *show);

/* Show each route that waits in the VRF: seven columns, or JSON. */
extern void vrfleak_show_conflicts_of(struct vrfleak_show *show);

/* For vrfleak_hints(): into a JSON array, or as a line of a vty. */
extern void vrfleak_hint_json(const char *text, void *arg);
extern void vrfleak_hint_text(const char *text, void *arg);

#endif /* _VRFLEAK_CLI_SHOW_H */
