#include "base/pace.h"

#include "base/real.h"

#include <math.h>
#include <stdbool.h>

/* Without history: the time of the first poll, and the pause before further polls as a share of the elapsed time. */
static const double blind_first_ms = 30;
static const double blind_share = 0.15;

/* With history: how late the first poll may be. The larger of the two counts. */
static const double first_share_of_round_trip = 0.35;
static const double first_share_of_deviation = 0.75;

static const double step_share = 1.4;   /* from one poll to the next, as a share of the deviation */
static const double step_growth = 0.15; /* added to it: a share of the time since the first poll */
static const double jitter_share = 0.25;

/* With history: how much later the first poll of a patient wait may be, as a share of the mean. */
static const double grace_share = 1.0 / 32;
static const double grace_ms = 4; /* or as a time, if that is more */

/* Learning. */
enum {
    MEAN_WEIGHT = 8,      /* the weight of a sample is 1/8, once there are 8 samples */
    DEVIATION_WEIGHT = 4, /* the same with 1/4 and 4 samples */
    EARLY_MAX = 8
};

/* The deviation used in calculations. It is never 0, because even a constant duration is not known to the
 * millisecond. */
static double width_of(const struct pace *pace)
{
    return real_max(real_max(pace->deviation_ms, 1), pace->mean_ms / 512);
}

/* If durations are evenly distributed, they lie within two mean deviations of the mean. A poll that is too early costs
 * a round trip; one that is too late costs the delay. So the first poll is placed where it may be as late as the pause
 * between two polls. If the deviation is small compared to a round trip, it is placed after all expected ends. */
static double first_poll(const struct pace *pace)
{
    const double width = width_of(pace);
    const double lateness = real_max(first_share_of_deviation * width, first_share_of_round_trip * pace->round_trip_ms);
    const double earliest = real_min(pace->mean_ms / 4, blind_first_ms);
    return real_max(pace->mean_ms - 2 * width + real_min(lateness, 4 * width), earliest);
}

/* If the remaining time is longer than the longest pause, it is divided evenly, so that no poll is under way at the
 * expected end. */
static double evenly(double left_ms, double max_ms)
{
    return left_ms / real_max(ceil(left_ms / real_max(max_ms, 1)), 1);
}

static double first_pause(const struct pace *pace, double max_ms, double elapsed_ms, double fraction)
{
    if (pace->count == 0)
        return blind_first_ms;
    const double latest = first_poll(pace);
    const double jitter = real_min(first_share_of_deviation * width_of(pace), latest) * jitter_share * fraction;
    return evenly(real_max(latest - jitter - elapsed_ms, 0), max_ms);
}

/* A step is from poll to poll, a pause from answer to poll. A pause is never longer than without history. It is at
 * least an eighth of the step, in case round trips have become shorter, and at least a share of the elapsed time, so
 * that a long task does not cost hundreds of polls. */
static double later_pause(const struct pace *pace, double elapsed_ms)
{
    const double blind = blind_share * real_max(elapsed_ms, blind_first_ms);
    if (pace->count == 0)
        return blind;
    const double since_first = real_max(elapsed_ms - first_poll(pace), 0);
    const double step = step_share * width_of(pace) + step_growth * since_first;
    const double pause = real_max(step - pace->round_trip_ms, step / 8);
    return real_max(real_min(pause, blind), elapsed_ms / 200);
}

/* Polls before the expected end, sent only because the maximum pause is short, do not count. */
static bool is_first(const struct pace *pace, double elapsed_ms, int polls)
{
    return polls == 0 || (pace->count > 0 && elapsed_ms < first_poll(pace) - width_of(pace) / 2);
}

/* The random part comes after the bounds, so that clients whose bounds are equal do not poll at the same moments. */
int64_t pace_delay(const struct pace *pace, const struct pace_bounds *bounds, int64_t elapsed_ms, int polls,
                   double fraction)
{
    const double elapsed = (double)elapsed_ms;
    const double min = (double)bounds->min_ms;
    const double max = (double)bounds->max_ms;
    if (is_first(pace, elapsed, polls))
        return llround(real_min(real_max(first_pause(pace, max, elapsed, fraction), min), max));
    return llround(real_min(real_max(later_pause(pace, elapsed), min), max) * (1 - jitter_share * fraction));
}

