// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: sends the YANG notification "conflict" when a conflict begins,
 * changes its reason or ends. Unlike log lines, notifications are not limited.
 */
#ifndef _VRFLEAK_NORTHBOUND_CONFLICT_NOTIFY_H
#define _VRFLEAK_NORTHBOUND_CONFLICT_NOTIFY_H

extern void vrfleak_conflict_notify_init(void);
extern void vrfleak_conflict_notify_finish(void);

#endif /* _VRFLEAK_NORTHBOUND_CONFLICT_NOTIFY_H */
