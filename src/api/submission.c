#include "api/submission.h"

#include "base/arena.h"
#include "codec/decode.h"

#include <string.h>

void submission_begin(struct call *call)
{
    if (!call_is_well(call))
        return;
    request_append_name(&call->request, "inference");
    call->request.not_repeatable = call->settings->submit_once;
}

dm_task_id submission_receive(struct call *call)
{
    dm_task_id id = {""};
    dm_task_id *received = call_receive(call, &submission_shape);
    if (received != NULL)
        id = *received;
    arena_free_root(received);
    return id;
}

static bool fail_task(struct failure *failure, const dm_task *task)
{
    const char *words = task->error != NULL ? task->error : "the service gives no reason";
    if (task->error != NULL)
        failure_set_server_message(failure, words, strlen(words));
    return failure_set(failure, DM_ERR_TASK_FAILED, "task %s failed: %s", task->id.text, words);
}

bool submission_check_task(struct failure *failure, const dm_task *task)
{
    if (task->status == DM_TASK_ERROR)
        return fail_task(failure, task);
    return task->inference != NULL ||
           failure_set(failure, DM_ERR_BAD_RESPONSE,
                       "task %s: in the reply, data.outputs is missing, or is not an array", task->id.text);
}
