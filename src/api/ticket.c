#include "api/ticket.h"

#include "api/submission.h"
#include "base/arena.h"
#include "base/clock.h"
#include "client/explain.h"
#include "codec/task_id.h"

#include <inttypes.h>
#include <string.h>

struct ticket *ticket_new(dm_client *client, int64_t timeout_ms, void *tag)
{
    struct arena *arena = arena_new(sizeof(struct ticket));
    if (arena == NULL)
        return NULL;
    struct ticket *ticket = arena_root(arena);
    ticket->result.tag = tag;
    call_open(&ticket->call, client, NULL, NULL, NULL, &ticket->result.error);
    ticket->call.deadline = clock_after(timeout_ms);
    return ticket;
}

void ticket_free(struct ticket *ticket)
{
    arena_free_root(ticket);
}

/* ---- The job ---- */

static const void *keep(struct ticket *ticket, const void *bytes, size_t size)
{
    const void *kept = arena_keep(arena_of(ticket), bytes, size);
    if (kept == NULL)
        failure_no_memory(&ticket->call.failure);
    return kept;
}

/* Copies exactly what was checked. */
static void keep_input(struct ticket *ticket, dm_input *input)
{
    if (input->source == DM_SOURCE_URL || input->source == DM_SOURCE_FILE)
        input->data = keep(ticket, input->data, strlen(input->data) + 1);
    if (input->bbox != NULL)
        input->bbox = keep(ticket, input->bbox, sizeof *input->bbox);
    if (input->polygon_count > 0)
        input->polygon = keep(ticket, input->polygon, input->polygon_count * sizeof *input->polygon);
}

static void keep_job(struct ticket *ticket, struct inference_job *job, struct image *images)
{
    dm_input *inputs = (dm_input *)keep(ticket, job->inputs, job->input_count * sizeof *inputs);
    if (inputs == NULL)
        return;
    for (size_t i = 0; i < job->input_count; i++) {
        keep_input(ticket, &inputs[i]);
        images[i].input = &inputs[i];
    }
    job->inputs = inputs;
    job->images = images;
    if (job->options != NULL)
        job->options = keep(ticket, job->options, sizeof *job->options);
    ticket->job = *job;
}

void ticket_set_job(struct ticket *ticket, const dm_input *inputs, size_t input_count, const dm_infer_options *options)
{
    struct call *call = &ticket->call;
    struct inference_job job = {inputs, input_count, options, NULL};
    struct image *images = arena_alloc(arena_of(ticket), inputs != NULL ? input_count : 0, sizeof *images);

    submission_begin(call);
    if (images == NULL)
        failure_no_memory(&call->failure);
    else if (call_is_well(call) && check_inference(&job, images, &call->failure))
        keep_job(ticket, &job, images);
    failure_check_written(&call->failure, call->request.target.status);
}

void ticket_set_task(struct ticket *ticket, const dm_task_id *id)
{
    if (!check_task_id(&ticket->call.failure, "the id", id->text))
        return;
    ticket->task_id = *id;
    ticket->pace_key = (struct pace_key){.kind = PACE_TASK};
    ticket->submitted_at = clock_now();
}

/* ---- The submission ---- */

/* If an attempt cannot be made, the error still says what is known of the earlier attempts. */
static bool fail_attempt(struct ticket *ticket)
{
    call_note_exchange(&ticket->call);
    if (ticket->call.exchange.outcome_unknown)
        explain_unknown_outcome(&ticket->call.failure);
    return false;
}

bool ticket_prepare_attempt(struct ticket *ticket)
{
    struct call *call = &ticket->call;
    encode_inference(&call->request, call->settings->boundary, &ticket->job, &call->failure);
    const bool is_ready =
        ticket->is_begun ? call_is_well(call) && request_finish(&call->request, &call->failure) : call_prepare(call);
    if (!is_ready)
        return fail_attempt(ticket);
    ticket->is_begun = true;
    call->exchange.stepwise = true;
    call->exchange.owner = ticket;
    return true;
}

