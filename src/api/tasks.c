/* Many tasks at a time. */
#include "api/poll.h"
#include "api/task_query.h"
#include "base/arena.h"
#include "base/check.h"
#include "codec/decode.h"
#include "codec/task_id.h"

#include <stdio.h>
#include <string.h>

void dm_tasks_free(dm_tasks *tasks)
{
    arena_free_root(tasks);
}

/* A call for many tasks, and its results so far. */
struct task_batch {
    struct call call;
    struct task_table table;
    struct arena *arena; /* of the result; its root is a dm_tasks */
    struct task_query query;
    struct poll poll;
    bool answered;             /* there was at least one answer */
    const dm_task *unreadable; /* the first task whose reply cannot be read even alone, or NULL */
    dm_status unreadable_status;
};

static bool check_ids(struct failure *failure, const dm_task_id *ids, size_t count)
{
    char what[32];
    bool fine = true;
    if (count > 0)
        fine = check_not_null(failure, "ids", ids);
    for (size_t i = 0; fine && i < count; i++) {
        snprintf(what, sizeof what, "ids[%zu]", i);
        fine = check_task_id(failure, what, ids[i].text);
    }
    return fine;
}

/* Makes the result, with all tasks pending. */
static void begin(struct task_batch *batch, const dm_task_id *ids, size_t count)
{
    task_query_init(&batch->query);
    if (!call_is_well(&batch->call) || !check_ids(&batch->call.failure, ids, count))
        return;
    batch->arena = arena_new(sizeof(dm_tasks));
    dm_task *tasks = batch->arena != NULL ? arena_alloc(batch->arena, count, sizeof *tasks) : NULL;
    for (size_t i = 0; tasks != NULL && i < count; i++)
        tasks[i].id = ids[i];
    if (tasks == NULL || (count > 0 && !task_table_init(&batch->table, tasks, count)))
        failure_no_memory(&batch->call.failure);
}

/* If no reply at all could be read, it is the call that fails, and not its tasks. */
static void fail_if_unreadable(struct task_batch *batch)
{
    if (call_is_well(&batch->call) && !batch->answered && batch->unreadable != NULL)
        failure_set(&batch->call.failure, batch->unreadable_status, "%s", batch->unreadable->error);
}

static dm_status finish(struct task_batch *batch, dm_tasks **result)
{
    fail_if_unreadable(batch);
    if (call_is_well(&batch->call)) {
        task_table_copy_repeated(&batch->table);
        dm_tasks *root = arena_root(batch->arena);
        *root = (dm_tasks){batch->table.tasks, batch->table.count, task_table_pending(&batch->table)};
        *result = root;
    } else {
        arena_free(batch->arena);
    }
    task_table_free(&batch->table);
    task_query_free(&batch->query);
    return call_close(&batch->call);
}

/* ---- One query, and the pages of its answer ---- */

static void ask(struct task_batch *batch, const size_t *indices, size_t count)
{
    struct call *call = &batch->call;
    const struct task_sink sink = {&task_shape, batch->arena, task_table_slot, &batch->table};

    task_query_begin(&batch->query, call, &batch->table, indices, count);
    do {
        call_send(call);
        if (call_is_well(call))
            decode_task_page(&call->reply, &sink, &batch->query.link, &call->failure);
        batch->answered |= call_is_well(call);
    } while (task_query_follow(&batch->query, call));
    if (call_is_well(call))
        task_table_end_batch(&batch->table, indices, count);
}

/* ---- Requests that fail as a whole ---- */

/* Ends the wait for a task whose request fails even alone. The message is kept. */
static void give_up(struct task_batch *batch, size_t index, dm_task_status status, const char *words)
{
    struct failure *failure = &batch->call.failure;
    dm_task *task = &batch->table.tasks[index];
    const char *message = failure->error != NULL ? failure->error->message : words;
    failure_forgive(failure);
    task->status = status;
    task->error = arena_copy(batch->arena, message, strlen(message));
    failure_check_written(failure, task->error != NULL ? DM_OK : DM_ERR_NO_MEMORY);
}

/* A task whose reply cannot be read, although other replies might be. */
static void mark_unreadable(struct task_batch *batch, size_t index)
{
    if (batch->unreadable == NULL) {
        batch->unreadable = &batch->table.tasks[index];
        batch->unreadable_status = batch->call.failure.status;
    }
    give_up(batch, index, DM_TASK_UNREADABLE, "the reply cannot be read");
}

