// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: why a prefix of a source is leaked to a target, or why not.
 *
 * The verdict is computed from the policy, the RIB and the conflicts by the
 * functions that make the decision, so it cannot differ from the decision. A
 * prefix that is not decided yet is "pending".
 */
#ifndef _VRFLEAK_CLI_EXPLAIN_H
#define _VRFLEAK_CLI_EXPLAIN_H

#include "zebra_vrfleak/rib/vrf.h"

struct vrfleak_verdict {
	/* One of a fixed set, documented in doc/reference.md. */
	const char *word;
	/* The explanation, of any length. The caller frees it (MTYPE_TMP). */
	char *text;
};

/* prefix is masked, and of either family. */
extern struct vrfleak_verdict vrfleak_explain(const struct vrfleak_vrf *source,
					      const struct vrfleak_vrf *target,
					      const struct prefix *prefix);

/*
 * The longest prefix that covers an address in the target itself or in one of
 * its sources; if no source covers it, then in any other VRF with a
 * configuration. address is a prefix of full length. Leaked routes of sources
 * do not count. by_other is whether a VRF other than the target has a route
 * that covers the address. Returns false if none has one.
 */
extern bool vrfleak_explain_match(const struct vrfleak_vrf *target,
				  const struct prefix *address,
				  struct prefix *match, bool *by_other);

#endif /* _VRFLEAK_CLI_EXPLAIN_H */
