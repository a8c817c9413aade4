// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of finding the module's lines in a configuration file,
 * and of the copy of such a file.
 */
#include <zebra.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "zebra_vrfleak/core/config_file.h"
#include "zebra_vrfleak/core/config_lines.h"
#include "zebra_vrfleak/gate/config_copy.h"
#include "check_vrfleak.h"

/* What was found: one line each, "VRF: TEXT". */
static char found[4096];

static void line_note(const struct vrfleak_config_line *line, void *arg)
{
	size_t used = strlen(found);

	snprintf(found + used, sizeof(found) - used, "%s: %s\n", line->vrf,
		 line->text);
	ck_assert_str_eq(line->ipv6 ? "ipv6" : "ip",
			 strncmp(line->text, "ipv6", 4) ? "ip" : "ipv6");
	if (line->kind == VRFLEAK_LINE_ISOLATION) {
		ck_assert_str_eq(line->text + strlen(line->text) - 13,
				 "vrf-isolation");
		ck_assert_str_eq(line->vrf, "default");
		return;
	}
	ck_assert_int_eq(line->import,
			 strstr(line->text, " route-import ") != NULL);
	if (line->kind != VRFLEAK_LINE_STATEMENT) {
		ck_assert_ptr_nonnull(
			strstr(line->text, line->kind == VRFLEAK_LINE_PREEMPT
						   ? " route-leak preempt"
						   : " route-leak hold-down "));
		ck_assert_ptr_null(line->tag);
		ck_assert_ptr_null(line->source);
		return;
	}
	if (line->source) {
		ck_assert_ptr_null(line->tag);
		ck_assert_ptr_nonnull(strstr(line->text, " vrf "));
		ck_assert_ptr_nonnull(strstr(line->text, line->source));
		return;
	}
	ck_assert_ptr_nonnull(strstr(line->text, line->tag));
	ck_assert_ptr_null(strchr(line->tag, ' '));
}

static const struct {
	const char *text;
	const char *found;
	size_t count;
} cases[] = {
	{"", "", 0},
	{"\n\n", "", 0},
	{"vrf red\n ip route-export 1:1\nexit-vrf\n",
	 "red: ip route-export 1:1\n", 1},
	/* The last line has no newline; spaces and a tab. */
	{"vrf red\r\n\t ipv6   route-import 1:1  route-map X \r\nexit-vrf\r\nip route-export 2:2",
	 "red: ipv6 route-import 1:1 route-map X\ndefault: ip route-export 2:2\n",
	 2},
	/* No statement: comments, removals, other commands, incomplete ones. */
	{"! ip route-export 1:1\n# ip route-export 1:1\n"
	 "no ip route-export 1:1\nip route-export\nip route 1.1.1.1/32 Null0\n"
	 "description ip route-export 1:1\nip route-exports 1:1\n"
	 "debug zebra route-leak events\nshow ip route-leak\n",
	 "", 0},
	/* A VRF's block without its end, and one without indentation. */
	{"vrf red\n vni 7\n!\n ip route-export 1:1\nvrf blue\nip route 1.1.1.1/32 Null0\n"
	 "ip route-import 1:1\ninterface e1\n ip address 192.0.2.1/24\nexit\nip route-export 3:3\n",
	 "red: ip route-export 1:1\nblue: ip route-import 1:1\ndefault: ip route-export 3:3\n",
	 3},
	/* By name. Only an import, and only with a name. */
	{"vrf red\n ip route-import vrf blue maximum-prefix 5\n"
	 " ip route-import vrf\n ip route-export vrf blue\nexit-vrf\n",
	 "red: ip route-import vrf blue maximum-prefix 5\n"
	 "red: ip route-import vrf\nred: ip route-export vrf blue\n",
	 3},
	{"vrf red\n ipv6 route-leak hold-down 60\nexit-vrf\n"
	 "no ip route-leak hold-down 60\nip route-leak hold-down\n",
	 "red: ipv6 route-leak hold-down 60\n", 1},
	{"vrf red\n ip route-leak preempt\nexit-vrf\nipv6 route-leak preempt\n"
	 "no ip route-leak preempt\nip route-leak preempt x\nip route-leak\n",
	 "red: ip route-leak preempt\ndefault: ipv6 route-leak preempt\n", 2},
	/* Isolation is no command of a VRF: it ends the block. */
	{"ip vrf-isolation\nvrf red\n ip route-export 1:1\n ipv6 vrf-isolation\n ip route-export 2:2\n"
	 "no ip vrf-isolation\nip vrf-isolation x\nip vrf-isolations\n",
	 "default: ip vrf-isolation\nred: ip route-export 1:1\ndefault: ipv6 vrf-isolation\ndefault: ip route-export 2:2\n",
	 4},
	/* A route-map or a VRF may have the name of a command. */
	{"vrf vrf\n ip route-export 1:1 route-map route-export\nexit-vrf\n",
	 "vrf: ip route-export 1:1 route-map route-export\n", 1},
};

START_TEST(lines_found)
{
	const char *text = cases[_i].text;

	found[0] = '\0';
	ck_assert_uint_eq(
		vrfleak_config_lines(text, strlen(text), line_note, NULL),
		cases[_i].count);
	ck_assert_str_eq(found, cases[_i].found);
	ck_assert_uint_eq(vrfleak_config_lines(text, strlen(text), NULL, NULL),
			  cases[_i].count);
}
END_TEST

