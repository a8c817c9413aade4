// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the time that a request for state may take.
 *
 * Zebra does nothing else meanwhile. For mgmtd, libfrr yields to other events
 * after 50 ms, but only between entries of the lists on the path to the leaked
 * routes (nb.c). Elsewhere the whole request is one event: in the other lists,
 * for gRPC, for 'show yang operational-data', and in FRR 8.4. So a list ends
 * when the time is up. The counts in the state say how many entries it has.
 *
 * Requests are not announced: the first list of an event begins one.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/monotime.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/northbound/nb.h"

/* CPU time of one event. */
#define REQUEST_USEC 40000

/* So many entries are in the answer whatever the time. */
#define LEAST_ENTRIES 200

/*
 * Where libfrr yields, it does so after 50 ms by the clock, before it asks for
 * another entry. If it asks for some more, it does not yield. Not one: it does
 * not yield before the first entry of a list, and this thread may lose its CPU
 * after libfrr has looked at the clock.
 */
#define YIELD_USEC 50000
#define YIELD_ENTRIES 8

/* Lists that were cut short are logged at most once in this time. */
#define LOG_SECONDS 60

static struct {
	struct vrfleak_event_loop *loop;
	/* Runs after the event in which there is a request. */
	struct vrfleak_event *end;
	struct vrfleak_answer answer;
	struct timeval begun;
	/* How often libfrr has asked for an entry instead of yielding. */
	uint32_t late;
	time_t logged;
} request;

static void request_end(struct vrfleak_event *event)
{
}

static void cut_log(void)
{
	time_t now = monotime(NULL);

	if (request.logged && now - request.logged < LOG_SECONDS)
		return;
	request.logged = now;
	zlog_warn(
		"a request for the state of route leaking was answered in part, to not delay zebra; ask for one VRF, or use 'show ip route-leak'");
}

bool vrfleak_nb_in_time(bool yields)
{
	if (!request.end) {
		event_add_event(request.loop, request_end, NULL, 0,
				&request.end);
		monotime(&request.begun);
		request.late = 0;
		vrfleak_answer_begin(&request.answer, REQUEST_USEC,
				     LEAST_ENTRIES);
	}
	if (vrfleak_answer_in_time(&request.answer))
		return true;
	if (yields && (monotime_since(&request.begun, NULL) < YIELD_USEC ||
		       ++request.late < YIELD_ENTRIES))
		return true;
	cut_log();
	return false;
}

void vrfleak_nb_time_init(struct vrfleak_event_loop *loop)
{
	request.loop = loop;
}

void vrfleak_nb_time_finish(void)
{
	event_cancel(&request.end);
}