static bool must_split(const struct task_batch *batch)
{
    return task_query_was_refused(&batch->call) ||
           task_query_was_unreadable(&batch->query, &batch->call, &batch->table);
}

/* An id that the service rejects even alone counts as unknown. If the call is for one task, and its reply cannot be
 * read, the call fails. */
static void end_alone(struct task_batch *batch, size_t index)
{
    if (task_query_was_refused(&batch->call))
        give_up(batch, index, DM_TASK_MISSING, "the service refuses this id");
    else if (batch->table.count > 1)
        mark_unreadable(batch, index);
}

/* One task must not affect the others: the batch is split until that task is alone. A batch has at most MAX_BATCH
 * ids, so the recursion is at most 7 deep. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void ask_or_split(struct task_batch *batch, const size_t *indices, size_t count)
{
    const size_t half = count / 2;
    ask(batch, indices, count);
    if (!must_split(batch))
        return;
    if (count == 1) {
        end_alone(batch, indices[0]);
        return;
    }
    failure_forgive(&batch->call.failure);
    ask_or_split(batch, indices, half);
    if (call_is_well(&batch->call))
        ask_or_split(batch, indices + half, count - half);
}

/* ---- A round: each pending task once ---- */

/* In a wait, a request that fails transiently is repeated in the next round, if there is one. */
static void ask_all(struct task_batch *batch, bool is_wait)
{
    size_t indices[MAX_BATCH];
    size_t at = 0;
    size_t count = 0;

    while (call_is_well(&batch->call) && (!is_wait || call_has_time(&batch->call)) &&
           (count = task_query_take(&batch->call, &batch->table, &at, indices)) > 0) {
        ask_or_split(batch, indices, count);
        if (is_wait)
            poll_forgive(&batch->poll, &batch->call);
    }
}

dm_status dm_task_list(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *options,
                       dm_tasks **tasks, dm_error *error)
{
    struct task_batch batch = {0};

    call_open(&batch.call, client, "tasks", tasks, options, error);
    begin(&batch, ids, id_count);
    batch.table.keep_pending = true;
    batch.table.max_misses = 1;
    ask_all(&batch, false);
    return finish(&batch, tasks);
}

/* All tasks together count as one task, which is done when the last one is. If all of them failed, nothing is
 * learned. */
static enum poll_finding finding_of(const struct task_batch *batch)
{
    enum poll_finding finding = POLL_ERROR;
    if (!call_is_well(&batch->call) || batch->call.exchange.status != DM_OK)
        return POLL_UNKNOWN;
    if (task_table_pending(&batch->table) > 0)
        return POLL_PENDING;
    for (size_t i = 0; i < batch->table.count; i++)
        if (batch->table.tasks[i].status == DM_TASK_SUCCESS)
            finding = POLL_SUCCESS;
    return finding;
}

/* Returns the tasks that are finished so far, unless the service has never answered. */
static void end_of_time(struct task_batch *batch)
{
    char what[96];
    struct call *call = &batch->call;
    if (batch->answered && call->exchange.end == EXCHANGE_TOO_LATE)
        failure_forgive(&call->failure);
    if (batch->answered || task_table_pending(&batch->table) == 0)
        return;
    snprintf(what, sizeof what, "no answer about any of %zu tasks before the timeout", batch->table.count);
    poll_fail_timeout(&batch->poll, call, what);
}

dm_status dm_task_wait_all(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *options,
                           dm_tasks **tasks, dm_error *error)
{
    struct task_batch batch = {0};

    call_open(&batch.call, client, "tasks", tasks, options, error);
    if (batch.call.settings != NULL)
        call_set_deadline(&batch.call, options, batch.call.settings->wait_all_timeout_ms);
    begin(&batch, ids, id_count);
    batch.table.max_misses = 2;
    poll_begin(&batch.poll, &batch.call, (struct pace_key){.kind = PACE_TASKS});
    while (task_table_pending(&batch.table) > 0 && poll_wait(&batch.poll, &batch.call)) {
        ask_all(&batch, true);
        poll_note(&batch.poll, &batch.call, finding_of(&batch));
    }
    end_of_time(&batch);
    return finish(&batch, tasks);
}
