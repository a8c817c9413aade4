// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: fuzz target of the configuration commands as in mgmtd (since FRR
 * 10): libfrr's command parser, the module's commands and YANG model.
 *
 * The input is a file of configuration lines. For any input:
 *  - an accepted line prints nothing; a refused line prints the reason, and
 *    changes nothing;
 *  - the printed configuration is accepted, line by line, by an empty
 *    configuration, which is then printed as the same text.
 *
 * Each line is a commit. The only other commands are `vrf NAME` and `exit-vrf`.
 * VRF names that libfrr's own command does not handle (with a quote, or not in
 * ASCII) are left out.
 */
#include <zebra.h>

#include "lib/buffer.h"
#include "lib/command.h"
#include "lib/debug.h"
#include "lib/log.h"
#include "lib/northbound_cli.h"
#include "lib/vrf.h"
#include "lib/vty.h"

#include "zebra_vrfleak/cli/config_cli.h"
#include "zebra_vrfleak/northbound/nb.h"
#include "zebra_vrfleak/northbound/yang_load.h"
#include "fuzz.h"

#define LINES_MAX 32
#define INPUT_MAX 4096

static struct vty *vty;

static const struct frr_yang_module_info module_info = {
	.name = "frr-vrfleak",
	.ignore_cfg_cbs = true,
	.nodes = {{.xpath = VRFLEAK_XPATH_VRF,
		   .cbs = {.cli_show = vrfleak_nb_vrf_show,
			   .cli_show_end = vrfleak_nb_vrf_show_end}},
		  {.xpath = VRFLEAK_XPATH_FAMILY "/export",
		   .cbs = {.cli_show = vrfleak_nb_export_show}},
		  {.xpath = VRFLEAK_XPATH_FAMILY "/import",
		   .cbs = {.cli_show = vrfleak_nb_import_show}},
		  {.xpath = NULL}}};

static const struct frr_yang_module_info *const modules[] = {
	&frr_vrf_cli_info,
};

static void start(void)
{
	struct vrfleak_event_loop *loop = event_master_create(NULL);

	zlog_aux_init("NONE: ", ZLOG_DISABLED);
	cmd_init(1);
	vty_init(loop, false);
	debug_init();
	yang_module_embed(&vrfleak_yang_embed);
	nb_init(loop, modules, array_size(modules), false, false);
	vrf_cmd_init(NULL);
	vrfleak_cli_init();
	vrfleak_yang_load(&module_info);
	vty = vty_new();
	/* Of this type output stays in the buffer, with \r before each \n. */
	vty->type = VTY_TERM;
	vty->config = true;
	vty->candidate_config = vty_shared_candidate_config;
}

static void config_clear(void)
{
	nb_config_replace(running_config, nb_config_new(NULL), false);
	nb_config_replace(vty->candidate_config, nb_config_new(NULL), false);
	vty->node = CONFIG_NODE;
	vty->xpath_index = 0;
}

/* The output since the last call. The caller frees it. */
static char *output_take(void)
{
	char *said = buffer_getstr(vty->obuf);
	char *to = said;

	buffer_reset(vty->obuf);
	for (const char *from = said; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return said;
}

/* The configuration as lines. The caller frees it. */
static char *config_print(void)
{
	const struct lyd_node *dnode =
		yang_dnode_get(running_config->dnode, VRFLEAK_XPATH);

	if (dnode)
		nb_cli_show_dnode_cmds(vty, dnode, false);
	return output_take();
}

/* Enter a line; returns whether it was accepted. */
static bool statement_enter(const char *statement)
{
	vector words = cmd_make_strvec(statement);
	char *before, *after, *said;
	int ret;

	if (!words)
		return true;
	before = config_print();
	strlcpy(vty->buf, statement, VTY_BUFSIZ);
	ret = cmd_execute_command(words, vty, NULL, 1);
	cmd_free_strvec(words);
	said = output_take();
	FUZZ_CHECK(ret != CMD_SUCCESS || !said[0], "\"%s\" is accepted: %s",
		   statement, said);
	/* If no command matches, the caller prints the message. */
	FUZZ_CHECK(ret != CMD_WARNING_CONFIG_FAILED || said[0], "\"%s\"",
		   statement);
	after = config_print();
	FUZZ_CHECK(ret == CMD_SUCCESS || strmatch(before, after),
		   "\"%s\" is refused:\n%s\nand then\n%s", statement, before,
		   after);
	XFREE(MTYPE_TMP, before);
	XFREE(MTYPE_TMP, after);
	XFREE(MTYPE_TMP, said);
	return ret == CMD_SUCCESS;
}

static bool has_word(const char **statement, const char *word)
{
	const char *text = *statement + strspn(*statement, " ");

	if (strncmp(text, word, strlen(word)) ||
	    !strchr(" ", text[strlen(word)]))
		return false;
	*statement = text + strlen(word);
	return true;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text == '\'' || *text == '"' || *text < ' ' || *text > '~')
			return false;
	return true;
}

/* No other commands of libfrr: some write files, or leave the node. */
static bool statement_is_tried(const char *statement)
{
	if (has_word(&statement, "vrf"))
		return is_plain(statement);
	if (has_word(&statement, "exit-vrf"))
		return true;
	has_word(&statement, "no");
	return has_word(&statement, "ip") || has_word(&statement, "ipv6");
}

/* Enter all lines of text, which is changed. */
static void statements_enter(char *text, bool all)
{
	char *rest = text, *statement;
	int left = LINES_MAX;

	while ((statement = strsep(&rest, "\n")) && (all || left-- > 0))
		if (all)
			FUZZ_CHECK(statement_enter(statement),
				   "\"%s\" was printed", statement);
		else if (statement_is_tried(statement))
			statement_enter(statement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text, *printed, *copy, *again;

	if (size > INPUT_MAX)
		return 0;
	if (!vty)
		start();
	config_clear();
	text = fuzz_string(data, size);
	statements_enter(text, false);
	free(text);

	printed = config_print();
	copy = strdup(printed);
	config_clear();
	statements_enter(copy, true);
	again = config_print();
	FUZZ_CHECK(strmatch(printed, again), "\n%s\nand then\n%s", printed,
		   again);
	free(copy);
	XFREE(MTYPE_TMP, printed);
	XFREE(MTYPE_TMP, again);
	return 0;
}
