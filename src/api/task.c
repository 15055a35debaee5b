#include "api/task.h"

#include "api/path.h"
#include "api/poll.h"
#include "base/arena.h"
#include "base/check.h"
#include "codec/decode.h"
#include "codec/task_id.h"

#include <stdio.h>
#include <string.h>

void dm_task_free(dm_task *task)
{
    arena_free_root(task);
}

dm_status dm_task_id_parse(const char *text, dm_task_id *id, dm_error *error)
{
    struct failure failure;

    failure_init(&failure, error);
    if (!check_not_null(&failure, "id", id))
        return failure.status;
    *id = (dm_task_id){""};
    if (check_task_id(&failure, "the text", text))
        snprintf(id->text, sizeof id->text, "%s", text);
    return failure.status;
}

/* Polls once. Checks the id, because another task's predictions would be worse than none. */
static dm_task *retrieve(struct call *call, const dm_task_id *id, const struct shape *shape)
{
    path_task(call, id);
    call_send(call);
    dm_task *task = call_receive(call, shape);
    if (task == NULL || strcmp(task->id.text, id->text) == 0)
        return task;
    failure_set(&call->failure, DM_ERR_BAD_RESPONSE, "%s: in the reply, the id is another task's: %s",
                call->reply.subject, task->id.text);
    arena_free_root(task);
    return NULL;
}

static void name_task(struct call *call, const dm_task_id *id)
{
    if (call->failure.error != NULL)
        call->failure.error->task_id = *id;
}

dm_status dm_task_retrieve(dm_client *client, dm_task_id id, const dm_call_options *options, dm_task **task,
                           dm_error *error)
{
    struct call call;

    call_open(&call, client, "task", task, options, error);
    if (call_is_well(&call) && check_task_id(&call.failure, "the id", id.text)) {
        *task = retrieve(&call, &id, &task_shape);
        name_task(&call, &id);
    }
    return call_close(&call);
}

static enum poll_finding finding_of(const dm_task *task)
{
    if (task == NULL)
        return POLL_UNKNOWN;
    if (task->status == DM_TASK_PENDING)
        return POLL_PENDING;
    return task->status == DM_TASK_SUCCESS ? POLL_SUCCESS : POLL_ERROR;
}

static dm_task *unless_pending(dm_task *task)
{
    if (task == NULL || task->status != DM_TASK_PENDING)
        return task;
    arena_free_root(task);
    return NULL;
}

/* A replica of the service may not know the task yet, or may have lost it for a moment. Only the second miss in a row
 * counts. */
static void forgive_first_miss(struct call *call, int *misses)
{
    const bool missed = call->failure.status == DM_ERR_NOT_FOUND;
    *misses = missed ? *misses + 1 : 0;
    if (*misses == 1)
        failure_forgive(&call->failure);
}

/* A poll that fails transiently does not end the wait. The deadline does, and so does a Retry-After beyond the
 * deadline. */
dm_task *task_await(struct call *call, const dm_task_id *id, const struct shape *shape, struct pace_key key)
{
    char what[160];
    struct poll poll;
    dm_task *task = NULL;
    int misses = 0;

    poll_begin(&poll, call, key);
    while (task == NULL && poll_wait(&poll, call)) {
        task = retrieve(call, id, shape);
        poll_note(&poll, call, finding_of(task));
        task = unless_pending(task);
        poll_forgive(&poll, call);
        forgive_first_miss(call, &misses);
    }
    if (task != NULL)
        return task;
    snprintf(what, sizeof what, "task %s was not done before the timeout (the wait can be resumed)", id->text);
    poll_fail_timeout(&poll, call, what);
    name_task(call, id);
    return NULL;
}

dm_status dm_task_wait(dm_client *client, dm_task_id id, const dm_call_options *options, dm_task **task,
                       dm_error *error)
{
    struct call call;

    call_open(&call, client, "task", task, options, error);
    if (call_is_well(&call) && check_task_id(&call.failure, "the id", id.text))
        *task = task_await(&call, &id, &task_shape, (struct pace_key){.kind = PACE_TASK});
    return call_close(&call);
}
