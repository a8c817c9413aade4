// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: random operations on the decision, against a naive model.
 *
 * The naive model has no table of conflicts, and ignores cost. After each
 * operation it computes the expected owner of each prefix, and the expected
 * candidates with reason and time. The decision, which is called only for
 * changes, must have the same result.
 *
 *	VRFLEAK_SEED	the first seed (default: the clock)
 *	VRFLEAK_OPS	operations of each run (default 5000)
 *	VRFLEAK_RUNS	runs with consecutive seeds (default 20)
 *
 * A failure is printed as the seed and a short list of operations: the shortest
 * failing sequence, without the operations that are not needed.
 *
 * The test tests itself, too: it must detect a mistake in the naive model.
 */
#include <zebra.h>

#include "check_vrfleak.h"
#include "model.h"

enum kind {
	/* VRF a gets or changes its native route to p. */
	ANNOUNCE,
	WITHDRAW,
	/* The source-target pair of a and b is added, removed. */
	LINK,
	UNLINK,
	/* The order of the import statements of a changes. */
	REORDER,
	/* Zebra does not keep the route to p leaked to a. */
	REJECT,
	/* The operator clears p in a. */
	CLEAR,
	/* The distance of what a leaks to b changes. */
	DISTANCE,
	/* The distance of the native routes of a changes. */
	NATIVE_DISTANCE,
	/* VRF a preempts, or no longer. */
	PREEMPT,
	/* The limit of what a leaks to b is reached; has headroom again. */
	FULL,
	HEADROOM,
	/* New routes from a are held down in b; no longer. */
	HOLD,
	RELEASE,
	/* Several of the first four, reported at the same time. */
	BATCH,
	/* One of the first four is not reported; then all is decided again. */
	RESYNC,
	KINDS,
};

static const char *const names[] = {
	"announce", "withdraw", "link",	    "unlink",	       "reorder",
	"reject",   "clear",	"distance", "native-distance", "preempt",
	"full",	    "headroom", "hold",	    "release",	       "batch",
	"resync",
};

struct op {
	enum kind kind;
	uint32_t a, b, p;
	/* For further random numbers. */
	uint32_t seed;
};

/* The expected state of a prefix in a target. */
struct expected {
	uint32_t owner;
	/* By source: -1 for no candidate, or an enum vrfleak_reason. */
	int reason[MODEL_VRFS + 1];
	int64_t since[MODEL_VRFS + 1];
	bool rejected[MODEL_VRFS + 1];
	/* Rejected, but to be tried if the new owner is rejected, too. */
	bool next[MODEL_VRFS + 1];
};

struct run {
	struct model model;
	struct expected expected[MODEL_VRFS + 1][MODEL_PREFIXES];
	uint32_t version;
	/* The operator has chosen the owner. */
	bool forced;
	/* The naive model has a mistake, for finds_mistakes. */
	bool mistaken;
	/* What changed since the last decision, by VRF and prefix. */
	bool changed[MODEL_VRFS + 1][MODEL_PREFIXES];
	bool relinked[MODEL_VRFS + 1][MODEL_VRFS + 1];
};

/* A generator whose numbers are the same on all systems. */
static uint32_t draw(uint32_t *state)
{
	uint64_t x = (*state += 0x9e3779b9);

	x = (x ^ (x >> 16)) * 0x85ebca6b;
	x = ((x & UINT32_MAX) ^ ((x & UINT32_MAX) >> 13)) * 0xc2b2ae35;
	return (uint32_t)x ^ ((uint32_t)x >> 16);
}

static struct op op_draw(uint32_t *state)
{
	static const enum kind often[] = {
		ANNOUNCE, ANNOUNCE, ANNOUNCE, WITHDRAW, WITHDRAW,
		LINK,	  LINK,	    UNLINK,   REJECT,	CLEAR,
		BATCH,	  BATCH,    RESYNC,   REORDER,	FULL,
		FULL,	  HEADROOM, DISTANCE, DISTANCE, NATIVE_DISTANCE,
		PREEMPT,  HOLD,	    HOLD,     RELEASE,
	};

	return (struct op){
		.kind = often[draw(state) % array_size(often)],
		.a = 1 + draw(state) % MODEL_VRFS,
		.b = 1 + draw(state) % MODEL_VRFS,
		.p = draw(state) % MODEL_PREFIXES,
		.seed = draw(state),
	};
}

