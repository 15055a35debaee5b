#include "api/poller.h"

#include "base/clock.h"

#include <stdio.h>

void poller_init(struct poller *poller, dm_client *client, const struct ticket_order *open,
                 const struct ticket_list *line)
{
    *poller = (struct poller){.client = client, .open = open, .line = line};
}

void poller_free(struct poller *poller)
{
    while (poller->polls != NULL) {
        struct shared_poll *next = poller->polls->next;
        shared_poll_free(poller->polls);
        poller->polls = next;
    }
}

/* ---- When ---- */

static void await_next(struct poller *poller, struct ticket *ticket)
{
    const struct pace_bounds *bounds = &client_settings(poller->client)->poll_bounds;
    const struct pace pace = client_pace(poller->client, ticket->pace_key);
    const int64_t now = clock_now();
    const int64_t usual_ms = pace_wait_delay(&ticket->wait, &pace, bounds, now, client_random(poller->client));
    ticket->due_at = now + pace_within(&pace, bounds, usual_ms, clock_until(now, ticket->call.deadline));
    ticket_list_insert_due(&poller->awaited, ticket);
}

/* In a queue, fewer polls are worth a little time, so 19 of 20 waits are patient. The client learns from the
 * others. */
static int64_t choose_grace(struct poller *poller, const struct ticket *ticket)
{
    static const double patient_share = 0.95;
    const struct pace pace = client_pace(poller->client, ticket->pace_key);
    return client_random(poller->client) < patient_share ? pace_grace(&pace) : 0;
}

void poller_await(struct poller *poller, struct ticket *ticket)
{
    const bool from_the_start = ticket->pace_key.kind != PACE_TASK;
    pace_wait_begin(&ticket->wait, ticket->submitted_at, from_the_start);
    ticket->wait.grace_ms = choose_grace(poller, ticket);
    await_next(poller, ticket);
}

/* What the least time between two polls depends on, for all tickets. */
struct spacing {
    int64_t now;
    int64_t awaited;    /* how many tasks */
    int64_t limited_ms; /* if the service limits the rate, polls must leave most of it to the submissions */
    int64_t max_ms;
};

static struct spacing spacing_now(const struct poller *poller, const struct traffic *traffic, int64_t now)
{
    const bool is_all_submitted = poller->line->count == 0;
    return (struct spacing){
        .now = now,
        .awaited = (int64_t)poller->awaited.count,
        .limited_ms = throttle_poll_spacing(&traffic->throttle, (int64_t)poller->open->count, is_all_submitted),
        .max_ms = client_settings(poller->client)->poll_bounds.max_ms,
    };
}

/* Polls are shared: if many tasks are awaited, more of them are done by the next poll. The spacing is a part of the
 * time that a task has taken so far, which grows with the number of tasks up to two ninths: with 64 tasks awaited,
 * about fourteen finish in that time. It is never more than max_poll_delay_ms. Near the deadline it is a part of the
 * time left, so that a task that is done in time is also polled in time. A poll that failed as a whole is split without
 * delay. If one poll has no room for all tasks, all the polls that they need are sent in this time. */
static int64_t shared_ms(const struct spacing *spacing, const struct ticket *ticket)
{
    static const int64_t many = 64;
    if (ticket->max_shared > 0)
        return 0;
    const int64_t count = clock_earlier(spacing->awaited, many);
    const int64_t polled_at = clock_later(spacing->now, ticket->due_at);
    const int64_t elapsed_ms = clock_until(ticket->submitted_at, polled_at);
    const int64_t base_ms = clock_earlier(elapsed_ms, clock_until(polled_at, ticket->call.deadline));
    const int64_t all_ms = clock_earlier(base_ms * 2 * count / (9 * many), spacing->max_ms);
    return all_ms * MAX_BATCH / clock_later(spacing->awaited, MAX_BATCH);
}

/* The least time between the last poll and one that is sent because of this ticket. */
static int64_t spacing_ms(const struct spacing *spacing, const struct ticket *ticket)
{
    return clock_later(shared_ms(spacing, ticket), spacing->limited_ms);
}

/* A task that takes much longer than the others has a longer spacing, for which the others do not wait. So the first
 * ticket does not decide alone; a poll has no room for more than MAX_BATCH. */
int64_t poller_due_at(const struct poller *poller, const struct traffic *traffic, int64_t now)
{
    const struct spacing spacing = spacing_now(poller, traffic, now);
    const struct ticket *ticket = poller->awaited.first;
    int64_t due_at = CLOCK_NEVER;
    for (size_t i = 0; i < MAX_BATCH && ticket != NULL && ticket->due_at < due_at; i++, ticket = ticket->next)
        due_at = clock_earlier(due_at, clock_later(ticket->due_at, poller->polled_at + spacing_ms(&spacing, ticket)));
    return due_at;
}

/* ---- Sending ---- */

/* The poll includes tickets that will be due before the next poll. */
static void fill(struct poller *poller, const struct traffic *traffic, struct shared_poll *poll, int64_t now)
{
    const struct spacing spacing = spacing_now(poller, traffic, now);
    for (const struct ticket *next = poller->awaited.first;
         next != NULL && next->due_at <= now + spacing_ms(&spacing, next) && shared_poll_has_room(poll, next);
         next = poller->awaited.first)
        shared_poll_add(poll, ticket_list_pop(&poller->awaited));
}

static void fail_first(struct poller *poller, struct ticket_list *finished)
{
    struct ticket *ticket = ticket_list_pop(&poller->awaited);
    failure_no_memory(&ticket->call.failure);
    ticket_list_append(finished, ticket);
}

