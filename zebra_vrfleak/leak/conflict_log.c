// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the log lines of conflicts and limits, see the header.
 *
 * A native route that is the backup of a leaked one is as configured: it is
 * neither logged nor passed to the hook.
 *
 * The end of a conflict is logged only if the candidate's route is installed,
 * not if the source withdrew its route.
 */
#include <zebra.h>

#include "zebra_vrfleak/base/debug.h"
#include "zebra_vrfleak/base/errors.h"
#include "zebra_vrfleak/core/prefix_limit.h"
#include "zebra_vrfleak/leak/conflict_log.h"
#include "zebra_vrfleak/rib/rib_view.h"

DEFINE_HOOK(vrfleak_conflict, (const struct vrfleak_conflict_event *event),
	    (event));

#define LINES_PER_PERIOD 50
#define PERIOD_SECONDS 10

static struct vrfleak_event_loop *report_loop;
static struct vrfleak_event *report_period;
static uint32_t report_lines;
static uint32_t report_suppressed;

static void period_end(struct vrfleak_event *event)
{
	if (report_suppressed)
		flog_err(
			EC_VRFLEAK_CONFLICT,
			"%u more conflicts began or ended in %d seconds, not logged; see 'show ip route-leak conflicts' and 'show ipv6 route-leak conflicts'",
			report_suppressed, PERIOD_SECONDS);
	report_lines = 0;
	report_suppressed = 0;
}

/* Whether one more line may be logged now. */
static bool line_allowed(void)
{
	if (!report_period)
		event_add_timer(report_loop, period_end, NULL, PERIOD_SECONDS,
				&report_period);
	if (report_lines < LINES_PER_PERIOD) {
		report_lines++;
		return true;
	}
	report_suppressed++;
	return false;
}

void vrfleak_conflict_log_init(struct vrfleak_event_loop *loop)
{
	report_loop = loop;
}

void vrfleak_conflict_log_finish(void)
{
	event_cancel(&report_period);
}

static void begin_log(const struct vrfleak_vrf *target,
		      const struct prefix *prefix,
		      const struct vrfleak_vrf *winner,
		      const struct vrfleak_vrf *loser,
		      enum vrfleak_reason reason)
{
	struct route_entry *native = NULL;
	char why[128];

	switch (reason) {
	case VRFLEAK_NATIVE:
		native = vrfleak_rib_native(vrfleak_rib_node(target, prefix));
		snprintf(why, sizeof(why), "native %s route",
			 native ? zebra_route_string(native->type) : "");
		break;
	case VRFLEAK_OTHER_SOURCE:
		snprintf(why, sizeof(why), "owned by VRF %s",
			 winner ? winner->name : "?");
		break;
	case VRFLEAK_NOT_ACCEPTED:
		snprintf(
			why, sizeof(why),
			"zebra did not keep the route (next hop not usable, or denied by 'ip protocol table route-map')");
		break;
	case VRFLEAK_HIGHER_DISTANCE:
	case VRFLEAK_REASONS:
		/* As configured: not an error. */
		return;
	case VRFLEAK_HELD_DOWN:
		snprintf(
			why, sizeof(why),
			"the source lost it too often; held down for %u seconds after the last loss",
			target->policy->hold_down[vrfleak_prefix_af(prefix)]);
		break;
	case VRFLEAK_FULL:
		snprintf(why, sizeof(why),
			 "the import statement has reached its maximum-prefix");
		break;
	}
	flog_err(EC_VRFLEAK_CONFLICT,
		 "%pFX from VRF %s not leaked to VRF %s: %s", prefix,
		 loser->name, target->name, why);
}

void vrfleak_conflict_changed(const struct vrfleak_vrf *target,
			      const struct prefix *prefix,
			      const struct vrfleak_vrf *winner,
			      const struct vrfleak_vrf *loser,
			      enum vrfleak_reason reason, bool raised)
{
	bool backup = reason == VRFLEAK_HIGHER_DISTANCE;

	if (raised && !backup && line_allowed())
		begin_log(target, prefix, winner, loser, reason);
	if (!raised && winner == loser && line_allowed())
		zlog_info("%pFX from VRF %s now leaked to VRF %s", prefix,
			  loser->name, target->name);
	VRFLEAK_DEBUG(routes, "%pFX: conflict of VRF %s in VRF %s %s: %s",
		      prefix, loser->name, target->name,
		      raised ? "begins" : "ends", vrfleak_reason2str(reason));
	if (backup)
		return;
	hook_call(vrfleak_conflict,
		  &(struct vrfleak_conflict_event){target, prefix, winner,
						   loser, reason, raised});
}

void vrfleak_limit_log(const struct vrfleak_vrf *target, enum vrfleak_af af,
		       const struct vrfleak_statement *statement,
		       uint32_t count, unsigned int events)
{
	char import[VRFLEAK_STATEMENT_STRLEN];

	vrfleak_statement2str(statement, import, sizeof(import));
	if (CHECK_FLAG(events, VRFLEAK_LIMIT_THRESHOLD))
		flog_warn(
			EC_VRFLEAK_LIMIT,
			"VRF %s has %u of at most %u routes by its import of %s (%s)",
			target->name, count, statement->limit.max, import,
			vrfleak_af2str(af));
	if (CHECK_FLAG(events, VRFLEAK_LIMIT_EXCEEDED))
		flog_warn(
			EC_VRFLEAK_LIMIT,
			"VRF %s has more than %u routes by its import of %s (%s): all are leaked (warning-only)",
			target->name, statement->limit.max, import,
			vrfleak_af2str(af));
}

void vrfleak_route_map_log(const char *text)
{
	flog_warn(EC_VRFLEAK_ROUTE_MAP, "%s", text);
}
