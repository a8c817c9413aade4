// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the show commands.
 *
 * Each command shows the VRFs by name, as text or as JSON. It reads the policy,
 * the RIB and the conflicts when it runs. Zebra does nothing else meanwhile, so
 * long lists are shown in pages.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/termtable.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/cli/show.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/northbound/config_hints.h"
#include "zebra_vrfleak/northbound/lost_lines.h"
#include "zebra_vrfleak/vrfleak_commands.h"

typedef void (*show_vrf)(struct vrfleak_show *show);

/* ---- the commands ---- */

#define PAGE_ENTRIES 500
#define PAGE_VRFS 500

/*
 * The time counts after so many VRFs with their summaries, or VRFs and series
 * of routes that were only examined.
 */
#define LEAST_SUMMARIES 32
#define LEAST_EXAMINED 200

/* Enough for the longest command with a VRF's name and a prefix. */
#define COMMAND_SIZE (64 + VRFLEAK_NAME_SIZE + PREFIX_STRLEN)

int vrfleak_show_refuse(struct vty *vty, bool json, const char *format, ...)
{
	json_object *object;
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintfrr(text, sizeof(text), format, ap);
	va_end(ap);
	if (json) {
		object = json_object_new_object();
		json_object_string_add(object, "error", text);
		vty_json(vty, object);
	} else {
		vty_out(vty, "%% %s\n", text);
	}
	return CMD_WARNING;
}

int vrfleak_show_refuse_vrf(struct vty *vty, bool json, enum vrfleak_af af,
			    const char *name)
{
	return vrfleak_show_refuse(
		vty, json,
		"VRF %s has no route-leak configuration; 'show %s route-leak' lists the VRFs that have",
		name, af == VRFLEAK_IPV4 ? "ip" : "ipv6");
}

/* The first VRF to show: the named one, or the next by name. */
static struct vrfleak_vrf *vrf_first(const struct vrfleak_show *show)
{
	struct vrfleak_vrf *vrf = vrfleak_vrf_by_name(show->start);

	return vrf ? vrf : vrfleak_vrf_after(show->start);
}

/* Show VRFs until the page is full. */
static void vrfs_show(struct vrfleak_show *show, show_vrf each,
		      json_object *vrfs)
{
	struct vrfleak_vrf *vrf;
	uint32_t headroom = PAGE_VRFS;

	for (vrf = vrf_first(show); vrf && !show->more;
	     vrf = show->only ? NULL : vrfleak_vrf_next(vrf)) {
		if (!vrf->policy)
			continue;
		/* The last page ended with a prefix of the VRF start. */
		show->from = show->from && strmatch(vrf->name, show->start);
		show->vrf = vrf;
		show->more = headroom == 0 ||
			     (headroom < PAGE_VRFS &&
			      !vrfleak_answer_in_time(&show->answer));
		if (show->more)
			break;
		headroom--;
		show->json = vrfs ? json_object_new_object() : NULL;
		each(show);
		if (vrfs)
			json_object_object_add(vrfs, vrf->name, show->json);
	}
}

/* The command for the next page. A page of one VRF leads to no other VRF. */
static char *next_command(const struct vrfleak_show *show, const char *format,
			  char *buf, size_t size)
{
	struct fbuf out = {.buf = buf, .pos = buf, .len = size - 1};

	memset(buf, 0, size);
	bprintfrr(&out, "show %s route-leak%s%s %s %s",
		  show->af == VRFLEAK_IPV4 ? "ip" : "ipv6",
		  *show->list ? " " : "", show->list,
		  show->only ? "vrf" : "from-vrf", show->vrf->name);
	if (show->from)
		bprintfrr(&out, " after %pFX", &show->at);
	bprintfrr(&out, "%s", format);
	return buf;
}

static void isolation_json(json_object *json, enum vrfleak_af af)
{
	struct vrfleak_isolation state = vrfleak_isolation_state(af);
	json_object *isolation = json_object_new_object();

	json_object_boolean_add(isolation, "configured", state.configured);
	json_object_boolean_add(isolation, "installed", state.installed);
	json_object_boolean_add(isolation, "effective", state.effective);
	if (state.error[0])
		json_object_string_add(isolation, "error", state.error);
	json_object_object_add(json, "isolation", isolation);
}

static void isolation_text(struct vty *vty, enum vrfleak_af af)
{
	struct vrfleak_isolation state = vrfleak_isolation_state(af);

	if (state.configured)
		vty_out(vty, "VRF isolation: policy rule %u %s\n",
			VRFLEAK_RULE_PRIORITY,
			state.installed ? "is installed" : "is not installed");
}

static void hints_json(json_object *json, enum vrfleak_af af)
{
	json_object *hints = json_object_new_array();

	vrfleak_hints_isolation(af, vrfleak_hint_json, hints);
	vrfleak_lost_lines(vrfleak_hint_json, hints);
	json_object_object_add(json, "hints", hints);
}

static int show_json(struct vrfleak_show *show, show_vrf each)
{
	json_object *json = json_object_new_object();
	json_object *vrfs = json_object_new_object();
	json_object *more;
	char buf[PREFIX_STRLEN], command[COMMAND_SIZE];

	json_object_string_add(json, "addressFamily", vrfleak_af2str(show->af));
	vrfs_show(show, each, vrfs);
	json_object_object_add(json, "vrfs", vrfs);
	if (show->hints) {
		isolation_json(json, show->af);
		hints_json(json, show->af);
	}
	if (show->more) {
		more = json_object_new_object();
		json_object_string_add(more, "vrf", show->vrf->name);
		if (show->from)
			json_object_string_add(
				more, "after",
				prefix2str(&show->at, buf, sizeof(buf)));
		json_object_string_add(
			more, "command",
			next_command(show, " json", command, sizeof(command)));
		json_object_object_add(json, "more", more);
	}
	return vty_json(show->vty, json);
}

