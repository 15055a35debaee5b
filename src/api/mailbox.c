#include "api/mailbox.h"

bool mailbox_init(struct mailbox *mailbox, size_t capacity, bool in_order)
{
    *mailbox = (struct mailbox){.capacity = capacity, .in_order = in_order};
    if (!notice_open(&mailbox->notice))
        return false;
    pthread_mutex_init(&mailbox->mutex, NULL);
    return true;
}

static void free_tickets(struct ticket_list *list)
{
    for (struct ticket *ticket = ticket_list_pop(list); ticket != NULL; ticket = ticket_list_pop(list))
        ticket_free(ticket);
}

void mailbox_free(struct mailbox *mailbox)
{
    free_tickets(&mailbox->done);
    pthread_mutex_destroy(&mailbox->mutex);
    notice_close(&mailbox->notice);
}

static bool has_next(const struct mailbox *mailbox)
{
    const struct ticket *first = mailbox->done.first;
    return first != NULL && (!mailbox->in_order || first->number == mailbox->next_taken);
}

static void show_next(struct mailbox *mailbox)
{
    const bool is_wanted = has_next(mailbox);
    if (is_wanted && !mailbox->is_up)
        notice_raise(&mailbox->notice);
    else if (!is_wanted && mailbox->is_up)
        notice_lower(&mailbox->notice);
    mailbox->is_up = is_wanted;
}

/* ---- For the application's thread ---- */

static size_t count_in_flight(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->mutex);
    const size_t count = mailbox->in_flight;
    pthread_mutex_unlock(&mailbox->mutex);
    return count;
}

bool mailbox_is_full(struct mailbox *mailbox)
{
    return count_in_flight(mailbox) >= mailbox->capacity;
}

bool mailbox_is_empty(struct mailbox *mailbox)
{
    return count_in_flight(mailbox) == 0;
}

void mailbox_push(struct mailbox *mailbox, struct ticket *ticket)
{
    pthread_mutex_lock(&mailbox->mutex);
    ticket->number = mailbox->next_pushed++;
    ticket_list_append(&mailbox->pushed, ticket);
    mailbox->in_flight++;
    pthread_mutex_unlock(&mailbox->mutex);
}

struct ticket *mailbox_take(struct mailbox *mailbox)
{
    struct ticket *taken = NULL;
    pthread_mutex_lock(&mailbox->mutex);
    if (has_next(mailbox)) {
        taken = ticket_list_pop(&mailbox->done);
        mailbox->in_flight--;
        mailbox->next_taken++;
        show_next(mailbox);
    }
    pthread_mutex_unlock(&mailbox->mutex);
    return taken;
}

void mailbox_close(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->mutex);
    mailbox->is_closed = true;
    pthread_mutex_unlock(&mailbox->mutex);
}

/* ---- For the queue's thread ---- */

bool mailbox_collect(struct mailbox *mailbox, struct ticket_list *list)
{
    pthread_mutex_lock(&mailbox->mutex);
    for (struct ticket *ticket = ticket_list_pop(&mailbox->pushed); ticket != NULL;
         ticket = ticket_list_pop(&mailbox->pushed))
        ticket_list_append(list, ticket);
    const bool is_open = !mailbox->is_closed;
    pthread_mutex_unlock(&mailbox->mutex);
    return is_open;
}

void mailbox_deliver(struct mailbox *mailbox, struct ticket *ticket)
{
    pthread_mutex_lock(&mailbox->mutex);
    if (mailbox->in_order)
        ticket_list_insert_pushed(&mailbox->done, ticket);
    else
        ticket_list_append(&mailbox->done, ticket);
    show_next(mailbox);
    pthread_mutex_unlock(&mailbox->mutex);
}
