// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the configuration files in which the module's lines can be.
 *
 * Only C library functions are used: the gate links this file, too.
 */
#ifndef _VRFLEAK_CORE_CONFIG_FILE_H
#define _VRFLEAK_CORE_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The gate's copy of FILE is FILE.vrfleak. */
#define VRFLEAK_COPY_SUFFIX ".vrfleak"

/*
 * Set file to the name of a configuration file: number 0 is frr.conf, 1 the
 * file of this daemon alone, own. Returns false if there is no such number.
 */
extern bool vrfleak_config_file(const char *own, unsigned int number,
				char *file, size_t size);

/*
 * Read a whole file. Returns NULL on failure, with errno; else the caller calls
 * free(). size is set to the number of bytes.
 */
extern char *vrfleak_file_read(const char *file, size_t *size);

#endif /* _VRFLEAK_CORE_CONFIG_FILE_H */
