/* What it means that libcurl reports a failure: the status, the reason in words, and whether a retry can help. */
#ifndef DM_ATTEMPT_FAILURE_H
#define DM_ATTEMPT_FAILURE_H

#include "transport/attempt.h"
#include "transport/outcome.h"

#define BROKEN_COMPRESSION   "the reply's compression is broken"
#define PROXY_NEEDS_PASSWORD "HTTP 407: the proxy requires a user and a password in its address, or rejects those given"

/* Sets the outcome's status and detail. Returns true if a retry can help. */
bool attempt_failure_describe(const struct attempt *attempt, CURLcode code, struct outcome *outcome);

#endif
