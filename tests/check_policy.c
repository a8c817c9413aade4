// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the policy: its source-target pairs, their order, and
 * the pairs that a change of the policy affects.
 *
 * Policies are written as text (policy_text.h). Pairs are printed as
 * "source>target", in the order of targets, then of ranks.
 */
#include <zebra.h>

#include "zebra_vrfleak/core/policy_diff.h"
#include "check_vrfleak.h"
#include "policy_text.h"

#define TEXT_SIZE 1024

static struct vrfleak_policy *policy_compiled(const char *text)
{
	struct vrfleak_policy *policy = policy_read(text);

	vrfleak_policy_compile(policy);
	return policy;
}

/* The invariants in policy.h. */
static void check_invariants(const struct vrfleak_policy *policy)
{
	for (uint32_t i = 0; i < policy->count; i++) {
		const struct vrfleak_vrf_policy *vrf_policy = policy->vrfs[i];

		if (i > 0)
			ck_assert_int_lt(strcmp(policy->vrfs[i - 1]->name,
						vrf_policy->name),
					 0);
		for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
			const struct vrfleak_pairs *sources =
				&vrf_policy->sources[af];
			uint64_t ranks = 0;

			for (uint32_t j = 0; j < sources->count; j++) {
				const struct vrfleak_pair *pair =
					&sources->pair[j];
				const struct vrfleak_pairs *back =
					&pair->peer->targets[af];
				uint32_t mirrored = 0;

				ck_assert_ptr_ne(pair->peer, vrf_policy);
				if (j > 0)
					ck_assert_int_lt(
						strcmp(pair[-1].peer->name,
						       pair->peer->name),
						0);
				ck_assert_uint_lt(pair->rank, sources->count);
				ck_assert_uint_gt(pair->matches_count, 0);
				for (uint32_t k = 0;
				     k + 1 < pair->matches_count; k++) {
					const struct vrfleak_tag_match *match =
						&pair->matches[k];

					ck_assert(match->export->map ||
						  match->import->map);
					ck_assert_uint_lt(match[0].rank,
							  match[1].rank);
				}
				ranks |= 1ULL << pair->rank;
				for (uint32_t k = 0; k < back->count; k++)
					mirrored += back->pair[k].peer ==
						    vrf_policy;
				ck_assert_uint_eq(mirrored, 1);
				ck_assert_ptr_eq(
					vrfleak_policy_source(vrf_policy, af,
							      pair->peer->name),
					pair);
			}
			ck_assert_uint_eq(ranks, (1ULL << sources->count) - 1);
			for (uint32_t j = 0; j < vrf_policy->targets[af].count;
			     j++)
				ck_assert_ptr_nonnull(vrfleak_policy_source(
					vrf_policy->targets[af].pair[j].peer,
					af, vrf_policy->name));
		}
	}
}

static void pairs_print(const struct vrfleak_policy *policy, char *text)
{
	text[0] = '\0';
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		for (uint32_t i = 0; i < policy->count; i++) {
			const struct vrfleak_vrf_policy *vrf_policy =
				policy->vrfs[i];
			const struct vrfleak_pairs *sources =
				&vrf_policy->sources[af];

			for (uint32_t rank = 0; rank < sources->count; rank++)
				for (uint32_t j = 0; j < sources->count; j++)
					if (sources->pair[j].rank == rank)
						snprintf(text + strlen(text),
							 TEXT_SIZE -
								 strlen(text),
							 "%s%s>%s ",
							 af ? "6" : "",
							 sources->pair[j]
								 .peer->name,
							 vrf_policy->name);
		}
}

struct graph_case {
	const char *statements;
	const char *pairs;
};

