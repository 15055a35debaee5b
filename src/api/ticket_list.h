/* Lists of a queue's tickets. A ticket is in at most one list, and also in the order of tickets without a result. */
#ifndef DM_TICKET_LIST_H
#define DM_TICKET_LIST_H

#include "api/ticket.h"

struct ticket_list {
    struct ticket *first;
    struct ticket *last;
    size_t count;
};

void ticket_list_append(struct ticket_list *list, struct ticket *ticket);

/* Inserts a ticket after those that are due earlier or at the same time. */
void ticket_list_insert_due(struct ticket_list *list, struct ticket *ticket);

/* Inserts a ticket after those that were pushed earlier. */
void ticket_list_insert_pushed(struct ticket_list *list, struct ticket *ticket);

/* Removes a ticket from its list, if it is in one. */
void ticket_list_remove(struct ticket *ticket);

/* Removes and returns the first ticket; NULL if there is none. */
struct ticket *ticket_list_pop(struct ticket_list *list);

/* Tickets in the order of their pushes. */
struct ticket_order {
    struct ticket *oldest;
    struct ticket *newest;
    size_t count;
};

void ticket_order_append(struct ticket_order *order, struct ticket *ticket);
void ticket_order_remove(struct ticket_order *order, struct ticket *ticket);

#endif
