// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: translates the configuration into the policy.
 *
 * The running configuration is the only source of the policy. The callbacks
 * change nothing. After a commit, an event reads the whole configuration,
 * builds a policy and passes it to leak/policy_apply.h, which acts on the
 * difference. A commit, or a burst of commits, is one computation.
 *
 * Nothing is refused here. The model refuses malformed values, in mgmtd as in
 * zebra. A well-formed value is accepted in any environment: a refusal would
 * reject the whole commit, which at boot is the router's whole configuration.
 * What cannot work yet leaks nothing, see rib/vrf_binding.c.
 */
#include <zebra.h>

#include "lib/vrf.h"

#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/route_map_watch.h"

/* The delay that merges a burst of commits, such as a configuration file. */
#define CONFIG_MSEC 20

/* In per cent. */
#define THRESHOLD_DEFAULT 75

static struct {
	struct vrfleak_event_loop *loop;
	struct vrfleak_event *read;
	struct vrfleak_event *apply;
	/* What was read and is to be applied; policy: NULL if there is none. */
	struct vrfleak_policy *policy;
	bool isolation[VRFLEAK_AF_MAX];
} config;

/* ---- reading ---- */

struct config_reader {
	struct vrfleak_policy *policy;
	const char *name;
	enum vrfleak_af af;
};

/*
 * The children of a node are read one after the other: a lookup of each by its
 * path would take ten times as long, and there may be thousands of statements.
 */

static bool is_named(const struct lyd_node *dnode, const char *name)
{
	return strmatch(dnode->schema->name, name);
}

static uint32_t number_of(const struct lyd_node *leaf)
{
	return strtoul(lyd_get_value(leaf), NULL, 10);
}

/* The value of a list entry's only key. */
static const char *key_of(const struct lyd_node *entry)
{
	return lyd_get_value(lyd_child(entry));
}

static void export_read(const struct config_reader *reader,
			const struct lyd_node *entry)
{
	struct vrfleak_statement *statement;
	const struct lyd_node *child;
	vrfleak_tag_t tag;

	if (vrfleak_tag_parse(key_of(entry), &tag))
		return;
	statement = vrfleak_policy_export(reader->policy, reader->af,
					  reader->name, tag);
	LY_LIST_FOR (lyd_child(entry), child)
		if (is_named(child, "route-map"))
			vrfleak_statement_set_map(statement,
						  lyd_get_value(child));
}

static void limit_read(const struct lyd_node *container,
		       struct vrfleak_limit *limit)
{
	const struct lyd_node *child;

	limit->threshold = THRESHOLD_DEFAULT;
	LY_LIST_FOR (lyd_child(container), child)
		if (is_named(child, "limit"))
			limit->max = number_of(child);
		else if (is_named(child, "threshold"))
			limit->threshold = number_of(child);
		else if (is_named(child, "warning-only"))
			limit->warning_only =
				strmatch(lyd_get_value(child), "true");
}

/* The import statement of a key; NULL if it is malformed. */
static struct vrfleak_statement *
import_statement(const struct config_reader *reader, const char *key)
{
	vrfleak_tag_t tag;

	if (strncmp(key, VRFLEAK_IMPORT_VRF, strlen(VRFLEAK_IMPORT_VRF)) == 0)
		return vrfleak_policy_import_vrf(
			reader->policy, reader->af, reader->name,
			key + strlen(VRFLEAK_IMPORT_VRF));
	if (vrfleak_tag_parse(key, &tag))
		return NULL;
	return vrfleak_policy_import(reader->policy, reader->af, reader->name,
				     tag);
}

static void import_read(const struct config_reader *reader,
			const struct lyd_node *entry)
{
	struct vrfleak_statement *statement =
		import_statement(reader, key_of(entry));
	const struct lyd_node *child;

	if (!statement)
		return;
	LY_LIST_FOR (lyd_child(entry), child)
		if (is_named(child, "route-map"))
			vrfleak_statement_set_map(statement,
						  lyd_get_value(child));
		else if (is_named(child, "distance"))
			statement->distance = number_of(child);
		else if (is_named(child, "maximum-prefix"))
			limit_read(child, &statement->limit);
}

