// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the state of the isolation of VRFs, for each family in which it is
 * configured.
 */
#include <zebra.h>

#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/northbound/nb.h"

/* The list's entries. */
static const enum vrfleak_af families[] = {VRFLEAK_IPV4, VRFLEAK_IPV6};

/* The first family from af on that is configured. */
static const void *isolation_configured(int af)
{
	for (; af < VRFLEAK_AF_MAX; af++)
		if (vrfleak_isolation_state(af).configured)
			return &families[af];
	return NULL;
}

const void *vrfleak_nb_isolation_next(struct nb_cb_get_next_args *args)
{
	const enum vrfleak_af *af = args->list_entry;

	return isolation_configured(af ? (int)*af + 1 : 0);
}

int vrfleak_nb_isolation_keys(struct nb_cb_get_keys_args *args)
{
	const enum vrfleak_af *af = args->list_entry;

	args->keys->num = 1;
	strlcpy(args->keys->key[0], vrfleak_af2str(*af),
		sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *vrfleak_nb_isolation_lookup(struct nb_cb_lookup_entry_args *args)
{
	return &families[vrfleak_str2af(args->keys->key[0])];
}

static struct vrfleak_isolation entry_state(const void *list_entry)
{
	const enum vrfleak_af *af = list_entry;

	return vrfleak_isolation_state(*af);
}

struct yang_data *
vrfleak_nb_isolation_installed(struct nb_cb_get_elem_args *args)
{
	return yang_data_new_bool(args->xpath,
				  entry_state(args->list_entry).installed);
}

struct yang_data *
vrfleak_nb_isolation_effective(struct nb_cb_get_elem_args *args)
{
	return yang_data_new_bool(args->xpath,
				  entry_state(args->list_entry).effective);
}

struct yang_data *vrfleak_nb_isolation_error(struct nb_cb_get_elem_args *args)
{
	struct vrfleak_isolation state = entry_state(args->list_entry);

	return state.error[0] ? yang_data_new_string(args->xpath, state.error)
			      : NULL;
}
