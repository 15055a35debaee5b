/* Waits for the tasks of a queue's tickets: decides when to poll and for which of them, and takes the answers. */
#ifndef DM_POLLER_H
#define DM_POLLER_H

#include "api/shared_poll.h"
#include "api/ticket_list.h"
#include "api/traffic.h"

struct poller {
    dm_client *client;
    const struct ticket_order *open; /* all tickets of the queue that have no result yet */
    const struct ticket_list *line;  /* those that have not been submitted yet */
    struct ticket_list awaited;      /* tickets that are in no poll, earliest due first */
    struct shared_poll *polls;       /* running polls */
    int64_t polled_at;               /* when the last poll was sent */

    /* Of the last poll, for whichever tasks; "" if it succeeded: */
    char last_failure[sizeof((dm_error *)NULL)->message];
};

void poller_init(struct poller *poller, dm_client *client, const struct ticket_order *open,
                 const struct ticket_list *line);

/* Starts to wait for the task of a ticket. */
void poller_await(struct poller *poller, struct ticket *ticket);

/* Returns when the next poll is due, or CLOCK_NEVER. */
int64_t poller_due_at(const struct poller *poller, const struct traffic *traffic, int64_t now);

/* Sends the polls that are due, if the traffic limits allow it. Moves tickets that fail to `finished`. */
void poller_send(struct poller *poller, struct traffic *traffic, struct ticket_list *finished);

/* Takes the answer of a poll. Moves tickets whose tasks are done to `finished`. */
void poller_take(struct poller *poller, struct traffic *traffic, const struct exchange *exchange,
                 struct ticket_list *finished);

/* Frees the polls. None of them may be running. */
void poller_free(struct poller *poller);

#endif
