/* Polling for tasks, as part of a call: when to poll next, what the polls teach, and which failed ones do not end the
 * wait. */
#ifndef DM_POLL_H
#define DM_POLL_H

#include "base/pace_wait.h"
#include "client/call.h"

struct poll {
    struct pace_key key;
    struct pace pace; /* known when the wait began */
    struct pace_wait wait;
    int64_t sent_at;                                      /* the last poll */
    int attempts;                                         /* of the call, before it */
    char last_failure[sizeof((dm_error *)NULL)->message]; /* of the last poll; "" if it did not fail */
};

/* Begins a wait for a task of this kind. One of a specification or version has just been submitted. */
void poll_begin(struct poll *poll, const struct call *call, struct pace_key key);

/* Pauses until the next poll is due. False if the call has failed, or has no time left for a poll. */
bool poll_wait(struct poll *poll, struct call *call);

enum poll_finding {
    POLL_UNKNOWN, /* it failed */
    POLL_PENDING,
    POLL_SUCCESS,
    POLL_ERROR /* the task failed, perhaps long before it would have been done */
};

/* After a poll: learns from it. */
void poll_note(struct poll *poll, const struct call *call, enum poll_finding finding);

/* After a poll: forgives a failure that is transient, and keeps its message. */
void poll_forgive(struct poll *poll, struct call *call);

/* Fails the call because its time is up: says what did not come, and how the last poll failed. */
void poll_fail_timeout(const struct poll *poll, struct call *call, const char *what);

#endif
