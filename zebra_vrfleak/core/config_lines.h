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

/*
 * An export or import statement, a hold-down, or the isolation of VRFs. The
 * strings are valid during the callback.
 */
struct vrfleak_config_line {
	/* The VRF of the block in which the line is; else "default". */
	const char *vrf;

	bool ipv6;
	bool import;
	/*
	 * One of the two: a tag, or the VRF that is imported by its name. Both
	 * are NULL for a hold-down and for the isolation of VRFs.
	 */
	const char *tag;
	const char *source;
	/* Neither of them, but a hold-down. */
	bool hold_down;

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
