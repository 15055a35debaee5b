/* When to ask next for something that takes a while elsewhere: learned from how long the last ones took. Pure.
 *
 * All times are milliseconds since one's own start of the wait, and all of polls are those at which the poll was sent. So
 * no clock but the monotonic one of this process counts, and the way there and back needs no estimate: what is learned is
 * the moment at which a poll would first have found the result, and that is the moment at which to send the next one. */
#ifndef DM_PACE_H
#define DM_PACE_H

#include <stdint.h>

enum { PACE_NEVER_PENDING = -1 };

/* What is known of the durations: mean and mean deviation, exponentially weighted. All zero: nothing. */
struct pace {
    int count; /* durations learned from; counting ends where the weights no longer depend on it */
    int early; /* the last so many were done at the first poll near the expected end: the truth may be far earlier */
    double mean_ms;
    double deviation_ms;
    double round_trip_ms; /* of a poll */
};

/* So long is a pause before jitter; a maximum below the minimum counts for both. */
struct pace_bounds {
    int64_t min_ms;
    int64_t max_ms;
};

/* The pause before the next poll, when `elapsed_ms` have passed. `polls` is how many there have been. The fraction is
 * random, from 0 up to 1: it shortens the pauses after the first poll by up to a quarter. */
int64_t pace_delay(const struct pace *pace, const struct pace_bounds *bounds, int64_t elapsed_ms, int polls,
                   double fraction);

/* The pause of a wait that ends in left_ms, if it would be delay_ms otherwise: one that leaves no time for its poll is cut
 * short, so that the last poll comes shortly before the end. */
int64_t pace_within(const struct pace *pace, const struct pace_bounds *bounds, int64_t delay_ms, int64_t left_ms);

/* What a wait has seen. The end lies between the last poll that found nothing, and the one that found the result. */
struct pace_sight {
    int64_t pending_ms;    /* PACE_NEVER_PENDING: each poll found the result */
    int64_t done_ms;       /* at least pending_ms */
    int64_t round_trip_ms; /* of the last poll; 0: not known */
};

void pace_learn(struct pace *pace, const struct pace_sight *sight);

#endif
