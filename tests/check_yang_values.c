// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit test of the values that the YANG model accepts, with libyang
 * only. It must accept a tag if and only if vrfleak_tag_parse() accepts it and
 * vrfleak_tag2str() prints the same text. Otherwise mgmtd would keep a tag that
 * zebra refuses, or refuse one that zebra accepts.
 */
#include <zebra.h>

#include "yang.h"

#include "zebra_vrfleak/core/route_tag.h"
#include "check_vrfleak.h"

#define RANDOM_STRINGS 100000

#define CLEAR_XPATH "/frr-vrfleak:clear/vrf"
#define EXPORT_XPATH                                                           \
	"/frr-vrfleak:vrfleak/vrf[name='red']/address-family[family='ipv4']/export[tag='%s']"

extern struct yang_module_embed vrfleak_yang_embed;

static struct ly_ctx *ctx;

/* Since version 5, libyang has its own modules in files. */
static void model_load(void)
{
	ly_log_options(0);
	ck_assert_int_eq(
		ly_ctx_new("/usr/share/yang", LY_CTX_NO_YANGLIBRARY, &ctx),
		LY_SUCCESS);
	ck_assert_int_eq(
		lys_parse_mem(ctx, vrfleak_yang_embed.data, LYS_IN_YANG, NULL),
		LY_SUCCESS);
}

static void model_free(void)
{
	ly_ctx_destroy(ctx);
}

static bool model_has(const char *xpath, const char *value)
{
	struct lyd_node *tree = NULL;
	bool has =
		lyd_new_path(NULL, ctx, xpath, value, 0, &tree) == LY_SUCCESS;

	lyd_free_all(tree);
	return has;
}

static bool model_has_tag(const char *tag)
{
	char xpath[256];

	snprintf(xpath, sizeof(xpath), EXPORT_XPATH, tag);
	return model_has(xpath, NULL);
}

static bool parser_has_tag(const char *text)
{
	char buf[VRFLEAK_TAG_STRLEN];
	vrfleak_tag_t tag;

	return !vrfleak_tag_parse(text, &tag) &&
	       strmatch(vrfleak_tag2str(tag, buf, sizeof(buf)), text);
}

static void both_agree(const char *text)
{
	bool parser = parser_has_tag(text);

	ck_assert_msg(model_has_tag(text) == parser,
		      "\"%s\": the parser %s it, the model does not agree",
		      text, parser ? "accepts" : "refuses");
}

/* Numbers at each boundary of the patterns, and next to it. */
static const char *const indexes[] = {
	"",	      "0",	    "1",	   "9",
	"10",	      "00",	    "01",	   "99",
	"100",	      "199",	    "200",	   "249",
	"250",	      "255",	    "256",	   "260",
	"299",	      "300",	    "999",	   "1000",
	"9999",	      "10000",	    "59999",	   "60000",
	"64999",      "65000",	    "65499",	   "65500",
	"65529",      "65530",	    "65534",	   "65535",
	"65536",      "65540",	    "65599",	   "65600",
	"65999",      "66000",	    "69999",	   "70000",
	"99999",      "100000",	    "065535",	   "999999999",
	"1000000000", "3999999999", "4000000000",  "4199999999",
	"4200000000", "4289999999", "4290000000",  "4293999999",
	"4294000000", "4294899999", "4294900000",  "4294959999",
	"4294960000", "4294966999", "4294967000",  "4294967199",
	"4294967200", "4294967289", "4294967290",  "4294967294",
	"4294967295", "4294967296", "4294967299",  "4294967300",
	"4294967999", "4294968000", "4294969999",  "4294970000",
	"4294999999", "4295000000", "4299999999",  "4300000000",
	"5000000000", "9999999999", "10000000000", "18446744073709551617",
};

START_TEST(tags_of_two_numbers)
{
	char text[64];

	for (size_t i = 0; i < array_size(indexes); i++) {
		snprintf(text, sizeof(text), "%s:%s", indexes[_i], indexes[i]);
		both_agree(text);
	}
}
END_TEST

START_TEST(tags_of_addresses)
{
	char text[128];

	for (size_t i = 0; i < array_size(indexes); i++) {
		snprintf(text, sizeof(text), "%s.0.2.1:%s", indexes[_i],
			 indexes[i]);
		both_agree(text);
		snprintf(text, sizeof(text), "192.%s.2.1:%s", indexes[_i],
			 indexes[i]);
		both_agree(text);
		snprintf(text, sizeof(text), "192.0.2.%s:%s", indexes[_i],
			 indexes[i]);
		both_agree(text);
	}
}
END_TEST

START_TEST(tags_at_random)
{
	static const char alphabet[] = "0123456789.::0246 -a";
	uint32_t accepted = 0;
	char text[32];

	/* The same strings in each run. */
	srandom(1);
	for (int i = 0; i < RANDOM_STRINGS; i++) {
		size_t length = (size_t)random() % 12;

		for (size_t j = 0; j < length; j++)
			text[j] = alphabet[(size_t)random() %
					   (sizeof(alphabet) - 1)];
		text[length] = '\0';
		both_agree(text);
		accepted += parser_has_tag(text);
	}
	ck_assert_uint_gt(accepted, 100);
}
END_TEST