static void start(struct poller *poller, struct traffic *traffic, struct shared_poll *poll)
{
    poller->polled_at = poll->sent_at = clock_now();
    poll->next = poller->polls;
    poller->polls = poll;
    traffic_start(traffic, &poll->call.exchange);
}

static void finish_poll(struct poller *poller, struct shared_poll *poll, struct ticket_list *finished);

static void send_poll(struct poller *poller, struct traffic *traffic, struct ticket_list *finished, int64_t now)
{
    struct shared_poll *poll = shared_poll_new(poller->client, poller->awaited.count);
    if (poll == NULL) {
        fail_first(poller, finished);
        return;
    }
    fill(poller, traffic, poll, now);
    if (shared_poll_prepare(poll))
        start(poller, traffic, poll);
    else
        finish_poll(poller, poll, finished);
}

void poller_send(struct poller *poller, struct traffic *traffic, struct ticket_list *finished)
{
    int64_t now = clock_now();
    while (poller_due_at(poller, traffic, now) <= now && traffic_ready_at(traffic) <= now) {
        send_poll(poller, traffic, finished, now);
        now = clock_now();
    }
}

/* ---- Taking ---- */

static struct shared_poll *remove_poll(struct poller *poller, const struct exchange *exchange)
{
    struct shared_poll **at = &poller->polls;
    while (&(*at)->call.exchange != exchange)
        at = &(*at)->next;
    struct shared_poll *found = *at;
    *at = found->next;
    return found;
}

/* Learns from the poll. A task may fail much earlier than it would have succeeded. */
static void learn(struct poller *poller, const struct shared_poll *poll, struct ticket *ticket, const dm_task *task)
{
    const struct pace_poll seen = {poll->sent_at, clock_now(), poll->query.followed == 0};
    if (!call_is_well(&poll->call) || task->status == DM_TASK_MISSING)
        pace_wait_unknown(&ticket->wait);
    else if (task->status == DM_TASK_PENDING)
        pace_wait_pending(&ticket->wait, &seen);
    else if (task->status == DM_TASK_SUCCESS && pace_wait_done(&ticket->wait, &seen))
        client_learn_pace(poller->client, ticket->pace_key, &ticket->wait.observation);
}

/* HTTP 404 says of the whole poll what a missing task says of one. */
static bool is_missed(const struct shared_poll *poll, const dm_task *task)
{
    return task->status == DM_TASK_MISSING ||
           (task->status == DM_TASK_PENDING && poll->call.failure.status == DM_ERR_NOT_FOUND);
}

static void count_misses(const struct shared_poll *poll, struct ticket *ticket, const dm_task *task)
{
    ticket->misses = is_missed(poll, task) ? ticket->misses + 1 : 0;
}

/* A poll that fails transiently does not end the wait, and neither does the first poll that does not find the task. */
static bool goes_on(const struct shared_poll *poll, const struct ticket *ticket, const dm_task *task)
{
    if (ticket->misses > 0)
        return ticket->misses == 1;
    return task->status == DM_TASK_PENDING && (call_is_well(&poll->call) || poll->call.exchange.transient);
}

/* Returns true if the poll says nothing about the ticket: there was no room for it in the request, or the request or
 * its answer failed as a whole. If the ticket was polled alone, the failure is its own. */
static bool is_left_out(const struct shared_poll *poll, const struct ticket *ticket, const dm_task *task)
{
    if (task->status != DM_TASK_PENDING)
        return false;
    return call_is_well(&poll->call) ? !poll->asked[ticket->place] : poll->is_useless && poll->count > 1;
}

/* A single task may make a poll fail as a whole. The poll is split into halves, until that task is alone. */
static void ask_again(struct poller *poller, const struct shared_poll *poll, struct ticket *ticket)
{
    if (poll->is_useless)
        ticket->max_shared = (poll->count + 1) / 2;
    ticket->due_at = clock_now();
    ticket_list_insert_due(&poller->awaited, ticket);
}

static void finish_ticket(const struct shared_poll *poll, struct ticket *ticket, const dm_task *task,
                          struct ticket_list *finished)
{
    if (task->status == DM_TASK_PENDING)
        ticket_fail_as(ticket, &poll->call.failure);
    else
        ticket_take_task(ticket, task);
    ticket_list_append(finished, ticket);
}

static void take_ticket(struct poller *poller, struct shared_poll *poll, struct ticket *ticket,
                        struct ticket_list *finished)
{
    const dm_task *task = &poll->tasks[ticket->place];

    shared_poll_leave(ticket);
    if (is_left_out(poll, ticket, task)) {
        ask_again(poller, poll, ticket);
        return;
    }
    ticket->max_shared = 0;
    count_misses(poll, ticket, task);
    learn(poller, poll, ticket, task);
    if (goes_on(poll, ticket, task))
        await_next(poller, ticket);
    else
        finish_ticket(poll, ticket, task, finished);
}

static void finish_poll(struct poller *poller, struct shared_poll *poll, struct ticket_list *finished)
{
    snprintf(poller->last_failure, sizeof poller->last_failure, "%s", poll->error.message);
    for (size_t i = 0; i < poll->count; i++)
        if (poll->tickets[i] != NULL)
            take_ticket(poller, poll, poll->tickets[i], finished);
    shared_poll_free(poll);
}

void poller_take(struct poller *poller, struct traffic *traffic, const struct exchange *exchange,
                 struct ticket_list *finished)
{
    struct shared_poll *poll = remove_poll(poller, exchange);
    if (shared_poll_take(poll))
        start(poller, traffic, poll);
    else
        finish_poll(poller, poll, finished);
}
