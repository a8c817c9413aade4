// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit test of the YANG model that is embedded in the module: it must
 * equal the file.
 */
#include <zebra.h>

#include "yang.h"

#include "check_vrfleak.h"

extern struct yang_module_embed vrfleak_yang_embed;

START_TEST(same_as_file)
{
	const char *srcdir = getenv("srcdir");
	const char *data = vrfleak_yang_embed.data;
	char name[PATH_MAX], statement[512];
	FILE *file;

	snprintf(name, sizeof(name), "%s/yang/frr-vrfleak.yang",
		 srcdir ? srcdir : ".");
	file = fopen(name, "r");
	ck_assert_msg(file != NULL, "%s: %s", name, strerror(errno));
	while (fgets(statement, sizeof(statement), file)) {
		ck_assert_msg(strncmp(data, statement, strlen(statement)) == 0,
			      "differs at: %s", statement);
		data += strlen(statement);
	}
	ck_assert_str_eq(data, "");
	fclose(file);
}
END_TEST

START_TEST(name_and_revision)
{
	char text[64];

	ck_assert_str_eq(vrfleak_yang_embed.mod_name, "frr-vrfleak");
	snprintf(text, sizeof(text), "\n  revision %s {",
		 vrfleak_yang_embed.mod_rev);
	ck_assert_ptr_nonnull(strstr(vrfleak_yang_embed.data, text));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yang_embed");
	TCase *tests = tcase_create("yang_embed");

	tcase_add_test(tests, same_as_file);
	tcase_add_test(tests, name_and_revision);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
