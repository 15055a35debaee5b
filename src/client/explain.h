/* A failed exchange in words for people: what failed, on what, why, and what to do. */
#ifndef DM_EXPLAIN_H
#define DM_EXPLAIN_H

#include "base/failure.h"
#include "transport/exchange.h"

/* Fills the failure from a finished exchange that is not DM_OK. The subject is the request's method and address. */
void explain(struct exchange *exchange, const char *subject, struct failure *failure);

/* The service answered a request that changes something, but its answer could not be read: adds to the failure that the
 * outcome is unknown. */
void explain_unreadable_answer(struct failure *failure);

#endif