static const struct graph_case graphs[] = {
	{"", ""},
	{"red>1:1", ""},
	{"red<1:1", ""},
	{"red>1:1 red<1:1", ""},
	{"red>1:1 blue<1:2", ""},
	{"red>1:1 blue<1:1", "red>blue "},
	{"red>01:1 blue<1:01", "red>blue "},
	{"red>1:1 6blue<1:1", ""},
	{"6red>1:1 6blue<1:1", "6red>blue "},
	{"red>1:1 blue<1:1 6blue>1:1 6red<1:1", "red>blue 6blue>red "},
	/* The three VRFs of the README. */
	{"shared>1:1 shared<2:2 shared<3:3 red>2:2 red<1:1 blue>3:3 blue<1:1",
	 "shared>blue shared>red red>shared blue>shared "},
	/* Several common tags are one pair. */
	{"red>1:1 red>2:2 blue<1:1 blue<2:2", "red>blue "},
	/* All with the same tag: each VRF with each other one. */
	{"a>1:1 a<1:1 b>1:1 b<1:1 c>1:1 c<1:1", "b>a c>a a>b c>b a>c b>c "},
	/* The order of the import statements, then of the names. */
	{"t<3:3 t<1:1 t<2:2 c>1:1 b>2:2 a>3:3", "a>t c>t b>t "},
	{"t<1:1 c>1:1 b>1:1 a>1:1", "a>t b>t c>t "},
	{"t<2:2 t<1:1 a>1:1 b>1:1 b>2:2 c>2:2", "b>t c>t a>t "},
	/* A repeated statement keeps its first position. */
	{"t<1:1 t<2:2 t<1:1 a>2:2 b>1:1 b>1:1", "b>t a>t "},
	{"default>1:1 red<1:1", "default>red "},
	/* By name: without an export, to one family, never to itself. */
	{"red<=blue", "blue>red "},
	{"6red<=blue", "6blue>red "},
	{"red<=red", ""},
	{"red<=blue blue<=red", "red>blue blue>red "},
	{"red<=default", "default>red "},
	/* Names and tags have one order. */
	{"t<=c t<1:1 t<=d a>1:1 b>1:1", "c>t a>t b>t d>t "},
	{"t<1:1 t<=d t<=c a>1:1 b>1:1", "a>t b>t d>t c>t "},
	/* By a tag and by name is one pair; the first statement ranks it. */
	{"t<1:1 t<=c t<=b a>1:1 b>1:1", "a>t b>t c>t "},
	{"t<=b t<1:1 a>1:1 b>1:1", "b>t a>t "},
	{"t<=b t<=c t<=b", "b>t c>t "},
};

START_TEST(graph)
{
	const struct graph_case *c = &graphs[_i];
	struct vrfleak_policy *policy = policy_compiled(c->statements);
	char text[TEXT_SIZE];

	check_invariants(policy);
	pairs_print(policy, text);
	ck_assert_msg(strmatch(text, c->pairs), "%s: wanted %s, got %s",
		      c->statements, c->pairs, text);
	vrfleak_policy_free(policy);
}
END_TEST

struct diff_case {
	const char *before;
	const char *after;
	const char *changes;
};

static const struct diff_case diffs[] = {
	{"", "", ""},
	{"a>1:1 b<1:1", "a>1:1 b<1:1", ""},
	{"", "a>1:1 b<1:1", "+a>b "},
	{"a>1:1 b<1:1", "", "-a>b "},
	{"a>1:1 b<1:1", "b<1:1", "-a>b "},
	/* Other tags, but the same pair: no change. */
	{"a>1:1 b<1:1", "a>2:2 b<2:2", ""},
	{"a>1:1 b<1:1", "a>1:1 a>2:2 b<2:2 b<1:1", ""},
	/* Another order, but the same pairs: no change. */
	{"a>1:1 c>2:2 b<1:1 b<2:2", "a>1:1 c>2:2 b<2:2 b<1:1", ""},
	{"a>1:1 b<1:1", "b>1:1 a<1:1", "-a>b +b>a "},
	{"a>1:1 b<1:1", "6a>1:1 6b<1:1", "-a>b +6a>b "},
	{"a>1:1 b<1:1 c<1:1", "a>1:1 b<1:1 d<1:1", "-a>c +a>d "},
	/* Route-maps and limits. */
	{"a>1:1 b<1:1", "a>1:1/A b<1:1", "~a>b "},
	{"a>1:1/A b<1:1", "a>1:1/B b<1:1", "~a>b "},
	{"a>1:1/A b<1:1", "a>1:1/A b<1:1/A", "~a>b "},
	{"a>1:1/A b<1:1/B", "a>1:1/A b<1:1/B", ""},
	{"a>1:1/A b<1:1", "a>2:2/A b<2:2", ""},
	{"a>1:1 b<1:1", "a>1:1 b<1:1#5", "~a>b "},
	{"a>1:1 b<1:1#4", "a>1:1 b<1:1#5", "~a>b "},
	{"a>1:1 b<1:1#5", "a>2:2 b<2:2#5", "~a>b "},
	/* By name. */
	{"", "b<=a", "+a>b "},
	{"b<=a", "", "-a>b "},
	{"b<=a", "a>1:1 b<1:1", ""},
	{"b<=a", "b<=a/A", "~a>b "},
	{"b<=a b<=c", "b<=c b<=a", ""},
	{"b<=a#5", "b<=a#6", "~a>b "},
	{"b<=a#5", "a>1:1 b<1:1#5", "~a>b "},
	{"a>1:1/A b<1:1", "a>1:1/A b<=a", "~a>b "},
	/* The export's route-map has no effect. */
	{"b<=a a>1:1/A", "b<=a", ""},
	/* By name after a route-map: a second match. */
	{"a>1:1/A b<1:1", "a>1:1/A b<1:1 b<=a", "~a>b "},
	/* Distances. */
	{"a>1:1 b<1:1", "a>1:1 b<1:1@20", "~a>b "},
	{"a>1:1 b<1:1@20", "a>1:1 b<1:1", "~a>b "},
	{"a>1:1 b<1:1@20", "a>2:2 b<2:2@20", ""},
	{"a>1:1 b<1:1", "a>1:1 b<1:1@254", ""},
	/* Preemption: if it begins, or with another order. */
	{"a>1:1 b<1:1", "a>1:1 b<1:1 b!", "^a>b "},
	{"a>1:1 b<1:1 b!", "a>1:1 b<1:1", ""},
	{"a>1:1 b<1:1", "a>1:1 b<1:1 6b!", ""},
	{"a>1:1 b<1:1", "a>1:1 b<1:1#5 b!", "~a>b "},
	{"a>1:1 c>2:2 b! b<1:1 b<2:2", "a>1:1 c>2:2 b! b<2:2 b<1:1",
	 "^a>b ^c>b "},
	{"a>1:1 b<1:1 b!", "a>1:1 b<1:1 b! d!", ""},
	/* A match after one that permits all routes has no effect. */
	{"b<=a", "b<=a a>2:2/A b<2:2", ""},
	{"a>1:1 b<1:1", "a>1:1 a>2:2/A b<1:1 b<2:2", ""},
	{"a>1:1/A b<1:1", "a>1:1/A a>2:2/B b<1:1 b<2:2", "~a>b "},
};

