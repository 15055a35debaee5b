#include "api/path.h"
#include "api/submission.h"
#include "api/task.h"
#include "base/arena.h"
#include "base/check.h"
#include "codec/decode.h"
#include "codec/encode.h"

void dm_inference_free(dm_inference *inference)
{
    arena_free_root(inference);
}

/* Submits the inputs to the resource in call->request. */
static dm_task_id submit(struct call *call, const struct inference_job *job)
{
    submission_begin(call);
    if (call_is_well(call))
        encode_inference(&call->request, call->settings->boundary, job, &call->failure);
    call_send(call);
    return submission_receive(call);
}

/* Makes the inference a result of its own. It adopts the task's arena, which holds its memory. */
static dm_inference *take_inference(struct call *call, dm_task *task)
{
    struct arena *arena = arena_new(sizeof(dm_inference));
    if (arena == NULL) {
        failure_no_memory(&call->failure);
        return NULL;
    }
    dm_inference *inference = arena_root(arena);
    *inference = *task->inference;
    arena_adopt(arena, arena_of(task));
    return inference;
}

static dm_inference *finish(struct call *call, dm_task *task)
{
    dm_inference *inference = submission_check_task(&call->failure, task) ? take_inference(call, task) : NULL;
    if (inference == NULL)
        arena_free_root(task);
    return inference;
}

static dm_status infer(struct call *call, const struct inference_job *job, struct pace_key key,
                       dm_inference **inference)
{
    const dm_task_id id = submit(call, job);
    dm_task *task = call_is_well(call) ? task_await(call, &id, &task_inference_shape, key) : NULL;
    if (task != NULL)
        *inference = finish(call, task);
    if (call->failure.error != NULL)
        call->failure.error->task_id = id;
    return call_close(call);
}

static dm_status submit_only(struct call *call, const struct inference_job *job, dm_task_id *id)
{
    check_not_null(&call->failure, "task_id", id);
    const dm_task_id submitted = submit(call, job);
    if (id != NULL)
        *id = submitted;
    return call_close(call);
}

dm_status dm_spec_infer(dm_client *client, dm_spec_id spec, const dm_input *inputs, size_t input_count,
                        const dm_infer_options *options, const dm_call_options *call_options, dm_inference **inference,
                        dm_error *error)
{
    struct call call;
    const struct inference_job job = {inputs, input_count, options, NULL};

    call_open(&call, client, "inference", inference, call_options, error);
    path_spec(&call, "POST", spec);
    return infer(&call, &job, pace_key_spec(spec), inference);
}

dm_status dm_spec_submit(dm_client *client, dm_spec_id spec, const dm_input *inputs, size_t input_count,
                         const dm_infer_options *options, const dm_call_options *call_options, dm_task_id *task_id,
                         dm_error *error)
{
    struct call call;
    const struct inference_job job = {inputs, input_count, options, NULL};

    call_open(&call, client, NULL, NULL, call_options, error);
    path_spec(&call, "POST", spec);
    return submit_only(&call, &job, task_id);
}

dm_status dm_version_infer(dm_client *client, int64_t version, const dm_input *inputs, size_t input_count,
                           const dm_infer_options *options, const dm_call_options *call_options,
                           dm_inference **inference, dm_error *error)
{
    struct call call;
    const struct inference_job job = {inputs, input_count, options, NULL};

    call_open(&call, client, "inference", inference, call_options, error);
    path_version(&call, "POST", version);
    return infer(&call, &job, pace_key_version(version), inference);
}

dm_status dm_version_submit(dm_client *client, int64_t version, const dm_input *inputs, size_t input_count,
                            const dm_infer_options *options, const dm_call_options *call_options, dm_task_id *task_id,
                            dm_error *error)
{
    struct call call;
    const struct inference_job job = {inputs, input_count, options, NULL};

    call_open(&call, client, NULL, NULL, call_options, error);
    path_version(&call, "POST", version);
    return submit_only(&call, &job, task_id);
}
