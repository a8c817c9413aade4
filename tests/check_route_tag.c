// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of tags: parsing, refusals, and printing.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/route_tag.h"
#include "check_vrfleak.h"

struct good {
	const char *text;
	const char *canonical;
	vrfleak_tag_t value;
};

static const struct good goods[] = {
	{"1:1", "1:1", 0x0002000100000001},
	{"01:1", "1:1", 0x0002000100000001},
	{"1:0000000000000000000001", "1:1", 0x0002000100000001},
	{"0:0", "0:0", 0x0002000000000000},
	{"65535:4294967295", "65535:4294967295", 0x0002ffffffffffff},
	{"65536:0", "65536:0", 0x0202000100000000},
	{"4294967295:65535", "4294967295:65535", 0x0202ffffffffffff},
	{"000065535:65536", "65535:65536", 0x0002ffff00010000},
	{"0.0.0.0:0", "0.0.0.0:0", 0x0102000000000000},
	{"192.0.2.1:100", "192.0.2.1:100", 0x0102c00002010064},
	{"192.0.2.1:0100", "192.0.2.1:100", 0x0102c00002010064},
	{"255.255.255.255:65535", "255.255.255.255:65535", 0x0102ffffffffffff},
};

START_TEST(good)
{
	const struct good *g = &goods[_i];
	char buf[VRFLEAK_TAG_STRLEN];
	vrfleak_tag_t tag = 0, again = 0;
	const char *why = vrfleak_tag_parse(g->text, &tag);

	ck_assert_msg(!why, "%s: refused: %s", g->text, why);
	ck_assert_msg(tag == g->value, "%s: %016" PRIx64, g->text, tag);
	ck_assert_str_eq(vrfleak_tag2str(tag, buf, sizeof(buf)), g->canonical);

	/* The printed form is parsed to the same tag, and printed the same. */
	ck_assert_ptr_null(vrfleak_tag_parse(buf, &again));
	ck_assert_uint_eq(tag, again);
}
END_TEST

struct bad {
	const char *text;
	/* A part of the reason. */
	const char *why;
};

static const struct bad bads[] = {
	{"", "no colon"},
	{"1", "no colon"},
	{"1.2.3.4", "no colon"},
	{":", "AS number"},
	{":1", "AS number"},
	{"1:", "after the colon"},
	{"1::1", "after the colon"},
	{"1:1:1", "after the colon"},
	{"-1:1", "AS number"},
	{"+1:1", "AS number"},
	{"1:-1", "after the colon"},
	{"1:+1", "after the colon"},
	{" 1:1", "AS number"},
	{"1 :1", "AS number"},
	{"1: 1", "after the colon"},
	{"1:1 ", "after the colon"},
	{"0x1:1", "AS number"},
	{"1:x", "after the colon"},
	{"1:1x", "after the colon"},
	{"a:1", "AS number"},
	{"4294967296:1", "AS number"},
	{"18446744073709551617:1", "AS number"},
	{"65535:4294967296", "0-4294967295"},
	{"1:18446744073709551617", "0-4294967295"},
	{"65536:65536", "0-65535"},
	{"192.0.2.1:65536", "0-65535"},
	{"192.0.2.256:1", "IPv4 address"},
	{"192.0.2:1", "IPv4 address"},
	{"192.0.2.1.1:1", "IPv4 address"},
	{"192.0.2.01:1", "IPv4 address"},
	{".:1", "IPv4 address"},
	{"192.0.2.1 :1", "IPv4 address"},
	{"111111111111111111111111.1:1", "IPv4 address"},
	{"2001:db8::1:1", "after the colon"},
};

START_TEST(bad)
{
	const struct bad *b = &bads[_i];
	vrfleak_tag_t tag = 42;
	const char *why = vrfleak_tag_parse(b->text, &tag);

	ck_assert_msg(why != NULL, "\"%s\": accepted", b->text);
	ck_assert_msg(strstr(why, b->why) != NULL, "\"%s\": \"%s\"", b->text,
		      why);
	ck_assert_msg(tag == 42, "\"%s\": the tag was touched", b->text);
}
END_TEST

/* All of these are different tags, though they have the same numbers. */
START_TEST(kinds_differ)
{
	static const char *const texts[] = {"0:1", "65536:1", "0.0.0.0:1",
					    "0.1.0.0:1", "1:0"};
	vrfleak_tag_t tags[array_size(texts)];

	for (size_t i = 0; i < array_size(texts); i++)
		ck_assert_ptr_null(vrfleak_tag_parse(texts[i], &tags[i]));
	for (size_t i = 0; i < array_size(texts); i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_uint_ne(tags[i], tags[j]);
}
END_TEST

/* In a buffer that is too small, the output is truncated. */
START_TEST(short_buffer)
{
	char buf[6] = "-----";
	vrfleak_tag_t tag;

	ck_assert_ptr_null(vrfleak_tag_parse("192.0.2.1:100", &tag));
	ck_assert_str_eq(vrfleak_tag2str(tag, buf, 4), "192");
	ck_assert_int_eq(buf[4], '-');
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tag");
	TCase *tests = tcase_create("tag");

	tcase_add_loop_test(tests, good, 0, array_size(goods));
	tcase_add_loop_test(tests, bad, 0, array_size(bads));
	tcase_add_test(tests, kinds_differ);
	tcase_add_test(tests, short_buffer);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
