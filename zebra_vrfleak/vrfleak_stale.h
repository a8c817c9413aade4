// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what a zebra that was killed has left in the kernel.
 *
 * Zebra reads its old routes from the kernel at its start and sweeps those
 * that nobody claims, but not all: its sweep may come before the queue by
 * which they enter the RIB has come to them, and FRR 8.4 forgets those whose
 * next-hop group it has not kept. What it missed would hide leaked routes, or
 * would be leaked routes of the past, for ever.
 *
 * So, once zebra is at rest after its start, first zebra's own sweep runs
 * again, and then the kernel's routes are held against the RIB: one of protocol
 * zebra in a VRF's own table which the RIB does not have is deleted.
 *
 * Never touched: routes of other protocols, and other tables.
 */
#ifndef _VRFLEAK_STALE_H
#define _VRFLEAK_STALE_H

#include "zebra_vrfleak/vrfleak_compat.h"

extern void vrfleak_stale_init(struct vrfleak_event_loop *loop);
extern void vrfleak_stale_finish(void);

#endif /* _VRFLEAK_STALE_H */
