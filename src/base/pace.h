/* When to poll next for a task, learned from the durations of the last ones. Pure functions.
 *
 * All times are milliseconds since the start of the wait, and the time of a poll is the time when it was sent. So only
 * this process's monotonic clock matters, and network latency needs no estimate: pace learns the moment at which a poll
 * would first have found the result, which is the moment at which to send the next one. */
#ifndef DM_PACE_H
#define DM_PACE_H

#include <stdint.h>

enum { PACE_NEVER_PENDING = -1 };

/* Statistics of the durations: mean and mean deviation, exponentially weighted. All zero: no history. */
struct pace {
    int count; /* number of samples, up to the number after which the weights stay constant */
    int early; /* how many times in a row the first poll near the expected end found the result */
    double mean_ms;
    double deviation_ms;
    double round_trip_ms; /* of a poll */
};

/* The shortest and the longest pause, before jitter. If max_ms is less than min_ms, every pause is max_ms. */
struct pace_bounds {
    int64_t min_ms;
    int64_t max_ms;
};

/* Returns the pause before the next poll, given the time elapsed and the number of polls so far. `fraction` is a random
 * number from 0 up to 1, which shortens steps by up to a quarter. */
int64_t pace_delay(const struct pace *pace, const struct pace_bounds *bounds, int64_t elapsed_ms, int polls,
                   double fraction);

/* Returns how much later the first poll of a patient wait comes. At a steady service, that is after all expected ends,
 * so that one poll is enough; at a scattered one, it is a small share of the mean. 0 while little is known. */
int64_t pace_grace(const struct pace *pace);

/* Returns the pause of a wait that ends in left_ms and would otherwise pause for delay_ms. If that leaves no time for a
 * poll, the pause is shortened so that the last poll comes shortly before the end. */
int64_t pace_within(const struct pace *pace, const struct pace_bounds *bounds, int64_t delay_ms, int64_t left_ms);

/* What a wait has observed: the task ended between the last poll that did not find a result and the poll that did. */
struct pace_observation {
    int64_t pending_ms;    /* PACE_NEVER_PENDING: no poll found the task pending */
    int64_t done_ms;       /* at least pending_ms */
    int64_t round_trip_ms; /* of the last poll; 0: unknown */
};

void pace_learn(struct pace *pace, const struct pace_observation *observation);

#endif
