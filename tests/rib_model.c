// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a model of zebra, see the header.
 *
 * What of zebra is imitated: route entries and nodes as in zebra/rib.h; a route
 * that replaces one of the same type and instance; selection by distance, then
 * metric, among the entries with an active next hop; rib_update on each change
 * of the selection, while removed entries are still linked; rib_shutdown for
 * each node of a table that is closed. Since 10.7, zebra does not ask the
 * kernel when a route replaces one with the same next-hop group: it counts as
 * installed.
 */
#include <zebra.h>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "lib/hook.h"
#include "lib/if.h"
#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/nexthop.h"
#include "lib/xref.h"
#include "zebra/interface.h"
#include "zebra/zebra_vrf.h"

#include "check_vrfleak.h"
#include "policy_text.h"
#include "rib_model.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/changed_prefixes.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/leak/pending_routes.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/leak/scheduler.h"
#include "zebra_vrfleak/rib/kernel_monitor.h"
#include "zebra_vrfleak/rib/leaked_count.h"
#include "zebra_vrfleak/rib/rib_view.h"
#include "zebra_vrfleak/rib/route_map.h"
#include "zebra_vrfleak/rib/stale_routes.h"

DEFINE_HOOK(rib_update, (struct route_node * rn, const char *reason),
	    (rn, reason));
DEFINE_HOOK(rib_shutdown, (struct route_node * rn), (rn));

/* For the log lines. */
XREF_SETUP();

struct model model;

/* ---- the clock ---- */

static struct timespec now = {.tv_sec = 1000};

static void clock_advance(int64_t nsec)
{
	nsec += now.tv_nsec;
	now.tv_sec += nsec / 1000000000;
	now.tv_nsec = nsec % 1000000000;
}

/* These take the place of the C library's, for libfrr too. */

int clock_gettime(clockid_t id, struct timespec *time)
{
	if (id != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, id, time);
	*time = now;
	return 0;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
	  const sigset_t *signals)
{
	if (timeout)
		clock_advance(timeout->tv_sec * INT64_C(1000000000) +
			      timeout->tv_nsec);
	for (nfds_t i = 0; i < count; i++)
		fds[i].revents = 0;
	return 0;
}

int epoll_pwait(int fd, struct epoll_event *events, int max, int timeout,
		const sigset_t *signals)
{
	if (timeout > 0)
		clock_advance(timeout * INT64_C(1000000));
	return 0;
}

/* ---- base/time_budget.h ---- */

static uint32_t budget_used;

void vrfleak_budget_begin(struct vrfleak_budget *budget)
{
	*budget = (struct vrfleak_budget){.begun.real.tv_sec = now.tv_sec};
	budget_used = 0;
	model.counts.budgets++;
}

bool vrfleak_budget_in_time(struct vrfleak_budget *budget)
{
	budget_used++;
	model.counts.longest = MAX(model.counts.longest, budget_used);
	return budget_used < model.budget;
}

void vrfleak_budget_offer(struct vrfleak_budget *budget, bool filtered)
{
	model.counts.offers++;
}

void vrfleak_budget_end(struct vrfleak_budget *budget)
{
}

/* ---- next-hop groups ---- */

struct model_nhe {
	struct nhg_hash_entry nhe;
	struct model_nhe *next;
	/* By the module. */
	uint32_t held;
};

static struct model_nhe *groups;
static uint32_t group_last_id;

static struct model_nhe *group_new(struct nexthop_group *nexthops, bool active)
{
	struct model_nhe *group = calloc(1, sizeof(*group));
	struct nexthop *nexthop;

	group->nhe.id = ++group_last_id;
	nexthop_group_copy(&group->nhe.nhg, nexthops);
	for (nexthop = group->nhe.nhg.nexthop; nexthop; nexthop = nexthop->next)
		if (active)
			SET_FLAG(nexthop->flags, NEXTHOP_FLAG_ACTIVE);
		else
			UNSET_FLAG(nexthop->flags, NEXTHOP_FLAG_ACTIVE);
	group->next = groups;
	groups = group;
	return group;
}

static struct model_nhe *group_get(struct nexthop_group *nexthops, bool active)
{
	struct model_nhe *group;
	bool is_active;

	for (group = groups; group; group = group->next) {
		is_active = nexthop_group_active_nexthop_num(&group->nhe.nhg);
		if (is_active == active &&
		    nexthop_group_equal(&group->nhe.nhg, nexthops))
			return group;
	}
	return group_new(nexthops, active);
}

static struct model_nhe *group_by_id(uint32_t id)
{
	struct model_nhe *group = groups;

	while (group && group->nhe.id != id)
		group = group->next;
	ck_assert_ptr_nonnull(group);
	return group;
}

static void groups_free(void)
{
	struct model_nhe *group;

	while ((group = groups)) {
		groups = group->next;
		ck_assert_uint_eq(group->held, 0);
		nexthops_free(group->nhe.nhg.nexthop);
		free(group);
	}
}

struct nhg_hash_entry *vrfleak_nhe_hold(enum vrfleak_af af,
					struct nexthop_group *nexthops)
{
	struct model_nhe *group = group_get(nexthops, true);

	group->held++;
	return &group->nhe;
}

