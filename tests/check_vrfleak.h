// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: common functions of the unit tests: running a suite, writing a
 * prefix, and the time limit of a test. It is for machines that are very slow,
 * and longer than any test needs.
 */
#ifndef _CHECK_VRFLEAK_H
#define _CHECK_VRFLEAK_H

#include <check.h>

#include "prefix.h"

/* Check's own limit is 4 seconds. */
static void __attribute__((constructor)) limit_set(void)
{
	setenv("CK_DEFAULT_TIMEOUT", "1800", 0);
}

/* Run a suite; returns the exit status of main(). */
static inline int check_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline struct prefix P(const char *text) {
	struct prefix prefix;

	if (!str2prefix(text, &prefix))
		ck_abort_msg("the test itself has a bad prefix: %s", text);
	return prefix;
}

#endif /* _CHECK_VRFLEAK_H */
