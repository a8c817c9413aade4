// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the state of the interfaces that leaked routes use, see the header.
 */
#include <zebra.h>

#include "lib/if.h"
#include "lib/jhash.h"
#include "lib/monotime.h"
#include "lib/nexthop.h"
#include "lib/typesafe.h"
#include "lib/vrf.h"
#include "zebra/interface.h"
#include "zebra/zebra_router.h"

#include "zebra_vrfleak/core/memory.h"
#include "zebra_vrfleak/rib/link_state.h"

DEFINE_MTYPE_STATIC(VRFLEAK, VRFLEAK_LINK, "Route leak interface");

PREDECL_HASH(links);

/*
 * A point in time: monotime() seconds, then the order of dataplane operations.
 */
struct moment {
	time_t second;
	uint32_t sequence;
};

struct link {
	struct links_item item;
	ifindex_t ifindex;
	vrf_id_t vrf_id;
	/*
	 * As of the last comparison with zebra's interface: its identity, how
	 * often it had gone down, and the number of its IPv4 addresses.
	 */
	uint64_t id;
	uint32_t downs;
	uint32_t addresses;
	/* The kernel has reported a deleted IPv4 address since. */
	bool address_gone;
	/*
	 * When routes through it were found to be lost: those of both families,
	 * and those of IPv4. All 0 for never.
	 */
	struct moment gone;
	struct moment ipv4_gone;
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

static struct moment moment_now(void)
{
	return (struct moment){monotime(NULL),
			       zebra_router_get_next_sequence()};
}

/*
 * Whether zebra's last operation on a route was before a moment. Both take
 * their sequence from the same counter; 0 means no operation yet.
 */
static bool is_before(const struct route_entry *re, const struct moment *moment)
{
	if (re->uptime != moment->second)
		return re->uptime < moment->second;
	return re->dplane_sequence &&
	       (int32_t)(re->dplane_sequence - moment->sequence) < 0;
}

/*
 * When an interface loses its last IPv4 address, the kernel deletes the IPv4
 * routes through it. If the interface had one address, lost one and has one
 * again, then the last address was deleted and added again.
 */
static void addresses_compare(struct link *link, const struct interface *ifp)
{
	uint32_t addresses = vrfleak_ipv4_addresses(ifp);
	bool again = link->address_gone && addresses == 1;

	if (link->addresses && (!addresses || (link->addresses == 1 && again)))
		link->ipv4_gone = moment_now();
	link->addresses = addresses;
	link->address_gone = false;
}

/*
 * The interface, or NULL. libfrr searches all VRFs one after the other, so the
 * interface's own VRF comes first: with a thousand VRFs that is a thousand
 * lookups less.
 */
static const struct interface *interface_find(ifindex_t ifindex,
					      vrf_id_t vrf_id)
{
	struct vrf *vrf = vrf_lookup_by_id(vrf_id);
	const struct interface *ifp = NULL;
	struct interface key;

	key.ifindex = ifindex;
	if (vrf)
		ifp = RB_FIND(if_index_head, &vrf->ifaces_by_index, &key);
	return ifp ? ifp : if_lookup_by_index(ifindex, vrf_id);
}

/*
 * The interface of a next hop, or NULL. Zebra's next-hop group of a single next
 * hop has it, so that it need not be searched for: known, or NULL.
 */
static const struct interface *nexthop_interface(const struct nexthop *nexthop,
						 const struct interface *known)
{
	if (known && known->ifindex == nexthop->ifindex &&
	    known->vrf->vrf_id == nexthop->vrf_id)
		return known;
	return interface_find(nexthop->ifindex, nexthop->vrf_id);
}

/* Find and refresh a next hop's interface. Returns NULL if it has none. */
static struct link *link_refresh(const struct nexthop *nexthop,
				 const struct interface *known)
{
	const struct interface *ifp = nexthop_interface(nexthop, known);
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
		link->gone = moment_now();
	}
	addresses_compare(link, ifp);
	link->vrf_id = nexthop->vrf_id;
	link->id = ifp->qobj_node.nid;
	link->downs = zif->down_count;
	return link;
}

void vrfleak_link_note(const struct nexthop_group *nexthops)
{
	const struct nexthop *nexthop;

	for (nexthop = nexthops->nexthop; nexthop; nexthop = nexthop->next)
		link_refresh(nexthop, NULL);
}

void vrfleak_link_address_gone(ifindex_t ifindex)
{
	struct link wanted = {.ifindex = ifindex};
	struct link *link = links_find(&all_links, &wanted);

	if (link)
		link->address_gone = true;
}

bool vrfleak_link_lost(const struct route_entry *leaked, enum vrfleak_af af)
{
	const struct nexthop *nexthop = leaked->nhe->nhg.nexthop;
	const struct link *link;
	bool lost = false;

	for (; nexthop && !lost; nexthop = nexthop->next) {
		link = link_refresh(nexthop, leaked->nhe->ifp);
		lost = link && (is_before(leaked, &link->gone) ||
				(af == VRFLEAK_IPV4 &&
				 is_before(leaked, &link->ipv4_gone)));
	}
	return lost;
}

void vrfleak_links_forget(bool all)
{
	struct link *link;

	frr_each_safe (links, &all_links, link) {
		if (!all && interface_find(link->ifindex, link->vrf_id))
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
}