void vrfleak_nhe_release(struct nhg_hash_entry *nhe)
{
	struct model_nhe *group = container_of(nhe, struct model_nhe, nhe);

	ck_assert_uint_gt(group->held, 0);
	group->held--;
}

bool vrfleak_route_maps_permit(const struct vrfleak_tag_match *match,
			       const struct route_entry *re,
			       const struct prefix *prefix,
			       struct nexthop *nexthop,
			       struct vrfleak_attributes *attributes)
{
	const char *maps[] = {match->export->map, match->import->map};

	for (size_t i = 0; i < array_size(maps); i++) {
		if (maps[i] && model.denying_map &&
		    strmatch(maps[i], model.denying_map))
			return false;
		if (maps[i] && model.src_map &&
		    strmatch(maps[i], model.src_map))
			nexthop->rmap_src.ipv4.s_addr = htonl(INADDR_LOOPBACK);
		if (maps[i] && model.adding_map &&
		    strmatch(maps[i], model.adding_map))
			attributes->metric += model.metric_added;
	}
	return true;
}

bool vrfleak_route_map_uses(const char *map,
			    const struct vrfleak_name_set *names)
{
	return vrfleak_names_have(names, map);
}

/* ---- VRFs and tables ---- */

struct model_zebra_vrf {
	bool used;
	char name[VRFLEAK_NAME_SIZE];
	struct vrf vrf;
	struct zebra_vrf zvrf;
	struct route_table *tables[VRFLEAK_AF_MAX];
	struct rib_table_info infos[VRFLEAK_AF_MAX];
	/* The VRF device. */
	struct interface device;
	struct zebra_if zebra_device;
};

static struct model_zebra_vrf zebra_vrfs[MODEL_VRFS_MAX];

/* By the names of target and source. */
static struct {
	char target[VRFLEAK_NAME_SIZE];
	char source[VRFLEAK_NAME_SIZE];
	enum model_reaction reaction;
} reactions[MODEL_VRFS_MAX];
static size_t reactions_count;

static struct model_zebra_vrf *zebra_vrf_find(const char *name)
{
	for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
		if (zebra_vrfs[i].used && strmatch(zebra_vrfs[i].name, name))
			return &zebra_vrfs[i];
	return NULL;
}

static struct model_zebra_vrf *zebra_vrf_of(struct route_node *rn)
{
	const struct rib_table_info *info = route_table_get_info(rn->table);

	return container_of(info->zvrf, struct model_zebra_vrf, zvrf);
}

/* Takes the place of libfrr's. The only interfaces are VRF devices. */
struct interface *if_lookup_by_name(const char *name, vrf_id_t vrf_id)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);

	return vrf && vrf->vrf.vrf_id == vrf_id ? &vrf->device : NULL;
}

struct zebra_vrf *zebra_vrf_lookup_by_name(const char *name)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);

	return vrf ? &vrf->zvrf : NULL;
}

struct route_table *zebra_vrf_table(afi_t afi, safi_t safi, vrf_id_t vrf_id)
{
	for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
		if (zebra_vrfs[i].used && zebra_vrfs[i].vrf.vrf_id == vrf_id)
			return zebra_vrfs[i]
				.tables[afi == AFI_IP ? VRFLEAK_IPV4
						      : VRFLEAK_IPV6];
	return NULL;
}

/* ---- zebra's queue ---- */

struct work {
	struct work *next;
	/* Where; the VRF may have been deleted and made again meanwhile. */
	struct route_table *table;
	struct prefix prefix;
	/* A route that is to be added, or NULL. */
	struct route_entry *re;
};

static struct work *works;
static struct work **works_end = &works;
static size_t works_count;

static void work_put(struct route_table *table, const struct prefix *prefix,
		     struct route_entry *re)
{
	struct work *work = calloc(1, sizeof(*work));

	work->table = table;
	prefix_copy(&work->prefix, prefix);
	work->re = re;
	*works_end = work;
	works_end = &work->next;
	works_count++;
}

/* Routes that are added come first, as in zebra's queue of early routes. */
static struct work *work_take(void)
{
	struct work **at = &works, *work;

	while (*at && !(*at)->re)
		at = &(*at)->next;
	if (!*at)
		at = &works;
	work = *at;
	*at = work->next;
	if (!work->next)
		works_end = at;
	works_count--;
	return work;
}

size_t model_backlog(void)
{
	return works_count;
}

uint32_t vrfleak_zebra_backlog(void)
{
	return (uint32_t)works_count + model.always_busy;
}

bool vrfleak_zebra_idle(void)
{
	return vrfleak_zebra_backlog() == 0;
}

bool vrfleak_zebra_caught_up(void)
{
	return vrfleak_zebra_idle() && !model.behind;
}

int rib_queue_add(struct route_node *rn)
{
	work_put(rn->table, &rn->p, NULL);
	return 0;
}

void rib_delnode(struct route_node *rn, struct route_entry *re)
{
	ck_assert(!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED));
	SET_FLAG(re->status, ROUTE_ENTRY_REMOVED);
	model.counts.withdrawn++;
	if (!model.counts.added)
		model.counts.withdrawn_first++;
	rib_queue_add(rn);
}

/* ---- processing ---- */

