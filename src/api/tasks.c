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
struct gathering {
    struct call on;
    struct wait_list list;
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
static void begin(struct gathering *of, const dm_task_id *ids, size_t count)
{
    text_init(&of->next, TEXT_NO_LIMIT);
    if (of->on.status != DM_OK || !call_check(&of->on, check_ids(ids, count, of->on.error)))
        return;
    of->arena = arena_new(sizeof(dm_tasks));
    dm_task *tasks = of->arena != NULL && count > 0 ? arena_alloc(of->arena, count, sizeof *tasks) : NULL;
    if (of->arena == NULL || (count > 0 && (tasks == NULL || !wait_list_init(&of->list, ids, tasks, count))))
        call_check(&of->on, error_no_memory(of->on.error));
}

static dm_status finish(struct gathering *of, dm_tasks **result)
{
    if (of->on.status == DM_OK) {
        wait_copy_repeated(&of->list);
        dm_tasks *root = arena_root(of->arena);
        *root = (dm_tasks){of->list.tasks, of->list.count, wait_pending(&of->list)};
        *result = root;
    } else {
        arena_free(of->arena);
    }
    wait_list_free(&of->list);
    text_free(&of->next);
    return call_close(&of->on);
}

static void request_batch(struct gathering *of, const size_t *batch, size_t batch_count)
{
    path_tasks(&of->on, "GET");
    for (size_t i = 0; i < batch_count; i++)
        request_append_query(&of->on.request, "task_ids", of->list.ids[batch[i]].text);
    request_append_query_integer(&of->on.request, "limit", WAIT_BATCH);
}

static void receive_page(struct gathering *of)
{
    struct call *on = &of->on;
    call_send(on);
    if (on->status == DM_OK)
        call_check(on, decode_task_page(&on->reply, of->arena, wait_slot, &of->list, &of->next, on->error));
    of->answered |= on->status == DM_OK;
}

/* A page may be smaller than was asked for, so the links are followed to the end. */
static void ask_batch(struct gathering *of, const size_t *batch, size_t batch_count)
{
    int followed = 0;

    request_batch(of, batch, batch_count);
    receive_page(of);
    while (of->on.status == DM_OK && of->next.length > 0) {
        if (++followed > WAIT_BATCH)
            call_check(&of->on,
                       error_set(of->on.error, DM_ERR_BAD_RESPONSE,
                                 "the list of tasks does not end: %d pages for %zu tasks", followed, batch_count));
        page_follow(&of->on, of->next.data);
        receive_page(of);
    }
    if (of->on.status == DM_OK)
        wait_end_batch(&of->list, batch, batch_count);
}

/* Asks for each pending task once. */
static void ask_all(struct gathering *of)
{
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    size_t count;

    while (of->on.status == DM_OK && (count = wait_take_batch(&of->list, &at, batch)) > 0)
        ask_batch(of, batch, count);
}

/* The same, while there is time. What fails for a passing cause is asked again in the next round, if there is one. */
static void ask_round(struct gathering *of)
{
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    size_t count;

    while (of->on.status == DM_OK && !of->on.out_of_time && (count = wait_take_batch(&of->list, &at, batch)) > 0) {
        ask_batch(of, batch, count);
        task_note_failure(&of->last, &of->on);
        call_forgive(&of->on);
    }
}

dm_status dm_task_list(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call *options,
                       dm_tasks **tasks, dm_error *error)
{
    struct gathering of = {0};

    CALL_CLEAR(tasks);
    call_open(&of.on, client, options, tasks, error);
    begin(&of, ids, id_count);
    of.list.keep_pending = true;
    ask_all(&of);
    return finish(&of, tasks);
}

/* The finished tasks are worth having, unless the service never answered. */
static void end_of_time(struct gathering *of)
{
    struct call *on = &of->on;
    const struct task_failure *last = &of->last;

    if (of->answered)
        return;
    if (on->too_late)
        on->status = on->error->status; /* what it says is all that there is to say */
    else
        on->status =
            error_set(on->error, DM_ERR_TIMEOUT, "no answer about any of %zu tasks within the call's time%s%s",
                      of->list.count, last->words[0] != '\0' ? "; the last question failed: " : "", last->words);
}

dm_status dm_task_wait_all(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call *options,
                           dm_tasks **tasks, dm_error *error)
{
    struct gathering of = {0};
    struct call *on = &of.on;
    const int64_t timeout_ms = client != NULL ? client_settings(client)->wait_all_timeout_ms : 0;

    CALL_CLEAR(tasks);
    call_open_for(on, client, options, tasks, timeout_ms, error);
    begin(&of, ids, id_count);
    of.list.most_misses = 2;
    for (int round = 0; on->status == DM_OK && wait_pending(&of.list) > 0; round++) {
        task_pause(on, round);
        if (!on->out_of_time)
            ask_round(&of);
        if (on->out_of_time)
            break;
    }
    if (call_forgive(on) && on->out_of_time)
        end_of_time(&of);
    return finish(&of, tasks);
}
