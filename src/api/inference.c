#include "api/path.h"
#include "api/task.h"
#include "base/error.h"
#include "codec/decode.h"
#include "codec/encode.h"

#include <string.h>

void dm_inference_free(dm_inference *inference)
{
    arena_free_root(inference);
}

/* What is to be recognised. */
struct job {
    const dm_input *inputs;
    size_t input_count;
    const dm_infer_options *options;
};

/* Sends the images to the resource that the call's request names. */
static void submit(struct call *call, const struct job *what, dm_task_id *id)
{
    if (call->status != DM_OK)
        return;
    request_append_name(&call->request, "inference");
    call->request.not_repeatable = call->settings->submit_once;
    call_check(call, encode_inference(&call->request, call->settings->boundary, what->inputs, what->input_count,
                                      what->options, call->error));
    call_send(call);
    if (call->status == DM_OK && call_check(call, decode_task_id(&call->reply, id, call->error)))
        call->carried_out = false; /* and its answer was read */
}

/* The inference becomes a result of its own, which keeps the memory of the task that it is part of. */
static void take_inference(struct call *call, dm_task *task, dm_inference **inference)
{
    if (task->inference == NULL) {
        call_check(call,
                   error_set(call->error, DM_ERR_BAD_RESPONSE,
                             "task %s: in the reply, data.outputs is missing, or is not an array", task->id.text));
        return;
    }
    struct arena *made = arena_new(sizeof **inference);
    if (made == NULL) {
        call_check(call, error_no_memory(call->error));
        return;
    }
    *inference = arena_root(made);
    **inference = *task->inference;
    arena_adopt(made, arena_of(task));
}

static void fail_task(struct call *call, const dm_task *task)
{
    const char *words = task->error != NULL ? task->error : "the service does not say why";
    error_copy_line(call->error->server_message, sizeof call->error->server_message, task->error != NULL ? words : "",
                    task->error != NULL ? strlen(words) : 0);
    call_check(call, error_set(call->error, DM_ERR_TASK_FAILED, "task %s failed: %s", task->id.text, words));
}

static dm_status infer(struct call *call, const struct job *what, dm_inference **inference)
{
    dm_task_id id = {""};
    dm_task *task = NULL;

    submit(call, what, &id);
    if (call->status == DM_OK)
        task_await(call, &id, &task);
    if (call->status == DM_OK && task->status == DM_TASK_ERROR)
        fail_task(call, task);
    if (call->status == DM_OK)
        take_inference(call, task, inference);
    if (call->status != DM_OK) {
        dm_task_free(task);
        call->error->task_id = id;
    }
    return call_close(call);
}

static dm_status submit_only(struct call *call, const struct job *what, dm_task_id *id)
{
    if (id != NULL)
        *id = (dm_task_id){""};
    submit(call, what, id);
    return call_close(call);
}

dm_status dm_spec_infer(dm_client *client, dm_spec_id spec, const dm_input *inputs, size_t input_count,
                        const dm_infer_options *options, const dm_call_options *call_options, dm_inference **inference,
                        dm_error *error)
{
    struct call call;
    const struct job what = {inputs, input_count, options};

    CALL_CLEAR(inference);
    call_open(&call, client, call_options, inference, error);
    path_spec(&call, "POST", spec);
    return infer(&call, &what, inference);
}

dm_status dm_spec_submit(dm_client *client, dm_spec_id spec, const dm_input *inputs, size_t input_count,
                         const dm_infer_options *options, const dm_call_options *call_options, dm_task_id *id,
                         dm_error *error)
{
    struct call call;
    const struct job what = {inputs, input_count, options};

    call_open(&call, client, call_options, id, error);
    path_spec(&call, "POST", spec);
    return submit_only(&call, &what, id);
}

dm_status dm_version_infer(dm_client *client, int64_t version, const dm_input *inputs, size_t input_count,
                           const dm_infer_options *options, const dm_call_options *call_options,
                           dm_inference **inference, dm_error *error)
{
    struct call call;
    const struct job what = {inputs, input_count, options};

    CALL_CLEAR(inference);
    call_open(&call, client, call_options, inference, error);
    path_version(&call, "POST", version);
    return infer(&call, &what, inference);
}

dm_status dm_version_submit(dm_client *client, int64_t version, const dm_input *inputs, size_t input_count,
                            const dm_infer_options *options, const dm_call_options *call_options, dm_task_id *id,
                            dm_error *error)
{
    struct call call;
    const struct job what = {inputs, input_count, options};

    call_open(&call, client, call_options, id, error);
    path_version(&call, "POST", version);
    return submit_only(&call, &what, id);
}
