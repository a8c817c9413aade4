// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: policies written as text, see the header.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "policy_text.h"

#define TEXT_SIZE 1024

/* Add a statement: a VRF's name, an arrow, and what follows it. */
static struct vrfleak_statement *statement_read(struct vrfleak_policy *policy,
						enum vrfleak_af af,
						const char *name, char *arrow)
{
	bool export = *arrow == '>';
	vrfleak_tag_t tag;

	*arrow = '\0';
	if (arrow[1] == '=')
		return vrfleak_policy_import_vrf(policy, af, name, arrow + 2);
	ck_assert_ptr_null(vrfleak_tag_parse(arrow + 1, &tag));
	return export ? vrfleak_policy_export(policy, af, name, tag)
		      : vrfleak_policy_import(policy, af, name, tag);
}

struct vrfleak_policy *policy_read(const char *text)
{
	struct vrfleak_policy *policy = vrfleak_policy_new();
	char copy[TEXT_SIZE], *word, *rest = copy;

	strlcpy(copy, text, sizeof(copy));
	while ((word = strsep(&rest, " "))) {
		enum vrfleak_af af = VRFLEAK_IPV4;
		char *arrow = strpbrk(word, "<>");
		char *map = strchr(word, '/'), *max = strchr(word, '#');
		char *distance = strchr(word, '@');
		struct vrfleak_statement *statement;
		char *preempts = strchr(word, '!');

		if (!arrow && !preempts)
			continue;
		if (*word == '6') {
			af = VRFLEAK_IPV6;
			word++;
		}
		if (preempts) {
			*preempts = '\0';
			vrfleak_policy_preempt(policy, af, word);
			continue;
		}
		if (map)
			*map = '\0';
		if (max)
			*max = '\0';
		if (distance)
			*distance = '\0';
		statement = statement_read(policy, af, word, arrow);
		if (map)
			vrfleak_statement_set_map(statement, map + 1);
		if (max)
			statement->limit.max = (uint32_t)atoi(max + 1);
		if (distance)
			statement->distance = (uint8_t)atoi(distance + 1);
	}
	return policy;
}
