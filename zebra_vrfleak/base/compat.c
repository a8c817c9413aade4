// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the differences between FRR versions, for the module in zebra.
 */
#include <zebra.h>

#include <poll.h>

#include "lib/linklist.h"
#include "zebra/redistribute.h"
#include "zebra/zebra_dplane.h"
#include "zebra/zebra_ns.h"
#include "zebra/zebra_routemap.h"
#include "zebra/zebra_vrf.h"

#include "zebra_vrfleak/base/compat.h"

struct route_entry *vrfleak_route_entry_new(vrf_id_t vrf_id, int type,
					    uint16_t instance,
					    uint32_t table_id, uint32_t metric,
					    uint32_t mtu, uint8_t distance,
					    route_tag_t tag)
{
	struct route_entry *re;

	re = zebra_rib_route_entry_new(vrf_id, type, 0,
				       VRFLEAK_ZEBRA_FLAG_LEAKED, 0, table_id,
				       metric, mtu, distance, tag);
	re->instance = instance;
	return re;
}

void vrfleak_route_entry_free(struct route_entry *re)
{
#ifdef HAVE_FRR_ROUTE_ENTRY_FREE
	zebra_rib_route_entry_free(re);
#else
	XFREE(MTYPE_RE, re);
#endif
}

bool vrfleak_route_add(afi_t afi, struct prefix *prefix, struct route_entry *re,
		       struct nexthop_group *group)
{
	int ret;

#ifdef HAVE_FRR_RIB_ADD_REPLACE
	ret = rib_add_multipath(afi, SAFI_UNICAST, prefix, NULL, re, group,
				false, false);
#else
	ret = rib_add_multipath(afi, SAFI_UNICAST, prefix, NULL, re, group,
				false);
#endif
	nexthop_group_delete(&group);
	return ret >= 0;
}

bool vrfleak_route_add_by_group(afi_t afi, struct prefix *prefix,
				struct route_entry *re, uint32_t group)
{
	int ret;

	re->nhe_id = group;
#ifdef HAVE_FRR_RIB_ADD_REPLACE
	ret = rib_add_multipath_nhe(afi, SAFI_UNICAST, prefix, NULL, re, NULL,
				    false, false);
#else
	ret = rib_add_multipath_nhe(afi, SAFI_UNICAST, prefix, NULL, re, NULL,
				    false);
#endif
	if (ret < 0)
		vrfleak_route_entry_free(re);
	return ret >= 0;
}

struct nhg_hash_entry *vrfleak_nhe_hold(enum vrfleak_af af,
					struct nexthop_group *nexthops)
{
	afi_t afi = vrfleak_af_afi(af);
	struct nhg_hash_entry wanted, *nhe;

	zebra_nhe_init(&wanted, afi, nexthops->nexthop);
	wanted.nhg.nexthop = nexthops->nexthop;
	nhe = zebra_nhg_rib_find_nhe(&wanted, afi);
	if (nhe)
		zebra_nhg_increment_ref(nhe);
	return nhe;
}

void vrfleak_nhe_release(struct nhg_hash_entry *nhe)
{
	zebra_nhg_decrement_ref(nhe);
}

#ifdef HAVE_FRR_ROUTE_MAP_CHECK_ENTRY
/*
 * The route with the tag: the entry itself, or copy. Zebra's match clauses only
 * read it.
 */
static struct route_entry *entry_tagged(const struct route_entry *re,
					route_tag_t tag,
					struct route_entry *copy)
{
	if (re->tag == tag)
		return (struct route_entry *)re;
	*copy = *re;
	copy->tag = tag;
	return copy;
}
#endif

bool vrfleak_route_map_permits(const char *name, const struct route_entry *re,
			       route_tag_t tag, const struct prefix *prefix,
			       struct nexthop *nexthop)
{
#ifdef HAVE_FRR_ROUTE_MAP_CHECK_ENTRY
	struct route_entry tagged;

	return zebra_import_table_route_map_check(
		       prefix->family, entry_tagged(re, tag, &tagged), prefix,
		       nexthop, name) == RMAP_PERMITMATCH;
#else
	return zebra_import_table_route_map_check(
		       prefix->family, re->type, re->instance, prefix, nexthop,
		       nexthop->vrf_id, tag, name) == RMAP_PERMITMATCH;
#endif
}

/* ---- the object of match clauses, which only zebra can create ---- */

struct object_visit {
	void (*visit)(void *object, void *arg);
	void *arg;
	bool visited;
};

static enum route_map_cmd_result_t
object_match(void *rule, const struct prefix *prefix, void *object)
{
	struct object_visit *visit = rule;

	if (!visit->visited)
		visit->visit(object, visit->arg);
	visit->visited = true;
	return RMAP_NOMATCH;
}

/*
 * Have zebra apply a private route-map, which is in none of libfrr's lists.
 * Its match clause is object_match(). A private VRF has it as its 'ip
 * protocol' route-map. It needs two entries: FRR 10.3 does not evaluate the
 * first one.
 */
void vrfleak_route_map_object(const struct route_entry *re, route_tag_t tag,
			      const struct prefix *prefix,
			      struct nexthop *nexthop,
			      void (*visit)(void *object, void *arg), void *arg)
{
	static const struct route_map_rule_cmd command = {
		.str = "vrfleak",
		.func_apply = object_match,
	};
	static char name[] = "vrfleak";
	static struct zebra_vrf vrf;
	afi_t afi = family2afi(prefix->family);
	struct object_visit value = {.visit = visit, .arg = arg};
	struct route_map_rule rule = {.cmd = &command, .value = &value};
	struct route_map_index second = {.match_list = {&rule, &rule}};
	struct route_map_index first = {.match_list = {&rule, &rule},
					.next = &second};
	struct route_map map = {
		.name = name,
		.head = &first,
		.tail = &second,
		.optimization_disabled = true,
	};

	PROTO_RM_MAP((&vrf), afi, re->type) = &map;
#ifdef HAVE_FRR_ROUTE_MAP_CHECK_ENTRY
	struct route_entry tagged;

	zebra_route_map_check(afi, entry_tagged(re, tag, &tagged), prefix,
			      nexthop, &vrf);
#else
	zebra_route_map_check(afi, re->type, re->instance, prefix, nexthop,
			      &vrf, tag);
#endif
	PROTO_RM_MAP((&vrf), afi, re->type) = NULL;
}

