/* Many tasks at a time. */
#include "api/page.h"
#include "api/path.h"
#include "api/task.h"
#include "api/wait.h"
#include "base/check.h"
#include "base/error.h"
#include "codec/decode.h"

#include <stdio.h>

void dm_tasks_free(dm_tasks *tasks)
{
    arena_free_root(tasks);
}

/* A call for many tasks, and what it has gathered so far. */
struct task_batch {
    struct call call;
    struct task_table list;
    struct arena *arena; /* of the result, whose root is a dm_tasks */
    struct text next;    /* the page to follow; empty: there is none */
    struct task_failure last;
    bool answered; /* at least once */
};

static dm_status check_ids(const dm_task_id *ids, size_t count, dm_error *error)
{
    char what[32];
    dm_status status = DM_OK;
    if (ids == NULL && count > 0)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "ids must not be NULL");
    for (size_t i = 0; status == DM_OK && i < count; i++) {
        snprintf(what, sizeof what, "ids[%zu]", i);
        status = check_task_id(error, what, ids[i].text);
    }
    return status;
}

/* Makes the result in which all tasks are pending. */
static void begin(struct task_batch *batch, const dm_task_id *ids, size_t count)
{
    text_init(&batch->next, TEXT_NO_LIMIT);
    if (batch->call.status != DM_OK || !call_check(&batch->call, check_ids(ids, count, batch->call.error)))
        return;
    batch->arena = arena_new(sizeof(dm_tasks));
    dm_task *tasks = batch->arena != NULL && count > 0 ? arena_alloc(batch->arena, count, sizeof *tasks) : NULL;
    if (batch->arena == NULL || (count > 0 && (tasks == NULL || !task_table_init(&batch->list, ids, tasks, count))))
        call_check(&batch->call, error_no_memory(batch->call.error));
}

static dm_status finish(struct task_batch *batch, dm_tasks **result)
{
    if (batch->call.status == DM_OK) {
        wait_copy_repeated(&batch->list);
        dm_tasks *root = arena_root(batch->arena);
        *root = (dm_tasks){batch->list.tasks, batch->list.count, wait_pending(&batch->list)};
        *result = root;
    } else {
        arena_free(batch->arena);
    }
    task_table_free(&batch->list);
    text_free(&batch->next);
    return call_close(&batch->call);
}

static void request_batch(struct task_batch *task_batch, const size_t *batch, size_t batch_count)
{
    path_tasks(&task_batch->call, "GET");
    for (size_t i = 0; i < batch_count; i++)
        request_append_query(&task_batch->call.request, "task_ids", task_batch->list.ids[batch[i]].text);
    request_append_query_integer(&task_batch->call.request, "limit", WAIT_BATCH);
}

static void receive_page(struct task_batch *batch)
{
    struct call *call = &batch->call;
    call_send(call);
    if (call->status == DM_OK)
        call_check(call,
                   decode_task_page(&call->reply, batch->arena, wait_slot, &batch->list, &batch->next, call->error));
    batch->answered |= call->status == DM_OK;
}

/* A page may be smaller than was asked for, so the links are followed to the end. */
static void ask_batch(struct task_batch *task_batch, const size_t *batch, size_t batch_count)
{
    int followed = 0;

    request_batch(task_batch, batch, batch_count);
    receive_page(task_batch);
    while (task_batch->call.status == DM_OK && task_batch->next.length > 0) {
        if (++followed > WAIT_BATCH)
            call_check(&task_batch->call,
                       error_set(task_batch->call.error, DM_ERR_BAD_RESPONSE,
                                 "the list of tasks does not end: %d pages for %zu tasks", followed, batch_count));
        page_follow(&task_batch->call, task_batch->next.data);
        receive_page(task_batch);
    }
    if (task_batch->call.status == DM_OK)
        wait_end_batch(&task_batch->list, batch, batch_count);
}

/* Asks for each pending task once. */
static void ask_all(struct task_batch *task_batch)
{
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    size_t count;

    while (task_batch->call.status == DM_OK && (count = wait_take_batch(&task_batch->list, &at, batch)) > 0)
        ask_batch(task_batch, batch, count);
}

/* The same, while there is time. What fails for a passing cause is asked again in the next round, if there is one. */
static void ask_round(struct task_batch *task_batch)
{
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    size_t count;

    while (task_batch->call.status == DM_OK && !task_batch->call.out_of_time &&
           (count = wait_take_batch(&task_batch->list, &at, batch)) > 0) {
        ask_batch(task_batch, batch, count);
        task_note_failure(&task_batch->last, &task_batch->call);
        call_forgive(&task_batch->call);
    }
}

dm_status dm_task_list(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *options,
                       dm_tasks **tasks, dm_error *error)
{
    struct task_batch batch = {0};

    CALL_CLEAR(tasks);
    call_open(&batch.call, client, options, tasks, error);
    begin(&batch, ids, id_count);
    batch.list.keep_pending = true;
    ask_all(&batch);
    return finish(&batch, tasks);
}

/* The finished tasks are worth having, unless the service never answered. */
static void end_of_time(struct task_batch *batch)
{
    struct call *call = &batch->call;
    const struct task_failure *last = &batch->last;

    if (batch->answered)
        return;
    if (call->too_late)
        call->status = call->error->status; /* what it says is all that there is to say */
    else
        call->status =
            error_set(call->error, DM_ERR_TIMEOUT, "no answer about any of %zu tasks within the call's time%s%s",
                      batch->list.count, last->words[0] != '\0' ? "; the last question failed: " : "", last->words);
}

dm_status dm_task_wait_all(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *options,
                           dm_tasks **tasks, dm_error *error)
{
    struct task_batch batch = {0};
    struct call *call = &batch.call;
    const int64_t timeout_ms = client != NULL ? client_settings(client)->wait_all_timeout_ms : 0;

    CALL_CLEAR(tasks);
    call_open_for(call, client, options, tasks, timeout_ms, error);
    begin(&batch, ids, id_count);
    batch.list.most_misses = 2;
    for (int round = 0; call->status == DM_OK && wait_pending(&batch.list) > 0; round++) {
        task_pause(call, round);
        if (!call->out_of_time)
            ask_round(&batch);
        if (call->out_of_time)
            break;
    }
    if (call_forgive(call) && call->out_of_time)
        end_of_time(&batch);
    return finish(&batch, tasks);
}
