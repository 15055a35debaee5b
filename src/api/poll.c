#include "api/poll.h"

#include "base/clock.h"

#include <stdio.h>

int64_t poll_delay(int64_t first_ms, int64_t max_ms, int round, double fraction)
{
    int64_t bound = first_ms;
    if (round == 0)
        return clock_earlier(first_ms, max_ms);
    for (int i = 0; i < round && bound < max_ms; i++)
        bound *= 2;
    bound = clock_earlier(bound, max_ms);
    const int64_t half = bound / 2;
    return half + (int64_t)((double)(bound - half) * fraction);
}

/* Whoever has less time than the first pause takes is to get an answer all the same. */
bool poll_wait(struct poll *poll, struct call *call)
{
    if (!call_is_well(call))
        return false;
    const struct client_settings *settings = call->settings;
    const int64_t delay_ms =
        poll_delay(settings->poll_delay_ms, settings->max_poll_delay_ms, poll->round, client_random(call->client));
    const bool has_time_to_pause = delay_ms < clock_until(clock_now(), call->deadline);
    if (poll->round > 0 || has_time_to_pause)
        call_pause(call, delay_ms);
    poll->round++;
    return call_is_well(call) && call_has_time(call);
}

/* A poll that only the deadline broke off has not failed for a reason of its own: the words of the one before stay. */
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
