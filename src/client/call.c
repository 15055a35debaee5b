#include "client/call.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "client/failure.h"

#include <string.h>

void call_open(struct call *call, dm_client *client, const dm_call_options *options, const void *out, dm_error *error)
{
    const int64_t timeout_ms = client != NULL ? client_settings(client)->timeout_ms : 0;
    call_open_for(call, client, options, out, timeout_ms, error);
}

void call_open_for(struct call *call, dm_client *client, const dm_call_options *options, const void *out,
                   int64_t timeout_ms, dm_error *error)
{
    const bool own_timeout = options != NULL && options->timeout_ms != 0;

    *call = (struct call){.status = DM_OK, .client = client};
    call->error = error != NULL ? error : &call->own_error;
    error_clear(error);
    request_init(&call->request, "GET");
    text_init(&call->reply.body, TEXT_NO_LIMIT);
    text_init(&call->subject, TEXT_NO_LIMIT);
    call->deadline = clock_after(own_timeout ? options->timeout_ms : timeout_ms);
    call->cancel = options != NULL ? options->cancel : NULL;
    if (client == NULL || out == NULL) {
        call_check(call, error_set(call->error, DM_ERR_INVALID_ARGUMENT, "%s must not be NULL",
                                   client == NULL ? "client" : "where the result is to go"));
        return;
    }
    call->settings = client_settings(client);
}

/* The service answered, but its answer could not be read. The secret is no longer there to be cut in two. */
static void tell_carried_out(struct call *call)
{
    char message[sizeof call->error->message];
    memcpy(message, call->error->message, sizeof message);
    error_set(call->error, call->status, "%.*s" FAILURE_UNKNOWN_OUTCOME,
              (int)(sizeof message - sizeof FAILURE_UNKNOWN_OUTCOME), message);
    call->error->outcome_unknown = true;
}

dm_status call_close(struct call *call)
{
    if (call->engine != NULL)
        client_give_engine(call->client, call->engine);
    request_free(&call->request);
    text_free(&call->reply.body);
    text_free(&call->subject);
    if (call->status == DM_OK || call->status == DM_DONE) {
        error_clear(call->error);
        return call->status;
    }
    if (call->settings != NULL)
        error_redact(call->error, call->settings->secret);
    if (call->carried_out && !call->error->outcome_unknown)
        tell_carried_out(call);
    return call->status;
}

bool call_check(struct call *call, dm_status status)
{
    if (call->status == DM_OK)
        call->status = status;
    return call->status == DM_OK;
}

void call_request(struct call *call, const char *method)
{
    request_free(&call->request);
    request_init(&call->request, method);
}

/* A hundred ids would leave no room in a message for what went wrong. No secret may be cut in two. */
static void append_shortened(struct text *text, const struct text *target, const char *secret)
{
    enum { LONGEST = 200 };
    const size_t start = text->length;
    text_append(text, target->data, target->length);
    if (text->status != DM_OK)
        return;
    secret_redact(text->data + start, target->length, secret);
    if (target->length > LONGEST) {
        text_cut(text, start + LONGEST);
        text_append_string(text, "...");
    }
}

static void write_subject(struct call *call)
{
    text_clear(&call->subject);
    text_append_string(&call->subject, call->request.method);
    text_append_string(&call->subject, " ");
    text_append_string(&call->subject,
                       call->request.from_origin ? call->settings->origin.data : call->settings->base.data);
    append_shortened(&call->subject, &call->request.target, call->settings->secret);
    call_check(call, error_of_text(call->error, call->subject.status));
}

/* An engine is taken only when it is needed, and kept until the call ends. */
static bool have_engine(struct call *call)
{
    if (call->status == DM_OK && call->engine == NULL)
        call->engine = client_take_engine(call->client);
    if (call->status == DM_OK && call->engine == NULL)
        call_check(call, error_no_memory(call->error));
    return call->status == DM_OK;
}

static bool ready_to_send(struct call *call)
{
    if (!call_check(call, error_of_text(call->error, request_finish(&call->request))))
        return false;
    write_subject(call);
    return have_engine(call);
}

/* Why the engine came back with nothing. */
static dm_status interruption(const struct call *call)
{
    if (engine_is_stuck(call->engine))
        return DM_ERR_NO_MEMORY;
    return cancel_fired(call->cancel) ? DM_ERR_CANCELLED : DM_ERR_TIMEOUT;
}

bool call_forgive(struct call *call)
{
    if (call->status != DM_OK && call->failure_may_pass)
        call->status = DM_OK;
    return call->status == DM_OK;
}

double call_random(struct call *call)
{
    return have_engine(call) ? engine_random(call->engine) : 0;
}

static void take_reply(struct call *call, struct exchange *exchange)
{
    call->carried_out = !request_is_get(&call->request);
    text_free(&call->reply.body);
    call->reply = (struct reply){.body = exchange->last.body, .subject = call->subject.data};
    text_init(&exchange->last.body, TEXT_NO_LIMIT);
}

void call_send(struct call *call)
{
    struct exchange sent;

    call->failure_may_pass = false;
    call->carried_out = false;
    call->error->server_message[0] = '\0';
    if (call->status != DM_OK || !ready_to_send(call))
        return;
    exchange_init(&sent, &call->request, &call->settings->retry, call->deadline);
    engine_start(call->engine, &sent);
    const bool finished = engine_next(call->engine, call->deadline, call->cancel) != NULL;
    if (!finished)
        engine_give_up(call->engine, interruption(call));

    call->attempts += sent.attempts;
    call->error->attempts = call->attempts;
    call->error->http_status = sent.http_status;
    call->error->retry_after_ms = sent.http_status != 0 && sent.last.retry_after_ms > 0 ? sent.last.retry_after_ms : 0;
    call->too_late = sent.too_late;
    call->out_of_time = sent.too_late || clock_now() >= call->deadline;
    call->cut_off = !finished && sent.tries == 0;
    if (sent.status != DM_OK && sent.last.retry_after_ms > call->retry_after_ms)
        call->retry_after_ms = sent.last.retry_after_ms;
    call->failure_may_pass = finished ? retry_may_pass(&sent.last) : sent.status == DM_ERR_TIMEOUT;
    if (sent.status == DM_OK)
        take_reply(call, &sent);
    else
        call_check(call, failure_explain(&sent, call->subject.data, call->settings->secret, call->error));
    exchange_free(&sent);
}

void call_pause(struct call *call, int64_t delay_ms)
{
    call->failure_may_pass = false;
    if (!have_engine(call))
        return;
    const int64_t pause_ms = delay_ms > call->retry_after_ms ? delay_ms : call->retry_after_ms;
    const int64_t wake_at = clock_earlier(clock_after(pause_ms), call->deadline);
    call->retry_after_ms = 0;
    engine_next(call->engine, wake_at, call->cancel);
    call->out_of_time = clock_now() >= call->deadline;
    if (engine_is_stuck(call->engine))
        call_check(call, error_no_memory(call->error));
    if (call->status == DM_OK && cancel_fired(call->cancel))
        call_check(call, error_set(call->error, DM_ERR_CANCELLED, "cancelled while waiting for a task"));
}
