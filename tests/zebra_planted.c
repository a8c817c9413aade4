// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: zebra_planted.so, a module with faults, to test that the sanitizers
 * detect a fault in a module. 'zebra -M planted:FAULT' triggers the fault in an
 * event, after zebra has dropped its privileges.
 *
 * FAULT is overflow, use-after-free, shift, leak, or none.
 */
#include <zebra.h>

#include "lib/hook.h"
#include "lib/libfrr.h"
#include "lib/module.h"

#include "zebra_vrfleak/base/compat.h"

static struct vrfleak_event *fault_event;

/* Volatile, so that the compiler neither sees nor removes the faults. */
static volatile uint32_t sum;
static uint32_t *volatile words;

static void fault_run(struct vrfleak_event *event)
{
	const char *fault = THIS_MODULE->load_args;

	words = calloc(4, sizeof(*words));
	if (!strcmp(fault, "overflow")) {
		sum += words[4];
	} else if (!strcmp(fault, "use-after-free")) {
		free(words);
		sum += words[0];
	} else if (!strcmp(fault, "shift")) {
		sum = 32;
		sum = 1U << sum;
	}
	if (strcmp(fault, "leak"))
		free(words);
	words = NULL;
	zlog_info("planted: %s", fault);
}

static int start(struct vrfleak_event_loop *loop)
{
	event_add_event(loop, fault_run, NULL, 0, &fault_event);
	return 0;
}

static int module_init(void)
{
	hook_register(frr_late_init, start);
	return 0;
}

FRR_MODULE_SETUP(.name = "planted", .version = VRFLEAK_VERSION,
		 .description = "faults for a test", .init = module_init, );
