/* Polling for tasks within a call: when to poll next, what the client learns from polls, and which failed polls do
 * not end the wait. */
#ifndef DM_POLL_H
#define DM_POLL_H

#include "base/pace_wait.h"
#include "client/call.h"

struct poll {
    struct pace_key key;
    struct pace pace; /* as known at the start of the wait */
    struct pace_wait wait;
    int64_t sent_at;                                      /* when the last poll was sent */
    int attempts;                                         /* attempts of the call before the last poll */
    char last_failure[sizeof((dm_error *)NULL)->message]; /* of the last poll; "" if it succeeded */
};

/* Starts a wait for a task of this kind. A task of a specification or version must have been submitted just now. */
void poll_begin(struct poll *poll, const struct call *call, struct pace_key key);

/* Pauses until the next poll is due. Returns false if the call has failed or has no time left for a poll. */
bool poll_wait(struct poll *poll, struct call *call);

enum poll_finding {
    POLL_UNKNOWN, /* the poll failed */
    POLL_PENDING,
    POLL_SUCCESS,
    POLL_ERROR /* the task failed, which may take much less time than a success */
};

/* Call it after each poll: learns from it. */
void poll_note(struct poll *poll, const struct call *call, enum poll_finding finding);

/* Call it after each poll: clears a transient failure and keeps its message. */
void poll_forgive(struct poll *poll, struct call *call);

/* Fails the call because the deadline has passed. The message says what did not arrive, and how the last poll
 * failed. */
void poll_fail_timeout(const struct poll *poll, struct call *call, const char *what);

#endif
