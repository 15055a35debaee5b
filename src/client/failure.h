/* A failed exchange, said in words for people: what failed, on what, why, and what to do. */
#ifndef DM_FAILURE_H
#define DM_FAILURE_H

#include "engine/exchange.h"

/* Fills the error from a finished exchange that is not DM_OK, and returns its status. */
dm_status failure_explain(const exchange *of, const char *subject, dm_error *error);

#endif
