/* The work of a queue's thread: submits pushed tickets, waits for their tasks, and delivers their results. */
#ifndef DM_DISPATCHER_H
#define DM_DISPATCHER_H

#include "api/mailbox.h"
#include "api/poller.h"

struct dispatcher {
    struct mailbox *mailbox;
    struct traffic traffic;
    struct poller poller;
    struct ticket_order open;    /* tickets without a result */
    struct ticket_list line;     /* not yet sent, in the order of the pushes */
    struct ticket_list retries;  /* to be sent again, earliest due first */
    struct ticket_list finished; /* to be delivered */
    int submissions;             /* running submissions */
};

/* When dispatcher_work runs, the engine must belong to the calling thread. */
void dispatcher_init(struct dispatcher *dispatcher, dm_client *client, struct mailbox *mailbox, struct engine *engine,
                     int max_connections);

/* Works until the mailbox is closed. Then cancels and delivers all tickets. The engine is empty afterwards. */
void dispatcher_work(struct dispatcher *dispatcher);

#endif
