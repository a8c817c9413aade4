// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: finds the module's lines in the text of a configuration file.
 *
 * Only C library functions are used: the gate links this file, too, and must
 * load into any FRR version.
 */
#ifndef _VRFLEAK_CORE_CONFIG_LINES_H
#define _VRFLEAK_CORE_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum vrfleak_config_kind {
	/* An export or import. */
	VRFLEAK_LINE_STATEMENT,
	VRFLEAK_LINE_PREEMPT,
	VRFLEAK_LINE_HOLD_DOWN,
	VRFLEAK_LINE_ISOLATION,
	/* None of the module's lines; never reported. */
	VRFLEAK_LINE_OTHER,
};

/* One of the module's lines. The strings are valid during the callback. */
struct vrfleak_config_line {
	enum vrfleak_config_kind kind;

	/* The VRF of the block in which the line is; else "default". */
	const char *vrf;

	bool ipv6;

	/*
	 * Of a statement: whether it is an import, and either its tag, or the
	 * VRF that is imported by its name. Otherwise false and NULL.
	 */
	bool import;
	const char *tag;
	const char *source;

	/* The whole line, with single spaces. */
	const char *text;
};

/*
 * Call cb for each such line of a configuration, in order.
 * Returns how many there are. cb may be NULL. The text need not end with a
 * newline. A line of more than 1023 characters is not found.
 */
extern size_t vrfleak_config_lines(
	const char *text, size_t size,
	void (*cb)(const struct vrfleak_config_line *line, void *arg),
	void *arg);

#endif /* _VRFLEAK_CORE_CONFIG_LINES_H */
