// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the YANG notification of conflicts, see the header.
 */
#include <zebra.h>

#include "lib/linklist.h"
#include "lib/northbound.h"
#include "lib/yang_wrappers.h"

#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/northbound/conflict_notify.h"
#include "zebra_vrfleak/northbound/nb.h"

static void argument_add(struct list *arguments, const char *leaf,
			 const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), VRFLEAK_XPATH_CONFLICT "/%s", leaf);
	listnode_add(arguments, yang_data_new_string(xpath, value));
}

static int conflict_hook(const struct vrfleak_conflict_event *event)
{
	struct list *arguments = yang_data_list_new();
	char buf[PREFIX_STRLEN];

	argument_add(arguments, "vrf", event->target->name);
	argument_add(arguments, "family",
		     vrfleak_af2str(vrfleak_prefix_af(event->prefix)));
	argument_add(arguments, "prefix",
		     prefix2str(event->prefix, buf, sizeof(buf)));
	if (event->winner)
		argument_add(arguments, "winner", event->winner->name);
	argument_add(arguments, "loser", event->loser->name);
	argument_add(arguments, "reason", vrfleak_reason2str(event->reason));
	argument_add(arguments, "raised", event->raised ? "true" : "false");
	nb_notification_send(VRFLEAK_XPATH_CONFLICT, arguments);
	return 0;
}

void vrfleak_conflict_notify_init(void)
{
	hook_register(vrfleak_conflict, conflict_hook);
}

void vrfleak_conflict_notify_finish(void)
{
	hook_unregister(vrfleak_conflict, conflict_hook);
}
