#include "base/pace.h"

#include <math.h>
#include <stdbool.h>

/* Without history: the first poll, and each further one so much later. */
static const double blind_first_ms = 30;
static const double blind_share = 0.15;

/* What may go by before the first poll with history, as a share of the round trip. */
static const double first_share = 0.375;

static const double step_share = 0.75;  /* of the deviation, from one poll to the next */
static const double step_growth = 0.25; /* of the time that has passed since the first poll */
static const double jitter_share = 0.25;

/* The deviation that is reckoned with. Never 0: what is always equally late is still not known to the millisecond. */
static double width_of(const struct pace *pace)
{
    return fmax(fmax(pace->deviation_ms, 1), pace->mean_ms / 512);
}

/* Durations lie within two mean deviations of the mean, if they are spread evenly. A poll that comes too early costs a
 * round trip, one that comes too late its lateness: so the first is sent where as much may go by as between two polls; and
 * if the deviation is small beside a round trip, where all of them are surely done. */
static double first_poll(const struct pace *pace)
{
    const double width = width_of(pace);
    const double wait = fmax(step_share * width, first_share * pace->round_trip_ms);
    const double earliest = fmin(pace->mean_ms / 4, blind_first_ms);
    return fmax(pace->mean_ms - 2 * width + fmin(wait, 4 * width), earliest);
}

/* A way to go that is longer than the longest pause is divided evenly: no poll is under way when the end is expected. */
static double evenly(double way_ms, double max_ms)
{
    return way_ms / fmax(ceil(way_ms / fmax(max_ms, 1)), 1);
}

static double first_pause(const struct pace *pace, double max_ms, double elapsed_ms, double fraction)
{
    if (pace->count == 0)
        return blind_first_ms;
    const double latest = first_poll(pace);
    const double jitter = fmin(step_share * width_of(pace), latest) * jitter_share * fraction;
    return evenly(fmax(latest - jitter - elapsed_ms, 0), max_ms);
}

/* Steps are counted from poll to poll, pauses from answer to poll. None is longer than without history, and none is so short
 * that a long task costs hundreds of polls. */
static double later_pause(const struct pace *pace, double elapsed_ms)
{
    const double blind = blind_share * fmax(elapsed_ms, blind_first_ms);
    if (pace->count == 0)
        return blind;
    const double since_first = fmax(elapsed_ms - first_poll(pace), 0);
    const double step = step_share * width_of(pace) + step_growth * since_first;
    return fmax(fmin(step - pace->round_trip_ms, blind), elapsed_ms / 200);
}

/* Polls that came early, because the longest pause is shorter than the way, do not count. */
static bool is_first(const struct pace *pace, double elapsed_ms, int polls)
{
    return polls == 0 || (pace->count > 0 && elapsed_ms < first_poll(pace) - width_of(pace) / 2);
}

int64_t pace_delay(const struct pace *pace, const struct pace_bounds *bounds, int64_t elapsed_ms, int polls,
                   double fraction)
{
    const double elapsed = (double)elapsed_ms;
    const double min = (double)bounds->min_ms;
    const double max = (double)bounds->max_ms;
    if (is_first(pace, elapsed, polls))
        return llround(fmin(fmax(first_pause(pace, max, elapsed, fraction), min), max));
    return llround(fmin(fmax(later_pause(pace, elapsed), min), max) * (1 - jitter_share * fraction));
}

/* A round trip may well be twice as long as usual. */
int64_t pace_within(const struct pace *pace, const struct pace_bounds *bounds, int64_t delay_ms, int64_t left_ms)
{
    const double left = (double)left_ms;
    const double needed = fmax(2 * pace->round_trip_ms, (double)bounds->min_ms);
    const double last = left - fmax(needed, left / 4);
    if ((double)delay_ms <= left - needed || last < (double)bounds->min_ms)
        return delay_ms;
    return llround(last);
}

/* ---- Learning ---- */

enum {
    MEAN_WEIGHT = 8,      /* one in so many, as soon as there are so many */
    DEVIATION_WEIGHT = 4, /* the same */
    EARLY_MAX = 8
};

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

/* The end lies in a short interval: halfway between what is expected of it and its middle. */
static void take_short(struct pace *pace, double from_ms, double until_ms)
{
    const double expected = fmin(fmax(pace->mean_ms, from_ms), until_ms);
    const double sample = (expected + (from_ms + until_ms) / 2) / 2;
    pace->early = 0;
    take(pace, sample, fabs(sample - pace->mean_ms));
}

/* It was done when it was first looked for, perhaps long before. Assumed is a little before; but each time that this happens
 * in a row, four times as much: so a service that has become faster is caught up with. */
static void take_early(struct pace *pace, double from_ms, double until_ms)
{
    const double surely = fmin(pace->mean_ms, until_ms);
    const double before = width_of(pace) / 2 * (pace->early > 0 ? pow(4, pace->early - 1) : 1);
    const double sample = fmax(surely - before, (from_ms + until_ms) / 2);
    const double error = fabs(sample - pace->mean_ms);
    const double usual = pace->deviation_ms / 2;
    take(pace, sample, pace->early < 2 ? fmin(error, usual) : error);
    pace->early += pace->early < EARLY_MAX;
}

/* An interval is long if the pause in it was: before the first poll, or because the service asked for a pause, a poll
 * failed, or the process stood still. It must not count for how long the service took. */
static void take_long(struct pace *pace, double from_ms, double until_ms)
{
    if (from_ms >= pace->mean_ms)
        take_short(pace, from_ms, from_ms);
    else if (until_ms <= pace->mean_ms + 2 * width_of(pace) + pace->round_trip_ms)
        take_early(pace, from_ms, until_ms);
}

static void learn_round_trip(struct pace *pace, double round_trip_ms)
{
    if (pace->round_trip_ms > 0)
        pace->round_trip_ms = approach(pace->round_trip_ms, round_trip_ms, MEAN_WEIGHT, MEAN_WEIGHT);
    else
        pace->round_trip_ms = round_trip_ms;
}

void pace_learn(struct pace *pace, const struct pace_sight *sight)
{
    const double from = sight->pending_ms == PACE_NEVER_PENDING ? 0 : (double)sight->pending_ms;
    const double until = (double)sight->done_ms;
    if (sight->round_trip_ms > 0)
        learn_round_trip(pace, (double)sight->round_trip_ms);
    const double usual = fmax(fmax(4 * width_of(pace), until / 4), 1.5 * pace->round_trip_ms);
    if (pace->count == 0)
        take(pace, (from + until) / 2, (until - from) / 2);
    else if (until - from <= usual)
        take_short(pace, from, until);
    else
        take_long(pace, from, until);
}
