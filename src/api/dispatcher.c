#include "api/dispatcher.h"

#include "base/clock.h"

void dispatcher_init(struct dispatcher *dispatcher, dm_client *client, struct mailbox *mailbox, struct engine *engine,
                     int max_connections)
{
    *dispatcher = (struct dispatcher){.mailbox = mailbox};
    traffic_init(&dispatcher->traffic, engine, max_connections);
    poller_init(&dispatcher->poller, client, &dispatcher->open, &dispatcher->line);
}

/* ---- Beginning and end of a ticket ---- */

static bool accept_pushed(struct dispatcher *dispatcher)
{
    struct ticket_list pushed = {0};
    const bool is_open = mailbox_collect(dispatcher->mailbox, &pushed);
    for (struct ticket *ticket = ticket_list_pop(&pushed); ticket != NULL; ticket = ticket_list_pop(&pushed)) {
        ticket_order_append(&dispatcher->open, ticket);
        if (ticket->task_id.text[0] == '\0')
            ticket_list_append(&dispatcher->line, ticket);
        else
            poller_await(&dispatcher->poller, ticket);
    }
    return is_open;
}

/* A ticket that is in no list and in no poll is being submitted. The engine enforces its deadline. */
static bool is_in_engine(const struct ticket *ticket)
{
    return ticket->list == NULL && ticket->poll == NULL;
}

static void expire(struct dispatcher *dispatcher)
{
    const int64_t now = clock_now();
    const struct throttle *throttle = &dispatcher->traffic.throttle;
    const struct obstacles obstacles = {clock_until(now, throttle->paused_until), throttle->rate > 0,
                                        dispatcher->poller.last_failure};
    struct ticket *next = NULL;
    for (struct ticket *ticket = dispatcher->open.oldest; ticket != NULL && ticket->call.deadline <= now;
         ticket = next) {
        next = ticket->newer;
        if (is_in_engine(ticket))
            continue;
        shared_poll_leave(ticket);
        ticket_list_remove(ticket);
        ticket_fail_timeout(ticket, &obstacles);
        ticket_list_append(&dispatcher->finished, ticket);
    }
}

static void deliver_finished(struct dispatcher *dispatcher)
{
    for (struct ticket *ticket = ticket_list_pop(&dispatcher->finished); ticket != NULL;
         ticket = ticket_list_pop(&dispatcher->finished)) {
        ticket_order_remove(&dispatcher->open, ticket);
        ticket_close(ticket);
        mailbox_deliver(dispatcher->mailbox, ticket);
    }
}

/* ---- Submissions ---- */

/* Due retries go first, because they have waited longer. */
static struct ticket *first_to_send(const struct dispatcher *dispatcher, int64_t now)
{
    struct ticket *retry = dispatcher->retries.first;
    return retry != NULL && retry->due_at <= now ? retry : dispatcher->line.first;
}

static int64_t submission_due_at(const struct dispatcher *dispatcher, int64_t now)
{
    if (!throttle_has_room(&dispatcher->traffic.throttle, dispatcher->submissions))
        return CLOCK_NEVER;
    if (first_to_send(dispatcher, now) != NULL)
        return now;
    return dispatcher->retries.first != NULL ? dispatcher->retries.first->due_at : CLOCK_NEVER;
}

static void submit(struct dispatcher *dispatcher, struct ticket *ticket)
{
    ticket_list_remove(ticket);
    if (ticket_prepare_attempt(ticket)) {
        dispatcher->submissions++;
        traffic_start(&dispatcher->traffic, &ticket->call.exchange);
    } else {
        ticket_list_append(&dispatcher->finished, ticket);
    }
}

static void send_submissions(struct dispatcher *dispatcher)
{
    const int64_t now = clock_now();
    while (submission_due_at(dispatcher, now) <= now && traffic_ready_at(&dispatcher->traffic) <= now)
        submit(dispatcher, first_to_send(dispatcher, now));
}

static void take_submission(struct dispatcher *dispatcher, struct exchange *exchange)
{
    struct ticket *ticket = exchange->owner;
    dispatcher->submissions--;
    ticket_end_attempt(ticket);
    if (exchange->end == EXCHANGE_OPEN) {
        ticket->due_at = exchange->ready_at;
        ticket_list_insert_due(&dispatcher->retries, ticket);
        return;
    }
    ticket_take_submission(ticket);
    if (call_is_well(&ticket->call))
        poller_await(&dispatcher->poller, ticket);
    else
        ticket_list_append(&dispatcher->finished, ticket);
}

/* ---- The loop ---- */

static int64_t next_deadline(const struct dispatcher *dispatcher)
{
    const struct ticket *ticket = dispatcher->open.oldest;
    while (ticket != NULL && is_in_engine(ticket))
        ticket = ticket->newer;
    return ticket != NULL ? ticket->call.deadline : CLOCK_NEVER;
}

static int64_t wake_at(const struct dispatcher *dispatcher)
{
    const int64_t now = clock_now();
    const int64_t work_at = clock_earlier(submission_due_at(dispatcher, now),
                                          poller_due_at(&dispatcher->poller, &dispatcher->traffic, now));
    return clock_earlier(next_deadline(dispatcher), clock_later(work_at, traffic_ready_at(&dispatcher->traffic)));
}

/* The exchange of a submission belongs to a ticket; all others are polls. */
static bool is_submission(const struct exchange *exchange)
{
    return exchange->owner != NULL;
}

static void take(struct dispatcher *dispatcher, struct exchange *exchange)
{
    if (is_submission(exchange))
        take_submission(dispatcher, exchange);
    else
        poller_take(&dispatcher->poller, &dispatcher->traffic, exchange, &dispatcher->finished);
}

/* Cancels all running exchanges and waits until they are back. The error of a submission then says whether the service
 * may have processed it. */
static void empty_engine(struct dispatcher *dispatcher)
{
    engine_cancel_all(dispatcher->traffic.engine);
    while (dispatcher->traffic.running > 0) {
        struct exchange *exchange = traffic_next(&dispatcher->traffic, CLOCK_NEVER);
        if (exchange != NULL && is_submission(exchange))
            take_submission(dispatcher, exchange);
    }
}

static void cancel_open(struct dispatcher *dispatcher)
{
    for (struct ticket *ticket = dispatcher->open.oldest; ticket != NULL; ticket = ticket->newer) {
        shared_poll_leave(ticket);
        ticket_list_remove(ticket);
        ticket_fail_cancelled(ticket);
        ticket_list_append(&dispatcher->finished, ticket);
    }
}

void dispatcher_work(struct dispatcher *dispatcher)
{
    while (accept_pushed(dispatcher)) {
        expire(dispatcher);
        poller_send(&dispatcher->poller, &dispatcher->traffic, &dispatcher->finished);
        send_submissions(dispatcher);
        deliver_finished(dispatcher);
        struct exchange *exchange = traffic_next(&dispatcher->traffic, wake_at(dispatcher));
        if (exchange != NULL)
            take(dispatcher, exchange);
        deliver_finished(dispatcher);
    }
    empty_engine(dispatcher);
    cancel_open(dispatcher);
    poller_free(&dispatcher->poller);
    deliver_finished(dispatcher);
}
