/* What the application's thread and a queue's own thread give each other: pushed tickets in, finished ones out. All
 * functions but the first and the last may be called from both. */
#ifndef DM_MAILBOX_H
#define DM_MAILBOX_H

#include "api/ticket_list.h"
#include "base/notice.h"

#include <pthread.h>

struct mailbox {
    struct notice notice; /* up while there is a ticket to take */
    size_t capacity;
    bool in_order;

    pthread_mutex_t mutex; /* over what follows */
    bool is_closed;
    bool is_up;                /* the notice */
    struct ticket_list pushed; /* and not collected yet */
    struct ticket_list done;   /* and not taken yet; in order, if that is wanted */
    size_t in_flight;          /* pushed and not taken */
    uint64_t next_pushed;      /* the number of the next push */
    uint64_t next_taken;       /* in order: the number of the ticket to be taken next */
};

/* On failure false, and errno says why. */
bool mailbox_init(struct mailbox *mailbox, size_t capacity, bool in_order);

/* Frees the tickets in it, too. */
void mailbox_free(struct mailbox *mailbox);

/* ---- For the application's thread ---- */

bool mailbox_is_full(struct mailbox *mailbox);
bool mailbox_is_empty(struct mailbox *mailbox);
void mailbox_push(struct mailbox *mailbox, struct ticket *ticket);

/* The next finished ticket; NULL if there is none to take. */
struct ticket *mailbox_take(struct mailbox *mailbox);

/* Nothing is wanted any more. */
void mailbox_close(struct mailbox *mailbox);

/* ---- For the queue's thread ---- */

/* Moves the pushed tickets to a list. False if the mailbox was closed. */
bool mailbox_collect(struct mailbox *mailbox, struct ticket_list *list);

/* Hands out a finished ticket. From now on it belongs to the application. */
void mailbox_deliver(struct mailbox *mailbox, struct ticket *ticket);

#endif