static enum model_reaction reaction_to(struct route_node *rn,
				       const struct route_entry *re)
{
	const struct vrfleak_vrf *source;

	if (re->type != ZEBRA_ROUTE_TABLE)
		return MODEL_ACCEPT;
	source = vrfleak_vrf_by_instance(re->instance);
	for (size_t i = 0; source && i < reactions_count; i++)
		if (strmatch(reactions[i].target, zebra_vrf_of(rn)->name) &&
		    strmatch(reactions[i].source, source->name))
			return reactions[i].reaction;
	return MODEL_ACCEPT;
}

/* How long the kernel needs for a route. */
#define KERNEL_MSEC 50

static struct vrfleak_event *kernel_event;

static void node_answer(struct route_node *rn)
{
	struct route_entry *re;

	RNODE_FOREACH_RE (rn, re) {
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_QUEUED))
			continue;
		UNSET_FLAG(re->status, ROUTE_ENTRY_QUEUED);
		SET_FLAG(re->status, ROUTE_ENTRY_FAILED);
	}
}

/* Zebra calls no hook when the kernel has refused a route. */
static void kernel_answers(struct vrfleak_event *event)
{
	struct route_node *rn;

	for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
		for (int af = 0; zebra_vrfs[i].used && af < VRFLEAK_AF_MAX;
		     af++)
			for (rn = route_top(zebra_vrfs[i].tables[af]); rn;
			     rn = route_next(rn))
				node_answer(rn);
}

static void entry_react(struct route_node *rn, struct route_entry *re)
{
	enum model_reaction reaction = reaction_to(rn, re);
	struct model_nhe *group =
		group_get(&re->nhe->nhg, reaction != MODEL_INACTIVE);

	re->nhe = &group->nhe;
	re->nhe_id = re->nhe->id;
	if (reaction == MODEL_KERNEL_REFUSES_LATER) {
		if (CHECK_FLAG(re->status, ROUTE_ENTRY_INSTALLED))
			return;
		SET_FLAG(re->status, ROUTE_ENTRY_QUEUED);
		event_add_timer_msec(model.loop, kernel_answers, NULL,
				     KERNEL_MSEC, &kernel_event);
		return;
	}
	UNSET_FLAG(re->status, ROUTE_ENTRY_FAILED | ROUTE_ENTRY_QUEUED |
				       ROUTE_ENTRY_INSTALLED);
	if (reaction == MODEL_ACCEPT)
		SET_FLAG(re->status, ROUTE_ENTRY_INSTALLED);
	if (reaction == MODEL_DROP)
		SET_FLAG(re->status, ROUTE_ENTRY_REMOVED);
	if (reaction == MODEL_KERNEL_REFUSES)
		SET_FLAG(re->status, ROUTE_ENTRY_FAILED);
}

static struct route_entry *node_best(struct route_node *rn)
{
	struct route_entry *re, *best = NULL;

	RNODE_FOREACH_RE (rn, re) {
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    re->type == ZEBRA_ROUTE_TABLE)
			entry_react(rn, re);
		if (!CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED) &&
		    re->distance != DISTANCE_INFINITY &&
		    nexthop_group_active_nexthop_num(&re->nhe->nhg) > 0 &&
		    (!best || re->distance < best->distance ||
		     (re->distance == best->distance &&
		      re->metric <= best->metric)))
			best = re;
	}
	return best;
}

/* Unlink the entries that are removed (all: every entry), then the node. */
static void node_clean(struct route_node *rn, bool all)
{
	rib_dest_t *dest = rib_dest_from_rnode(rn);
	struct route_entry *re, *next;

	RNODE_FOREACH_RE_SAFE (rn, re, next)
		if (all || CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED)) {
			re_list_del(&dest->routes, re);
			free(re);
		}
	if (re_list_count(&dest->routes))
		return;
	re_list_fini(&dest->routes);
	free(dest);
	rn->info = NULL;
	route_unlock_node(rn);
}

static void (*zebra_watch)(struct route_node *rn);

void vrfleak_zebra_watch(void (*watch)(struct route_node *rn))
{
	zebra_watch = watch;
}

static void node_process(struct route_node *rn)
{
	struct route_entry *re, *old = NULL, *best;
	uint32_t failed = 0;

	if (zebra_watch)
		zebra_watch(rn);
	RNODE_FOREACH_RE (rn, re)
		if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED))
			old = re;
	if (old) {
		failed = CHECK_FLAG(old->status, ROUTE_ENTRY_FAILED);
		UNSET_FLAG(old->flags, ZEBRA_FLAG_SELECTED);
	}
	best = node_best(rn);
	if (best)
		SET_FLAG(best->flags, ZEBRA_FLAG_SELECTED);
	if (VRFLEAK_HAVE_SKIPPED_REPLACE && old && best && best != old &&
	    best->type == old->type && best->nhe_id == old->nhe_id) {
		UNSET_FLAG(best->status,
			   ROUTE_ENTRY_FAILED | ROUTE_ENTRY_QUEUED);
		SET_FLAG(best->status, ROUTE_ENTRY_INSTALLED);
	}
	if (best && best == old &&
	    failed == CHECK_FLAG(best->status, ROUTE_ENTRY_FAILED))
		best = old = NULL;
	for (uint32_t i = 0; (old || best) && i < model.hook_calls; i++)
		hook_call(rib_update, rn, "model");
	node_clean(rn, false);
}

