// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the gate, which 'zebra -M vrfleak' and 'mgmtd -M vrfleak' load.
 *
 *   zebra -M vrfleak --> gate --> build for this FRR, if there is one
 *                             --> else INERT
 *
 * FRR exits if a module does not load, and a build loads only into the FRR
 * version that it was built for. The gate loads into each version. If it has no
 * build that works, the daemon runs without the module: nothing is leaked, the
 * log has one line, 'show modules' and 'show ip route-leak' give the reason.
 * With -M vrfleak:strict the daemon does not start in that case.
 *
 * Invariants:
 *  - The same binary works in all versions. It uses few symbols of libfrr, none
 *    of zebra, and of FRR's structures only what the assertions list.
 *  - FRR skips the module's configuration lines while the gate is inert, and
 *    'write' drops them. So the gate keeps a copy of the file first.
 *  - The line goes to stderr when the daemon starts, and once to FRR's log.
 *    FRR's configuration says where that is, so the gate waits for it.
 */
#include <zebra.h>

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>

#include "lib/command.h"
#include "lib/hook.h"
#include "lib/module.h"
#include "lib/vty.h"
#include "lib/zlog.h"
#include "lib/zlog_targets.h"

#include "zebra_vrfleak/core/config_file.h"
#include "zebra_vrfleak/gate/build.h"
#include "zebra_vrfleak/gate/config_copy.h"
#include "zebra_vrfleak/gate/inert_commands.h"
#include "zebra_vrfleak/gate/wait.h"

_Static_assert(offsetof(struct frrmod_info, init) == 3 * sizeof(void *) &&
		       offsetof(struct frrmod_runtime, load_args) ==
			       5 * sizeof(void *),
	       "the same in all FRR versions");

/*
 * Of lib/libfrr.h. It is not included: the types there have other names in
 * other FRR versions.
 */
extern struct hook _hook_frr_late_init;
extern char config_default[512];

/* In lib/command.c. */
DECLARE_HOOK(cmd_execute_done, (struct vty * vty, const char *command),
	     (vty, command));

/* So that the gate's hook runs before that of the build. */
#define BEFORE_BUILD (HOOK_DEFAULT_PRIORITY - 1)

static vrfleak_build_refusal_fn *build_refusal;
static vrfleak_build_configured_fn *build_configured;
static bool strict, inert;

static char reason[PATH_MAX * 2];
static char message[PATH_MAX * 4];
static char description[sizeof(reason) + sizeof("INERT: ")];
static const struct frrmod_info inert_info = {
	.name = "vrfleak",
	.version = VRFLEAK_VERSION,
	.description = description,
};

static const char *running_version(void)
{
	/* libfrr itself comes first in the list, the daemon second. */
	return frrmod_list->info->version;
}

static const char *running_daemon(void)
{
	return frrmod_list->next->info->name;
}

/* ---- copies of the configuration ---- */

