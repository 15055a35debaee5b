/* How an attempt ended: libcurl's codes, its words and the reply's headers, as an outcome. */
#ifndef DM_ATTEMPT_OUTCOME_H
#define DM_ATTEMPT_OUTCOME_H

#include "transport/attempt.h"
#include "transport/outcome.h"

/* The outcome, once libcurl is done with the handle. */
struct outcome attempt_outcome(struct attempt *attempt, CURLcode code);

/* The outcome of an attempt that is broken off for this reason: a cancel, a time-out, no memory. */
struct outcome attempt_outcome_broken_off(const struct attempt *attempt, dm_status reason);

#endif
