// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: unit tests of the decision, a table of cases.
 *
 * A case is a sequence of steps about one prefix in VRF 1, which imports from
 * VRF 2, 3 and 4 in the order 4, 3, 2. A step is a word:
 *
 *	2+	VRF 2 gets a native route, or a changed one
 *	2-	VRF 2 loses it
 *	2z	zebra does not keep what VRF 2 leaked
 *	clear	the operator drops the present winner
 *	2	VRF 2 is looked at, though nothing changed in it
 *	4+3+	several changes, noticed in the same moment
 *
 * What has to be done at each step, in this order, is a list of words, too:
 *
 *	+2	installed from VRF 2
 *	-2	withdrawn
 *	!2n	refused: a native route is there (h: another source holds the
 *		prefix; z: zebra did not keep the route)
 *	.2n	that refusal is over
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
	{"a route comes, changes and goes",
	 {{"2+", "+2 "}, {"2+", "+2 "}, {"2-", "-2 "}}},
	{"nothing happens when nothing changed",
	 {{"2+", "+2 "}, {"", ""}, {"2", ""}, {"3", ""}, {"324", ""}}},
	{"a native route is there first",
	 {{"1+", ""}, {"2+", "!2n "}, {"2+", ""}, {"1-", "+2 .2n "}}},
	{"a native route comes later, and goes",
	 {{"2+", "+2 "}, {"1+", "!2n -2 "}, {"1-", "+2 .2n "}}},
	{"a source gives up while the native route is there",
	 {{"1+", ""}, {"2+", "!2n "}, {"2-", ".2n "}, {"1-", ""}}},
	{"first come stays, whatever the order of the imports",
	 {{"2+", "+2 "}, {"4+", "!4h "}, {"3+", "!3h "}, {"2+", "+2 "}}},
	{"the next one takes over, in the order of the imports",
	 {{"2+", "+2 "},
	  {"3+", "!3h "},
	  {"4+", "!4h "},
	  {"2-", "+4 .4h -2 "},
	  {"4-", "+3 .3h -4 "},
	  {"3-", "-3 "}}},
	{"at the same moment, the order of the imports decides",
	 {{"2+3+4+", "+4 !2h !3h "}, {"4-", "+3 .3h -4 "}}},
	{"at the same moment, the other way round",
	 {{"4+3+2+", "+4 !3h !2h "}}},
	{"the holder goes and another one comes at once",
	 {{"2+", "+2 "}, {"2-3+", "+3 -2 "}}},
	{"the holder goes with the one that waits",
	 {{"2+", "+2 "}, {"3+", "!3h "}, {"2-3-", ".3h -2 "}}},
	{"native and leaked come at once",
	 {{"1+2+", "!2n "}, {"1-", "+2 .2n "}}},
	{"native goes, those that wait compete",
	 {{"1+", ""}, {"2+", "!2n "}, {"3+", "!3n "}, {"1-", "+3 .3n !2h "}}},
	{"zebra does not keep it: the next one is tried",
	 {{"4+3+", "+4 !3h "}, {"4z", "!4z +3 .3h "}, {"4+", "!4h "}}},
	{"zebra keeps nobody's: no endless loop",
	 {{"4+3+", "+4 !3h "},
	  {"4z", "!4z +3 .3h "},
	  {"3z", "!3z "},
	  {"", ""},
	  {"4", "+4 "},
	  {"", ".4z "}}},
	{"zebra does not keep it again: nothing is said twice",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"4z", ""}}},
	{"tried again, and a native route comes",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"1+", "!4n -4 "}}},
	{"tried again, and gone before it was seen",
	 {{"4+", "+4 "}, {"4z", "!4z "}, {"4+", "+4 "}, {"4-", ".4z -4 "}}},
	{"zebra did not keep it, and it is gone by now",
	 {{"2+", "+2 "}, {"2z", "!2z "}, {"2-", ".2z "}}},
	{"clear: the next one takes over, the last one waits",
	 {{"2+", "+2 "},
	  {"4+", "!4h "},
	  {"clear", "+4 .4h -2 !2h "},
	  {"clear", "+2 .2h -4 !4h "}}},
	{"clear: nobody waits", {{"2+", "+2 "}, {"clear", ""}}},
	{"clear: a native route stays",
	 {{"1+", ""}, {"2+", "!2n "}, {"clear", ""}}},
};

#define TARGET 1
#define PREFIX 0

/* Make the changes; fills in the sources that changed. */
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

/* What an unrelated change costs does not grow with those that wait. */
START_TEST(cost)
{
	uint32_t sources[MODEL_VRFS], count;
	struct model model;

	model_init(&model);
	for (int source = 2; source <= MODEL_VRFS; source++)
		model.rank[source][TARGET] = source;
	count = change(&model, "2+3+4+5+6+", sources);
	model_decide(&model, TARGET, PREFIX, sources, count);

	model.asked = 0;
	model_decide(&model, TARGET, PREFIX, sources + 1, 1);
	ck_assert_uint_le(model.asked, 2);
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
