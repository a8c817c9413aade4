// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the gate for vtysh.
 *
 * vtysh has only the commands that FRR was built with. This library is
 * preloaded into vtysh and defines vty_init_vtysh(), an empty function of
 * libfrr. vtysh calls it once, at the end of its initialisation, when all
 * cmd_nodes exist:
 *
 *   vtysh-vrfleak (wrapper) --LD_PRELOAD--> vtysh
 *                                             main() -> vty_init_vtysh(), here
 *                                               build for this FRR --> commands
 *
 * Invariants:
 *  - The same binary works in all FRR versions. vtysh always starts.
 *  - Without a build, vtysh has the show and clear commands, which zebra's gate
 *    answers, and says in one line why it has no others.
 *  - The library's constructors use no symbol of libfrr.
 *  - Programs that vtysh starts (a pager, ping, a shell) do not inherit the
 *    library.
 */
#include <zebra.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/module.h"

#include "zebra_vrfleak/gate/build.h"
#include "zebra_vrfleak/gate/inert_commands.h"

/* zebra's bit of vtysh/vtysh.h, which FRR does not install. */
#define VTYSH_ZEBRA 0x00001

/*
 * Without libfrr the library loads and does nothing: the vtysh that the wrapper
 * found may be a script of the operator.
 */
#pragma weak frrmod_list

/* The wrapper saves the user's LD_PRELOAD in this variable. */
#define USER_PRELOAD "VRFLEAK_USER_LD_PRELOAD"

/*
 * Runs before main(): vtysh must not preload this library into the programs
 * that it starts. A program without libfrr may be a site's own script that
 * starts vtysh, and that vtysh needs the commands.
 */
static void __attribute__((constructor)) preload_restore(void)
{
	const char *user = getenv(USER_PRELOAD);

	if (!&frrmod_list)
		return;
	if (user && *user)
		setenv("LD_PRELOAD", user, 1);
	else
		unsetenv("LD_PRELOAD");
	unsetenv(USER_PRELOAD);
}

void vty_init_vtysh(void)
{
	const char *running = frrmod_list->info->version;
	vrfleak_build_vtysh_fn *install = NULL;
	char reason[PATH_MAX * 2];
	void *build = vrfleak_build_open(running, "vtysh_vrfleak.so", reason,
					 sizeof(reason));

	if (build) {
		install = dlsym(build, VRFLEAK_BUILD_VTYSH);
		snprintf(reason, sizeof(reason),
			 "the build for FRR %s is incomplete", running);
	}
	if (install) {
		install();
		return;
	}
	fprintf(stderr,
		"vtysh_vrfleak: %s; the commands that configure route leaking are not available. Install the build for FRR %s.\n",
		reason, running);
	vrfleak_inert_commands_install(VTYSH_ZEBRA, NULL, NULL, NULL);
}
