// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: whether the process has the structures that the module was built
 * with.
 */
#ifndef _VRFLEAK_BASE_FITS_H
#define _VRFLEAK_BASE_FITS_H

#include <stddef.h>
#include <stdint.h>

/* A structure, and libfrr's name of the memory type that zebra gives it. */
struct vrfleak_size {
	const char *memory;
	size_t size;
};

/*
 * Compare the FRR version, libyang's version and the sizes of structures with
 * those at build time. Returns the first difference as a text that is valid
 * until the next call, or NULL. A structure that the daemon has not allocated
 * so far is skipped.
 */
extern const char *vrfleak_misfit(const struct vrfleak_size *sizes,
				  size_t count);

/*
 * The same for the number of next hops that zebra allows in a route. It can be
 * less than FRR's MULTIPATH_NUM (zebra -e), never more.
 */
extern const char *vrfleak_multipath_misfit(uint32_t running);

/* Both for zebra. */
extern const char *vrfleak_zebra_misfit(void);

#endif /* _VRFLEAK_BASE_FITS_H */