static bool may_own(const struct model *model, uint32_t s, uint32_t t,
		    uint32_t p)
{
	return model_offers(model, s, t, p) &&
	       !model_native_wins(model, s, t, p);
}

/* The source that is chosen if the prefix has no owner, or t preempts. */
static uint32_t best(const struct run *run, uint32_t t, uint32_t p,
		     const bool *changed)
{
	const struct expected *expected = &run->expected[t][p];
	const struct model *model = &run->model;
	bool has_owner = may_own(model, expected->owner, t, p);
	uint32_t found = 0;

	for (uint32_t s = 1; s <= MODEL_VRFS; s++) {
		bool owns = has_owner && s == expected->owner;

		if (!may_own(model, s, t, p) ||
		    ((model->full[s][t] || model->held[s][t]) && !owns))
			continue;
		if (expected->rejected[s] && !owns &&
		    (has_owner || (!changed[s] && !expected->next[s])))
			continue;
		if (!found || (model->rank[s][t] < model->rank[found][t]) !=
				      run->mistaken)
			found = s;
	}
	return found;
}

/* Compute the expected state after a decision. */
static void expectation_update(struct run *run, uint32_t t, uint32_t p,
			       const bool *changed)
{
	struct expected *expected = &run->expected[t][p];
	const struct model *model = &run->model;
	bool native = model->native[t][p] != 0;
	uint32_t before = expected->owner;

	if (!run->forced &&
	    (model->preempt[t] || !may_own(model, before, t, p)))
		expected->owner = best(run, t, p, changed);

	for (uint32_t s = 1; s <= MODEL_VRFS; s++) {
		bool offers = model_offers(model, s, t, p);
		int reason = -1;

		/*
		 * A retried source stays a candidate until it is confirmed, or
		 * another one is. If t preempts, it waits until there is none.
		 */
		bool waits =
			expected->owner && (expected->owner != before ||
					    run->forced || model->preempt[t]);

		if (!offers || (s == before && !run->forced) ||
		    (changed[s] && s != expected->owner && !waits) ||
		    (expected->next[s] && expected->owner && !waits))
			expected->rejected[s] = false;
		if (!expected->rejected[s] || s == expected->owner)
			expected->next[s] = false;
		else if (changed[s])
			expected->next[s] = true;
		if (expected->rejected[s])
			reason = VRFLEAK_NOT_ACCEPTED;
		else if (offers && s != expected->owner)
			reason = expected->owner ? VRFLEAK_OTHER_SOURCE
				 : model_native_wins(model, s, t, p)
					 ? VRFLEAK_NATIVE
				 : model->held[s][t] ? VRFLEAK_HELD_DOWN
						     : VRFLEAK_FULL;
		else if (s == t && native && expected->owner)
			reason = VRFLEAK_HIGHER_DISTANCE;
		if (reason != expected->reason[s])
			expected->since[s] = model->context.now;
		expected->reason[s] = reason;
	}
}

static void compare(struct run *run, uint32_t t, uint32_t p)
{
	const struct expected *expected = &run->expected[t][p];
	struct model *model = &run->model;
	uint32_t owner = model_owner(model, t, p);

	if (owner != expected->owner)
		model_fail(model, "prefix %u in %u: owned by %u, should be %u",
			   p, t, owner, expected->owner);
	if (owner && model->leaked[t][p][owner] != model->native[owner][p])
		model_fail(model, "prefix %u in %u: not %u's latest route", p,
			   t, owner);

	for (uint32_t s = 1; s <= MODEL_VRFS; s++) {
		int64_t since = 0;
		int reason = model_reason(model, t, p, s, &since);

		if (reason != expected->reason[s])
			model_fail(
				model,
				"prefix %u in %u: %u has reason %d, should have %d",
				p, t, s, reason, expected->reason[s]);
		else if (reason >= 0 && since != expected->since[s])
			model_fail(
				model,
				"prefix %u in %u: %u is a candidate since %lld, should be %lld",
				p, t, s, (long long)since,
				(long long)expected->since[s]);
		if (model->reported[t][p][s] != reason)
			model_fail(
				model,
				"prefix %u in %u: %u is reported with reason %d, has %d",
				p, t, s, model->reported[t][p][s], reason);
	}
}

