#include "client/explain.h"

#include "base/clock.h"
#include "base/line.h"
#include "codec/server_words.h"
#include "transport/attempt_failure.h"

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
        return " (check the API key)";
    case DM_ERR_RATE_LIMITED:
        return " (send fewer requests at a time)";
    case DM_ERR_TLS:
        return " (check the API's address and the certificate files)";
    case DM_ERR_NOT_FOUND:
        return " (check the id and the API's address, and whether the resource belongs to this API key)";
    default:
        return "";
    }
}

/* A reason that is cut off is also too long for the message, so that no part of the key can remain in it. */
enum { MAX_REASON = 2 * sizeof((dm_error *)NULL)->message };

static void write_http_reason(char reason[MAX_REASON], const struct exchange *exchange, const char *words)
{
    const int http_status = exchange->last.http_status;
    if (http_status == 407)
        snprintf(reason, MAX_REASON, PROXY_NEEDS_PASSWORD);
    else if (exchange->end == EXCHANGE_TOO_LATE)
        snprintf(reason, MAX_REASON,
                 "HTTP %d, and the service asks to wait %" PRId64 " s, which is more than the time left", http_status,
                 clock_seconds(exchange->last.retry_after_ms));
    else if (words[0] != '\0')
        snprintf(reason, MAX_REASON, "HTTP %d: %s", http_status, words);
    else
        snprintf(reason, MAX_REASON, "HTTP %d; the service gives no reason", http_status);
}

static void write_redirect_reason(char reason[MAX_REASON], const struct exchange *exchange)
{
    const struct outcome *last = &exchange->last;
    if (!last->redirect_is_ours)
        snprintf(reason, MAX_REASON,
                 "redirected to another server, to which the API key is not sent; if it is the service, set the "
                 "API's address to %s",
                 last->redirect.data);
    else if (!request_is_get(exchange->request))
        snprintf(reason, MAX_REASON,
                 "redirected to %s, but only GET requests follow redirects; check the API's address",
                 last->redirect.data);
    else
        snprintf(reason, MAX_REASON, "redirected more than %d times", exchange->redirects);
}

/* Writes why the last attempt failed. */
static void write_last_reason(char reason[MAX_REASON], const struct exchange *exchange, const char *words)
{
    if (exchange->last.redirect.length > 0)
        write_redirect_reason(reason, exchange);
    else if (exchange->last.end == ATTEMPT_ANSWERED)
        write_http_reason(reason, exchange, words);
    else
        snprintf(reason, MAX_REASON, "%s", exchange->last.detail);
}

/* Writes the reason, and returns what to say before it. */
static const char *write_reason(char reason[MAX_REASON], const struct exchange *exchange, const char *words)
{
    if (exchange->end == EXCHANGE_CANCELLED)
        return "cancelled";
    if (exchange->end == EXCHANGE_TIMED_OUT && exchange->tries == 0)
        return "no answer before the timeout";
    write_last_reason(reason, exchange, words);
    return exchange->end == EXCHANGE_TIMED_OUT ? "no answer before the timeout; the last failure was: " : "";
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
    char reason[MAX_REASON] = "";

    note_facts(exchange, failure);
    const char *beginning =
        write_reason(reason, exchange, failure->error != NULL ? failure->error->server_message : "");
    if (exchange->attempts - exchange->redirects > 1)
        snprintf(tries, sizeof tries, " (after %d attempts)", exchange->attempts - exchange->redirects);
    if (exchange->status == DM_ERR_NO_MEMORY)
        failure_no_memory(failure);
    else
        failure_set(failure, exchange->status, "%s: %s%s%s%s%s", subject, beginning, reason, tries,
                    advice_for(exchange->status), exchange->outcome_unknown ? UNKNOWN_OUTCOME : "");
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
