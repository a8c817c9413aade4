// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the configuration commands, for the daemon that has the
 * configuration: mgmtd since FRR 10, zebra before.
 *
 * They are clients of the YANG model and edit the candidate configuration. An
 * invalid command is rejected with one line, and the configuration does not
 * change.
 *
 * frr-reload.py treats each command that begins with "ip route" or "ipv6 route"
 * as a static route. It enters these commands as a file, twice. Therefore in a
 * file (vtysh -f, vtysh -b):
 *  - 'no' of a statement that does not exist succeeds without a message.
 *    Otherwise it is a warning.
 *  - 'no' of a statement that the same file has entered has no effect, where
 *    frr-reload.py enters the new form of a line before 'no' of the old form
 *    (vrfleak_config_file_callbacks). Otherwise a change of the route-map would
 *    remove the statement.
 */
#include <zebra.h>

#include "lib/command.h"
#include "lib/json.h"
#include "lib/linklist.h"
#include "lib/northbound_cli.h"
#include "lib/vrf.h"

#include "zebra_vrfleak/base/compat.h"
#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/core/policy.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/vrfleak_commands.h"

/*
 * The xpaths of the statements that the file being read has entered; NULL if
 * vtysh sends no file.
 */
static struct list *file_statements;

static void xpath_free(void *xpath)
{
	XFREE(MTYPE_TMP, xpath);
}

static void file_end(void)
{
	if (file_statements)
		list_delete(&file_statements);
}

static void file_begin(void)
{
	file_end();
	file_statements = list_new();
	file_statements->del = xpath_free;
}

static void file_enters(const char *statement)
{
	if (file_statements)
		listnode_add(file_statements, XSTRDUP(MTYPE_TMP, statement));
}

static bool file_has_entered(const char *statement)
{
	struct listnode *node;
	const char *entered;

	for (ALL_LIST_ELEMENTS_RO(file_statements, node, entered))
		if (strmatch(entered, statement))
			return true;
	return false;
}

/* The VRF of the vty's node; NULL, with a message, if it was deleted. */
static const char *vty_vrf_name(struct vty *vty)
{
	if (vty->node != VRF_NODE)
		return VRF_DEFAULT_NAME;

	if (!yang_dnode_exists(vty->candidate_config->dnode, VTY_CURR_XPATH)) {
		vty_out(vty,
			"%% The VRF was deleted meanwhile; nothing was changed. Enter 'vrf NAME' again.\n");
		return NULL;
	}

	return yang_dnode_get_string(vty->candidate_config->dnode, "%s/name",
				     VTY_CURR_XPATH);
}

/* Whether child is the only child of a data node, besides the key. */
static bool dnode_has_only(struct vty *vty, const char *parent,
			   const char *child)
{
	const struct lyd_node *dnode =
		yang_dnode_get(vty->candidate_config->dnode, parent);
	const struct lyd_node *only =
		yang_dnode_get(vty->candidate_config->dnode, child);
	const struct lyd_node *other;

	LY_LIST_FOR (lyd_child_no_keys(dnode), other)
		if (other != only && !CHECK_FLAG(other->flags, LYD_DEFAULT))
			return false;
	return true;
}

