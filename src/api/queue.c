#include "api/dispatcher.h"
#include "api/path.h"
#include "base/arena.h"
#include "base/cancel.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/line.h"

#include <signal.h>
#include <stdlib.h>

enum { DEFAULT_IN_FLIGHT = 64, DEFAULT_CONNECTIONS = 8, MAX_CONNECTIONS = 128 };

struct dm_queue {
    dm_client *client;
    int64_t image_timeout_ms;
    bool is_cancelled;
    struct engine *engine;
    struct mailbox mailbox;
    struct dispatcher dispatcher; /* only used by the thread */
    pthread_t thread;
};

void dm_result_free(dm_result *result)
{
    arena_free_root(result);
}

/* ---- Beginning ---- */

/* Blocks all signals while the thread is started, because it inherits the signal mask. */
static int start_thread(pthread_t *thread, void *(*work)(void *), void *data)
{
    sigset_t all;
    sigset_t previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    const int code = pthread_create(thread, NULL, work, data);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return code;
}

static void *work(void *data)
{
    dm_queue *queue = data;
    engine_adopt_in_own_thread(queue->engine);
    dispatcher_work(&queue->dispatcher);
    return NULL;
}

static bool start_work(dm_queue *queue, const dm_queue_options *options, struct failure *failure)
{
    const int max_connections = options->max_connections > 0 ? options->max_connections : DEFAULT_CONNECTIONS;
    dispatcher_init(&queue->dispatcher, queue->client, &queue->mailbox, queue->engine, max_connections);
    const int code = start_thread(&queue->thread, work, queue);
    return code == 0 || failure_set(failure, DM_ERR_SYSTEM, "no thread for the queue: %s", line_system_error(code));
}

static bool open_mailbox(dm_queue *queue, const dm_queue_options *options, struct failure *failure)
{
    const size_t max_in_flight = options->max_in_flight > 0 ? options->max_in_flight : DEFAULT_IN_FLIGHT;
    return mailbox_init(&queue->mailbox, max_in_flight, options->in_order, failure);
}

/* Returns NULL on failure. */
static dm_queue *make_queue(dm_client *client, const dm_queue_options *options, struct failure *failure)
{
    dm_queue *queue = calloc(1, sizeof *queue);
    struct engine *engine = queue != NULL ? engine_new(&client_settings(client)->transport) : NULL;
    if (engine == NULL) {
        free(queue);
        failure_no_memory(failure);
        return NULL;
    }
    queue->client = client;
    queue->engine = engine;
    queue->image_timeout_ms =
        options->image_timeout_ms != 0 ? options->image_timeout_ms : client_settings(client)->timeout_ms;
    if (engine_allow_wake(engine, failure) && open_mailbox(queue, options, failure)) {
        if (start_work(queue, options, failure))
            return queue;
        mailbox_free(&queue->mailbox);
    }
    engine_free(engine);
    free(queue);
    return NULL;
}

dm_status dm_queue_new(dm_client *client, const dm_queue_options *options, dm_queue **queue, dm_error *error)
{
    static const dm_queue_options defaults = {0};
    const dm_queue_options *chosen = options != NULL ? options : &defaults;
    struct call call;

    call_open(&call, client, "queue", queue, NULL, error);
    if (call_is_well(&call) &&
        check_range(&call.failure, "options.max_connections", chosen->max_connections, MAX_CONNECTIONS))
        *queue = make_queue(client, chosen, &call.failure);
    return call_close(&call);
}

void dm_queue_cancel(dm_queue *queue)
{
    if (queue == NULL || !client_is_ours(queue->client))
        return;
    queue->is_cancelled = true;
    mailbox_close(&queue->mailbox);
    engine_wake(queue->engine);
}

void dm_queue_free(dm_queue *queue)
{
    if (queue == NULL || !client_is_ours(queue->client))
        return;
    dm_queue_cancel(queue);
    pthread_join(queue->thread, NULL);
    engine_adopt(queue->engine);
    engine_free(queue->engine);
    mailbox_free(&queue->mailbox);
    free(queue);
}

int dm_queue_descriptor(const dm_queue *queue)
{
    return queue->mailbox.notice.read_end;
}

/* ---- Pushing ---- */

static bool check_queue(const dm_queue *queue, struct failure *failure)
{
    return check_not_null(failure, "queue", queue) && client_check_process(queue->client, failure);
}

