#include "api/mailbox.h"

bool mailbox_init(struct mailbox *mailbox, size_t capacity, bool in_order, struct failure *failure)
{
    *mailbox = (struct mailbox){.capacity = capacity, .in_order = in_order};
    if (!notice_open(&mailbox->notice, "to wake a thread", failure))
        return false;
    atomic_init(&mailbox->has_news, false);
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

/* Returns true if the caller must raise the notice. It does so without the mutex, because the application's thread
 * wakes up at that moment and needs the mutex. */
static bool must_raise(struct mailbox *mailbox)
{
    const bool was_up = mailbox->is_up;
    mailbox->is_up = has_next(mailbox);
    return mailbox->is_up && !was_up;
}

/* Lowers the notice if no ticket can be taken. If the other thread has not raised it yet, this waits until it has. */
static void lower_if_empty(struct mailbox *mailbox)
{
    if (mailbox->is_up && !has_next(mailbox)) {
        notice_lower(&mailbox->notice);
        mailbox->is_up = false;
    }
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
    atomic_store(&mailbox->has_news, true);
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
        lower_if_empty(mailbox);
    }
    pthread_mutex_unlock(&mailbox->mutex);
    return taken;
}

void mailbox_close(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->mutex);
    mailbox->is_closed = true;
    atomic_store(&mailbox->has_news, true);
    pthread_mutex_unlock(&mailbox->mutex);
}

/* ---- For the queue's thread ---- */

bool mailbox_collect(struct mailbox *mailbox, struct ticket_list *list)
{
    if (!atomic_load(&mailbox->has_news))
        return true;
    pthread_mutex_lock(&mailbox->mutex);
    for (struct ticket *ticket = ticket_list_pop(&mailbox->pushed); ticket != NULL;
         ticket = ticket_list_pop(&mailbox->pushed))
        ticket_list_append(list, ticket);
    const bool is_open = !mailbox->is_closed;
    atomic_store(&mailbox->has_news, !is_open);
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
    const bool raises = must_raise(mailbox);
    pthread_mutex_unlock(&mailbox->mutex);
    if (raises)
        notice_raise(&mailbox->notice);
}
