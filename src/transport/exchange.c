#include "transport/exchange.h"

#include "base/clock.h"

#include <string.h>

enum { MAX_REDIRECTS = 5 };

void exchange_init(struct exchange *exchange, const struct request *request, const struct retry_policy *policy,
                   int64_t deadline, const dm_cancel *cancel)
{
    *exchange = (struct exchange){.request = request, .policy = policy, .deadline = deadline, .cancel = cancel};
    text_init(&exchange->location, TEXT_NO_LIMIT);
    outcome_init(&exchange->last);
}

void exchange_free(struct exchange *exchange)
{
    text_free(&exchange->location);
    outcome_free(&exchange->last);
}

static dm_status status_of_http(int http_status)
{
    if (http_status >= 200 && http_status < 300)
        return DM_OK;
    if (http_status == 401 || http_status == 403)
        return DM_ERR_CREDENTIALS;
    if (http_status == 404)
        return DM_ERR_NOT_FOUND;
    if (http_status == 429)
        return DM_ERR_RATE_LIMITED;
    if (http_status == 408 || http_status >= 500)
        return DM_ERR_SERVER;
    return http_status >= 400 ? DM_ERR_REJECTED : DM_ERR_BAD_RESPONSE;
}

/* Redirects are followed only for GET, because other methods would change or lose their body, and only to the same
 * origin, because the key is sent along. */
static bool can_follow_redirect(const struct exchange *exchange)
{
    return request_is_get(exchange->request) && exchange->last.redirect_is_ours && exchange->redirects < MAX_REDIRECTS;
}

static void follow_redirect(struct exchange *exchange)
{
    text_free(&exchange->location);
    exchange->location = exchange->last.redirect;
    text_init(&exchange->last.redirect, TEXT_NO_LIMIT);
    exchange->redirects++;
    exchange->tries--;
}

/* If a DELETE may have taken effect and a retry finds nothing, it has taken effect. */
static bool was_deleted_before(const struct exchange *exchange)
{
    return exchange->last.http_status == 404 && exchange->outcome_unknown &&
           strcmp(exchange->request->method, "DELETE") == 0;
}

static dm_status final_status(const struct exchange *exchange)
{
    if (exchange->last.redirect.length > 0)
        return DM_ERR_REDIRECT;
    if (exchange->last.end != ATTEMPT_ANSWERED)
        return exchange->last.status;
    return was_deleted_before(exchange) ? DM_OK : status_of_http(exchange->last.http_status);
}

static void conclude(struct exchange *exchange, enum exchange_end end)
{
    exchange->end = end;
    exchange->status = final_status(exchange);
    exchange->transient = end == EXCHANGE_CONCLUDED && retry_is_transient(&exchange->last);
    if (was_deleted_before(exchange))
        text_free(&exchange->last.body); /* it only says that the resource does not exist */
    if (exchange->status == DM_OK)
        exchange->outcome_unknown = false;
}

static void note_attempt(struct exchange *exchange, const struct outcome *outcome)
{
    const bool ambiguous = outcome->resends > 0 || retry_is_ambiguous(outcome);
    exchange->attempts += 1 + outcome->resends;
    exchange->outcome_unknown |= ambiguous && !request_is_get(exchange->request);
}

/* A server that stops reading a request may have sent a reply. When more of the request is sent, the connection is
 * reset and the reply is lost. */
static bool was_cut_off(const struct outcome *outcome)
{
    return outcome->end == ATTEMPT_UNSENT && outcome->partly_sent && outcome->status == DM_ERR_NETWORK;
}

/* If max_attempts is 1 and the attempt was cut off, one more attempt is made to get the server's reply. */
static void count_attempt(struct exchange *exchange)
{
    const bool is_only_one = exchange->policy->max_attempts == 1 && exchange->attempts == 1;
    exchange->ask_first = was_cut_off(&exchange->last) && !exchange->ask_first;
    if (!(is_only_one && exchange->ask_first))
        exchange->tries++;
}

static void replace_last(struct exchange *exchange, struct outcome *outcome)
{
    outcome_free(&exchange->last);
    exchange->last = *outcome;
    outcome_init(outcome);
    exchange->http_status = exchange->last.http_status;
    exchange->retry_after_ms = exchange->last.retry_after_ms > 0 ? exchange->last.retry_after_ms : 0;
    count_attempt(exchange);
}

bool exchange_take(struct exchange *exchange, struct outcome *outcome, int64_t now, double fraction)
{
    int64_t delay_ms = 0;

    note_attempt(exchange, outcome);
    replace_last(exchange, outcome);
    exchange->ready_at = now;
    if (exchange->last.redirect.length > 0 && can_follow_redirect(exchange)) {
        follow_redirect(exchange);
        return false;
    }
    const enum retry_verdict verdict =
        exchange->last.redirect.length > 0
            ? RETRY_NO
            : retry_decide(exchange->policy, &exchange->last, exchange->request->not_repeatable, exchange->tries,
                           clock_until(now, exchange->deadline), fraction, &delay_ms);
    if (verdict == RETRY_AGAIN)
        exchange->ready_at = now + delay_ms;
    else
        conclude(exchange, verdict == RETRY_TOO_LATE ? EXCHANGE_TOO_LATE : EXCHANGE_CONCLUDED);
    return exchange->end != EXCHANGE_OPEN;
}

dm_status exchange_end_status(enum exchange_end end)
{
    if (end == EXCHANGE_CANCELLED)
        return DM_ERR_CANCELLED;
    return end == EXCHANGE_TIMED_OUT ? DM_ERR_TIMEOUT : DM_ERR_NO_MEMORY;
}

void exchange_stop(struct exchange *exchange, enum exchange_end end)
{
    exchange->end = end;
    exchange->status = exchange_end_status(end);
    exchange->transient = end == EXCHANGE_TIMED_OUT;
}

void exchange_abort(struct exchange *exchange, enum exchange_end end, const struct outcome *outcome)
{
    note_attempt(exchange, outcome);
    exchange->http_status = 0;
    exchange->retry_after_ms = 0;
    exchange_stop(exchange, end);
}