/* Makes a ticket. The caller adds the path of the resource. */
static dm_status begin_push(dm_queue *queue, void *tag, struct ticket **ticket, dm_error *error)
{
    struct failure failure;
    failure_init(&failure, error);
    if (check_queue(queue, &failure) && queue->is_cancelled)
        failure_set(&failure, DM_ERR_CANCELLED, "the queue was cancelled");
    if (failure.status != DM_OK)
        return failure.status;
    if (mailbox_is_full(&queue->mailbox))
        return DM_FULL;
    *ticket = ticket_new(queue->client, queue->image_timeout_ms, tag);
    if (*ticket == NULL)
        failure_no_memory(&failure);
    return failure.status;
}

static dm_status refuse(struct ticket *ticket, dm_error *error)
{
    const dm_status status = ticket_close(ticket);
    if (error != NULL)
        *error = ticket->result.error;
    ticket_free(ticket);
    return status;
}

static dm_status end_push(dm_queue *queue, struct ticket *ticket, dm_error *error)
{
    if (!call_is_well(&ticket->call))
        return refuse(ticket, error);
    mailbox_push(&queue->mailbox, ticket);
    engine_wake(queue->engine);
    return DM_OK;
}

dm_status dm_queue_push_spec(dm_queue *queue, dm_spec_id spec, const dm_input *inputs, size_t input_count,
                             const dm_infer_options *options, void *tag, dm_error *error)
{
    struct ticket *ticket = NULL;
    const dm_status status = begin_push(queue, tag, &ticket, error);
    if (status != DM_OK)
        return status;
    path_spec(&ticket->call, "POST", spec);
    ticket->pace_key = pace_key_spec(spec);
    ticket_set_job(ticket, inputs, input_count, options);
    return end_push(queue, ticket, error);
}

dm_status dm_queue_push_version(dm_queue *queue, int64_t version, const dm_input *inputs, size_t input_count,
                                const dm_infer_options *options, void *tag, dm_error *error)
{
    struct ticket *ticket = NULL;
    const dm_status status = begin_push(queue, tag, &ticket, error);
    if (status != DM_OK)
        return status;
    path_version(&ticket->call, "POST", version);
    ticket->pace_key = pace_key_version(version);
    ticket_set_job(ticket, inputs, input_count, options);
    return end_push(queue, ticket, error);
}

dm_status dm_queue_push_task(dm_queue *queue, dm_task_id id, void *tag, dm_error *error)
{
    struct ticket *ticket = NULL;
    const dm_status status = begin_push(queue, tag, &ticket, error);
    if (status != DM_OK)
        return status;
    ticket_set_task(ticket, &id);
    return end_push(queue, ticket, error);
}

/* ---- Taking ---- */

static dm_status wait_for_result(const dm_queue *queue, const dm_call_options *options, struct failure *failure)
{
    const bool has_timeout = options != NULL && options->timeout_ms != 0;
    const int64_t deadline = has_timeout ? clock_after(options->timeout_ms) : CLOCK_NEVER;
    const dm_cancel *cancel = options != NULL ? options->cancel : NULL;
    const enum cancel_event event = cancel_wait_for(cancel, queue->mailbox.notice.read_end, deadline);

    static const char what[] = "while waiting for a result of the queue";
    if (event == CANCEL_FIRED)
        failure_set(failure, DM_ERR_CANCELLED, "cancelled %s", what);
    else if (event == CANCEL_TIMED_OUT)
        failure_set(failure, DM_ERR_TIMEOUT, "timed out %s", what);
    return failure->status;
}

static dm_status take_result(dm_queue *queue, const dm_call_options *options, dm_result **result,
                             struct failure *failure)
{
    if (mailbox_is_empty(&queue->mailbox))
        return DM_DONE;
    if (wait_for_result(queue, options, failure) == DM_OK)
        *result = &mailbox_take(&queue->mailbox)->result;
    return failure->status;
}

dm_status dm_queue_next(dm_queue *queue, const dm_call_options *options, dm_result **result, dm_error *error)
{
    struct failure failure;

    failure_init(&failure, error);
    if (!check_not_null(&failure, "result", result))
        return failure.status;
    *result = NULL;
    return check_queue(queue, &failure) ? take_result(queue, options, result, &failure) : failure.status;
}
