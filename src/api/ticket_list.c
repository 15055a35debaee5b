#include "api/ticket_list.h"

static void insert_behind(struct ticket_list *list, struct ticket *ticket, struct ticket *before)
{
    struct ticket *after = before != NULL ? before->next : list->first;
    ticket->list = list;
    ticket->previous = before;
    ticket->next = after;
    *(before != NULL ? &before->next : &list->first) = ticket;
    *(after != NULL ? &after->previous : &list->last) = ticket;
    list->count++;
}

void ticket_list_append(struct ticket_list *list, struct ticket *ticket)
{
    insert_behind(list, ticket, list->last);
}

void ticket_list_insert_due(struct ticket_list *list, struct ticket *ticket)
{
    struct ticket *before = list->last;
    while (before != NULL && before->due_at > ticket->due_at)
        before = before->previous;
    insert_behind(list, ticket, before);
}

void ticket_list_insert_pushed(struct ticket_list *list, struct ticket *ticket)
{
    struct ticket *before = list->last;
    while (before != NULL && before->number > ticket->number)
        before = before->previous;
    insert_behind(list, ticket, before);
}

void ticket_list_remove(struct ticket *ticket)
{
    struct ticket_list *list = ticket->list;
    if (list == NULL)
        return;
    *(ticket->previous != NULL ? &ticket->previous->next : &list->first) = ticket->next;
    *(ticket->next != NULL ? &ticket->next->previous : &list->last) = ticket->previous;
    ticket->list = NULL;
    list->count--;
}

struct ticket *ticket_list_pop(struct ticket_list *list)
{
    struct ticket *first = list->first;
    if (first != NULL)
        ticket_list_remove(first);
    return first;
}

void ticket_order_append(struct ticket_order *order, struct ticket *ticket)
{
    ticket->older = order->newest;
    ticket->newer = NULL;
    *(order->newest != NULL ? &order->newest->newer : &order->oldest) = ticket;
    order->newest = ticket;
    order->count++;
}

void ticket_order_remove(struct ticket_order *order, struct ticket *ticket)
{
    *(ticket->older != NULL ? &ticket->older->newer : &order->oldest) = ticket->newer;
    *(ticket->newer != NULL ? &ticket->newer->older : &order->newest) = ticket->older;
    order->count--;
}
