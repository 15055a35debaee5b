/* Which failures are retried, and after which delay. Pure functions. */
#ifndef DM_RETRY_H
#define DM_RETRY_H

#include "transport/outcome.h"

struct retry_policy {
    int max_attempts;
    int64_t delay_ms;     /* upper bound of the first pause */
    int64_t max_delay_ms; /* upper bound of all pauses, except those that the service asks for */
};

enum retry_verdict {
    RETRY_NO,      /* the outcome is final */
    RETRY_AGAIN,   /* retry after *delay_ms */
    RETRY_TOO_LATE /* a retry would be possible, but the service asks for a pause beyond the time left */
};

/* Decides what to do after the outcome of a try (counted from 1). A request that is not repeatable is sent again only
 * if the service certainly has not processed it. `fraction` is a random number from 0 up to 1. */
enum retry_verdict retry_decide(const struct retry_policy *policy, const struct outcome *outcome, bool not_repeatable,
                                int try, int64_t time_left_ms, double fraction, int64_t *delay_ms);

/* Returns true if the failure may not occur again. */
bool retry_is_transient(const struct outcome *outcome);

/* Returns true for HTTP 429, and for 503 with Retry-After: a service that limits the rate, or asks to retry later, has
 * not processed the request. */
bool retry_was_rejected(const struct outcome *outcome);

/* Returns true if the service may have processed the request although it did not say so. */
bool retry_is_ambiguous(const struct outcome *outcome);

#endif