static void entry_add(struct route_table *table, const struct prefix *prefix,
		      struct route_entry *re)
{
	struct route_node *rn = route_node_get(table, prefix);
	rib_dest_t *dest = rib_dest_from_rnode(rn);
	struct route_entry *same;

	if (dest) {
		route_unlock_node(rn);
	} else {
		dest = calloc(1, sizeof(*dest));
		re_list_init(&dest->routes);
		dest->rnode = rn;
		rn->info = dest;
	}
	RNODE_FOREACH_RE (rn, same)
		if (same->type == re->type && same->instance == re->instance)
			SET_FLAG(same->status, ROUTE_ENTRY_REMOVED);
	re_list_add_head(&dest->routes, re);
	node_process(rn);
}

static void work_do(struct work *work)
{
	struct route_node *rn;

	if (work->re) {
		entry_add(work->table, &work->prefix, work->re);
		return;
	}
	rn = route_node_lookup(work->table, &work->prefix);
	if (!rn)
		return;
	route_unlock_node(rn);
	node_process(rn);
}

void model_process(uint32_t count)
{
	struct work *work;

	while (works && count-- > 0) {
		work = work_take();
		work_do(work);
		free(work);
	}
}

void model_process_all(void)
{
	model_process(UINT32_MAX);
}

/* ---- base/compat.h: routes that the module hands over ---- */

static struct route_entry *entry_new(int type, uint16_t instance,
				     uint8_t distance)
{
	struct route_entry *re = calloc(1, sizeof(*re));

	re->type = type;
	re->instance = instance;
	re->distance = distance;
	re->uptime = now.tv_sec;
	return re;
}

struct route_entry *vrfleak_route_entry_new(vrf_id_t vrf_id, int type,
					    uint16_t instance,
					    uint32_t table_id, uint32_t metric,
					    uint32_t mtu, uint8_t distance,
					    route_tag_t tag)
{
	struct route_entry *re = entry_new(type, instance, distance);

	re->vrf_id = vrf_id;
	re->table = table_id;
	re->metric = metric;
	re->mtu = mtu;
	re->tag = tag;
	SET_FLAG(re->flags, VRFLEAK_ZEBRA_FLAG_LEAKED);
	return re;
}

void vrfleak_route_entry_free(struct route_entry *re)
{
	free(re);
}

bool vrfleak_route_add_by_group(afi_t afi, struct prefix *prefix,
				struct route_entry *re, uint32_t group)
{
	struct route_table *table =
		zebra_vrf_table(afi, SAFI_UNICAST, re->vrf_id);
	const struct rib_table_info *info;

	ck_assert_ptr_nonnull(table);
	/* For any other table, zebra would create one that no VRF owns. */
	info = route_table_get_info(table);
	ck_assert_uint_eq(re->table, info->table_id);
	re->nhe = &group_by_id(group)->nhe;
	re->nhe_id = group;
	model.counts.grouped++;
	model.counts.added++;
	work_put(table, prefix, re);
	return true;
}

bool vrfleak_route_add(afi_t afi, struct prefix *prefix, struct route_entry *re,
		       struct nexthop_group *group)
{
	uint32_t id = group_get(group, true)->nhe.id;

	nexthop_group_delete(&group);
	model.counts.grouped--;
	return vrfleak_route_add_by_group(afi, prefix, re, id);
}

bool vrfleak_table_is_imported(uint32_t table_id)
{
	return model.imported_table && table_id == model.imported_table;
}

uint32_t zebra_router_get_next_sequence(void)
{
	static uint32_t sequence;

	return ++sequence;
}

/* ---- what the module's other files would do ---- */

bool vrfleak_stale_ignored(const struct route_entry *re)
{
	return false;
}

bool vrfleak_stale_maybe_leaked(const struct route_entry *re)
{
	return false;
}

/* Called at the end of each decision. */
void vrfleak_stale_decided(const struct vrfleak_vrf *target,
			   struct route_node *rn)
{
	model.counts.decisions++;
	model.decided[target->index % MODEL_VRFS_MAX]++;
}

static const struct vrfleak_monitor_calls *monitor_calls;

bool vrfleak_monitor_start(struct vrfleak_event_loop *loop,
			   const struct vrfleak_monitor_calls *calls)
{
	monitor_calls = calls;
	return true;
}

void vrfleak_monitor_stop(void)
{
	monitor_calls = NULL;
}

void model_kernel_deletes(const char *name, const char *text)
{
	struct vrfleak_kernel_route route = {
		.table_id = zebra_vrf_find(name)->zvrf.table_id,
	};

	route.prefix = P(text);
	if (monitor_calls)
		monitor_calls->route_gone(&route);
}

void model_scan(void)
{
	if (monitor_calls)
		monitor_calls->link(false);
}

/* ---- what a test changes in zebra ---- */

