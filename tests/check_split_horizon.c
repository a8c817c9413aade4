// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of routes that lead to another VRF than their own.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "rib_model.h"

#define PREFIX "203.0.113.0/24"

/* a and b leak to each other and to c. */
static void setup(void)
{
	model_start();
	model_vrf_add("a", 11, 1);
	model_vrf_add("b", 12, 2);
	model_vrf_add("c", 13, 3);
	model_policy("a>1:1 b>2:2 a<2:2 b<1:1 c<1:1 c<2:2");
	model_settle();
}

static void teardown(void)
{
	model_stop();
}

/* What a, b and c have for the prefix. */
static void states_are(const char *a, const char *b, const char *c)
{
	ck_assert_str_eq(model_state("a", PREFIX), a);
	ck_assert_str_eq(model_state("b", PREFIX), b);
	ck_assert_str_eq(model_state("c", PREFIX), c);
}

/* A static route of a with 'nexthop-vrf b'. */
START_TEST(static_route)
{
	model.nexthop_vrf = "b";
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "-", "a.1");
	model_check_all();
}
END_TEST

/* The route turns to b and back. */
START_TEST(turns)
{
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "a.1", "a.1");
	model.nexthop_vrf = "b";
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "-", "a.1");
	model.nexthop_vrf = NULL;
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "a.1", "a.1");
	model_check_all();
}
END_TEST

/* b has what a imports from it by bgpd: no conflict in b. */
START_TEST(both)
{
	model_native("b", PREFIX, 2);
	model.nexthop_vrf = "b";
	model.bgp_routes = true;
	model.distance = 20;
	model_native("a", PREFIX, 2);
	model_settle();
	states_are("native.2 b=native-route", "native.2", "a.2 b=other-source");
	model_check_all();
	model_native_delete("b", PREFIX);
	model_settle();
	states_are("native.2", "-", "a.2");
	model_check_all();
}
END_TEST

/*
 * a's route is leaked to b, redistributed there into BGP, and imported in a
 * again. When a loses its own route, the imported one must not keep it alive,
 * neither in b nor in c.
 */
START_TEST(imported_leak)
{
	model_native("a", PREFIX, 1);
	model_settle();
	model.nexthop_vrf = "b";
	model.bgp_routes = true;
	model.distance = 254;
	model_native_delete("a", PREFIX);
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "-", "-");
	model_check_all();
}
END_TEST

/* The same, where the imported route got another distance. */
START_TEST(imported_leak_with_distance)
{
	model_native("b", PREFIX, 1);
	model_settle();
	states_are("b.1", "native.1", "b.1");
	model.nexthop_vrf = "c";
	model.bgp_routes = true;
	model.distance = 20;
	model_native("a", PREFIX, 1);
	model_settle();
	/* As a has a native route now, and c's copy is not a's. */
	states_are("native.1 b=native-route", "native.1", "b.1");
}
END_TEST

/* BGP routes of a VRF's own are leaked, whatever their distance. */
START_TEST(own_bgp_route)
{
	model.bgp_routes = true;
	model.distance = 254;
	model_native("a", PREFIX, 1);
	model_settle();
	states_are("native.1", "a.1", "a.1");
	model_check_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("split horizon");
	TCase *tests = tcase_create("split horizon");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, static_route);
	tcase_add_test(tests, turns);
	tcase_add_test(tests, both);
	tcase_add_test(tests, imported_leak);
	tcase_add_test(tests, imported_leak_with_distance);
	tcase_add_test(tests, own_bgp_route);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
