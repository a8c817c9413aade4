// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: export and import statements, with their options.
 *
 * A statement has a tag, or imports a VRF by its name. This identifies it in
 * its list: there are no two statements in a list that differ in their options
 * only.
 */
#ifndef _VRFLEAK_CORE_STATEMENT_H
#define _VRFLEAK_CORE_STATEMENT_H

#include "zebra_vrfleak/core/route_tag.h"

#define VRFLEAK_NAME_SIZE 37

/* "vrf NAME" and its terminating zero; a tag is shorter. */
#define VRFLEAK_STATEMENT_STRLEN (4 + VRFLEAK_NAME_SIZE)

/*
 * The distance of leaked routes unless an import statement has another one. No
 * native route has a higher distance: zebra never selects one of 255.
 */
#define VRFLEAK_DISTANCE 254

/* The limit of an import statement (maximum-prefix). */
struct vrfleak_limit {
	/* The number of routes; 0 for no limit. */
	uint32_t max;
	/* Percentage of max that causes a warning. */
	uint8_t threshold;
	/* More routes than max cause a warning and are installed. */
	bool warning_only;
};

struct vrfleak_statement {
	/* No tag if the statement imports a VRF by its name. */
	vrfleak_tag_t tag;
	/* The VRF that is imported by its name, or "". */
	char source[VRFLEAK_NAME_SIZE];
	/* The route-map's name, or NULL. */
	char *map;
	/* Only in an import statement. */
	struct vrfleak_limit limit;
	/*
	 * Only in an import statement: the distance of the leaked routes, 1 to
	 * 254. A native route wins if its distance is not higher.
	 */
	uint8_t distance;
};

struct vrfleak_statements {
	struct vrfleak_statement *statement;
	uint32_t count;
};

/*
 * Append a copy of key, which has no options, or find the existing statement.
 * Returns the statement, which is valid until another one is added.
 */
extern struct vrfleak_statement *
vrfleak_statements_add(struct vrfleak_statements *statements,
		       const struct vrfleak_statement *key);
extern void vrfleak_statements_free(struct vrfleak_statements *statements);

/* Set the route-map of a statement. The name is copied. */
extern void vrfleak_statement_set_map(struct vrfleak_statement *statement,
				      const char *map);

/* The statement with the tag, or NULL. */
extern const struct vrfleak_statement *
vrfleak_statements_find(const struct vrfleak_statements *statements,
			vrfleak_tag_t tag);

/* The statement that imports the VRF by its name, or NULL. */
extern const struct vrfleak_statement *
vrfleak_statements_find_vrf(const struct vrfleak_statements *statements,
			    const char *source);

/* Order statements by what they export or import, whatever their options. */
extern int vrfleak_statement_cmp(const struct vrfleak_statement *one,
				 const struct vrfleak_statement *two);

/*
 * Print what a statement exports or imports as in the command, "1:1" or
 * "vrf red", into buf of VRFLEAK_STATEMENT_STRLEN; returns buf.
 */
extern const char *
vrfleak_statement2str(const struct vrfleak_statement *statement, char *buf,
		      size_t len);

#endif /* _VRFLEAK_CORE_STATEMENT_H */
