// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: what the running configuration lacks, compared with the gate's copy.
 *
 * The copy is read each time. As a rule there is none. The operator ends the
 * hints by configuring the lines or by deleting the copy.
 */
#include <zebra.h>

#include <limits.h>

#include "lib/libfrr.h"

#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/core/config_file.h"
#include "zebra_vrfleak/core/config_lines.h"
#include "zebra_vrfleak/core/route_tag.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/northbound/lost_lines.h"

/* Lines that are logged; the hints have all. */
#define LOGGED_MAX 20

struct lost {
	const char *copy;
	void (*cb)(const char *text, void *arg);
	void *arg;
};

static bool is_configured(const struct vrfleak_config_line *line)
{
	const struct vrfleak_vrf_policy *vrf_policy =
		vrfleak_policy_find(vrfleak_queue.policy, line->vrf);
	enum vrfleak_af af = line->ipv6 ? VRFLEAK_IPV6 : VRFLEAK_IPV4;
	const struct vrfleak_statements *statements;
	vrfleak_tag_t tag;

	if (line->kind == VRFLEAK_LINE_ISOLATION)
		return vrfleak_isolation_state(af).configured;
	/* Nobody could configure such a line. */
	if (line->tag && vrfleak_tag_parse(line->tag, &tag))
		return true;
	if (!vrf_policy)
		return false;
	if (line->kind == VRFLEAK_LINE_PREEMPT)
		return vrf_policy->preempt[af];
	if (line->kind == VRFLEAK_LINE_HOLD_DOWN)
		return vrf_policy->hold_down[af] != 0;
	statements = line->import ? &vrf_policy->imports[af]
				  : &vrf_policy->exports[af];
	if (line->source)
		return vrfleak_statements_find_vrf(statements, line->source);
	return vrfleak_statements_find(statements, tag);
}

static void line_check(const struct vrfleak_config_line *line, void *arg)
{
	const struct lost *lost = arg;
	char text[2048];

	if (is_configured(line))
		return;
	snprintf(
		text, sizeof(text),
		"not configured, but in %s, VRF %s: %s (configure it, or delete that file)",
		lost->copy, line->vrf, line->text);
	lost->cb(text, lost->arg);
}

void vrfleak_lost_lines(void (*cb)(const char *text, void *arg), void *arg)
{
	char file[PATH_MAX], copy[PATH_MAX + sizeof(VRFLEAK_COPY_SUFFIX)];
	struct lost lost = {copy, cb, arg};

	for (unsigned int i = 0;
	     vrfleak_config_file(config_default, i, file, sizeof(file)); i++) {
		size_t size;
		char *text;

		snprintf(copy, sizeof(copy), "%s" VRFLEAK_COPY_SUFFIX, file);
		text = vrfleak_file_read(copy, &size);
		if (!text)
			continue;
		vrfleak_config_lines(text, size, line_check, &lost);
		free(text);
	}
}

static void line_log(const char *text, void *arg)
{
	unsigned int *count = arg;

	if (++*count <= LOGGED_MAX)
		flog_warn(EC_VRFLEAK_LOST_LINES, "vrfleak: %s", text);
}

void vrfleak_lost_lines_log(void)
{
	unsigned int count = 0;

	vrfleak_lost_lines(line_log, &count);
	if (count > LOGGED_MAX)
		flog_warn(
			EC_VRFLEAK_LOST_LINES,
			"vrfleak: and %u more such lines; see 'show ip route-leak'",
			count - LOGGED_MAX);
}
