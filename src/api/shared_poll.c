#include "api/shared_poll.h"

#include "base/arena.h"
#include "codec/decode.h"

struct shared_poll *shared_poll_new(dm_client *client, size_t max_count)
{
    const size_t count = max_count < MAX_BATCH ? max_count : MAX_BATCH;
    struct arena *arena = arena_new(sizeof(struct shared_poll) + count * sizeof(dm_task));
    if (arena == NULL)
        return NULL;
    struct shared_poll *poll = arena_root(arena);
    call_open(&poll->call, client, NULL, NULL, NULL, &poll->error);
    poll->call.deadline = 0;
    poll->room = count;
    poll->policy = client_settings(client)->transport.retry;
    poll->policy.max_attempts = 1;
    task_query_init(&poll->query);
    return poll;
}

void shared_poll_free(struct shared_poll *poll)
{
    call_close(&poll->call);
    task_query_free(&poll->query);
    task_table_free(&poll->table);
    arena_free_root(poll);
}

static size_t room_with(const struct shared_poll *poll, const struct ticket *ticket)
{
    return ticket->max_shared > 0 && ticket->max_shared < poll->room ? ticket->max_shared : poll->room;
}

bool shared_poll_has_room(const struct shared_poll *poll, const struct ticket *ticket)
{
    return poll->count < room_with(poll, ticket);
}

void shared_poll_add(struct shared_poll *poll, struct ticket *ticket)
{
    const size_t place = poll->count++;
    poll->room = room_with(poll, ticket);
    poll->tasks[place].id = ticket->task_id;
    poll->tickets[place] = ticket;
    ticket->poll = poll;
    ticket->place = place;
    if (ticket->call.deadline > poll->call.deadline)
        poll->call.deadline = ticket->call.deadline;
}

void shared_poll_leave(struct ticket *ticket)
{
    if (ticket->poll == NULL)
        return;
    ticket->poll->tickets[ticket->place] = NULL;
    ticket->poll = NULL;
}

static bool prepare_exchange(struct shared_poll *poll)
{
    if (!call_prepare(&poll->call))
        return false;
    poll->call.exchange.policy = &poll->policy;
    return true;
}

bool shared_poll_prepare(struct shared_poll *poll)
{
    size_t indices[MAX_BATCH];
    size_t at = 0;

    if (!task_table_init(&poll->table, poll->tasks, poll->count))
        return failure_no_memory(&poll->call.failure);
    const size_t count = task_query_take(&poll->call, &poll->table, &at, indices);
    for (size_t i = 0; i < count; i++)
        poll->asked[indices[i]] = true;
    task_query_begin(&poll->query, &poll->call, &poll->table, indices, count);
    return prepare_exchange(poll);
}

/* The data of a task are stored in the arena of its ticket's result. */
static dm_task *find_slot(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena)
{
    struct shared_poll *poll = context;
    dm_task *task = task_table_slot(&poll->table, id, status, arena);
    struct ticket *ticket = task != NULL ? poll->tickets[task - poll->tasks] : NULL;
    if (ticket == NULL)
        return NULL;
    *arena = arena_of(ticket);
    return task;
}

/* Tasks that were asked for but are on no page count as missed. */
static void end_query(struct shared_poll *poll)
{
    size_t indices[MAX_BATCH];
    size_t count = 0;
    for (size_t i = 0; i < poll->count; i++)
        if (poll->asked[i])
            indices[count++] = i;
    task_table_end_batch(&poll->table, indices, count);
}

bool shared_poll_take(struct shared_poll *poll)
{
    struct call *call = &poll->call;
    const struct task_sink sink = {&task_inference_shape, arena_of(poll), find_slot, poll};

    call_conclude(call);
    if (call_is_well(call))
        decode_task_page(&call->reply, &sink, &poll->query.link, &call->failure);
    if (task_query_follow(&poll->query, call))
        return prepare_exchange(poll);
    if (call_is_well(call))
        end_query(poll);
    poll->is_useless = task_query_was_refused(call) || task_query_was_unreadable(&poll->query, call, &poll->table);
    return false;
}