static void table_print(struct vrfleak_show *show)
{
	char *text = ttable_dump(show->table, "\n");

	vty_out(show->vty, "%s", text);
	XFREE(MTYPE_TMP_TTABLE, text);
}

static int show_text(struct vrfleak_show *show, show_vrf each)
{
	char command[COMMAND_SIZE];

	vrfs_show(show, each, NULL);
	if (show->hints) {
		isolation_text(show->vty, show->af);
		vrfleak_hints_isolation(show->af, vrfleak_hint_text, show->vty);
		vrfleak_lost_lines(vrfleak_hint_text, show->vty);
	}
	if (show->table)
		table_print(show);
	else if (!show->vrf && !*show->start)
		vty_out(show->vty, "No VRF has a route-leak configuration\n");
	if (show->more)
		vty_out(show->vty, "The list continues; next page: %s\n",
			next_command(show, "", command, sizeof(command)));
	return CMD_SUCCESS;
}

/* Read which VRFs to show; refuse a VRF without configuration. */
static int vrfs_read(struct vrfleak_show *show, int argc,
		     struct cmd_token *argv[])
{
	const struct vrfleak_vrf *vrf;
	int idx = 0;

	if (argv_find(argv, argc, "VRF_NAME", &idx))
		show->start = argv[idx]->arg;
	idx = 0;
	if (!argv_find(argv, argc, "NAME", &idx))
		return CMD_SUCCESS;
	show->start = argv[idx]->arg;
	show->only = true;
	show->hints = false;
	vrf = vrfleak_vrf_by_name(show->start);
	if (vrf && vrf->policy)
		return CMD_SUCCESS;
	return vrfleak_show_refuse_vrf(show->vty, use_json(argc, argv),
				       show->af, show->start);
}

/* Read the prefix after which the page begins, if there is one. */
static int after_read(struct vrfleak_show *show, int argc,
		      struct cmd_token *argv[])
{
	int idx = 0;

	if (!argv_find(argv, argc, "after", &idx))
		return CMD_SUCCESS;
	show->from = true;
	if (!str2prefix(argv[idx + 1]->arg, &show->at) ||
	    vrfleak_prefix_af(&show->at) != show->af)
		return vrfleak_show_refuse(
			show->vty, use_json(argc, argv),
			"%s is not an %s prefix", argv[idx + 1]->arg,
			show->af == VRFLEAK_IPV4 ? "IPv4" : "IPv6");
	apply_mask(&show->at);
	return CMD_SUCCESS;
}

/*
 * Show each configured VRF, or the named ones. table: a table with its head,
 * for text in columns; NULL for other text. It is freed here.
 */
static int show_run(struct vty *vty, int argc, struct cmd_token *argv[],
		    show_vrf each, const char *list, struct ttable *table)
{
	struct vrfleak_show show = {
		.vty = vty,
		.table = table,
		.list = list,
		.hints = each == vrfleak_show_summary_of,
		.start = "",
		.entries = PAGE_ENTRIES,
	};
	int ret;

	vrfleak_answer_begin(&show.answer, VRFLEAK_ANSWER_USEC,
			     show.hints ? LEAST_SUMMARIES : LEAST_EXAMINED);
	show.af = strcmp(argv[1]->text, "ip") ? VRFLEAK_IPV6 : VRFLEAK_IPV4;
	ret = vrfs_read(&show, argc, argv);
	if (ret == CMD_SUCCESS)
		ret = after_read(&show, argc, argv);
	if (ret == CMD_SUCCESS)
		ret = use_json(argc, argv) ? show_json(&show, each)
					   : show_text(&show, each);
	if (table)
		ttable_del(table);
	return ret;
}

DEFUN(vrfleak_show, vrfleak_show_cmd, VRFLEAK_CMD_SHOW, VRFLEAK_HELP_SHOW)
{
	return show_run(vty, argc, argv, vrfleak_show_summary_of, "", NULL);
}

DEFUN(vrfleak_show_routes, vrfleak_show_routes_cmd, VRFLEAK_CMD_SHOW_ROUTES,
      VRFLEAK_HELP_SHOW_ROUTES)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	ttable_add_row(table,
		       "VRF|Prefix|Source|Protocol|Next hop|Interface|Since");
	return show_run(vty, argc, argv, vrfleak_show_routes_of, "routes",
			table);
}

DEFUN(vrfleak_show_conflicts, vrfleak_show_conflicts_cmd,
      VRFLEAK_CMD_SHOW_CONFLICTS, VRFLEAK_HELP_SHOW_CONFLICTS)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	ttable_add_row(table, "VRF|Prefix|Source|Reason|Winner|Protocol|Since");
	return show_run(vty, argc, argv, vrfleak_show_conflicts_of, "conflicts",
			table);
}

void vrfleak_show_init(void)
{
	VRFLEAK_COMMANDS_SHOW(VRFLEAK_INSTALL)
	vrfleak_show_explain_init();
	vrfleak_show_topology_init();
	vrfleak_show_what_if_init();
	vrfleak_show_statistics_init();
}
