// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether the process has the structures that the module was built
 * with.
 *
 * The version alone does not say it: FRR 10.5.2 removed a member of struct vrf
 * that 10.5.1 has, and a distribution can build one version with two versions
 * of libyang. libfrr records the size of each memory type, if it is always the
 * same.
 */
#include <zebra.h>

#include <libyang/version.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/module.h"

#include "zebra_vrfleak/base/fits.h"

static char misfit[512];

static void misfit_set(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static void misfit_set(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(misfit, sizeof(misfit), format, ap);
	va_end(ap);
}

static bool version_fits(void)
{
	/* libfrr itself comes first in the list. */
	const char *running = frrmod_list->info->version;

	if (strcmp(running, VRFLEAK_FRR_VERSION) == 0)
		return true;
	misfit_set("the build is for FRR %s, but this is FRR %s",
		   VRFLEAK_FRR_VERSION, running);
	return false;
}

/* Finds the major version of the libyang that is loaded: libyang.so.MAJOR. */
static int libyang_find(struct dl_phdr_info *info, size_t size, void *arg)
{
	static const char name[] = "/libyang.so.";
	const char *found = strstr(info->dlpi_name, name);
	int *major = arg;

	if (found)
		*major = atoi(found + sizeof(name) - 1);
	return *major;
}

static bool libyang_fits(void)
{
	int major = 0;

	dl_iterate_phdr(libyang_find, &major);
	if (!major || major == LY_VERSION_MAJOR)
		return true;
	misfit_set(
		"the build is for libyang.so.%d, but this FRR uses libyang.so.%d",
		LY_VERSION_MAJOR, major);
	return false;
}

/*
 * qmem_walk() calls this for each group, without a type, and for each type of
 * it. It stops at a result that is not 0.
 */
static int size_check(void *arg, struct memgroup *group, struct memtype *type)
{
	const struct vrfleak_size *wanted = arg;
	size_t size;

	if (!type || strcmp(type->name, wanted->memory) != 0)
		return 0;
	/* SIZE_VAR: it has had several sizes. */
	size = type->size;
	if (size == 0 || size == SIZE_VAR || size == wanted->size)
		return 0;
	misfit_set(
		"the build is for another FRR %s: there \"%s\" has %zu bytes, here %zu",
		VRFLEAK_FRR_VERSION, wanted->memory, wanted->size, size);
	return 1;
}

const char *vrfleak_multipath_misfit(uint32_t running)
{
	if (running <= MULTIPATH_NUM)
		return NULL;
	misfit_set(
		"the build is for at most %d next hops in a route, this FRR allows %u",
		MULTIPATH_NUM, running);
	return misfit;
}

const char *vrfleak_misfit(const struct vrfleak_size *sizes, size_t count)
{
	if (!version_fits() || !libyang_fits())
		return misfit;
	for (size_t i = 0; i < count; i++)
		if (qmem_walk(size_check, (void *)&sizes[i]))
			return misfit;
	return NULL;
}
