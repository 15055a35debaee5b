/* One poll for many of a queue's tickets. */
#ifndef DM_SHARED_POLL_H
#define DM_SHARED_POLL_H

#include "api/task_query.h"
#include "api/ticket.h"

struct shared_poll {
    struct call call;
    dm_error error; /* the call's */
    struct task_query query;
    struct task_table table;
    dm_task_id ids[MAX_BATCH];
    dm_task tasks[MAX_BATCH];
    bool asked[MAX_BATCH];             /* there was room for the id in the request */
    struct ticket *tickets[MAX_BATCH]; /* NULL: it has left */
    size_t count;
    int64_t sent_at;          /* for the poller */
    struct shared_poll *next; /* likewise */
};

/* NULL if there is no memory. */
struct shared_poll *shared_poll_new(dm_client *client);
void shared_poll_free(struct shared_poll *poll);

/* Takes a ticket along; there must be room. */
void shared_poll_add(struct shared_poll *poll, struct ticket *ticket);

/* A ticket leaves the poll that it is in, if it is in one. */
void shared_poll_leave(struct ticket *ticket);

/* Makes the call's exchange ready to be started. False if the call has failed. */
bool shared_poll_prepare(struct shared_poll *poll);

/* Takes the finished exchange. True if the answer goes on: the exchange is then ready to be started once more. Otherwise the
 * call has failed, or `tasks` says what is known of each ticket's task. */
bool shared_poll_take(struct shared_poll *poll);

#endif
