// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: waits until the daemon has its configuration.
 *
 * The function that adds a timer has two names, one before and one since FRR 9.
 * Its arguments and those of the callback are the same but for the names of
 * their types.
 */
#include <zebra.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/xref.h"

#include "zebra_vrfleak/gate/wait.h"

/* Seconds. Without vtysh nobody says when the configuration is complete. */
#define CONFIG_WAIT 60

/* Seconds, for mgmtd to pass on what vtysh sent (since FRR 10.7: where to log).
 */
#define CONFIG_SETTLE 5

/* struct xref_eventsched, before FRR 9 struct xref_threadsched. */
struct timer_xref {
	struct xref xref;
	const char *funcname;
	const char *dest;
	uint32_t type;
};
#define TYPE_TIMER 2

typedef void add_timer_fn(const struct timer_xref *xref, void *loop,
			  void (*fn)(void *event), void *arg, long seconds,
			  void **ref);

static void *event_loop, *waiting_timer, *settle_timer;
static void (*callback)(void);
static bool configuring;

static void add_timer(void (*fn)(void *event), long seconds, void **ref)
{
	static const struct timer_xref xref = {
		.xref = {.file = __FILE__, .line = __LINE__, .func = __func__},
		.funcname = "vrfleak_wait",
		.dest = "timer",
		.type = TYPE_TIMER,
	};
	add_timer_fn *add = dlsym(RTLD_DEFAULT, "_event_add_timer");

	if (!add)
		add = dlsym(RTLD_DEFAULT, "_thread_add_timer");
	if (add)
		add(&xref, event_loop, fn, NULL, seconds, ref);
	else
		callback();
}

static void wait_over(void)
{
	void (*cb)(void) = callback;

	callback = NULL;
	if (cb)
		cb();
}

static void wait_end(void *event)
{
	if (!configuring) {
		wait_over();
		return;
	}
	/* vtysh is busy, or it ended without a word. */
	configuring = false;
	add_timer(wait_end, CONFIG_WAIT, &waiting_timer);
}

static void settle_end(void *event)
{
	configuring = false;
	wait_over();
}

void vrfleak_wait_config(void *loop, void (*cb)(void))
{
	event_loop = loop;
	callback = cb;
	add_timer(wait_end, CONFIG_WAIT, &waiting_timer);
}

void vrfleak_wait_config_begin(void)
{
	configuring = true;
}

void vrfleak_wait_config_end(void)
{
	if (callback)
		add_timer(settle_end, CONFIG_SETTLE, &settle_timer);
}
