// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the VRFs that the policy names, see the header.
 *
 * The instance of a VRF is the number of its kernel table, so that
 * 'redistribute table N' selects the routes leaked from it. If that number is
 * too large or in use, the instance is the highest free one. A VRF whose table
 * 'ip import-table' imports is refused: zebra could not distinguish the routes
 * of both.
 */
#include <zebra.h>

#include "lib/jhash.h"
#include "lib/monotime.h"
#include "lib/typesafe.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/core/index_pool.h"
#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/rib/vrf.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_VRF, "Route leak VRF");

PREDECL_RBTREE_UNIQ(names);
PREDECL_HASH(ids);
PREDECL_HASH(tables);

struct entry {
	struct vrfleak_vrf vrf;
	struct names_item by_name;
	/* Only while it is bound. */
	struct ids_item by_id;
	struct tables_item by_table;
};

static int name_cmp(const struct entry *a, const struct entry *b)
{
	return strcmp(a->vrf.name, b->vrf.name);
}

static int id_cmp(const struct entry *a, const struct entry *b)
{
	return numcmp(a->vrf.vrf_id, b->vrf.vrf_id);
}

static uint32_t id_hash(const struct entry *entry)
{
	return jhash_1word(entry->vrf.vrf_id, 0);
}

static int table_cmp(const struct entry *a, const struct entry *b)
{
	return numcmp(a->vrf.table_id, b->vrf.table_id);
}

static uint32_t table_hash(const struct entry *entry)
{
	return jhash_1word(entry->vrf.table_id, 0);
}

DECLARE_RBTREE_UNIQ(names, struct entry, by_name, name_cmp);
DECLARE_HASH(ids, struct entry, by_id, id_cmp, id_hash);
DECLARE_HASH(tables, struct entry, by_table, table_cmp, table_hash);

static struct names_head vrf_names;
static struct ids_head vrf_ids;
static struct tables_head vrf_tables;
/* The bound VRF that was found last, or NULL. */
static struct entry *table_last;

/* For the lookups of each route: by index, and by instance. */
static struct vrfleak_indexes vrf_indexes;
static struct entry *vrf_instances[UINT16_MAX + 1];

static struct entry *entry_of(struct vrfleak_vrf *vrf)
{
	return container_of(vrf, struct entry, vrf);
}

void vrfleak_vrfs_init(void)
{
	names_init(&vrf_names);
	ids_init(&vrf_ids);
	tables_init(&vrf_tables);
}

static void instance_release(struct entry *entry)
{
	if (entry->vrf.instance)
		vrf_instances[entry->vrf.instance] = NULL;
	entry->vrf.instance = 0;
}

static void entry_free(struct entry *entry)
{
	vrfleak_vrf_unbind(&entry->vrf);
	instance_release(entry);
	vrfleak_index_release(&vrf_indexes, entry->vrf.index);
	names_del(&vrf_names, entry);
	XFREE(MTYPE_VRFLEAK_VRF, entry);
}

void vrfleak_vrfs_finish(void)
{
	struct entry *entry;

	while ((entry = names_first(&vrf_names)))
		entry_free(entry);

	names_fini(&vrf_names);
	ids_fini(&vrf_ids);
	tables_fini(&vrf_tables);
	vrfleak_indexes_finish(&vrf_indexes);
}

struct vrfleak_vrf *vrfleak_vrf_by_name(const char *name)
{
	struct entry key = {};
	struct entry *entry;

