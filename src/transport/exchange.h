/* One request from its first attempt to its final result: takes the outcome of each attempt and decides what to do
 * next. A finished exchange contains the complete result. Pure functions. */
#ifndef DM_EXCHANGE_H
#define DM_EXCHANGE_H

#include "base/cancel.h"
#include "message/request.h"
#include "transport/retry.h"

enum exchange_end {
    EXCHANGE_OPEN,      /* not finished */
    EXCHANGE_CONCLUDED, /* with an answer, or with a failure that is not retried */
    EXCHANGE_TOO_LATE,  /* with an answer that asks for a pause beyond the deadline */
    EXCHANGE_TIMED_OUT, /* the deadline has passed */
    EXCHANGE_CANCELLED, /* the token was fired */
    EXCHANGE_STUCK      /* libcurl cannot continue: out of memory */
};

struct exchange {
    /* Input. */
    const struct request *request;
    const struct retry_policy *policy;
    int64_t deadline;
    const dm_cancel *cancel; /* NULL: not cancellable */
    bool stepwise;           /* the engine returns it after each failed attempt; its owner starts the next one */
    void *owner;             /* for the caller of engine_next */

    /* State. */
    int64_t started_at;   /* when engine_start was called last */
    int64_t ready_at;     /* when the next attempt is due */
    int tries;            /* attempts, without those that were redirected, and without an only one that was cut off */
    int redirects;        /* redirects followed so far */
    bool ask_first;       /* the next attempt sends "Expect: 100-continue" before the body */
    struct text location; /* path and query of the next attempt after a redirect; otherwise empty */

    /* Result. */
    enum exchange_end end;
    dm_status status;
    int http_status;        /* of the last attempt; 0 if it got no complete reply */
    int attempts;           /* HTTP requests that were started */
    bool outcome_unknown;   /* the service may have processed the request, although no answer says so */
    bool transient;         /* the failure may not occur again */
    int64_t retry_after_ms; /* from the last answer; 0 if it has none */
    struct outcome last;    /* of the last attempt that was not aborted */

    struct exchange *next; /* for the engine */
};

void exchange_init(struct exchange *exchange, const struct request *request, const struct retry_policy *policy,
                   int64_t deadline, const dm_cancel *cancel);
void exchange_free(struct exchange *exchange);

/* Takes ownership of an attempt's outcome. Returns true if the exchange is finished; otherwise the next attempt is due
 * at ready_at. */
bool exchange_take(struct exchange *exchange, struct outcome *outcome, int64_t now, double fraction);

/* Ends an exchange that is not finished, because of its deadline, its token, or because libcurl is stuck. */
void exchange_stop(struct exchange *exchange, enum exchange_end end);

/* Like exchange_stop, for an exchange whose running attempt was aborted with this outcome. exchange->last keeps the
 * outcome of the attempt before. */
void exchange_abort(struct exchange *exchange, enum exchange_end end, const struct outcome *outcome);

/* Returns the status of an exchange that exchange_stop ended. */
dm_status exchange_end_status(enum exchange_end end);

#endif