void model_vrf_add(const char *name, vrf_id_t vrf_id, uint32_t table_id)
{
	struct model_zebra_vrf *vrf = zebra_vrfs;

	ck_assert_ptr_null(zebra_vrf_find(name));
	while (vrf->used)
		vrf++;
	ck_assert(vrf < zebra_vrfs + MODEL_VRFS_MAX);
	vrf->used = true;
	strlcpy(vrf->name, name, sizeof(vrf->name));
	strlcpy(vrf->vrf.name, name, sizeof(vrf->vrf.name));
	vrf->vrf.vrf_id = vrf_id;
	vrf->vrf.status = VRF_ACTIVE;
	vrf->vrf.info = &vrf->zvrf;
	vrf->zvrf.vrf = &vrf->vrf;
	vrf->zvrf.table_id = table_id;
	vrf->device.ifindex = (ifindex_t)vrf_id;
	vrf->device.flags = IFF_UP | IFF_RUNNING;
	vrf->device.info = &vrf->zebra_device;
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		vrf->infos[af] = (struct rib_table_info){
			.zvrf = &vrf->zvrf,
			.afi = vrfleak_af_afi(af),
			.safi = SAFI_UNICAST,
			.table_id = table_id,
		};
		vrf->tables[af] = route_table_init();
		route_table_set_info(vrf->tables[af], &vrf->infos[af]);
	}
}

void model_vrf_device(const char *name, bool up)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);

	vrf->device.flags = up ? IFF_UP | IFF_RUNNING : 0;
	if (!up)
		vrf->zebra_device.down_count++;
	model_scan();
}

static void works_drop(const struct route_table *table)
{
	struct work **at = &works, *work;

	while ((work = *at)) {
		if (work->table != table) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		works_count--;
		free(work->re);
		free(work);
	}
	works_end = at;
}

static void table_close(struct route_table *table)
{
	struct route_node *rn;

	for (rn = route_top(table); rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		hook_call(rib_shutdown, rn);
		node_clean(rn, true);
	}
	works_drop(table);
	route_table_finish(table);
}

void model_vrf_delete(const char *name)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);

	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		table_close(vrf->tables[af]);
	memset(vrf, 0, sizeof(*vrf));
}

static struct route_table *table_for(struct model_zebra_vrf *vrf,
				     const struct prefix *prefix)
{
	ck_assert_ptr_nonnull(vrf);
	return vrf->tables[vrfleak_prefix_af(prefix)];
}

static int native_type(void)
{
	if (model.bgp_routes)
		return ZEBRA_ROUTE_BGP;
	return model.kernel_routes ? ZEBRA_ROUTE_KERNEL : ZEBRA_ROUTE_STATIC;
}

void model_native(const char *name, const char *text, uint8_t gateway)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);
	struct model_zebra_vrf *to =
		model.nexthop_vrf ? zebra_vrf_find(model.nexthop_vrf) : vrf;
	struct route_entry *re = entry_new(native_type(), 0,
					   model.distance ? model.distance : 1);
	struct in_addr address = {.s_addr = htonl(0xc0000200 | gateway)};
	struct nexthop_group nexthops = {};
	struct prefix prefix = P(text);

	nexthops.nexthop =
		model.discard_routes
			? nexthop_from_blackhole(BLACKHOLE_NULL, to->vrf.vrf_id)
			: nexthop_from_ipv4(&address, NULL, to->vrf.vrf_id);
	re->vrf_id = vrf->vrf.vrf_id;
	re->table = vrf->zvrf.table_id;
	re->metric = model.metric;
	re->nhe = &group_get(&nexthops, true)->nhe;
	re->nhe_id = re->nhe->id;
	nexthops_free(nexthops.nexthop);
	entry_add(table_for(vrf, &prefix), &prefix, re);
}

static struct route_node *node_find(const char *name, const char *text)
{
	struct prefix prefix = P(text);
	struct route_node *rn = route_node_lookup(
		table_for(zebra_vrf_find(name), &prefix), &prefix);

	if (rn)
		route_unlock_node(rn);
	return rn;
}

static struct route_entry *entry_find(struct route_node *rn, int type)
{
	struct route_entry *re;

	if (rn)
		RNODE_FOREACH_RE (rn, re)
			if (re->type == type &&
			    !CHECK_FLAG(re->status, ROUTE_ENTRY_REMOVED))
				return re;
	return NULL;
}

void model_native_delete(const char *name, const char *text)
{
	struct route_node *rn = node_find(name, text);
	struct route_entry *re = entry_find(rn, ZEBRA_ROUTE_STATIC);
	uint32_t hook_calls = model.hook_calls;

	if (!re)
		re = entry_find(rn, ZEBRA_ROUTE_BGP);
	if (!re) {
		re = entry_find(rn, ZEBRA_ROUTE_KERNEL);
		if (VRFLEAK_HAVE_SILENT_WITHDRAWALS)
			model.hook_calls = 0;
	}
	if (re) {
		SET_FLAG(re->status, ROUTE_ENTRY_REMOVED);
		node_process(rn);
	}
	model.hook_calls = hook_calls;
}

void model_lose_silently(const char *name, const char *text)
{
	struct route_entry *re =
		entry_find(node_find(name, text), ZEBRA_ROUTE_TABLE);

	ck_assert_ptr_nonnull(re);
	re->nhe = &group_get(&re->nhe->nhg, false)->nhe;
	re->nhe_id = re->nhe->id;
}

