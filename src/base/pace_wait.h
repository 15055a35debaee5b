/* One wait for something that takes a while elsewhere: when its next poll is due, and what its polls teach. Pure: all times
 * are given, in milliseconds of one monotonic clock. */
#ifndef DM_PACE_WAIT_H
#define DM_PACE_WAIT_H

#include "base/pace.h"

#include <stdbool.h>

struct pace_wait {
    int64_t started_at;
    bool from_the_start; /* the work began when the wait did; otherwise it may be done long since */
    int polls;           /* those that were answered, and those that failed */
    struct pace_sight sight;
};

/* One poll, which may have asked for much else. */
struct pace_poll {
    int64_t sent_at;
    int64_t received_at;
    bool is_exact; /* one request, sent once: it was answered by what it found when it was sent */
};

void pace_wait_begin(struct pace_wait *wait, int64_t now, bool from_the_start);

/* The pause from now until the next poll, as pace_delay. */
int64_t pace_wait_delay(const struct pace_wait *wait, const struct pace *pace, const struct pace_bounds *bounds,
                        int64_t now, double fraction);

/* After each poll one of these: it says that the work goes on; it failed, or did not say; it says that the work is done.
 * Then wait->sight is complete: learn from it, unless the answer is false because it tells nothing. */
void pace_wait_pending(struct pace_wait *wait, const struct pace_poll *poll);
void pace_wait_unknown(struct pace_wait *wait);
bool pace_wait_done(struct pace_wait *wait, const struct pace_poll *poll);

#endif
