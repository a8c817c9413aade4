// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the VRFs that the policy names, and their state in zebra.
 *
 * A VRF is identified by its name. The policy may name a VRF before it exists,
 * and after it was deleted. While zebra has the VRF, it is bound to its vrf_id,
 * table and instance:
 *
 *              policy names it           zebra creates it
 *    (none) -------------------> known -------------------> bound
 *                                known <------------------- bound
 *                                        zebra deletes it
 *
 * Invariants:
 *  - A VRF keeps its index while it is known. The index is never 0. It is
 *    reused for another VRF afterwards.
 *  - No two known VRFs have the same instance. Exactly the routes of type table
 *    with a known VRF's instance were leaked from it.
 *  - A VRF that was deleted keeps its instance until all routes leaked from it
 *    have been checked (vrfleak_vrfs_forget()).
 */
#ifndef _VRFLEAK_RIB_VRF_H
#define _VRFLEAK_RIB_VRF_H

#include "lib/vrf.h"

#include "zebra_vrfleak/core/policy.h"

struct vrfleak_vrf;

/* A VRF in an address family, for an entry of the list in the YANG model. */
struct vrfleak_family {
	struct vrfleak_vrf *vrf;
	enum vrfleak_af af;
};

struct vrfleak_vrf {
	uint32_t index;
	char name[VRFLEAK_NAME_SIZE];
	/* Its part of the running policy, or NULL. */
	struct vrfleak_vrf_policy *policy;
	/* VRF_UNKNOWN unless bound. */
	vrf_id_t vrf_id;
	uint32_t table_id;
	/* The instance of the routes leaked from it, or 0 for none. */
	uint16_t instance;
	/* Bound, but its table is imported by 'ip import-table'. */
	bool refused;
	/* Bound, but zebra has closed the table that it was bound to. */
	bool table_closed;
	/* Its device is up; always true for the default VRF. */
	bool device_up;
	/* How often the device had gone down, as of the last refresh. */
	uint32_t device_downs;
	/* It has, or had, relevant kernel routes; by family. */
	bool has_kernel[VRFLEAK_AF_MAX];
	/* When the northbound last queried it, monotime() seconds; or 0. */
	time_t queried;
	/* For leaked_count.c: the routes from here in that count. */
	uint32_t counter;
	uint32_t counter_of;
	/*
	 * For changed_prefixes.c: the last change in this VRF, and the last one
	 * for which a decision was made with it as target.
	 */
	uint64_t change;
	uint64_t decided;
	struct vrfleak_family family[VRFLEAK_AF_MAX];
};

extern void vrfleak_vrfs_init(void);
extern void vrfleak_vrfs_finish(void);

/* Find or create a VRF by name. */
extern struct vrfleak_vrf *vrfleak_vrf_get(const char *name);

/* Find a VRF; NULL if there is none. */
extern struct vrfleak_vrf *vrfleak_vrf_by_name(const char *name);
extern struct vrfleak_vrf *vrfleak_vrf_by_index(uint32_t index);
extern struct vrfleak_vrf *vrfleak_vrf_by_id(vrf_id_t vrf_id);
extern struct vrfleak_vrf *vrfleak_vrf_by_instance(uint16_t instance);
extern struct vrfleak_vrf *vrfleak_vrf_by_table(uint32_t table_id);

/* The indexes of all known VRFs are below this. */
extern uint32_t vrfleak_vrf_index_end(void);

/* Iterate over all known VRFs in the order of their names; start with NULL. */
extern struct vrfleak_vrf *vrfleak_vrf_next(struct vrfleak_vrf *vrf);

/*
 * The northbound queries the VRF, and may yield. libfrr aborts if the VRF has
 * been freed when it resumes the query. So the VRF is kept for some minutes,
 * unbound and without a policy if it is not needed otherwise.
 */
extern void vrfleak_vrf_note_query(struct vrfleak_vrf *vrf);

/* Whether the northbound has queried the VRF in the last minutes. */
extern bool vrfleak_vrf_queried(const struct vrfleak_vrf *vrf);

/* The first VRF after a name, which need not be the name of a VRF. */
extern struct vrfleak_vrf *vrfleak_vrf_after(const char *name);

/*
 * Whether the index is of no VRF, or of one without a policy: what is stored by
 * it can be dropped.
 */
extern bool vrfleak_vrf_without_policy(uint32_t index);

static inline bool vrfleak_vrf_bound(const struct vrfleak_vrf *vrf)
{
	return vrf && vrf->vrf_id != VRF_UNKNOWN;
}

/* Whether the VRF is in the policy or exists in zebra. */
static inline bool vrfleak_vrf_in_use(const struct vrfleak_vrf *vrf)
{
	return vrf && (vrf->policy || vrfleak_vrf_bound(vrf));
}

/*
 * Bind to zebra's vrf_id and table, and choose the instance, which is 0 if
 * none is free. Returns false if the VRF's old instance, or the wanted one, is
 * still reserved for old routes, or if another VRF is still bound to the same
 * vrf_id or table.
 */
extern bool vrfleak_vrf_bind(struct vrfleak_vrf *vrf, vrf_id_t vrf_id,
			     uint32_t table_id);

/* The VRF was deleted; its instance stays. */
extern void vrfleak_vrf_unbind(struct vrfleak_vrf *vrf);

/*
 * Forget the VRFs that are not in the policy, and the instances of those that
 * were deleted. Call this only when no work is left. forget is
 * called for each VRF that is freed, or kept only for a query. It must drop all
 * data with the VRF's index as key, because the index is reused. Returns
 * whether an instance was released, so that a VRF that needs it can be bound.
 */
extern bool vrfleak_vrfs_forget(void (*forget)(const struct vrfleak_vrf *vrf));

/* Record that a bound VRF has relevant kernel routes. */
extern void vrfleak_vrf_note_kernel(const struct vrfleak_vrf *vrf,
				    enum vrfleak_af af);

#endif /* _VRFLEAK_RIB_VRF_H */
