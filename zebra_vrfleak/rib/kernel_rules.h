// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: reads the kernel's policy rules (ip-rule(8)) over rtnetlink(7),
 * monitors their changes, and adds and deletes the module's own rule.
 *
 * Another rule than the module's own is never changed: the kernel compares the
 * protocol, too, when it deletes one.
 */
#ifndef _VRFLEAK_RIB_KERNEL_RULES_H
#define _VRFLEAK_RIB_KERNEL_RULES_H

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/af.h"
#include "zebra_vrfleak/core/isolation_rules.h"

struct vrfleak_rules_calls {
	/*
	 * All rules of a family were read. With an error, as in errno, rules
	 * means nothing, and nothing is monitored until the next start.
	 */
	void (*read)(enum vrfleak_af af, const struct vrfleak_rules *rules,
		     int error);
	/* Another program has deleted the module's rule. */
	void (*ours_gone)(enum vrfleak_af af);
	/* The kernel's answer to a change: an error as in errno, or 0. */
	void (*answered)(enum vrfleak_af af, int error);
};

/*
 * Read all rules now and after each change, until stopped. calls must stay
 * valid. If it is running already, the rules are only read again. Returns an
 * error as in errno, or 0.
 */
extern int vrfleak_kernel_rules_start(struct vrfleak_event_loop *loop,
				      const struct vrfleak_rules_calls *calls);
extern void vrfleak_kernel_rules_stop(void);

/*
 * Add or delete the module's rule. Returns an error as in errno; if it is 0,
 * answered is called later.
 */
extern int vrfleak_kernel_rules_change(enum vrfleak_af af, bool add);

#endif /* _VRFLEAK_RIB_KERNEL_RULES_H */
