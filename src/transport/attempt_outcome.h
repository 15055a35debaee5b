/* The outcome of an attempt, from libcurl's result: a reply, or the reason why there is none. */
#ifndef DM_ATTEMPT_OUTCOME_H
#define DM_ATTEMPT_OUTCOME_H

#include "transport/attempt.h"
#include "transport/outcome.h"

/* Returns the outcome after libcurl has finished with the handle. */
struct outcome attempt_outcome(struct attempt *attempt, CURLcode code);

/* Returns the outcome of an attempt that was aborted for this reason: cancelled, timed out, or out of memory. */
struct outcome attempt_outcome_aborted(const struct attempt *attempt, dm_status reason);

#endif