void ticket_end_attempt(struct ticket *ticket)
{
    body_free(&ticket->call.request.body);
}

/* Frees the memory of the submission, which is not needed while the task is awaited. */
static void forget_submission(struct call *call)
{
    request_free(&call->request);
    exchange_free(&call->exchange);
    text_free(&call->reply.body);
}

void ticket_take_submission(struct ticket *ticket)
{
    struct call *call = &ticket->call;
    call_conclude(call);
    ticket->task_id = submission_receive(call);
    ticket->submitted_at = clock_now();
    if (call_is_well(call))
        forget_submission(call);
}

/* ---- The task ---- */

void ticket_take_task(struct ticket *ticket, const dm_task *task)
{
    struct failure *failure = &ticket->call.failure;
    if (task->status == DM_TASK_UNREADABLE)
        failure_set(failure, DM_ERR_BAD_RESPONSE, "task %s: %s", task->id.text, task->error);
    else if (task->status == DM_TASK_MISSING)
        failure_set(failure, DM_ERR_NOT_FOUND, "task %s: the service does not know it", task->id.text);
    else if (submission_check_task(failure, task))
        ticket->result.inference = task->inference;
}

void ticket_fail_as(struct ticket *ticket, const struct failure *failure)
{
    dm_error *error = &ticket->result.error;
    const int attempts = error->attempts;
    ticket->call.failure.status = failure->status;
    *error = *failure->error;
    error->attempts = attempts;
}

/* ---- The end ---- */

/* Of its submission. */
static bool is_between_attempts(const struct ticket *ticket)
{
    return ticket->is_begun && ticket->task_id.text[0] == '\0';
}

/* Ends a submission between two attempts. */
static void give_up(struct ticket *ticket, enum exchange_end end)
{
    exchange_stop(&ticket->call.exchange, end);
    call_conclude(&ticket->call);
}

static void fail_unsent(struct ticket *ticket, const struct obstacles *obstacles)
{
    struct failure *failure = &ticket->call.failure;
    if (obstacles->pause_ms > 0)
        failure_set(failure, DM_ERR_TIMEOUT,
                    "the image could not be sent before its timeout, because the service asks to wait another %" PRId64
                    " s (HTTP 429 or 503)",
                    clock_seconds(obstacles->pause_ms));
    else
        failure_set(failure, DM_ERR_TIMEOUT, "the image could not be sent before its timeout%s",
                    obstacles->is_limited ? "; the service limits the rate of requests (HTTP 429 or 503)" : "");
}

static void fail_undone(struct ticket *ticket, const char *last_failure)
{
    failure_set(&ticket->call.failure, DM_ERR_TIMEOUT,
                "task %s was not done before the image's timeout (the wait can be resumed)%s%s", ticket->task_id.text,
                last_failure[0] != '\0' ? "; the queue's last poll failed: " : "", last_failure);
}

static void fail_waiting(struct ticket *ticket, const struct obstacles *obstacles)
{
    if (ticket->task_id.text[0] != '\0')
        fail_undone(ticket, obstacles->last_failure);
    else
        fail_unsent(ticket, obstacles);
    ticket->result.error.retry_after_ms = obstacles->pause_ms;
}

void ticket_fail_timeout(struct ticket *ticket, const struct obstacles *obstacles)
{
    if (is_between_attempts(ticket))
        give_up(ticket, EXCHANGE_TIMED_OUT);
    else
        fail_waiting(ticket, obstacles);
}

void ticket_fail_cancelled(struct ticket *ticket)
{
    struct call *call = &ticket->call;
    if (call_is_well(call) && is_between_attempts(ticket))
        give_up(ticket, EXCHANGE_CANCELLED);
    else
        failure_set(&call->failure, DM_ERR_CANCELLED, "cancelled");
}

dm_status ticket_close(struct ticket *ticket)
{
    dm_result *result = &ticket->result;
    result->status = call_close(&ticket->call);
    if (result->status != DM_OK)
        result->error.task_id = ticket->task_id;
    return result->status;
}
