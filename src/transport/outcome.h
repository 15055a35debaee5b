/* The outcome of one attempt to send a request: a plain value, independent of libcurl. */
#ifndef DM_OUTCOME_H
#define DM_OUTCOME_H

#include "base/text.h"

enum attempt_end {
    ATTEMPT_ANSWERED, /* a complete reply arrived, with any HTTP status */
    ATTEMPT_UNSENT,   /* failed before the whole request was sent: the service certainly did not process it */
    ATTEMPT_BROKEN,   /* failed when the whole request may have been sent */
    ATTEMPT_FATAL     /* failed for a reason that a retry cannot change */
};

struct outcome {
    enum attempt_end end;
    dm_status status;       /* why it was not answered; otherwise DM_OK */
    int http_status;        /* 0 if there was no reply */
    bool completely_sent;   /* the whole request may have been sent */
    bool partly_sent;       /* only a part of the request may have been sent */
    int resends;            /* how often libcurl repeated it on its own, because a reused connection was dead */
    int64_t retry_after_ms; /* the value of Retry-After; negative if there is none */
    char detail[256];       /* why it was not answered, as text */
    struct text body;       /* of the reply */
    struct text redirect;   /* the target of a redirect, or empty; only path and query if redirect_is_ours */
    bool redirect_is_ours;  /* the redirect leads to the API's own origin */
    int64_t milliseconds;   /* duration of the attempt */
    int64_t bytes_sent;     /* of the body */
    int64_t bytes_received; /* of the body, before decompression */
};

void outcome_init(struct outcome *outcome);
void outcome_free(struct outcome *outcome);

/* Makes the outcome of an attempt that was not made, for a reason that a retry cannot change. */
struct outcome outcome_fatal(dm_status status, const char *detail);

#endif
