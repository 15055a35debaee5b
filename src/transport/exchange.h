/* One request through to its final answer: takes the outcome of an attempt, and decides what is next. A finished exchange
 * says everything about its result. Pure. */
#ifndef DM_EXCHANGE_H
#define DM_EXCHANGE_H

#include "base/cancel.h"
#include "message/request.h"
#include "transport/retry.h"

enum exchange_end {
    EXCHANGE_OPEN,      /* it is not finished */
    EXCHANGE_CONCLUDED, /* by an answer, or by a failure that stands */
    EXCHANGE_TOO_LATE,  /* by an answer that asks for a pause beyond the deadline */
    EXCHANGE_TIMED_OUT, /* its deadline came */
    EXCHANGE_CANCELLED, /* its token was fired */
    EXCHANGE_STUCK      /* libcurl could not go on: it has no memory */
};

struct exchange {
    /* What is to be done. */
    const struct request *request;
    const struct retry_policy *policy;
    int64_t deadline;
    const dm_cancel *cancel; /* NULL: it cannot be cancelled */

    /* How far it is. */
    int64_t ready_at;     /* when the next attempt is due */
    int tries;            /* attempts, less those that ended in a redirect, and an only one that was cut off */
    int redirects;        /* followed so far */
    bool ask_first;       /* the next attempt sends its headers alone, and the body when the server wants it */
    struct text location; /* path and query of the next attempt, after a redirect; empty: the request's own */

    /* The result. */
    enum exchange_end end;
    dm_status status;
    int http_status;        /* of the last attempt; 0 if no complete reply came to it */
    int attempts;           /* HTTP requests that were sent, or begun */
    bool outcome_unknown;   /* the service may have carried out the request, although no answer says so */
    bool transient;         /* a failure whose cause may be gone the next time */
    int64_t retry_after_ms; /* what the last answer asks for; 0 if it does not */
    struct outcome last;    /* of the last attempt that was not broken off */

    struct exchange *next; /* for the engine */
};

void exchange_init(struct exchange *exchange, const struct request *request, const struct retry_policy *policy,
                   int64_t deadline, const dm_cancel *cancel);
void exchange_free(struct exchange *exchange);

/* Takes an attempt's outcome over. True if the exchange is finished; otherwise the next attempt is due at ready_at. */
bool exchange_take(struct exchange *exchange, struct outcome *outcome, int64_t now, double fraction);

/* Ends an exchange that is not finished: its time is up, it is cancelled, or libcurl is stuck. */
void exchange_stop(struct exchange *exchange, enum exchange_end end);

/* The same for one with an attempt under way, which was broken off with this outcome. The outcome before it stays the
 * last. */
void exchange_break_off(struct exchange *exchange, enum exchange_end end, const struct outcome *outcome);

/* The status of an exchange that ends so before it is concluded. */
dm_status exchange_end_status(enum exchange_end end);

#endif
