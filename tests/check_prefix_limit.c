// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the counts of import statements with maximum-prefix.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/prefix_limit.h"
#include "check_vrfleak.h"

#define TARGET 7

static struct vrfleak_statement statement_make(vrfleak_tag_t tag, uint32_t max,
					       uint8_t threshold,
					       bool warning_only)
{
	return (struct vrfleak_statement){
		.tag = tag,
		.limit = {max, threshold, warning_only},
	};
}

static unsigned int counted(struct vrfleak_limits *limits, const char *text,
			    const struct vrfleak_statement *statement)
{
	struct prefix prefix;

	str2prefix(text, &prefix);
	return vrfleak_limits_assign(limits, TARGET, &prefix, statement);
}

static bool headroom(struct vrfleak_limits *limits, const char *text,
		     const struct vrfleak_statement *statement)
{
	struct prefix prefix;

	str2prefix(text, &prefix);
	return vrfleak_limits_headroom(limits, TARGET, &prefix, statement);
}

static uint32_t count(struct vrfleak_limits *limits,
		      const struct vrfleak_statement *statement)
{
	return vrfleak_limits_count(limits, TARGET, VRFLEAK_IPV4, statement);
}

START_TEST(counts)
{
	struct vrfleak_statement one = statement_make(1, 2, 100, false);
	struct vrfleak_statement two = statement_make(2, 9, 100, false);
	struct vrfleak_limits limits;

	vrfleak_limits_init(&limits);
	ck_assert(!vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV4));
	counted(&limits, "192.0.2.0/24", &one);
	counted(&limits, "192.0.2.0/24", &one);
	ck_assert_uint_eq(count(&limits, &one), 1);

	/* Other targets and families have no counts. */
	ck_assert(vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV4));
	ck_assert(!vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV6));
	ck_assert(!vrfleak_limits_any(&limits, TARGET - 1, VRFLEAK_IPV4));
	ck_assert(!vrfleak_limits_any(&limits, TARGET + 1, VRFLEAK_IPV4));

	/* Other families and targets are counted separately. */
	counted(&limits, "2001:db8::/32", &one);
	ck_assert_uint_eq(count(&limits, &one), 1);
	ck_assert_uint_eq(
		vrfleak_limits_count(&limits, TARGET + 1, VRFLEAK_IPV4, &one),
		0);
	counted(&limits, "192.0.2.0/25", &one);
	ck_assert_uint_eq(count(&limits, &one), 2);

	/* Counted for another statement, then for none. */
	counted(&limits, "192.0.2.0/25", &two);
	ck_assert_uint_eq(count(&limits, &one), 1);
	ck_assert_uint_eq(count(&limits, &two), 1);
	counted(&limits, "192.0.2.0/25", NULL);
	counted(&limits, "192.0.2.0/25", NULL);
	ck_assert_uint_eq(count(&limits, &two), 0);

	vrfleak_limits_forget(&limits, TARGET + 1);
	ck_assert_uint_eq(count(&limits, &one), 1);
	vrfleak_limits_forget(&limits, TARGET);
	ck_assert(!vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV4));
	ck_assert(!vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV6));
	counted(&limits, "192.0.2.0/25", &one);
	vrfleak_limits_finish(&limits);
}
END_TEST

/* Imports by name are counted apart from each other and from tags. */
START_TEST(counts_by_name)
{
	struct vrfleak_statement tag = statement_make(1, 2, 100, false);
	struct vrfleak_statement red = statement_make(0, 1, 100, false);
	struct vrfleak_statement blue = statement_make(0, 1, 100, false);
	struct vrfleak_limits limits;

	strlcpy(red.source, "red", sizeof(red.source));
	strlcpy(blue.source, "blue", sizeof(blue.source));
	vrfleak_limits_init(&limits);
	counted(&limits, "192.0.2.0/32", &red);
	ck_assert(vrfleak_limits_any(&limits, TARGET, VRFLEAK_IPV4));
	counted(&limits, "192.0.2.1/32", &blue);
	counted(&limits, "192.0.2.2/32", &tag);
	ck_assert_uint_eq(count(&limits, &red), 1);
	ck_assert_uint_eq(count(&limits, &blue), 1);
	ck_assert_uint_eq(count(&limits, &tag), 1);
	ck_assert(!headroom(&limits, "192.0.2.1/32", &red));
	ck_assert(headroom(&limits, "192.0.2.0/32", &red));

	/* Other options, the same statement. */
	red.limit.max = 2;
	red.map = (char[]){"A"};
	counted(&limits, "192.0.2.0/32", &red);
	ck_assert_uint_eq(count(&limits, &red), 1);
	ck_assert_uint_eq(counted(&limits, "192.0.2.1/32", &red),
			  VRFLEAK_LIMIT_HEADROOM | VRFLEAK_LIMIT_THRESHOLD);
	ck_assert_uint_eq(count(&limits, &red), 2);
	ck_assert_uint_eq(count(&limits, &blue), 0);
	vrfleak_limits_finish(&limits);
}
END_TEST

START_TEST(has_headroom)
{
	struct vrfleak_statement none = statement_make(1, 0, 75, false);
	struct vrfleak_statement statement = statement_make(1, 2, 75, false);
	struct vrfleak_statement warns = statement_make(1, 2, 75, true);
	struct vrfleak_limits limits;

	vrfleak_limits_init(&limits);
	counted(&limits, "192.0.2.0/32", &statement);
	ck_assert(headroom(&limits, "192.0.2.1/32", &statement));
	counted(&limits, "192.0.2.1/32", &statement);
	ck_assert(!headroom(&limits, "192.0.2.2/32", &statement));
	ck_assert(headroom(&limits, "192.0.2.2/32", &none));
	ck_assert(headroom(&limits, "192.0.2.2/32", &warns));
	/* A counted prefix stays. */
	ck_assert(headroom(&limits, "192.0.2.1/32", &statement));
	/* Each family has its own count. */
	ck_assert(headroom(&limits, "2001:db8::/32", &statement));
	vrfleak_limits_finish(&limits);
}
END_TEST

/* "+" counts one more prefix, "-" one less; with the resulting events. */
START_TEST(events)
{
	struct vrfleak_statement statement = statement_make(1, 4, 75, _i == 1);
	const unsigned int reached = VRFLEAK_LIMIT_THRESHOLD;
	const unsigned int over = _i == 1 ? VRFLEAK_LIMIT_EXCEEDED : 0;
	const unsigned int space = VRFLEAK_LIMIT_HEADROOM;
	const struct {
		char what;
		unsigned int events;
	} steps[] = {
		{'+', 0},     {'+', 0}, {'+', reached}, {'+', 0},
		{'-', space}, {'+', 0}, {'+', over},	{'-', 0},
		{'-', space}, {'-', 0}, {'+', reached}, {'+', 0},
	};
	struct vrfleak_limits limits;
	unsigned int there = 0;
	char text[32];

	vrfleak_limits_init(&limits);
	for (size_t i = 0; i < array_size(steps); i++) {
		bool up = steps[i].what == '+';

		snprintf(text, sizeof(text), "192.0.2.%u/32",
			 up ? there : there - 1);
		ck_assert_uint_eq(
			counted(&limits, text, up ? &statement : NULL),
			steps[i].events);
		there += up ? 1 : (unsigned int)-1;
	}
	vrfleak_limits_finish(&limits);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("limit");
	TCase *tests = tcase_create("limit");

	tcase_add_test(tests, counts);
	tcase_add_test(tests, counts_by_name);
	tcase_add_test(tests, has_headroom);
	tcase_add_loop_test(tests, events, 0, 2);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