void model_react(const char *target, const char *source,
		 enum model_reaction reaction)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(target);
	struct route_node *rn;
	size_t i = 0;

	while (i < reactions_count && !(strmatch(reactions[i].target, target) &&
					strmatch(reactions[i].source, source)))
		i++;
	ck_assert(i < array_size(reactions));
	if (i == reactions_count)
		reactions_count++;
	strlcpy(reactions[i].target, target, sizeof(reactions[i].target));
	strlcpy(reactions[i].source, source, sizeof(reactions[i].source));
	reactions[i].reaction = reaction;
	for (int af = 0; vrf && af < VRFLEAK_AF_MAX; af++)
		for (rn = route_top(vrf->tables[af]); rn; rn = route_next(rn))
			if (rn->info)
				rib_queue_add(rn);
}

/* ---- running ---- */

void model_policy(const char *text)
{
	struct vrfleak_policy *policy = policy_read(text);

	vrfleak_policy_compile(policy);
	vrfleak_policy_apply(policy);
}

static bool time_is_up;

static void run_end(struct vrfleak_event *event)
{
	time_is_up = true;
}

static void event_next(void)
{
	struct vrfleak_event event;

	if (event_fetch(model.loop, &event))
		event_call(&event);
	if (model.auto_process)
		model_process_all();
}

void model_run(uint32_t msec)
{
	struct vrfleak_event *end = NULL;

	time_is_up = false;
	event_add_timer_msec(model.loop, run_end, NULL, msec, &end);
	while (!time_is_up)
		event_next();
}

bool model_step(void)
{
	struct vrfleak_event *end = NULL;

	time_is_up = false;
	event_add_timer_msec(model.loop, run_end, NULL, 0, &end);
	event_next();
	if (!time_is_up)
		event_cancel(&end);
	return !time_is_up;
}

/* Retries are at most a minute apart, and double. */
#define SETTLE_MSEC 300000

void model_settle(void)
{
	model.auto_process = true;
	model_process_all();
	model_run(SETTLE_MSEC);
	ck_assert_msg(
		!vrfleak_scheduler_busy(),
		"still busy: %zu changed prefixes, %zu pending routes, %zu walks",
		vrfleak_changed_count(), vrfleak_pending_count(),
		vrfleak_queue_walks());
}

void model_start(void)
{
	static const struct model initial = {
		.budget = 1000,
		.hook_calls = 2,
		.auto_process = true,
	};

	zlog_aux_init("NONE: ", ZLOG_DISABLED);
	log_ref_init();
	vrfleak_errors_init();
	model = initial;
	model.loop = event_master_create("model");
	vrfleak_conflict_log_init(model.loop);
	vrfleak_scheduler_init(model.loop);
	vrfleak_leaked_count_init(model.loop);
}

void model_stop(void)
{
	vrfleak_leaked_count_finish();
	vrfleak_scheduler_finish();
	vrfleak_conflict_log_finish();
	for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
		if (zebra_vrfs[i].used)
			model_vrf_delete(zebra_vrfs[i].name);
	groups_free();
	event_cancel(&kernel_event);
	event_master_free(model.loop);
	log_ref_fini();
	reactions_count = 0;
}

/* ---- results ---- */

void model_count_begin(void)
{
	memset(&model.counts, 0, sizeof(model.counts));
	memset(model.decided, 0, sizeof(model.decided));
}

struct vrfleak_vrf *model_vrf(const char *name)
{
	return vrfleak_vrf_by_name(name);
}

uint32_t model_decisions(const char *target)
{
	return model.decided[model_vrf(target)->index % MODEL_VRFS_MAX];
}

/* The last byte of the gateway. */
static uint8_t entry_gateway(const struct route_entry *re)
{
	return ntohl(re->nhe->nhg.nexthop->gate.ipv4.s_addr) & 0xff;
}

static const struct route_entry *entry_selected(struct route_node *rn)
{
	struct route_entry *re;

	if (rn)
		RNODE_FOREACH_RE (rn, re)
			if (CHECK_FLAG(re->flags, ZEBRA_FLAG_SELECTED) &&
			    !CHECK_FLAG(re->status, ROUTE_ENTRY_FAILED))
				return re;
	return NULL;
}

static const char *entry_owner(const struct route_entry *re)
{
	const struct vrfleak_vrf *source;

	if (re->type != ZEBRA_ROUTE_TABLE)
		return "native";
	source = vrfleak_vrf_by_instance(re->instance);
	return source ? source->name : "?";
}

static int text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The candidates by name, each with a space before it. */
static void candidates_print(const struct vrfleak_conflict *conflict,
			     char *text, size_t size)
{
	char *words[MODEL_VRFS_MAX];
	char buffer[MODEL_VRFS_MAX][80];
	const struct vrfleak_candidate *candidate;

	for (uint16_t i = 0; i < conflict->count; i++) {
		candidate = &conflict->candidates[i];
		snprintf(buffer[i], sizeof(buffer[i]), " %s=%s",
			 vrfleak_vrf_by_index(candidate->source)->name,
			 vrfleak_reason2str(candidate->reason));
		words[i] = buffer[i];
	}
	qsort(words, conflict->count, sizeof(*words), text_cmp);
	for (uint16_t i = 0; i < conflict->count; i++)
		strlcat(text, words[i], size);
}