static const char *const bad_tags[] = {
	"99999999:99999", "999.1.1.1:1", "65536:65536",	    "4294967296:1",
	"1:4294967296",	  "01:1",	 "192.0.2.1:65536", "bogus",
};

START_TEST(bad_tag)
{
	ck_assert(!model_has_tag(bad_tags[_i]));
}
END_TEST

/* Names that 'show running-config' could not print as one word. */
static const char *const bad_names[] = {"",
					"a b",
					"a\nb",
					"a\tb",
					"a\x7f"
					"b",
					"\r",
					" "};

START_TEST(bad_name)
{
	char xpath[256];

	snprintf(xpath, sizeof(xpath), EXPORT_XPATH "/route-map", "1:1");
	ck_assert(!model_has(CLEAR_XPATH, bad_names[_i]));
	ck_assert(!model_has(xpath, bad_names[_i]));
}
END_TEST

#define IMPORT_XPATH                                                           \
	"/frr-vrfleak:vrfleak/vrf[name='red']/address-family[family='ipv4']/import[tag='%s']"

static bool model_has_key(const char *key)
{
	char xpath[256];

	snprintf(xpath, sizeof(xpath), IMPORT_XPATH, key);
	return model_has(xpath, NULL);
}

/* An import is a tag, or the name of a VRF that the list of VRFs accepts. */
START_TEST(import_keys)
{
	char name[128];

	ck_assert(model_has_key("1:1"));
	ck_assert(model_has_key("vrf:red"));
	ck_assert(model_has_key("vrf:1:1"));
	ck_assert(model_has_key("vrf:vrf:red"));
	ck_assert(model_has_key("vrf:\"red\"|<>&$`\\"));
	ck_assert(!model_has_key("01:1"));
	ck_assert(!model_has_key("red"));
	ck_assert(!model_has_key("VRF:red"));
	ck_assert(!model_has_key("vrf red"));
	for (size_t i = 0; i < array_size(bad_names); i++) {
		snprintf(name, sizeof(name), "vrf:%s", bad_names[i]);
		ck_assert(!model_has_key(name));
	}
	/* The longest name of a VRF, and one more. */
	snprintf(name, sizeof(name), "vrf:%036d", 7);
	ck_assert(model_has_key(name));
	snprintf(name, sizeof(name), "vrf:%037d", 7);
	ck_assert(!model_has_key(name));
	/* An export has no name. */
	ck_assert(!model_has_tag("vrf:red"));
}
END_TEST

#define IMPORT_JSON                                                            \
	"{\"frr-vrfleak:vrfleak\": {\"vrf\": [{\"name\": \"red\", \"address-family\": [{\"family\": \"ipv4\", \"import\": [{\"tag\": \"1:1\"%s}]}]}]}}"

static bool model_has_import(const char *more)
{
	struct lyd_node *tree = NULL;
	char data[512];
	bool has;

	snprintf(data, sizeof(data), IMPORT_JSON, more);
	has = lyd_parse_data_mem(ctx, data, LYD_JSON, LYD_PARSE_STRICT,
				 LYD_VALIDATE_PRESENT, &tree) == LY_SUCCESS;
	lyd_free_all(tree);
	return has;
}

/* Options of maximum-prefix need it: no command sets them alone. */
START_TEST(limits)
{
	ck_assert(model_has_import(""));
	ck_assert(model_has_import(", \"maximum-prefix\": {\"limit\": 1}"));
	ck_assert(model_has_import(
		", \"maximum-prefix\": {\"limit\": 5, \"threshold\": 50, \"warning-only\": true}"));
	ck_assert(
		!model_has_import(", \"maximum-prefix\": {\"threshold\": 50}"));
	ck_assert(!model_has_import(
		", \"maximum-prefix\": {\"warning-only\": true}"));
	ck_assert(!model_has_import(", \"maximum-prefix\": {}"));
	ck_assert(!model_has_import(", \"maximum-prefix\": {\"limit\": 0}"));
}
END_TEST

START_TEST(names)
{
	char xpath[256];

	snprintf(xpath, sizeof(xpath), EXPORT_XPATH "/route-map", "1:1");
	ck_assert(model_has(xpath, "map's_\"name\"|<>&$`\\"));
	ck_assert(model_has(xpath, "\xc3\xbc"));
	ck_assert(model_has(CLEAR_XPATH, "\"red\"|<>&$`\\"));
	ck_assert(model_has(CLEAR_XPATH, "\xc3\xbc"));
	ck_assert(!model_has(CLEAR_XPATH, "red's"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yang_values");
	TCase *tests = tcase_create("yang_values");

	tcase_set_timeout(tests, 0);
	tcase_add_checked_fixture(tests, model_load, model_free);
	tcase_add_loop_test(tests, tags_of_two_numbers, 0, array_size(indexes));
	tcase_add_loop_test(tests, tags_of_addresses, 0, array_size(indexes));
	tcase_add_test(tests, tags_at_random);
	tcase_add_loop_test(tests, bad_tag, 0, array_size(bad_tags));
	tcase_add_loop_test(tests, bad_name, 0, array_size(bad_names));
	tcase_add_test(tests, names);
	tcase_add_test(tests, import_keys);
	tcase_add_test(tests, limits);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
