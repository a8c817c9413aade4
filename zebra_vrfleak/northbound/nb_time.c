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
 * Requests are not announced. One begins with the list of VRFs, and each event
 * of a request has a time of its own.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/monotime.h"

#include "zebra_vrfleak/base/time_budget.h"
#include "zebra_vrfleak/northbound/nb.h"

/* CPU time of one event. */
#define REQUEST_USEC 40000

/*
 * So many entries are in the answer whatever the time: of the whole answer, and
 * of each list in which libfrr does not yield.
 */
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
	/* When the event began for which answer is the time. */
	struct timeval event;
	struct vrfleak_answer answer;
	struct timeval begun;
	/* The entries of this list for which the time does not count. */
	uint32_t least;
	/* How often libfrr has asked for an entry instead of yielding. */
	uint32_t late;
	time_t logged;
} request;

/* When the running event began. */
static struct timeval event_begun(void)
{
	const struct vrfleak_event *event = pthread_getspecific(thread_current);
	const struct timeval none = {};

	return event ? event->real : none;
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

void vrfleak_nb_request_begin(void)
{
	request.event = event_begun();
	monotime(&request.begun);
	request.late = 0;
	vrfleak_answer_begin(&request.answer, REQUEST_USEC, LEAST_ENTRIES);
}

void vrfleak_nb_list_begin(void)
{
	request.least = LEAST_ENTRIES;
}

bool vrfleak_nb_in_time(bool yields)
{
	const struct timeval event = event_begun();

	if (timercmp(&event, &request.event, !=))
		vrfleak_nb_request_begin();
	if (!yields && request.least > 0) {
		request.least--;
		return true;
	}
	if (vrfleak_answer_in_time(&request.answer))
		return true;
	if (yields && (monotime_since(&request.begun, NULL) < YIELD_USEC ||
		       ++request.late < YIELD_ENTRIES))
		return true;
	cut_log();
	return false;
}
