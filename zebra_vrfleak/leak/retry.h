// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: retries of routes that zebra or the kernel did not accept.
 *
 * Each round queues the prefixes of all conflicts with the reason
 * not-accepted. The pause between rounds doubles, from one second to a minute.
 * It starts again with one second after any change that may have helped.
 *
 * Without such conflicts there is no timer. Nor is there one for a candidate
 * that is next when the owner's route goes.
 */
#ifndef _VRFLEAK_LEAK_RETRY_H
#define _VRFLEAK_LEAK_RETRY_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_retry_init(struct vrfleak_event_loop *loop);
extern void vrfleak_retry_finish(void);

/* A route was not accepted: retry after the current pause. */
extern void vrfleak_retry_schedule(void);

/* Something changed that may have helped: retry within a second. */
extern void vrfleak_retry_soon(void);

/* The next pause is one second. */
extern void vrfleak_retry_reset(void);

#endif /* _VRFLEAK_LEAK_RETRY_H */
