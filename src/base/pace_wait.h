/* One wait for a task: when its next poll is due, and what can be learned from its polls. Pure functions: all times
 * are passed in, as milliseconds of one monotonic clock. */
#ifndef DM_PACE_WAIT_H
#define DM_PACE_WAIT_H

#include "base/pace.h"

#include <stdbool.h>

struct pace_wait {
    int64_t started_at;
    bool from_the_start; /* the task began when the wait did; otherwise it may have ended long ago */
    int64_t grace_ms;    /* how much later the first poll comes, from pace_grace; 0: the wait is not patient */
    int polls;           /* including those that failed */
    struct pace_observation observation;
};

/* One poll. It may have asked for other tasks too. */
struct pace_poll {
    int64_t sent_at;
    int64_t received_at;
    bool is_exact; /* one request, sent once: the answer describes the time when it was sent */
};

void pace_wait_begin(struct pace_wait *wait, int64_t now, bool from_the_start);

/* Returns the pause from now until the next poll; see pace_delay. */
int64_t pace_wait_delay(const struct pace_wait *wait, const struct pace *pace, const struct pace_bounds *bounds,
                        int64_t now, double fraction);

/* Call one of these after each poll: the task is still pending; the poll failed or did not mention the task; the task
 * is done. After pace_wait_done, wait->observation is complete. If the result is true, pass it to pace_learn; false
 * means that nothing can be learned from it: the task may have ended long ago, or long before a late poll. */
void pace_wait_pending(struct pace_wait *wait, const struct pace_poll *poll);
void pace_wait_unknown(struct pace_wait *wait);
bool pace_wait_done(struct pace_wait *wait, const struct pace_poll *poll);

#endif
