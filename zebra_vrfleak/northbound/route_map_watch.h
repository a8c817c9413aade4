// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: detects changes of the route-maps of export and import statements,
 * and of the lists that these use.
 *
 * Zebra has no hook for this. The northbound reports the commits that touch
 * them:
 *
 *   commit ---> 1 s after the first one: revalidate the routes whose route-maps
 *               are affected
 *          ---> 1 s later: log likely mistakes
 */
#ifndef _VRFLEAK_NORTHBOUND_ROUTE_MAP_WATCH_H
#define _VRFLEAK_NORTHBOUND_ROUTE_MAP_WATCH_H

#include "zebra_vrfleak/base/compat.h"

extern void vrfleak_route_map_watch_init(struct vrfleak_event_loop *loop);
extern void vrfleak_route_map_watch_finish(void);

/*
 * The statements with route-maps have changed: log likely mistakes. The routes
 * of these statements are walked anyway.
 */
extern void vrfleak_route_map_watch_statements(void);

#endif /* _VRFLEAK_NORTHBOUND_ROUTE_MAP_WATCH_H */