const char *model_state(const char *name, const char *text)
{
	static char state[1024];
	struct prefix prefix = P(text);
	const struct vrfleak_vrf *vrf = model_vrf(name);
	const struct route_entry *re = entry_selected(node_find(name, text));
	const struct vrfleak_conflict *conflict;

	if (!re)
		snprintf(state, sizeof(state), "-");
	else
		snprintf(state, sizeof(state), "%s.%u", entry_owner(re),
			 entry_gateway(re));
	conflict = vrf ? vrfleak_conflict_find(&vrfleak_queue.conflicts,
					       vrf->index, &prefix)
		       : NULL;
	if (conflict)
		candidates_print(conflict, state, sizeof(state));
	return state;
}

uint32_t model_leaked_count(const char *name, enum vrfleak_af af)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);
	const struct route_entry *re;
	struct route_node *rn;
	uint32_t count = 0;

	for (rn = route_top(vrf->tables[af]); rn; rn = route_next(rn)) {
		re = rn->info ? entry_selected(rn) : NULL;
		count += re && re->type == ZEBRA_ROUTE_TABLE;
	}
	return count;
}

/* ---- the same, computed without the module ---- */

static const struct route_entry *native_of(const char *name,
					   const struct prefix *prefix)
{
	struct model_zebra_vrf *vrf = zebra_vrf_find(name);
	struct route_node *rn =
		vrf ? route_node_lookup(table_for(vrf, prefix), prefix) : NULL;
	const struct route_entry *re;

	if (rn)
		route_unlock_node(rn);
	re = entry_find(rn, ZEBRA_ROUTE_STATIC);
	if (!re)
		re = entry_find(rn, ZEBRA_ROUTE_BGP);
	return re ? re : entry_find(rn, ZEBRA_ROUTE_KERNEL);
}

static bool match_denied(const struct vrfleak_tag_match *match)
{
	const char *maps[] = {match->export->map, match->import->map};

	for (size_t i = 0; i < array_size(maps); i++)
		if (maps[i] && model.denying_map &&
		    strmatch(maps[i], model.denying_map))
			return true;
	return false;
}

/* Whether a native route leads into the target, or is an imported leaked one.
 */
static bool leads_elsewhere(const struct route_entry *native,
			    const char *target)
{
	vrf_id_t to = native->nhe->nhg.nexthop->vrf_id;

	if (native->type == ZEBRA_ROUTE_BGP && native->distance == 254 &&
	    to != native->vrf_id)
		return true;
	return to == zebra_vrf_find(target)->vrf.vrf_id;
}

/* What the rules say of a source, for a prefix in a target. */
struct expected {
	bool offers;
	bool accepted;
	uint8_t gateway;
	uint8_t distance;
	uint32_t rank;
};

static struct expected expected_of(const struct vrfleak_pair *pair,
				   const char *target,
				   const struct prefix *prefix)
{
	const struct route_entry *native = native_of(pair->peer->name, prefix);
	struct expected expected = {.accepted = true};
	uint32_t match = 0;

	while (match < pair->matches_count &&
	       match_denied(&pair->matches[match]))
		match++;
	if (!native || match == pair->matches_count ||
	    !CHECK_FLAG(native->flags, ZEBRA_FLAG_SELECTED) ||
	    leads_elsewhere(native, target))
		return expected;
	expected.offers = true;
	expected.distance = pair->matches[match].import->distance;
	expected.rank = pair->matches[match].rank;
	expected.gateway = entry_gateway(native);
	for (size_t i = 0; i < reactions_count; i++)
		if (strmatch(reactions[i].target, target) &&
		    strmatch(reactions[i].source, pair->peer->name))
			expected.accepted =
				reactions[i].reaction == MODEL_ACCEPT;
	return expected;
}

/* The reason for which a source waits, or -1. */
static int reason_of(const char *target, const struct prefix *prefix,
		     const char *source)
{
	const struct vrfleak_conflict *conflict = vrfleak_conflict_find(
		&vrfleak_queue.conflicts, model_vrf(target)->index, prefix);

	const struct vrfleak_candidate *candidate =
		vrfleak_conflict_candidate(conflict, model_vrf(source)->index);

	return candidate ? (int)candidate->reason : -1;
}

static uint32_t leaked_entries(struct route_node *rn)
{
	struct route_entry *re;
	uint32_t count = 0;

	if (rn)
		RNODE_FOREACH_RE (rn, re)
			count += re->type == ZEBRA_ROUTE_TABLE;
	return count;
}

/* What a target must have for a prefix. */
struct check {
	const char *name;
	const struct prefix *prefix;
	const struct route_entry *native;
	/* The leaked route that zebra has selected, and its source, or NULL. */
	const struct route_entry *leaked;
	const char *owner;
	bool preempt;
	/* Of the owner. */
	uint32_t rank;
	/* Any source offers the prefix and may have it. */
	bool possible;
	uint32_t waiting;
	char text[PREFIX2STR_BUFFER];
	const char *state;
};

static bool native_blocks(const struct check *check,
			  const struct expected *expected)
{
	return check->native && check->native->distance <= expected->distance;
}

static bool is_owner(const struct check *check, const struct vrfleak_pair *pair)
{
	return check->owner && strmatch(check->owner, pair->peer->name);
}