uint32_t vrfleak_zebra_backlog(void)
{
	return zrouter.mq ? zrouter.mq->size : 0;
}

uint32_t vrfleak_zebra_multipath(void)
{
#ifdef HAVE_FRR_ZAPI_MULTIPATH
	return zrouter.zav.multipath_num;
#else
	return zrouter.multipath_num;
#endif
}

bool vrfleak_zebra_idle(void)
{
	return vrfleak_zebra_backlog() == 0 && dplane_get_in_queue_len() == 0;
}

bool vrfleak_zebra_caught_up(void)
{
	const struct zebra_ns *zns = zebra_ns_lookup(NS_DEFAULT);
	struct pollfd sockets[] = {
		{.fd = zns->netlink.sock, .events = POLLIN},
		{.fd = zns->netlink_dplane_in.sock, .events = POLLIN},
	};

	return vrfleak_zebra_backlog() == 0 &&
	       poll(sockets, array_size(sockets), 0) == 0;
}

bool vrfleak_zebra_is_swept(void)
{
#ifdef HAVE_FRR_RIB_SWEEP_TIME
	return zrouter.rib_sweep_time != 0;
#else
	return !zrouter.sweeper;
#endif
}

bool vrfleak_table_is_imported(uint32_t table_id)
{
	for (afi_t afi = AFI_IP; afi <= AFI_IP6; afi++) {
#ifdef HAVE_FRR_IMPORT_TABLE_SAFI
		if (is_zebra_import_table_enabled(afi, SAFI_UNICAST,
						  VRF_DEFAULT, table_id) ||
		    is_zebra_import_table_enabled(afi, SAFI_MULTICAST,
						  VRF_DEFAULT, table_id))
			return true;
#else
		if (is_zebra_import_table_enabled(afi, VRF_DEFAULT, table_id))
			return true;
#endif
	}
	return false;
}

bool vrfleak_any_table_is_imported(void)
{
	for (uint32_t id = 1; id < ZEBRA_KERNEL_TABLE_MAX; id++)
		if (vrfleak_table_is_imported(id))
			return true;
	return false;
}

/* ---- debug flags ---- */

#ifdef HAVE_FRR_DEBUG_CONF

void vrfleak_debug_install(struct debug *const debugs[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		debug_install(debugs[i]);
}

#else

static struct debug *const *debug_flags;
static size_t debug_flags_count;

static void debug_set_all(uint32_t flags, bool set)
{
	for (size_t i = 0; i < debug_flags_count; i++)
		DEBUG_FLAGS_SET(debug_flags[i], flags, set);
}

static struct debug_callbacks debug_callbacks = {
	.debug_set_all = debug_set_all,
};

void vrfleak_debug_install(struct debug *const debugs[], size_t count)
{
	debug_flags = debugs;
	debug_flags_count = count;
	debug_init(&debug_callbacks);
}

#endif

/* ---- RPCs ---- */

#ifdef HAVE_FRR_NB_RPC_TREES

const char *vrfleak_rpc_input(const struct nb_cb_rpc_args *args,
			      const char *leaf)
{
	if (!yang_dnode_existsf(args->input, "./%s", leaf))
		return NULL;
	return yang_dnode_get_string(args->input, "./%s", leaf);
}

bool vrfleak_rpc_call(const char *xpath, const char *const leaves[],
		      const char *const values[], size_t count, char *wrong,
		      size_t wrong_size)
{
	struct lyd_node *input = NULL, *output = NULL;
	LY_ERR err = lyd_new_path(NULL, ly_native_ctx, xpath, NULL, 0, &input);
	bool done;

	for (size_t i = 0; i < count && err == LY_SUCCESS; i++)
		if (values[i])
			err = lyd_new_path(input, NULL, leaves[i], values[i], 0,
					   NULL);
	if (err == LY_SUCCESS)
		err = lyd_dup_single(input, NULL, 0, &output);
	done = err == LY_SUCCESS &&
	       nb_callback_rpc(nb_node_find(xpath), xpath, input, output, wrong,
			       wrong_size) == NB_OK;
	lyd_free_all(input);
	lyd_free_all(output);
	return done;
}

#else

const char *vrfleak_rpc_input(const struct nb_cb_rpc_args *args,
			      const char *leaf)
{
	const struct yang_data *data = yang_data_list_find(
		args->input, "%s/input/%s", args->xpath, leaf);

	return data ? data->value : NULL;
}

bool vrfleak_rpc_call(const char *xpath, const char *const leaves[],
		      const char *const values[], size_t count, char *wrong,
		      size_t wrong_size)
{
	struct list *input = yang_data_list_new();
	char leaf[XPATH_MAXLEN];
	int ret;

	for (size_t i = 0; i < count; i++) {
		if (!values[i])
			continue;
		snprintf(leaf, sizeof(leaf), "%s/input/%s", xpath, leaves[i]);
		listnode_add(input, yang_data_new(leaf, values[i]));
	}
	ret = nb_callback_rpc(nb_node_find(xpath), xpath, input, NULL, wrong,
			      wrong_size);
	list_delete(&input);
	return ret == NB_OK;
}

#endif