static void compare_all(struct run *run)
{
	for (uint32_t t = 1; t <= MODEL_VRFS; t++)
		for (uint32_t p = 0; p < MODEL_PREFIXES; p++)
			compare(run, t, p);
}

/* Decide about one prefix, with the naive model and the decision. */
static void confirm(struct run *run, uint32_t t, uint32_t p,
		    const bool *changed, uint32_t seed)
{
	uint32_t sources[MODEL_VRFS], count = 0;

	expectation_update(run, t, p, changed);

	/* The order in which changes are reported must not matter. */
	for (uint32_t s = 1; s <= MODEL_VRFS; s++) {
		uint32_t at;

		if (!changed[s])
			continue;
		at = draw(&seed) % (count + 1);
		sources[count++] = sources[at];
		sources[at] = s;
	}
	model_decide(&run->model, t, p, sources, count);
}

/* Decide about all changed prefixes, or about all. */
static void confirm_all(struct run *run, bool everywhere, uint32_t seed)
{
	for (uint32_t t = 1; t <= MODEL_VRFS; t++)
		for (uint32_t p = 0; p < MODEL_PREFIXES; p++) {
			bool changed[MODEL_VRFS + 1] = {};
			bool any = everywhere || run->changed[t][p];

			for (uint32_t s = 1; s <= MODEL_VRFS; s++) {
				if (s == t)
					continue;
				changed[s] = everywhere ||
					     run->relinked[s][t] ||
					     (run->changed[s][p] &&
					      run->model.rank[s][t] >= 0);
				any |= changed[s];
			}
			if (any)
				confirm(run, t, p, changed, draw(&seed));
		}
	memset(run->changed, 0, sizeof(run->changed));
	memset(run->relinked, 0, sizeof(run->relinked));
}

/* Ranks in a target are distinct, as those of a compiled policy are. */
static void pair_add(struct run *run, uint32_t s, uint32_t t, uint32_t seed)
{
	int rank = (int)(draw(&seed) % 1000) * MODEL_VRFS + (int)s;

	if (s == t || run->model.rank[s][t] >= 0)
		return;
	run->model.rank[s][t] = rank;
	run->relinked[s][t] = true;
}

static void simple(struct run *run, const struct op *op)
{
	struct model *model = &run->model;

	switch (op->kind) {
	case ANNOUNCE:
		model->native[op->a][op->p] = ++run->version;
		run->changed[op->a][op->p] = true;
		break;
	case WITHDRAW:
		model->native[op->a][op->p] = 0;
		run->changed[op->a][op->p] = true;
		break;
	case LINK:
		pair_add(run, op->a, op->b, op->seed);
		break;
	case UNLINK:
		run->relinked[op->a][op->b] |= model->rank[op->a][op->b] >= 0;
		model->rank[op->a][op->b] = -1;
		break;
	default:
		break;
	}
}

static void several(struct run *run, uint32_t seed, uint32_t count)
{
	while (count--) {
		struct op op = op_draw(&seed);

		op.kind = draw(&seed) % REORDER;
		simple(run, &op);
	}
}

/* Reported as a change of all source-target pairs of a. */
static void preempt_change(struct run *run, const struct op *op)
{
	for (uint32_t s = 1; s <= MODEL_VRFS; s++)
		run->relinked[s][op->a] |= run->model.rank[s][op->a] >= 0;
	confirm_all(run, false, op->seed);
}

static void reorder(struct run *run, const struct op *op)
{
	uint32_t seed = op->seed;

	for (uint32_t s = 1; s <= MODEL_VRFS; s++)
		if (run->model.rank[s][op->a] >= 0)
			run->model.rank[s][op->a] =
				(int)(draw(&seed) % 1000) * MODEL_VRFS + (int)s;
	/* Else ranks only matter when the next owner is chosen. */
	if (run->model.preempt[op->a])
		preempt_change(run, op);
}

/* Reported as a change of the source-target pair. */
static void distance_change(struct run *run, const struct op *op)
{
	static const uint8_t distances[] = {0, 1, 20, 110, 200};
	uint32_t i = op->seed % array_size(distances);

	run->model.distance[op->a][op->b] = distances[i];
	run->relinked[op->a][op->b] |= run->model.rank[op->a][op->b] >= 0;
}