static void owner_check(struct check *check, const struct expected *expected)
{
	check->rank = expected->rank;
	ck_assert_msg(expected->offers && !native_blocks(check, expected) &&
			      check->leaked->distance == expected->distance &&
			      entry_gateway(check->leaked) == expected->gateway,
		      "%s in %s: %s", check->text, check->name, check->state);
}

/*
 * A source that waits. One that was not accepted may wait for that reason
 * although it would be accepted now, if the target preempts.
 */
static void candidate_check(struct check *check, const char *source,
			    const struct expected *expected)
{
	bool blocked = native_blocks(check, expected);
	int reason = reason_of(check->name, check->prefix, source);
	bool rejected = reason == VRFLEAK_NOT_ACCEPTED;

	check->waiting++;
	if (rejected)
		ck_assert_msg(!(blocked && !check->owner) &&
				      (!expected->accepted ||
				       (check->owner && check->preempt)),
			      "%s in %s: %s not accepted: %s", check->text,
			      check->name, source, check->state);
	else
		ck_assert_msg(reason == (check->owner ? VRFLEAK_OTHER_SOURCE
						      : VRFLEAK_NATIVE) &&
				      (check->owner || blocked),
			      "%s in %s: %s waits for reason %d: %s",
			      check->text, check->name, source, reason,
			      check->state);
	ck_assert_msg(!check->owner || !check->preempt || rejected || blocked ||
			      expected->rank > check->rank,
		      "%s in %s: %s is better: %s", check->text, check->name,
		      source, check->state);
}

static void sources_check(struct check *check,
			  const struct vrfleak_pairs *pairs)
{
	struct expected expected;

	for (uint32_t i = 0; i < pairs->count; i++)
		if (is_owner(check, &pairs->pair[i])) {
			expected = expected_of(&pairs->pair[i], check->name,
					       check->prefix);
			owner_check(check, &expected);
		}
	for (uint32_t i = 0; i < pairs->count; i++) {
		expected = expected_of(&pairs->pair[i], check->name,
				       check->prefix);
		if (!expected.offers)
			continue;
		check->possible =
			check->possible ||
			(expected.accepted && !native_blocks(check, &expected));
		if (!is_owner(check, &pairs->pair[i]))
			candidate_check(check, pairs->pair[i].peer->name,
					&expected);
	}
}

static void prefix_check(const char *name, const struct prefix *prefix)
{
	const struct vrfleak_vrf_policy *policy =
		vrfleak_policy_find(vrfleak_queue.policy, name);
	enum vrfleak_af af = vrfleak_prefix_af(prefix);
	struct check check = {
		.name = name,
		.prefix = prefix,
		.native = native_of(name, prefix),
		.preempt = policy && policy->preempt[af],
	};
	const struct vrfleak_conflict *conflict = NULL;

	prefix2str(prefix, check.text, sizeof(check.text));
	check.state = model_state(name, check.text);
	check.leaked = entry_selected(node_find(name, check.text));
	if (check.leaked && check.leaked->type == ZEBRA_ROUTE_TABLE)
		check.owner = entry_owner(check.leaked);
	ck_assert_msg(leaked_entries(node_find(name, check.text)) ==
			      !!check.owner,
		      "%s in %s: %u leaked routes: %s", check.text, name,
		      leaked_entries(node_find(name, check.text)), check.state);
	if (policy)
		sources_check(&check, &policy->sources[af]);
	/* The backup. */
	if (check.owner && check.native) {
		check.waiting++;
		ck_assert_int_eq(reason_of(name, prefix, name),
				 VRFLEAK_HIGHER_DISTANCE);
	}
	if (model_vrf(name))
		conflict =
			vrfleak_conflict_find(&vrfleak_queue.conflicts,
					      model_vrf(name)->index, prefix);
	ck_assert_msg((conflict ? conflict->count : 0) == check.waiting,
		      "%s in %s: %u should wait: %s", check.text, name,
		      check.waiting, check.state);
	ck_assert_msg(!!check.owner == check.possible,
		      "%s in %s: somebody may have it: %d: %s", check.text,
		      name, check.possible, check.state);
}

static void table_check(struct route_table *table)
{
	struct route_node *rn;
	struct prefix prefix;

	for (rn = route_top(table); rn; rn = route_next(rn)) {
		if (!rn->info)
			continue;
		prefix_copy(&prefix, &rn->p);
		for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
			if (zebra_vrfs[i].used)
				prefix_check(zebra_vrfs[i].name, &prefix);
	}
}

void model_check_all(void)
{
	const struct vrfleak_conflict *conflict = NULL;
	struct prefix prefix;

	for (size_t i = 0; i < MODEL_VRFS_MAX; i++)
		for (int af = 0; zebra_vrfs[i].used && af < VRFLEAK_AF_MAX;
		     af++)
			table_check(zebra_vrfs[i].tables[af]);
	/* Nobody waits for a prefix that nobody has. */
	while ((conflict = vrfleak_conflict_after(&vrfleak_queue.conflicts,
						  conflict))) {
		vrfleak_conflict_prefix(conflict, &prefix);
		for (uint16_t i = 0; i < conflict->count; i++)
			ck_assert_ptr_nonnull(native_of(
				vrfleak_vrf_by_index(
					conflict->candidates[i].source)
					->name,
				&prefix));
	}
}
