/* One poll for several tickets of a queue. */
#ifndef DM_SHARED_POLL_H
#define DM_SHARED_POLL_H

#include "api/task_query.h"
#include "api/ticket.h"

struct shared_poll {
    struct call call;
    dm_error error;             /* of the call */
    struct retry_policy policy; /* of one attempt: if a poll fails, the next one asks for the tasks that are due then */
    struct task_query query;
    struct task_table table;
    bool asked[MAX_BATCH];             /* the id did fit into the request */
    struct ticket *tickets[MAX_BATCH]; /* NULL after shared_poll_leave */
    size_t count;
    size_t room;              /* how many tickets it may have */
    bool is_useless;          /* the request or its answer failed as a whole, possibly because of a single task */
    int64_t sent_at;          /* for the poller */
    struct shared_poll *next; /* for the poller */
    dm_task tasks[];
};

/* Makes a poll with room for max_count tickets, but at most MAX_BATCH. Returns NULL if out of memory. */
struct shared_poll *shared_poll_new(dm_client *client, size_t max_count);
void shared_poll_free(struct shared_poll *poll);

/* Returns false if the poll would have more tickets than it, or one of them, allows. */
bool shared_poll_has_room(const struct shared_poll *poll, const struct ticket *ticket);

/* Adds a ticket; there must be room. The deadline of the poll is the latest one of its tickets: a reply that does not
 * end must not keep a connection for longer. */
void shared_poll_add(struct shared_poll *poll, struct ticket *ticket);

/* Removes a ticket from its poll, if it is in one. */
void shared_poll_leave(struct ticket *ticket);

/* Prepares the call's exchange for its start. Returns false if the call has failed. */
bool shared_poll_prepare(struct shared_poll *poll);

/* Takes the finished exchange. Returns true if the answer has a further page: the exchange is then ready to be
 * started again. Otherwise the call has failed, or `tasks` contains what is known about each ticket's task. */
bool shared_poll_take(struct shared_poll *poll);

#endif
