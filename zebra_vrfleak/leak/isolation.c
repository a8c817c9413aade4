// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the isolation of VRFs, see the header.
 *
 * A timer runs until the configuration has not changed for some seconds. Then
 * it is complete: a rule that is left from before zebra's start is deleted, and
 * VRFs that are not isolated are logged. The kernel's rules are monitored only
 * where a VRF has statements or a rule is wanted.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/monotime.h"

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/leak/isolation.h"
#include "zebra_vrfleak/leak/queue.h"
#include "zebra_vrfleak/rib/kernel_rules.h"
#include "zebra_vrfleak/rib/rib_view.h"

/* For how long the configuration must not have changed. */
#define QUIET_SECONDS 5

/* A start without any configuration is complete after this time. */
#define EMPTY_SECONDS 600

#define RETRY_SECONDS 60

/* How often the rule is added before a read finds it. */
#define ADDS 3

/* An error beside those of errno: the rule was added, but is not there. */
#define ERROR_NOT_THERE -1

/* Restored rules are logged at most once in this time. */
#define LOG_SECONDS 60

struct family {
	bool wanted;
	/* The rules were read. */
	bool known;
	struct vrfleak_rules rules;
	/* How often the rule was added since a read last found it. */
	uint32_t added;
	int error;
	/* This error was logged already. */
	bool error_logged;
	bool lack_logged;
	/* When a restored rule was logged, monotime(), or 0. */
	time_t restored;
};

static struct {
	struct vrfleak_event_loop *loop;
	uint32_t (*config_version)(void);
	struct family family[VRFLEAK_AF_MAX];
	/* The configuration has been read completely since zebra's start. */
	bool complete;
	uint32_t version;
	time_t start;
	struct vrfleak_event *settle;
	struct vrfleak_event *retry;
} isolation;

static const char *family_word(enum vrfleak_af af)
{
	return af == VRFLEAK_IPV4 ? "ip" : "ipv6";
}

/* Network namespaces need no rule. */
static bool is_wanted(enum vrfleak_af af)
{
	return isolation.family[af].wanted && !vrf_is_backend_netns();
}

static void monitor_start(void);

static void retry_run(struct vrfleak_event *event)
{
	monitor_start();
}

static void settle_run(struct vrfleak_event *event);

static void settle_later(void)
{
	event_add_timer(isolation.loop, settle_run, NULL, QUIET_SECONDS,
			&isolation.settle);
}

/* ---- the module's rule ---- */

static bool lookup_is_late(enum vrfleak_af af)
{
	const struct family *family = &isolation.family[af];

	return is_wanted(af) && family->known &&
	       vrfleak_rules_lookup_late(&family->rules);
}

/* Why the rule is not installed, or "". */
static void error_text(enum vrfleak_af af, char *text, size_t size)
{
	const struct family *family = &isolation.family[af];

	if (family->error == ERROR_NOT_THERE)
		snprintfrr(text, size, "added %u times, but not there", ADDS);
	else if (family->error)
		snprintfrr(text, size, "%s", safe_strerror(family->error));
	else if (lookup_is_late(af))
		snprintfrr(text, size,
			   "the rule for VRFs, pref %u, comes after %u",
			   family->rules.lookup, VRFLEAK_RULE_PRIORITY);
	else
		text[0] = 0;
}

static void error_log(enum vrfleak_af af)
{
	struct family *family = &isolation.family[af];
	char text[64];

	error_text(af, text, sizeof(text));
	if (family->error_logged)
		return;
	family->error_logged = true;
	if (is_wanted(af))
		flog_err(
			EC_VRFLEAK_ISOLATION,
			"'%s vrf-isolation' has no effect: the policy rule 'pref %u l3mdev unreachable' is not installed (%s); traffic that matches no route in a VRF can reach other VRFs",
			family_word(af), VRFLEAK_RULE_PRIORITY, text);
	else
		flog_err(
			EC_VRFLEAK_ISOLATION,
			"cannot read the kernel's policy rules, or delete that of '%s vrf-isolation' (%s)",
			family_word(af), text);
}

