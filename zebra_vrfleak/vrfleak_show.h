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
};

/* Show each route that was leaked to the VRF: seven columns, or JSON. */
extern void vrfleak_show_routes_of(struct vrfleak_show *show);

/* Show each route that waits in the VRF: seven columns, or JSON. */
extern void vrfleak_show_conflicts_of(struct vrfleak_show *show);

/* For vrfleak_hints(): into a JSON array, or as a line of a vty. */
extern void vrfleak_hint_json(const char *text, void *arg);
extern void vrfleak_hint_text(const char *text, void *arg);

#endif /* _VRFLEAK_SHOW_H */
