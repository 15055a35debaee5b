#include "api/throttle.h"

#include "base/clock.h"
#include "base/real.h"

#include <math.h>

/* Waits may end late, and the clock counts milliseconds. The rate makes up for that much delay. */
enum { MAX_LATE_MS = 10 };

void throttle_init(struct throttle *throttle, int max_connections)
{
    *throttle = (struct throttle){.max_submissions = max_connections, .max_connections = max_connections};
}

int64_t throttle_ready_at(const struct throttle *throttle)
{
    const int64_t paced_until = throttle->rate > 0 ? (int64_t)ceil(throttle->next_at) : 0;
    return clock_later(paced_until, throttle->paused_until);
}

bool throttle_has_room(const struct throttle *throttle, int submissions)
{
    return submissions + 1 <= throttle->max_submissions;
}

int64_t throttle_poll_spacing(const struct throttle *throttle, int64_t open, bool is_all_submitted)
{
    static const double max_requests = 30;
    const double submissions = (double)open / (is_all_submitted ? 2 : 1);
    const double requests = real_min(1 + submissions, max_requests);
    return throttle->rate > 0 ? (int64_t)real_min(1000, 1000 * requests / throttle->rate) : 0;
}

void throttle_note_sent(struct throttle *throttle, int64_t now)
{
    if (throttle->rate > 0)
        throttle->next_at = real_max(throttle->next_at, (double)(now - MAX_LATE_MS)) + 1000 / throttle->rate;
}

/* ---- What was accepted in the last second ---- */

/* Forgets what was accepted more than a second ago. */
static void go_to_slice(struct throttle *throttle, int64_t now)
{
    const int64_t slice = now / (1000 / THROTTLE_SLICES);
    for (int64_t i = clock_later(throttle->slice, slice - THROTTLE_SLICES) + 1; i <= slice; i++) {
        throttle->lately -= throttle->accepted[i % THROTTLE_SLICES];
        throttle->accepted[i % THROTTLE_SLICES] = 0;
    }
    throttle->slice = slice;
}

/* ---- The rate ---- */

/* Of what the service accepted in a second, this part is sent in each second from then on. */
static const double margin = 0.97;

/* The growth of the rate in a second, if it is near one that was rejected. Each rejection costs a pause, so the rate
 * takes half a minute to come back there. */
static const double slow_growth = 0.001;

/* The growth of the rate in a second. A rejected rate is forgotten after a while, because the service may allow more by
 * then. While no rate is known to be too high, the growth accelerates. */
static double growth(const struct throttle *throttle, int64_t now)
{
    static const double fast_growth = 1;
    static const double acceleration = 0.04; /* a second */
    static const double known_for = 30;      /* seconds */
    static const double calm = 20;
    const double seconds = (double)(now - throttle->paused_until) / 1000;
    if (throttle->rejected_rate > 0 && seconds < known_for)
        return throttle->rate < 0.9 * throttle->rejected_rate ? fast_growth : slow_growth;
    return slow_growth + acceleration * real_max(0, seconds - calm);
}

static void grow_rate(struct throttle *throttle, int64_t now)
{
    static const double max_step = 0.25; /* seconds */
    const double step = real_min((double)(now - throttle->grown_at) / 1000, max_step);
    throttle->rate *= 1 + real_min(growth(throttle, now) * step, 1);
    throttle->rejected_rate *= 1 + slow_growth * step;
    throttle->grown_at = now;
}

/* While less is sent than the rate allows, nothing is learned about the service. */
static bool is_rate_used(const struct throttle *throttle)
{
    return throttle->lately >= 0.7 * throttle->rate;
}

/* An answer during the pause is to a request that was sent before it, in the second from which the rate is taken. */
static void learn_rate(struct throttle *throttle, int64_t now)
{
    if (now < throttle->paused_until)
        throttle->rate += margin;
    else if (is_rate_used(throttle))
        grow_rate(throttle, now);
}

void throttle_note_answered(struct throttle *throttle, int64_t now)
{
    throttle->max_submissions =
        real_min(throttle->max_submissions + 1 / throttle->max_submissions, throttle->max_connections);
    go_to_slice(throttle, now);
    throttle->accepted[throttle->slice % THROTTLE_SLICES]++;
    throttle->lately++;
    if (throttle->rate > 0)
        learn_rate(throttle, now);
}

/* ---- Rejections ---- */

/* The first rate is that of a burst. If the service counts in fixed windows, a burst may have used two of them, and the
 * rate is too high. Then it is rejected in the next window, so in the second second after the pause. */
static bool is_first_rate_too_high(const struct throttle *throttle, int64_t now)
{
    const bool is_first = throttle->rate > 0 && throttle->rejected_rate <= 0;
    const int64_t since_pause = now - throttle->paused_until;
    return is_first && since_pause >= 1000 && since_pause < 2000;
}

/* After go_to_slice. Returns how much the service takes in a second. */
static double taken_lately(const struct throttle *throttle, int64_t now)
{
    static const double caution = 0.83;
    const double taken = real_max(throttle->lately, throttle->rate / 2);
    return is_first_rate_too_high(throttle, now) ? caution * taken : taken;
}

/* Fewer requests were accepted than are sent at the same time, because the service still counts those of another queue
 * or of an earlier run. That says nothing about the rate, which would stay so low for half a minute. After the pause,
 * it is learned from a new burst, with half as many requests at the same time. After go_to_slice. */
static bool is_rate_unknown(const struct throttle *throttle)
{
    return throttle->rate <= 0 && throttle->max_submissions > 1 && throttle->lately < throttle->max_submissions;
}

static void limit_rate(struct throttle *throttle, int64_t now)
{
    const double taken = taken_lately(throttle, now);
    if (throttle->rate > 0)
        throttle->rejected_rate = real_min(throttle->rate, 1.05 * taken);
    throttle->rate = real_max(1, margin * taken);
    throttle->next_at = (double)now;
}

static void slow_down(struct throttle *throttle, int64_t now)
{
    go_to_slice(throttle, now);
    if (!is_rate_unknown(throttle))
        limit_rate(throttle, now);
    throttle->max_submissions = real_max(1, throttle->max_submissions / 2);
    throttle->slowed_at = now;
}

/* A service may ask for a pause that never ends. */
static int64_t end_of_pause(int64_t now, int64_t pause_ms)
{
    return pause_ms < INT64_MAX - now ? now + pause_ms : INT64_MAX;
}

void throttle_note_rejected(struct throttle *throttle, int64_t now, int64_t sent_at, int64_t pause_ms)
{
    const int64_t paused_until = end_of_pause(now, pause_ms);
    if (sent_at > throttle->slowed_at)
        slow_down(throttle, now);
    if (paused_until > throttle->paused_until)
        throttle->paused_until = throttle->grown_at = paused_until;
}
