// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: why a prefix of a source is leaked to a target, or why not.
 *
 * Read from the policy, the RIB and the contests at the moment of asking, by
 * the functions that the decision uses, so that it cannot say anything else
 * than what was decided. What is not decided yet is "pending".
 */
#ifndef _VRFLEAK_CLI_EXPLAIN_H
#define _VRFLEAK_CLI_EXPLAIN_H

#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_verdict {
	/* One of a fixed set, documented in doc/reference.md. */
	const char *word;
	/* The whole of it, for people. */
	char text[512];
};

/* prefix is masked, and of either family. */
extern void vrfleak_explain(const struct vrfleak_vrf *source,
			    const struct vrfleak_vrf *target,
			    const struct prefix *prefix,
			    struct vrfleak_verdict *verdict);

#endif /* _VRFLEAK_CLI_EXPLAIN_H */