static void diff_print(enum vrfleak_af af, struct vrfleak_vrf_policy *source,
		       struct vrfleak_vrf_policy *target,
		       enum vrfleak_pair_change change, void *arg)
{
	char *text = arg;

	snprintf(text + strlen(text), TEXT_SIZE - strlen(text), "%c%s%s>%s ",
		 "-+~^"[change], af ? "6" : "", source->name, target->name);
}

START_TEST(diff)
{
	const struct diff_case *c = &diffs[_i];
	struct vrfleak_policy *before = policy_compiled(c->before);
	struct vrfleak_policy *after = policy_compiled(c->after);
	char text[TEXT_SIZE] = "";

	vrfleak_policy_diff(before, after, diff_print, text);
	ck_assert_msg(strmatch(text, c->changes), "%s -> %s: wanted %s, got %s",
		      c->before, c->after, c->changes, text);
	vrfleak_policy_free(before);
	vrfleak_policy_free(after);
}
END_TEST

START_TEST(lookups)
{
	struct vrfleak_policy *policy =
		policy_compiled("b>1:1 d<1:1 f>1:1 f<2:2");
	struct vrfleak_vrf_policy *d = vrfleak_policy_find(policy, "d");
	vrfleak_tag_t tag;

	ck_assert_ptr_null(vrfleak_policy_find(policy, ""));
	for (const char *name = "aceg"; *name; name++)
		ck_assert_ptr_null(vrfleak_policy_find(
			policy, (const char[]){*name, '\0'}));
	ck_assert_str_eq(d->name, "d");
	ck_assert_ptr_nonnull(vrfleak_policy_source(d, VRFLEAK_IPV4, "b"));
	ck_assert_ptr_nonnull(vrfleak_policy_source(d, VRFLEAK_IPV4, "f"));
	ck_assert_ptr_null(vrfleak_policy_source(d, VRFLEAK_IPV4, "d"));
	ck_assert_ptr_null(vrfleak_policy_source(d, VRFLEAK_IPV6, "b"));

	ck_assert_ptr_null(vrfleak_tag_parse("1:1", &tag));
	ck_assert(vrfleak_statements_find(&d->imports[VRFLEAK_IPV4], tag));
	ck_assert(!vrfleak_statements_find(&d->exports[VRFLEAK_IPV4], tag));
	vrfleak_policy_free(policy);
	vrfleak_policy_free(NULL);
}
END_TEST

