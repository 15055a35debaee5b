#include "engine/exchange.h"

#include "base/clock.h"

#include <string.h>

enum { MOST_REDIRECTS = 5 };

void exchange_init(struct exchange *of, const struct request *to_send, const struct retry_policy *policy,
                   int64_t deadline)
{
    *of = (struct exchange){.request = to_send, .policy = policy, .deadline = deadline};
    text_init(&of->location, TEXT_NO_LIMIT);
    outcome_init(&of->last);
}

void exchange_free(struct exchange *of)
{
    text_free(&of->location);
    outcome_free(&of->last);
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
static bool follow_redirect(struct exchange *of)
{
    of->status = DM_ERR_REDIRECT;
    if (!request_is_get(of->request) || !of->last.redirect_is_ours || of->redirects == MOST_REDIRECTS)
        return true;
    text_free(&of->location);
    of->location = of->last.redirect;
    text_init(&of->last.redirect, TEXT_NO_LIMIT);
    of->redirects++;
    of->tries--;
    return false;
}

/* A DELETE that may have worked and now finds nothing did work. */
static bool was_deleted_before(const struct exchange *of)
{
    return of->last.http_status == 404 && of->maybe_carried_out && strcmp(of->request->method, "DELETE") == 0;
}

static void finish(struct exchange *of, enum retry_verdict verdict)
{
    of->too_late = verdict == RETRY_TOO_LATE;
    if (of->last.end != ATTEMPT_ANSWERED)
        of->status = of->last.status;
    else
        of->status = status_of_http(of->last.http_status);
    if (was_deleted_before(of)) {
        of->status = DM_OK;
        text_free(&of->last.body); /* which says that there is nothing */
    }
    if (of->status == DM_OK)
        of->maybe_carried_out = false;
}

bool exchange_take(struct exchange *of, struct outcome *taken, int64_t now, double fraction)
{
    int64_t delay_ms = 0;

    outcome_free(&of->last);
    of->last = *taken;
    of->http_status = of->last.http_status;
    outcome_init(taken);
    of->attempts += 1 + of->last.resends;
    of->tries++;
    of->ready_at = now;
    of->maybe_carried_out |= !request_is_get(of->request) && (of->last.resends > 0 || retry_is_ambiguous(&of->last));
    if (of->last.redirect.length > 0)
        return follow_redirect(of);

    const enum retry_verdict verdict = retry_decide(of->policy, &of->last, of->request->once, of->tries,
                                                    clock_until(now, of->deadline), fraction, &delay_ms);
    if (verdict == RETRY_AGAIN) {
        of->ready_at = now + delay_ms;
        return false;
    }
    finish(of, verdict);
    return true;
}

void exchange_break_off(struct exchange *of, const struct outcome *broken)
{
    of->attempts += 1 + broken->resends;
    of->http_status = 0;
    of->maybe_carried_out |= broken->sent && !request_is_get(of->request);
}

void exchange_give_up(struct exchange *of, dm_status status)
{
    of->status = status;
    of->given_up = true;
}