/* Remove a statement, and the list entries that would be empty without it. */
static int statement_remove(struct vty *vty, const char *vrf,
			    const char *family, const char *statement)
{
	const char *remove = statement;

	if (dnode_has_only(vty, family, statement)) {
		remove = family;
		if (dnode_has_only(vty, vrf, family))
			remove = vrf;
	}
	nb_cli_enqueue_change(vty, remove, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

/* For "vrf:NAME", a tag, and both as in the command. */
#define KEY_SIZE VRFLEAK_STATEMENT_STRLEN

/* The arguments of a command. */
struct statement_words {
	bool no;
	bool ipv4;
	/* One of the two: a tag, or the VRF that is imported by its name. */
	const char *tag;
	const char *source;
	/* NULL if not given. */
	const char *map;
	const char *distance;
	const char *max;
	const char *threshold;
	bool warning_only;
};

static const char *word_after(int argc, struct cmd_token *argv[],
			      const char *keyword)
{
	for (int i = 0; i + 1 < argc; i++)
		if (strmatch(argv[i]->text, keyword))
			return argv[i + 1]->arg;
	return NULL;
}

static struct statement_words words_read(int argc, struct cmd_token *argv[])
{
	bool no = strmatch(argv[0]->text, "no");
	const char *source = word_after(argc, argv, "vrf");

	return (struct statement_words){
		.no = no,
		.ipv4 = strmatch(argv[no ? 1 : 0]->text, "ip"),
		.tag = source ? NULL : argv[no ? 3 : 2]->arg,
		.source = source,
		.map = word_after(argc, argv, "route-map"),
		.distance = word_after(argc, argv, "distance"),
		.max = word_after(argc, argv, "maximum-prefix"),
		.threshold = word_after(argc, argv, "threshold"),
		.warning_only = strmatch(argv[argc - 1]->text, "warning-only"),
	};
}

/* Set a leaf of a statement; remove it if value is NULL. */
static void leaf_set(struct vty *vty, const char *statement, const char *leaf,
		     const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "%.*s/%s", XPATH_MAXLEN / 2, statement,
		 leaf);
	if (value)
		nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, value);
	else if (yang_dnode_exists(vty->candidate_config->dnode, xpath))
		nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
}

/*
 * Whether the model accepts the statement and its route-map. Check this before
 * the candidate is edited: libfrr skips a value that the model refuses and
 * commits the others, so the statement would lose its route-map.
 */
static bool model_accepts(const char *statement, const char *map)
{
	struct lyd_node *tree = NULL;
	char xpath[XPATH_MAXLEN];
	bool accepts;

	snprintf(xpath, sizeof(xpath), "%.*s%s", XPATH_MAXLEN / 2, statement,
		 map ? "/route-map" : "");
	accepts = lyd_new_path(NULL, ly_native_ctx, xpath, map, 0, &tree) ==
		  LY_SUCCESS;
	lyd_free_all(tree);
	return accepts;
}

static void name_refuse(struct vty *vty, const char *kind)
{
	vty_out(vty,
		"%% Invalid %s name: too long, or with a character that FRR cannot show; nothing was changed\n",
		kind);
}

/* A limit and its options are one container, which is deleted as a whole. */
static void limit_set(struct vty *vty, const char *statement,
		      const struct statement_words *words)
{
	if (!words->max) {
		leaf_set(vty, statement, "maximum-prefix", NULL);
		return;
	}
	leaf_set(vty, statement, "maximum-prefix/limit", words->max);
	leaf_set(vty, statement, "maximum-prefix/threshold", words->threshold);
	leaf_set(vty, statement, "maximum-prefix/warning-only",
		 words->warning_only ? "true" : NULL);
}

/* A new command replaces the statement: arguments not given are removed. */
static int statement_create(struct vty *vty, const char *statement, bool import,
			    const struct statement_words *words)
{
	bool vrfs = model_accepts(statement, NULL);

	if (!vrfs || (words->map && !model_accepts(statement, words->map))) {
		name_refuse(vty, vrfs ? "route-map" : "VRF");
		return CMD_WARNING_CONFIG_FAILED;
	}
	if (vty->pending_allowed)
		file_enters(statement);
	nb_cli_enqueue_change(vty, statement, NB_OP_CREATE, NULL);
	leaf_set(vty, statement, "route-map", words->map);
	if (import) {
		leaf_set(vty, statement, "distance", words->distance);
		limit_set(vty, statement, words);
	}
	return nb_cli_apply_changes(vty, NULL);
}

/*
 * Set key to the statement's key in the model, and text to the same as in the
 * command. Returns false, with a message, if the tag or the name is invalid.
 */
