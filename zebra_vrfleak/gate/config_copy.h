// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a copy of a configuration file that has lines of the module.
 */
#ifndef _VRFLEAK_GATE_CONFIG_COPY_H
#define _VRFLEAK_GATE_CONFIG_COPY_H

enum vrfleak_config_copy {
	/* The file is not there, or has no line of the module. */
	VRFLEAK_COPY_NOT_NEEDED,
	VRFLEAK_COPY_MADE,
	/* A copy was there already, and was left as it is. */
	VRFLEAK_COPY_KEPT,
	/* errno says why. */
	VRFLEAK_COPY_FAILED,
};

/*
 * Copy the file to copy, with its owner, group and mode. An existing copy is
 * never overwritten, not by another process at the same moment either.
 */
extern enum vrfleak_config_copy vrfleak_config_copy(const char *file,
						    const char *copy);

#endif /* _VRFLEAK_GATE_CONFIG_COPY_H */