/* Only size bytes are read: what follows could be anything. */
START_TEST(lines_bounded)
{
	static const char text[] = "ip route-export 1:1\nip route-export 2:2\n";

	found[0] = '\0';
	ck_assert_uint_eq(vrfleak_config_lines(text, 19, line_note, NULL), 1);
	ck_assert_uint_eq(vrfleak_config_lines(text, 15, line_note, NULL), 0);
	ck_assert_str_eq(found, "default: ip route-export 1:1\n");
}
END_TEST

/* A line that is too long, and one with very many words, harm nothing. */
START_TEST(lines_long)
{
	static char text[5000];

	memset(text, 'x', sizeof(text));
	memcpy(text, "ip route-export 1:1 ", 20);
	ck_assert_uint_eq(
		vrfleak_config_lines(text, sizeof(text), line_note, NULL), 0);
	text[4000] = '\n';
	memcpy(text + 4001, "ip route-export 1:1\n", 20);
	ck_assert_uint_eq(vrfleak_config_lines(text, sizeof(text), NULL, NULL),
			  1);
	for (size_t i = 20; i < 900; i++)
		text[i] = i % 2 ? ' ' : 'y';
	ck_assert_uint_eq(vrfleak_config_lines(text, 900, NULL, NULL), 1);
}
END_TEST

/* ---- the copy ---- */

static char folder[] = "/tmp/check_config_lines.XXXXXX";
static char file[256], copy[256];

static void write_file(const char *name, const char *text)
{
	FILE *output = fopen(name, "w");

	ck_assert_ptr_nonnull(output);
	fputs(text, output);
	fclose(output);
}

static void expect_file(const char *name, const char *text)
{
	size_t size;
	char *read = vrfleak_file_read(name, &size);

	ck_assert_ptr_nonnull(read);
	ck_assert_uint_eq(size, strlen(text));
	ck_assert_mem_eq(read, text, size);
	free(read);
}

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/frr.conf", folder);
	snprintf(copy, sizeof(copy), "%s/frr.conf.vrfleak", folder);
}

static void teardown(void)
{
	unlink(file);
	unlink(copy);
	/* Fails if a temporary file is left. */
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(copy_made_once)
{
	struct stat st;

	write_file(file, "ip route-export 1:1\n");
	chmod(file, 0640);
	ck_assert_int_eq(vrfleak_config_copy(file, copy), VRFLEAK_COPY_MADE);
	expect_file(copy, "ip route-export 1:1\n");
	ck_assert_int_eq(stat(copy, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert_uint_eq(st.st_nlink, 1);

	write_file(file, "ip route-export 2:2\n");
	ck_assert_int_eq(vrfleak_config_copy(file, copy), VRFLEAK_COPY_KEPT);
	expect_file(copy, "ip route-export 1:1\n");
}
END_TEST

START_TEST(copy_not_needed)
{
	ck_assert_int_eq(vrfleak_config_copy(file, copy),
			 VRFLEAK_COPY_NOT_NEEDED);
	write_file(file, "vrf red\nexit-vrf\n");
	ck_assert_int_eq(vrfleak_config_copy(file, copy),
			 VRFLEAK_COPY_NOT_NEEDED);
	ck_assert_int_eq(access(copy, F_OK), -1);
}
END_TEST

START_TEST(copy_failed)
{
	write_file(file, "ip route-export 1:1\n");
	ck_assert_int_eq(vrfleak_config_copy(file, "/nowhere/frr.conf.vrfleak"),
			 VRFLEAK_COPY_FAILED);
	ck_assert_int_eq(errno, ENOENT);
	/* A folder is no file. */
	ck_assert_int_eq(vrfleak_config_copy(folder, copy),
			 VRFLEAK_COPY_FAILED);
}
END_TEST

START_TEST(file_names)
{
	char name[64];

	ck_assert(vrfleak_config_file("/etc/frr/ns/zebra.conf", 0, name,
				      sizeof(name)));
	ck_assert_str_eq(name, "/etc/frr/ns/frr.conf");
	ck_assert(vrfleak_config_file("/etc/frr/ns/zebra.conf", 1, name,
				      sizeof(name)));
	ck_assert_str_eq(name, "/etc/frr/ns/zebra.conf");
	ck_assert(!vrfleak_config_file("/etc/frr/ns/zebra.conf", 2, name,
				       sizeof(name)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config_lines");
	TCase *lines = tcase_create("lines");
	TCase *copies = tcase_create("copies");

	tcase_add_loop_test(lines, lines_found, 0, array_size(cases));
	tcase_add_test(lines, lines_bounded);
	tcase_add_test(lines, lines_long);
	tcase_add_test(lines, file_names);
	suite_add_tcase(suite, lines);
	tcase_add_checked_fixture(copies, setup, teardown);
	tcase_add_test(copies, copy_made_once);
	tcase_add_test(copies, copy_not_needed);
	tcase_add_test(copies, copy_failed);
	suite_add_tcase(suite, copies);
	return check_run(suite);
}