static bool key_make(struct vty *vty, const struct statement_words *words,
		     char key[KEY_SIZE], char text[KEY_SIZE])
{
	const char *wrong;
	vrfleak_tag_t tag;

	if (words->source) {
		/* The model refuses these, too. */
		if (strlen(words->source) >= VRFLEAK_NAME_SIZE ||
		    strchr(words->source, '\'')) {
			vty_out(vty,
				"%% Invalid VRF name \"%s\": a name has up to %d characters and no single quotes; nothing was changed\n",
				words->source, VRFLEAK_NAME_SIZE - 1);
			return false;
		}
		snprintf(key, KEY_SIZE, VRFLEAK_IMPORT_VRF "%s", words->source);
		snprintf(text, KEY_SIZE, "vrf %s", words->source);
		return true;
	}
	wrong = vrfleak_tag_parse(words->tag, &tag);
	if (wrong) {
		vty_out(vty, "%% Invalid tag \"%s\": %s; nothing was changed\n",
			words->tag, wrong);
		return false;
	}
	vrfleak_tag2str(tag, key, KEY_SIZE);
	vrfleak_tag2str(tag, text, KEY_SIZE);
	return true;
}

/* Both have XPATH_MAXLEN bytes. */
static void family_xpaths(const char *name, bool ipv4, char *vrf, char *family)
{
	snprintf(vrf, XPATH_MAXLEN, VRFLEAK_XPATH_VRF "[name='%s']", name);
	snprintf(family, XPATH_MAXLEN, "%.*s/address-family[family='%s']",
		 XPATH_MAXLEN / 2, vrf, ipv4 ? "ipv4" : "ipv6");
}

static int statement_set(struct vty *vty, int argc, struct cmd_token *argv[],
			 const char *direction)
{
	struct statement_words words = words_read(argc, argv);
	const char *name = vty_vrf_name(vty);
	char vrf[XPATH_MAXLEN], family[XPATH_MAXLEN], statement[XPATH_MAXLEN];
	char key[KEY_SIZE], text[KEY_SIZE];

	if (!name || !key_make(vty, &words, key, text))
		return CMD_WARNING_CONFIG_FAILED;

	family_xpaths(name, words.ipv4, vrf, family);
	snprintf(statement, sizeof(statement), "%.*s/%s[tag='%s']",
		 XPATH_MAXLEN / 2, family, direction, key);

	if (!words.no)
		return statement_create(vty, statement,
					strmatch(direction, "import"), &words);

	if (vty->pending_allowed && file_has_entered(statement))
		return CMD_SUCCESS;
	if (!yang_dnode_exists(vty->candidate_config->dnode, statement)) {
		if (vty->pending_allowed)
			return CMD_SUCCESS;
		vty_out(vty,
			"%% VRF %s does not %s %s (%s); nothing was changed\n",
			name, direction, text, words.ipv4 ? "IPv4" : "IPv6");
		return CMD_WARNING;
	}
	return statement_remove(vty, vrf, family, statement);
}

DEFUN_YANG(vrfleak_export, vrfleak_export_cmd, VRFLEAK_CMD_EXPORT,
	   VRFLEAK_HELP_EXPORT)
{
	return statement_set(vty, argc, argv, "export");
}

DEFUN_YANG(vrfleak_import, vrfleak_import_cmd, VRFLEAK_CMD_IMPORT,
	   VRFLEAK_HELP_IMPORT)
{
	return statement_set(vty, argc, argv, "import");
}

