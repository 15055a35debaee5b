#include "client/call.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "client/failure.h"

#include <string.h>

void call_open(struct call *on, dm_client *client, const dm_call *options, const void *out, dm_error *error)
{
    const int64_t timeout_ms = client != NULL ? client_settings(client)->timeout_ms : 0;
    call_open_for(on, client, options, out, timeout_ms, error);
}

void call_open_for(struct call *on, dm_client *client, const dm_call *options, const void *out, int64_t timeout_ms,
                   dm_error *error)
{
    const bool own_timeout = options != NULL && options->timeout_ms != 0;

    *on = (struct call){.status = DM_OK, .client = client};
    on->error = error != NULL ? error : &on->own_error;
    error_clear(error);
    request_init(&on->request, "GET");
    text_init(&on->reply.body, TEXT_NO_LIMIT);
    text_init(&on->subject, TEXT_NO_LIMIT);
    on->deadline = clock_after(own_timeout ? options->timeout_ms : timeout_ms);
    on->cancel = options != NULL ? options->cancel : NULL;
    if (client == NULL || out == NULL) {
        call_check(on, error_set(on->error, DM_ERR_INVALID_ARGUMENT, "%s must not be NULL",
                                 client == NULL ? "client" : "where the result is to go"));
        return;
    }
    on->settings = client_settings(client);
}

/* The service answered, but its answer could not be read. The secret is no longer there to be cut in two. */
static void tell_carried_out(struct call *on)
{
    char message[sizeof on->error->message];
    memcpy(message, on->error->message, sizeof message);
    error_set(on->error, on->status, "%.*s" FAILURE_UNKNOWN_OUTCOME,
              (int)(sizeof message - sizeof FAILURE_UNKNOWN_OUTCOME), message);
    on->error->outcome_unknown = true;
}

dm_status call_close(struct call *on)
{
    if (on->engine != NULL)
        client_give_engine(on->client, on->engine);
    request_free(&on->request);
    text_free(&on->reply.body);
    text_free(&on->subject);
    if (on->status == DM_OK || on->status == DM_DONE) {
        error_clear(on->error);
        return on->status;
    }
    if (on->settings != NULL)
        error_redact(on->error, on->settings->secret);
    if (on->carried_out && !on->error->outcome_unknown)
        tell_carried_out(on);
    return on->status;
}

bool call_check(struct call *on, dm_status status)
{
    if (on->status == DM_OK)
        on->status = status;
    return on->status == DM_OK;
}

void call_request(struct call *on, const char *method)
{
    request_free(&on->request);
    request_init(&on->request, method);
}

/* A hundred ids would leave no room in a message for what went wrong. No secret may be cut in two. */
static void append_shortened(struct text *to, const struct text *target, const char *secret)
{
    enum { LONGEST = 200 };
    const size_t start = to->length;
    text_append(to, target->data, target->length);
    if (to->status != DM_OK)
        return;
    secret_redact(to->data + start, target->length, secret);
    if (target->length > LONGEST) {
        text_cut(to, start + LONGEST);
        text_append_string(to, "...");
    }
}

static void write_subject(struct call *on)
{
    text_clear(&on->subject);
    text_append_string(&on->subject, on->request.method);
    text_append_string(&on->subject, " ");
    text_append_string(&on->subject, on->request.from_origin ? on->settings->origin.data : on->settings->base.data);
    append_shortened(&on->subject, &on->request.target, on->settings->secret);
    call_check(on, error_of_text(on->error, on->subject.status));
}

/* An engine is taken only when it is needed, and kept until the call ends. */
static bool have_engine(struct call *on)
{
    if (on->status == DM_OK && on->engine == NULL)
        on->engine = client_take_engine(on->client);
    if (on->status == DM_OK && on->engine == NULL)
        call_check(on, error_no_memory(on->error));
    return on->status == DM_OK;
}

static bool ready_to_send(struct call *on)
{
    if (!call_check(on, error_of_text(on->error, request_finish(&on->request))))
        return false;
    write_subject(on);
    return have_engine(on);
}

/* Why the engine came back with nothing. */
static dm_status interruption(const struct call *on)
{
    if (engine_is_stuck(on->engine))
        return DM_ERR_NO_MEMORY;
    return cancel_fired(on->cancel) ? DM_ERR_CANCELLED : DM_ERR_TIMEOUT;
}

bool call_forgive(struct call *on)
{
    if (on->status != DM_OK && on->failure_may_pass)
        on->status = DM_OK;
    return on->status == DM_OK;
}

double call_random(struct call *on)
{
    return have_engine(on) ? engine_random(on->engine) : 0;
}

static void take_reply(struct call *on, struct exchange *from)
{
    on->carried_out = !request_is_get(&on->request);
    text_free(&on->reply.body);
    on->reply = (struct reply){.body = from->last.body, .subject = on->subject.data};
    text_init(&from->last.body, TEXT_NO_LIMIT);
}

void call_send(struct call *on)
{
    struct exchange sent;

    on->failure_may_pass = false;
    on->carried_out = false;
    on->error->server_message[0] = '\0';
    if (on->status != DM_OK || !ready_to_send(on))
        return;
    exchange_init(&sent, &on->request, &on->settings->retry, on->deadline);
    engine_start(on->engine, &sent);
    const bool finished = engine_next(on->engine, on->deadline, on->cancel) != NULL;
    if (!finished)
        engine_give_up(on->engine, interruption(on));

    on->attempts += sent.attempts;
    on->error->attempts = on->attempts;
    on->error->http_status = sent.http_status;
    on->error->retry_after_ms = sent.http_status != 0 && sent.last.retry_after_ms > 0 ? sent.last.retry_after_ms : 0;
    on->too_late = sent.too_late;
    on->out_of_time = sent.too_late || clock_now() >= on->deadline;
    on->cut_off = !finished && sent.tries == 0;
    if (sent.status != DM_OK && sent.last.retry_after_ms > on->retry_after_ms)
        on->retry_after_ms = sent.last.retry_after_ms;
    on->failure_may_pass = finished ? retry_may_pass(&sent.last) : sent.status == DM_ERR_TIMEOUT;
    if (sent.status == DM_OK)
        take_reply(on, &sent);
    else
        call_check(on, failure_explain(&sent, on->subject.data, on->settings->secret, on->error));
    exchange_free(&sent);
}

void call_pause(struct call *on, int64_t delay_ms)
{
    on->failure_may_pass = false;
    if (!have_engine(on))
        return;
    const int64_t pause_ms = delay_ms > on->retry_after_ms ? delay_ms : on->retry_after_ms;
    const int64_t wake_at = clock_earlier(clock_after(pause_ms), on->deadline);
    on->retry_after_ms = 0;
    engine_next(on->engine, wake_at, on->cancel);
    on->out_of_time = clock_now() >= on->deadline;
    if (engine_is_stuck(on->engine))
        call_check(on, error_no_memory(on->error));
    if (on->status == DM_OK && cancel_fired(on->cancel))
        call_check(on, error_set(on->error, DM_ERR_CANCELLED, "cancelled while waiting for a task"));
}
