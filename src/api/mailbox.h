/* Passes tickets between the application's thread and a queue's own thread: pushed tickets in, finished ones out. Both
 * threads may call all functions except mailbox_init and mailbox_free. */
#ifndef DM_MAILBOX_H
#define DM_MAILBOX_H

#include "api/ticket_list.h"
#include "base/notice.h"

#include <pthread.h>
#include <stdatomic.h>

struct mailbox {
    struct notice notice; /* raised while a ticket can be taken */
    size_t capacity;
    bool in_order;
    atomic_bool has_news; /* mailbox_collect has something to do; changed with the mutex locked */

    pthread_mutex_t mutex; /* protects the members below */
    bool is_closed;
    bool is_up;                /* the notice is raised, or will be at once */
    struct ticket_list pushed; /* pushed, but not yet collected */
    struct ticket_list done;   /* finished, but not yet taken; sorted if in_order is set */
    size_t in_flight;          /* number of tickets pushed, but not yet taken */
    uint64_t next_pushed;      /* the number of the next push */
    uint64_t next_taken;       /* if in_order is set: the number of the next ticket to take */
};

/* Returns false on failure. */
bool mailbox_init(struct mailbox *mailbox, size_t capacity, bool in_order, struct failure *failure);

/* Also frees the tickets in the mailbox. */
void mailbox_free(struct mailbox *mailbox);

/* ---- For the application's thread ---- */

bool mailbox_is_full(struct mailbox *mailbox);
bool mailbox_is_empty(struct mailbox *mailbox);
void mailbox_push(struct mailbox *mailbox, struct ticket *ticket);

/* Returns the next finished ticket; NULL if there is none to take. */
struct ticket *mailbox_take(struct mailbox *mailbox);

/* Tells the queue's thread to end. */
void mailbox_close(struct mailbox *mailbox);

/* ---- For the queue's thread ---- */

/* Moves the pushed tickets to a list. Returns false if the mailbox was closed. */
bool mailbox_collect(struct mailbox *mailbox, struct ticket_list *list);

/* Delivers a finished ticket. The application then owns it. */
void mailbox_deliver(struct mailbox *mailbox, struct ticket *ticket);

#endif
