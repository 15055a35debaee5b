/* Creates, uses and frees a queue. The status is that of the first step that fails, or of the result. */
#include "calls.h"

#include "array.h"

static dm_status end_result(struct fixture *fixture, dm_result *result)
{
    const dm_status status = result->status;
    fixture->error = result->error;
    if ((status == DM_OK) != (result->inference != NULL))
        fixture->wrong = "the result's status and its inference contradict each other";
    if (result->tag != fixture)
        fixture->wrong = "the result has another tag";
    dm_result_free(result);
    return status;
}

/* Each push has exactly one result. */
static dm_status take_only_result(struct fixture *fixture, dm_queue *queue)
{
    dm_result *result = UNTOUCHED;
    dm_status status = dm_queue_next(queue, &fixture->call, &result, &fixture->error);
    if (!has_result(fixture, status, result))
        return status;
    status = end_result(fixture, result);
    if (dm_queue_next(queue, &fixture->call, &result, NULL) != DM_DONE || result != NULL)
        fixture->wrong = "there is more than one result";
    return status;
}

typedef dm_status push_call(struct fixture *fixture, dm_queue *queue);

static dm_status run_queue(struct fixture *fixture, push_call *push)
{
    dm_queue *queue = UNTOUCHED;
    dm_status status = dm_queue_new(fixture->client, NULL, &queue, &fixture->error);
    if (!has_result(fixture, status, queue))
        return status;
    status = push(fixture, queue);
    if (status == DM_OK)
        status = take_only_result(fixture, queue);
    else if (dm_queue_next(queue, &fixture->call, &(dm_result *){NULL}, NULL) != DM_DONE)
        fixture->wrong = "a push that failed has a result";
    dm_queue_free(queue);
    return status;
}

/* More inputs than fit into a ticket's initial memory. */
static dm_status push_mixed(struct fixture *fixture, dm_queue *queue)
{
    dm_input inputs[16];
    for (size_t i = 0; i < COUNT(inputs); i++)
        inputs[i] = image((enum image_kind)(i % (IMAGE_BASE64 + 1)));
    return dm_queue_push_spec(queue, dm_public_spec("p"), inputs, COUNT(inputs), &infer_options, fixture,
                              &fixture->error);
}

static dm_status push_url(struct fixture *fixture, dm_queue *queue)
{
    const dm_input input = image(IMAGE_URL);
    return dm_queue_push_version(queue, 5, &input, 1, NULL, fixture, &fixture->error);
}

static dm_status push_task(struct fixture *fixture, dm_queue *queue)
{
    const dm_task_id id = {"123"};
    return dm_queue_push_task(queue, id, fixture, &fixture->error);
}

dm_status queue_task(struct fixture *fixture)
{
    return run_queue(fixture, push_task);
}

dm_status queue_spec_mixed(struct fixture *fixture)
{
    return run_queue(fixture, push_mixed);
}

dm_status queue_version_url(struct fixture *fixture)
{
    return run_queue(fixture, push_url);
}