	if (strlcpy(key.vrf.name, name, sizeof(key.vrf.name)) >=
	    sizeof(key.vrf.name))
		return NULL;
	entry = names_find(&vrf_names, &key);
	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_by_index(uint32_t index)
{
	struct entry *entry = vrfleak_index_find(&vrf_indexes, index);

	return entry ? &entry->vrf : NULL;
}

uint32_t vrfleak_vrf_index_end(void)
{
	return vrf_indexes.end;
}

bool vrfleak_vrf_without_policy(uint32_t index)
{
	const struct vrfleak_vrf *vrf = vrfleak_vrf_by_index(index);

	return !vrf || !vrf->policy;
}

struct vrfleak_vrf *vrfleak_vrf_by_id(vrf_id_t vrf_id)
{
	struct entry key = {.vrf.vrf_id = vrf_id};
	struct entry *entry = ids_find(&vrf_ids, &key);

	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_by_instance(uint16_t instance)
{
	struct entry *entry = vrf_instances[instance];

	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_by_table(uint32_t table_id)
{
	struct entry key, *entry = table_last;

	/* Zebra's hooks are mostly called table by table. */
	if (entry && entry->vrf.table_id == table_id)
		return &entry->vrf;
	key.vrf.table_id = table_id;
	entry = tables_find(&vrf_tables, &key);
	if (!entry)
		return NULL;
	table_last = entry;
	return &entry->vrf;
}

void vrfleak_vrf_note_kernel(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	struct vrfleak_vrf *known = vrfleak_vrf_by_index(vrf->index);

	known->has_kernel[af] = true;
}

struct vrfleak_vrf *vrfleak_vrf_next(struct vrfleak_vrf *vrf)
{
	struct entry *entry = vrf ? names_next(&vrf_names, entry_of(vrf))
				  : names_first(&vrf_names);

	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_after(const char *name)
{
	struct entry key = {};
	struct entry *entry;

	strlcpy(key.vrf.name, name, sizeof(key.vrf.name));
	entry = names_find_gteq(&vrf_names, &key);
	if (entry && name_cmp(entry, &key) == 0)
		entry = names_next(&vrf_names, entry);
	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_get(const char *name)
{
	struct vrfleak_vrf *vrf = vrfleak_vrf_by_name(name);
	struct entry *entry;

	if (vrf)
		return vrf;

	entry = XCALLOC(MTYPE_VRFLEAK_VRF, sizeof(*entry));
	strlcpy(entry->vrf.name, name, sizeof(entry->vrf.name));
	entry->vrf.index = vrfleak_index_take(&vrf_indexes, entry);
	entry->vrf.vrf_id = VRF_UNKNOWN;
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		entry->vrf.family[af] =
			(struct vrfleak_family){&entry->vrf, af};
	names_add(&vrf_names, entry);
	return &entry->vrf;
}

static void instance_set(struct entry *entry, uint16_t instance)
{
	entry->vrf.instance = instance;
	vrf_instances[instance] = entry;
}

static void instance_choose(struct entry *entry)
{
	uint32_t wanted = entry->vrf.table_id;

	if (wanted <= UINT16_MAX && !vrfleak_vrf_by_instance(wanted)) {
		instance_set(entry, wanted);
		return;
	}

	for (wanted = UINT16_MAX; wanted > 0; wanted--)
		if (!vrfleak_vrf_by_instance(wanted) &&
		    !vrfleak_table_is_imported(wanted)) {
			instance_set(entry, wanted);
			return;
		}
}

/* ---- binding ---- */

/*
 * Whether the instance that a VRF should have still belongs to a deleted VRF,
 * which keeps it until all routes leaked from it have been checked.
 */
static bool instance_is_leaving(uint32_t table_id)
{
	struct vrfleak_vrf *vrf = table_id <= UINT16_MAX
					  ? vrfleak_vrf_by_instance(table_id)
					  : NULL;

	return vrf && !vrfleak_vrf_bound(vrf);
}

bool vrfleak_vrf_bind(struct vrfleak_vrf *vrf, vrf_id_t vrf_id,
		      uint32_t table_id)
{
	struct entry *entry = entry_of(vrf);

	if (vrf->instance || instance_is_leaving(table_id) ||
	    vrfleak_vrf_by_id(vrf_id) || vrfleak_vrf_by_table(table_id))
		return false;
	vrf->vrf_id = vrf_id;
	vrf->table_id = table_id;
	ids_add(&vrf_ids, entry);
	tables_add(&vrf_tables, entry);
	instance_choose(entry);
	return true;
}

void vrfleak_vrf_unbind(struct vrfleak_vrf *vrf)
{
	struct entry *entry = entry_of(vrf);

	if (!vrfleak_vrf_bound(vrf))
		return;
	ids_del(&vrf_ids, entry);
	tables_del(&vrf_tables, entry);
	if (table_last == entry)
		table_last = NULL;
	vrf->vrf_id = VRF_UNKNOWN;
	vrf->refused = false;
	vrf->table_closed = false;
	memset(vrf->has_kernel, 0, sizeof(vrf->has_kernel));
}

/* Long enough for zebra to resume a query in which it has yielded. */
#define QUERIED_SECONDS 600

void vrfleak_vrf_note_query(struct vrfleak_vrf *vrf)
{
	vrf->queried = monotime(NULL);
}

bool vrfleak_vrf_queried(const struct vrfleak_vrf *vrf)
{
	return vrf->queried && monotime(NULL) - vrf->queried < QUERIED_SECONDS;
}

bool vrfleak_vrfs_forget(void (*forget)(const struct vrfleak_vrf *vrf))
{
	struct entry *entry;
	bool released = false;

	frr_each_safe (names, &vrf_names, entry) {
		bool queried = vrfleak_vrf_queried(&entry->vrf);

		if (entry->vrf.policy && vrfleak_vrf_bound(&entry->vrf))
			continue;
		if (!entry->vrf.policy &&
		    (!queried || vrfleak_vrf_bound(&entry->vrf)))
			forget(&entry->vrf);
		released |= entry->vrf.instance != 0;
		vrfleak_vrf_unbind(&entry->vrf);
		instance_release(entry);
		if (!entry->vrf.policy && !queried)
			entry_free(entry);
	}
	return released;
}
