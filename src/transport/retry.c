#include "transport/retry.h"

static bool is_transient_http_status(int http_status)
{
    switch (http_status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return http_status >= 520 && http_status <= 530; /* Cloudflare's statuses for an origin that it cannot reach */
    }
}

bool retry_is_transient(const struct outcome *outcome)
{
    return outcome->end == ATTEMPT_ANSWERED ? is_transient_http_status(outcome->http_status)
                                            : outcome->end != ATTEMPT_FATAL;
}

bool retry_was_rejected(const struct outcome *outcome)
{
    return outcome->http_status == 429 || (outcome->http_status == 503 && outcome->retry_after_ms >= 0);
}

/* 501 and 505 mean that the service cannot process such a request. 303, and often 302, mean that it has processed it
 * and that the result is elsewhere. */
static bool may_have_begun(int http_status)
{
    const bool failed = http_status >= 500 && http_status != 501 && http_status != 505;
    return failed || http_status == 408 || http_status == 302 || http_status == 303;
}

bool retry_is_ambiguous(const struct outcome *outcome)
{
    return outcome->end == ATTEMPT_ANSWERED ? may_have_begun(outcome->http_status) && !retry_was_rejected(outcome)
                                            : outcome->completely_sent;
}

/* Exponential back-off with full jitter: a uniformly random part of a bound that doubles with each try. */
static int64_t backoff(const struct retry_policy *policy, int try, double fraction)
{
    int64_t bound = policy->delay_ms;
    for (int i = 1; i < try && bound < policy->max_delay_ms; i++)
        bound = bound > policy->max_delay_ms / 2 ? policy->max_delay_ms : bound * 2;
    if (bound > policy->max_delay_ms)
        bound = policy->max_delay_ms;
    return (int64_t)((double)bound * fraction);
}

enum retry_verdict retry_decide(const struct retry_policy *policy, const struct outcome *outcome, bool not_repeatable,
                                int try, int64_t time_left_ms, double fraction, int64_t *delay_ms)
{
    const bool asked_to_wait = outcome->retry_after_ms > 0;
    if (!retry_is_transient(outcome) || (not_repeatable && retry_is_ambiguous(outcome)))
        return RETRY_NO;
    if (asked_to_wait && outcome->retry_after_ms >= time_left_ms)
        return RETRY_TOO_LATE;
    if (try >= policy->max_attempts)
        return RETRY_NO;
    *delay_ms = asked_to_wait ? outcome->retry_after_ms : backoff(policy, try, fraction);
    return *delay_ms < time_left_ms ? RETRY_AGAIN : RETRY_NO;
}
