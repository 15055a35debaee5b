#include "client/failure.h"

#include "base/error.h"
#include "base/secret.h"
#include "codec/server_words.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_REASON = 400, MAX_WORDS_BYTES = 64 * 1024 };

/* What the user can do about it; "" where the reason says it all. */
static const char *advice_for(dm_status status)
{
    switch (status) {
    case DM_ERR_CREDENTIALS:
        return " (is the API key right?)";
    case DM_ERR_RATE_LIMITED:
        return " (send fewer requests at a time)";
    case DM_ERR_TLS:
        return " (are the address, ca_file and client_certificate right?)";
    case DM_ERR_NOT_FOUND:
        return " (are the id and the API's address right, and does it belong to this API key?)";
    default:
        return "";
    }
}

static void write_http_reason(char *to, size_t size, const struct exchange *exchange, const char *words)
{
    const int http_status = exchange->last.http_status;
    if (http_status == 407) {
        snprintf(to, size, "HTTP 407: the proxy wants a user and a password, or others, in its address");
        return;
    }
    if (exchange->too_late)
        snprintf(to, size, "HTTP %d, and the service asks to wait %" PRId64 " s, which is more than the time left",
                 http_status, exchange->last.retry_after_ms / 1000);
    else if (words[0] != '\0')
        snprintf(to, size, "HTTP %d: %s", http_status, words);
    else
        snprintf(to, size, "HTTP %d, and the service does not say why", http_status);
}

static void write_redirect_reason(char *to, size_t size, const struct exchange *exchange)
{
    const struct outcome *last = &exchange->last;
    if (!last->redirect_is_ours)
        snprintf(to, size,
                 "redirected to another server, which must not get the API key; if it is the service, make it the "
                 "API's address: %s",
                 last->redirect.data);
    else if (!request_is_get(exchange->request))
        snprintf(to, size, "redirected to %s, where only a GET can follow; is the API's address right?",
                 last->redirect.data);
    else
        snprintf(to, size, "redirected more than %d times", exchange->redirects);
}

static void write_reason(char *to, size_t size, const struct exchange *exchange, const char *words)
{
    if (exchange->status == DM_ERR_REDIRECT)
        write_redirect_reason(to, size, exchange);
    else if (exchange->status == DM_ERR_CANCELLED)
        snprintf(to, size, "cancelled");
    else if (exchange->last.end == ATTEMPT_ANSWERED)
        write_http_reason(to, size, exchange, words);
    else
        snprintf(to, size, "%s", exchange->last.detail);
}

/* A call that ran out of time says what its last attempt had come to, if there was one. */
static void write_timeout_reason(char *to, size_t size, const struct exchange *exchange, const char *words)
{
    char last[MAX_REASON / 2];
    if (exchange->tries == 0) {
        snprintf(to, size, "no answer within the call's time (timeout_ms)");
        return;
    }
    write_reason(last, sizeof last, exchange, words);
    snprintf(to, size, "no answer within the call's time; the last failure was: %s", last);
}

/* Or else each attempt stalled. */
static bool ran_out_of_time(const struct exchange *exchange)
{
    return exchange->status == DM_ERR_TIMEOUT && exchange->given_up;
}

/* The secret goes before anything is cut to a line, for what is left of it then would be hard to find; and once more
 * from the words, where an escaped one comes to light. */
static void find_server_words(struct exchange *exchange, const char *secret, dm_error *error)
{
    text_cut(&exchange->last.body,
             MAX_WORDS_BYTES); /* whoever says more says nothing, and to read it would take its time */
    outcome_redact(&exchange->last, secret);
    server_words(&exchange->last.body, error->server_message, sizeof error->server_message);
    secret_redact_line(error->server_message, sizeof error->server_message, secret);
}

dm_status failure_explain(struct exchange *exchange, const char *subject, const char *secret, dm_error *error)
{
    char reason[MAX_REASON];
    char tries[48] = "";

    error->http_status = exchange->http_status;
    error->outcome_unknown = exchange->maybe_carried_out;
    find_server_words(exchange, secret, error);
    if (exchange->status == DM_ERR_NO_MEMORY)
        return error_no_memory(error);

    if (ran_out_of_time(exchange))
        write_timeout_reason(reason, sizeof reason, exchange, error->server_message);
    else
        write_reason(reason, sizeof reason, exchange, error->server_message);
    if (exchange->attempts - exchange->redirects > 1)
        snprintf(tries, sizeof tries, " (after %d attempts)", exchange->attempts - exchange->redirects);
    return error_set(error, exchange->status, "%s: %s%s%s%s", subject, reason, tries, advice_for(exchange->status),
                     exchange->maybe_carried_out ? FAILURE_UNKNOWN_OUTCOME : "");
}