static void message_add(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static void message_add(const char *format, ...)
{
	size_t used = strlen(message);
	va_list ap;

	va_start(ap, format);
	vsnprintf(message + used, sizeof(message) - used, format, ap);
	va_end(ap);
}

/* When the copy was made: it can be older than this start. */
static void copy_time(const char *copy, char *buf, size_t size)
{
	struct stat st = {};
	struct tm tm;

	stat(copy, &st);
	localtime_r(&st.st_mtime, &tm);
	strftime(buf, size, "%Y-%m-%d %H:%M", &tm);
}

static void copy_file(const char *file)
{
	char copy[PATH_MAX + sizeof(VRFLEAK_COPY_SUFFIX)], when[32];
	enum vrfleak_config_copy result;

	snprintf(copy, sizeof(copy), "%s" VRFLEAK_COPY_SUFFIX, file);
	result = vrfleak_config_copy(file, copy);
	if (result == VRFLEAK_COPY_NOT_NEEDED)
		return;
	message_add(" 'write' now deletes the route-leak lines of %s; ", file);
	if (result == VRFLEAK_COPY_FAILED) {
		message_add(
			"copy it by hand, since it could not be copied to %s (%s).",
			copy, strerror(errno));
		return;
	}
	copy_time(copy, when, sizeof(when));
	message_add("%s is a copy of %s.", copy, when);
}

static void copy_files(void)
{
	char file[PATH_MAX];

	for (unsigned int i = 0;
	     vrfleak_config_file(config_default, i, file, sizeof(file)); i++)
		copy_file(file);
}

/* ---- the log ---- */

static void log_line(int priority, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vzlogx(NULL, priority, format, ap);
	va_end(ap);
}

static void log_message(void)
{
	log_line(LOG_ERR, "%s", message);
	if (zlog_syslog_get_prio_min() < LOG_ERR)
		syslog(LOG_DAEMON | LOG_ERR, "%s: %s", running_daemon(),
		       message);
}

static int command_done(struct vty *vty, const char *command)
{
	if (strncmp(command, "XFRR_", 5) != 0)
		return 0;
	if (strcmp(command, "XFRR_start_configuration") == 0)
		vrfleak_wait_config_begin();
	else if (strcmp(command, "XFRR_end_configuration") == 0)
		vrfleak_wait_config_end();
	return 0;
}

/* ---- commands ---- */

static int show_text(const struct cmd_element *element, struct vty *vty,
		     int argc, struct cmd_token *argv[])
{
	vty_out(vty, "%s\n", message);
	return CMD_SUCCESS;
}

static int show_json(const struct cmd_element *element, struct vty *vty,
		     int argc, struct cmd_token *argv[])
{
	char text[2 * sizeof(reason)], *end = text;

	for (const char *c = reason; *c; c++) {
		if (*c == '"' || *c == '\\')
			*end++ = '\\';
		*end++ = (unsigned char)*c < ' ' ? ' ' : *c;
	}
	*end = '\0';
	vty_out(vty, "{\"inert\":true,\"reason\":\"%s\"}\n", text);
	return CMD_SUCCESS;
}

static int clear(const struct cmd_element *element, struct vty *vty, int argc,
		 struct cmd_token *argv[])
{
	vty_out(vty, "%s\n", message);
	return CMD_WARNING;
}

/* ---- inert ---- */

static void message_compose(void)
{
	snprintf(
		message, sizeof(message),
		"vrfleak: %s: %s. Install the build for FRR %s, then restart FRR.",
		strict ? "refused by -M vrfleak:strict"
		       : "INERT, nothing is leaked",
		reason, running_version());
	if (!strict)
		copy_files();
	fprintf(stderr, "%s: %s\n", running_daemon(), message);
}

/* Returns -1 where the daemon must not start. */
static int become_inert(void)
{
	inert = true;
	message_compose();
	if (strict) {
		syslog(LOG_DAEMON | LOG_ERR, "%s: %s", running_daemon(),
		       message);
		return -1;
	}
	snprintf(description, sizeof(description), "INERT: %s", reason);
	THIS_MODULE->info = &inert_info;
	return 0;
}

/* The daemon has its configuration, and with it the files to log to. */
static void configured(void)
{
	hook_unregister(cmd_execute_done, command_done);
	if (inert)
		log_message();
	else if (build_configured)
		build_configured();
}

/* The daemon has initialised, so structures have sizes, and commands exist. */
static int late_init(void *loop)
{
	const char *refusal = build_refusal && !inert ? build_refusal() : NULL;

	if (refusal) {
		snprintf(reason, sizeof(reason), "%s", refusal);
		if (become_inert())
			exit(1);
	}
	if (inert)
		vrfleak_inert_commands_install(0, show_text, show_json, clear);
	hook_register(cmd_execute_done, command_done);
	vrfleak_wait_config(loop, configured);
	return 0;
}

static void *build_symbol(void *build, const char *name)
{
	void *symbol = dlsym(build, name);

	if (!symbol)
		snprintf(reason, sizeof(reason),
			 "the build for FRR %s is incomplete (%s)",
			 running_version(), dlerror());
	return symbol;
}

/* Returns whether a build runs; else the reason is set. */
static bool build_start(void)
{
	struct frrmod_runtime **module;
	const char *refusal;
	char library[64];
	void *build;

	snprintf(library, sizeof(library), "%s_vrfleak.so", running_daemon());
	build = vrfleak_build_open(running_version(), library, reason,
				   sizeof(reason));
	if (!build)
		return false;
	build_refusal = build_symbol(build, VRFLEAK_BUILD_REFUSAL);
	module = build_symbol(build, "frr_module");
	if (!build_refusal || !module)
		return false;

	refusal = build_refusal();
	if (refusal) {
		snprintf(reason, sizeof(reason), "%s", refusal);
		return false;
	}
	if ((*module)->info->init()) {
		snprintf(reason, sizeof(reason),
			 "the build for FRR %s does not initialise",
			 running_version());
		return false;
	}
	build_configured = dlsym(build, VRFLEAK_BUILD_CONFIGURED);
	THIS_MODULE->info = (*module)->info;
	return true;
}

static void arguments_read(const char *args)
{
	strict = args && strcmp(args, "strict") == 0;
	if (args && !strict)
		fprintf(stderr,
			"%s: vrfleak: unknown option \"%s\" ignored; -M vrfleak:strict is the only one\n",
			running_daemon(), args);
}

static int gate_init(void)
{
	static struct hookent late_init_entry;

	arguments_read(THIS_MODULE->load_args);
	if (!build_start() && become_inert())
		return -1;
	_hook_register(&_hook_frr_late_init, &late_init_entry, late_init, NULL,
		       false, THIS_MODULE, "late_init", BEFORE_BUILD);
	return 0;
}

FRR_MODULE_SETUP(.name = "vrfleak", .version = VRFLEAK_VERSION,
		 .description = "route leaking between VRFs by tags",
		 .init = gate_init, );
