#include "transport/exchange.h"

#include "base/clock.h"

#include <string.h>

enum { MAX_REDIRECTS = 5 };

void exchange_init(struct exchange *exchange, const struct request *to_send, const struct retry_policy *policy,
                   int64_t deadline)
{
    *exchange = (struct exchange){.request = to_send, .policy = policy, .deadline = deadline};
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

/* Only a GET is followed, for another method would change on the way or lose its body; and only to the same origin,
 * for the key goes along. */
static bool follow_redirect(struct exchange *exchange)
{
    exchange->status = DM_ERR_REDIRECT;
    if (!request_is_get(exchange->request) || !exchange->last.redirect_is_ours || exchange->redirects == MAX_REDIRECTS)
        return true;
    text_free(&exchange->location);
    exchange->location = exchange->last.redirect;
    text_init(&exchange->last.redirect, TEXT_NO_LIMIT);
    exchange->redirects++;
    exchange->tries--;
    return false;
}

/* A DELETE that may have worked and now finds nothing did work. */
static bool was_deleted_before(const struct exchange *exchange)
{
    return exchange->last.http_status == 404 && exchange->maybe_carried_out &&
           strcmp(exchange->request->method, "DELETE") == 0;
}

static void finish(struct exchange *exchange, enum retry_verdict verdict)
{
    exchange->too_late = verdict == RETRY_TOO_LATE;
    if (exchange->last.end != ATTEMPT_ANSWERED)
        exchange->status = exchange->last.status;
    else
        exchange->status = status_of_http(exchange->last.http_status);
    if (was_deleted_before(exchange)) {
        exchange->status = DM_OK;
        text_free(&exchange->last.body); /* which says that there is nothing */
    }
    if (exchange->status == DM_OK)
        exchange->maybe_carried_out = false;
}

bool exchange_take(struct exchange *exchange, struct outcome *taken, int64_t now, double fraction)
{
    int64_t delay_ms = 0;

    outcome_free(&exchange->last);
    exchange->last = *taken;
    exchange->http_status = exchange->last.http_status;
    outcome_init(taken);
    exchange->attempts += 1 + exchange->last.resends;
    exchange->tries++;
    exchange->ready_at = now;
    exchange->maybe_carried_out |=
        !request_is_get(exchange->request) && (exchange->last.resends > 0 || retry_is_ambiguous(&exchange->last));
    if (exchange->last.redirect.length > 0)
        return follow_redirect(exchange);

    const enum retry_verdict verdict =
        retry_decide(exchange->policy, &exchange->last, exchange->request->not_repeatable, exchange->tries,
                     clock_until(now, exchange->deadline), fraction, &delay_ms);
    if (verdict == RETRY_AGAIN) {
        exchange->ready_at = now + delay_ms;
        return false;
    }
    finish(exchange, verdict);
    return true;
}

void exchange_break_off(struct exchange *exchange, const struct outcome *broken)
{
    exchange->attempts += 1 + broken->resends;
    exchange->http_status = 0;
    exchange->maybe_carried_out |= broken->sent && !request_is_get(exchange->request);
}

void exchange_give_up(struct exchange *exchange, dm_status status)
{
    exchange->status = status;
    exchange->given_up = true;
}
