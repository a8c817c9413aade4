// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the error cards, which 'show error all' prints.
 *
 * The codes are in the range that lib/ferr.h assigns to zebra, above those that
 * zebra uses.
 */
#ifndef _VRFLEAK_BASE_ERRORS_H
#define _VRFLEAK_BASE_ERRORS_H

#include "lib/ferr.h"

enum vrfleak_log_refs {
	EC_VRFLEAK_CONFLICT = ZEBRA_FERR_START + 900000,
	EC_VRFLEAK_INSTANCE,
	EC_VRFLEAK_NETNS,
	EC_VRFLEAK_LOST_LINES,
	EC_VRFLEAK_KERNEL,
	EC_VRFLEAK_LIMIT,
	EC_VRFLEAK_ROUTE_MAP,
	EC_VRFLEAK_MONITOR,
	EC_VRFLEAK_UNSTABLE,
	EC_VRFLEAK_ISOLATION,
};

extern void vrfleak_errors_init(void);

#endif /* _VRFLEAK_BASE_ERRORS_H */
