/* The message for a failed exchange: which request failed, why, and what to do. */
#ifndef DM_EXPLAIN_H
#define DM_EXPLAIN_H

#include "base/failure.h"
#include "transport/exchange.h"

/* Sets the failure from a finished exchange that is not DM_OK. The subject is the request's method and URL. */
void explain(struct exchange *exchange, const char *subject, struct failure *failure);

/* Adds to a failure that the service may have processed the request, for example because the service has answered, but
 * the reply could not be read. */
void explain_unknown_outcome(struct failure *failure);

#endif
