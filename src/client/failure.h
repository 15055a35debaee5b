/* A failed exchange, said in words for people: what failed, on what, why, and what to do. */
#ifndef DM_FAILURE_H
#define DM_FAILURE_H

#include "transport/exchange.h"

/* Stands at the end of a message if the outcome is unknown. */
#define FAILURE_UNKNOWN_OUTCOME " (the service may have carried it out all the same)"

/* Fills the error from a finished exchange that is not DM_OK, and returns its status. Neither of them holds the secret
 * afterwards, not even where words are cut. */
dm_status failure_explain(struct exchange *exchange, const char *subject, const char *secret, dm_error *error);

#endif