int64_t pace_grace(const struct pace *pace)
{
    const double last_end = pace->mean_ms + 2 * width_of(pace);
    const double most = real_max(grace_share * pace->mean_ms, grace_ms);
    return pace->count == MEAN_WEIGHT ? llround(real_min(last_end - first_poll(pace), most)) : 0;
}

/* Allows for a round trip that takes twice as long as usual. */
int64_t pace_within(const struct pace *pace, const struct pace_bounds *bounds, int64_t delay_ms, int64_t left_ms)
{
    const double left = (double)left_ms;
    const double needed = real_max(2 * pace->round_trip_ms, (double)bounds->min_ms);
    const double last = left - real_max(needed, left / 4);
    if ((double)delay_ms <= left - needed || last < (double)bounds->min_ms)
        return delay_ms;
    return llround(last);
}

/* ---- Learning ---- */

static double approach(double value, double sample, int count, int weight)
{
    return value + (sample - value) / (count < weight ? count : weight);
}

static void take(struct pace *pace, double sample_ms, double error_ms)
{
    pace->count += pace->count < MEAN_WEIGHT;
    pace->deviation_ms = approach(pace->deviation_ms, error_ms, pace->count, DEVIATION_WEIGHT);
    pace->mean_ms = approach(pace->mean_ms, sample_ms, pace->count, MEAN_WEIGHT);
}

/* The task ended in a short interval. The sample is halfway between the expected end and the middle of the interval. */
static void take_short(struct pace *pace, double from_ms, double until_ms)
{
    const double expected = real_min(real_max(pace->mean_ms, from_ms), until_ms);
    const double sample = (expected + (from_ms + until_ms) / 2) / 2;
    pace->early = 0;
    take(pace, sample, fabs(sample - pace->mean_ms));
}

/* The first poll already found the result, so the task may have ended much earlier. Assume that it ended a little
 * before the poll, and four times as much each further time in a row, to adapt to a service that has become faster. */
static void take_early(struct pace *pace, double from_ms, double until_ms)
{
    const double latest_end = real_min(pace->mean_ms, until_ms);
    const double advance = width_of(pace) / 2 * (pace->early > 0 ? 1 << 2 * (pace->early - 1) : 1);
    const double sample = real_max(latest_end - advance, (from_ms + until_ms) / 2);
    const double error = fabs(sample - pace->mean_ms);
    const double small_error = pace->deviation_ms / 2;
    take(pace, sample, pace->early < 2 ? real_min(error, small_error) : error);
    pace->early += pace->early < EARLY_MAX;
}

/* The interval is long because of a long pause: before the first poll, because of Retry-After, after a failed poll, or
 * because the process was suspended. Such a pause must not be taken for the duration of the task. */
static void take_long(struct pace *pace, double from_ms, double until_ms)
{
    if (from_ms >= pace->mean_ms)
        take_short(pace, from_ms, from_ms);
    else if (until_ms <= pace->mean_ms + 2 * width_of(pace) + pace->round_trip_ms)
        take_early(pace, from_ms, until_ms);
}

/* It decreases fast and increases slowly, because a single poll may be delayed. */
static void learn_round_trip(struct pace *pace, double round_trip_ms)
{
    const double old_ms = pace->round_trip_ms;
    if (old_ms <= 0)
        pace->round_trip_ms = round_trip_ms;
    else if (round_trip_ms < old_ms)
        pace->round_trip_ms = (old_ms + round_trip_ms) / 2;
    else
        pace->round_trip_ms = old_ms + (real_min(round_trip_ms, 2 * old_ms) - old_ms) / MEAN_WEIGHT;
}

void pace_learn(struct pace *pace, const struct pace_observation *observation)
{
    const double from = observation->pending_ms == PACE_NEVER_PENDING ? 0 : (double)observation->pending_ms;
    const double until = (double)observation->done_ms;
    if (observation->round_trip_ms > 0)
        learn_round_trip(pace, (double)observation->round_trip_ms);
    const double longest_short_interval = real_max(real_max(4 * width_of(pace), until / 4), 1.5 * pace->round_trip_ms);
    if (pace->count == 0)
        take(pace, (from + until) / 2, (until - from) / 2);
    else if (until - from <= longest_short_interval)
        take_short(pace, from, until);
    else
        take_long(pace, from, until);
}
