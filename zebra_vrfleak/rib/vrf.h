// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the VRFs that the policy names, and what they are today.
 *
 * A VRF is known by its name, which is configured and may come before the VRF
 * and outlive it. Today's values (vrf_id, table, instance) are bound when the
 * VRF is there, and unbound when it has gone:
 *
 *              policy names it            zebra has it
 *    (none) -------------------> known --------------> bound
 *                                known <-------------- bound
 *                                         it has gone
 *
 * Invariants:
 *  - Its number (an index) stays the same as long as it is known, and is never
 *    0. Afterwards it is reused for another VRF.
 *  - No two known VRFs have the same instance. A route of type table with a
 *    known VRF's instance is one that was leaked from it, and no other is.
 *  - A VRF's instance stays until all that was leaked from it has been
 *    looked at (vrfleak_vrfs_forget()), even when the VRF has gone.
 */
#ifndef _VRFLEAK_RIB_VRF_H
#define _VRFLEAK_RIB_VRF_H

#include "lib/vrf.h"

#include "zebra_vrfleak/core/policy.h"

struct vrfleak_vrf;

/* A VRF in an address family, as an entry of YANG's list. */
struct vrfleak_family {
	struct vrfleak_vrf *vrf;
	enum vrfleak_af af;
};

struct vrfleak_vrf {
	uint32_t index;
	char name[VRFLEAK_NAME_SIZE];
	/* Its part of the running policy; NULL when it has none. */
	struct vrfleak_vrf_policy *policy;
	/* VRF_UNKNOWN unless bound. */
	vrf_id_t vrf_id;
	uint32_t table_id;
	/* Of the routes leaked from it; 0 when it has none. */
	uint16_t instance;
	/* Bound, but its instance belongs to 'ip import-table'. */
	bool refused;
	/* Bound, but zebra has closed the table that it was bound to. */
	bool table_closed;
	/* Its device is up; always true for the default VRF. */
	bool device_up;
	/* How often the device had gone down when it was last looked at. */
	uint32_t device_downs;
	/* It has, or had, routes of the kernel's that matter; by family. */
	bool has_kernel[VRFLEAK_AF_MAX];
	/* When the northbound was told of it; 0 for never. */
	time_t queried;
	/* Scratch space for whoever counts routes by source. */
	uint32_t counter;
	/*
	 * Of changed_prefixes.c: the last change that was in this VRF, and the
	 * last one for which it was decided about as a target.
	 */
	uint64_t change;
	uint64_t decided;
	struct vrfleak_family family[VRFLEAK_AF_MAX];
};

extern void vrfleak_vrfs_init(void);
extern void vrfleak_vrfs_finish(void);

/* By name; made if need be. */
extern struct vrfleak_vrf *vrfleak_vrf_get(const char *name);

/* NULL when there is none. */
extern struct vrfleak_vrf *vrfleak_vrf_by_name(const char *name);
extern struct vrfleak_vrf *vrfleak_vrf_by_index(uint32_t index);
extern struct vrfleak_vrf *vrfleak_vrf_by_id(vrf_id_t vrf_id);
extern struct vrfleak_vrf *vrfleak_vrf_by_instance(uint16_t instance);
extern struct vrfleak_vrf *vrfleak_vrf_by_table(uint32_t table_id);

/* All numbers of known VRFs are below this. */
extern uint32_t vrfleak_vrf_index_end(void);

/* All known VRFs, by name; start with NULL. */
extern struct vrfleak_vrf *vrfleak_vrf_next(struct vrfleak_vrf *vrf);

/*
 * The northbound is told of it, and may yield: libfrr aborts where the VRF of a
 * query is gone when it goes on, so its name is kept for some minutes, bound to
 * nothing when nothing else needs it.
 */
extern void vrfleak_vrf_note_query(struct vrfleak_vrf *vrf);

/* Whether the northbound was told of it some minutes ago at the most. */
extern bool vrfleak_vrf_queried(const struct vrfleak_vrf *vrf);

/* The first one whose name comes after name, which need not be one's. */
extern struct vrfleak_vrf *vrfleak_vrf_after(const char *name);

static inline bool vrfleak_vrf_bound(const struct vrfleak_vrf *vrf)
{
	return vrf && vrf->vrf_id != VRF_UNKNOWN;
}

/* Whether there is more of it than the name that vrfleak_vrf_note_query()
 * keeps. */
static inline bool vrfleak_vrf_in_use(const struct vrfleak_vrf *vrf)
{
	return vrf && (vrf->policy || vrfleak_vrf_bound(vrf));
}

/*
 * Bind to zebra's vrf_id and table, and choose the instance, which is 0 if
 * none is left. Returns false if the old instance, or the one that it should
 * have, is yet to be forgotten, or if another VRF is still bound to the same.
 */
extern bool vrfleak_vrf_bind(struct vrfleak_vrf *vrf, vrf_id_t vrf_id,
			     uint32_t table_id);

/* The VRF was deleted; its instance stays. */
extern void vrfleak_vrf_unbind(struct vrfleak_vrf *vrf);

/*
 * Forget the VRFs that have no part in the policy, and the instances of those
 * that were deleted. Call this only when no work is left to do. forget is
 * called for each VRF that is freed, or of which only the name is left. It
 * must drop what is kept by the VRF's number, because the number is reused.
 * Returns whether an instance was forgotten, so that a VRF that needs it may
 * be bound.
 */
extern bool vrfleak_vrfs_forget(void (*forget)(const struct vrfleak_vrf *vrf));

/* A bound VRF has routes of the kernel's that matter. */
extern void vrfleak_vrf_note_kernel(const struct vrfleak_vrf *vrf,
				    enum vrfleak_af af);

#endif /* _VRFLEAK_RIB_VRF_H */