static void family_read(struct config_reader *reader,
			const struct lyd_node *entry)
{
	const struct lyd_node *child;

	reader->af = vrfleak_str2af(key_of(entry));
	LY_LIST_FOR (lyd_child(entry), child)
		if (is_named(child, "export"))
			export_read(reader, child);
		else if (is_named(child, "import"))
			import_read(reader, child);
		else if (is_named(child, "preempt"))
			vrfleak_policy_preempt(reader->policy, reader->af,
					       reader->name);
		else if (is_named(child, "hold-down"))
			vrfleak_policy_hold_down(reader->policy, reader->af,
						 reader->name,
						 number_of(child));
}

static void vrf_read(struct config_reader *reader, const struct lyd_node *entry)
{
	const struct lyd_node *child;

	reader->name = key_of(entry);
	LY_LIST_FOR (lyd_child(entry), child)
		if (is_named(child, "address-family"))
			family_read(reader, child);
}

/* Logged once: this changes only when zebra restarts. */
static void netns_log(const struct vrfleak_policy *policy)
{
	static bool logged;

	if (logged || !policy->count || !vrf_is_backend_netns())
		return;
	logged = true;
	flog_err(
		EC_VRFLEAK_NETNS,
		"nothing is leaked: VRFs are network namespaces (zebra -w or -n), between which the kernel cannot forward; use VRF devices");
}

static void read_free(void)
{
	vrfleak_policy_free(config.policy);
	config.policy = NULL;
}

/*
 * Apply what was read. If a commit has changed it since, the timer runs again.
 */
static void apply_run(struct vrfleak_event *event)
{
	struct vrfleak_policy *policy = config.policy;
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	config.policy = NULL;
	vrfleak_policy_compile(policy);
	netns_log(policy);
	vrfleak_policy_apply(policy);
	vrfleak_isolation_configure(config.isolation);
	vrfleak_route_map_watch_statements();
	vrfleak_budget_end(&budget);
}

/*
 * Reading and applying are two events, as each may take some milliseconds with
 * ten thousand statements.
 */
static void read_run(struct vrfleak_event *event)
{
	struct config_reader reader = {.policy = vrfleak_policy_new()};
	const struct lyd_node *top = NULL, *child;
	struct vrfleak_budget budget;

	vrfleak_budget_begin(&budget);
	read_free();
	memset(config.isolation, 0, sizeof(config.isolation));
	if (yang_dnode_exists(running_config->dnode, VRFLEAK_XPATH))
		top = yang_dnode_get(running_config->dnode, VRFLEAK_XPATH);
	LY_LIST_FOR (lyd_child(top), child)
		if (is_named(child, "vrf"))
			vrf_read(&reader, child);
		else if (is_named(child, "vrf-isolation"))
			config.isolation[vrfleak_str2af(key_of(child))] = true;
	config.policy = reader.policy;
	event_add_event(config.loop, apply_run, NULL, 0, &config.apply);
	vrfleak_budget_end(&budget);
}

static void config_changed(enum nb_event event)
{
	if (event == NB_EV_APPLY)
		event_add_timer_msec(config.loop, read_run, NULL, CONFIG_MSEC,
				     &config.read);
}

void vrfleak_nb_config_init(struct vrfleak_event_loop *loop)
{
	config.loop = loop;
}

void vrfleak_nb_config_finish(void)
{
	event_cancel(&config.read);
	event_cancel(&config.apply);
	read_free();
}

/* ---- callbacks ---- */

int vrfleak_nb_create(struct nb_cb_create_args *args)
{
	config_changed(args->event);
	return NB_OK;
}

int vrfleak_nb_modify(struct nb_cb_modify_args *args)
{
	config_changed(args->event);
	return NB_OK;
}

int vrfleak_nb_destroy(struct nb_cb_destroy_args *args)
{
	config_changed(args->event);
	return NB_OK;
}

int vrfleak_nb_move(struct nb_cb_move_args *args)
{
	config_changed(args->event);
	return NB_OK;
}
