// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: finds the module's lines in the text of a configuration file.
 *
 * FRR reads a file without regard to indentation: a line that is no command of
 * the present node is tried in the node above. So a VRF's block ends at
 * exit-vrf, exit, quit or end, and at each line that is no command of a VRF.
 */
#include <zebra.h>

#include <stdio.h>
#include <string.h>

#include "zebra_vrfleak/core/config_lines.h"

#define LINE_SIZE 1024
#define WORDS_MAX 32

struct words {
	size_t count;
	const char *word[WORDS_MAX];
	char buf[LINE_SIZE];
};

/* Split a line into its words. A comment has none. */
static void words_split(struct words *words, const char *line, size_t length)
{
	char *save = NULL;

	words->count = 0;
	if (length >= sizeof(words->buf))
		return;
	memcpy(words->buf, line, length);
	words->buf[length] = '\0';
	for (char *word = strtok_r(words->buf, " \t\r", &save);
	     word && words->count < WORDS_MAX;
	     word = strtok_r(NULL, " \t\r", &save)) {
		if (words->count == 0 && strchr("!#", word[0]))
			return;
		words->word[words->count++] = word;
	}
}

static bool word_is(const struct words *words, size_t i, const char *text)
{
	return i < words->count && strcmp(words->word[i], text) == 0;
}

static bool is_family(const struct words *words)
{
	return word_is(words, 0, "ip") || word_is(words, 0, "ipv6");
}

static bool is_statement(const struct words *words)
{
	return words->count >= 3 && is_family(words) &&
	       (word_is(words, 1, "route-export") ||
		word_is(words, 1, "route-import"));
}

static bool is_option(const struct words *words, size_t count, const char *name)
{
	return words->count == count && is_family(words) &&
	       word_is(words, 1, "route-leak") && word_is(words, 2, name);
}

static bool is_by_name(const struct words *words)
{
	return words->count >= 4 && word_is(words, 1, "route-import") &&
	       word_is(words, 2, "vrf");
}

static bool is_isolation(const struct words *words)
{
	return words->count == 2 && is_family(words) &&
	       word_is(words, 1, "vrf-isolation");
}

static enum vrfleak_config_kind line_kind(const struct words *words)
{
	if (is_statement(words))
		return VRFLEAK_LINE_STATEMENT;
	if (is_option(words, 3, "preempt"))
		return VRFLEAK_LINE_PREEMPT;
	if (is_option(words, 4, "hold-down"))
		return VRFLEAK_LINE_HOLD_DOWN;
	if (is_isolation(words))
		return VRFLEAK_LINE_ISOLATION;
	return VRFLEAK_LINE_OTHER;
}

/* Whether a line can be a command of a VRF's block. */
static bool stays_in_vrf(const struct words *words)
{
	return words->count == 0 ||
	       (is_family(words) && !is_isolation(words)) ||
	       word_is(words, 0, "no") || word_is(words, 0, "vni") ||
	       word_is(words, 0, "netns");
}

static void words_join(const struct words *words, char *buf, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < words->count && used < size; i++)
		used += snprintf(buf + used, size - used, "%s%s", i ? " " : "",
				 words->word[i]);
}

static void line_report(const struct words *words,
			enum vrfleak_config_kind kind, const char *vrf,
			void (*cb)(const struct vrfleak_config_line *line,
				   void *arg),
			void *arg)
{
	char text[LINE_SIZE];
	struct vrfleak_config_line line = {
		.kind = kind,
		.vrf = vrf,
		.ipv6 = word_is(words, 0, "ipv6"),
		.import = word_is(words, 1, "route-import"),
		.source = is_by_name(words) ? words->word[3] : NULL,
		.text = text,
	};

	if (kind == VRFLEAK_LINE_STATEMENT && !line.source)
		line.tag = words->word[2];
	words_join(words, text, sizeof(text));
	cb(&line, arg);
}

size_t vrfleak_config_lines(const char *text, size_t size,
			    void (*cb)(const struct vrfleak_config_line *line,
				       void *arg),
			    void *arg)
{
	const char *end = text + size, *next;
	char vrf[LINE_SIZE] = "default";
	enum vrfleak_config_kind kind;
	struct words words;
	size_t count = 0;

	for (const char *line = text; line < end; line = next + 1) {
		next = memchr(line, '\n', end - line);
		if (!next)
			next = end;
		words_split(&words, line, next - line);
		if (word_is(&words, 0, "vrf") && words.count == 2)
			snprintf(vrf, sizeof(vrf), "%s", words.word[1]);
		else if (!stays_in_vrf(&words))
			snprintf(vrf, sizeof(vrf), "default");
		kind = line_kind(&words);
		if (kind == VRFLEAK_LINE_OTHER)
			continue;
		count++;
		if (cb)
			line_report(&words, kind, vrf, cb, arg);
	}
	return count;
}
