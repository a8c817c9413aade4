// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the decision: a table of cases.
 *
 * A case is a sequence of steps for one prefix in VRF 1. It imports from VRF 4,
 * VRF 3 and VRF 2, in this order. A step is a word:
 *
 *	2+	VRF 2 adds or changes its native route
 *	2-	VRF 2 deletes its native route
 *	2z	zebra does not keep the route leaked from VRF 2
 *	clear	the operator replaces the owner
 *	2	VRF 2 is reported as changed, but did not change
 *	4+3+	several changes, reported at the same time
 *
 * The expected calls of a step are a list of words, in the order of the calls:
 *
 *	+2	install the route of VRF 2
 *	-2	withdraw the route of VRF 2
 *	!2n	VRF 2 becomes a candidate. The reason is n: native route,
 *		o: another source owns the prefix, z: zebra did not keep the
 *		route
 *	.2n	VRF 2 is no longer a candidate
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "model.h"

struct step {
	const char *change;
	const char *done;
};

struct example {
	const char *name;
	struct step steps[9];
};

static const struct example examples[] = {
	{"a route is added, changes and is deleted",
	 {{"2+", "+2 "}, {"2+", "+2 "}, {"2-", "-2 "}}},
	{"no calls without a change",
	 {{"2+", "+2 "}, {"", ""}, {"2", ""}, {"3", ""}, {"324", ""}}},
	{"a native route exists first",
	 {{"1+", ""}, {"2+", "!2n "}, {"2+", ""}, {"1-", "+2 .2n "}}},
	{"a native route is added later, and deleted",
	 {{"2+", "+2 "}, {"1+", "!2n -2 "}, {"1-", "+2 .2n "}}},
	{"a source withdraws while the native route exists",
	 {{"1+", ""}, {"2+", "!2n "}, {"2-", ".2n "}, {"1-", ""}}},
	{"the owner stays, whatever the order of the imports",
	 {{"2+", "+2 "}, {"4+", "!4o "}, {"3+", "!3o "}, {"2+", "+2 "}}},
	{"the next owner is chosen by the order of the imports",
	 {{"2+", "+2 "},
	  {"3+", "!3o "},
	  {"4+", "!4o "},
	  {"2-", "+4 .4o -2 "},
	  {"4-", "+3 .3o -4 "},
	  {"3-", "-3 "}}},
	{"at the same time, the order of the imports decides",
	 {{"2+3+4+", "+4 !2o !3o "}, {"4-", "+3 .3o -4 "}}},
	{"at the same time, reported in the order of the imports",
	 {{"4+3+2+", "+4 !3o !2o "}}},
	{"the owner withdraws, and another source is added",
	 {{"2+", "+2 "}, {"2-3+", "+3 -2 "}}},
	{"the owner and the candidate withdraw",
	 {{"2+", "+2 "}, {"3+", "!3o "}, {"2-3-", ".3o -2 "}}},
	{"native route and leaked route at the same time",
	 {{"1+2+", "!2n "}, {"1-", "+2 .2n "}}},
	{"the native route is deleted, the candidates compete",
	 {{"1+", ""}, {"2+", "!2n "}, {"3+", "!3n "}, {"1-", "+3 .3n !2o "}}},
	{"zebra does not keep the route: the next is tried",
	 {{"4+3+", "+4 !3o "}, {"4z", "!4z +3 .3o "}, {"4+", "!4o "}}},
	{"zebra keeps no route: no endless loop",
	 {{"4+3+", "+4 !3o "},
	  {"4z", "!4z +3 .3o "},
	  {"3z", "!3z "},
	  {"", ""},
	  {"4", "+4 "},
	  {"", ".4z "}}},
	{"both rejected, both retried: the second is next, nothing is reported",
	 {{"4+3+", "+4 !3o "},
	  {"4z", "!4z +3 .3o "},
	  {"3z", "!3z "},
	  {"43", "+4 "},
	  {"4z", "+3 "},
	  {"3z", ""},
	  {"43", "+4 "},
	  {"", ".4z !3o "}}},
	{"rejected, retried, and replaced by the operator before it is confirmed",
	 {{"4+", "+4 "},
	  {"4z", "!4z "},
	  {"43+", "+4 !3o "},
	  {"clear", "+3 .3o -4 !4o "}}},
	{"zebra rejects a route twice: reported once",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"4z", ""}}},
	{"a retry, then a native route",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"1+", "!4n -4 "}}},
	{"a retry, withdrawn before it is confirmed",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"4-", ".4z -4 "}}},
	{"a rejected route is withdrawn",
	 {{"2+", "+2 "}, {"2z", "!2z "}, {"2-", ".2z "}}},
	{"clear: the next source takes over, the owner waits",
	 {{"2+", "+2 "},
	  {"4+", "!4o "},
	  {"clear", "+4 .4o -2 !2o "},
	  {"clear", "+2 .2o -4 !4o "}}},
	{"clear: no candidate", {{"2+", "+2 "}, {"clear", ""}}},
	{"clear: a native route stays",
	 {{"1+", ""}, {"2+", "!2n "}, {"clear", ""}}},
};

