/* Which failures are retried, and after how long. Pure. */
#ifndef DM_RETRY_H
#define DM_RETRY_H

#include "transport/outcome.h"

struct retry_policy {
    int max_attempts;
    int64_t delay_ms;     /* upper bound of the first pause */
    int64_t max_delay_ms; /* upper bound of every pause of our own choice */
};

enum retry_verdict {
    RETRY_NO,      /* the outcome stands */
    RETRY_AGAIN,   /* after *delay_ms */
    RETRY_TOO_LATE /* it would be retried, but the service asks for a pause beyond the time left */
};

/* Judges the outcome of the try-th try (from 1). A request that is not repeatable is repeated only if the service certainly
 * did not carry it out. The fraction is random, from 0 up to 1. */
enum retry_verdict retry_decide(const struct retry_policy *policy, const struct outcome *outcome, bool not_repeatable,
                                int try, int64_t time_left_ms, double fraction, int64_t *delay_ms);

/* True if the cause of a failure may be gone the next time. */
bool retry_is_transient(const struct outcome *outcome);

/* True if the service may have carried out the request although it did not say so. */
bool retry_is_ambiguous(const struct outcome *outcome);

#endif
