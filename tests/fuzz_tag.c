// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: fuzz target of tags.
 *
 * The printed form of a parsed tag is parsed to the same tag. The YANG model
 * accepts a string if and only if it is the printed form of a tag. Otherwise
 * mgmtd would keep a value that zebra refuses.
 */
#include <zebra.h>

#include "yang.h"

#include "zebra_vrfleak/core/route_tag.h"
#include "fuzz.h"

#define TAG_XPATH                                                              \
	"/frr-vrfleak:vrfleak/vrf[name='red']/address-family[family='ipv4']/export[tag=%c%s%c]"

extern struct yang_module_embed vrfleak_yang_embed;

static struct ly_ctx *ctx;

/* Since libyang 5 its own models are files, next to FRR's models. */
static void model_load(void)
{
	ly_log_options(0);
	if (ly_ctx_new("/usr/share/yang", LY_CTX_NO_YANGLIBRARY, &ctx) !=
		    LY_SUCCESS ||
	    lys_parse_mem(ctx, vrfleak_yang_embed.data, LYS_IN_YANG, NULL) !=
		    LY_SUCCESS)
		abort();
}

static bool model_accepts(const char *text)
{
	char quote = strchr(text, '\'') ? '"' : '\'';
	struct lyd_node *tree = NULL;
	char *xpath = NULL;
	bool accepts;

	if (!ctx)
		model_load();
	/* A path cannot escape the quote character that encloses a value. */
	if (strchr(text, quote))
		return false;
	if (asprintf(&xpath, TAG_XPATH, quote, text, quote) < 0)
		abort();
	accepts = lyd_new_path(NULL, ctx, xpath, NULL, 0, &tree) == LY_SUCCESS;
	lyd_free_all(tree);
	free(xpath);
	return accepts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	char printed[VRFLEAK_TAG_STRLEN] = "";
	vrfleak_tag_t tag = 0, again = 0;
	bool accepted = !vrfleak_tag_parse(text, &tag);

	if (accepted) {
		vrfleak_tag2str(tag, printed, sizeof(printed));
		FUZZ_CHECK(!vrfleak_tag_parse(printed, &again), "%s", printed);
		FUZZ_CHECK(tag == again, "%s printed as %s", text, printed);
		FUZZ_CHECK(model_accepts(printed), "%s", printed);
	}
	FUZZ_CHECK(model_accepts(text) == (accepted && strmatch(text, printed)),
		   "\"%s\" is %s by the parser", text,
		   accepted ? "accepted" : "refused");
	free(text);
	return 0;
}
