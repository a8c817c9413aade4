// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: finds and opens the build for an FRR version.
 *
 * The loader looks for all symbols of the build at once (RTLD_NOW): a build
 * that needs what this FRR does not have fails here, not while routes are
 * leaked.
 */
#include <zebra.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "zebra_vrfleak/gate/build.h"

/* The directory that this library was loaded from. */
static void own_directory(char *buf, size_t size)
{
	Dl_info info = {};
	char *slash;

	dladdr((void *)(uintptr_t)vrfleak_build_open, &info);
	snprintf(buf, size, "%s", info.dli_fname ? info.dli_fname : "");
	slash = strrchr(buf, '/');
	if (slash)
		*slash = '\0';
	else
		snprintf(buf, size, ".");
}

void *vrfleak_build_open(const char *version, const char *library, char *reason,
			 size_t size)
{
	char directory[PATH_MAX], path[PATH_MAX * 2];
	void *handle;

	own_directory(directory, sizeof(directory));
	snprintf(path, sizeof(path), "%s/vrfleak/%s/%s", directory, version,
		 library);
	if (access(path, F_OK) != 0) {
		snprintf(reason, size, "there is no build for FRR %s (%s)",
			 version, path);
		return NULL;
	}
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		snprintf(reason, size,
			 "the build for FRR %s does not load (%s)", version,
			 dlerror());
	return handle;
}