static void family_failed(enum vrfleak_af af, int error)
{
	isolation.family[af].error = error;
	isolation.family[af].added = 0;
	error_log(af);
	event_add_timer(isolation.loop, retry_run, NULL, RETRY_SECONDS,
			&isolation.retry);
}

static void family_change(enum vrfleak_af af, bool add)
{
	int error = vrfleak_kernel_rules_change(af, add);

	VRFLEAK_DEBUG(events, "%s the policy rule of '%s vrf-isolation'",
		      add ? "adds" : "deletes", family_word(af));
	if (error)
		family_failed(af, error);
}

/*
 * The kernel may have rules that are not recognized. Where it has none, it
 * answers ENOENT.
 */
static void family_give_up(enum vrfleak_af af)
{
	for (uint32_t i = 0; i < ADDS; i++)
		family_change(af, false);
	family_failed(af, ERROR_NOT_THERE);
}

static void family_add(enum vrfleak_af af)
{
	struct family *family = &isolation.family[af];

	if (family->added == ADDS)
		return family_give_up(af);
	family->added++;
	family_change(af, true);
}

/* Take the next step to the wanted rule. */
static void family_update(enum vrfleak_af af)
{
	struct family *family = &isolation.family[af];
	bool wanted = is_wanted(af);

	switch (vrfleak_rules_change(&family->rules, wanted)) {
	case VRFLEAK_RULES_ADD:
		family_add(af);
		break;
	case VRFLEAK_RULES_DELETE:
		if (wanted || isolation.complete)
			family_change(af, false);
		break;
	case VRFLEAK_RULES_NO_CHANGE:
		family->added = 0;
		if (!lookup_is_late(af))
			family->error_logged = false;
		break;
	}
	if (lookup_is_late(af))
		error_log(af);
}

static void ours_gone(enum vrfleak_af af)
{
	struct family *family = &isolation.family[af];
	time_t now = monotime(NULL);

	if (!is_wanted(af) || family->error || lookup_is_late(af))
		return;
	family_add(af);
	if (family->error)
		return;
	if (family->restored && now - family->restored < LOG_SECONDS)
		return;
	family->restored = now;
	flog_warn(
		EC_VRFLEAK_ISOLATION,
		"another program has deleted the policy rule of '%s vrf-isolation'; it is installed again",
		family_word(af));
}

/* ENOENT: the rule to be deleted does not exist any more. */
static void change_answered(enum vrfleak_af af, int error)
{
	if (error && error != ENOENT)
		family_failed(af, error);
}

/* ---- VRFs that are not isolated ---- */

bool vrfleak_isolation_lacks(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	const struct family *family = &isolation.family[af];

	return family->known && !vrfleak_rules_isolate(&family->rules) &&
	       vrfleak_vrf_bound(vrf) && vrf->vrf_id != VRF_DEFAULT &&
	       !vrf_is_backend_netns() &&
	       !vrfleak_rib_has_unreachable_default(vrf, af);
}

static bool has_statements(const struct vrfleak_vrf *vrf, enum vrfleak_af af)
{
	return vrf->policy && (vrf->policy->exports[af].count > 0 ||
			       vrf->policy->imports[af].count > 0);
}

/*
 * Log once that VRFs are not isolated. That the module's rule is not installed
 * is logged elsewhere.
 */
