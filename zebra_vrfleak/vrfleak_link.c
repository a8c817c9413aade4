// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the interfaces that leaked routes go by, see the header.
 */
#include <zebra.h>

#include "lib/if.h"
#include "lib/jhash.h"
#include "lib/monotime.h"
#include "lib/nexthop.h"
#include "lib/typesafe.h"
#include "zebra/interface.h"

#include "zebra_vrfleak/vrfleak_link.h"
#include "zebra_vrfleak/vrfleak_memory.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_LINK, "Route leak interface");

PREDECL_HASH(links);

struct link {
	struct links_item item;
	ifindex_t ifindex;
	vrf_id_t vrf_id;
	/* Which interface it was, and how often that had gone down, when it was
	 * last looked at.
	 */
	uint64_t id;
	uint32_t downs;
	/* monotime() seconds when something was seen to be gone; 0: never. */
	time_t gone;
};

static int link_cmp(const struct link *a, const struct link *b)
{
	return numcmp(a->ifindex, b->ifindex);
}

static uint32_t link_hash(const struct link *link)
{
	return jhash_1word((uint32_t)link->ifindex, 0);
}

DECLARE_HASH(links, struct link, item, link_cmp, link_hash);

static struct links_head all_links;
/* The same for all of them. */
static time_t all_gone;

/* Look at a next hop's interface; NULL where it has none. */
static struct link *link_look(const struct nexthop *nexthop)
{
	const struct interface *ifp =
		if_lookup_by_index(nexthop->ifindex, nexthop->vrf_id);
	const struct zebra_if *zif = ifp ? ifp->info : NULL;
	struct link wanted = {.ifindex = nexthop->ifindex};
	struct link *link;

	if (!zif)
		return NULL;
	link = links_find(&all_links, &wanted);
	if (!link) {
		link = XCALLOC(MTYPE_VRFLEAK_LINK, sizeof(*link));
		link->ifindex = nexthop->ifindex;
		links_add(&all_links, link);
	} else if (link->id != ifp->qobj_node.nid ||
		   link->downs != zif->down_count) {
		link->gone = monotime(NULL);
	}
	link->vrf_id = nexthop->vrf_id;
	link->id = ifp->qobj_node.nid;
	link->downs = zif->down_count;
	return link;
}

void vrfleak_link_note(const struct nexthop_group *nexthops)
{
	const struct nexthop *nexthop;

	for (nexthop = nexthops->nexthop; nexthop; nexthop = nexthop->next)
		link_look(nexthop);
}

void vrfleak_link_address_gone(ifindex_t ifindex)
{
	struct link wanted = {.ifindex = ifindex};
	struct link *link = links_find(&all_links, &wanted);

	if (link)
		link->gone = monotime(NULL);
}

void vrfleak_link_all_gone(void)
{
	all_gone = monotime(NULL);
}

bool vrfleak_link_lost(const struct route_entry *leaked)
{
	const struct nexthop *nexthop = leaked->nhe->nhg.nexthop;
	bool lost = leaked->uptime <= all_gone;
	const struct link *link;

	for (; nexthop && !lost; nexthop = nexthop->next) {
		link = link_look(nexthop);
		lost = link && leaked->uptime <= link->gone;
	}
	return lost;
}

void vrfleak_links_forget(bool all)
{
	struct link *link;

	frr_each_safe (links, &all_links, link) {
		if (!all && if_lookup_by_index(link->ifindex, link->vrf_id))
			continue;
		links_del(&all_links, link);
		XFREE(MTYPE_VRFLEAK_LINK, link);
	}
}

void vrfleak_links_init(void)
{
	links_init(&all_links);
}

void vrfleak_links_finish(void)
{
	vrfleak_links_forget(true);
	links_fini(&all_links);
	all_gone = 0;
}
