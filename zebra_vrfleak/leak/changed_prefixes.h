// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the prefixes at which something changed, and what is done about
 * them.
 *
 * A prefix is looked at with all VRFs in which it changed. Each of their
 * targets is decided about once, with those of the changed VRFs that have a say
 * there: who offers the prefix, whose route the target has or was given, and
 * who waits for it. None of the other changed VRFs is asked, so that a prefix
 * that changed in all of N VRFs that leak to each other costs N decisions, most
 * of them about one source.
 *
 * A VRF may have thousands of targets, so a prefix is done in slices, too.
 */
#ifndef _VRFLEAK_LEAK_CHANGED_PREFIXES_H
#define _VRFLEAK_LEAK_CHANGED_PREFIXES_H

#include "lib/prefix.h"

struct vrfleak_budget;

extern void vrfleak_changed_finish(void);

/* Go on with the oldest prefix for a slice; whether there was any. */
extern bool vrfleak_changed_run(struct vrfleak_budget *budget);

/* There is another policy: the prefix that is under way begins anew. */
extern void vrfleak_changed_restart(void);

/* How many prefixes are left, and how often one was merged with another. */
extern size_t vrfleak_changed_count(void);
extern uint64_t vrfleak_changed_merged(void);

#endif /* _VRFLEAK_LEAK_CHANGED_PREFIXES_H */
