// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the comparison of versions and of sizes of structures.
 * The FRR that runs is the libfrr that the test is linked with.
 */
#include <zebra.h>

#include "lib/nexthop.h"

#include "zebra_vrfleak/base/fits.h"
#include "check_vrfleak.h"

static void allocate(void)
{
	nexthop_free(nexthop_new());
}

START_TEST(fits)
{
	const struct vrfleak_size sizes[] = {
		{"Nexthop", sizeof(struct nexthop)},
		/* Not allocated so far, and no memory type at all. */
		{"VRF", 1},
		{"Route leak test", 1},
	};

	allocate();
	ck_assert_ptr_null(vrfleak_misfit(sizes, array_size(sizes)));
	ck_assert_ptr_null(vrfleak_misfit(NULL, 0));
}
END_TEST

START_TEST(other_size)
{
	const struct vrfleak_size sizes[] = {
		{"VRF", 1},
		{"Nexthop", sizeof(struct nexthop) + 8},
	};
	char wanted[128];
	const char *text;

	snprintf(wanted, sizeof(wanted),
		 "there \"Nexthop\" has %zu bytes, here %zu",
		 sizeof(struct nexthop) + 8, sizeof(struct nexthop));
	allocate();
	text = vrfleak_misfit(sizes, array_size(sizes));
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(strstr(text, wanted));
	ck_assert_ptr_nonnull(strstr(text, VRFLEAK_FRR_VERSION));
}
END_TEST

START_TEST(multipath)
{
	const char *text;

	ck_assert_ptr_null(vrfleak_multipath_misfit(MULTIPATH_NUM));
	/* zebra -e 1 */
	ck_assert_ptr_null(vrfleak_multipath_misfit(1));
	text = vrfleak_multipath_misfit(MULTIPATH_NUM + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(strstr(text, "next hops in a route"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fits");
	TCase *tcase = tcase_create("fits");

	tcase_add_test(tcase, fits);
	tcase_add_test(tcase, other_size);
	tcase_add_test(tcase, multipath);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