/* The match that holds for a source by a tag and by name is the first. */
START_TEST(options_by_name)
{
	struct vrfleak_policy *policy = policy_compiled(
		"a>1:1/E t<1:1/A#1 t<=a/B#2 b>1:1 u<=a u<1:1/A");
	const struct vrfleak_vrf_policy *t = vrfleak_policy_find(policy, "t");
	const struct vrfleak_vrf_policy *u = vrfleak_policy_find(policy, "u");
	const struct vrfleak_pair *pair;
	char buf[VRFLEAK_STATEMENT_STRLEN];

	check_invariants(policy);
	pair = vrfleak_policy_source(t, VRFLEAK_IPV4, "a");
	ck_assert_uint_eq(pair->matches_count, 2);
	ck_assert_str_eq(pair->matches[0].export->map, "E");
	ck_assert_str_eq(pair->matches[0].import->map, "A");
	ck_assert_ptr_null(pair->matches[1].export->map);
	ck_assert_str_eq(pair->matches[1].import->map, "B");
	ck_assert_uint_eq(pair->matches[1].import->limit.max, 2);
	ck_assert_str_eq(vrfleak_statement2str(pair->matches[1].import, buf,
					       sizeof(buf)),
			 "vrf a");
	ck_assert_str_eq(vrfleak_statement2str(pair->matches[0].import, buf,
					       sizeof(buf)),
			 "1:1");

	/* It permits all routes, so the tag has no effect. */
	pair = vrfleak_policy_source(u, VRFLEAK_IPV4, "a");
	ck_assert_uint_eq(pair->matches_count, 1);
	ck_assert(!vrfleak_pair_filters(pair));
	ck_assert(vrfleak_statements_find_vrf(&u->imports[VRFLEAK_IPV4], "a"));
	ck_assert(!vrfleak_statements_find_vrf(&u->imports[VRFLEAK_IPV4], "b"));
	ck_assert(!vrfleak_statements_find_vrf(&u->imports[VRFLEAK_IPV6], "a"));
	vrfleak_policy_free(policy);
}
END_TEST

/* The longest possible VRF name is not truncated. */
START_TEST(long_name)
{
	char name[VRFLEAK_NAME_SIZE], buf[VRFLEAK_STATEMENT_STRLEN];
	struct vrfleak_policy *policy = vrfleak_policy_new();
	const struct vrfleak_statement *statement;

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	vrfleak_policy_export(policy, VRFLEAK_IPV4, name, 1);
	vrfleak_policy_export(policy, VRFLEAK_IPV4, name, 2);
	ck_assert_uint_eq(policy->count, 1);
	ck_assert_str_eq(policy->vrfs[0]->name, name);
	statement =
		vrfleak_policy_import_vrf(policy, VRFLEAK_IPV4, "red", name);
	ck_assert_uint_eq(policy->count, 2);
	ck_assert_str_eq(statement->source, name);
	vrfleak_statement2str(statement, buf, sizeof(buf));
	ck_assert_str_eq(buf + strlen("vrf "), name);
	vrfleak_policy_free(policy);
}
END_TEST

/* Random statements: a pair needs a common tag, or an import by name. */
START_TEST(random_statements)
{
	srand((unsigned int)_i);
	struct vrfleak_policy *policy = vrfleak_policy_new();
	bool exports[20][8] = {}, imports[20][8] = {}, by_name[20][20] = {};

	for (int i = 0; i < 60; i++) {
		int vrf = rand() % 20, tag = rand() % 8;
		char name[] = {(char)('a' + vrf), '\0'};

		if (rand() % 6 == 0) {
			int from = rand() % 20;
			char source[] = {(char)('a' + from), '\0'};

			by_name[vrf][from] = true;
			vrfleak_policy_import_vrf(policy, VRFLEAK_IPV4, name,
						  source);
		} else if (rand() % 2) {
			exports[vrf][tag] = true;
			vrfleak_policy_export(policy, VRFLEAK_IPV4, name,
					      (vrfleak_tag_t)tag);
		} else {
			imports[vrf][tag] = true;
			vrfleak_policy_import(policy, VRFLEAK_IPV4, name,
					      (vrfleak_tag_t)tag);
		}
	}
	vrfleak_policy_compile(policy);
	check_invariants(policy);

	for (int s = 0; s < 20; s++)
		for (int t = 0; t < 20; t++) {
			char source[] = {(char)('a' + s), '\0'};
			char target[] = {(char)('a' + t), '\0'};
			struct vrfleak_vrf_policy *vrf_policy =
				vrfleak_policy_find(policy, target);
			bool pair = s != t && by_name[t][s];

			for (int tag = 0; tag < 8; tag++)
				pair |= s != t && exports[s][tag] &&
					imports[t][tag];
			ck_assert_int_eq(pair,
					 vrf_policy &&
						 vrfleak_policy_source(
							 vrf_policy,
							 VRFLEAK_IPV4, source));
		}
	vrfleak_policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tests = tcase_create("policy");

	tcase_add_loop_test(tests, graph, 0, array_size(graphs));
	tcase_add_loop_test(tests, diff, 0, array_size(diffs));
	tcase_add_test(tests, lookups);
	tcase_add_test(tests, options_by_name);
	tcase_add_test(tests, long_name);
	tcase_add_loop_test(tests, random_statements, 0, 50);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
