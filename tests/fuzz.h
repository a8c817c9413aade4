// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: fuzz targets. Each reads untrusted input, and checks conditions that
 * must hold for any input.
 *
 * A target is a file fuzz_NAME.c with LLVMFuzzerTestOneInput(), the interface
 * of libFuzzer and of the engines that are compatible with it (configure
 * --enable-fuzzer). Without an engine, fuzz_main.c runs it on the files in
 * tests/corpus/NAME.
 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Check the input data[0] to data[size - 1], which is only read. Returns 0. */
extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the process with a message if a condition does not hold. */
#define FUZZ_CHECK(condition, ...)                                             \
	do {                                                                   \
		if (condition)                                                 \
			break;                                                 \
		fprintf(stderr, "%s:%d: %s does not hold: ", __FILE__,         \
			__LINE__, #condition);                                 \
		fprintf(stderr, __VA_ARGS__);                                  \
		fputc('\n', stderr);                                           \
		abort();                                                       \
	} while (0)

/* The input as a string, up to its first NUL. The caller frees it. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	if (!text)
		abort();
	return text;
}

#endif /* _FUZZ_H */
