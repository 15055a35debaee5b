#include "base/pace_wait.h"

void pace_wait_begin(struct pace_wait *wait, int64_t now, bool from_the_start)
{
    *wait = (struct pace_wait){
        .started_at = now, .from_the_start = from_the_start, .observation = {.pending_ms = PACE_NEVER_PENDING}};
}

/* If the task may be done already, the first poll is sent as soon as min_ms allows. */
int64_t pace_wait_delay(const struct pace_wait *wait, const struct pace *pace, const struct pace_bounds *bounds,
                        int64_t now, double fraction)
{
    const bool looks = !wait->from_the_start && wait->polls == 0;
    const int polls = wait->from_the_start ? wait->polls : wait->polls - 1;
    if (looks)
        return bounds->min_ms < bounds->max_ms ? bounds->min_ms : bounds->max_ms;
    const int64_t delay_ms = pace_delay(pace, bounds, now - wait->started_at, polls, fraction);
    const int64_t later_ms = polls == 0 ? delay_ms + wait->grace_ms : delay_ms;
    return later_ms < bounds->max_ms ? later_ms : bounds->max_ms;
}

void pace_wait_pending(struct pace_wait *wait, const struct pace_poll *poll)
{
    wait->observation.pending_ms = poll->sent_at - wait->started_at;
    wait->polls++;
}

void pace_wait_unknown(struct pace_wait *wait)
{
    wait->polls++;
}

/* The answer to a retried poll may describe any time until it was received. */
bool pace_wait_done(struct pace_wait *wait, const struct pace_poll *poll)
{
    wait->observation.done_ms = (poll->is_exact ? poll->sent_at : poll->received_at) - wait->started_at;
    wait->observation.round_trip_ms = poll->is_exact ? poll->received_at - poll->sent_at : 0;
    wait->polls++;
    return wait->grace_ms == 0 && (wait->from_the_start || wait->observation.pending_ms != PACE_NEVER_PENDING);
}
