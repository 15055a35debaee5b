/* The work of a queue's thread: takes pushed tickets through their submission and their task to their result. */
#ifndef DM_DISPATCHER_H
#define DM_DISPATCHER_H

#include "api/mailbox.h"
#include "api/poller.h"

struct dispatcher {
    struct mailbox *mailbox;
    struct traffic traffic;
    struct poller poller;
    struct ticket_order open;    /* all that have no result yet */
    struct ticket_list line;     /* never sent yet, in the order of the pushes */
    struct ticket_list retries;  /* to be sent again, the earliest due first */
    struct ticket_list finished; /* to be delivered */
    int submissions;             /* on their way */
};

/* The engine is to be the calling thread's when it works. */
void dispatcher_init(struct dispatcher *dispatcher, dm_client *client, struct mailbox *mailbox, struct engine *engine,
                     int max_connections);

/* Works until the mailbox is closed. Then everything is cancelled and delivered, and the engine is empty. */
void dispatcher_work(struct dispatcher *dispatcher);

#endif
