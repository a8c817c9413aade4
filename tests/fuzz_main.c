// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: runs a fuzz target without a fuzzer.
 *
 *	fuzz_NAME [FILE ...]
 *
 * Without files, it uses all files in tests/corpus/NAME, as `make check` does,
 * and an empty input. A file that made a target fail stays there after the fix.
 *
 * Refuses an empty corpus, so that it cannot pass by doing nothing.
 */
#include <zebra.h>

#include <errno.h>
#include <glob.h>

#include "fuzz.h"

/*
 * Each input is in memory of exactly its size, so that valgrind and the address
 * sanitizer detect a read beyond its end.
 */
static void file_run(const char *name)
{
	FILE *file = fopen(name, "rb");
	uint8_t *data;
	long size;

	FUZZ_CHECK(file, "%s: %s", name, strerror(errno));
	FUZZ_CHECK(!fseek(file, 0, SEEK_END), "%s", name);
	size = ftell(file);
	FUZZ_CHECK(size >= 0, "%s", name);
	rewind(file);
	data = malloc(size ? (size_t)size : 1);
	FUZZ_CHECK(data && fread(data, 1, (size_t)size, file) == (size_t)size,
		   "%s", name);
	fclose(file);

	printf("%s\n", name);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

static int corpus_run(const char *program)
{
	const char *srcdir = getenv("srcdir");
	const char *name = strrchr(program, '_');
	char pattern[PATH_MAX];
	glob_t files;

	FUZZ_CHECK(name, "%s is not named fuzz_NAME", program);
	snprintf(pattern, sizeof(pattern), "%s/tests/corpus/%s/*",
		 srcdir ? srcdir : ".", name + 1);
	if (glob(pattern, 0, NULL, &files)) {
		fprintf(stderr, "%s: no files\n", pattern);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < files.gl_pathc; i++)
		file_run(files.gl_pathv[i]);
	globfree(&files);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return corpus_run(argv[0]);
	for (int i = 1; i < argc; i++)
		file_run(argv[i]);
	return EXIT_SUCCESS;
}
