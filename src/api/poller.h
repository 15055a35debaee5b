/* Awaits the tasks of a queue's tickets: when to poll, for which of them, and what comes of it. */
#ifndef DM_POLLER_H
#define DM_POLLER_H

#include "api/shared_poll.h"
#include "api/ticket_list.h"
#include "api/traffic.h"

struct poller {
    dm_client *client;
    struct ticket_list awaited;                           /* and in no poll, the earliest due first */
    struct shared_poll *polls;                            /* on their way */
    int64_t polled_at;                                    /* when the last one was sent */
    char last_failure[sizeof((dm_error *)NULL)->message]; /* of the last poll; "" if it did not fail */
};

void poller_init(struct poller *poller, dm_client *client);

/* Begins to await the task of a ticket. */
void poller_await(struct poller *poller, struct ticket *ticket);

/* When the next poll is due; CLOCK_NEVER if none is. */
int64_t poller_due_at(const struct poller *poller, int64_t now);

/* Sends the polls that are due, as far as the traffic allows. Tickets that fail go to `finished`. */
void poller_send(struct poller *poller, struct traffic *traffic, struct ticket_list *finished);

/* Takes an exchange that came back, if it is a poll's. Tickets whose task is done go to `finished`. */
bool poller_take(struct poller *poller, struct traffic *traffic, const struct exchange *exchange,
                 struct ticket_list *finished);

/* Frees the polls, which must not be on their way any more. */
void poller_free(struct poller *poller);

#endif
