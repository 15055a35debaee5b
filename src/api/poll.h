/* Polling for tasks, as part of a call: how long to pause between two polls, and which failed ones do not end the wait. */
#ifndef DM_POLL_H
#define DM_POLL_H

#include "client/call.h"

/* The pause before the round-th poll (from 0): the first poll comes early, the others at growing intervals. The fraction is
 * random, from 0 up to 1. Pure. */
int64_t poll_delay(int64_t first_ms, int64_t max_ms, int round, double fraction);

struct poll {
    int round;
    char last_failure[sizeof((dm_error *)NULL)->message]; /* of the last poll; "" if it did not fail */
};

/* Pauses until the next poll is due. False if the call has failed, or has no time left for a poll. */
bool poll_wait(struct poll *poll, struct call *call);

/* After a poll: forgives a failure that is transient, and keeps its message. */
void poll_forgive(struct poll *poll, struct call *call);

/* Fails the call because its time is up: says what did not come, and how the last poll failed. */
void poll_fail_timeout(const struct poll *poll, struct call *call, const char *what);

#endif
