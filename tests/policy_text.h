// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: policies written as text, for unit tests.
 */
#ifndef _VRFLEAK_POLICY_TEXT_H
#define _VRFLEAK_POLICY_TEXT_H

#include "zebra_vrfleak/core/policy.h"

/*
 * Make a policy, not compiled, of a text with a word for each statement:
 * "red>1:1" exports, "red<1:1" imports, "red<=blue" imports by name; with a 6
 * in front, for IPv6; with "/A" behind it, by route-map A, with "#5", for five
 * routes at most, and with "@5", with distance 5. "red!" preempts. The
 * caller frees it.
 */
extern struct vrfleak_policy *policy_read(const char *text);

#endif /* _VRFLEAK_POLICY_TEXT_H */
