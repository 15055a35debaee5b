#include "client/call.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/secret.h"
#include "client/explain.h"
#include "codec/decode.h"

#include <string.h>

static bool check_arguments(struct call *call, const char *name)
{
    return check_not_null(&call->failure, "client", call->client) &&
           (name == NULL || check_not_null(&call->failure, name, call->result)) &&
           client_check_process(call->client, &call->failure);
}

/* Pointers to different types have the same representation on all systems that libcurl and we support. */
void call_set_result(void *result, const void *value)
{
    if (result != NULL)
        memcpy(result, &value, sizeof value);
}

void call_open(struct call *call, dm_client *client, const char *name, void *result, const dm_call_options *options,
               dm_error *error)
{
    *call = (struct call){.client = client, .result = result, .cancel = options != NULL ? options->cancel : NULL};
    call_set_result(result, NULL);
    failure_init(&call->failure, error);
    request_init(&call->request, "GET");
    exchange_init(&call->exchange, &call->request, NULL, CLOCK_NEVER, NULL);
    text_init(&call->reply.body, TEXT_NO_LIMIT);
    text_init(&call->subject, TEXT_NO_LIMIT);
    if (!check_arguments(call, name))
        return;
    call->settings = client_settings(client);
    call->failure.secret = call->settings->transport.secret;
    call_set_deadline(call, options, call->settings->timeout_ms);
}

void call_set_deadline(struct call *call, const dm_call_options *options, int64_t default_ms)
{
    const bool own_timeout = options != NULL && options->timeout_ms != 0;
    call->deadline = clock_after(own_timeout ? options->timeout_ms : default_ms);
}

dm_status call_close(struct call *call)
{
    const dm_status status = call->failure.status;
    client_give_engine(call->client, call->engine);
    request_free(&call->request);
    exchange_free(&call->exchange);
    text_free(&call->reply.body);
    text_free(&call->subject);
    if (status == DM_OK || status == DM_DONE)
        failure_init(&call->failure, call->failure.error);
    return status;
}

void call_begin_request(struct call *call, const char *method)
{
    request_free(&call->request);
    request_init(&call->request, method);
}

/* Shortens the target, because a hundred ids would leave no room for the reason. The secret is removed first, so that
 * no part of it remains. */
static void append_shortened(struct text *subject, const struct text *target, const char *secret)
{
    enum { MAX_SHOWN = 200 };
    const size_t start = subject->length;
    text_append(subject, target->data, target->length);
    if (subject->status != DM_OK)
        return;
    secret_redact(subject->data + start, target->length, secret);
    if (target->length > MAX_SHOWN) {
        text_cut(subject, start + MAX_SHOWN);
        text_append_string(subject, "...");
    }
}

static bool write_subject(struct call *call)
{
    const struct transport_settings *transport = &call->settings->transport;
    text_clear(&call->subject);
    text_append_string(&call->subject, call->request.method);
    text_append_string(&call->subject, " ");
    text_append_string(&call->subject, transport->base.data);
    append_shortened(&call->subject, &call->request.target, transport->secret);
    return failure_check_written(&call->failure, call->subject.status);
}

static bool ensure_engine(struct call *call)
{
    if (call->engine == NULL)
        call->engine = client_take_engine(call->client);
    return call->engine != NULL || failure_no_memory(&call->failure);
}

static void take_reply(struct call *call)
{
    text_free(&call->reply.body);
    call->reply = (struct reply){.body = call->exchange.last.body, .subject = call->subject.data};
    text_init(&call->exchange.last.body, TEXT_NO_LIMIT);
}

void call_note_exchange(struct call *call)
{
    const struct exchange *exchange = &call->exchange;
    dm_error *error = call->failure.error;
    call->attempts += exchange->attempts;
    if (exchange->status != DM_OK && exchange->retry_after_ms > call->retry_after_ms)
        call->retry_after_ms = exchange->retry_after_ms;
    if (error == NULL)
        return;
    error->attempts = call->attempts;
    error->http_status = exchange->http_status;
    error->retry_after_ms = exchange->retry_after_ms;
    error->server_message[0] = '\0';
}

bool call_prepare(struct call *call)
{
    struct exchange *exchange = &call->exchange;

    exchange->transient = false; /* failures from here on are unrelated to the last exchange */
    if (!call_is_well(call) || !request_finish(&call->request, &call->failure) || !write_subject(call))
        return false;
    exchange_free(exchange);
    exchange_init(exchange, &call->request, &call->settings->transport.retry, call->deadline, call->cancel);
    return true;
}

void call_conclude(struct call *call)
{
    struct exchange *exchange = &call->exchange;

    call_note_exchange(call);
    if (exchange->status == DM_OK)
        take_reply(call);
    else
        explain(exchange, call->subject.data, &call->failure);
}

void call_send(struct call *call)
{
    if (!call_prepare(call) || !ensure_engine(call))
        return;
    engine_start(call->engine, &call->exchange);
    engine_next(call->engine, CLOCK_NEVER);
    call_conclude(call);
}

/* The request took effect even if the reply cannot be read. */
static void note_unreadable_answer(struct call *call)
{
    if (!call_is_well(call) && !request_is_get(&call->request))
        explain_unknown_outcome(&call->failure);
}

void *call_receive(struct call *call, const struct shape *shape)
{
    if (!call_is_well(call))
        return NULL;
    void *received = decode(&call->reply, shape, &call->failure);
    note_unreadable_answer(call);
    return received;
}

void *call_exchange(struct call *call, const struct shape *shape)
{
    call_send(call);
    void *received = call_receive(call, shape);
    call_set_result(call->result, received);
    return received;
}

void call_delete(struct call *call)
{
    call_send(call);
    if (!call_is_well(call))
        return;
    decode_nothing(&call->reply, &call->failure);
    note_unreadable_answer(call);
}

void call_pause(struct call *call, int64_t delay_ms)
{
    const int64_t pause_ms = delay_ms > call->retry_after_ms ? delay_ms : call->retry_after_ms;
    call->exchange.transient = false;
    if (!call_is_well(call))
        return;
    call->retry_after_ms = 0;
    if (cancel_wait(call->cancel, clock_earlier(clock_after(pause_ms), call->deadline)))
        failure_set(&call->failure, DM_ERR_CANCELLED, "cancelled while waiting for a task");
}

bool call_has_time(const struct call *call)
{
    return clock_now() < call->deadline;
}
