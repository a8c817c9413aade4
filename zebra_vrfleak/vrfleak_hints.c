// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: hints.
 */
#include <zebra.h>

#include "zebra_vrfleak/vrfleak_engine.h"
#include "zebra_vrfleak/vrfleak_hints.h"

struct hint {
	void (*cb)(const char *text, void *arg);
	void *arg;
};

static void hint_say(const struct hint *hint, const char *format, ...)
	PRINTFRR(2, 3);

static void hint_say(const struct hint *hint, const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintfrr(text, sizeof(text), format, ap);
	va_end(ap);
	hint->cb(text, hint->arg);
}

/* Whether a VRF other than node has the tag among its lines. */
static bool others_have(const struct vrfleak_node *node, enum vrfleak_af af,
			vrfleak_tag_t tag, bool exports)
{
	const struct vrfleak_policy *policy = vrfleak_engine_policy();

	for (uint32_t i = 0; i < policy->count; i++) {
		const struct vrfleak_node *other = policy->nodes[i];

		if (other != node &&
		    vrfleak_lines_have(exports ? &other->exports[af]
					       : &other->imports[af],
				       tag))
			return true;
	}
	return false;
}

static void tags_hint(const struct hint *hint, const struct vrfleak_node *node,
		      enum vrfleak_af af, bool imports)
{
	const struct vrfleak_lines *lines =
		imports ? &node->imports[af] : &node->exports[af];
	char buf[VRFLEAK_TAG_STRLEN];

	for (uint32_t i = 0; i < lines->count; i++) {
		vrfleak_tag2str(lines->tags[i], buf, sizeof(buf));
		if (imports &&
		    vrfleak_lines_have(&node->exports[af], lines->tags[i]))
			hint_say(hint,
				 "tag %s is both exported and imported here; a VRF never leaks to itself",
				 buf);
		if (!others_have(node, af, lines->tags[i], imports))
			hint_say(hint,
				 imports ? "tag %s is imported, but no other VRF exports it"
					 : "tag %s is exported, but no other VRF imports it",
				 buf);
	}
}

void vrfleak_hints(const struct vrfleak_vrf *vrf, enum vrfleak_af af,
		   void (*cb)(const char *text, void *arg), void *arg)
{
	struct hint hint = {cb, arg};

	if (!vrfleak_vrf_bound(vrf))
		hint_say(&hint, "VRF %s does not exist", vrf->name);
	if (vrf->refused)
		hint_say(&hint,
			 "VRF %s leaks nothing: 'ip import-table' uses its table %u",
			 vrf->name, vrf->table_id);
	if (vrfleak_vrf_bound(vrf) && !vrf->device_up)
		hint_say(&hint,
			 "the device of VRF %s is down, so that its connected prefixes are not leaked",
			 vrf->name);
	if (!vrf->node)
		return;
	tags_hint(&hint, vrf->node, af, true);
	tags_hint(&hint, vrf->node, af, false);
	if (vrfleak_engine_busy())
		hint_say(&hint, "routes are still being leaked or withdrawn");
}
