#include "api/task.h"

#include "api/path.h"
#include "api/wait.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/error.h"
#include "codec/decode.h"

#include <stdio.h>
#include <string.h>

void dm_task_free(dm_task *task)
{
    arena_free_root(task);
}

dm_status dm_task_id_parse(const char *from, dm_task_id *id, dm_error *error)
{
    error_clear(error);
    if (id == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "id must not be NULL");
    *id = (dm_task_id){""};
    const dm_status status = check_task_id(error, "the text", from);
    if (status == DM_OK)
        snprintf(id->text, sizeof id->text, "%s", from);
    return status;
}

/* The predictions of another image would be worse than none. */
static void refuse_other(struct call *call, dm_task **task)
{
    call_check(call, error_set(call->error, DM_ERR_BAD_RESPONSE, "%s: in the reply, id is another task's: %s",
                               call->reply.subject, (*task)->id.text));
    dm_task_free(*task);
    *task = NULL;
}

/* Asks once. */
static void ask(struct call *call, const dm_task_id *id, dm_task **task)
{
    path_task(call, "GET", id);
    call_send(call);
    if (call->status == DM_OK)
        call_check(call, decode_task(&call->reply, task, call->error));
    if (call->status == DM_OK && strcmp((*task)->id.text, id->text) != 0)
        refuse_other(call, task);
}

dm_status dm_task_retrieve(dm_client *client, dm_task_id id, const dm_call_options *options, dm_task **task,
                           dm_error *error)
{
    struct call call;

    CALL_CLEAR(task);
    call_open(&call, client, options, task, error);
    if (call.status == DM_OK && call_check(&call, check_task_id(call.error, "the id", id.text))) {
        ask(&call, &id, task);
        call.error->task_id = id;
    }
    return call_close(&call);
}

static void drop_pending(dm_task **task)
{
    if (*task != NULL && (*task)->status == DM_TASK_PENDING) {
        dm_task_free(*task);
        *task = NULL;
    }
}

void task_note_failure(struct task_failure *failure, const struct call *call)
{
    if (!call->cut_off)
        snprintf(failure->words, sizeof failure->words, "%s", call->status != DM_OK ? call->error->message : "");
}

static void fail_timeout(struct call *call, const dm_task_id *id, const struct task_failure *last)
{
    call->status = error_set(call->error, DM_ERR_TIMEOUT,
                             "task %s was not done within the call's time; dm_task_wait can go on waiting for it%s%s",
                             id->text, last->words[0] != '\0' ? "; the last question failed: " : "", last->words);
}

/* Whoever has less time than the first pause takes is to get an answer all the same. */
void task_pause(struct call *call, int round)
{
    const struct settings *settings = call->settings;
    const int64_t delay_ms = wait_delay(settings->poll_delay_ms, settings->max_poll_delay_ms, round, call_random(call));
    const bool has_time = delay_ms < clock_until(clock_now(), call->deadline);
    if (round > 0 || has_time)
        call_pause(call, delay_ms);
}

/* A question that fails for a passing cause does not end the wait; the deadline does, and a service that wants to be left
 * alone until then. */
void task_await(struct call *call, const dm_task_id *id, dm_task **task)
{
    struct task_failure last = {""};

    for (int round = 0; call->status == DM_OK && *task == NULL; round++) {
        task_pause(call, round);
        if (!call->out_of_time) {
            ask(call, id, task);
            drop_pending(task);
            task_note_failure(&last, call);
        }
        if (!call->too_late && call_forgive(call) && call->out_of_time && *task == NULL)
            fail_timeout(call, id, &last);
    }
    if (call->status != DM_OK)
        call->error->task_id = *id;
}

dm_status dm_task_wait(dm_client *client, dm_task_id id, const dm_call_options *options, dm_task **task,
                       dm_error *error)
{
    struct call call;

    CALL_CLEAR(task);
    call_open(&call, client, options, task, error);
    if (call.status == DM_OK && call_check(&call, check_task_id(call.error, "the id", id.text)))
        task_await(&call, &id, task);
    return call_close(&call);
}
