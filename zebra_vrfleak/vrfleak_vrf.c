// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the VRFs that the policy names.
 *
 * The instance of a VRF is its kernel table's number, so that 'redistribute
 * table N' means what it says; where that number is too large or taken, the
 * highest free one. A VRF whose table 'ip import-table' imports is refused:
 * the routes of both would be the same to zebra.
 *
 * zebra tells no module when a VRF comes or goes, so that it must be asked.
 */
#include <zebra.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/typesafe.h"
#include "zebra/interface.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/vrfleak_compat.h"
#include "zebra_vrfleak/vrfleak_errors.h"
#include "zebra_vrfleak/vrfleak_index.h"
#include "zebra_vrfleak/vrfleak_memory.h"
#include "zebra_vrfleak/vrfleak_vrf.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_VRF, "Route leak VRF");

PREDECL_RBTREE_UNIQ(names);
PREDECL_HASH(ids);

struct entry {
	struct vrfleak_vrf vrf;
	struct names_item by_name;
	struct ids_item by_id;
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

DECLARE_RBTREE_UNIQ(names, struct entry, by_name, name_cmp);
DECLARE_HASH(ids, struct entry, by_id, id_cmp, id_hash);

static struct names_head vrf_names;
static struct ids_head vrf_ids;
/* The one that was found last; it is bound, or NULL. */
static struct entry *id_last;

/* Asked for at each route: by number, and by instance. */
static struct vrfleak_indexes vrf_numbers;
static struct entry *vrf_instances[UINT16_MAX + 1];

static struct entry *entry_of(struct vrfleak_vrf *vrf)
{
	return container_of(vrf, struct entry, vrf);
}

void vrfleak_vrfs_init(void)
{
	names_init(&vrf_names);
	ids_init(&vrf_ids);
}

static void instance_release(struct entry *entry)
{
	if (entry->vrf.instance)
		vrf_instances[entry->vrf.instance] = NULL;
	entry->vrf.instance = 0;
}

static void entry_unbind(struct entry *entry)
{
	if (vrfleak_vrf_bound(&entry->vrf))
		ids_del(&vrf_ids, entry);
	if (id_last == entry)
		id_last = NULL;
	entry->vrf.vrf_id = VRF_UNKNOWN;
	entry->vrf.refused = false;
	memset(entry->vrf.has_kernel, 0, sizeof(entry->vrf.has_kernel));
}

static void entry_free(struct entry *entry)
{
	entry_unbind(entry);
	instance_release(entry);
	vrfleak_index_release(&vrf_numbers, entry->vrf.number);
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
	vrfleak_indexes_finish(&vrf_numbers);
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

struct vrfleak_vrf *vrfleak_vrf_by_number(uint32_t number)
{
	struct entry *entry = vrfleak_index_find(&vrf_numbers, number);

	return entry ? &entry->vrf : NULL;
}

uint32_t vrfleak_vrf_numbers(void)
{
	return vrf_numbers.end;
}

struct vrfleak_vrf *vrfleak_vrf_by_id(vrf_id_t vrf_id)
{
	struct entry key = {.vrf.vrf_id = vrf_id};
	struct entry *entry = id_last;

	/* Zebra's hooks come VRF by VRF. */
	if (!entry || entry->vrf.vrf_id != vrf_id)
		entry = ids_find(&vrf_ids, &key);
	if (!entry)
		return NULL;
	id_last = entry;
	return &entry->vrf;
}

struct vrfleak_vrf *vrfleak_vrf_by_instance(uint16_t instance)
{
	struct entry *entry = vrf_instances[instance];

	return entry ? &entry->vrf : NULL;
}

struct vrfleak_vrf *vrfleak_vrf_by_table(uint32_t table_id)
{
	struct vrfleak_vrf *vrf = NULL;
	struct entry *entry;

	/* Mostly the instance is the table's number. */
	if (table_id <= UINT16_MAX)
		vrf = vrfleak_vrf_by_instance((uint16_t)table_id);
	if (vrfleak_vrf_bound(vrf) && vrf->table_id == table_id)
		return vrf;
	frr_each (names, &vrf_names, entry)
		if (vrfleak_vrf_bound(&entry->vrf) &&
		    entry->vrf.table_id == table_id)
			return &entry->vrf;
	return NULL;
}

void vrfleak_vrf_note_kernel(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	struct vrfleak_vrf *known = vrfleak_vrf_by_number(vrf->number);

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
	entry->vrf.number = vrfleak_index_take(&vrf_numbers, entry);
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

/* No VRF is bound, and so none leaks, where VRFs are network namespaces. */
static struct zebra_vrf *zebra_vrf_active(const char *name)
{
	struct zebra_vrf *zvrf = zebra_vrf_lookup_by_name(name);

	if (vrf_is_backend_netns())
		return NULL;
	if (!zvrf || !zvrf->vrf || !zvrf_is_active(zvrf))
		return NULL;
	if (zvrf->vrf->vrf_id == VRF_UNKNOWN)
		return NULL;
	return zvrf;
}

static const struct interface *device_find(const struct vrf *vrf)
{
	if (vrf->vrf_id == VRF_DEFAULT)
		return NULL;
	return if_lookup_by_name(vrf->name, vrf->vrf_id);
}

static uint32_t device_downs(const struct vrf *vrf)
{
	const struct interface *ifp = device_find(vrf);
	const struct zebra_if *zif = ifp ? ifp->info : NULL;

	return zif ? zif->down_count : 0;
}

/*
 * A device that went down and came up between two looks counts as down once:
 * the kernel has dropped the routes through it, and tells zebra nothing.
 */
static bool device_is_up(struct vrfleak_vrf *vrf, const struct vrf *zebra_vrf)
{
	const struct interface *ifp = device_find(zebra_vrf);
	uint32_t downs = device_downs(zebra_vrf);
	bool flapped = downs != vrf->device_downs;

	vrf->device_downs = downs;
	if (zebra_vrf->vrf_id == VRF_DEFAULT)
		return true;
	return ifp && if_is_operative(ifp) && !(flapped && vrf->device_up);
}

static void entry_bind(struct entry *entry, const struct zebra_vrf *zvrf)
{
	entry->vrf.vrf_id = zvrf->vrf->vrf_id;
	entry->vrf.table_id = zvrf->table_id;
	entry->vrf.device_downs = device_downs(zvrf->vrf);
	ids_add(&vrf_ids, entry);
	instance_choose(entry);
	if (entry->vrf.instance == 0)
		flog_err(EC_VRFLEAK_INSTANCE,
			 "VRF %s leaks nothing: no instance is left for its routes",
			 entry->vrf.name);
}

static void refused_refresh(struct vrfleak_vrf *vrf)
{
	bool refused = vrfleak_table_is_imported(vrf->table_id);

	if (refused && !vrf->refused)
		flog_err(EC_VRFLEAK_INSTANCE,
			 "VRF %s leaks nothing: 'ip import-table' uses its table %u",
			 vrf->name, vrf->table_id);
	vrf->refused = refused;
}

bool vrfleak_vrf_refresh(struct vrfleak_vrf *vrf)
{
	struct entry *entry = entry_of(vrf);
	struct zebra_vrf *zvrf = zebra_vrf_active(vrf->name);
	struct vrfleak_vrf was = *vrf;

	if (vrfleak_vrf_bound(vrf) &&
	    (!zvrf || vrf->vrf_id != zvrf->vrf->vrf_id ||
	     vrf->table_id != zvrf->table_id)) {
		entry_unbind(entry);
		return true;
	}

	if (!zvrf)
		return false;

	if (!vrfleak_vrf_bound(vrf)) {
		if (vrf->instance)
			return false;
		entry_bind(entry, zvrf);
	}

	refused_refresh(vrf);
	vrf->device_up = device_is_up(vrf, zvrf->vrf);
	return vrf->vrf_id != was.vrf_id || vrf->refused != was.refused ||
	       vrf->device_up != was.device_up;
}

/* Long enough for zebra to come back to what it has yielded in. */
#define TOLD_SECONDS 600

void vrfleak_vrf_tell(struct vrfleak_vrf *vrf)
{
	vrf->told = monotime(NULL);
}

bool vrfleak_vrf_told(const struct vrfleak_vrf *vrf)
{
	return vrf->told && monotime(NULL) - vrf->told < TOLD_SECONDS;
}

bool vrfleak_vrfs_forget(void (*forget)(const struct vrfleak_vrf *vrf))
{
	struct entry *entry;
	bool released = false;

	frr_each_safe (names, &vrf_names, entry) {
		if (!entry->vrf.node && vrfleak_vrf_told(&entry->vrf)) {
			entry_unbind(entry);
			instance_release(entry);
		} else if (!entry->vrf.node) {
			forget(&entry->vrf);
			entry_free(entry);
		} else if (!vrfleak_vrf_bound(&entry->vrf) &&
			 entry->vrf.instance) {
			instance_release(entry);
			released = true;
		}
	}
	return released;
}
