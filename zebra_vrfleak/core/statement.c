// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: export and import statements, see the header.
 */
#include <zebra.h>

#include <string.h>

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/core/statement.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_STATEMENT, "Route leak statement");

int vrfleak_statement_cmp(const struct vrfleak_statement *one,
			  const struct vrfleak_statement *two)
{
	if (one->tag != two->tag)
		return one->tag < two->tag ? -1 : 1;
	return strcmp(one->source, two->source);
}

const char *vrfleak_statement2str(const struct vrfleak_statement *statement,
				  char *buf, size_t len)
{
	if (!statement->source[0])
		return vrfleak_tag2str(statement->tag, buf, len);
	snprintf(buf, len, "vrf %s", statement->source);
	return buf;
}

static struct vrfleak_statement *
statements_lookup(const struct vrfleak_statements *statements,
		  const struct vrfleak_statement *key)
{
	for (uint32_t i = 0; i < statements->count; i++)
		if (vrfleak_statement_cmp(&statements->statement[i], key) == 0)
			return &statements->statement[i];
	return NULL;
}

struct vrfleak_statement *
vrfleak_statements_add(struct vrfleak_statements *statements,
		       const struct vrfleak_statement *key)
{
	struct vrfleak_statement *statement =
		statements_lookup(statements, key);

	if (statement)
		return statement;
	statements->statement = XREALLOC(
		MTYPE_VRFLEAK_STATEMENT, statements->statement,
		(statements->count + 1) * sizeof(*statements->statement));
	statement = &statements->statement[statements->count++];
	*statement = *key;
	statement->distance = VRFLEAK_DISTANCE;
	return statement;
}

void vrfleak_statements_free(struct vrfleak_statements *statements)
{
	for (uint32_t i = 0; i < statements->count; i++)
		XFREE(MTYPE_VRFLEAK_STATEMENT, statements->statement[i].map);
	XFREE(MTYPE_VRFLEAK_STATEMENT, statements->statement);
}

void vrfleak_statement_set_map(struct vrfleak_statement *statement,
			       const char *map)
{
	XFREE(MTYPE_VRFLEAK_STATEMENT, statement->map);
	statement->map = XSTRDUP(MTYPE_VRFLEAK_STATEMENT, map);
}

const struct vrfleak_statement *
vrfleak_statements_find(const struct vrfleak_statements *statements,
			vrfleak_tag_t tag)
{
	return statements_lookup(statements,
				 &(struct vrfleak_statement){.tag = tag});
}

const struct vrfleak_statement *
vrfleak_statements_find_vrf(const struct vrfleak_statements *statements,
			    const char *source)
{
	struct vrfleak_statement key = {};

	strlcpy(key.source, source, sizeof(key.source));
	return statements_lookup(statements, &key);
}