/* An option of a VRF in an address family, not of a statement. */
DEFUN_YANG(vrfleak_preempt, vrfleak_preempt_cmd, VRFLEAK_CMD_PREEMPT,
	   VRFLEAK_HELP_PREEMPT)
{
	const char *name = vty_vrf_name(vty);
	bool no = strmatch(argv[0]->text, "no");
	char vrf[XPATH_MAXLEN], family[XPATH_MAXLEN], option[XPATH_MAXLEN];

	if (!name)
		return CMD_WARNING_CONFIG_FAILED;
	family_xpaths(name, strmatch(argv[no ? 1 : 0]->text, "ip"), vrf,
		      family);
	snprintf(option, sizeof(option), "%.*s/preempt", XPATH_MAXLEN / 2,
		 family);
	if (no) {
		if (!yang_dnode_exists(vty->candidate_config->dnode, option))
			return CMD_SUCCESS;
		return statement_remove(vty, vrf, family, option);
	}
	if (!model_accepts(family, NULL)) {
		vty_out(vty,
			"%% Invalid VRF name: too long, or with a character that FRR cannot show; nothing was changed\n");
		return CMD_WARNING_CONFIG_FAILED;
	}
	nb_cli_enqueue_change(vty, option, NB_OP_CREATE, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

/* seconds is NULL for no hold-down. */
static int hold_down_set(struct vty *vty, bool ipv4, const char *seconds)
{
	char vrf[XPATH_MAXLEN], family[XPATH_MAXLEN], leaf[XPATH_MAXLEN];
	const char *name = vty_vrf_name(vty);

	if (!name)
		return CMD_WARNING_CONFIG_FAILED;
	family_xpaths(name, ipv4, vrf, family);
	snprintf(leaf, sizeof(leaf), "%.*s/hold-down", XPATH_MAXLEN / 2,
		 family);
	if (seconds) {
		if (!model_accepts(family, NULL)) {
			name_refuse(vty, "VRF");
			return CMD_WARNING_CONFIG_FAILED;
		}
		if (vty->pending_allowed)
			file_enters(leaf);
		nb_cli_enqueue_change(vty, leaf, NB_OP_MODIFY, seconds);
		return nb_cli_apply_changes(vty, NULL);
	}
	if (vty->pending_allowed && file_has_entered(leaf))
		return CMD_SUCCESS;
	if (!yang_dnode_exists(vty->candidate_config->dnode, leaf)) {
		if (vty->pending_allowed)
			return CMD_SUCCESS;
		vty_out(vty,
			"%% VRF %s has no hold-down (%s); nothing was changed\n",
			name, ipv4 ? "IPv4" : "IPv6");
		return CMD_WARNING;
	}
	return statement_remove(vty, vrf, family, leaf);
}

DEFUN_YANG(vrfleak_hold_down, vrfleak_hold_down_cmd, VRFLEAK_CMD_HOLD_DOWN,
	   VRFLEAK_HELP_HOLD_DOWN)
{
	return hold_down_set(vty, strmatch(argv[0]->text, "ip"), argv[3]->arg);
}

DEFUN_YANG(vrfleak_no_hold_down, vrfleak_no_hold_down_cmd,
	   VRFLEAK_CMD_NO_HOLD_DOWN, VRFLEAK_HELP_NO_HOLD_DOWN)
{
	return hold_down_set(vty, strmatch(argv[1]->text, "ip"), NULL);
}

/* 'no' succeeds if it is not configured, as for FRR's 'ip forwarding'. */
DEFUN_YANG(vrfleak_isolation, vrfleak_isolation_cmd, VRFLEAK_CMD_ISOLATION,
	   VRFLEAK_HELP_ISOLATION)
{
	bool no = strmatch(argv[0]->text, "no");
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), VRFLEAK_XPATH_ISOLATION "[family='%s']",
		 strmatch(argv[no ? 1 : 0]->text, "ip") ? "ipv4" : "ipv6");
	if (no && !yang_dnode_exists(vty->candidate_config->dnode, xpath))
		return CMD_SUCCESS;
	nb_cli_enqueue_change(vty, xpath, no ? NB_OP_DESTROY : NB_OP_CREATE,
			      NULL);
	return nb_cli_apply_changes(vty, NULL);
}

void vrfleak_cli_init(void)
{
	vrfleak_config_file_callbacks(file_begin, file_end);
	VRFLEAK_COMMANDS_CONFIG(VRFLEAK_INSTALL)
}