/* Reported as a change of the native routes. */
static void native_distance_change(struct run *run, const struct op *op)
{
	static const uint8_t distances[] = {0, 1, 19, 20, 21, 110, 200, 254};

	run->model.native_distance[op->a] =
		distances[op->seed % array_size(distances)];
	for (uint32_t p = 0; p < MODEL_PREFIXES; p++)
		if (run->model.native[op->a][p]) {
			run->model.native[op->a][p] = ++run->version;
			run->changed[op->a][p] = true;
		}
}

static void reject(struct run *run, const struct op *op)
{
	struct expected *expected = &run->expected[op->a][op->p];
	uint32_t owner = expected->owner;
	bool nobody[MODEL_VRFS + 1] = {};

	if (!owner)
		return;
	expected->owner = 0;
	expected->rejected[owner] = true;
	expectation_update(run, op->a, op->p, nobody);
	model_reject(&run->model, op->a, op->p, owner);
}

/* Whether s may replace the owner if the operator clears the prefix. */
static bool clear_allows(const struct run *run, const struct op *op, uint32_t s)
{
	const struct expected *expected = &run->expected[op->a][op->p];
	const struct model *model = &run->model;

	if (expected->reason[s] < 0 || model->full[s][op->a] ||
	    model->held[s][op->a] || !may_own(model, s, op->a, op->p))
		return false;
	if (model->preempt[op->a])
		return model->rank[s][op->a] <
		       model->rank[expected->owner][op->a];
	return expected->reason[s] == VRFLEAK_OTHER_SOURCE;
}

static void clear(struct run *run, const struct op *op)
{
	struct expected *expected = &run->expected[op->a][op->p];
	struct model *model = &run->model;
	uint32_t owner = expected->owner, next = 0;
	bool nobody[MODEL_VRFS + 1] = {};

	for (uint32_t s = 1; s <= MODEL_VRFS; s++)
		if (s != owner && clear_allows(run, op, s) &&
		    (!next || model->rank[s][op->a] < model->rank[next][op->a]))
			next = s;
	if (owner && next) {
		expected->owner = next;
		expected->rejected[owner] = false;
		run->forced = true;
		expectation_update(run, op->a, op->p, nobody);
		run->forced = false;
	}
	if (model_clear(model, op->a, op->p) != (owner && next))
		model_fail(model, "clear of %u in %u: wrong answer", op->p,
			   op->a);
}

/* As when the time of a route that is held down is over. */
static void release(struct run *run, const struct op *op)
{
	run->model.held[op->a][op->b] = false;
	for (uint32_t p = 0; p < MODEL_PREFIXES; p++) {
		bool changed[MODEL_VRFS + 1] = {};

		changed[op->a] = true;
		confirm(run, op->b, p, changed, op->seed);
	}
}

/* As the walk of kind headroom does. */
static void headroom(struct run *run, const struct op *op)
{
	run->model.full[op->a][op->b] = false;
	for (uint32_t p = 0; p < MODEL_PREFIXES; p++) {
		bool changed[MODEL_VRFS + 1] = {};

		changed[op->a] = true;
		if (run->expected[op->b][p].reason[op->a] == VRFLEAK_FULL)
			confirm(run, op->b, p, changed, op->seed);
	}
}

static void perform(struct run *run, const struct op *op)
{
	run->model.context.now++;
	switch (op->kind) {
	case REORDER:
		reorder(run, op);
		break;
	case REJECT:
		reject(run, op);
		break;
	case PREEMPT:
		run->model.preempt[op->a] = !run->model.preempt[op->a];
		if (run->model.preempt[op->a])
			preempt_change(run, op);
		break;
	case DISTANCE:
		distance_change(run, op);
		confirm_all(run, false, op->seed);
		break;
	case NATIVE_DISTANCE:
		native_distance_change(run, op);
		confirm_all(run, false, op->seed);
		break;
	case CLEAR:
		clear(run, op);
		break;
	case FULL:
		run->model.full[op->a][op->b] = true;
		break;
	case HEADROOM:
		headroom(run, op);
		break;
	case HOLD:
		run->model.held[op->a][op->b] = true;
		break;
	case RELEASE:
		release(run, op);
		break;
	case BATCH:
		several(run, op->seed, 2 + op->seed % 7);
		confirm_all(run, false, op->seed);
		break;
	case RESYNC:
		several(run, op->seed, 1);
		confirm_all(run, true, op->seed);
		break;
	default:
		simple(run, op);
		confirm_all(run, false, op->seed);
		break;
	}
	compare_all(run);
}