#define TARGET 1
#define PREFIX 0

/*
 * Change the model. Sets sources to the changed ones, and returns their number.
 */
static uint32_t change(struct model *model, const char *text, uint32_t *sources)
{
	static uint32_t version;
	uint32_t count = 0;

	for (; *text; text++) {
		uint32_t vrf = (uint32_t)(*text - '0');

		if (text[1] == '+') {
			model->native[vrf][PREFIX] = ++version;
			text++;
		} else if (text[1] == '-') {
			model->native[vrf][PREFIX] = 0;
			text++;
		}
		if (vrf != TARGET)
			sources[count++] = vrf;
	}
	return count;
}

START_TEST(example)
{
	const struct example *e = &examples[_i];
	uint32_t sources[MODEL_VRFS], count;
	struct model model;

	model_init(&model);
	for (int source = 2; source <= 4; source++)
		model.rank[source][TARGET] = 4 - source;

	for (size_t i = 0; i < array_size(e->steps) && e->steps[i].change;
	     i++) {
		const struct step *s = &e->steps[i];

		model.context.now++;
		if (strmatch(s->change, "clear")) {
			model_clear(&model, TARGET, PREFIX);
		} else if (strchr(s->change, 'z')) {
			model_reject(&model, TARGET, PREFIX,
				     (uint32_t)(s->change[0] - '0'));
		} else {
			count = change(&model, s->change, sources);
			model_decide(&model, TARGET, PREFIX, sources, count);
		}
		ck_assert_msg(!model.failure[0], "%s, step %zu (%s): %s",
			      e->name, i + 1, s->change, model.failure);
		ck_assert_msg(strmatch(model.calls, s->done),
			      "%s, step %zu (%s): wanted '%s', done '%s'",
			      e->name, i + 1, s->change, s->done, model.calls);
	}
	model_finish(&model);
}
END_TEST

/* The cost of an unrelated change does not depend on the candidates. */
START_TEST(cost)
{
	uint32_t sources[MODEL_VRFS], count;
	struct model model;

	model_init(&model);
	for (int source = 2; source <= MODEL_VRFS; source++)
		model.rank[source][TARGET] = source;
	count = change(&model, "2+3+4+5+6+", sources);
	model_decide(&model, TARGET, PREFIX, sources, count);

	model.offer_calls = 0;
	model_decide(&model, TARGET, PREFIX, sources + 1, 1);
	ck_assert_uint_le(model.offer_calls, 2);
	ck_assert_str_eq(model.calls, "");
	model_finish(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide");
	TCase *tests = tcase_create("decide");

	tcase_add_loop_test(tests, example, 0, array_size(examples));
	tcase_add_test(tests, cost);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
