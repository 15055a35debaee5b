/* What came of an attempt: libcurl's codes, its words and the reply's headers, as an outcome. */
#ifndef DM_HTTP_OUTCOME_H
#define DM_HTTP_OUTCOME_H

#include "transport/attempt.h"
#include "transport/outcome.h"

/* What came of it, once libcurl is done with the handle. */
struct outcome attempt_outcome(struct attempt *attempt, CURLcode code);

/* What came of it, if it is broken off where it stands, for this reason: a cancel, a time-out. */
struct outcome attempt_outcome_broken_off(const struct attempt *attempt, dm_status why);

#endif
