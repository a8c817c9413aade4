// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the queue of work, see the header.
 */
#include <zebra.h>

#include "zebra_vrfleak/leak/queue.h"

struct vrfleak_queue vrfleak_queue;

static struct vrfleak_event_loop *queue_loop;
static struct vrfleak_event *queue_event;
static void (*queue_worker)(void);

static void queue_run(struct vrfleak_event *event)
{
	queue_worker();
}

void vrfleak_queue_wake(void)
{
	event_add_event(queue_loop, queue_run, NULL, 0, &queue_event);
}

void vrfleak_queue_prefix(const struct prefix *prefix, uint32_t vrf)
{
	vrfleak_prefix_queue_add(&vrfleak_queue.prefixes, 0, prefix, vrf);
	vrfleak_queue_wake();
}

static void walk_add(enum vrfleak_walk_kind kind, enum vrfleak_af af,
		     const struct vrfleak_vrf *target, uint32_t rank,
		     uint32_t source)
{
	vrfleak_walk_enqueue(&vrfleak_queue.walks, kind, af, target->index,
			     rank, source);
	vrfleak_queue_wake();
}

void vrfleak_queue_import(const struct vrfleak_vrf *source,
			  const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_pair *pair =
		vrfleak_policy_source(target->policy, af, source->name);

	walk_add(VRFLEAK_WALK_IMPORT, af, target, pair->rank, source->index);
	vrfleak_native_list_drop(&vrfleak_queue.native_lists, source->index,
				 af);
}

void vrfleak_queue_revalidation(const struct vrfleak_vrf *target,
				enum vrfleak_af af)
{
	walk_add(VRFLEAK_WALK_REVALIDATE, af, target, 0, 0);
	vrfleak_queue.revalidations++;
}

void vrfleak_queue_refilter(const struct vrfleak_vrf *source,
			    const struct vrfleak_vrf *target,
			    enum vrfleak_af af)
{
	const struct vrfleak_pair *pair =
		vrfleak_policy_source(target->policy, af, source->name);

	walk_add(VRFLEAK_WALK_REFILTER, af, target, 0, 0);
	vrfleak_walk_enqueue_unleaked(&vrfleak_queue.walks, af, target->index,
				      pair->rank, source->index);
	vrfleak_native_list_drop(&vrfleak_queue.native_lists, source->index,
				 af);
	vrfleak_queue.revalidations++;
}

void vrfleak_queue_headroom(const struct vrfleak_vrf *target,
			    enum vrfleak_af af)
{
	walk_add(VRFLEAK_WALK_HEADROOM, af, target, 0, 0);
}

/* A queued one must complete: do not request a restart. */
static void walk_add_once(enum vrfleak_walk_kind kind,
			  const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_walk key = {
		.kind = kind,
		.af = af,
		.target = target->index,
	};

	if (!vrfleak_walk_queue_find(&vrfleak_queue.walks, &key))
		walk_add(kind, af, target, 0, 0);
}

static void walk_add_all(enum vrfleak_walk_kind kind)
{
	struct vrfleak_vrf *vrf;

	for (vrf = vrfleak_vrf_next(NULL); vrf; vrf = vrfleak_vrf_next(vrf))
		for (int af = 0; vrf->policy && af < VRFLEAK_AF_MAX; af++)
			if (vrf->policy->sources[af].count)
				walk_add_once(kind, vrf, af);
}

void vrfleak_queue_resync_all(void)
{
	walk_add_all(VRFLEAK_WALK_RESYNC);
}

void vrfleak_queue_refused_all(void)
{
	walk_add_all(VRFLEAK_WALK_REFUSED);
}

void vrfleak_queue_target(const struct vrfleak_vrf *target, enum vrfleak_af af)
{
	const struct vrfleak_pairs *sources;

	vrfleak_queue_revalidation(target, af);
	if (!target->policy)
		return;
	sources = &target->policy->sources[af];
	for (uint32_t i = 0; i < sources->count; i++)
		vrfleak_queue_import(sources->pair[i].peer->vrf, target, af);
}

void vrfleak_queue_vrf(const struct vrfleak_vrf *vrf)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		const struct vrfleak_pairs *targets;

		vrfleak_queue_target(vrf, af);
		if (!vrf->policy)
			continue;
		targets = &vrf->policy->targets[af];
		for (uint32_t i = 0; i < targets->count; i++) {
			vrfleak_queue_revalidation(targets->pair[i].peer->vrf,
						   af);
			vrfleak_queue_import(vrf, targets->pair[i].peer->vrf,
					     af);
		}
	}
}

size_t vrfleak_queue_walks(void)
{
	return vrfleak_walk_queue_count(&vrfleak_queue.walks);
}

uint32_t vrfleak_queue_sources(const struct vrfleak_vrf *target,
			       enum vrfleak_af af, uint32_t *sources,
			       uint32_t size)
{
	return vrfleak_walk_queue_sources(&vrfleak_queue.walks, af,
					  target->index, sources, size);
}

void vrfleak_queue_init(struct vrfleak_event_loop *loop, void (*run)(void))
{
	queue_loop = loop;
	queue_worker = run;
	vrfleak_prefix_queue_init(&vrfleak_queue.prefixes);
	vrfleak_walk_queue_init(&vrfleak_queue.walks);
	vrfleak_native_lists_init(&vrfleak_queue.native_lists);
	vrfleak_conflict_table_init(&vrfleak_queue.conflicts);
}

void vrfleak_queue_finish(void)
{
	event_cancel(&queue_event);
	vrfleak_prefix_queue_finish(&vrfleak_queue.prefixes);
	vrfleak_walk_queue_finish(&vrfleak_queue.walks);
	vrfleak_native_lists_clear(&vrfleak_queue.native_lists);
	vrfleak_native_lists_fini(&vrfleak_queue.native_lists);
	vrfleak_conflict_table_finish(&vrfleak_queue.conflicts);
	vrfleak_names_clear(&vrfleak_queue.changed_filters);
}
