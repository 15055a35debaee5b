#include "client/explain.h"

#include "base/clock.h"
#include "base/line.h"
#include "codec/server_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A longer reply is not searched for a message: it would take time and is hardly useful. */
enum { MAX_WORDS_BYTES = 64 * 1024 };

#define UNKNOWN_OUTCOME " (the service may still have processed it)"

/* What the user can do about it; "" if the reason is clear enough. */
static const char *advice_for(dm_status status)
{
    switch (status) {
    case DM_ERR_CREDENTIALS:
        return " (is the API key right?)";
    case DM_ERR_RATE_LIMITED:
        return " (send fewer requests at a time)";
    case DM_ERR_TLS:
        return " (are the API's address and the certificate files right?)";
    case DM_ERR_NOT_FOUND:
        return " (are the id and the API's address right, and does it belong to this API key?)";
    default:
        return "";
    }
}

static void append_http_reason(struct text *reason, const struct exchange *exchange, const char *words)
{
    text_append_string(reason, "HTTP ");
    text_append_integer(reason, exchange->last.http_status);
    if (exchange->last.http_status == 407) {
        text_append_string(reason, ": the proxy requires a user and a password in its address, or different ones");
    } else if (exchange->end == EXCHANGE_TOO_LATE) {
        text_append_string(reason, ", and the service asks to wait ");
        text_append_integer(reason, clock_seconds(exchange->last.retry_after_ms));
        text_append_string(reason, " s, which is more than the time left");
    } else if (words[0] != '\0') {
        text_append_string(reason, ": ");
        text_append_string(reason, words);
    } else {
        text_append_string(reason, ", and the service does not say why");
    }
}

static void append_redirect_reason(struct text *reason, const struct exchange *exchange)
{
    const struct outcome *last = &exchange->last;
    if (!last->redirect_is_ours) {
        text_append_string(reason, "redirected to another server, which must not get the API key; if it is the "
                                   "service, make it the API's address: ");
        text_append_string(reason, last->redirect.data);
    } else if (!request_is_get(exchange->request)) {
        text_append_string(reason, "redirected to ");
        text_append_string(reason, last->redirect.data);
        text_append_string(reason, ", but only a GET follows redirects; is the API's address right?");
    } else {
        text_append_string(reason, "redirected more than ");
        text_append_integer(reason, exchange->redirects);
        text_append_string(reason, " times");
    }
}

/* Appends why the last attempt failed. */
static void append_last_reason(struct text *reason, const struct exchange *exchange, const char *words)
{
    if (exchange->last.redirect.length > 0)
        append_redirect_reason(reason, exchange);
    else if (exchange->last.end == ATTEMPT_ANSWERED)
        append_http_reason(reason, exchange, words);
    else
        text_append_string(reason, exchange->last.detail);
}

static void append_reason(struct text *reason, const struct exchange *exchange, const char *words)
{
    if (exchange->end == EXCHANGE_CANCELLED) {
        text_append_string(reason, "cancelled");
    } else if (exchange->end == EXCHANGE_TIMED_OUT && exchange->tries == 0) {
        text_append_string(reason, "no answer before the timeout");
    } else {
        if (exchange->end == EXCHANGE_TIMED_OUT)
            text_append_string(reason, "no answer before the timeout; the last failure was: ");
        append_last_reason(reason, exchange, words);
    }
}

static void note_facts(struct exchange *exchange, struct failure *failure)
{
    if (failure->error != NULL)
        failure->error->outcome_unknown = exchange->outcome_unknown;
    text_cut(&exchange->last.body, MAX_WORDS_BYTES);
    server_words(&exchange->last.body, failure);
}

void explain(struct exchange *exchange, const char *subject, struct failure *failure)
{
    char tries[48] = "";
    struct text reason;

    note_facts(exchange, failure);
    text_init(&reason, TEXT_NO_LIMIT);
    append_reason(&reason, exchange, failure->error != NULL ? failure->error->server_message : "");
    if (exchange->attempts - exchange->redirects > 1)
        snprintf(tries, sizeof tries, " (after %d attempts)", exchange->attempts - exchange->redirects);
    if (exchange->status == DM_ERR_NO_MEMORY || reason.status != DM_OK)
        failure_no_memory(failure);
    else
        failure_set(failure, exchange->status, "%s: %s%s%s%s", subject, reason.data, tries,
                    advice_for(exchange->status), exchange->outcome_unknown ? UNKNOWN_OUTCOME : "");
    text_free(&reason);
}

void explain_unknown_outcome(struct failure *failure)
{
    dm_error *error = failure->error;
    char beginning[sizeof error->message - sizeof UNKNOWN_OUTCOME + 1];

    if (error == NULL)
        return;
    error->outcome_unknown = true;
    line_copy(beginning, sizeof beginning, error->message, strlen(error->message));
    snprintf(error->message, sizeof error->message, "%s%s", beginning, UNKNOWN_OUTCOME);
}
