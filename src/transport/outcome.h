/* The outcome of one attempt to carry out a request. A plain value, without anything of libcurl's. */
#ifndef DM_OUTCOME_H
#define DM_OUTCOME_H

#include "base/text.h"

enum attempt_end {
    ATTEMPT_ANSWERED, /* a complete reply came, whatever its HTTP status */
    ATTEMPT_UNSENT,   /* it failed before the whole request had left: the service certainly did not carry it out */
    ATTEMPT_BROKEN,   /* it failed after the whole request may have left */
    ATTEMPT_FATAL     /* it failed for a reason that a repetition would not mend */
};

struct outcome {
    enum attempt_end end;
    dm_status status;       /* of an attempt that was not answered; otherwise DM_OK */
    int http_status;        /* 0 if there is none */
    bool wholly_sent;       /* the whole request may have left */
    bool partly_sent;       /* a part of it may have left, but not the whole */
    int resends;            /* how often libcurl itself sent it again, on a connection that turned out to be dead */
    int64_t retry_after_ms; /* what the service asks for; negative if it does not */
    char detail[256];       /* why it was not answered */
    struct text body;       /* of the reply */
    struct text redirect;   /* where a redirect leads: path and query if it is ours; empty if there is none */
    bool redirect_is_ours;  /* it leads to the API's own origin */
    int64_t milliseconds;   /* that the attempt took */
    int64_t bytes_sent;     /* of the body */
    int64_t bytes_received; /* of the body, as they came over the network */
};

void outcome_init(struct outcome *outcome);
void outcome_free(struct outcome *outcome);

/* An attempt that was never made, for a reason that a repetition would not mend. */
struct outcome outcome_fatal(dm_status status, const char *detail);

#endif
