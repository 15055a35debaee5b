#include "api/poll.h"

#include "base/clock.h"

#include <stdio.h>

static bool was_just_submitted(struct pace_key key)
{
    return key.kind != PACE_TASK && key.kind != PACE_TASKS;
}

void poll_begin(struct poll *poll, const struct call *call, struct pace_key key)
{
    *poll = (struct poll){.key = key};
    if (!call_is_well(call))
        return;
    poll->pace = client_pace(call->client, key);
    pace_wait_begin(&poll->wait, clock_now(), was_just_submitted(key));
}

/* Even if the time left is shorter than the first pause, one poll is sent. */
static void pause_before(struct poll *poll, struct call *call)
{
    const struct pace_bounds *bounds = &call->settings->poll_bounds;
    const int64_t now = clock_now();
    const int64_t left_ms = clock_until(now, call->deadline);
    const int64_t usual_ms = pace_wait_delay(&poll->wait, &poll->pace, bounds, now, client_random(call->client));
    const int64_t delay_ms = pace_within(&poll->pace, bounds, usual_ms, left_ms);
    if (poll->wait.polls > 0 || delay_ms < left_ms)
        call_pause(call, delay_ms);
}

bool poll_wait(struct poll *poll, struct call *call)
{
    if (!call_is_well(call))
        return false;
    pause_before(poll, call);
    poll->attempts = call->attempts;
    poll->sent_at = clock_now();
    return call_is_well(call) && call_has_time(call);
}

void poll_note(struct poll *poll, const struct call *call, enum poll_finding finding)
{
    const struct pace_poll seen = {poll->sent_at, clock_now(), call->attempts - poll->attempts == 1};
    if (finding == POLL_UNKNOWN)
        pace_wait_unknown(&poll->wait);
    if (finding == POLL_PENDING)
        pace_wait_pending(&poll->wait, &seen);
    if (finding == POLL_SUCCESS && pace_wait_done(&poll->wait, &seen))
        client_learn_pace(call->client, poll->key, &poll->wait.observation);
}

/* A poll that was aborted by the deadline has no reason of its own, so the message of the poll before is kept. */
void poll_forgive(struct poll *poll, struct call *call)
{
    const struct exchange *exchange = &call->exchange;
    const bool cut_off = exchange->end == EXCHANGE_TIMED_OUT && exchange->tries == 0;
    const dm_error *error = call->failure.error;
    if (!cut_off)
        snprintf(poll->last_failure, sizeof poll->last_failure, "%s",
                 call_is_well(call) || error == NULL ? "" : error->message);
    if (exchange->transient)
        failure_forgive(&call->failure);
}

void poll_fail_timeout(const struct poll *poll, struct call *call, const char *what)
{
    failure_set(&call->failure, DM_ERR_TIMEOUT, "%s%s%s", what,
                poll->last_failure[0] != '\0' ? "; the last poll failed: " : "", poll->last_failure);
}