/* Returns the number of operations before a failure; count if none failed. */
static uint32_t replay(const struct op *ops, uint32_t count, bool mistaken,
		       char *failure, size_t len)
{
	static struct run run;
	uint32_t done = 0;

	memset(&run, 0, sizeof(run));
	model_init(&run.model);
	run.mistaken = mistaken;
	for (uint32_t t = 1; t <= MODEL_VRFS; t++)
		for (uint32_t p = 0; p < MODEL_PREFIXES; p++)
			memset(run.expected[t][p].reason, -1,
			       sizeof(run.expected[t][p].reason));

	while (done < count) {
		perform(&run, &ops[done]);
		if (run.model.failure[0])
			break;
		done++;
	}
	strlcpy(failure, run.model.failure, len);
	model_finish(&run.model);
	return done;
}

/*
 * Remove operations that the failure does not need. Returns how many are left.
 */
static uint32_t shrink(struct op *ops, uint32_t count, bool mistaken)
{
	char failure[256];
	uint32_t width = count / 2;
	struct op *fewer = calloc(count, sizeof(*fewer));

	while (width > 0) {
		uint32_t at = 0;

		while (at + width <= count) {
			uint32_t rest = count - at - width, done;

			memcpy(fewer, ops, at * sizeof(*ops));
			memcpy(fewer + at, ops + at + width,
			       rest * sizeof(*ops));
			done = replay(fewer, at + rest, mistaken, failure,
				      sizeof(failure));
			if (done < at + rest) {
				count = done + 1;
				memcpy(ops, fewer, count * sizeof(*ops));
			} else {
				at += width;
			}
		}
		width /= 2;
	}
	free(fewer);
	return count;
}

static uint32_t setting(const char *name, uint32_t value)
{
	const char *text = getenv(name);

	return text && *text ? (uint32_t)strtoul(text, NULL, 0) : value;
}

/* One run. Returns whether it passed. Prints a failure that is not expected. */
static bool run_once(uint32_t seed, uint32_t count, bool mistaken,
		     uint32_t *left)
{
	struct op *ops = calloc(count, sizeof(*ops));
	uint32_t state = seed, done;
	char failure[256];

	for (uint32_t i = 0; i < count; i++)
		ops[i] = op_draw(&state);
	done = replay(ops, count, mistaken, failure, sizeof(failure));
	*left = done;
	if (done < count) {
		*left = shrink(ops, done + 1, mistaken);
		replay(ops, *left, mistaken, failure, sizeof(failure));
	}
	if (done < count && !mistaken) {
		printf("VRFLEAK_SEED=%u VRFLEAK_RUNS=1 fails at operation %u; %u of them are enough:\n",
		       seed, done + 1, *left);
		for (uint32_t i = 0; i < *left; i++)
			printf("  %s a=%u b=%u p=%u seed=%u\n",
			       names[ops[i].kind], ops[i].a, ops[i].b, ops[i].p,
			       ops[i].seed);
		printf("  -> %s\n", failure);
		/* The test's process exits without flushing. */
		fflush(stdout);
	}
	free(ops);
	return done == count;
}

START_TEST(random_operations)
{
	uint32_t seed = setting("VRFLEAK_SEED", (uint32_t)time(NULL));
	uint32_t ops = setting("VRFLEAK_OPS", 5000);
	uint32_t runs = setting("VRFLEAK_RUNS", 20), left;

	printf("VRFLEAK_SEED=%u VRFLEAK_OPS=%u VRFLEAK_RUNS=%u\n", seed, ops,
	       runs);
	fflush(stdout);
	for (uint32_t i = 0; i < runs; i++)
		ck_assert_msg(run_once(seed + i, ops, false, &left),
			      "VRFLEAK_SEED=%u: see above", seed + i);
}
END_TEST

/* A mistake is detected, and reduced to a few operations. */
START_TEST(finds_mistakes)
{
	uint32_t left;

	ck_assert(!run_once(1, 5000, true, &left));
	ck_assert_uint_le(left, 8);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_random");
	TCase *tests = tcase_create("decide_random");

	tcase_add_test(tests, random_operations);
	tcase_add_test(tests, finds_mistakes);
	suite_add_tcase(suite, tests);
	return check_run(suite);
}
