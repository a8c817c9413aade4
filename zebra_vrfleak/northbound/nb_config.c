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
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/policy_apply.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/route_map_watch.h"

/* The delay that merges a burst of commits, such as a configuration file. */
#define CONFIG_MSEC 20

/* In per cent. */
#define THRESHOLD_DEFAULT 75

static struct vrfleak_event_loop *config_loop;
static struct vrfleak_event *config_event;

/* ---- reading ---- */

struct config_reader {
	struct vrfleak_policy *policy;
	const char *name;
	enum vrfleak_af af;
};

static void map_read(const struct lyd_node *dnode,
		     struct vrfleak_statement *statement)
{
	if (yang_dnode_exists(dnode, "./route-map"))
		vrfleak_statement_set_map(
			statement, yang_dnode_get_string(dnode, "./route-map"));
}

static int export_read(const struct lyd_node *dnode, void *arg)
{
	const struct config_reader *reader = arg;
	vrfleak_tag_t tag;

	if (!vrfleak_tag_parse(yang_dnode_get_string(dnode, "./tag"), &tag))
		map_read(dnode,
			 vrfleak_policy_export(reader->policy, reader->af,
					       reader->name, tag));
	return YANG_ITER_CONTINUE;
}

static void limit_read(const struct lyd_node *dnode,
		       struct vrfleak_statement *statement)
{
	if (!yang_dnode_exists(dnode, "./maximum-prefix"))
		return;
	statement->limit.max =
		yang_dnode_get_uint32(dnode, "./maximum-prefix/limit");
	statement->limit.threshold = THRESHOLD_DEFAULT;
	if (yang_dnode_exists(dnode, "./maximum-prefix/threshold"))
		statement->limit.threshold = yang_dnode_get_uint8(
			dnode, "./maximum-prefix/threshold");
	statement->limit.warning_only =
		yang_dnode_get_bool(dnode, "./maximum-prefix/warning-only");
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

static int import_read(const struct lyd_node *dnode, void *arg)
{
	struct vrfleak_statement *statement =
		import_statement(arg, yang_dnode_get_string(dnode, "./tag"));

	if (!statement)
		return YANG_ITER_CONTINUE;
	map_read(dnode, statement);
	if (yang_dnode_exists(dnode, "./distance"))
		statement->distance = yang_dnode_get_uint8(dnode, "./distance");
	limit_read(dnode, statement);
	return YANG_ITER_CONTINUE;
}

static int family_read(const struct lyd_node *dnode, void *arg)
{
	struct config_reader *reader = arg;

	reader->af = vrfleak_str2af(yang_dnode_get_string(dnode, "./family"));
	if (yang_dnode_exists(dnode, "./preempt"))
		vrfleak_policy_preempt(reader->policy, reader->af,
				       reader->name);
	yang_dnode_iterate(export_read, reader, dnode, "./export");
	yang_dnode_iterate(import_read, reader, dnode, "./import");
	if (yang_dnode_exists(dnode, "./hold-down"))
		vrfleak_policy_hold_down(
			reader->policy, reader->af, reader->name,
			yang_dnode_get_uint16(dnode, "./hold-down"));
	return YANG_ITER_CONTINUE;
}

static int vrf_read(const struct lyd_node *dnode, void *arg)
{
	struct config_reader *reader = arg;

	reader->name = yang_dnode_get_string(dnode, "./name");
	yang_dnode_iterate(family_read, reader, dnode, "./address-family");
	return YANG_ITER_CONTINUE;
}

static int isolation_read(const struct lyd_node *dnode, void *arg)
{
	bool *wanted = arg;

	wanted[vrfleak_str2af(yang_dnode_get_string(dnode, "./family"))] = true;
	return YANG_ITER_CONTINUE;
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

static void config_run(struct vrfleak_event *event)
{
	struct config_reader reader = {.policy = vrfleak_policy_new()};
	bool isolation[VRFLEAK_AF_MAX] = {};

	if (yang_dnode_exists(running_config->dnode, VRFLEAK_XPATH)) {
		yang_dnode_iterate(isolation_read, isolation,
				   running_config->dnode,
				   VRFLEAK_XPATH_ISOLATION);
		yang_dnode_iterate(vrf_read, &reader, running_config->dnode,
				   VRFLEAK_XPATH_VRF);
	}
	vrfleak_policy_compile(reader.policy);
	netns_log(reader.policy);
	vrfleak_policy_apply(reader.policy);
	vrfleak_isolation_configure(isolation);
	vrfleak_route_map_watch_statements();
}

static void config_changed(enum nb_event event)
{
	if (event == NB_EV_APPLY)
		event_add_timer_msec(config_loop, config_run, NULL, CONFIG_MSEC,
				     &config_event);
}

void vrfleak_nb_config_init(struct vrfleak_event_loop *loop)
{
	config_loop = loop;
}

void vrfleak_nb_config_finish(void)
{
	event_cancel(&config_event);
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