static void lack_log(enum vrfleak_af af)
{
	struct family *family = &isolation.family[af];
	const struct vrfleak_vrf *first = NULL;
	uint32_t count = 0;

	if (family->lack_logged || (is_wanted(af) && !family->rules.ours))
		return;
	for (struct vrfleak_vrf *vrf = vrfleak_vrf_next(NULL); vrf;
	     vrf = vrfleak_vrf_next(vrf))
		if (has_statements(vrf, af) &&
		    vrfleak_isolation_lacks(vrf, af)) {
			first = first ? first : vrf;
			count++;
		}
	if (!first)
		return;
	family->lack_logged = true;
	flog_warn(
		EC_VRFLEAK_ISOLATION,
		"%u VRFs (the first is %s) are not isolated: %s traffic that matches no route there continues in the main table and can reach other VRFs; %s '%s vrf-isolation'",
		count, first->name, af == VRFLEAK_IPV4 ? "IPv4" : "IPv6",
		family->wanted ? "a rule for it comes before that of"
			       : "configure",
		family_word(af));
}

struct vrfleak_isolation vrfleak_isolation_state(enum vrfleak_af af)
{
	const struct family *family = &isolation.family[af];

	struct vrfleak_isolation state = {
		.configured = family->wanted,
		.installed = family->known && family->rules.ours > 0,
		.effective =
			family->known && vrfleak_rules_isolate(&family->rules),
	};

	if (family->wanted)
		error_text(af, state.error, sizeof(state.error));
	return state;
}

/* ---- the kernel's rules and the configuration ---- */

static bool monitor_is_needed(void)
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		const struct family *family = &isolation.family[af];

		if (!family->known || family->wanted || family->rules.ours)
			return true;
	}
	return vrfleak_queue.policy->count > 0;
}

static void rules_read(enum vrfleak_af af, const struct vrfleak_rules *rules,
		       int error)
{
	struct family *family = &isolation.family[af];
	/* A kernel without IPv6 has no rules of it. */
	bool none = error == EAFNOSUPPORT && !is_wanted(af);

	family->known = !error || none;
	if (none)
		vrfleak_rules_clear(&family->rules);
	else if (error)
		return family_failed(af, error);
	else
		family->rules = *rules;
	if (vrfleak_rules_isolate(&family->rules))
		family->lack_logged = false;
	if (!family->error)
		family_update(af);
	if (isolation.complete && !isolation.settle)
		lack_log(af);
	if (!monitor_is_needed())
		vrfleak_kernel_rules_stop();
}

static const struct vrfleak_rules_calls calls = {
	.read = rules_read,
	.ours_gone = ours_gone,
	.answered = change_answered,
};

static void monitor_start(void)
{
	int error;

	event_cancel(&isolation.retry);
	for (int af = 0; af < VRFLEAK_AF_MAX; af++)
		isolation.family[af].error = 0;
	error = vrfleak_kernel_rules_start(isolation.loop, &calls);
	for (int af = 0; error && af < VRFLEAK_AF_MAX; af++)
		rules_read(af, NULL, error);
}

/* Whether the configuration has been read, and has not changed lately. */
static bool configuration_is_complete(void)
{
	uint32_t version = isolation.config_version();
	bool changed = version != isolation.version;

	isolation.version = version;
	return !changed && (version > 0 ||
			    monotime(NULL) - isolation.start >= EMPTY_SECONDS);
}

static void settle_run(struct vrfleak_event *event)
{
	if (!configuration_is_complete())
		return settle_later();
	isolation.complete = true;
	monitor_start();
}

void vrfleak_isolation_configure(const bool wanted[VRFLEAK_AF_MAX])
{
	for (int af = 0; af < VRFLEAK_AF_MAX; af++) {
		struct family *family = &isolation.family[af];

		if (family->wanted != wanted[af])
			family->error_logged = false;
		family->wanted = wanted[af];
	}
	monitor_start();
	settle_later();
}

void vrfleak_isolation_init(struct vrfleak_event_loop *loop,
			    uint32_t (*config_version)(void))
{
	isolation.loop = loop;
	isolation.config_version = config_version;
	isolation.start = monotime(NULL);
	settle_later();
}

void vrfleak_isolation_finish(void)
{
	event_cancel(&isolation.settle);
	event_cancel(&isolation.retry);
	vrfleak_kernel_rules_stop();
}
