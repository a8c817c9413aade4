// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the state of VRFs and address families, and the clear RPC.
 *
 * No counter is maintained: each one is computed from the RIB and the conflicts
 * when it is read, so it cannot be wrong.
 */
#include <zebra.h>

#include "zebra_vrfleak/leak/leak_prefix.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/rib/leaked_count.h"

/* The first VRF with configuration from vrf on, which may be NULL. */
static const void *vrf_configured(struct vrfleak_vrf *vrf)
{
	while (vrf && !vrf->policy)
		vrf = vrfleak_vrf_next(vrf);
	if (vrf)
		vrfleak_vrf_note_query(vrf);
	return vrf;
}

const void *vrfleak_nb_vrf_next(struct nb_cb_get_next_args *args)
{
	if (!args->list_entry)
		vrfleak_nb_request_begin();
	else if (!vrfleak_nb_in_time(true))
		return NULL;
	return vrf_configured(
		vrfleak_vrf_next((struct vrfleak_vrf *)args->list_entry));
}

const void *vrfleak_nb_vrf_after(struct nb_cb_lookup_entry_args *args)
{
	return vrf_configured(vrfleak_vrf_after(args->keys->key[0]));
}

int vrfleak_nb_vrf_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrfleak_vrf *vrf = args->list_entry;

	args->keys->num = 1;
	strlcpy(args->keys->key[0], vrf->name, sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *vrfleak_nb_vrf_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct vrfleak_vrf *vrf = vrfleak_vrf_by_name(args->keys->key[0]);

	if (!vrf || (!vrf->policy && !vrfleak_vrf_queried(vrf)))
		return NULL;
	vrfleak_vrf_note_query(vrf);
	return vrf;
}

/* The first family from af on that exports, imports or is imported by name. */
static const void *family_configured(const struct vrfleak_vrf *vrf, int af)
{
	for (; af < VRFLEAK_AF_MAX; af++)
		if (vrf->policy && (vrf->policy->exports[af].count ||
				    vrf->policy->imports[af].count ||
				    vrf->policy->targets[af].count ||
				    vrf->policy->hold_down[af]))
			return &vrf->family[af];
	return NULL;
}

const void *vrfleak_nb_family_next(struct nb_cb_get_next_args *args)
{
	const struct vrfleak_family *family = args->list_entry;

	return family_configured(args->parent_list_entry,
				 family ? (int)family->af + 1 : 0);
}

const void *vrfleak_nb_family_after(struct nb_cb_lookup_entry_args *args)
{
	return family_configured(args->parent_list_entry,
				 vrfleak_str2af(args->keys->key[0]) + 1);
}

int vrfleak_nb_family_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrfleak_family *family = args->list_entry;

	args->keys->num = 1;
	strlcpy(args->keys->key[0], vrfleak_af2str(family->af),
		sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *vrfleak_nb_family_lookup(struct nb_cb_lookup_entry_args *args)
{
	const struct vrfleak_vrf *vrf = args->parent_list_entry;

	/*
	 * A family without statements, too: a subscriber is notified when the
	 * last one is deleted.
	 */
	return &vrf->family[vrfleak_str2af(args->keys->key[0])];
}

struct yang_data *vrfleak_nb_leaked_routes(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_family *family = args->list_entry;
	struct vrfleak_leaked_total leaked =
		vrfleak_leaked_count(family->vrf, family->af);

	return leaked.age < 0
		       ? NULL
		       : yang_data_new_uint32(args->xpath, leaked.routes);
}

struct yang_data *vrfleak_nb_conflicts(struct nb_cb_get_elem_args *args)
{
	const struct vrfleak_family *family = args->list_entry;

	return yang_data_new_uint32(
		args->xpath,
		vrfleak_conflicts_refused(&vrfleak_queue.conflicts,
					  family->vrf->index, family->af));
}

static int clear_refuse(struct nb_cb_rpc_args *args, const char *format, ...)
	PRINTFRR(2, 3);

static int clear_refuse(struct nb_cb_rpc_args *args, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintfrr(args->errmsg, args->errmsg_len, format, ap);
	va_end(ap);
	return NB_ERR;
}

int vrfleak_nb_clear(struct nb_cb_rpc_args *args)
{
	const char *family = vrfleak_rpc_input(args, "family");
	const char *name = vrfleak_rpc_input(args, "vrf");
	const char *str = vrfleak_rpc_input(args, "prefix");
	struct vrfleak_vrf *vrf = NULL;
	struct prefix prefix;
	enum vrfleak_af af;

	if (!family)
		return clear_refuse(
			args,
			"No address family given, expected ipv4 or ipv6; nothing was changed");
	af = vrfleak_str2af(family);

	if (name) {
		vrf = vrfleak_vrf_by_name(name);
		if (!vrf || !vrf->policy)
			return clear_refuse(
				args,
				"VRF %s has no route-leak configuration; 'show %s route-leak' lists the VRFs that have",
				name, af == VRFLEAK_IPV4 ? "ip" : "ipv6");
	}

	if (str &&
	    (!str2prefix(str, &prefix) || vrfleak_prefix_af(&prefix) != af))
		return clear_refuse(
			args, "%s is not an %s prefix; nothing was changed",
			str, af == VRFLEAK_IPV4 ? "IPv4" : "IPv6");
	if (str)
		apply_mask(&prefix);

	vrfleak_leak_clear(af, vrf, str ? &prefix : NULL);
	return NB_OK;
}
