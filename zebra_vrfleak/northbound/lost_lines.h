// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the running configuration lacks, compared with the copy that
 * the gate made while it was inert (gate/config_copy.h).
 */
#ifndef _VRFLEAK_NORTHBOUND_LOST_LINES_H
#define _VRFLEAK_NORTHBOUND_LOST_LINES_H

/*
 * Give one sentence without a full stop to cb for each export and import
 * statement that is in a copy and not in the policy. A statement that is there
 * with other options counts as there. Without a copy there are none.
 */
extern void vrfleak_lost_lines(void (*cb)(const char *text, void *arg),
			       void *arg);

/* Log them, up to 20. */
extern void vrfleak_lost_lines_log(void);

#endif /* _VRFLEAK_NORTHBOUND_LOST_LINES_H */
