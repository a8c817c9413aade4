// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the show commands have in common.
 */
#ifndef _VRFLEAK_SHOW_H
#define _VRFLEAK_SHOW_H

#include "lib/json.h"
#include "lib/termtable.h"
#include "lib/vty.h"

#include "zebra_vrfleak/vrfleak_vrf.h"

/* A show command, at a VRF. */
struct vrfleak_show {
	struct vty *vty;
	enum vrfleak_af af;
	struct vrfleak_vrf *vrf;
	/* NULL for text. */
	json_object *json;
	/* For text in columns. */
	struct ttable *table;
	/*
	 * Of a list, which may have a million entries, a page is shown: so many
	 * more, after so many more that are only looked at. Where it ended, if
	 * there are more (more), is in at; where it begins, if from is set, too.
	 */
	uint32_t entries;
	uint32_t looks;
	bool from;
	bool more;
	struct prefix at;
};

/* Count an entry, or what is only looked at; whether the page has room. */
static inline bool vrfleak_show_entry(struct vrfleak_show *show)
{
	return show->entries > 0 && --show->entries > 0;
}

static inline bool vrfleak_show_look(struct vrfleak_show *show)
{
	return show->looks > 0 && --show->looks > 0;
}

/* Show what a VRF is configured to leak and what came of it. */
extern void vrfleak_show_summary_of(struct vrfleak_show *show);

/* Show each route that was leaked to the VRF: seven columns, or JSON. */
extern void vrfleak_show_routes_of(struct vrfleak_show *show);

/* Show each route that waits in the VRF: seven columns, or JSON. */
extern void vrfleak_show_conflicts_of(struct vrfleak_show *show);

/* For vrfleak_hints(): into a JSON array, or as a line of a vty. */
extern void vrfleak_hint_json(const char *text, void *arg);
extern void vrfleak_hint_text(const char *text, void *arg);

#endif /* _VRFLEAK_SHOW_H */
